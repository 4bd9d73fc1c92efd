"""Running the notebooks that are stale, before the pages are made."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import threadbook
from threadbook.book import DATA_FILES, Book
from threadbook.notebooks.execute import ExecutionReport, Settings, execute_all
from threadbook.notebooks.fingerprint import survey
from threadbook.threads.problems import PROBLEMS

EXECUTED = Path("_build/executed")
LOCK = Path("requirements.lock")


def execute_stale(book: Book, settings: Settings | None = None) -> ExecutionReport:
    """Bring `_build/executed` up to date with the notebooks, and return what was run."""
    import_module("matplotlib.font_manager")  # a kernel would complain
    package = Path(threadbook.__file__).parent
    return execute_all(
        [book.root / "notebooks" / f"{slug}.ipynb" for slug in book.slugs],
        out=book.root / EXECUTED,
        surroundings=survey(package, data_files=list_data(book.root), lock_file=book.root / LOCK),
        settings=settings,
    )


def list_data(root: Path) -> list[Path]:
    """Return the files of the book in `root` that notebooks read: a change runs them again."""
    problems = sorted((root / PROBLEMS).glob("*.yml"))
    return [root / file for file in DATA_FILES if (root / file).exists()] + problems
