"""Citations on the site: each is a link to the paper's card on the page of its home thread."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from threadbook.book import Book
from threadbook.notebooks.roles import frame_citation, label_text, paper_address
from threadbook.site.context import NOTEBOOKS, book_of
from threadbook.writing.markup import split_keys

CARD_LINK = re.compile(r'(<a href="[a-z0-9-]*)\.ipynb(#[a-z0-9]+")')
CITE_CLASS = "tb-cite"
CITATION = re.compile(r"(?P<key>[a-z0-9]+): .")

logger = logging.getLogger(__name__)


def link_citations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn each link titled "key: title" into one to the paper's card."""
    book = book_of(app)
    for node in doctree.findall(nodes.reference):
        match = CITATION.match(node.get("reftitle", ""))
        if match is None:
            continue
        paper = book.by_key.get(match["key"])
        if paper is None:
            logger.warning("citation of unknown key %r", match["key"], location=node)
            continue
        home = app.builder.get_relative_uri(docname, f"{NOTEBOOKS}{paper.thread}")
        node["refuri"] = f"{home}#{paper.cite_key}"
        node["reftitle"] = paper.title
        node["internal"] = True
        node["classes"].append(CITE_CLASS)


def link_cards(card: str) -> str:
    """Return the HTML of a card with its links to other notebooks as links to their pages.

    Text of the corpus holds no quotation mark that is not escaped, so that none of it is a link.
    """
    return CARD_LINK.sub(r"\1.html\2", card)


class CitationRole(SphinxRole):
    """A citation in a hand-written page, rendered as in the notebooks."""

    def __init__(self, role: str) -> None:
        self.role = role

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the links of the citation; an unknown key is reported with its place."""
        book = book_of(self.env.app)
        keys = split_keys(self.text)
        for key in sorted(set(keys) - set(book.by_key)):
            logger.warning("citation of unknown key %r", key, location=self.get_location())
        known = [key for key in keys if key in book.by_key]
        first, *after = frame_citation(self.role, len(known))
        found: list[nodes.Node] = [nodes.Text(first)]
        for key, text in zip(known, after, strict=False):
            found += [self._link(book, key), nodes.Text(text)]
        return found, []

    def _link(self, book: Book, key: str) -> nodes.reference:
        label, paper = book.labels[key], book.by_key[key]
        text = label_text(self.role, label)
        title = f"{key}: {paper.title}"
        return nodes.reference(text, text, refuri=paper_address(paper), reftitle=title)


class CitationDomain(Domain):
    """The roles `cite:t` (within a sentence) and `cite:p` (in parentheses)."""

    name = "cite"
    label = "citation"
    roles = {"t": CitationRole("cite:t"), "p": CitationRole("cite:p")}  # noqa: RUF012

    def merge_domaindata(self, docnames: Any, otherdata: Any) -> None:
        """Nothing is kept, so there is nothing to merge."""
