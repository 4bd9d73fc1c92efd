"""Two weights whose product must be one: the step size decides which of the solutions is found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, MUTED, new_panels, use_style

Path = Float[np.ndarray, "steps 2"]

FIRST = (3.2, 0.05)
RATES = (0.05, 0.1, 0.15, 0.19, 0.21, 0.23, 0.25, 0.27, 0.3, 0.32, 0.35)
START = 6
STEPS, SHOWN = 400, 20


@dataclass(frozen=True)
class Descent:
    """The weights after each step, and the sharpness of the solution ahead of each."""

    path: Path
    ahead: Float[np.ndarray, " steps"]

    @property
    def loss(self) -> Float[np.ndarray, " steps"]:
        """The loss (ab - 1)²/2 after each step."""
        losses: Float[np.ndarray, " steps"] = (self.path.prod(axis=1) - 1) ** 2 / 2
        return losses


def sharpness_ahead(weights: Path) -> Float[np.ndarray, " steps"]:
    """Return the sharpness where gradient flow from the weights would end.

    The flow keeps a² - b², and at a solution ab = 1 the sharpness is a² + b².
    """
    kept = weights[..., 0] ** 2 - weights[..., 1] ** 2
    ahead: Float[np.ndarray, " steps"] = np.sqrt(kept**2 + 4)
    return ahead


def compute(rate: float) -> Descent:
    """Return gradient descent on (ab - 1)²/2 from the first weights."""
    a, b = FIRST
    path = [FIRST]
    for _ in range(STEPS):
        error = a * b - 1
        a, b = a - rate * error * b, b - rate * error * a
        path.append((a, b))
    weights = np.array(path)
    return Descent(weights, sharpness_ahead(weights))


def frames() -> list[Frame]:
    """Return one frame for each learning rate."""
    runs = [(rate, compute(rate)) for rate in RATES]
    return [Frame(f"{rate:g}", _draw(rate, run), read(rate, run)) for rate, run in runs]


def read(rate: float, run: Descent) -> str:
    """Return what to see at a learning rate."""
    rise = run.loss.max() / run.loss[0]
    risen = f"the loss first rises {rise:.1f}-fold" if rise > 1 else "the loss falls at once"
    return (
        f"η = {rate:g}: {risen}; descent ends at sharpness {run.ahead[-1]:.1f}, "
        f"where the flow would end at {run.ahead[0]:.1f} and the border is {2 / rate:.1f}."
    )


@use_style()
def _draw(rate: float, run: Descent) -> Axes:
    plane, course = new_panels(["", ""], columns=2, share=False)
    a = np.linspace(0.3, 3.6, 100)
    plane.plot(a, 1 / a, color=MUTED, linewidth=1.2, label="solutions")
    stable = a[a**2 + a**-2 < 2 / rate]
    shown = np.linspace(stable[0], stable[-1], 40)
    plane.plot(shown, 1 / shown, color=LOOKS[2].colour, linewidth=5, alpha=0.5, label="stable")
    path = run.path[: SHOWN + 1]
    plane.plot(*path.T, color=LOOKS[0].colour, linewidth=1.2, marker="o", markersize=3)
    plane.plot(*path[-1], "o", color=INK, markersize=6)
    plane.set(xlim=(-0.3, 3.6), ylim=(-1.6, 2.7), xlabel="a", ylabel="b")
    draw_legend(plane, columns=2)
    steps = np.arange(len(path))
    course.plot(steps, run.ahead[: SHOWN + 1], color=LOOKS[0].colour, label="sharpness ahead")
    course.plot(steps[[0, -1]], [2 / rate] * 2, color=LOOKS[1].colour, linestyle="--", label="2/η")
    course.set(xlim=(0, SHOWN), ylim=(0, 14), xlabel="step")
    draw_legend(course)
    return course
