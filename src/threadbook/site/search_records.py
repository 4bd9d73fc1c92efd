"""What the search can find: each paper's card, each term and each page as one small document.

Pagefind reads HTML, so a record becomes a page of its own that nobody opens. What stands in its
facts is found but not quoted; what stands in its body is found and quoted as context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from threadbook.book import Book
from threadbook.library.papers import Paper
from threadbook.site.context import NOTEBOOKS
from threadbook.threads.lineage.method_names import list_names
from threadbook.writing.glossary import GLOSSARY, Glossary, anchor_of

Kind = Literal["paper", "thread", "term", "page"]
"""What a result can be; `static/search.js` has the word and the weight of each."""
_ARTICLE = re.compile(r"<article\b[^>]*>(.*)</article>", re.S)
_SECTION = re.compile(r'(<section\b[^>]*) id="([^"]+)"([^>]*>\s*<h[2-6])')


@dataclass(frozen=True)
class Record:
    """One result: its address below the site's root, what finds it and what is quoted of it.

    `thread` is told with the result but finds nothing: else the name of a thread would find all
    of its papers.
    """

    address: str
    kind: Kind
    title: str
    body: tuple[str, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    thread: str = ""


def list_papers(book: Book) -> Iterator[Record]:
    """Yield a record for each paper; it leads to the card."""
    for paper in book.papers:
        yield Record(
            address=f"{NOTEBOOKS}{paper.thread}.html#{paper.cite_key}",
            kind="paper",
            title=paper.title,
            body=tuple(filter(None, (paper.gist, paper.abstract))),
            facts=_facts_of(paper),
            thread=book.taxonomy.thread(paper.thread).short,
        )


def _facts_of(paper: Paper) -> dict[str, str]:
    facts = {
        "authors": ", ".join(paper.authors),
        "year": paper.first_posted[:4],
        "venue": f"{paper.venue} {paper.venue_year or ''}".strip(),
        "key": paper.cite_key,
        "names": ", ".join(dict.fromkeys(list_names(paper))),
    }
    return {name: text for name, text in facts.items() if text}


def list_terms(glossary: Glossary) -> Iterator[Record]:
    """Yield a record for each term, under all of its names."""
    page = GLOSSARY.with_suffix(".html").as_posix()
    for term in glossary.terms:
        yield Record(
            address=f"{page}#{anchor_of(term.names[0])}",
            kind="term",
            title=term.names[0],
            body=(term.definition,),
            facts={"names": ", ".join(term.names)},
        )


def render_record(record: Record) -> str:
    """Return the record as a page for Pagefind."""
    facts = {"title": record.title, **record.facts}
    hidden = [_hide(f'meta="{name}"', text) for name, text in facts.items()]
    if record.thread:
        hidden.append(_hide('filter="thread"', record.thread))
    body = (f"<p>{escape(text)}</p>" for text in record.body)
    return _frame(record.kind, "".join((*hidden, *body)))


def _hide(role: str, text: str) -> str:
    return f"<p data-pagefind-ignore data-pagefind-{role}>{escape(text)}</p>"


def render_page(html: str, kind: Kind) -> str:
    """Return the article of a built page as a page for Pagefind.

    Pagefind tells sections apart by the ids of headings; Sphinx gives the ids to sections.
    """
    article = _ARTICLE.search(html)
    if article is None:
        raise ValueError("found no <article>; expected the page's text in one")
    return _frame(kind, _SECTION.sub(r'\1\3 id="\2"', article[1]))


def _frame(kind: Kind, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><body>'
        f'<article data-pagefind-filter="kind:{kind}">{body}</article></body></html>\n'
    )
