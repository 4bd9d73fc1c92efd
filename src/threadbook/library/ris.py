"""The library as RIS, which EndNote, Mendeley and Zotero read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import rispy

from threadbook.library.latex import clean_text
from threadbook.library.names import Name
from threadbook.library.papers import Paper
from threadbook.library.venues import NO_VENUES, name_venue

# Kind of paper -> RIS type, and rispy's name of the tag that holds the venue (T2, PB).
FORMS = {
    "preprint": ("UNPB", "secondary_title"),
    "conference": ("CONF", "secondary_title"),
    "workshop": ("CONF", "secondary_title"),
    "journal": ("JOUR", "secondary_title"),
    "book": ("BOOK", "publisher"),
}


class _PlainWriter(rispy.RisWriter):
    """Writes records without rispy's numbers in front, which the format does not know."""

    def set_header(self, count: int) -> str:
        return ""


def to_ris(papers: Iterable[Paper], *, venues: Mapping[str, str] = NO_VENUES) -> str:
    """Return the RIS text of the papers, sorted by key."""
    ordered = sorted(papers, key=lambda paper: paper.cite_key)
    return write_records([make_record(paper, venues=venues) for paper in ordered])


def write_records(records: Sequence[dict[str, Any]]) -> str:
    """Return records, in rispy's names of the tags, as the text of an RIS file."""
    text: str = rispy.dumps(list(records), implementation=_PlainWriter)
    return text


def make_record(paper: Paper, *, venues: Mapping[str, str] = NO_VENUES) -> dict[str, Any]:
    """Return one paper as a record for rispy; what is unknown is left out.

    Every value is one line: a line of its own would begin a new field.
    """
    kind, container = FORMS[paper.kind]
    record = {
        "type_of_reference": kind,
        "id": paper.cite_key,
        "title": clean_text(paper.title),
        "authors": [_format_name(name) for name in paper.names],
        "year": str(paper.year),
        container: clean_text(name_venue(paper.venue, venues)),
        "doi": paper.doi,
        "urls": [paper.url] if paper.url else [],
        "name_of_database": "arXiv" if paper.arxiv_id else "",
        "accession_number": paper.arxiv_id,
        "keywords": list(paper.threads),
        "notes": list(paper.notes),
        "abstract": clean_text(paper.abstract),
    }
    return {tag: value for tag, value in record.items() if value}


def _format_name(name: Name) -> str:
    """Return `Family, Given, Suffix`: RIS puts the suffix last, where BibTeX has it in between."""
    return clean_text(", ".join(filter(None, (name.full_family, name.given, name.suffix))))
