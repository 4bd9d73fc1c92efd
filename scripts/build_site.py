"""Run the notebooks that are stale and build the static site in _build/html."""

from __future__ import annotations

import sys
import time

from threadbook.book import open_book
from threadbook.commands import book_parser, run_command
from threadbook.errors import BuildError
from threadbook.notebooks.execute import NotebookFailed, Settings
from threadbook.site.build import HTML, run_jupyter_book
from threadbook.site.stages import execute_stale


def main(argv: list[str] | None = None) -> str:
    """Build the site; return the line that says what was built, from how much, in how long."""
    arguments = book_parser(__doc__ or "").parse_args(argv)
    start = time.monotonic()
    book = open_book(arguments.book)
    try:
        report = execute_stale(book, Settings(jobs=arguments.jobs))
        for warning in report.warnings:
            print(f"{warning.notebook}, code cell {warning.cell}: {warning.text}", file=sys.stderr)
        if report.warnings:
            sys.exit(f"site: {len(report.warnings)} cells wrote on standard error")
        run_jupyter_book(book.root)
    except (NotebookFailed, BuildError) as error:
        sys.exit(str(error))
    pages = len(list((book.root / HTML / "notebooks").glob("*.html")))
    return (
        f"site: {book.root / HTML / 'index.html'}; {pages} threads, {len(book.papers)} papers, "
        f"{len(report.executed)} notebooks run and {len(report.reused)} unchanged, "
        f"{time.monotonic() - start:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(run_command(main))
