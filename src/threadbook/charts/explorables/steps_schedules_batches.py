"""The end of a run over its learning rate, for equal samples in batches of different size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import LOOKS, MUTED, new_axes, set_log, use_style

Values = Float[np.ndarray, " rates"]

CURVATURES = np.array([1.0, 0.3, 0.1, 0.03])
NOISE = 3 * CURVATURES  # variance of one sample's gradient, along each axis
SAMPLES = 4096
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
START = 4
RATES = np.logspace(-3, np.log10(2), 72)  # up to the border 2/κ of the steepest axis
LARGEST = 1e9  # runs that diverge are stopped here


@dataclass(frozen=True)
class Ends:
    """The expected loss at the end over that at the start, by rate; and the best single step."""

    constant: Values
    decayed: Values
    greedy: float


def run(batch: int, *, decay: bool) -> Values:
    """Return the expected loss at the end of a run from 1 in every coordinate, over the first loss.

    Along an axis of curvature κ and gradient noise σ²/B, a step multiplies the mean square by
    (1 - ηκ)² and adds η²σ²/B. With `decay`, the rate falls to zero as 1 - k/K.
    """
    steps = SAMPLES // batch
    squares = np.ones((len(RATES), len(CURVATURES)))
    for k in range(steps):
        rates = RATES[:, None] * (1 - k / steps if decay else 1.0)
        squares = (1 - rates * CURVATURES) ** 2 * squares + rates**2 * NOISE / batch
        squares = np.minimum(squares, LARGEST)
    ends: Values = squares @ CURVATURES / CURVATURES.sum()
    return ends


def best_first_step(batch: int) -> float:
    """Return the rate of equation (2) at the start, where the gradient equals the curvatures."""
    noise = np.sum(CURVATURES * NOISE) / batch
    return float(np.sum(CURVATURES**2) / (np.sum(CURVATURES**3) + noise))


def compute(batch: int) -> Ends:
    """Return how runs on the same number of samples end when they come in batches of this size."""
    return Ends(run(batch, decay=False), run(batch, decay=True), best_first_step(batch))


def frames() -> list[Frame]:
    """Return one frame for each batch size."""
    found = [(batch, compute(batch)) for batch in BATCHES]
    return [Frame(str(batch), _draw(ends), read(batch, ends)) for batch, ends in found]


def read(batch: int, ends: Ends) -> str:
    """Return what to see at a batch size."""
    best = [(RATES[loss.argmin()], loss.min()) for loss in (ends.constant, ends.decayed)]
    return (
        f"Batch {batch}, {SAMPLES // batch} steps: a constant {best[0][0]:.2g} leaves "
        f"{best[0][1]:.1%} of the loss, decay from {best[1][0]:.2g} leaves {best[1][1]:.1%}; "
        f"equation (2) would start with {ends.greedy:.2g}."
    )


@use_style()
def _draw(ends: Ends) -> Axes:
    ax = new_axes()
    for look, label, loss in (
        (LOOKS[0], "constant rate", ends.constant),
        (LOOKS[1], "linear decay", ends.decayed),
    ):
        ax.plot(RATES, loss, color=look.colour, linestyle=look.line, label=label)
        ax.plot(RATES[loss.argmin()], loss.min(), look.marker, color=look.colour)
    ax.axvline(ends.greedy, color=MUTED, linestyle=(0, (1, 1.5)), label="equation (2)")
    set_log(ax, "xy")
    ax.set(xlim=(1e-3, 2.2), ylim=(3e-3, 3), xlabel="first learning rate")
    ax.set_ylabel("share of the loss left")
    draw_legend(ax)
    return ax
