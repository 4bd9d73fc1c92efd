"""`data/papers.csv`: the table of all papers, written and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from threadbook.errors import InputError
from threadbook.library.cells import format_table, parse_table
from threadbook.library.facts import CONFIRMED, Fact
from threadbook.library.names import NO_FAMILIES, parse_name
from threadbook.library.papers import Paper

COLUMNS = (
    "citekey",
    "title",
    "authors",
    "year",
    "first_posted",
    "venue",
    "venue_year",
    "arxiv_id",
    "doi",
    "code_url",
    "thread",
    "subthread",
    "also",
    "gist",
    "abstract",
    "abstract_raw",
    "listings",
)
SEPARATOR = "; "
LISTS = ("authors", "also", "listings")


def format_papers(papers: Iterable[Paper]) -> str:
    """Return the CSV text of the papers, sorted by key (`cells` says how text enters it)."""
    ordered = sorted(papers, key=lambda paper: paper.cite_key)
    return format_table(COLUMNS, (_make_row(paper) for paper in ordered))


def parse_papers(
    text: str,
    file: str,
    *,
    facts: Iterable[Fact] = (),
    families: Mapping[str, str] = NO_FAMILIES,
) -> tuple[Paper, ...]:
    """Return the papers of a CSV text in its order.

    The table has no column for the kind of a venue nor for whether the authors are
    confirmed: these come from `facts`, and stay at their defaults without them.
    """
    by_key = {fact.citekey: fact for fact in facts}
    papers: dict[str, Paper] = {}
    for line, cells in parse_table(text, COLUMNS, file):
        key = cells["citekey"]
        if not key or key in papers:
            raise InputError(file, line, f"citekey {key!r}", "each key once, and none empty")
        if by_key and key not in by_key:
            raise InputError(file, line, f"citekey {key!r}", "a key of the facts")
        papers[key] = _read_row(cells, by_key.get(key), families, (file, line))
    return tuple(papers.values())


def _make_row(paper: Paper) -> list[str]:
    """Return the cells of one paper; a list whose item holds the separator is refused."""
    cells = []
    for column in COLUMNS:
        value = getattr(paper, "cite_key" if column == "citekey" else column)
        if column in LISTS:
            if any(SEPARATOR in item or not item for item in value):
                raise ValueError(f"{paper.cite_key}: {column} {value!r} cannot be joined")
            value = SEPARATOR.join(value)
        cells.append("" if value is None else str(value))
    return cells


def _read_row(
    cells: Mapping[str, str],
    fact: Fact | None,
    families: Mapping[str, str],
    place: tuple[str, int],
) -> Paper:
    year = _read_year("year", cells, place)
    if year is None:
        raise InputError(*place, "no year", "a year")
    authors = _split(cells["authors"])
    return Paper(
        cite_key=cells["citekey"],
        title=cells["title"],
        authors=authors,
        year=year,
        first_posted=cells["first_posted"],
        abstract=cells["abstract"],
        abstract_raw=cells["abstract_raw"],
        listings=_split(cells["listings"]),
        arxiv_id=cells["arxiv_id"],
        doi=cells["doi"],
        code_url=cells["code_url"],
        venue=cells["venue"],
        venue_year=_read_year("venue_year", cells, place),
        venue_kind=fact.venue_kind if fact and cells["venue"] else "",
        thread=cells["thread"],
        subthread=cells["subthread"],
        also=_split(cells["also"]),
        gist=cells["gist"],
        names=tuple(parse_name(author, families) for author in authors),
        authors_confirmed=fact is None or fact.authors_status == CONFIRMED,
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(SEPARATOR)) if cell else ()


def _read_year(column: str, cells: Mapping[str, str], place: tuple[str, int]) -> int | None:
    cell = cells[column]
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit()):
        raise InputError(*place, f"{column} {cell!r}", "a year")
    return int(cell)
