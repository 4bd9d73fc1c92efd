"""The table of papers: the columns of the contract, and the same papers when read back."""

from __future__ import annotations

import pytest

from threadbook.errors import InputError
from threadbook.library.facts import COLUMNS as FACT_COLUMNS
from threadbook.library.facts import parse_facts
from threadbook.library.table import format_papers, parse_papers

HEADER = (
    "citekey,title,authors,year,first_posted,venue,venue_year,arxiv_id,doi,code_url,thread,"
    "subthread,also,gist,abstract,abstract_raw,listings"
)
FACTS = (
    ",".join(FACT_COLUMNS) + "\nliu2022flow,Flow Straight and Fast,"
    "Xingchao Liu; Salva Rühling Cachay,unconfirmed,2209.03003,2022-09,ICLR,2023,conference,"
    "confirmed,,\n"
)
FAMILIES = {"Salva Rühling Cachay": "Rühling Cachay"}


def test_columns_are_those_of_the_contract(make_paper) -> None:
    """Other people's scripts read this file."""
    paper = make_paper(thread="rectified-flow", also=("distillation", "samplers"))
    header, row, end = format_papers([paper]).split("\n")
    assert header == HEADER
    assert row == (
        "liu2022flow,Flow Straight and Fast,Xingchao Liu; Rianne van den Berg,2022,2022-09,,,"
        "2209.03003,,,rectified-flow,,distillation; samplers,,We present rectified flow.,"
        "We present rectified flow.,page:3"
    )
    assert end == ""


def test_papers_read_back_the_same_with_their_facts(make_paper) -> None:
    """Notebooks start from the table; kind of venue, names and their status come from facts."""
    paper = make_paper(
        title="=Flow, \"Straight\"\nand 'Fast'",
        authors=("Xingchao Liu", "Salva Rühling Cachay"),
        names=(),
        venue="ICLR",
        venue_year=2023,
        year=2023,
        venue_kind="conference",
        authors_confirmed=False,
        listings=("page:3", "page:9"),
    )
    facts = parse_facts(FACTS, "facts.csv")
    text = format_papers([paper])
    (found,) = parse_papers(text, "papers.csv", facts=facts, families=FAMILIES)
    assert found.names[1].family == "Rühling Cachay"
    assert found.venue_kind == "conference"
    assert not found.authors_confirmed
    assert format_papers([found]) == text


def test_papers_are_sorted_by_key(make_paper) -> None:
    """The order in which a corpus was read must not show."""
    papers = [make_paper(cite_key=key) for key in ("b2020x", "a2020x")]
    assert format_papers(papers) == format_papers(papers[::-1])


def test_item_that_holds_the_separator_is_not_written(make_paper) -> None:
    """It would come back as two authors."""
    with pytest.raises(ValueError, match=r"liu2022flow: authors .* cannot be joined"):
        format_papers([make_paper(authors=("Liu; Xingchao",))])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("liu2022flow", "", "each key once"),
        ("liu2022flow", "li2022flow", "a key of the facts"),
        (",2022,2022-09", ",22a,2022-09", "a year"),
        (",2022,2022-09", ",,2022-09", "a year"),
        (",2022-09,,,", ",2022-09,,soon,", "a year"),
        ("citekey,", "key,", "citekey,title"),
    ],
)
def test_wrong_table_is_refused(make_paper, old: str, new: str, expected: str) -> None:
    """A table edited by hand must not turn into wrong pages."""
    text = format_papers([make_paper()])
    assert old in text
    with pytest.raises(InputError, match=expected) as caught:
        parse_papers(text.replace(old, new, 1), "papers.csv", facts=parse_facts(FACTS, "f"))
    assert caught.value.file == "papers.csv"


def test_repeated_key_is_refused(make_paper) -> None:
    """One paper would hide the other."""
    text = format_papers([make_paper()])
    with pytest.raises(InputError, match=r"papers.csv:3: .*each key once"):
        parse_papers(text + text.splitlines()[1] + "\n", "papers.csv")
