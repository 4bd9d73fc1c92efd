"""Bibliographic facts about papers: read strictly, written back, given citation keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from threadbook.corpus.titles import normalise_title
from threadbook.errors import InputError
from threadbook.library.cells import format_row, read_rows
from threadbook.library.keys import make_key
from threadbook.library.names import NO_FAMILIES, parse_name
from threadbook.library.papers import VENUE_KINDS

COLUMNS = (
    "citekey",
    "title",
    "authors",
    "authors_status",
    "arxiv_id",
    "first_posted",
    "venue",
    "venue_year",
    "venue_kind",
    "venue_status",
    "doi",
    "code_url",
)
CONFIRMED, UNCONFIRMED = "confirmed", "unconfirmed"
STATUSES = (CONFIRMED, UNCONFIRMED)
AUTHOR_SEPARATOR = "; "

YEAR = r"(?:19|20)\d{2}"
MONTH = r"(?:0[1-9]|1[0-2])"
# Column -> pattern of a value and what it is called in an error. Empty means unknown, which
# only the columns of `REQUIRED` refuse.
PATTERNS = {
    "citekey": (re.compile(r"[a-z][a-z0-9]*\d{4}[a-z0-9]+"), "a citation key (liu2022flow)"),
    "arxiv_id": (
        re.compile(rf"\d{{2}}{MONTH}\.\d{{4,5}}|[a-z-]+(?:\.[A-Z]{{2}})?/\d{{2}}{MONTH}\d{{3}}"),
        "an arXiv id without version (2209.03003)",
    ),
    "first_posted": (re.compile(rf"{YEAR}-{MONTH}"), "a month as YYYY-MM"),
    "venue_year": (re.compile(YEAR), "a year"),
    "doi": (re.compile(r"10\.\d{4,9}/[^\s{}\\]+"), "a bare DOI (10.1000/182)"),
    "code_url": (re.compile(r"https?://[\w.-]+\.[a-z]+/[^\s{}\\]*"), "an http(s) address"),
}
CHOICES = {
    "authors_status": STATUSES,
    "venue_kind": ("", *VENUE_KINDS),
    "venue_status": ("", *STATUSES),
}
REQUIRED = ("title", "authors", "first_posted")
UNIQUE = ("citekey", "arxiv_id", "doi")


@dataclass(frozen=True)
class Fact:
    """One row of the facts file, in its columns, and where it stands."""

    citekey: str
    title: str
    authors: tuple[str, ...]
    authors_status: str
    arxiv_id: str
    first_posted: str
    venue: str
    venue_year: int | None
    venue_kind: str
    venue_status: str
    doi: str
    code_url: str
    file: str = field(default="facts.csv", compare=False)
    line: int = field(default=0, compare=False)

    def refuse(self, found: str, expected: str) -> InputError:
        """Return the error that names this row."""
        return InputError(self.file, self.line or None, found, expected)


def parse_facts(text: str, file: str) -> tuple[Fact, ...]:
    """Return the facts of a CSV text in its order; the first wrong cell stops the reading.

    An empty citekey is a paper that has not got one yet (`assign_keys`).
    """
    rows = read_rows(text, file)
    line, header = next(rows, (1, []))
    if tuple(header) != COLUMNS:
        raise InputError(file, line, f"columns {','.join(header)!r}", ",".join(COLUMNS))
    facts = tuple(_parse_row(row, file, line) for line, row in rows)
    _refuse_repeats(facts)
    return facts


def format_facts(facts: Iterable[Fact]) -> str:
    """Return the CSV text of the facts, in their order, with LF line ends."""
    lines = [format_row(COLUMNS)]
    for fact in facts:
        cells = {column: getattr(fact, column) for column in COLUMNS}
        cells["authors"] = AUTHOR_SEPARATOR.join(fact.authors)
        lines.append(format_row(["" if cell is None else str(cell) for cell in cells.values()]))
    return "".join(lines)


def assign_keys(
    facts: Sequence[Fact], families: Mapping[str, str] = NO_FAMILIES
) -> tuple[Fact, ...]:
    """Return the facts, each with a key; a key that a fact has stays, whatever rules say now."""
    taken = {fact.citekey for fact in facts if fact.citekey}
    keyed = []
    for fact in facts:
        key = fact.citekey or _make_fact_key(fact, families, taken)
        taken.add(key)
        keyed.append(replace(fact, citekey=key))
    return tuple(keyed)


def _make_fact_key(fact: Fact, families: Mapping[str, str], taken: set[str]) -> str:
    family = parse_name(fact.authors[0], families).full_family
    return make_key(family, int(fact.first_posted[:4]), fact.title, taken)


def _parse_row(row: Sequence[str], file: str, line: int) -> Fact:
    if len(row) != len(COLUMNS):
        raise InputError(file, line, f"{len(row)} cells", f"{len(COLUMNS)} cells")
    cells = dict(zip(COLUMNS, row, strict=True))
    for column, cell in cells.items():
        expected = _find_fault(column, cell)
        if expected:
            raise InputError(file, line, f"{column} {cell!r}", expected)
    _check_venue(cells, file, line)
    year = cells.pop("venue_year")
    authors = _split_authors(cells.pop("authors"), file, line)
    return Fact(
        **cells, authors=authors, venue_year=int(year) if year else None, file=file, line=line
    )


def _find_fault(column: str, cell: str) -> str | None:
    """Return what the cell should have been, or None where it is right."""
    if cell != " ".join(cell.split()):
        return "text on one line without spaces around it or repeated in it"
    if column in REQUIRED and not cell:
        return "a value"
    if column in CHOICES and cell not in CHOICES[column]:
        return f"one of {', '.join(filter(None, CHOICES[column]))}"
    pattern, name = PATTERNS.get(column, (None, ""))
    if pattern and cell and not pattern.fullmatch(cell):
        return name
    return None


def _check_venue(cells: Mapping[str, str], file: str, line: int) -> None:
    """Refuse a venue without kind or status, and a kind, status or year without a venue."""
    venue, has_venue = cells["venue"], bool(cells["venue"])
    for column in ("venue_kind", "venue_status"):
        if bool(cells[column]) != has_venue:
            raise InputError(
                file, line, f"venue {venue!r} with {column} {cells[column]!r}", "both or neither"
            )
    if cells["venue_year"] and not has_venue:
        raise InputError(file, line, f"venue_year {cells['venue_year']!r}", "a venue beside it")


def _split_authors(cell: str, file: str, line: int) -> tuple[str, ...]:
    authors = tuple(cell.split(AUTHOR_SEPARATOR))
    if any(not author or ";" in author or author != author.strip() for author in authors):
        raise InputError(file, line, f"authors {cell!r}", f"names joined by {AUTHOR_SEPARATOR!r}")
    return authors


def _refuse_repeats(facts: Iterable[Fact]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for fact in facts:
        values = {column: getattr(fact, column) for column in UNIQUE}
        for place in (*values.items(), ("title", normalise_title(fact.title))):
            column, value = place
            if value and place in seen:
                raise fact.refuse(
                    f"{column} {value!r} as in line {seen[place]}", f"each {column} once"
                )
            seen[place] = fact.line
