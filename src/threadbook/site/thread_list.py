"""The parts and threads of the book, each with its question, its papers in time, its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from threadbook.book import DATA_FILES, Book
from threadbook.labs.verdicts import SIGNS, Outcome
from threadbook.notebooks.inline import Html, escape_text, make_link
from threadbook.site.context import NOTEBOOKS, book_of, climb
from threadbook.site.part_looks import draw_swatch, part_look
from threadbook.site.sparkline import Scale, count_years, draw_sparkline, make_scale
from threadbook.site.stages import EXECUTED
from threadbook.site.verdicts import Found, count_outcomes, verdicts_of
from threadbook.threads.taxonomy import Part

PLURALS: Mapping[Outcome, str] = {"holds": "hold", "mixed": "mixed", "fails": "fail"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ThreadEntry:
    """What the list says of a thread: `years` counts its papers, `outcomes` its verdicts."""

    slug: str
    title: str
    question: str
    years: Mapping[int, int]
    outcomes: Mapping[Outcome, int]

    @property
    def papers(self) -> int:
        """The number of papers at home in the thread."""
        return sum(self.years.values())


@dataclass(frozen=True)
class PartEntry:
    """A part with its threads; `place` counts the parts from 0, `has_page` tells of its own."""

    slug: str
    title: str
    place: int
    has_page: bool
    threads: tuple[ThreadEntry, ...]


def list_parts(book: Book, verdicts: Sequence[Found]) -> tuple[PartEntry, ...]:
    """Return the parts in the order of the book."""
    return tuple(
        PartEntry(
            part.slug,
            part.title,
            place,
            (book.root / "chapters" / "parts" / f"{part.slug}.md").exists(),
            tuple(_list_threads(book, part, verdicts)),
        )
        for place, part in enumerate(book.taxonomy.parts)
    )


def _list_threads(book: Book, part: Part, verdicts: Sequence[Found]) -> Iterator[ThreadEntry]:
    for thread in part.threads:
        yield ThreadEntry(
            thread.slug,
            thread.title,
            thread.question,
            count_years(book.thread(thread.slug).papers),
            count_outcomes(found for found in verdicts if found.thread == thread.slug),
        )


def find_scale(parts: tuple[PartEntry, ...]) -> Scale:
    """Return the scale that all threads of the book share, on whichever page they stand."""
    return make_scale(thread.years for part in parts for thread in part.threads)


def render_part(part: PartEntry, scale: Scale, up: str) -> Html:
    """Return a section of the opening page: the part's title, and its threads."""
    papers = sum(thread.papers for thread in part.threads)
    count = f"{_count(papers, 'paper')} in {_count(len(part.threads), 'thread')}"
    title = escape_text(part.title)
    if part.has_page:
        title = make_link(f"{up}chapters/parts/{part.slug}.html", part.title)
    return Html(
        f'<section class="tb-part" aria-labelledby="part-{part.slug}"><div class="tb-part-head">'
        f'<h3 id="part-{part.slug}">{draw_swatch(part_look(part.place))} {title}</h3>'
        f"<p>{count}</p></div>{render_threads(part, scale, up)}</section>"
    )


def render_threads(part: PartEntry, scale: Scale, up: str) -> Html:
    """Return the list of a part's threads."""
    colour = part_look(part.place).colour
    items = "".join(
        _render_thread(thread, draw_sparkline(thread.years, scale, colour), up)
        for thread in part.threads
    )
    return Html(f'<ul class="tb-threads">{items}</ul>')


def _render_thread(thread: ThreadEntry, bars: Html, up: str) -> str:
    link = make_link(f"{up}{NOTEBOOKS}{thread.slug}.html", thread.title)
    counts = render_badges(thread.outcomes)
    badges = f"<p>{counts}</p>" if counts else ""
    return (
        f'<li><div class="tb-thread-says"><p class="tb-thread-title">{link}</p>'
        f"<p>{escape_text(thread.question)}</p></div>"
        f'<div class="tb-thread-data"><p>{bars} '
        f"<span>{_count(thread.papers, 'paper')}</span></p>{badges}</div></li>"
    )


def render_badges(counts: Mapping[Outcome, int]) -> Html:
    """Return a badge with the number of verdicts for each outcome that there is."""
    words = {name: name if count == 1 else PLURALS[name] for name, count in counts.items()}
    return Html(
        " ".join(
            f'<span class="tb-badge tb-is-{name}">{SIGNS[name]} {count} {words[name]}</span>'
            for name, count in counts.items()
            if count
        )
    )


def render_key(scale: Scale) -> Html:
    """Return the line that explains bars and badges."""
    return Html(
        f'<p class="tb-threads-key">Bars count the papers by year of first posting, {scale.first} '
        f"to {scale.last}. Badges count the claims that a lab has put to the test, by verdict; a "
        "thread without badges has no lab yet.</p>"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


class ThreadList(SphinxDirective):
    """All parts with their threads; with the slug of a part, the threads of that part alone."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list as HTML; an unknown part is reported with its place."""
        book, up = book_of(self.env.app), climb(self.env.docname)
        wanted = self.arguments[0] if self.arguments else None
        parts = list_parts(book, verdicts_of(self.env.app))
        scale = find_scale(parts)
        for file in (*DATA_FILES, *(EXECUTED / f"{slug}.ipynb" for slug in book.slugs)):
            self.env.note_dependency(str(book.root / file))
        if wanted is None:
            found = [render_key(scale), *(render_part(part, scale, up) for part in parts)]
        else:
            found = [render_threads(part, scale, up) for part in parts if part.slug == wanted]
        if not found:
            logger.warning("no part %r to list", wanted, location=self.get_location())
        return [nodes.raw("", "\n".join(found), format="html")]
