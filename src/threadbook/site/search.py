"""The search of the site: its index, made by Pagefind after the pages, and its page."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from threadbook.errors import BuildError
from threadbook.files import read_or_none, write_text
from threadbook.site.context import NOTEBOOKS, book_of, locate_page
from threadbook.site.layout import SEARCH
from threadbook.site.search_records import (
    Kind,
    list_papers,
    list_terms,
    render_page,
    render_record,
)
from threadbook.writing.glossary import read_glossary

BUNDLE = "pagefind"
"""Where the index lies, below the site's root; `static/search.js` reads it there."""
INSTEAD = {
    "papers": "the papers in one table",
    "glossary": "the glossary",
    "authors": "the authors",
}
"""Where a reader without the search can look, where the book has the page."""
LEFT_OUT = (
    # found as records of their own
    ".tb-card",
    ".tb-records",
    ".tb-threads",
    ".tb-authors",
    "dl.glossary",
    # no prose
    ".tb-letters",
    ".rubric",
    "figure",
    "svg",
    "pre",
    "details.hide",
    ".headerlink",
    # formulas that stand apart, and the second and third copy of those in a line
    "div.math",
    ".katex-html",
    "annotation",
    # the title is a fact
    "h1",
)
_SETTINGS = (
    *("--glob", "**/*.html*"),
    *("--exclude-selectors", ", ".join(LEFT_OUT)),
    *("--include-characters", "+"),  # PFGM++ is not PFGM
    "--keep-index-url",
    "--quiet",
)
_UNUSED = ("pagefind-*", "wasm.unknown.pagefind")
"""Interfaces that Pagefind brings along, its worker, and what languages without stems need."""
_ENTRY = "pagefind-entry.json"
_INPUT = "input.sha256"


def add_search(app: Sphinx) -> None:
    """Connect the page of the search and the making of its index."""
    app.connect("html-collect-pages", make_page)
    app.connect("build-finished", index_site)


def make_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page of the search, with what to read where it does not work."""
    pages = {f"chapters/{name}": text for name, text in INSTEAD.items()}
    instead = {page: text for page, text in pages.items() if page in app.env.found_docs}
    yield SEARCH, {"title": "Search", "tb_instead": instead}, "search.html"


def index_site(app: Sphinx, exception: Exception | None) -> None:
    """Make the index of a site that was built, unless it is there already."""
    if exception is None and app.builder.name == "html":
        write_index(collect_documents(app), Path(app.outdir) / BUNDLE)


def collect_documents(app: Sphinx) -> dict[str, str]:
    """Return what is to be found: by its address, a page for Pagefind."""
    book = book_of(app)
    records = (*list_papers(book), *list_terms(read_glossary(book.root)))
    documents = {record.address: render_record(record) for record in records}
    for name in app.env.found_docs:
        address = locate_page(name)
        html = (Path(app.outdir) / address).read_text(encoding="utf-8")
        kind: Kind = "thread" if name.startswith(NOTEBOOKS) else "page"
        documents[address] = render_page(html, kind)
    return dict(sorted(documents.items()))


def write_index(documents: Mapping[str, str], bundle: Path) -> bool:
    """Replace the index in `bundle` by that of `documents`; return whether it needed to be made.

    Pagefind writes the filters and the list of them in an order of chance, so the index of a
    site that has not changed is left alone.
    """
    digest = _digest(documents)
    if read_or_none(bundle / _INPUT) == digest:
        return False
    bundle.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bundle.parents[1], prefix=f".{bundle.name}.") as folder:
        fresh = Path(folder) / "index"
        _run_pagefind(documents, Path(folder) / "site", fresh)
        write_text(fresh / _INPUT, digest)
        shutil.rmtree(bundle, ignore_errors=True)
        fresh.replace(bundle)
    return True


def _digest(documents: Mapping[str, str]) -> str:
    settled = (
        version("pagefind"),
        *_SETTINGS,
        *(part for item in documents.items() for part in item),
    )
    return sha256("\0".join(settled).encode()).hexdigest() + "\n"


def _run_pagefind(documents: Mapping[str, str], site: Path, out: Path) -> None:
    """Make the index in `out`; the file of each document is named as its address, fragment and all.

    Pagefind's Python interface waits a tenth of a second for each record, its command does not.
    """
    for address, html in documents.items():
        file = site / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(html, encoding="utf-8", newline="\n")
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--output-path", str(out)]
    done = subprocess.run(  # noqa: S603 (our own interpreter and arguments)
        [*command, *_SETTINGS], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode or not (out / _ENTRY).exists():
        raise BuildError(f"pagefind failed:\n{done.stdout}{done.stderr}")
    for pattern in _UNUSED:
        for file in out.glob(pattern):
            if file.name != _ENTRY:
                file.unlink()
