"""What a citation shows on hover and focus: authors, year, venue, title and gist of the paper."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from threadbook.book import Book
from threadbook.notebooks.cards import name_venue, shorten_authors
from threadbook.site.citations import CITE_CLASS
from threadbook.site.context import NOTEBOOKS, book_of
from threadbook.site.page_parts import add_to_page

SCRIPT = "popovers.js"


def add_popovers(app: Sphinx) -> None:
    """Connect what gives a page the facts of the papers that it cites."""
    app.connect("html-page-context", explain_citations)


def explain_citations(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the facts of the papers that the page cites into it, for the script that shows them.

    The script reads those of papers whose card is on the page from the card.
    """
    if doctree is None:
        return
    book, keys = book_of(app), find_citations(doctree)
    if keys:
        home = page.removeprefix(NOTEBOOKS)
        others = [key for key in keys if book.by_key[key].thread != home]
        add_to_page(context, "foot", render_facts(book, others))
        add_to_page(context, "scripts", SCRIPT)


def find_citations(doctree: nodes.document) -> list[str]:
    """Return the keys of the papers that links in the text lead to, sorted."""
    links = doctree.findall(nodes.reference)
    cited = (link["refuri"] for link in links if CITE_CLASS in link["classes"])
    return sorted({str(address).partition("#")[2] for address in cited})


def render_facts(book: Book, keys: Iterable[str]) -> str:
    """Return the facts by key as JSON in an element that no browser shows."""
    facts = {key: describe(book, key) for key in keys}
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" id="tb-cited">{text}</script>'


def describe(book: Book, key: str) -> list[str]:
    """Return what the note on a paper says: title; authors, year and venue; gist."""
    paper = book.by_key[key]
    source = f"{shorten_authors(paper)} · posted {paper.first_posted[:4]} · {name_venue(paper)}"
    return [paper.title, source, paper.gist]
