"""Verdicts on the site: on cards, in their boxes, in the table."""

from __future__ import annotations

from threadbook.book import Book
from threadbook.labs.verdicts import make_verdict
from threadbook.site.tables import Site
from threadbook.site.verdicts import (
    Found,
    add_to_card,
    count_outcomes,
    group_by_paper,
    name_papers,
    verdicts_table,
)

CARD = '<details class="tb-card">\n<p class="tb-card-abstract">We show.</p>\n</details>'


def found(book: Book, thread: str, lab: str, outcome: str) -> Found:
    key = book.thread(thread).papers[0].cite_key
    return Found(thread, lab, (key,), "It <helps>.", "2 times", "more than 1", outcome)  # type: ignore[arg-type]


def test_a_card_gets_the_verdicts_on_its_paper(small_book: Book) -> None:
    one, other = small_book.slugs[:2]
    verdicts = [found(small_book, one, "a", "holds"), found(small_book, other, "b", "fails")]
    card = add_to_card(CARD, verdicts, one)
    assert card.index("Put to the test") < card.index("We show.")
    assert '✓ holds</span> <a href="#verdict-a">It &lt;helps&gt;.</a>' in card
    assert f'✗ fails</span> <a href="{other}.html#verdict-b">' in card
    assert add_to_card(CARD, [], one) == CARD


def test_a_box_gets_an_anchor_and_its_papers(small_book: Book) -> None:
    paper = small_book.papers[0]
    verdict = make_verdict(
        lab="a", citekeys=[paper.cite_key], claim="c", holds=True, prediction="p",
        criterion="k", measured="m", spread="s", seeds=5,
    )  # fmt: skip
    box = name_papers(verdict.to_html(), "a", verdict.citekeys, small_book)
    assert '<div class="tb-verdict tb-holds" id="verdict-a">' in box
    assert f'<dt>Claim of</dt><dd><a href="{paper.thread}.html#{paper.cite_key}"' in box


def test_the_table_can_be_filtered(small_book: Book) -> None:
    slug = small_book.slugs[0]
    verdicts = [
        found(small_book, slug, lab, outcome) for lab, outcome in (("a", "holds"), ("b", "mixed"))
    ]
    table = verdicts_table(verdicts, Site(small_book, "../"))
    assert [row.values["verdict"] for row in table.rows] == [("holds",), ("mixed",)]
    assert table.filters[0].options == (("holds", "holds"), ("mixed", "mixed"))
    assert f"../notebooks/{slug}.html#verdict-a" in table.rows[0].cells[0].shown


def test_outcomes_are_counted_and_grouped(small_book: Book) -> None:
    slug = small_book.slugs[0]
    verdicts = [found(small_book, slug, lab, "holds") for lab in "ab"]
    assert count_outcomes(verdicts) == {"holds": 2, "mixed": 0, "fails": 0}
    assert [v.lab for v in group_by_paper(verdicts)[verdicts[0].keys[0]]] == ["a", "b"]
