"""What the parts of the Sphinx extension share: the open book, and where things lie in the site."""

from __future__ import annotations

from sphinx.application import Sphinx

from threadbook.book import Book, open_book

HOME = "chapters/index"
"""The opening page, as Sphinx names it; on the site it is the root's index.html."""
NOTEBOOKS = "notebooks/"
"""Where the threads' pages lie, as Sphinx names documents."""
DATA = "data"
"""Where the downloads lie, below the site's root."""


def book_of(app: Sphinx) -> Book:
    """Return the book in the source folder, opened once a build."""
    book: Book | None = getattr(app, "threadbook", None)
    if book is None:
        book = open_book(app.srcdir)
        app.threadbook = book  # type: ignore[attr-defined]
    return book


def locate_page(docname: str) -> str:
    """Return the address of a page below the site's root."""
    return "index.html" if docname == HOME else f"{docname}.html"


def climb(docname: str) -> str:
    """Return the way from a page up to the site's root: "../" a folder, "" for the opening page."""
    return "../" * locate_page(docname).count("/")
