"""Figures of the whole field for hand-written pages: `{field-figure} map`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from threadbook.book import DATA_FILES, Book
from threadbook.site.context import NOTEBOOKS, book_of, climb

if TYPE_CHECKING:
    from threadbook.charts.atlas import Atlas
    from threadbook.charts.embed import EmbeddedFigure

logger = logging.getLogger(__name__)


class FieldFigure(SphinxDirective):
    """One figure of the whole field, by its name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the figure as HTML; an unknown name is reported with those there are."""
        book = book_of(self.env.app)
        name = self.arguments[0]
        if name not in FIGURES:
            known = ", ".join(FIGURES)
            logger.warning("no figure %r (%s)", name, known, location=self.get_location())
            return []
        for file in DATA_FILES:
            self.env.note_dependency(str(book.root / file))
        number = len(self.env.temp_data.setdefault("threadbook_figures", [])) + 1
        self.env.temp_data["threadbook_figures"].append(name)
        up = climb(self.env.docname)
        figure = FIGURES[name](book, f"{up}{NOTEBOOKS}", number)
        return [nodes.raw("", figure.to_html(), format="html")]


def card_links(book: Book, base: str) -> dict[str, str]:
    """Return the address of each paper's card by key, below the folder `base` of the notebooks."""
    return {paper.cite_key: f"{base}{paper.thread}.html#{paper.cite_key}" for paper in book.papers}


def map_points(book: Book) -> Atlas:
    """Return the papers that have a place on the map, with the names and looks of the threads."""
    from threadbook import charts

    looks = {
        item.slug: (item.short, charts.thread_look(item.slug, book.slugs))
        for item in book.taxonomy.threads
    }
    return charts.atlas(book.papers, book.places, book.labels, looks)


def draw_map(book: Book, base: str, number: int) -> EmbeddedFigure:
    """Return the map of all papers."""
    from threadbook import charts

    points = map_points(book)
    return charts.embed(
        charts.draw_atlas(points, hrefs=card_links(book, base)),
        name="map",
        number=number,
        caption=charts.atlas_caption(points),
        alt=charts.atlas_alt(points),
    )


def draw_years(book: Book, base: str, number: int) -> EmbeddedFigure:
    """Return the river of threads over the years."""
    from threadbook import charts
    from threadbook.charts.river import draw_river, river, river_alt, river_caption, stream

    last = max(paper.posted_year for paper in book.papers)
    parts = [
        (
            part.title,
            [
                stream(
                    book.thread(thread.slug).papers,
                    thread.short,
                    charts.thread_look(thread.slug, book.slugs),
                    f"{base}{thread.slug}.html",
                    last,
                )
                for thread in part.threads
            ],
        )
        for part in book.taxonomy.parts
    ]
    shown = river(parts, last)
    return charts.embed(
        draw_river(shown),
        name="river",
        number=number,
        caption=river_caption(shown),
        alt=river_alt(shown),
    )


def draw_venues(book: Book, base: str, number: int) -> EmbeddedFigure:
    """Return the venues with most papers."""
    from threadbook import charts
    from threadbook.charts.bars import Bar, bars, bars_alt, draw_bars

    counts = Counter(paper.venue for paper in book.papers if paper.venue)
    shown = bars([Bar(name, count) for name, count in counts.items()], most=14)
    published = sum(counts.values())
    return charts.embed(
        draw_bars(shown, xlabel="papers", look=charts.LOOKS[0]),
        name="venues",
        number=number,
        caption=f"Where the {published} papers with a confirmed venue appeared; "
        f"{shown.others} venues with fewer papers are not drawn. "
        f"The other {len(book.papers) - published} are cited as posted; some have been published.",
        alt=bars_alt(shown, "papers by venue"),
    )


def draw_metrics(book: Book, base: str, number: int) -> EmbeddedFigure:
    """Return what the reported figures measure."""
    from threadbook import charts
    from threadbook.charts.bars import Bar, bars, bars_alt, draw_bars

    counts = Counter(claim.metric or "not named" for claim in book.claims)
    papers = len({claim.cite_key for claim in book.claims})
    shown = bars([Bar(name, count) for name, count in counts.items()])
    return charts.embed(
        draw_bars(shown, xlabel="reported figures", look=charts.LOOKS[1]),
        name="metrics",
        number=number,
        caption=f"The {len(book.claims)} figures that the abstracts of {papers} papers report, by "
        f"what they measure. The abstracts of the other {len(book.papers) - papers} papers report "
        "no number as a result.",
        alt=bars_alt(shown, "reported figures by metric"),
    )


def draw_carriers(book: Book, base: str, number: int) -> EmbeddedFigure:
    """Return the papers that most others of the corpus take up."""
    from threadbook import charts
    from threadbook.charts.bars import Bar, bars, bars_alt, draw_bars

    links = card_links(book, base)
    counts = Counter(edge.cited for edge in book.lineage)
    found = [
        Bar(book.labels[key].parenthetical, count, links[key], book.by_key[key].title)
        for key, count in counts.items()
    ]
    shown = bars([bar for bar in found if bar.count > 1])
    once = sum(bar.count == 1 for bar in found)
    return charts.embed(
        draw_bars(shown, xlabel="papers of the corpus that take it up", look=charts.LOOKS[2]),
        name="carriers",
        number=number,
        caption="Papers that several others of the corpus take up, by the "
        f"{len(book.lineage)} edges of the lineage; {once} more are taken up once. These are no "
        "citation counts: an abstract names few of the works that its paper rests on.",
        alt=bars_alt(shown, "papers by how many others take them up"),
    )


def draw_lineage(book: Book, base: str, number: int) -> EmbeddedFigure:
    """Return the papers that take one another up, in time, a lane a thread."""
    from threadbook import charts

    joined = {key for edge in book.lineage for key in (edge.citing, edge.cited)}
    shorts = {item.slug: item.short for item in book.taxonomy.threads}
    papers = [
        replace(paper, subthread=shorts[paper.thread])
        for slug in book.slugs
        for paper in book.thread(slug).papers
        if paper.cite_key in joined
    ]
    points = charts.timeline(papers, labels=book.labels)
    arrows = [(edge.cited, edge.citing) for edge in book.lineage]
    crossing = sum(
        book.by_key[edge.cited].thread != book.by_key[edge.citing].thread for edge in book.lineage
    )
    return charts.embed(
        charts.draw_timeline(points, hrefs=card_links(book, base), arrows=arrows),
        name="lineage",
        number=number,
        caption=f"The {len(papers)} papers that abstracts of the corpus join by name, in time; an "
        f"arrow leads from a paper to one that takes it up. {crossing} of {len(arrows)} arrows "
        "cross from one thread into another.",
        alt=charts.timeline_alt(points) + f" {len(arrows)} arrows join them.",
    )


def draw_pages(book: Book, base: str, number: int) -> EmbeddedFigure:
    """Return how the listing pages overlap."""
    from threadbook import charts
    from threadbook.charts.overlap import draw_overlap, overlap, overlap_alt, overlap_caption

    shown = overlap(book.papers)
    return charts.embed(
        draw_overlap(shown, look=charts.LOOKS[0]),
        name="overlap",
        number=number,
        caption=overlap_caption(shown),
        alt=overlap_alt(shown),
    )


FIGURES: dict[str, Callable[[Book, str, int], EmbeddedFigure]] = {
    "map": draw_map,
    "river": draw_years,
    "venues": draw_venues,
    "lineage": draw_lineage,
    "carriers": draw_carriers,
    "metrics": draw_metrics,
    "overlap": draw_pages,
}
