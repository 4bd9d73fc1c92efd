"""Sizes, colours and shapes that all charts share, and the style file that applies them.

The palette was found by search over sRGB: every colour has a contrast of at least 3:1 on white
and on #121212 (WCAG 2.2, 1.4.11), and among all sets of six that do, it nearly maximises the
least distance in OKLab between two colours as seen with normal vision, protanopia, deuteranopia
and tritanopia (Machado, Oliveira & Fernandes 2009). The band of luminance that is left is narrow,
so more than six colours would not stay apart: beyond six, the marker carries the difference, and
no chart lets colour carry it alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

STYLE = "threadbook.charts.threadbook"  # matplotlib finds the file inside the package

# Inches. At 96 px an inch the wide chart is 614 px, the text column of the site.
CHART_SIZE = (6.4, 3.6)
WIDE_SIZE = (6.4, 2.4)
SPARK_SIZE = (6.4, 1.5)
FONT_SIZE = 11.0
SMALL_SIZE = 10.0

# These four become CSS variables in the embedded SVG, so that one figure reads on light and dark.
INK = "#222222"
MUTED = "#767676"  # 4.5:1 on white and 4.1:1 on #121212: also right where no variable is set
GRID = "#c4c4c4"
PAPER = "#ffffff"

BLUE, VERMILION, GREEN = "#0078b4", "#d25a00", "#2da569"
RASPBERRY, LAVENDER, PINK = "#b42d69", "#8778ff", "#c378a5"
PALETTE = (BLUE, VERMILION, GREEN, RASPBERRY, LAVENDER, PINK)
COLOUR_NAMES = ("blue", "vermilion", "green", "raspberry", "lavender", "pink")
"""What the palette is called where a page sets a lighter or darker shade of each colour."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES: tuple[str | tuple[float, tuple[float, ...]], ...] = (
    "-",
    "--",
    ":",
    "-.",
    (0, (6, 1.5)),
    (0, (3, 1, 1, 1, 1, 1)),
)

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Look:
    """How one series is told from the others: by colour, marker and line style together."""

    colour: str
    marker: str
    line: str | tuple[float, tuple[float, ...]]


LOOKS = tuple(
    Look(colour, marker, line)
    for colour, marker, line in zip(PALETTE, MARKERS, LINES, strict=False)
)


@contextmanager
def use_style() -> Iterator[None]:
    """Apply the style file inside a `with` block or, as `@use_style()`, a function.

    It starts from matplotlib's own defaults, which keeps a reader's matplotlibrc out, and with
    it a difference between machines. Every function that draws has it, because matplotlib
    settles fonts and ticks when it makes them, not when it writes the file.
    """
    with plt.style.context(STYLE, after_reset=True):
        yield


def apply_style() -> None:
    """Apply the style file from here on: the call of a notebook's setup cell."""
    plt.style.use(STYLE)


def thread_look(slug: str, slugs: Sequence[str]) -> Look:
    """Return the colour, marker and line of a thread, by its place among all `slugs`.

    Colours and markers repeat after six and seven threads, so the first 42 threads differ; a
    thread added at the end changes no other thread's look.
    """
    if slug not in slugs:
        raise ValueError(f"thread {slug!r} is not among the {len(slugs)} threads of the book")
    place = slugs.index(slug)
    return Look(
        PALETTE[place % len(PALETTE)], MARKERS[place % len(MARKERS)], LINES[place % len(LINES)]
    )


def thread_colour(slug: str, slugs: Sequence[str]) -> str:
    """Return the colour that the thread has on every page."""
    return thread_look(slug, slugs).colour


def new_axes(size: tuple[float, float] = CHART_SIZE) -> Axes:
    """Return the Axes of a new figure in the book's style."""
    with use_style():
        _, ax = plt.subplots(figsize=size, layout="constrained")
    return ax


def new_panels(
    titles: Sequence[str], *, columns: int = 3, height: float | None = None, share: bool = True
) -> tuple[Axes, ...]:
    """Return one Axes a title, side by side in a new figure, for small multiples.

    `share` gives all panels the same limits, without which they cannot be compared.
    """
    if not titles:
        raise ValueError("no titles: small multiples need at least one panel")
    columns = min(columns, len(titles))
    rows = -(-len(titles) // columns)
    width = CHART_SIZE[0]
    size = (width, rows * (height if height is not None else width / columns + 0.15))
    with use_style():
        figure, grid = plt.subplots(
            rows, columns, figsize=size, sharex=share, sharey=share, squeeze=False
        )
        panels = grid.ravel()
        for ax, title in zip(panels, titles, strict=False):
            ax.set_title(title)
    for ax in panels[len(titles) :]:
        figure.delaxes(ax)
    return tuple(panels[: len(titles)])


@use_style()
def set_log(ax: Axes, axis: Literal["x", "y", "xy"]) -> Axes:
    """Make the axis or axes logarithmic, labelled at powers of ten in plain Unicode.

    matplotlib's own labels are mathematics, which SVG places letter by letter with the widths of
    a font that the reader does not have.
    """
    for name in axis:
        getattr(ax, f"set_{name}scale")("log")
        ruler = getattr(ax, f"{name}axis")
        ruler.set_major_locator(LogLocator(base=10))
        ruler.set_major_formatter(FuncFormatter(lambda value, _: format_power(value)))
        ruler.set_minor_formatter(NullFormatter())
    return ax


@use_style()
def set_steps(ax: Axes, steps: Sequence[int]) -> Axes:
    """Space the x axis by factors of two and label exactly the counts in `steps`.

    For numbers of function evaluations, dimensions and sizes, which labs double each time.
    """
    ax.set_xscale("log", base=2)
    ax.set_xticks(list(steps), [f"{step:,}".replace(",", "\u202f") for step in steps])
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.minorticks_off()
    return ax


def format_power(value: float) -> str:
    """Return a power of ten as a reader writes it: 0.01, 1, 100, 10⁴, 10⁻³."""
    exponent = round(float(np.log10(value)))
    if -2 <= exponent <= 3:
        return f"{10.0**exponent:g}"
    return "10" + str(exponent).translate(_SUPERSCRIPTS)
