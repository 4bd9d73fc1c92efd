"""Two overlapping classes on a line, guided towards one: what comes out, and the tilted law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr, ndtri

from threadbook.charts.curves import Curve, Curves
from threadbook.charts.explore import Frame, frame_curves

Values = Float[np.ndarray, " points"]

MEANS, SCALE = np.array([-1.2, 1.2]), 0.7  # equally likely classes; the label is the second
SCALES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
START = 4
STEPS = 200
GRID = np.linspace(-4.0, 4.6, 78)
RARE = 0.01  # of the label's own samples lie beyond what counts as outside


@dataclass(frozen=True)
class Laws:
    """Densities on the grid, and the share of guided samples beyond the label's own."""

    tilted: Values
    guided: Values
    beyond: float


def bell(x: np.ndarray, mean: np.ndarray | float = 0.0, scale: float = 1.0) -> np.ndarray:
    """Return the density of a normal law."""
    density: np.ndarray = np.exp(-(((x - mean) / scale) ** 2) / 2) / (scale * np.sqrt(2 * np.pi))
    return density


def velocity(x: Values, t: float, means: np.ndarray) -> Values:
    """Return the velocity of the straight path to equally likely Gaussians with these means."""
    variance = (t * SCALE) ** 2 + (1 - t) ** 2
    offset = x[:, None] - t * means
    weights = np.exp(-(offset**2 - (offset**2).min(axis=1, keepdims=True)) / (2 * variance))
    weights /= weights.sum(axis=1, keepdims=True)
    ends = (weights * (means + t * SCALE**2 / variance * offset)).sum(axis=1)
    moved: Values = (ends - x) / (1 - t)
    return moved


def guide(x: Values, scale: float) -> Values:
    """Return where the flow takes noise when its score is that of equation (1), by midpoint steps.

    The velocity is linear in the score, so guidance mixes velocities as it mixes scores.
    """

    def slope(x: Values, t: float) -> Values:
        return (1 - scale) * velocity(x, t, MEANS) + scale * velocity(x, t, MEANS[1:])

    for i in range(STEPS):
        half = x + slope(x, i / STEPS) / (2 * STEPS)
        x = x + slope(half, (i + 0.5) / STEPS) / STEPS
    return x


def tilt(x: Values, scale: float) -> Values:
    """Return p(x) p(y | x)^w at evenly spaced points, normalised on them."""
    prior = bell(x[:, None], MEANS, SCALE).mean(axis=1)
    label = bell(x, MEANS[1], SCALE) / (2 * prior)
    density = prior * label**scale
    total: Values = density / (density.sum() * (x[1] - x[0]))
    return total


def compute(scale: float) -> Laws:
    """Return the law of guided samples, exactly up to the steps, beside the tilted law.

    On a line the flow keeps order, so the density at an end is that of its noise over the slope.
    """
    noise = np.linspace(-5, 5, 1001)
    ends = guide(noise, scale)
    density = bell(noise) / np.gradient(ends, noise)
    limit = MEANS[1] - SCALE * ndtri(RARE)
    return Laws(
        tilt(GRID, scale),
        np.interp(GRID, ends, density),
        float(ndtr(-np.interp(limit, ends, noise))),
    )


def frames() -> list[Frame]:
    """Return one frame for each guidance scale."""
    prior = tilt(GRID, 0)
    shown = []
    for scale in SCALES:
        laws = compute(scale)
        curves = (
            Curve("guided law", laws.guided),
            Curve("tilted law", laws.tilted),
            Curve("prior", prior),
        )
        chart = Curves(GRID, curves, "x", "density", "", "")
        shown.append((f"{scale:g}", chart, read(scale, laws)))
    return frame_curves(shown)


def read(scale: float, laws: Laws) -> str:
    """Return what to see at a guidance scale."""
    centres = [float(np.average(GRID, weights=law)) for law in (laws.tilted, laws.guided)]
    return (
        f"w = {scale:g}: means are {centres[0]:.2f} (tilted law) and {centres[1]:.2f} (guided). "
        f"{laws.beyond:.0%} of the samples lie farther out than {1 - RARE:.0%} of the label's own."
    )
