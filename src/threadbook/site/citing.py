"""What a page offers to whoever cites: entries to copy and to download, and COinS for Zotero.

Cards and notebooks hold none of it: it is put in when the site is built.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from threadbook.book import Book, BookThread
from threadbook.files import write_all
from threadbook.notebooks.compose import CARD_TAG
from threadbook.site.book_facts import CITATION, BookFacts, facts_of
from threadbook.site.coins import render_coins
from threadbook.site.context import DATA, NOTEBOOKS, book_of, climb
from threadbook.site.downloads import name_libraries
from threadbook.site.entry_files import write_entries
from threadbook.site.how_to_cite import cite_book, cite_thread
from threadbook.site.page_parts import add_to_page

ENTRIES = f"{DATA}/cite"
"""The folder of the files with one entry each."""
ALL_PAPERS = "chapters/papers"
"""The page that tells Zotero of the whole library."""
COINS = f"{DATA}/coins.txt"
"""Its COinS: on the page they would be half of what a reader waits for."""
LIBRARY = "references.bib"
ANCHOR = "cite-this-thread"
CARD_LINKS = re.compile(r'<p class="tb-card-links">.*?</p>')


def add_citing(app: Sphinx) -> None:
    """Connect what pages offer to whoever cites."""
    app.add_directive("book-citation", BookCitation)
    app.add_directive("thread-citations", ThreadCitations)
    app.connect("source-read", _note_citation)
    app.connect("html-page-context", fill_page)
    app.connect("build-finished", _write_entries)


def fill_page(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Add to `page` the papers that it tells of, and to a thread's page how to cite it."""
    book, up = book_of(app), climb(page)
    if page == ALL_PAPERS:
        add_to_page(context, "head", link_library(LIBRARY, "All papers", up))
        add_to_page(context, "foot", f'<div hidden data-coins="{up}{COINS}"></div>')
        add_to_page(context, "scripts", "coins.js")
    if page.startswith(NOTEBOOKS):
        thread = book.thread(page.removeprefix(NOTEBOOKS))
        papers = (*thread.papers, *thread.visitors)
        add_to_page(context, "head", link_library(f"{thread.slug}.bib", "Papers of the thread", up))
        add_to_page(context, "foot", render_citation(facts_of(app), thread, up))
        coins = render_coins(papers, venues=book.venues)
        add_to_page(context, "foot", f"<div hidden>\n{coins}</div>")


def link_library(file: str, title: str, up: str) -> str:
    """Return the element that tells programs of a library of papers as BibTeX."""
    return (
        f'<link rel="alternate" type="application/x-bibtex" title="{escape(title)}" '
        f'href="{up}{DATA}/{escape(file)}">'
    )


def render_citation(facts: BookFacts, thread: BookThread, up: str) -> str:
    """Return the section that says how to cite a thread, with its entry."""
    return "\n".join(
        (
            f'<section class="tb-cite-thread" aria-labelledby="{ANCHOR}">',
            f'<h2 id="{ANCHOR}">Cite this thread</h2>',
            "<p>Cite the papers for what they found, and the thread for the comparison, the "
            "reading or a verdict.</p>",
            render_entry(cite_thread(facts, thread), facts.key_of(thread), up),
            render_library(thread, up),
            "</section>",
        )
    )


def render_library(thread: BookThread, up: str, *more: str) -> str:
    """Return a line with the files of a thread's papers; `more` are further links."""
    count = len(thread.papers) + len(thread.visitors)
    links = [
        f'<a href="{up}{DATA}/{name}" download>{name}</a>' for name in name_libraries(thread.slug)
    ]
    text = f"The library of this thread, {count} papers:"
    return f'<p class="tb-library tb-no-print">{" ".join((text, *links, *more))}</p>'


def render_entry(bibtex: str, key: str, up: str, *more: str) -> str:
    """Return an entry as BibTeX, with what one can do with it; `more` are further links."""
    return (
        f'<div class="tb-entry"><pre class="tb-bibtex">{escape(bibtex)}</pre>\n'
        f"{render_tools(_link_files(key, up), *more)}</div>"
    )


def render_tools(*links: str) -> str:
    """Return the row of links with an entry; `threadbook.js` puts the copying in front."""
    return f'<p class="tb-cite-tools tb-no-print">{" ".join(links)}</p>'


def add_card_tools(card: str, key: str) -> str:
    """Return the HTML of a card with downloads of its entry and its own address."""
    anchor = f'<a href="#{key}" title="Link to this card">#{key}</a>'
    tools = render_tools(_link_files(key, "../"), anchor)
    return CARD_LINKS.sub(lambda links: f"{links[0]}\n{tools}", card, count=1)


def add_library(cells: list[dict[str, Any]], thread: BookThread) -> None:
    """Add the thread's library to the cell with the heading above the first card."""
    first = next(place for place, cell in enumerate(cells) if is_card(cell))
    heading = next(
        cell for cell in reversed(cells[:first]) if "".join(cell["source"]).startswith("## ")
    )
    anchor = f'<a href="#{ANCHOR}">Cite this thread</a>'
    library = render_library(thread, "../", anchor)
    heading["source"] = "\n\n".join(("".join(heading["source"]), library))


def is_card(cell: dict[str, Any]) -> bool:
    """Whether a cell of a notebook holds the card of a paper."""
    return CARD_TAG in cell["metadata"].get("tags", ())


def _link_files(key: str, up: str) -> str:
    return " ".join(
        f'<a href="{up}{ENTRIES}/{escape(key)}.{ending}" download>{escape(key)}.{ending}</a>'
        for ending in ("bib", "ris")
    )


class BookCitation(SphinxDirective):
    """The entry for the book."""

    def run(self) -> list[nodes.Node]:
        """Return the entry with its files, and CITATION.cff where the book has it."""
        app, up = self.env.app, climb(self.env.docname)
        facts = facts_of(app)
        has_file = (book_of(app).root / CITATION).exists()
        more = [f'<a href="{up}{DATA}/{CITATION}" download>{CITATION}</a>'] if has_file else []
        return [nodes.raw("", render_entry(cite_book(facts), facts.key, up, *more), format="html")]


class ThreadCitations(SphinxDirective):
    """The entries for all threads, each as a chapter of the book."""

    def run(self) -> list[nodes.Node]:
        """Return one block with an entry a thread."""
        book, facts = book_of(self.env.app), facts_of(self.env.app)
        text = "\n\n".join(cite_thread(facts, thread) for thread in list_threads(book))
        return [nodes.literal_block(text, text, language="bibtex")]


def list_threads(book: Book) -> list[BookThread]:
    """Return the threads in the order of the book."""
    return [book.thread(slug) for slug in book.slugs]


def _note_citation(app: Sphinx, _docname: str, _source: list[str]) -> None:
    """Make every page anew when the book says something else of itself."""
    file = book_of(app).root / CITATION
    if file.exists():
        app.env.note_dependency(str(file))


def _write_entries(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        book, folder = book_of(app), Path(app.outdir)
        write_entries(book, facts_of(app), folder / ENTRIES)
        write_all({folder / COINS: render_coins(book.papers, venues=book.venues)})
