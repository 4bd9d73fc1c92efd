"""What a card says of the paper beside others: its figures, and the papers before and after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import build_library
import nbformat
import pytest
from bs4 import BeautifulSoup, Tag

from threadbook.book import Book, open_book
from threadbook.library.papers import Paper
from threadbook.notebooks.cards import render_card
from threadbook.notebooks.compose import compose_notebook
from threadbook.notebooks.inline import Span, make_link, mark_spans
from threadbook.notebooks.template import render_chapter
from threadbook.notebooks.ties import Ties, collect_ties
from threadbook.threads.claims.wording import name_figure, name_value
from threadbook.threads.claims.extract import Claim
from threadbook.threads.lineage.edges import Edge

LINEAGE = """\
edges:
  - citing: ash2022curved
    cited: ash2022straight
    relation: contradicts
    evidence: "more steps than straight ones"
  - citing: ash2022straight
    cited: fir2021rounding
    relation: builds-on
    evidence: "straight paths"
"""


@pytest.fixture
def book(book_folder: Path) -> Book:
    (book_folder / "chapters/lineage.yml").write_text(LINEAGE, encoding="utf-8")
    build_library.main(["--book", str(book_folder)])
    return open_book(book_folder)


def card_of(book: Book, key: str) -> BeautifulSoup:
    card = render_card(book.by_key[key], venues={}, ties=collect_ties(book).get(key, Ties()))
    return BeautifulSoup(card, "html.parser")


def blocks_of(card: BeautifulSoup) -> dict[str, list[Tag]]:
    """Return the items of each list on a card by the list's title."""
    return {
        block.strong.text: list(block.find_all("li"))
        for block in card.find_all(class_="tb-card-ties")
    }


def claim(paper: Paper, words: str, sentence: str, **others: str) -> Claim:
    start = paper.abstract.index(words)
    fields = {"value": words, "unit": "×", "metric": "speed-up", "direction": "higher"} | others
    return Claim(
        cite_key=paper.cite_key,
        context=words,
        sentence=sentence,
        start=start,
        end=start + len(words),
        **fields,
    )


def test_a_card_links_to_what_the_paper_takes_up_and_to_what_takes_it_up(book):
    """In the same notebook by anchor alone, else in the notebook beside it."""
    blocks = blocks_of(card_of(book, "ash2022straight"))
    [onward], [back] = blocks["Takes up"], blocks["Taken up by"]
    assert onward.text == "builds on Fir (2021)"
    assert onward.a["href"] == "small-networks.ipynb#fir2021rounding"
    assert onward.a["title"] == "Rounding Weights"
    assert back.text == "Ash (2022), which contradicts it"
    assert back.a["href"] == "#ash2022curved"


def test_the_figures_of_a_sentence_stand_together_each_marked_with_an_anchor(small_book):
    sentence = "It takes 4 steps, 10 times fewer."
    paper = replace(small_book.by_key["ash2022curved"], abstract=f"Curves bend. {sentence}")
    four = claim(paper, "4", sentence, unit="steps", metric="steps")
    ten = claim(paper, "10", sentence)
    card = BeautifulSoup(render_card(paper, venues={}, ties=Ties((four, ten))), "html.parser")
    [item] = blocks_of(card)["Reported"]
    assert item.text == f"4 steps; 10× (speed-up): “{sentence}”"
    assert {mark["id"]: mark.text for mark in item.find_all("mark")} == {
        f"ash2022curved-at-{four.start}": "4",
        f"ash2022curved-at-{ten.start}": "10",
    }


def test_two_sentences_are_two_items(small_book):
    first, second = "It is 2 times faster.", "It is 3 times smaller."
    paper = replace(small_book.by_key["ash2022curved"], abstract=f"{first} {second}")
    claims = (claim(paper, "2", first), claim(paper, "3", second, metric="size"))
    card = BeautifulSoup(render_card(paper, venues={}, ties=Ties(claims)), "html.parser")
    assert [item.b.text for item in blocks_of(card)["Reported"]] == ["2× (speed-up)", "3× (size)"]


