"""What a page is and says in a sentence, for those who see it only from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from threadbook.book import Book, BookThread
from threadbook.site.book_facts import facts_of
from threadbook.site.context import HOME, NOTEBOOKS, book_of
from threadbook.threads.taxonomy import Part

MOST = 160
"""Characters of a description: what search engines show of one."""
HOME_PAGES = (HOME, "index")
"""The opening page, and the same at the root of the site."""
_ASIDE = re.compile(r" ?\([^()]*\)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")


@dataclass(frozen=True)
class PageFacts:
    """A page: its name for Sphinx, its title and description, and the thread or part that it is."""

    name: str
    title: str
    description: str
    thread: BookThread | None = None
    part: Part | None = None

    @property
    def is_home(self) -> bool:
        """Whether this is the opening page."""
        return self.name in HOME_PAGES


def gather_facts(
    app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None
) -> PageFacts:
    """Return the facts of a page that is being written; one without text is told like the book."""
    book, facts = book_of(app), facts_of(app)
    thread = find_thread(book, page)
    text = read_opening(doctree) if doctree else ""
    return PageFacts(
        page,
        facts.title if page in HOME_PAGES else _read_title(app, page, context),
        describe_thread(thread) if thread else shorten_text(text or facts.abstract or facts.title),
        thread,
        find_part(book, page),
    )


def find_thread(book: Book, page: str) -> BookThread | None:
    """Return the thread that a page is for."""
    slug = page.removeprefix(NOTEBOOKS)
    return book.thread(slug) if page.startswith(NOTEBOOKS) and slug in book.slugs else None


def find_part(book: Book, page: str) -> Part | None:
    """Return the part of the book that a page opens."""
    _, folder, slug = page.rpartition("/parts/")
    return next((part for part in book.taxonomy.parts if folder and part.slug == slug), None)


def read_opening(doctree: nodes.document) -> str:
    """Return the first paragraph of a page's text that holds no mathematics; "" where none is."""
    for paragraph in doctree.findall(nodes.paragraph):
        is_prose = isinstance(paragraph.parent, nodes.section)
        if is_prose and not any(paragraph.findall(nodes.math)):
            return str(paragraph.astext())
    return ""


def describe_thread(thread: BookThread) -> str:
    """Return the question of a thread, with number and years of its papers where they fit."""
    whole = f"{thread.question} {count_papers(thread)}."
    return whole if len(whole) <= MOST else shorten_text(thread.question)


def count_papers(thread: BookThread) -> str:
    """Return how many papers a thread has, and from which years."""
    years = sorted(paper.posted_year for paper in thread.papers)
    span = f"{years[0]} to {years[-1]}" if years[0] < years[-1] else f"{years[0]}"
    return f"{len(thread.papers)} paper{'s' * (len(years) > 1)}, {span}"


def shorten_text(text: str, most: int = MOST) -> str:
    """Return at most `most` characters of a text, no word cut.

    Asides in parentheses go first, then whole sentences from the end, then the end of the first.
    """
    text = " ".join(text.split())
    if len(text) > most:
        text = _ASIDE.sub("", text)
    kept, *others = _SENTENCE.split(text)
    for sentence in others:
        if len(kept) + 1 + len(sentence) > most:
            break
        kept = f"{kept} {sentence}"
    return kept if len(kept) <= most else _cut(kept, most)


def _cut(sentence: str, most: int) -> str:
    """Return the beginning of a sentence: up to a comma in its second half, or to a word."""
    words = sentence[: most - 1].rpartition(" ")[0]  # one character less, for the dots
    clause = max(words.rfind(mark) for mark in ",;:")
    return f"{words[:clause] if clause > most // 2 else words} …"


def _read_title(app: Sphinx, page: str, context: dict[str, Any]) -> str:
    known = app.env.titles.get(page)
    if known is not None:
        return str(known.astext())
    return unescape(str(context.get("title", ""))) or str(app.config.html_title)
