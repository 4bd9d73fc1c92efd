"""The map of all papers, and a thread's place on it.

`atlas` gathers what is drawn and counts neighbours; `draw_atlas` and `draw_thread_place` draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from threadbook.charts.spread import add_dots
from threadbook.charts.style import (
    GRID,
    INK,
    MUTED,
    PAPER,
    Look,
    new_axes,
    use_style,
)
from threadbook.charts.svg import hover
from threadbook.charts.text import draw_words, measure_text, too_few
from threadbook.library.labels import Label
from threadbook.library.papers import Paper
from threadbook.threads.map import Place

SIZE = (6.4, 5.2)
NAME_SIZE = 9.0  # points: smaller than elsewhere, since names stand among the marks
NEAREST = 5  # papers on the map that count as the neighbours of one
FEWEST = 3


@dataclass(frozen=True)
class Spot:
    """One paper on the map: its place, its thread, and how it is named."""

    cite_key: str
    thread: str
    x: float
    y: float
    citation: str
    title: str


@dataclass(frozen=True)
class Atlas:
    """All papers on the map, with the short title and the look of each thread by its slug."""

    spots: tuple[Spot, ...]
    names: Mapping[str, str]
    looks: Mapping[str, Look]

    def middle(self, slug: str) -> tuple[float, float]:
        """Return the median place of a thread's papers."""
        places = [(spot.x, spot.y) for spot in self.spots if spot.thread == slug]
        x, y = np.median(np.array(places), axis=0)
        return float(x), float(y)

    def neighbours(self, slug: str) -> list[tuple[str, int]]:
        """Return the other threads among the papers next to those of `slug`, most first.

        Each paper of the thread has its `NEAREST` papers on the map counted by their thread.
        """
        places = np.array([(spot.x, spot.y) for spot in self.spots])
        counts: Counter[str] = Counter()
        for number, spot in enumerate(self.spots):
            if spot.thread != slug:
                continue
            squared = np.sum((places - places[number]) ** 2, axis=1)
            squared[number] = np.inf
            nearest = np.argsort(squared, kind="stable")[:NEAREST]
            counts.update(self.spots[other].thread for other in nearest)
        counts.pop(slug, None)
        order = list(self.names)
        return sorted(counts.items(), key=lambda item: (-item[1], order.index(item[0])))


def atlas(
    papers: Sequence[Paper],
    places: Mapping[str, Place],
    labels: Mapping[str, Label],
    threads: Mapping[str, tuple[str, Look]],
) -> Atlas:
    """Return the atlas of the papers that have a place; `threads` gives name and look by slug."""
    spots = tuple(
        Spot(
            paper.cite_key,
            paper.thread,
            places[paper.cite_key].x,
            places[paper.cite_key].y,
            labels[paper.cite_key].parenthetical,
            paper.title,
        )
        for paper in papers
        if paper.cite_key in places
    )
    return Atlas(
        spots,
        {slug: name for slug, (name, _) in threads.items()},
        {slug: look for slug, (_, look) in threads.items()},
    )


