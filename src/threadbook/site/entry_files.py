"""One file an entry: each paper, each thread and the book alone, as BibTeX and as RIS."""

from __future__ import annotations

from pathlib import Path

from threadbook.book import Book
from threadbook.files import write_all
from threadbook.library.bibtex import entry_bibtex
from threadbook.library.ris import to_ris
from threadbook.site.book_facts import BookFacts
from threadbook.site.how_to_cite import list_entries


def write_entries(book: Book, facts: BookFacts, folder: Path) -> list[Path]:
    """Write the entries into `folder`, remove what else is there, and return the paths, sorted."""
    texts = list_entries(facts, [book.thread(slug) for slug in book.slugs])
    for paper in book.papers:
        texts[f"{paper.cite_key}.bib"] = entry_bibtex(paper, venues=book.venues)
        texts[f"{paper.cite_key}.ris"] = to_ris([paper], venues=book.venues)
    paths = sorted(folder / name for name in texts)
    write_all({folder / name: text for name, text in texts.items()})
    for stale in set(folder.iterdir()) - set(paths):
        stale.unlink()
    return paths
