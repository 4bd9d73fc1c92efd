"""Write one notebook per thread, and _toc.yml, from the chapters and the library's data."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

from threadbook.book import Book, open_book
from threadbook.commands import book_parser, run_command
from threadbook.files import read_input, read_or_none, write_all
from threadbook.notebooks.compose import compose_notebook
from threadbook.notebooks.template import render_chapter
from threadbook.site.toc import render_toc


def main(argv: list[str] | None = None) -> str:
    """Compose and write every notebook; return the line that says what was written."""
    arguments = book_parser(__doc__ or "").parse_args(argv)
    book = open_book(arguments.book)
    out = arguments.out or book.root
    texts = {out / "_toc.yml": render_toc(book.root, book.taxonomy)}
    written = 0
    for slug in book.slugs:
        chapter, file = read_chapter(book, slug)
        written += file.exists()
        texts[out / "notebooks" / f"{slug}.ipynb"] = compose_notebook(
            book.thread(slug), chapter, file
        )
    changed = write_all(texts)
    remove_orphans(out / "notebooks", book.slugs)
    return (
        f"notebooks: {len(book.slugs)} threads, {written} written by hand, "
        f"{len(book.slugs) - written} from data; {len(changed)} files changed"
    )


def remove_orphans(folder: Path, slugs: Collection[str]) -> None:
    """Delete the notebooks of threads that are no more; one that we did not compose stays."""
    for path in folder.glob("*.ipynb"):
        if path.stem not in slugs and f'"thread": "{path.stem}"' in read_input(path):
            path.unlink()


def read_chapter(book: Book, slug: str) -> tuple[str, Path]:
    """Return the thread's chapter, from the template where nobody wrote one, and its file."""
    file = book.root / "chapters" / "threads" / f"{slug}.md"
    text = read_or_none(file)
    return (render_chapter(book.thread(slug)) if text is None else text), file


if __name__ == "__main__":
    sys.exit(run_command(main))
