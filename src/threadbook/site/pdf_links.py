"""The PDFs on the site: beside the pages, and linked from them, where `make pdf` made them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from threadbook.site.context import NOTEBOOKS
from threadbook.site.page_parts import add_to_page
from threadbook.site.pdf import BOOK, FOLDER, find_pdfs

PDF = "pdf"
"""The folder of the PDFs below the site's root."""


def add_pdf_links(app: Sphinx) -> None:
    """Connect what links the PDFs; pages are written anew when there are others than before."""
    app.add_config_value("threadbook_pdfs", [], "html")
    app.connect("config-inited", _find)
    app.connect("html-page-context", _link)
    app.connect("build-finished", _copy)


def name_pdf(page: str, root_page: str) -> tuple[str, str]:
    """Return the PDF that prints a page, and how to call it; empty where none does."""
    if page == root_page:
        return BOOK, "The whole book as PDF"
    if page.startswith(NOTEBOOKS):
        return f"{page.removeprefix(NOTEBOOKS)}.pdf", "This chapter as PDF"
    return "", ""


def _find(app: Sphinx, config: Any) -> None:
    config.threadbook_pdfs = find_pdfs(Path(app.srcdir))


def _link(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    file, text = name_pdf(page, app.config.root_doc)
    if file in app.config.threadbook_pdfs:
        address = context["pathto"](f"{PDF}/{file}", resource=True)
        add_to_page(context, "foot", f'<p class="tb-no-print"><a href="{address}">{text}</a></p>')


def _copy(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / PDF
    shutil.rmtree(target, ignore_errors=True)
    for name in app.config.threadbook_pdfs:
        target.mkdir(exist_ok=True)
        shutil.copyfile(Path(app.srcdir) / FOLDER / name, target / name)