@use_style()
def draw_atlas(
    points: Atlas, *, hrefs: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw every paper with the look of its thread, and the threads' names."""
    if words := too_few(len(points.spots), FEWEST, "papers with a place"):
        return draw_words(words, ax=ax)
    ax = _new_map() if ax is None else ax
    for spot in points.spots:
        _draw_spot(ax, spot, points.looks[spot.thread], (hrefs or {}).get(spot.cite_key), size=4.2)
    _name_threads(ax, {slug: points.middle(slug) for slug in _present(points)}, points.names)
    return ax


@use_style()
def draw_thread_place(points: Atlas, slug: str, *, ax: Axes | None = None) -> Axes:
    """Draw the papers of a thread on the map, all others in grey, and the neighbours' names."""
    if words := too_few(sum(spot.thread == slug for spot in points.spots), 1, "papers on the map"):
        return draw_words(words, ax=ax)
    ax = _new_map() if ax is None else ax
    others = [(spot.x, spot.y) for spot in points.spots if spot.thread != slug]
    add_dots(np.reshape(others, (-1, 2)), colour=GRID, size=4.0, ax=ax)
    for spot in points.spots:
        if spot.thread == slug:
            _draw_spot(ax, spot, points.looks[slug], f"#{spot.cite_key}", size=6.0)
    near = [name for name, _ in points.neighbours(slug)[:4]]
    _name_threads(ax, {name: points.middle(name) for name in (slug, *near)}, points.names, slug)
    return ax


def _present(points: Atlas) -> list[str]:
    present = {spot.thread for spot in points.spots}
    return [slug for slug in points.names if slug in present]


def _new_map() -> Axes:
    ax = new_axes(SIZE)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.set_xlim(-0.03, 1.03)
    ax.set_ylim(-0.03, 1.03)
    return ax


def _draw_spot(ax: Axes, spot: Spot, look: Look, href: str | None, *, size: float) -> None:
    (mark,) = ax.plot(spot.x, spot.y, look.marker, color=look.colour, markersize=size, zorder=3)
    mark.set_url(href or f"#{spot.cite_key}")
    hover(mark, f"{spot.citation}: {spot.title}")


def _name_threads(
    ax: Axes,
    middles: Mapping[str, tuple[float, float]],
    names: Mapping[str, str],
    bold: str | None = None,
) -> None:
    """Write the names where their threads lie, moved up or down until none overlap."""
    high = (NAME_SIZE + 3) / (SIZE[1] * 72) * 1.06
    taken: list[tuple[float, float, float]] = []
    for slug, (x, y) in sorted(middles.items(), key=lambda item: (-item[1][1], item[0])):
        half = measure_text(names[slug], NAME_SIZE, bold=True) / (SIZE[0] * 72) * 1.06 / 2
        x = min(max(x, half - 0.02), 1.02 - half)
        y = _free_height(x, y, half, high, taken)
        taken.append((x, y, half))
        ax.text(
            x,
            y,
            names[slug],
            size=NAME_SIZE,
            weight="bold" if bold in (None, slug) else "normal",
            color=INK if bold in (None, slug) else MUTED,
            ha="center",
            va="center_baseline",
            zorder=5,
            parse_math=False,
            bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.55, "pad": 0.5},
        )


def _free_height(
    x: float, y: float, half: float, high: float, taken: Sequence[tuple[float, float, float]]
) -> float:
    for step in range(60):
        for side in (1, -1):
            place = y + side * step * high / 2
            if all(
                abs(x - other_x) >= half + other_half or abs(place - other_y) >= high
                for other_x, other_y, other_half in taken
            ):
                return place
    return y


def atlas_caption(points: Atlas) -> str:
    """Return the caption of the whole map."""
    return (
        f"The {len(points.spots)} papers, placed near those with which they share distinctive "
        "words. Colour and mark tell the thread; a mark leads to the paper's card. Distances "
        "within a crowd mean more than those across the map, and the axes mean nothing."
    )


def atlas_alt(points: Atlas) -> str:
    """Return in words how the threads lie on the map, by the middle of each."""
    left: list[str] = []
    right: list[str] = []
    for slug in _present(points):
        (left if points.middle(slug)[0] < 0.5 else right).append(points.names[slug])
    return (
        f"A map of {len(points.spots)} papers in {len(left) + len(right)} threads. "
        f"On the left: {', '.join(left) or 'none'}. On the right: {', '.join(right) or 'none'}."
    )


def place_caption(points: Atlas, slug: str) -> str:
    """Return the caption of a thread's place: how many papers, and whose lie next to them."""
    own = sum(spot.thread == slug for spot in points.spots)
    near = points.neighbours(slug)
    text = (
        f"The {own} papers of this thread among the {len(points.spots)} of the book, each near "
        "those with which it shares distinctive words."
    )
    if near:
        listed = ", ".join(f"{points.names[name]} ({count})" for name, count in near[:4])
        text += f" Of the {NEAREST} nearest to each, those of other threads: {listed}."
    return f"{text} A mark leads to the paper's card."


def place_alt(points: Atlas, slug: str) -> str:
    """Return in words where the thread lies and whose papers lie next to its own."""
    x, y = points.middle(slug)
    across = "left" if x < 1 / 3 else "right" if x > 2 / 3 else "middle"
    down = "top" if y > 2 / 3 else "bottom" if y < 1 / 3 else "middle"
    near = ", ".join(points.names[name] for name, _ in points.neighbours(slug)[:4])
    return (
        f"Map of all papers in grey, those of {points.names[slug]} marked. They lie mostly at the "
        f"{down} {across}, next to {near or 'no other thread'}."
    )