def test_a_paper_without_ties_has_no_empty_lists(small_book):
    card = render_card(small_book.by_key["fir2021rounding"], venues={})
    assert "tb-card-ties" not in card


def test_hostile_ties_stay_text_in_one_block_without_a_blank_line(small_book):
    """Sentence, unit and metric come from the corpus; so does the title of the other paper."""
    nasty = '9 </details><script>alert(1)</script>" onclick="x" $y$ `c` *b*\n\n# head'
    papers = tuple(replace(p, abstract=nasty, title=nasty) for p in small_book.papers)
    book = replace(small_book, papers=papers)
    number = claim(book.by_key["ash2022straight"], "9", nasty, unit=nasty, metric=nasty + " ")
    ties = Ties((number,), collect_ties(with_edge(book))["ash2022curved"].takes_up)
    source = render_card(book.by_key["ash2022straight"], venues={}, ties=ties)
    card = BeautifulSoup(source, "html.parser")
    assert len(card.find_all("details")) == 1
    assert card.find_all(["script", "h1", "em"]) == []
    assert not [tag for tag in card.find_all(True) if "onclick" in tag.attrs]
    assert not {"$", "`", "*"} & set(source)
    assert "" not in source.splitlines()
    assert len(blocks_of(card)["Reported"]) == len(blocks_of(card)["Takes up"]) == 1


def with_edge(book: Book) -> Book:
    copy = replace(book)
    vars(copy).update(
        claims=(), lineage=(Edge("ash2022curved", "ash2022straight", "compares", "x"),)
    )
    return copy


def test_the_notebook_has_the_ties_on_its_cards(book):
    thread = book.thread("paths")
    notebook = nbformat.reads(
        compose_notebook(thread, render_chapter(thread), "paths.md"), as_version=4
    )
    cards = {cell.id: cell.source for cell in notebook.cells if cell.id.startswith("card-")}
    assert 'href="small-networks.ipynb#fir2021rounding"' in cards["card-ash2022straight"]
    assert "contradicts" in cards["card-ash2022curved"]


@pytest.mark.parametrize(
    ("unit", "metric", "shown"),
    [
        ("%", "accuracy", "7% (accuracy)"),
        ("", "FID", "7 (FID)"),
        ("ms", "", "7 ms"),
        ("steps", "steps", "7 steps"),
    ],
)
def test_a_figure_is_named_with_unit_and_metric(small_book, unit, metric, shown):
    paper = replace(small_book.papers[0], abstract="It is 7.")
    assert name_figure(claim(paper, "7", "It is 7.", unit=unit, metric=metric)) == shown


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("steps", "1 step"),
        ("passes", "1 pass"),
        ("GPU days", "1 GPU day"),
        ("orders of magnitude", "1 order of magnitude"),
        ("ms", "1 ms"),
        ("s", "1 s"),
        ("FLOPs", "1 FLOPs"),
        ("samples/s", "1 samples/s"),
        ("images per class", "1 images per class"),
    ],
)
def test_one_of_a_thing_is_in_the_singular(small_book, unit, shown):
    paper = replace(small_book.papers[0], abstract="It is 1.")
    assert name_value(claim(paper, "1", "It is 1.", unit=unit)) == shown


def test_marks_that_overlap_do_not_nest():
    marked = mark_spans("a<b cd", [Span(0, 3, "x"), Span(2, 5)])
    assert marked == '<mark id="x">a&lt;b</mark><mark> c</mark>d'


@pytest.mark.parametrize("address", ["javascript:alert(1)", " javascript:x", "data:text/html,x"])
def test_an_address_that_runs_is_refused(address):
    with pytest.raises(ValueError, match="expected an address"):
        make_link(address, "x")


@pytest.mark.parametrize("address", ["https://example.org/a:b", "../x.html#a:b", "#key", "x.ipynb"])
def test_an_address_of_the_web_or_the_site_is_a_link(address):
    assert BeautifulSoup(make_link(address, "x"), "html.parser").a["href"] == address
