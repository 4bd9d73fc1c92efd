"""The Sphinx extension that makes Jupyter Book build this book.

It runs the notebooks that are stale, hands Sphinx their executed copies, turns every citation
into a link to the paper's card, fills hand-written pages with figures from the data, and puts
the downloads beside the pages. So `jupyter-book build .` alone gives the whole site.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from sphinx.application import Sphinx

from threadbook.book import DATA_FILES, Book
from threadbook.charts.embed import unshield_links
from threadbook.charts.explore import EXPLORABLE
from threadbook.labs.verdicts import VERDICT_MIME
from threadbook.site.authors import AuthorIndex
from threadbook.site.citations import CitationDomain, link_cards, link_citations
from threadbook.site.citing import add_card_tools, add_citing, add_library, is_card
from threadbook.site.code_number import number_code
from threadbook.site.context import DATA, NOTEBOOKS, book_of
from threadbook.site.directives import DownloadList, NumberRole, ThreadLibraries
from threadbook.site.downloads import write_downloads
from threadbook.site.field_figures import FieldFigure
from threadbook.site.layout import STATIC, add_theme
from threadbook.site.map_page import add_map
from threadbook.site.mathematics import add_mathematics
from threadbook.site.metadata import add_metadata
from threadbook.site.page_parts import load_where
from threadbook.site.part_page import PartFigure, ThreadRole
from threadbook.site.pdf_links import add_pdf_links
from threadbook.site.popovers import add_popovers
from threadbook.site.rerun import add_rerun
from threadbook.site.root_page import add_root_page
from threadbook.site.scores import ClaimsScore
from threadbook.site.search import add_search
from threadbook.site.stages import EXECUTED, execute_stale
from threadbook.site.tables import add_tables
from threadbook.site.terms import GlossaryLetters, explain_terms, mark_terms
from threadbook.site.thread_list import ThreadList
from threadbook.site.tidy import add_tidying
from threadbook.site.verdicts import (
    Found,
    VerdictsTable,
    add_to_card,
    group_by_paper,
    name_papers,
    verdicts_of,
)


def setup(app: Sphinx) -> dict[str, int | bool]:
    """Connect the extension; called by Sphinx."""
    add_theme(app)
    add_root_page(app)
    app.add_domain(CitationDomain)
    app.add_directive("thread-list", ThreadList)
    app.add_directive("downloads", DownloadList)
    app.add_directive("thread-libraries", ThreadLibraries)
    app.add_directive("author-index", AuthorIndex)
    app.add_directive("glossary-letters", GlossaryLetters)
    app.add_directive("part-figure", PartFigure)
    app.add_directive("field-figure", FieldFigure)
    app.add_directive("claims-score", ClaimsScore)
    app.add_directive("verdicts-table", VerdictsTable)
    app.add_role("number", NumberRole())
    app.add_role("thread", ThreadRole())
    add_tables(app)
    add_popovers(app)
    load_where(app, f"tb-figure {EXPLORABLE}", "explore.js")
    add_pdf_links(app)
    add_map(app)
    add_tidying(app)
    add_mathematics(app)
    add_rerun(app)
    add_citing(app)
    add_metadata(app)
    app.connect("config-inited", add_static_files)
    app.connect("builder-inited", prepare)
    app.connect("source-read", insert_outputs)
    app.connect("doctree-read", mark_terms)
    app.connect("doctree-resolved", link_citations)
    app.connect("doctree-resolved", explain_terms)
    app.connect("build-finished", add_downloads)
    add_search(app)
    return {
        "env_version": number_code(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def add_static_files(app: Sphinx, _config: object) -> None:
    """Let the scripts, fonts and images of the site be copied."""
    app.config.html_static_path.append(str(STATIC))


def prepare(app: Sphinx) -> None:
    """Open the book and run the notebooks whose executed copies are stale."""
    execute_stale(book_of(app))


def insert_outputs(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace a notebook's text by that of its executed copy."""
    root = Path(app.srcdir)
    for file in DATA_FILES:
        app.env.note_dependency(str(root / file))
    if docname.startswith(NOTEBOOKS):
        slug = docname.removeprefix(NOTEBOOKS)
        for name in book_of(app).slugs:  # a lab may judge a paper whose card is on another page
            app.env.note_dependency(str(root / EXECUTED / f"{name}.ipynb"))
        executed = (root / EXECUTED / f"{slug}.ipynb").read_text(encoding="utf-8")
        source[0] = make_page(executed, slug, book_of(app), verdicts_of(app))


def make_page(notebook: str, slug: str, book: Book, verdicts: Sequence[Found]) -> str:
    """Return the notebook as the page of the thread `slug` needs it.

    Links in figures are spelt as on all pages. Cards link to pages instead of notebooks, and carry
    the verdicts on their papers and what whoever cites needs; the boxes of verdicts have an anchor
    and name their papers. The verdicts' records stay out: they are for the build, not for the page.
    """
    content = json.loads(notebook)
    on_paper = group_by_paper(verdicts)
    add_library(content["cells"], book.thread(slug))
    for cell in content["cells"]:
        if is_card(cell):
            key = cell["id"].removeprefix("card-")
            card = link_cards("".join(cell["source"]))
            cell["source"] = add_card_tools(add_to_card(card, on_paper.get(key, ()), slug), key)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = unshield_links("".join(data["text/html"]))
            if record := data.pop(VERDICT_MIME, None):
                lab, keys = record["lab"], record["citekeys"]
                data["text/html"] = name_papers(data["text/html"], lab, keys, book)
    return json.dumps(content)


def add_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Put the downloads of the contract beside the built pages."""
    if exception is None and app.builder.format == "html":
        write_downloads(book_of(app), Path(app.srcdir) / EXECUTED, Path(app.outdir) / DATA)
