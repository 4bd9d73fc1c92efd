"""Charts of flows in the plane: lines of several flows side by side, on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from threadbook.charts.spread import draw_paths, draw_points
from threadbook.charts.style import LOOKS, MUTED, Look, new_axes, new_panels, use_style


def draw_flows(
    flows: Sequence[ArrayLike], titles: Sequence[str], *, target: ArrayLike, columns: int = 3
) -> Figure:
    """Return a figure with a panel a flow: its lines over a cloud of points of the target law.

    Each of `flows` has shape (time, line, 2), as the integrators of the labs return it.
    """
    if len(flows) != len(titles):
        raise ValueError(f"{len(flows)} flows but {len(titles)} titles")
    panels = new_panels(titles, columns=columns)
    cloud = Look(MUTED, ".", "-")
    for ax, lines, look in zip(panels, flows, LOOKS, strict=False):
        draw_points(target, look=cloud, size=1.5, ax=ax)
        draw_paths(np.swapaxes(np.asarray(lines), 0, 1), look=look, ax=ax)
    figure = panels[0].figure
    if not isinstance(figure, Figure):
        raise TypeError(f"the panels' figure is a {type(figure).__name__}; expected a Figure")
    return figure


@use_style()
def draw_images(
    rows: ArrayLike, labels: Sequence[str], *, side: int, ax: Axes | None = None
) -> Axes:
    """Draw one row of grey images a label, as one picture in ink on paper.

    `rows` has shape (label, image, side * side), with values from 0 (paper) to 1 (ink).
    """
    table = np.asarray(rows, dtype=float)
    if table.ndim != 3 or table.shape[0] != len(labels) or table.shape[2] != side * side:
        raise ValueError(
            f"rows of shape {table.shape} do not fit {len(labels)} labels and images of side"
            f" {side}; expected (label, image, side * side)"
        )
    count = table.shape[1]
    framed = np.zeros((len(labels), count, side + 2, side + 2))
    framed[:, :, 1:-1, 1:-1] = table.reshape(len(labels), count, side, side)
    picture = framed.transpose(0, 2, 1, 3).reshape(len(labels) * (side + 2), count * (side + 2))
    ax = new_axes((6.4, 0.25 + 0.42 * len(labels))) if ax is None else ax
    ax.imshow(picture, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    ax.set_yticks((side + 2) * (np.arange(len(labels)) + 0.5) - 0.5, labels)
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines[:].set_visible(False)
    return ax
