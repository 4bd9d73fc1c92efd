"""Papers a year as a small drawing in a line of text: one bar a year, all threads on one scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from threadbook.library.papers import Paper
from threadbook.notebooks.inline import Html, escape_text

BAR, GAP, HEIGHT = 6, 2, 26
"""In px: how wide a bar is, how far from the next, and how high the highest may be."""


@dataclass(frozen=True)
class Scale:
    """What the sparklines of a page share: first and last year, and the highest count."""

    first: int
    last: int
    most: int


def count_years(papers: Iterable[Paper]) -> dict[int, int]:
    """Return the number of papers by year of first posting, years with none left out."""
    return dict(sorted(Counter(paper.posted_year for paper in papers).items()))


def make_scale(threads: Iterable[Mapping[int, int]]) -> Scale:
    """Return the scale on which the counts of all threads can be drawn."""
    counts = [pair for years in threads for pair in years.items()]
    years = [year for year, _ in counts]
    return Scale(min(years), max(years), max(count for _, count in counts))


def describe_years(years: Mapping[int, int]) -> str:
    """Return in words what the bars show: the span, and the year with most papers."""
    first, last = min(years), max(years)
    if first == last:
        return f"All in {first}"
    peak = max(years, key=lambda year: (years[year], year))
    return f"From {first} to {last}, most in {peak} ({years[peak]})"


def draw_sparkline(years: Mapping[int, int], scale: Scale, colour: str) -> Html:
    """Return the drawing as an `<svg>` whose name says what it shows."""
    step = BAR + GAP
    width = (scale.last - scale.first + 1) * step - GAP
    bars = []
    for year, count in years.items():
        left, high = (year - scale.first) * step, max(2, round(HEIGHT * count / scale.most))
        bars.append(f"M{left} {HEIGHT}v-{high}h{BAR}v{high}z")
    return Html(
        f'<svg class="tb-spark" role="img" style="color:{colour}" width="{width}" '
        f'height="{HEIGHT + 1}" viewBox="0 0 {width} {HEIGHT + 1}" '
        f'aria-label="{escape_text(describe_years(years))}">'
        f'<path class="tb-spark-base" d="M0 {HEIGHT + 0.5}h{width}"/>'
        f'<path d="{"".join(bars)}"/></svg>'
    )
