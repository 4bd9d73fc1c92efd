"""The library as BibTeX: one function writes it, from records, and escapes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat

from threadbook.library.latex import escape_latex
from threadbook.library.names import Name
from threadbook.library.papers import Paper
from threadbook.library.venues import NO_VENUES, name_venue

# Kind of paper -> entry type, and the field that holds the venue, which a preprint has not.
FORMS = {
    "preprint": ("misc", "howpublished"),
    "conference": ("inproceedings", "booktitle"),
    "workshop": ("inproceedings", "booktitle"),
    "journal": ("article", "journal"),
    "book": ("book", "publisher"),
}
VERBATIM_REFUSED = re.compile(r"[{}\\\s\x00-\x1f\x7f]")
LAYOUT = BibtexFormat()  # type: ignore[no-untyped-call]
LAYOUT.indent = "  "
LAYOUT.block_separator = "\n"
LAYOUT.trailing_comma = True


def to_bibtex(papers: Iterable[Paper], *, venues: Mapping[str, str] = NO_VENUES) -> str:
    """Return the BibTeX file of the papers, sorted by key."""
    ordered = sorted(papers, key=lambda paper: paper.cite_key)
    repeated = {old.cite_key for old, new in pairwise(ordered) if old.cite_key == new.cite_key}
    if repeated:
        raise ValueError(f"each key once expected, found again: {sorted(repeated)}")
    library = Library([_make_entry(paper, venues) for paper in ordered])
    return write_string(library, unparse_stack=[], bibtex_format=LAYOUT)


def entry_bibtex(paper: Paper, *, venues: Mapping[str, str] = NO_VENUES) -> str:
    """Return one paper's BibTeX entry, ending in a line break, as it stands in the file."""
    return to_bibtex([paper], venues=venues)


def name_bibtex(name: Name) -> str:
    """Return `Family, Given` or `Family, Jr., Given`, braced where BibTeX would misread it."""
    family = _protect(name.family)
    if len(name.family.split()) > 1 and (name.is_group or _has_lower_word(name.family)):
        family = "{" + escape_latex(name.family) + "}"
    parts = (f"{escape_latex(name.particle)} {family}".strip(), name.suffix, name.given)
    return ", ".join([parts[0], *(_protect(part) for part in parts[1:] if part)])


def _make_entry(paper: Paper, venues: Mapping[str, str]) -> Entry:
    fields = [Field(key, "{" + value + "}") for key, value in _list_fields(paper, venues) if value]
    return Entry(FORMS[paper.kind][0], paper.cite_key, fields)


def _list_fields(paper: Paper, venues: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return escaped fields in the order of the file; an empty one is left out."""
    container = FORMS[paper.kind][1]
    return [
        ("author", " and ".join(map(name_bibtex, paper.names))),
        ("title", "{" + escape_latex(paper.title) + "}"),
        (container, escape_latex(name_venue(paper.venue, venues))),
        ("year", str(paper.year)),
        ("doi", _check_verbatim(paper.doi)),
        ("eprint", _check_verbatim(paper.arxiv_id)),
        ("archivePrefix", "arXiv" if paper.arxiv_id else ""),
        ("url", _check_verbatim(paper.url)),
        ("keywords", ", ".join(map(escape_latex, paper.threads))),
        ("note", "; ".join(paper.notes)),
        ("abstract", escape_latex(paper.abstract)),
    ]


def _check_verbatim(identifier: str) -> str:
    """Return what BibTeX's readers take as it stands, where an escape would break the link."""
    if VERBATIM_REFUSED.search(identifier):
        raise ValueError(f"identifier {identifier!r} holds a brace, a backslash or a space")
    return identifier


def _protect(part: str) -> str:
    """Return a part of a name, braced where it holds what separates names or their parts."""
    text = escape_latex(part)
    is_separator = "," in text or any(word.lower() in ("and", "others") for word in text.split())
    return "{" + text + "}" if is_separator else text


def _has_lower_word(family: str) -> bool:
    """Whether BibTeX would take a word of the family name for a particle."""
    return any(word[0].islower() for word in family.split()[:-1])
