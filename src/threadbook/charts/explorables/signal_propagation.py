"""Signals in critical networks of finite width: the mean stays, the typical network loses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend, draw_reference
from threadbook.charts.style import LOOKS, new_axes, set_log, use_style

Values = Float[np.ndarray, " layers"]

DEPTH, NETWORKS = 60, 4000
WIDTHS = (16, 32, 64, 128, 256, 512, 1024)
START = 1
LEAST = 0.1  # of the signal; a network below it counts as faded
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Signals:
    """Quantiles over networks of the squared signal in each layer, and the share that has faded."""

    quantiles: Float[np.ndarray, "levels layers"]
    faded: float


def draw_logs(width: int) -> Float[np.ndarray, "networks layers"]:
    """Return the logarithm of the squared signal after each layer of many random networks.

    Exact for normal weights of variance 2/width and rectified units: given the layer below, the
    units are independent, so the signal is multiplied by (2/width) Σ max(ε, 0)², where the sum is
    a chi-square with as many degrees of freedom as units fire.
    """
    rng = np.random.default_rng(0)
    firing = rng.binomial(width, 0.5, (NETWORKS, DEPTH))
    # A layer in which no unit fires ends the signal: its sum of no squares is zero.
    sums = np.where(firing > 0, rng.chisquare(np.maximum(firing, 1)), 0.0)
    with np.errstate(divide="ignore"):
        logs: Float[np.ndarray, "networks layers"] = np.cumsum(np.log(2 / width * sums), axis=1)
    return logs


def compute(width: int) -> Signals:
    """Return the spread of the squared signal over networks of a width, from 1 at the input."""
    logs = np.hstack([np.zeros((NETWORKS, 1)), draw_logs(width)])
    quantiles = np.exp(np.quantile(logs, LEVELS, axis=0, method="nearest"))
    return Signals(quantiles, float(np.mean(logs[:, -1] < np.log(LEAST))))


def frames() -> list[Frame]:
    """Return one frame for each width."""
    found = [(width, compute(width)) for width in WIDTHS]
    return [Frame(str(width), _draw(signals), read(width, signals)) for width, signals in found]


def read(width: int, signals: Signals) -> str:
    """Return what to see at a width."""
    left = float(signals.quantiles[1, -1])
    shown = f"{left:.0%}" if left >= LEAST else f"one part in {float(f'{1 / left:.2g}'):,.0f}"
    return (
        f"Width {width}: the mean is 1; the median network keeps {shown} of the squared signal, "
        f"{signals.faded:.0%} of the networks keep less than a tenth."
    )


@use_style()
def _draw(signals: Signals) -> Axes:
    ax = new_axes()
    layers = np.arange(DEPTH + 1)
    low, middle, high = signals.quantiles
    look = LOOKS[0]
    name = f"{LEVELS[-1] - LEVELS[0]:.0%} of the networks"
    ax.fill_between(layers, low, high, color=look.colour, alpha=0.2, linewidth=0, label=name)
    ax.plot(layers, middle, color=look.colour, label="median")
    set_log(ax, "y")
    ax.set(xlim=(0, DEPTH), ylim=(1e-6, 30), xlabel="layer", ylabel="squared signal, from 1")
    draw_legend(ax)
    draw_reference(ax, 1.0, label="mean, exact at every width")
    return ax
