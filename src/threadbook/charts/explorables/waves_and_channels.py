"""A wave field mapped from samples along a line: with its phase, and by its power alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Complex, Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, new_axes, use_style

Values = Float[np.ndarray, " points"]
Field = Complex[np.ndarray, " points"]

LENGTH, PATHS = 4, 6  # wavelengths of the stretch, after which the field repeats; plane waves
COUNTS = (4, 6, 7, 8, 9, 11, 13, 15, 16, 17)
START = 4
GRID = np.linspace(0, LENGTH, 73)
FINE = np.linspace(0, LENGTH, 640, endpoint=False)


@dataclass(frozen=True)
class Maps:
    """Power along the line from samples with phase and from powers alone, and their errors.

    An error is that of the power, relative to its spread along the line: a flat map has 1.
    """

    with_phase: Values
    power_alone: Values
    phase_error: float
    power_error: float


@lru_cache(maxsize=1)
def draw_waves() -> tuple[np.ndarray, Field]:
    """Return how often each wave turns in the stretch, negative if it comes back, and its size."""
    rng = np.random.default_rng(7)
    between = rng.choice(np.arange(1 - LENGTH, LENGTH), PATHS - 2, replace=False)
    sizes = rng.uniform(0.6, 1.0, PATHS) * np.exp(2j * np.pi * rng.random(PATHS))
    return np.array([LENGTH, -LENGTH, *between]), sizes / np.linalg.norm(sizes)


def turn(x: Values, turns: np.ndarray) -> Complex[np.ndarray, "points waves"]:
    """Return each wave at each place."""
    waves: Complex[np.ndarray, "points waves"] = np.exp(2j * np.pi * np.outer(x, turns) / LENGTH)
    return waves


def true_field(x: Values) -> Field:
    """Return the sum of equation (1) at places in wavelengths."""
    turns, sizes = draw_waves()
    total: Field = turn(x, turns) @ sizes
    return total


def interpolate(places: Values, samples: np.ndarray, most: int, x: Values) -> Field:
    """Return at `x` the least sum of waves through the samples, of at most so many turns."""
    turns = np.arange(-most, most + 1)
    sizes = np.linalg.lstsq(turn(places, turns), samples.astype(complex), rcond=1e-10)[0]
    found: Field = turn(x, turns) @ sizes
    return found


def compute(count: int) -> Maps:
    """Return both maps from so many samples on the stretch.

    The field is made of waves that turn at most once in a wavelength, its power of products of
    two of them, which turn up to twice.
    """
    places = np.arange(count) * LENGTH / count
    seen, truth = true_field(places), np.abs(true_field(FINE)) ** 2

    def both(x: Values) -> tuple[Values, Values]:
        field = interpolate(places, seen, LENGTH, x)
        power = interpolate(places, np.abs(seen) ** 2, 2 * LENGTH, x)
        return np.abs(field) ** 2, power.real

    with_phase, power_alone = both(GRID)
    errors = [float(np.std(found - truth) / np.std(truth)) for found in both(FINE)]
    return Maps(with_phase, power_alone, *errors)


def frames() -> list[Frame]:
    """Return one frame for each number of samples."""
    return [
        Frame(f"{count / LENGTH:.2f}", _draw(count, maps), read(count, maps))
        for count, maps in ((count, compute(count)) for count in COUNTS)
    ]


def read(count: int, maps: Maps) -> str:
    """Return what to see with so many samples."""
    return (
        f"{count / LENGTH:.2f} samples a wavelength: the map errs by {maps.phase_error:.0%} with "
        f"phase, by {maps.power_error:.0%} from powers alone (a flat map: 100%)."
    )


@use_style()
def _draw(count: int, maps: Maps) -> Axes:
    ax = new_axes()
    ax.plot(FINE[::4], np.abs(true_field(FINE[::4])) ** 2, color=INK, linewidth=1, label="true")
    for look, label, power in (
        (LOOKS[0], "phase", maps.with_phase),
        (LOOKS[1], "power", maps.power_alone),
    ):
        ax.plot(GRID, power, color=look.colour, linestyle=look.line, label=label)
    # Points beyond the axes keep the number of marks the same.
    places = np.arange(max(COUNTS)) * LENGTH / count
    heights = np.abs(true_field(places)) ** 2
    ax.plot(places, heights, "o", color=INK, markersize=5, label="samples")
    ax.set(xlim=(-0.05, LENGTH), ylim=(-1.2, 4.4), xlabel="place (wavelengths)")
    ax.set_ylabel("power, mean 1")
    draw_legend(ax, columns=4)
    return ax
