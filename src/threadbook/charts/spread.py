"""Charts of what a lab measured: curves with their spread, paths, and clouds of points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from threadbook.charts.style import INK, LOOKS, MUTED, Look, new_axes, use_style


@use_style()
def draw_spread(
    x: ArrayLike,
    values: ArrayLike,
    *,
    label: str = "",
    look: Look = LOOKS[0],
    ax: Axes | None = None,
) -> Axes:
    """Draw the median over seeds as a line inside the band from least to greatest, on `ax`.

    `values` has shape (seed, x); one row draws the line alone. Call once for each series, each
    with another of `LOOKS`. A value that is not finite leaves a gap, as a run that diverged
    should.
    """
    places, table = np.asarray(x, dtype=float), np.atleast_2d(np.asarray(values, dtype=float))
    if table.ndim != 2 or table.shape[1:] != places.shape:
        raise ValueError(
            f"values of shape {np.shape(values)} do not fit x of shape {places.shape};"
            " expected (seed, x)"
        )
    ax = new_axes() if ax is None else ax
    if len(table) > 1:
        low, high = table.min(axis=0), table.max(axis=0)
        ax.fill_between(places, low, high, color=look.colour, alpha=0.2, linewidth=0)
    ax.plot(
        places,
        np.median(table, axis=0),
        color=look.colour,
        marker=look.marker,
        linestyle=look.line,
        label=label,
    )
    return ax


@use_style()
def draw_reference(
    ax: Axes, level: float, *, label: str, side: Literal["left", "right"] = "right"
) -> Axes:
    """Draw a level line, such as a theory's value or a criterion, named above one of its ends.

    Choose the `side` on which the curves leave room.
    """
    ax.axhline(level, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    ax.annotate(
        label,
        (1.0 if side == "right" else 0.0, level),
        xycoords=("axes fraction", "data"),
        xytext=(-4 if side == "right" else 4, 3),
        textcoords="offset points",
        ha=side,
        va="bottom",
        color=INK,
    )
    return ax


@use_style()
def draw_legend(ax: Axes, *, columns: int = 3) -> Axes:
    """Name the series above the axes, where no curve runs through the names."""
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        borderaxespad=0.2,
        columnspacing=1.4,
    )
    return ax


@use_style()
def draw_runs(
    labels: Sequence[str], values: ArrayLike, *, look: Look = LOOKS[0], ax: Axes | None = None
) -> Axes:
    """Draw one row a label, with a dot for each seed and a stroke at the median.

    `values` has shape (seed, label). Dots rather than bars, because a bar hides the spread and
    needs a zero that logarithmic axes lack.
    """
    table = np.atleast_2d(np.asarray(values, dtype=float))
    if table.ndim != 2 or table.shape[1] != len(labels):
        raise ValueError(
            f"values of shape {np.shape(values)} do not fit {len(labels)} labels;"
            " expected (seed, label)"
        )
    ax = new_axes((6.4, 0.7 + 0.38 * len(labels))) if ax is None else ax
    rows = np.arange(len(labels))
    for run in table:
        ax.plot(run, rows, look.marker, color=look.colour, alpha=0.55, markersize=5, zorder=2)
    ax.plot(np.median(table, axis=0), rows, "|", color=INK, markersize=15, mew=1.8, zorder=3)
    ax.set_yticks(rows, labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    return ax


@use_style()
def draw_points(
    points: ArrayLike, *, look: Look = LOOKS[0], size: float = 2.0, ax: Axes | None = None
) -> Axes:
    """Draw a cloud of points in the plane, with equal scales on both axes.

    `points` has shape (point, 2).
    """
    cloud = _as_plane(points, "(point, 2)", 2)
    ax = new_axes((3.2, 3.2)) if ax is None else ax
    add_dots(cloud, colour=look.colour, size=size, ax=ax)
    return _square(ax)


def add_dots(points: ArrayLike, *, colour: str, size: float, ax: Axes, zorder: float = 1.0) -> None:
    """Add dots of `size` points across to `ax`; `points` has shape (point, 2).

    They are one path of round strokes of no length: a thousand markers of their own would make a
    page of several such panels weigh megabytes.
    """
    cloud = _as_plane(points, "(point, 2)", 2)
    path = Path(np.repeat(cloud, 2, axis=0), np.tile([Path.MOVETO, Path.LINETO], len(cloud)))
    path.should_simplify = False  # simplifying drops strokes of no length
    stroke = {"edgecolor": colour, "linewidth": size, "capstyle": "round"}
    ax.add_patch(PathPatch(path, fill=False, zorder=zorder, **stroke))
    ax.update_datalim(cloud)
    ax.autoscale_view()


@use_style()
def draw_paths(
    paths: ArrayLike, *, look: Look = LOOKS[0], width: float = 0.8, ax: Axes | None = None
) -> Axes:
    """Draw paths in the plane, each from an open start to a filled end.

    `paths` has shape (path, time, 2).
    """
    lines = _as_plane(paths, "(path, time, 2)", 3)
    ax = new_axes((3.2, 3.2)) if ax is None else ax
    drawn = LineCollection(list(lines), colors=look.colour, linewidths=width, alpha=0.7, zorder=2)
    for path in drawn.get_paths():
        path.should_simplify = True  # a straight line needs no more than its ends
    ax.add_collection(drawn)
    ax.plot(*lines[:, 0].T, "o", color=MUTED, fillstyle="none", markersize=3, mew=0.7, zorder=3)
    add_dots(lines[:, -1], colour=look.colour, size=3, ax=ax, zorder=4)
    return _square(ax)


def _as_plane(values: ArrayLike, expected: str, dimensions: int) -> NDArray[np.float64]:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != dimensions or table.shape[-1] != 2:
        raise ValueError(f"found an array of shape {table.shape}; expected {expected}")
    return table


def _square(ax: Axes) -> Axes:
    """Give both axes one scale, and drop the numbers that say nothing about a toy problem."""
    ax.set_aspect("equal", adjustable="box")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    return ax
