"""Euler steps along the exact flow from noise to a ring of Gaussians: the law, then the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from scipy.special import ndtri
from scipy.stats import qmc

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend, draw_paths, draw_points
from threadbook.charts.style import LOOKS, MUTED, Look, new_panels, set_steps, use_style

Points = Float[np.ndarray, "points 2"]

# The ring of the chapter's lab: eight modes whose weights rise from one to eight.
MODES, RADIUS, SCALE = 8, 3.0, 0.3
ANGLES = 2 * np.pi * np.arange(MODES) / MODES
MEANS = RADIUS * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
WEIGHTS = np.arange(1.0, MODES + 1) / np.arange(1, MODES + 1).sum()

STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 32)
START = 3
EXACT = 200  # steps after which hardly an end changes its mode
STARTS, DRAWN, DOTS, CORNERS = 512, 14, 56, 12
BETWEEN = 3 * SCALE  # farther from every mode than all but one in a hundred samples are


@dataclass(frozen=True)
class Landing:
    """Where Euler steps end: lines of shape (time, line, 2), and two shares of all ends.

    `between` lie near no mode; `astray` lie nearest to another mode than the exact line's end.
    """

    lines: Float[np.ndarray, "times lines 2"]
    between: float
    astray: float


def velocity(x: Points, t: float) -> Points:
    """Return the velocity of equation (1) for the straight path and independent pairs."""
    variance = (t * SCALE) ** 2 + (1 - t) ** 2
    offset = x[:, None] - t * MEANS
    scores = np.log(WEIGHTS) - (offset**2).sum(axis=-1) / (2 * variance)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    ends = (shares[..., None] * (MEANS + t * SCALE**2 / variance * offset)).sum(axis=1)
    moved: Points = (ends - x) / (1 - t)
    return moved


def follow(x: Points, steps: int) -> Float[np.ndarray, "times points 2"]:
    """Return the points at times 0, 1/steps, ..., 1 by Euler's method."""
    line = [x]
    for i in range(steps):
        line.append(line[-1] + velocity(line[-1], i / steps) / steps)
    return np.array(line)


def draw_noise(count: int = STARTS) -> Points:
    """Return evenly spread draws of standard normal noise."""
    noise: Points = ndtri(qmc.Sobol(2, seed=0).random(count))
    return noise


@lru_cache(maxsize=1)
def exact_modes() -> np.ndarray:
    """Return the mode that the exact line of each noise reaches."""
    modes: np.ndarray = _distances(follow(draw_noise(), EXACT)[-1]).argmin(axis=1)
    return modes


def compute(steps: int) -> Landing:
    """Return the lines of so many Euler steps, and where they land."""
    lines = follow(draw_noise(), steps)
    distances = _distances(lines[-1])
    return Landing(
        lines,
        between=float(np.mean(distances.min(axis=1) > BETWEEN)),
        astray=float(np.mean(distances.argmin(axis=1) != exact_modes())),
    )


def frames() -> list[Frame]:
    """Return one frame for each number of steps."""
    landings = [compute(steps) for steps in STEPS]
    return [
        Frame(str(STEPS[place]), _draw(place, landings), read(STEPS[place], landing))
        for place, landing in enumerate(landings)
    ]


def read(steps: int, landing: Landing) -> str:
    """Return what to see with so many steps."""
    return (
        f"{steps} step{'s' * (steps > 1)}: {landing.between:.0%} of the samples land between the "
        f"modes; {landing.astray:.0%} go to another mode than their exact line."
    )


@use_style()
def _draw(place: int, landings: Sequence[Landing]) -> Axes:
    plane, shares = new_panels(["", ""], columns=2, share=False)
    rng = np.random.default_rng(0)
    ring = MEANS[rng.choice(MODES, 300, p=WEIGHTS)] + SCALE * rng.standard_normal((300, 2))
    draw_points(ring, look=Look(MUTED, ".", "-"), size=1.5, ax=plane)
    lines = landings[place].lines
    kept = lines[np.unique(np.linspace(0, len(lines) - 1, CORNERS).round().astype(int))]
    draw_points(lines[-1, :DOTS], look=LOOKS[0], size=4, ax=plane)
    draw_paths(np.swapaxes(kept[:, :DRAWN], 0, 1), look=LOOKS[0], ax=plane)
    plane.set(xlim=(-4.2, 4.2), ylim=(-4.2, 4.2))
    for look, name in ((LOOKS[1], "between"), (LOOKS[3], "astray")):
        values = [100 * getattr(landing, name) for landing in landings]
        shares.plot(STEPS, values, color=look.colour, linestyle=look.line, label=name)
        shares.plot(STEPS[place], values[place], look.marker, color=look.colour)
    set_steps(shares, (1, 2, 4, 8, 16, 32))
    shares.set(xlabel="Euler steps", ylabel="% of the samples", ylim=(-4, 104))
    draw_legend(shares)
    return plane


def _distances(points: Points) -> Float[np.ndarray, "points modes"]:
    distances: Float[np.ndarray, "points modes"] = np.linalg.norm(points[:, None] - MEANS, axis=-1)
    return distances
