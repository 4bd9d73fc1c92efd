"""`data/claims.csv`: the claims of all papers, written, read and checked against the abstracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from threadbook.errors import InputError
from threadbook.library.cells import format_table, parse_table
from threadbook.library.papers import Paper
from threadbook.threads.claims.extract import Claim, extract_claims
from threadbook.threads.claims.numbers import KINDS, Numeral, find_numerals

CLAIMS = Path("data/claims.csv")
COLUMNS = (
    "citekey",
    "value",
    "unit",
    "metric",
    "direction",
    "context",
    "sentence",
    "start",
    "end",
)
DIRECTIONS = ("higher", "lower", "")
_LONGEST_UNIT = 12


def find_all_claims(papers: Iterable[Paper]) -> tuple[Claim, ...]:
    """Return the claims of all papers, sorted by key and place."""
    claims = [c for paper in papers for c in extract_claims(paper.cite_key, paper.abstract)]
    return tuple(sorted(claims, key=lambda claim: (claim.cite_key, claim.start)))


def format_claims(claims: Iterable[Claim]) -> str:
    """Return the CSV text of the claims, sorted by key and place."""
    ordered = sorted(claims, key=lambda claim: (claim.cite_key, claim.start))
    return format_table(COLUMNS, (_make_row(claim) for claim in ordered))


def parse_claims(text: str, file: str, papers: Mapping[str, Paper]) -> tuple[Claim, ...]:
    """Return the claims of a CSV text in its order, each checked by `find_fault`.

    Refused: an unknown key, offsets that are no numbers, and a sentence, a context or a number
    that the abstract does not have at that place; and rows out of order or repeated.
    """
    claims: list[Claim] = []
    for line, cells in parse_table(text, COLUMNS, file):
        claim = _read_row(cells, (file, line))
        if fault := find_fault(claim, papers):
            raise InputError(file, line, *fault)
        if claims and (claim.cite_key, claim.start) <= (claims[-1].cite_key, claims[-1].start):
            found = f"{claim.cite_key} at {claim.start}"
            raise InputError(file, line, found, "rows sorted by citekey and start, each once")
        claims.append(claim)
    return tuple(claims)


def find_fault(claim: Claim, papers: Mapping[str, Paper]) -> tuple[str, str] | None:
    """Return what is wrong with a claim as (found, expected), or None."""
    paper = papers.get(claim.cite_key)
    if paper is None:
        return f"citekey {claim.cite_key!r}", "a key of the library"
    if not claim.value:
        return "no value", "a number"
    if claim.direction not in DIRECTIONS:
        return f"direction {claim.direction!r}", "higher, lower or nothing"
    if not 0 <= claim.start < claim.end <= len(paper.abstract):
        found = f"offsets {claim.start} to {claim.end}"
        return found, f"a place in the {len(paper.abstract)} characters of the abstract"
    return _find_wrong_words(claim, paper)


def _find_wrong_words(claim: Claim, paper: Paper) -> tuple[str, str] | None:
    """Return what does not agree with the abstract: the number, its sentence or its context."""
    number = paper.abstract[claim.start : claim.end]
    if not _reads_as(paper.abstract, claim):
        return f"value {claim.value!r} for {number!r}", "the number that stands there"
    for name, words in (("sentence", claim.sentence), ("context", claim.context)):
        if not _stands_around(paper.abstract, words, claim):
            place = f"{number!r} at {claim.start}"
            return f"{name} {words!r}", f"words of the abstract around {place}"
    if claim.context not in claim.sentence:
        return f"context {claim.context!r}", "words of the sentence"
    return None


def _reads_as(abstract: str, claim: Claim) -> bool:
    """Whether the number in its place has the value of the claim, its unit read along or not.

    What makes "2 and 6" a range, and the article of "under a second" a number, stands before it,
    and what makes "2% to 6" a range behind it.
    """
    number = abstract[claim.start : claim.end]
    unit = abstract[claim.end : claim.end + _LONGEST_UNIT]
    return any(
        Numeral(len(opening), len(opening) + len(number), claim.value, kind) in found
        for opening in ("", "between ", "under ", "a ", "by a ", "ranked ")
        for found in (find_numerals(opening + number), find_numerals(opening + number + unit))
        for kind in KINDS
    )


def _stands_around(abstract: str, words: str, claim: Claim) -> bool:
    """Whether `words` stand in the abstract where they hold the number."""
    first, last = max(0, claim.end - len(words)), claim.start + len(words)
    return bool(words) and abstract.find(words, first, last) >= 0


def _make_row(claim: Claim) -> list[str]:
    return [
        claim.cite_key,
        claim.value,
        claim.unit,
        claim.metric,
        claim.direction,
        claim.context,
        claim.sentence,
        str(claim.start),
        str(claim.end),
    ]


def _read_row(cells: Mapping[str, str], place: tuple[str, int]) -> Claim:
    for column in ("start", "end"):
        if not (cells[column].isascii() and cells[column].isdigit()):
            raise InputError(*place, f"{column} {cells[column]!r}", "a number of characters")
    return Claim(
        cite_key=cells["citekey"],
        value=cells["value"],
        unit=cells["unit"],
        metric=cells["metric"],
        direction=cells["direction"],
        context=cells["context"],
        sentence=cells["sentence"],
        start=int(cells["start"]),
        end=int(cells["end"]),
    )
