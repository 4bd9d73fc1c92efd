"""Bringing executed notebooks up to date when nothing changed, against running them again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from machine import best_seconds, report

import threadbook
from threadbook.book import DATA_FILES, open_book
from threadbook.notebooks.execute import execute_all
from threadbook.notebooks.fingerprint import survey
from threadbook.site.stages import LOCK

FEW = 6
"""Notebooks to run; enough for two cores to share."""


def main() -> str:
    """Return the ratio on the first notebooks of the book."""
    book = open_book(Path(__file__).parents[1])
    notebooks = [book.root / "notebooks" / f"{slug}.ipynb" for slug in book.slugs[:FEW]]
    data = [book.root / file for file in DATA_FILES]
    package = Path(threadbook.__file__).parent

    def execute(out: Path) -> None:
        surroundings = survey(package, data_files=data, lock_file=book.root / LOCK)
        execute_all(notebooks, out=out, surroundings=surroundings)

    with tempfile.TemporaryDirectory() as folder:
        theirs = best_seconds(lambda: execute(Path(folder)), 1)
        ours = best_seconds(lambda: execute(Path(folder)), 3)
    return report(f"{FEW} unchanged notebooks, cached against run", ours, theirs)


if __name__ == "__main__":
    print(main())
