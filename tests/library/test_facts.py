"""The facts file: read strictly, refused at the first wrong cell, written back byte for byte."""

from __future__ import annotations

import pytest

from threadbook.errors import InputError
from threadbook.library.facts import COLUMNS, format_facts, parse_facts

ROW = {
    "citekey": "liu2022flow",
    "title": "Flow Straight and Fast",
    "authors": "Xingchao Liu; Chengyue Gong; Qiang Liu",
    "authors_status": "confirmed",
    "arxiv_id": "2209.03003",
    "first_posted": "2022-09",
    "venue": "ICLR",
    "venue_year": "2023",
    "venue_kind": "conference",
    "venue_status": "confirmed",
    "doi": "",
    "code_url": "https://github.com/gnobitab/RectifiedFlow",
}
OTHER = ROW | {"citekey": "lee2024improving", "title": "Improving", "arxiv_id": "2405.20320"}


def make_csv(*rows: dict[str, str]) -> str:
    """Return a facts file; a cell with a comma is quoted."""
    lines = [
        ",".join(f'"{row[column]}"' if "," in row[column] else row[column] for column in COLUMNS)
        for row in rows
    ]
    return "\n".join([",".join(COLUMNS), *lines, ""])


def test_row_is_read_into_its_parts() -> None:
    """Later stages trust these values, so each arrives as the type that it is."""
    (fact,) = parse_facts(make_csv(ROW), "facts.csv")
    assert fact.authors == ("Xingchao Liu", "Chengyue Gong", "Qiang Liu")
    assert fact.venue_year == 2023
    assert (fact.file, fact.line) == ("facts.csv", 2)


def test_file_of_the_corpus_is_written_back_byte_for_byte(facts, facts_text: str) -> None:
    """Adding a key must not touch any other cell of what was collected."""
    assert format_facts(facts) == facts_text
    assert len(facts) == 431


def test_byte_order_mark_and_crlf_are_read() -> None:
    """Spreadsheets save a file so."""
    text = "\ufeff" + make_csv(ROW, OTHER).replace("\n", "\r\n")
    assert parse_facts(text, "f") == parse_facts(make_csv(ROW, OTHER), "f")


def test_line_of_a_row_counts_lines_inside_cells() -> None:
    """The line in an error must be the one that an editor shows."""
    text = make_csv(ROW, OTHER | {"citekey": "no key"}).replace("\n", "\n\n", 1)
    with pytest.raises(InputError, match="f:4: found citekey 'no key'"):
        parse_facts(text, "f")


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("citekey", "Liu2022flow", "citation key"),
        ("citekey", "liu-2022", "citation key"),
        ("title", "", "a value"),
        ("title", "two  spaces", "one line without spaces"),
        ("title", " Flow", "one line without spaces"),
        ("authors", "", "a value"),
        ("authors", "Xingchao Liu;Qiang Liu", "names joined by '; '"),
        ("authors", "Xingchao Liu; ; Qiang Liu", "names joined by '; '"),
        ("authors", "Xingchao Liu;", "names joined by '; '"),
        ("authors_status", "", "one of confirmed, unconfirmed"),
        ("authors_status", "sure", "one of confirmed, unconfirmed"),
        ("arxiv_id", "2209.03003v2", "arXiv id"),
        ("arxiv_id", "2213.03003", "arXiv id"),
        ("arxiv_id", "https://arxiv.org/abs/2209.03003", "arXiv id"),
        ("first_posted", "", "a value"),
        ("first_posted", "2022", "YYYY-MM"),
        ("first_posted", "2022-13", "YYYY-MM"),
        ("first_posted", "2022-09-07", "YYYY-MM"),
        ("venue_year", "23", "a year"),
        ("venue_kind", "proceedings", "one of conference, workshop, journal, book"),
        ("venue_kind", "", "both or neither"),
        ("venue_status", "", "both or neither"),
        ("venue_status", "seen", "one of confirmed, unconfirmed"),
        ("doi", "https://doi.org/10.1000/182", "bare DOI"),
        ("doi", "doi:10.1000/182", "bare DOI"),
        ("doi", "10.1000/a{b}", "bare DOI"),
        ("code_url", "github.com/a/b", "http"),
        ("code_url", "javascript:alert(1)", "http"),
    ],
)
def test_wrong_cell_is_refused_with_its_place(column: str, cell: str, expected: str) -> None:
    """A fact that is wrong in form would be printed, or would break a link, on every page."""
    with pytest.raises(InputError, match=expected) as caught:
        parse_facts(make_csv(OTHER, ROW | {column: cell}), "facts.csv")
    assert (caught.value.file, caught.value.line) == ("facts.csv", 3)


def test_kind_status_or_year_without_a_venue_is_refused() -> None:
    """Somebody deleted the venue and left the rest, or put it in another column."""
    bare = {"venue": "", "venue_kind": "", "venue_status": "", "venue_year": ""}
    for column in ("venue_kind", "venue_status", "venue_year"):
        with pytest.raises(InputError, match="venue"):
            parse_facts(make_csv(ROW | bare | {column: ROW[column]}), "facts.csv")
    assert parse_facts(make_csv(ROW | bare), "facts.csv")[0].venue == ""


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("citekey", "liu2022flow"),
        ("arxiv_id", "2209.03003"),
        ("title", "FLOW: straight and fast!"),
        ("doi", "10.1000/182"),
    ],
)
def test_value_that_must_be_unique_is_refused_the_second_time(column: str, cell: str) -> None:
    """Two rows for one paper would make two entries, or one paper with another's facts."""
    first = ROW | {"doi": "10.1000/182"}
    with pytest.raises(InputError, match=r"as in line 2.*each \w+ once") as caught:
        parse_facts(make_csv(first, OTHER | {column: cell}), "facts.csv")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "citekey,title"),
        ("title,authors\n", "citekey,title"),
        (make_csv(ROW).replace("doi,code_url", "code_url,doi"), "citekey,title"),
        (make_csv(ROW) + "liu2022flow,Only a title\n", "12 cells"),
        (make_csv(ROW) + '"open', "CSV"),
    ],
)
def test_wrong_table_is_refused(text: str, expected: str) -> None:
    """Read on regardless, a shifted column would put venues where years belong."""
    with pytest.raises(InputError, match=expected):
        parse_facts(text, "facts.csv")


def test_old_style_arxiv_id_is_read() -> None:
    """Papers from before 2007 have ids with an archive in front."""
    (fact,) = parse_facts(make_csv(ROW | {"arxiv_id": "math.PR/0611589"}), "f")
    assert fact.arxiv_id == "math.PR/0611589"
