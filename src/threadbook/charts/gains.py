"""Figures that papers report, grouped by metric and unit, those on one data set side by side.

`gains` decides what stands together; `draw_gains` draws. Figures on one data set may still differ
in model and budget: standing together is an invitation to look, not a ranking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from threadbook.charts.style import (
    CHART_SIZE,
    GRID,
    INK,
    LOOKS,
    Look,
    new_axes,
    set_log,
    use_style,
)
from threadbook.charts.svg import hover
from threadbook.charts.text import draw_words
from threadbook.library.labels import Label
from threadbook.threads.claims.changes import find_changes
from threadbook.threads.claims.extract import Claim
from threadbook.threads.claims.settings import find_settings
from threadbook.threads.claims.wording import name_figure

PAPERS = 2  # that a group needs, else there is nothing to set side by side
FIGURES = 3  # that a group needs
GROUPS = 3  # drawn at most
ROWS = 14  # drawn at most in a group
WIDE = 20.0  # a group whose largest value is this many times the smallest gets a log axis

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?")
_LETTERS = {"K": 1e3, "M": 1e6, "B": 1e9}


@dataclass(frozen=True)
class Figured:
    """One reported figure: from `low` to `high`, which agree unless the paper gives a range."""

    claim: Claim
    citation: str
    setting: str
    low: float
    high: float

    @property
    def label(self) -> str:
        """The row's name: who reports it, and on what."""
        return f"{self.citation} · {self.setting}" if self.setting else self.citation


@dataclass(frozen=True)
class Group:
    """Figures of one metric in one unit, those of one data set next to one another."""

    metric: str
    unit: str
    direction: str
    is_change: bool
    figures: tuple[Figured, ...]
    left_out: int

    @property
    def name(self) -> str:
        """Metric and unit, and which way is better, as an axis calls them."""
        name = f"change in {self.metric}" if self.is_change else self.metric
        name += f" ({self.unit})" if self.unit not in ("", self.metric) else ""
        return f"{name}, {self.direction} is better" if self.direction else name

    @property
    def papers(self) -> int:
        """From how many papers the figures come."""
        return len({figure.claim.cite_key for figure in self.figures})

    @property
    def is_wide(self) -> bool:
        """Whether the values span so much that only a logarithmic axis shows them."""
        low = min(figure.low for figure in self.figures)
        return low > 0 and max(figure.high for figure in self.figures) / low > WIDE


@dataclass(frozen=True)
class Gains:
    """The groups that are drawn, the most figures first, and how many figures stand apart.

    Where there is no group, `alone` has the figures by paper.
    """

    groups: tuple[Group, ...]
    apart: int
    alone: tuple[Figured, ...] = ()


def gains(
    claims: Sequence[Claim], labels: Mapping[str, Label], abstracts: Mapping[str, str]
) -> Gains:
    """Return the groups of a thread's claims that hold several papers' figures.

    Labels and abstracts are those of the papers by citation key. Of claims on a score, those that
    report by how much it moved stand apart.
    """
    changes, settings = find_changes(claims, abstracts), find_settings(claims, abstracts)
    members: dict[tuple[str, str, str, bool], list[Figured]] = {}
    for claim in claims:
        if (bounds := read_value(claim.value)) and claim.metric:
            citation = labels[claim.cite_key].parenthetical
            figure = Figured(claim, citation, settings[claim], *bounds)
            key = (claim.metric, claim.unit, claim.direction, claim in changes)
            members.setdefault(key, []).append(figure)
    groups = [_make_group(name, figures) for name, figures in members.items()]
    fit = [group for group in groups if group.papers >= PAPERS and len(group.figures) >= FIGURES]
    fit.sort(key=lambda group: (-group.papers, -len(group.figures), group.name))
    shown = tuple(fit[:GROUPS])
    drawn = sum(len(group.figures) for group in shown)
    every = [figure for figures in members.values() for figure in figures]
    every.sort(key=lambda figure: (figure.citation, figure.claim.start))
    return Gains(shown, len(claims) - drawn, () if shown else tuple(every[:ROWS]))


def _make_group(name: tuple[str, str, str, bool], figures: list[Figured]) -> Group:
    ordered = sorted(
        figures,
        key=lambda figure: (figure.setting == "", figure.setting, figure.citation, figure.low),
    )
    return Group(*name, tuple(ordered[:ROWS]), max(0, len(ordered) - ROWS))


