"""How many papers a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from threadbook.charts.style import LOOKS, SPARK_SIZE, Look, new_axes, use_style
from threadbook.charts.svg import hover
from threadbook.library.papers import Paper


def count_by_year(papers: Iterable[Paper]) -> dict[int, int]:
    """Return the number of papers first posted in each year, empty years between included."""
    found = Counter(paper.posted_year for paper in papers)
    if not found:
        return {}
    return {year: found[year] for year in range(min(found), max(found) + 1)}


@use_style()
def draw_counts(
    counts: Mapping[int, int], *, look: Look = LOOKS[0], ax: Axes | None = None
) -> Axes:
    """Draw one bar a year on `ax`, or on a new figure, and return the Axes."""
    ax = new_axes(SPARK_SIZE) if ax is None else ax
    bars = ax.bar(list(counts), list(counts.values()), color=look.colour, width=0.75)
    for bar, (year, count) in zip(bars, counts.items(), strict=True):
        hover(bar, f"{year}: {count} {'paper' if count == 1 else 'papers'}")
    ax.set(xlabel="year of first posting", ylabel="papers")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(nbins="auto", integer=True))
    return ax


def counts_alt(counts: Mapping[int, int]) -> str:
    """Return in words how many papers each year has."""
    years = ", ".join(f"{year}: {count}" for year, count in counts.items())
    return f"Bar chart of papers by year of first posting. {years or 'No papers'}."
