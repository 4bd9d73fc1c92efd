"""The library as CSL-JSON, which Zotero, pandoc and citation processors read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from threadbook.library.latex import clean_text
from threadbook.library.names import Name
from threadbook.library.papers import Paper
from threadbook.library.venues import NO_VENUES, name_venue

# Kind of paper -> CSL type, and the variable that holds the venue.
FORMS = {
    "preprint": ("article", "container-title"),
    "conference": ("paper-conference", "container-title"),
    "workshop": ("paper-conference", "container-title"),
    "journal": ("article-journal", "container-title"),
    "book": ("book", "publisher"),
}


def to_csl(papers: Iterable[Paper], *, venues: Mapping[str, str] = NO_VENUES) -> str:
    """Return the CSL-JSON text of the papers, sorted by key."""
    ordered = sorted(papers, key=lambda paper: paper.cite_key)
    items = [make_item(paper, venues=venues) for paper in ordered]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def make_item(paper: Paper, *, venues: Mapping[str, str] = NO_VENUES) -> dict[str, Any]:
    """Return one paper as a CSL item; what is unknown is left out.

    A preprint is an `article` whose number and archive are arXiv's, as CSL 1.0.2 has it.
    """
    kind, container = FORMS[paper.kind]
    item = {
        "id": paper.cite_key,
        "type": kind,
        "title": clean_text(paper.title),
        "author": [_make_name(name) for name in paper.names],
        "issued": {"date-parts": [[paper.year]]},
        container: clean_text(name_venue(paper.venue, venues)),
        "DOI": paper.doi,
        "URL": paper.url,
        "archive": "arXiv" if paper.arxiv_id else "",
        "archive_location": paper.arxiv_id,
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id and not paper.venue else "",
        "keyword": ", ".join(paper.threads),
        "note": "; ".join(paper.notes),
        "abstract": clean_text(paper.abstract),
    }
    return {variable: value for variable, value in item.items() if value}


def _make_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": clean_text(name.full_family)}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: clean_text(value) for part, value in parts.items() if value}
