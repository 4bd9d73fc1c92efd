"""Descent in the kernel regime, by the band of frequencies on offer: too slow, right, too free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, new_axes, use_style

Values = Float[np.ndarray, " points"]

SAMPLES, STEPS, RATE = 24, 300, 0.5
PLACES = (np.arange(SAMPLES) + 0.5) / SAMPLES
GRID = (np.arange(3 * SAMPLES) + 0.5) / (3 * SAMPLES)  # every third point is a sample
FINE = np.linspace(PLACES[0], PLACES[-1], 1000)
SLOW, FAST = 1, 7  # waves across the stretch
BANDS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
START = 2
HIDDEN = 0.05  # an error above this counts


@dataclass(frozen=True)
class Fit:
    """The field on the grid, and its relative errors at the samples and between them."""

    field: Values
    at_samples: float
    between: float


def true_field(x: Values) -> Values:
    """Return a slow wave with a faster one on top."""
    field: Values = np.sin(2 * np.pi * SLOW * x) + 0.5 * np.sin(2 * np.pi * FAST * x)
    return field


def kernel(x: Values, y: Values, band: float) -> Float[np.ndarray, "x y"]:
    """Return the tangent kernel of very many random waves whose frequencies are N(0, band²)."""
    gram: Float[np.ndarray, "x y"] = np.exp(-2 * (np.pi * band * (x[:, None] - y)) ** 2)
    return gram


def compute(band: float) -> Fit:
    """Return the field after so many steps of equation (2) from zero, by eigenvectors.

    `RATE` is the share of its residual that the largest eigenvalue removes in a step.
    """
    values, vectors = np.linalg.eigh(kernel(PLACES, PLACES, band))
    values = np.maximum(values / values[-1], 1e-15)
    largest = np.linalg.eigvalsh(kernel(PLACES, PLACES, band))[-1]
    # -expm1 keeps the digits where an eigenvalue is all but zero.
    learned = -np.expm1(STEPS * np.log1p(-RATE * values)) / (values * largest)
    weights = vectors @ (learned * (vectors.T @ true_field(PLACES)))
    errors = [
        float(np.linalg.norm(kernel(x, PLACES, band) @ weights - true_field(x)))
        / float(np.linalg.norm(true_field(x)))
        for x in (PLACES, FINE)
    ]
    return Fit(kernel(GRID, PLACES, band) @ weights, *errors)


def frames() -> list[Frame]:
    """Return one frame for each band of frequencies."""
    fits = [(band, compute(band)) for band in BANDS]
    return [Frame(f"{band:g}", _draw(fit), read(band, fit)) for band, fit in fits]


def read(band: float, fit: Fit) -> str:
    """Return what to see with a band, and where the error hides."""
    place = "it hides nowhere"
    if fit.at_samples > HIDDEN:
        place = "it sits in slow eigenvalues"
    elif fit.between > HIDDEN:
        place = "it hides between the samples"
    return (
        f"Band {band:g}: the error is {fit.at_samples:.1%} at the samples and {fit.between:.1%} "
        f"over the whole field; {place}."
    )


@use_style()
def _draw(fit: Fit) -> Axes:
    ax = new_axes()
    whole = np.linspace(0, 1, 150)
    ax.plot(whole, true_field(whole), color=LOOKS[1].colour, linestyle="--", label="true")
    ax.plot(GRID, fit.field, color=LOOKS[0].colour, label="learned")
    ax.plot(PLACES, true_field(PLACES), "o", color=INK, markersize=4, label="samples")
    ax.set(xlabel="place", ylabel="field", xlim=(0, 1), ylim=(-1.8, 1.8))
    draw_legend(ax)
    return ax
