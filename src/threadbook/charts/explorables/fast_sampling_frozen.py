"""Where eight steps lie between noise and data, and what each adds to the error at the end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from scipy.special import ndtr

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, MUTED, new_panels, use_style

Values = Float[np.ndarray, " points"]

MEANS, SCALES = np.array([-1.5, 0.5, 2.0]), np.array([0.2, 0.3, 0.2])
WEIGHTS = np.array([0.3, 0.3, 0.4])
STEPS = 8
CROWDINGS = (0.4, 0.5, 0.6, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
START = 5
LEVELS = (np.arange(400) + 0.5) / 400  # quantiles, of which the outermost are left out
LEVELS = LEVELS[2:-2]
GRID = np.linspace(-9, 9, 20_001)
DRAWN = slice(24, None, 58)


@dataclass(frozen=True)
class Account:
    """The times of the steps, the samples at each, and how much of the end each step moves.

    `errors` has shape (step, sample): the shift of the end that would follow exactly. They add up
    to the error of the sampler, sample by sample.
    """

    times: Float[np.ndarray, " times"]
    samples: Float[np.ndarray, "times samples"]
    errors: Float[np.ndarray, "steps samples"]

    @property
    def shares(self) -> Float[np.ndarray, " steps"]:
        """The root mean square of what each step adds: the terms of equation (2)."""
        shares: Float[np.ndarray, " steps"] = np.sqrt(np.mean(self.errors**2, axis=1))
        return shares

    @property
    def total(self) -> float:
        """The root mean square error of the samples: the left side of equation (2)."""
        return float(np.sqrt(np.mean(self.errors.sum(axis=0) ** 2)))


def spread(t: float) -> Values:
    """Return the deviation of each mode's part of X_t on the straight path."""
    deviation: Values = np.sqrt((t * SCALES) ** 2 + (1 - t) ** 2)
    return deviation


def levels_at(x: Values, t: float) -> Values:
    """Return the distribution function of X_t, which the exact flow keeps on a line."""
    below: Values = ndtr((x[:, None] - t * MEANS) / spread(t)) @ WEIGHTS
    return below


def follow(x: Values, t: float) -> Values:
    """Return where the exact flow takes points from time t to the end."""
    ends: Values = np.interp(levels_at(x, t), levels_at(GRID, 1.0), GRID)
    return ends


def velocity(x: Values, t: float) -> Values:
    """Return the exact velocity; on the straight path a DDIM step is an Euler step along it."""
    offset = x[:, None] - t * MEANS
    weights = WEIGHTS * np.exp(-((offset / spread(t)) ** 2) / 2) / spread(t)
    weights /= weights.sum(axis=1, keepdims=True)
    ends = (weights * (MEANS + t * SCALES**2 / spread(t) ** 2 * offset)).sum(axis=1)
    moved: Values = (ends - x) / (1 - t)
    return moved


def compute(crowding: float) -> Account:
    """Return the account of steps at times 1 - (1 - i/N)^crowding: above one, early steps are long.

    One spaces the steps evenly.
    """
    times = 1 - (1 - np.arange(STEPS + 1) / STEPS) ** crowding
    samples = [np.interp(LEVELS, levels_at(GRID, 0.0), GRID)]
    for now, after in pairwise(times):
        samples.append(samples[-1] + (after - now) * velocity(samples[-1], now))
    ends = np.array([follow(x, t) for x, t in zip(samples, times, strict=True)])
    return Account(times, np.array(samples), np.diff(ends, axis=0))


def frames() -> list[Frame]:
    """Return one frame for each placement."""
    found = [(crowding, compute(crowding)) for crowding in CROWDINGS]
    return [Frame(f"{c:g}", _draw(account), read(c, account)) for c, account in found]


def read(crowding: float, account: Account) -> str:
    """Return what to see with a placement."""
    worst = int(account.shares.argmax())
    return (
        f"Exponent {crowding:g}: the error is {account.total:.2f}, where the account allows "
        f"{account.shares.sum():.2f}; step {worst + 1} alone moves the ends by "
        f"{account.shares[worst]:.2f}."
    )


@use_style()
def _draw(account: Account) -> Axes:
    lines, bars = new_panels(["", ""], columns=2, share=False)
    exact = np.linspace(0, 1, 60)
    drawn = LEVELS[DRAWN]
    path = np.array([np.interp(drawn, levels_at(GRID, t), GRID) for t in exact])
    for place, column in enumerate(path.T):
        label = "exact" if place == 0 else None
        lines.plot(exact, column, color=MUTED, linewidth=1, label=label)
    for place, column in enumerate(account.samples[:, DRAWN].T):
        label = "eight steps" if place == 0 else None
        lines.plot(account.times, column, color=LOOKS[0].colour, linewidth=1.2, label=label)
    lines.vlines(account.times, -3, -2.7, color=INK, linewidth=1.2)
    lines.set(xlim=(-0.02, 1.02), ylim=(-3, 2.9), xlabel="time t", ylabel="sample")
    draw_legend(lines, columns=2)
    bars.bar(np.arange(1, STEPS + 1), account.shares, color=LOOKS[1].colour, label="a step adds")
    ends = (0.4, STEPS + 0.6)
    bars.plot(ends, [account.total] * 2, color=INK, linestyle="--", label="error")
    bars.set(xlim=ends, ylim=(0, 0.62), xlabel="step", xticks=range(1, STEPS + 1))
    draw_legend(bars, columns=2)
    return bars
