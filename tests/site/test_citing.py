"""What whoever cites is offered: COinS that give back the paper, files, tools on a card."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from bs4 import BeautifulSoup

from threadbook.library.names import Name
from threadbook.library.papers import Paper
from threadbook.notebooks.cards import render_card
from threadbook.notebooks.compose import CARD_TAG
from threadbook.site.book_facts import BookFacts
from threadbook.site.citing import add_card_tools, add_library, render_citation
from threadbook.site.coins import make_query, render_coins
from threadbook.site.entry_files import write_entries

FACTS = BookFacts(("The Ash authors",), "ashbook: a review", "2026")
# The keys of the formats of ANSI/NISO Z39.88-2004 that a paper can need.
AUTHORS = {"rft.au", "rft.aucorp"}
KEYS = {
    "info:ofi/fmt:kev:mtx:journal": {"rft.genre", "rft.atitle", "rft.jtitle", "rft.date"} | AUTHORS,
    "info:ofi/fmt:kev:mtx:book": {
        *("rft.genre", "rft.atitle", "rft.btitle", "rft.pub", "rft.date"),
        *AUTHORS,
    },
    "info:ofi/fmt:kev:mtx:dc": {"rft.type", "rft.title", "rft.creator", "rft.date"},
}
GENRES = {"conference": "proceeding", "workshop": "proceeding", "journal": "article"}
KINDS = ("conference", "workshop", "journal", "book")


def read_coins(html: str) -> list[dict[str, list[str]]]:
    """Return the fields of each COinS in a page, as a reference manager finds them."""
    spans = BeautifulSoup(html, "html.parser").select("span.Z3988[title]")
    return [parse_qs(str(span["title"]), strict_parsing=True) for span in spans]


def check_fields(paper: Paper, fields: dict[str, list[str]]) -> None:
    """Assert that the fields are of their format, and say of the paper what is known."""
    [form] = fields["rft_val_fmt"]
    assert fields["ctx_ver"] == ["Z39.88-2004"]
    assert fields.keys() - {"ctx_ver", "rft_val_fmt", "rft_id"} <= KEYS[form]
    book_title = "rft.btitle" if paper.kind == "book" else "rft.atitle"
    assert fields["rft.title" if form.endswith("dc") else book_title] == [paper.title]
    people = fields["rft.creator" if form.endswith("dc") else "rft.au"]
    assert people == [f"{name.full_family}, {name.given}" for name in paper.names]
    assert paper.url in fields["rft_id"]
    assert (f"info:doi/{paper.doi}" in fields["rft_id"]) == bool(paper.doi)


def test_every_paper_comes_back_from_its_coins(small_book):
    found = read_coins(render_coins(small_book.papers))
    assert len(found) == len(small_book.papers) == 4
    for paper, fields in zip(small_book.papers, found, strict=True):
        check_fields(paper, fields)


@pytest.mark.parametrize("kind", KINDS)
def test_a_published_paper_is_told_with_its_venue(small_book, kind):
    paper = replace(
        small_book.by_key["ash2022straight"],
        title="Half & half: “a = b” + 100 %",
        venue="J&J",
        venue_kind=kind,
        doi="10.1000/a(b)<c>",
    )
    fields = parse_qs(make_query(paper, venues={"J&J": "Journal & Journal"}), strict_parsing=True)
    check_fields(paper, fields)
    assert fields["rft.genre"] == [GENRES.get(kind, "book")]
    venue = {"journal": "rft.jtitle", "book": "rft.pub"}.get(kind, "rft.btitle")
    assert fields[venue] == ["Journal & Journal"]
    assert fields["rft.date"] == [str(paper.year)]


def test_a_preprint_is_told_as_one_with_its_month(small_book):
    fields = parse_qs(make_query(small_book.by_key["ash2022curved"]), strict_parsing=True)
    assert fields["rft.type"] == ["preprint"]
    assert fields["rft.date"] == ["2022-02"]


def test_a_group_and_a_suffix_keep_their_places(small_book):
    """Zotero splits what `au` holds into family and given name at the first comma."""
    names = (Name("", "", "The Ice Team"), Name("Ed", "van", "Elm", "Jr."))
    paper = replace(small_book.by_key["ash2022straight"], names=names)
    fields = parse_qs(make_query(paper))
    assert fields["rft.aucorp"] == ["The Ice Team"]
    assert fields["rft.au"] == ["van Elm Jr., Ed"]


def test_each_entry_is_a_file_in_both_formats(small_book, tmp_path):
    (tmp_path / "gone2000long.bib").write_text("@misc{gone2000long}")
    paths = write_entries(small_book, FACTS, tmp_path)
    assert sorted(tmp_path.iterdir()) == paths
    assert len(paths) == 2 * (len(small_book.papers) + len(small_book.slugs) + 1)
    for paper in small_book.papers:
        library = bibtexparser.parse_file(str(tmp_path / f"{paper.cite_key}.bib"))
        assert not library.failed_blocks
        assert [entry.key for entry in library.entries] == [paper.cite_key]
        [record] = rispy.loads((tmp_path / f"{paper.cite_key}.ris").read_text(encoding="utf-8"))
        assert (record["id"], record["title"]) == (paper.cite_key, paper.title)


def test_a_card_gets_its_files_and_its_address(small_book):
    paper = small_book.by_key["ash2022straight"]
    card = BeautifulSoup(
        add_card_tools(render_card(paper, venues={}), paper.cite_key), "html.parser"
    )
    links = [link["href"] for link in card.select("details .tb-cite-tools a")]
    assert links == [
        "../data/cite/ash2022straight.bib",
        "../data/cite/ash2022straight.ris",
        "#ash2022straight",
    ]
    assert card.select_one("summary code").text == paper.cite_key


def test_the_library_stands_at_the_head_of_the_papers(small_book):
    """Below the heading, not below that of a figure above it or of a line of attack."""
    thread = small_book.thread("small-networks")
    cells = [
        {"source": ["## Figures"], "metadata": {}},
        {"source": ["## The papers\n", "\n", "Cards."], "metadata": {}},
        {"source": "**Fewer**", "metadata": {}},
        {"source": "<details>", "metadata": {"tags": [CARD_TAG]}},
    ]
    add_library(cells, thread)
    assert [cell["source"] for cell in (cells[0], *cells[2:])] == [
        ["## Figures"],
        "**Fewer**",
        "<details>",
    ]
    heading, library = cells[1]["source"].split("\n\nCards.\n\n")
    assert heading == "## The papers"
    assert "3 papers" in library
    links = BeautifulSoup(library, "html.parser").select("a")
    assert [link["href"] for link in links] == [
        "../data/small-networks.bib",
        "../data/small-networks.ris",
        "#cite-this-thread",
    ]


def test_the_section_on_a_thread_holds_its_entry(small_book):
    section = BeautifulSoup(
        render_citation(FACTS, small_book.thread("paths"), "../"), "html.parser"
    )
    [entry] = bibtexparser.parse_string(section.pre.text).entries
    assert entry.key == "ashbook2026-paths"
    files = [link["href"] for link in section.select(".tb-cite-tools a")]
    assert files == [f"../data/cite/ashbook2026-paths.{ending}" for ending in ("bib", "ris")]
