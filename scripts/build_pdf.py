"""Print the built site: one PDF a thread and one of the whole book, linked from the pages."""

from __future__ import annotations

import sys

import build_site

from threadbook.book import open_book
from threadbook.commands import book_parser, run_command
from threadbook.progress import open_stage
from threadbook.site.build import HTML
from threadbook.site.pdf import FOLDER, make_pdfs


def main(argv: list[str] | None = None) -> str:
    """Print the pages, build the site again with links to them, and return the last line."""
    arguments = book_parser(__doc__ or "").parse_args(argv)
    book = open_book(arguments.book)
    with open_stage("pdf", len(book.slugs) + 1) as stage:
        for file in make_pdfs(book, book.root / HTML):
            stage.advance(file.name)
    build_site.main(["--book", str(book.root)])
    size = sum(file.stat().st_size for file in (book.root / FOLDER).glob("*.pdf"))
    return f"pdf: {book.root / FOLDER}; {len(book.slugs)} threads and the book, {size / 1e6:.0f} MB"


if __name__ == "__main__":
    sys.exit(run_command(main))
