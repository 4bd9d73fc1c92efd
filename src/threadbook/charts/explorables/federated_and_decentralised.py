"""Two clients that work longer alone: nearer at first, and then at rest in the wrong place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, MUTED, new_panels, set_log, use_style

Point = Float[np.ndarray, " 2"]

RATE, ROUNDS, SOON = 0.08, 40, 10
CENTRES = np.array([[-1.0, 0.3], [1.0, -0.3]])
AXES = (np.array([1.0, 0.5]), np.array([1.0, -0.5]))  # of each client's steep direction
STEEP, FLAT = 4.0, 0.15
LOCAL = (1, 2, 4, 8, 16, 32, 64, 128)
START = 3
FIRST = np.array([-0.4, 2.2])


@dataclass(frozen=True)
class Course:
    """The server's point after each round, and how far the common loss is above its least."""

    path: Float[np.ndarray, "rounds 2"]
    excess: Float[np.ndarray, " rounds"]
    rest: Point


def hessians() -> Float[np.ndarray, "clients 2 2"]:
    """Return the Hessian of each client: steep along its axis, flat across."""
    units = [axis / np.linalg.norm(axis) for axis in AXES]
    return np.array([FLAT * np.eye(2) + (STEEP - FLAT) * np.outer(u, u) for u in units])


def goal() -> Point:
    """Return the minimum of the common loss: θ* of equation (2), with equal weights."""
    curved = hessians()
    point: Point = np.linalg.solve(curved.sum(axis=0), np.einsum("cij,cj->i", curved, CENTRES))
    return point


def common_loss(points: Float[np.ndarray, "points 2"]) -> Float[np.ndarray, " points"]:
    """Return the mean of both clients' losses."""
    offsets = points[:, None] - CENTRES
    losses: Float[np.ndarray, " points"] = (
        np.einsum("pci,cij,pcj->p", offsets, hessians(), offsets) / 4
    )
    return losses


def compute(local: int) -> Course:
    """Return the rounds of federated averaging with so many local steps: equation (1)."""
    left = [np.linalg.matrix_power(np.eye(2) - RATE * h, local) for h in hessians()]
    moved = [np.eye(2) - part for part in left]
    path = [FIRST]
    for _ in range(ROUNDS):
        ends = [c + part @ (path[-1] - c) for part, c in zip(left, CENTRES, strict=True)]
        path.append(np.mean(ends, axis=0))
    pulled = sum(part @ c for part, c in zip(moved, CENTRES, strict=True))
    rest = np.linalg.solve(np.sum(moved, axis=0), pulled)
    points = np.array(path)
    least = common_loss(goal()[None])
    return Course(points, common_loss(points) - least, rest)


def frames() -> list[Frame]:
    """Return one frame for each number of local steps."""
    courses = [compute(local) for local in LOCAL]
    return [
        Frame(str(LOCAL[place]), _draw(courses, place), read(LOCAL[place], course))
        for place, course in enumerate(courses)
    ]


def read(local: int, course: Course) -> str:
    """Return what to see with so many local steps."""
    plain = compute(1).excess
    return (
        f"E = {local}: {course.excess[SOON]:.2f} above the least loss after {SOON} rounds (by "
        f"single steps {plain[SOON]:.2f}), {course.excess[-1]:.2f} after {ROUNDS} "
        f"({plain[-1]:.2f})."
    )


@use_style()
def _draw(courses: Sequence[Course], place: int) -> Axes:
    plane, loss = new_panels(["", ""], columns=2, share=False)
    _draw_landscape(plane)
    ends = np.array([course.rest for course in courses])
    plane.plot(*ends.T, color=LOOKS[1].colour, linewidth=4, alpha=0.4, label="resting points")
    plane.plot(*CENTRES.T, "x", color=INK, markersize=7, mew=2, label="own minima")
    plane.plot(*goal(), "*", color=LOOKS[2].colour, markersize=14, label="goal")
    shown = courses[place].path[: SOON + 1]
    plane.plot(*shown.T, color=LOOKS[0].colour, marker="o", markersize=3, linewidth=1.2)
    plane.plot(*ends[place], "o", color=LOOKS[1].colour, markersize=8)
    draw_legend(plane, columns=2)
    rounds = np.arange(ROUNDS + 1)
    for course, label, look in (
        (courses[0], "one local step", LOOKS[3]),
        (courses[place], "chosen", LOOKS[0]),
    ):
        loss.plot(rounds, course.excess, color=look.colour, linestyle=look.line, label=label)
    set_log(loss, "y")
    loss.set(xlim=(0, ROUNDS), ylim=(1e-3, 10), xlabel="round", ylabel="loss above the least")
    draw_legend(loss, columns=1)
    return loss


def _draw_landscape(ax: Axes) -> None:
    """Draw the common loss as contours and each client's flat direction as a line."""
    x, y = np.meshgrid(np.linspace(-1.9, 1.9, 40), np.linspace(-3, 2.6, 40))
    height = common_loss(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
    ax.contour(x, y, height, levels=[0.6, 1.2, 2.4, 4.8], colors=MUTED, linewidths=0.6)
    for centre, axis in zip(CENTRES, AXES, strict=True):
        ends = centre + np.outer((-9, 9), (-axis[1], axis[0]))
        ax.plot(*ends.T, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    ax.set(xlim=(-1.9, 1.9), ylim=(-3, 2.6), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