def read_value(text: str) -> tuple[float, float] | None:
    """Return the least and the largest number in a claim's value ("4-16", "15.7M"), or None."""
    scale = _LETTERS.get(text[-1:], 1.0)
    numbers = [float(match[0]) * scale for match in _NUMBER.finditer(text.replace("−", "-"))]
    return (min(numbers), max(numbers)) if numbers else None


@use_style()
def draw_gains(found: Gains, *, look: Look = LOOKS[0]) -> Figure | Axes:
    """Draw a panel a group, one row a figure; a mark leads to the card and shows the sentence."""
    if not found.groups:
        return _draw_alone(found.alone, look)
    rows = [len(group.figures) for group in found.groups]
    height = sum(rows) * 0.26 + 0.75 * len(rows)
    figure, axes = plt.subplots(
        len(rows),
        1,
        figsize=(CHART_SIZE[0], height),
        layout="constrained",
        squeeze=False,
        height_ratios=[count + 1.6 for count in rows],
    )
    for ax, group in zip(axes[:, 0], found.groups, strict=True):
        _draw_group(ax, group, look)
    return figure


def _draw_alone(figures: Sequence[Figured], look: Look) -> Axes:
    """List the figures in words, each leading to its card: there is no axis that they share."""
    if not figures:
        return draw_words("No abstract of this thread reports a figure.")
    ax = new_axes((CHART_SIZE[0], 0.3 + 0.26 * len(figures)))
    for row, figure in enumerate(figures):
        words = ax.text(
            0.0,
            row,
            name_figure(figure.claim),
            color=look.colour,
            va="center_baseline",
            parse_math=False,
        )
        words.set_url(f"#{figure.claim.cite_key}")
        hover(words, f"{figure.citation}: {figure.claim.sentence}")
    ax.set_yticks(range(len(figures)), [f.label for f in figures], parse_math=False)
    ax.set_ylim(len(figures) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines[:].set_visible(False)
    return ax


def _draw_group(ax: Axes, group: Group, look: Look) -> None:
    for row, figure in enumerate(group.figures):
        if figure.high > figure.low:
            ax.hlines(row, figure.low, figure.high, color=look.colour, linewidth=1.4)
        (mark,) = ax.plot(figure.high, row, look.marker, color=look.colour, markersize=6)
        mark.set_url(f"#{figure.claim.cite_key}")
        hover(mark, f"{figure.citation}: {figure.claim.sentence}")
        ax.annotate(
            figure.claim.value,
            (figure.high, row),
            xytext=(7, 0),
            textcoords="offset points",
            va="center_baseline",
            color=INK,
        )
    ax.set_yticks(range(len(group.figures)), [f.label for f in group.figures], parse_math=False)
    ax.set_ylim(len(group.figures) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=GRID)
    ax.spines["left"].set_visible(False)
    if group.is_wide:
        set_log(ax, "x")
    else:
        ax.set_xlim(0, 1.15 * max(figure.high for figure in group.figures) or 1)
    ax.set_xlabel(group.name)


def gains_caption(found: Gains) -> str:
    """Return the caption: what stands together, from how many papers, and what is not drawn."""
    if not found.groups:
        if not found.apart:
            return (
                "The abstracts of this thread report no figures, so none can be set side by side."
            )
        shown = len(found.alone)
        rest = f" {found.apart - shown} more are on the cards." if found.apart > shown else ""
        return (
            "Figures as the abstracts report them. No metric is reported by two papers with three "
            f"figures in all, so nothing can be set side by side.{rest}"
        )
    parts = [
        f"{group.name}, {len(group.figures)} figures of {group.papers} papers"
        for group in found.groups
    ]
    text = (
        f"Figures as the abstracts report them: {'; '.join(parts)}. Rows on one data set stand "
        "together; models and budgets differ all the same, so the rows are no ranking."
    )
    if found.apart:
        text += f" {found.apart} further figures have no counterpart; the cards list them."
    return f"{text} A mark shows the sentence."


def gains_alt(found: Gains) -> str:
    """Return in words the range of each group."""
    if not found.groups:
        listed = "; ".join(f"{figure.label}: {name_figure(figure.claim)}" for figure in found.alone)
        return f"A list. {listed}." if listed else "No chart: no figures are reported."
    parts = []
    for group in found.groups:
        low = min(group.figures, key=lambda figure: figure.low)
        high = max(group.figures, key=lambda figure: figure.high)
        parts.append(
            f"{group.name} from {low.claim.value} ({low.label}) to {high.claim.value} "
            f"({high.label}), {len(group.figures)} figures"
        )
    return f"Dots in {len(found.groups)} panels. {'; '.join(parts)}."
