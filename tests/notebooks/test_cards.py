"""A card must survive hostile text and every Markdown reader."""

from __future__ import annotations

from dataclasses import replace

import bibtexparser
import pytest
from bs4 import BeautifulSoup

from threadbook.book import Book
from threadbook.library.papers import Paper
from threadbook.notebooks.cards import render_card


@pytest.fixture
def paper(small_book: Book) -> Paper:
    return small_book.by_key["vandendale2021pruning"]


def card_of(paper: Paper) -> BeautifulSoup:
    return BeautifulSoup(render_card(paper, venues={}), "html.parser")


def test_the_card_has_facts_links_abstract_and_entry(paper):
    card = card_of(paper)
    assert card.details["id"] == "vandendale2021pruning"
    assert "Neural Computation 2022" in card.summary.text
    assert "Di van den Dale, Ed Elm" in card.text
    assert {link["href"] for link in card.find_all("a")} == {
        "https://arxiv.org/abs/2103.00003",
        "https://doi.org/10.1000/182",
    }
    assert paper.abstract in card.text


def test_the_entry_on_the_card_can_be_read_by_a_parser(paper):
    """A citer copies it from the page: it must be BibTeX after the browser undid the escapes."""
    library = bibtexparser.parse_string(card_of(paper).pre.text)
    assert [entry.key for entry in library.entries] == ["vandendale2021pruning"]
    assert "abstract" not in library.entries[0].fields_dict


def test_an_unconfirmed_venue_is_not_shown(small_book):
    text = card_of(small_book.by_key["fir2021rounding"]).text
    assert "posted 2021 · arXiv" in text
    assert "NeurIPS" not in text


def test_hostile_text_stays_text(paper):
    """The corpus is somebody else's words: no markup, mathematics or Markdown of theirs may act."""
    nasty = "</details><script>alert(1)</script> $x$ `code` *b* {cite:t}`k` \\(y\\)\n\n# head"
    source = render_card(replace(paper, title=nasty, abstract=nasty), venues={})
    card = BeautifulSoup(source, "html.parser")
    assert card.script is None
    assert len(card.find_all("details")) == 1
    assert "alert(1)" in card.text
    assert not {"$", "`", "\\"} & set(source)


def test_a_card_has_no_blank_line(paper):
    """A blank line would end the HTML block and hand the rest to Markdown."""
    assert "" not in render_card(paper, venues={}).splitlines()
