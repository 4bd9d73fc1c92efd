"""What the site offers for download: the library in three formats, the tables, the verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from threadbook.book import Book
from threadbook.files import read_input, write_all
from threadbook.library.bibtex import to_bibtex
from threadbook.library.csl import to_csl
from threadbook.library.ris import to_ris
from threadbook.site.book_facts import CITATION
from threadbook.site.stages import LOCK
from threadbook.site.verdict_rows import collect_verdicts, render_verdicts

TABLES = {
    "papers.csv": "one row a paper: facts, place in the book, text as repaired and as found",
    "claims.csv": "the figures that the abstracts report, each with its sentence",
    "lineage.csv": "who builds on whom, each with its evidence",
}


def describe_downloads(book: Book) -> dict[str, str]:
    """Return what each download holds, by file name, in the order in which to list them.

    Without the libraries of the threads.
    """
    return {
        "references.bib": f"all {len(book.papers)} papers as BibTeX",
        "references.json": "the same as CSL-JSON",
        "references.ris": "the same as RIS",
        **{name: holds for name, holds in TABLES.items() if (book.root / "data" / name).exists()},
        "verdicts.csv": "what the labs found, one row a claim",
        LOCK.name: "every package that the notebooks ran with, pinned by hash",
        **({CITATION.name: "how to cite the book"} if (book.root / CITATION).exists() else {}),
    }


def name_libraries(slug: str) -> tuple[str, str]:
    """Return the files that hold the papers of a thread, as BibTeX and as RIS."""
    return f"{slug}.bib", f"{slug}.ris"


def write_downloads(book: Book, executed: Path, folder: Path) -> list[Path]:
    """Write the downloads into `folder` and return their paths, sorted.

    `executed` is the folder of the executed notebooks, from which the verdicts come.
    """
    texts = {
        "references.bib": (book.root / "references.bib").read_text(encoding="utf-8"),
        "references.json": to_csl(book.papers, venues=book.venues),
        "references.ris": to_ris(book.papers, venues=book.venues),
        LOCK.name: read_input(book.root / LOCK),
        "verdicts.csv": render_verdicts(
            row for slug in book.slugs for row in collect_verdicts(slug, _read(executed, slug))
        ),
    }
    for slug in book.slugs:
        thread = book.thread(slug)
        papers, files = (*thread.papers, *thread.visitors), name_libraries(slug)
        libraries = to_bibtex(papers, venues=book.venues), to_ris(papers, venues=book.venues)
        texts |= dict(zip(files, libraries, strict=True))
    for name in describe_downloads(book).keys() - texts.keys():
        source = book.root / (CITATION if name == CITATION.name else f"data/{name}")
        texts[name] = source.read_bytes().decode("utf-8")
    write_all({folder / name: text for name, text in texts.items()})
    return sorted(folder / name for name in texts)


def _read(executed: Path, slug: str) -> Any:
    return nbformat.read(executed / f"{slug}.ipynb", as_version=4)
