"""What the map of the opening page holds: every paper at its place, by part and thread."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadbook.book import Book
from threadbook.labs.verdicts import Outcome
from threadbook.notebooks.cards import shorten_authors
from threadbook.site.part_looks import PartLook, part_look
from threadbook.site.verdicts import OUTCOMES, Found, group_by_paper

if TYPE_CHECKING:
    from threadbook.charts.atlas import Atlas

WIDTH, HEIGHT = 1100, 640
"""The drawing in px on a wide screen, for which the threads' names are placed."""
LETTER, LINE = 7.4, 18
"""In px: the width that a letter of a name takes, and the height of its line."""
_MARGIN = 4  # percent of the drawing around the outermost papers


@dataclass(frozen=True)
class Mark:
    """A paper on the map: `x` and `y` in percent from the top left, `label` as it is cited."""

    cite_key: str
    x: float
    y: float
    year: int
    label: str
    title: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Cluster:
    """The papers at home in a thread, and where its name stands, in percent."""

    slug: str
    name: str
    x: float
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Region:
    """A part with its look and those of its threads that have papers on the map."""

    slug: str
    title: str
    look: PartLook
    clusters: tuple[Cluster, ...]


def make_regions(book: Book, points: Atlas, verdicts: Sequence[Found]) -> tuple[Region, ...]:
    """Return the parts that have papers on the map, in the order of the book."""
    outcomes = find_outcomes(verdicts)
    names = place_names(points)
    regions = []
    for place, part in enumerate(book.taxonomy.parts):
        clusters = tuple(
            Cluster(
                thread.slug,
                thread.short,
                *names[thread.slug],
                tuple(_make_marks(book, points, thread.slug, outcomes)),
            )
            for thread in part.threads
            if thread.slug in names
        )
        if clusters:
            regions.append(Region(part.slug, part.title, part_look(place), clusters))
    return tuple(regions)


def _make_marks(
    book: Book, points: Atlas, slug: str, outcomes: Mapping[str, tuple[Outcome, ...]]
) -> Iterator[Mark]:
    for spot in points.spots:
        if spot.thread == slug:
            yield Mark(
                spot.cite_key,
                *_to_percent(spot.x, spot.y),
                book.by_key[spot.cite_key].posted_year,
                spot.citation,
                spot.title,
                outcomes.get(spot.cite_key, ()),
            )


def _to_percent(x: float, y: float) -> tuple[float, float]:
    inner = 100 - 2 * _MARGIN
    return round(_MARGIN + inner * x, 1), round(_MARGIN + inner * (1 - y), 1)


def place_names(points: Atlas) -> dict[str, tuple[float, float]]:
    """Return where the names of the threads stand, in percent: amid their papers.

    From the top down, each is moved up or down until it covers none of those before it.
    """
    present = {spot.thread for spot in points.spots}
    middles = {slug: _to_percent(*points.middle(slug)) for slug in points.names if slug in present}
    taken: dict[str, tuple[float, float]] = {}
    for slug, (x, y) in sorted(middles.items(), key=lambda item: (item[1][1], item[0])):
        half = _half_width(points.names[slug])
        x = min(max(x, half + 0.5), 99.5 - half)
        others = [
            (name_x, name_y, half + _half_width(points.names[other]))
            for other, (name_x, name_y) in taken.items()
        ]
        taken[slug] = (round(x, 1), round(_find_height(x, y, others), 1))
    return taken


def _half_width(name: str) -> float:
    return 50 * LETTER * len(name) / WIDTH


def _find_height(x: float, y: float, others: Sequence[tuple[float, float, float]]) -> float:
    """Return the height nearest to `y` that is free; each of the others keeps a distance in x."""
    line = 100 * LINE / HEIGHT
    steps = (side * step * line / 3 for step in range(3 * len(others) + 4) for side in (1, -1))
    heights = (y + shift for shift in steps if line / 2 <= y + shift <= 100 - line / 2)
    free = (
        height
        for height in heights
        if all(abs(x - at) >= apart or abs(height - down) >= line for at, down, apart in others)
    )
    return next(free, y)


def find_outcomes(verdicts: Sequence[Found]) -> dict[str, tuple[Outcome, ...]]:
    """Return the kinds of verdict that each paper has, by its key; a paper may have several."""
    return {
        key: tuple(name for name in OUTCOMES if any(found.outcome == name for found in group))
        for key, group in group_by_paper(verdicts).items()
    }


def list_marks(regions: Sequence[Region]) -> list[Mark]:
    """Return all papers on the map."""
    return [mark for region in regions for cluster in region.clusters for mark in cluster.marks]


def render_notes(book: Book) -> str:
    """Return the JSON that the map's notes are filled from: authors and gist by citation key."""
    papers = {key: book.by_key[key] for key in sorted(book.by_key)}
    notes = {key: [shorten_authors(paper), paper.gist] for key, paper in papers.items()}
    return json.dumps(notes, ensure_ascii=False, separators=(",", ":"))
