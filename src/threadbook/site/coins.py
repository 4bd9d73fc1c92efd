"""Papers as COinS: empty spans whose titles hold an OpenURL, which reference managers look for.

The keys are those of the Key/Encoded-Value formats of ANSI/NISO Z39.88-2004. A preprint is told
in the Dublin Core format, whose `type` is free: only there can a reader such as Zotero's learn
that it is one, where the format for journals would make it an article of no journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote, urlencode

from threadbook.library.latex import clean_text
from threadbook.library.names import Name
from threadbook.library.papers import Paper
from threadbook.library.venues import NO_VENUES, name_venue

VERSION = "Z39.88-2004"
FORMATS = "info:ofi/fmt:kev:mtx:"
# Kind of paper -> format, genre, and the keys of the title and of the venue.
FORMS = {
    "conference": ("book", "proceeding", "atitle", "btitle"),
    "workshop": ("book", "proceeding", "atitle", "btitle"),
    "journal": ("journal", "article", "atitle", "jtitle"),
    "book": ("book", "book", "btitle", "pub"),
}


def render_coins(papers: Iterable[Paper], *, venues: Mapping[str, str] = NO_VENUES) -> str:
    """Return one span a paper, each on a line of its own."""
    return "".join(
        f'<span class="Z3988" title="{escape(make_query(paper, venues=venues))}"></span>\n'
        for paper in papers
    )


def make_query(paper: Paper, *, venues: Mapping[str, str] = NO_VENUES) -> str:
    """Return the context object of a paper, encoded like the query of an address."""
    describe = _describe_preprint if paper.kind == "preprint" else _describe_published
    pairs = [("ctx_ver", VERSION), *describe(paper, venues), *_identify(paper)]
    return urlencode([(key, value) for key, value in pairs if value], quote_via=quote, safe=":/")


def _describe_preprint(paper: Paper, _venues: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        ("rft_val_fmt", f"{FORMATS}dc"),
        ("rft.type", "preprint"),
        ("rft.title", clean_text(paper.title)),
        *(("rft.creator", _invert(name)) for name in paper.names),
        ("rft.date", paper.first_posted),
    ]


def _describe_published(paper: Paper, venues: Mapping[str, str]) -> list[tuple[str, str]]:
    kind, genre, title, venue = FORMS[paper.kind]
    return [
        ("rft_val_fmt", f"{FORMATS}{kind}"),
        ("rft.genre", genre),
        (f"rft.{title}", clean_text(paper.title)),
        (f"rft.{venue}", clean_text(name_venue(paper.venue, venues))),
        *map(_name_author, paper.names),
        ("rft.date", str(paper.year)),
    ]


def _name_author(name: Name) -> tuple[str, str]:
    """Return a group or a person under the key that the formats have for each.

    Not the first author in parts (`aulast`, `aufirst`) as well: Zotero takes two authors of one
    family name for one where the given name of the first begins that of the other.
    """
    return ("rft.aucorp", name.family) if name.is_group else ("rft.au", _invert(name))


def _invert(name: Name) -> str:
    """Return `Family Suffix, Given`: a second comma would end the given name for most readers."""
    family = f"{name.full_family} {name.suffix}".strip()
    return clean_text(f"{family}, {name.given}" if name.given else family)


def _identify(paper: Paper) -> list[tuple[str, str]]:
    return [
        ("rft_id", f"info:doi/{paper.doi}" if paper.doi else ""),
        ("rft_id", paper.url),
    ]
