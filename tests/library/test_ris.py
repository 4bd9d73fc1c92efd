"""RIS: the same papers when read back, and no text that begins a field of its own."""

from __future__ import annotations

import pytest
import rispy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadbook.library.latex import clean_text
from threadbook.library.ris import to_ris


def test_record_of_a_conference_paper(make_paper) -> None:
    """The whole form of a record."""
    paper = make_paper(
        venue="ABC",
        venue_year=2022,
        venue_kind="conference",
        doi="10.1000/182",
        thread="rectified-flow",
        also=("distillation",),
        authors=("Rianne van den Berg", "A Lee Jr."),
        authors_confirmed=False,
    )
    assert to_ris([paper], venues={"ABC": "A Big Conference"}) == (
        "TY  - CONF\n"
        "ID  - liu2022flow\n"
        "TI  - Flow Straight and Fast\n"
        "AU  - van den Berg, Rianne\n"
        "AU  - Lee, A, Jr.\n"
        "PY  - 2022\n"
        "T2  - A Big Conference\n"
        "DO  - 10.1000/182\n"
        "UR  - https://arxiv.org/abs/2209.03003\n"
        "DB  - arXiv\n"
        "AN  - 2209.03003\n"
        "KW  - rectified-flow\n"
        "KW  - distillation\n"
        "N1  - Authors not confirmed\n"
        "AB  - We present rectified flow.\n"
        "ER  - \n"
    )


@pytest.mark.parametrize(
    ("kind", "ris_type", "tag"),
    [("workshop", "CONF", "T2"), ("journal", "JOUR", "T2"), ("book", "BOOK", "PB")],
)
def test_kind_of_venue_gives_the_type(make_paper, kind, ris_type, tag) -> None:
    """Reference managers choose their form by it."""
    text = to_ris([make_paper(venue="ABC", venue_kind=kind)])
    assert text.startswith(f"TY  - {ris_type}\n")
    assert f"\n{tag}  - ABC\n" in text


def test_preprint_is_unpublished(make_paper) -> None:
    """RIS has no type of its own for preprints; this is the one that managers map to theirs."""
    assert to_ris([make_paper()]).startswith("TY  - UNPB\n")


def test_records_are_sorted_by_key(make_paper) -> None:
    """The order of reading must not show."""
    papers = [make_paper(cite_key=key) for key in ("b2020x", "a2020x")]
    assert to_ris(papers) == to_ris(papers[::-1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text().filter(lambda text: clean_text(text) != ""))
def test_any_text_reads_back(make_paper, text: str) -> None:
    """A line break in a title could otherwise end the record and begin a forged one."""
    hostile = f"{text}\nER  - \nTY  - BOOK\n{text}"
    (record,) = rispy.loads(to_ris([make_paper(title=hostile, abstract=hostile)]))
    assert record["title"] == record["abstract"] == clean_text(hostile)


@pytest.mark.slow
def test_corpus_reads_back(corpus_papers, venues) -> None:
    """431 records that hold what the papers hold."""
    records = rispy.loads(to_ris(corpus_papers, venues=venues))
    found = [
        (
            record["id"],
            record["title"],
            record["authors"],
            record["year"],
            record.get("doi", ""),
            record["accession_number"],
            record.get("secondary_title", record.get("publisher", "")),
        )
        for record in records
    ]
    assert found == [
        (
            paper.cite_key,
            paper.title,
            [name.family_first() for name in paper.names],
            str(paper.year),
            paper.doi,
            paper.arxiv_id,
            venues.get(paper.venue, paper.venue),
        )
        for paper in corpus_papers
    ]
    assert len(found) == 431
