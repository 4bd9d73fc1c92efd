"""Entries of the corpus and facts about them, joined by title into papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from threadbook.corpus.records import Entry
from threadbook.corpus.titles import normalise_title
from threadbook.errors import InputError
from threadbook.library.facts import CONFIRMED, Fact
from threadbook.library.names import NO_FAMILIES, parse_name
from threadbook.library.papers import Paper

ARXIV_DOI = "10.48550/"


def join_facts(
    entries: Iterable[Entry],
    facts: Iterable[Fact],
    *,
    repair: Callable[[str], str],
    families: Mapping[str, str] = NO_FAMILIES,
) -> tuple[Paper, ...]:
    """Return one paper for each entry and its fact, matched by title, sorted by key.

    Refused, by name: an entry without a fact, a fact without an entry, two entries of one
    title, a fact without a key.
    """
    waiting = {normalise_title(fact.title): fact for fact in facts}
    met: set[str] = set()
    papers = []
    for entry in entries:
        title = normalise_title(entry.title)
        if title not in waiting or title in met:
            reason = "a title once" if title in met else "a title that the facts know"
            place = entry.occurrences[0]
            raise InputError(place.page, place.line, f"paper {entry.title!r}", reason)
        met.add(title)
        papers.append(_make_paper(entry, waiting[title], repair, families))
    for title, fact in waiting.items():
        if title not in met:
            raise fact.refuse(f"fact for {fact.title!r}", "a paper of the corpus with this title")
    return tuple(sorted(papers, key=lambda paper: paper.cite_key))


def _make_paper(
    entry: Entry, fact: Fact, repair: Callable[[str], str], families: Mapping[str, str]
) -> Paper:
    if not fact.citekey:
        raise fact.refuse(f"no citekey for {fact.title!r}", "a key stored in the facts")
    # A venue that was recalled and never seen is not printed as a fact.
    known = fact.venue_status == CONFIRMED
    venue_year = fact.venue_year if known else None
    # A DOI would print an unconfirmed venue all the same, and arXiv's own says nothing new.
    has_doi = (known or not fact.venue) and not fact.doi.startswith(ARXIV_DOI)
    return Paper(
        cite_key=fact.citekey,
        title=repair(entry.title),
        authors=fact.authors,
        year=venue_year or int(fact.first_posted[:4]),
        first_posted=fact.first_posted,
        abstract=repair(entry.abstract),
        abstract_raw=entry.abstract,
        listings=tuple(map(str, entry.occurrences)),
        arxiv_id=fact.arxiv_id,
        doi=fact.doi if has_doi else "",
        code_url=fact.code_url,
        venue=fact.venue if known else "",
        venue_year=venue_year,
        venue_kind=fact.venue_kind if known else "",
        names=tuple(parse_name(author, families) for author in fact.authors),
        authors_confirmed=fact.authors_status == CONFIRMED,
    )
