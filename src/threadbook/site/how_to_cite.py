"""Entries for the book and each of its threads, as BibTeX and as RIS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from threadbook.book import BookThread
from threadbook.library.latex import escape_latex
from threadbook.library.ris import write_records
from threadbook.site.book_facts import BookFacts


def cite_book(book: BookFacts) -> str:
    """Return the BibTeX entry for the whole book."""
    fields = [*_common(book, book.title), ("howpublished", "Jupyter Book"), ("url", book.address)]
    return _format("misc", book.key, fields)


def cite_thread(book: BookFacts, thread: BookThread) -> str:
    """Return the BibTeX entry for one thread as a chapter of the book."""
    fields = [*_common(book, thread.title), ("url", book.address_of(thread))]
    fields.insert(2, ("booktitle", "{" + escape_latex(book.title) + "}"))
    return _format("incollection", book.key_of(thread), fields)


def book_record(book: BookFacts) -> dict[str, Any]:
    """Return the whole book as a record for rispy."""
    return _record("EBOOK", book.key, book, title=book.title, address=book.address)


def thread_record(book: BookFacts, thread: BookThread) -> dict[str, Any]:
    """Return one thread as a record for rispy: a chapter of the book."""
    record = _record(
        "ECHAP", book.key_of(thread), book, title=thread.title, address=book.address_of(thread)
    )
    return record | {"secondary_title": book.title}


def list_entries(book: BookFacts, threads: Sequence[BookThread]) -> dict[str, str]:
    """Return the files of the entries for the book and its threads: the text by the name."""
    bibtex = {book.key: cite_book(book)} | {book.key_of(t): cite_thread(book, t) for t in threads}
    records = [book_record(book), *(thread_record(book, thread) for thread in threads)]
    return {f"{key}.bib": f"{entry}\n" for key, entry in bibtex.items()} | {
        f"{record['id']}.ris": write_records([record]) for record in records
    }


def _common(book: BookFacts, title: str) -> list[tuple[str, str]]:
    names = " and ".join("{" + escape_latex(name) + "}" for name in book.authors)
    return [
        ("author", names),
        ("title", "{" + escape_latex(title) + "}"),
        ("year", book.year),
    ]


def _format(kind: str, key: str, fields: list[tuple[str, str]]) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{kind}{{{key},\n{lines}}}"


def _record(kind: str, key: str, book: BookFacts, *, title: str, address: str) -> dict[str, Any]:
    record = {
        "type_of_reference": kind,
        "id": key,
        "title": title,
        "authors": list(book.authors),
        "year": book.year,
        "urls": [address] if address else [],
    }
    return {tag: value for tag, value in record.items() if value}
