"""Which pages stand for their kind in the audit."""

from __future__ import annotations

from pathlib import Path

OPENING = "index.html"
KINDS = {
    "opening": OPENING,
    "part": "chapters/parts/*.html",
    "thread with a lab": "notebooks/straight-to-one-step.html",
    "thread": "notebooks/*.html",
    "papers": "chapters/papers.html",
    "claims": "chapters/claims.html",
    "verdicts": "chapters/verdicts.html",
    "lineage": "chapters/lineage.html",
    "field": "chapters/field.html",
    "glossary": "chapters/glossary.html",
    "authors": "chapters/authors.html",
    "how to read": "chapters/reading.html",
    "citing": "chapters/citing.html",
    "method": "chapters/method.html",
    "search": "search.html",
}
"""A page of each kind: its address, or a pattern of which the first is taken."""
LIGHTHOUSE = ("opening", "thread with a lab", "papers")
"""The kinds that Lighthouse measures."""


def choose_pages(html: Path) -> dict[str, str]:
    """Return the address of a page of each kind that the site in `html` has."""
    found = {kind: sorted(html.glob(pattern)) for kind, pattern in KINDS.items()}
    return {kind: files[0].relative_to(html).as_posix() for kind, files in found.items() if files}
