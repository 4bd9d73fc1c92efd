"""Two quadratic tasks and a penalty by importance: what it buys depends on the axes of weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, MUTED, new_panels, use_style

Matrix = Float[np.ndarray, "2 2"]
Points = Float[np.ndarray, "points 2"]

OLD = np.diag([4.0, 0.1])  # Hessian of the old task, whose minimum is the origin
NEW = np.array([1.0, 1.6])  # minimum of the new task, whose Hessian is the identity
ANGLES = (0, 5, 10, 15, 20, 25, 30, 35, 40, 45)
START = 4
STRENGTHS = np.concatenate([[0.0], np.logspace(-3, 4, 1200)])
KEPT = 0.05  # of old loss: what the methods are compared at
CORNERS = 40


@dataclass(frozen=True)
class Course:
    """The solutions of a penalised second task as the penalty grows, and both losses there."""

    points: Points
    old: Float[np.ndarray, " points"]
    new: Float[np.ndarray, " points"]

    def pay(self, kept: float) -> float:
        """Return the new task's loss where the old one has this loss."""
        return float(np.interp(kept, self.old[::-1], self.new[::-1]))


def turn(degrees: float) -> Matrix:
    """Return the axes of the weights, as columns, turned against the valley by an angle."""
    angle = np.radians(-degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def penalise(importance: Matrix) -> Course:
    """Return the minima of the new loss plus λ θᵀPθ/2 over λ."""
    points = np.array([np.linalg.solve(np.eye(2) + s * importance, NEW) for s in STRENGTHS])
    old = np.einsum("pi,ij,pj->p", points, OLD, points) / 2
    return Course(points, old, ((points - NEW) ** 2).sum(axis=1) / 2)


def compute(degrees: float) -> Course:
    """Return elastic weight consolidation: the penalty is the Hessian's diagonal in these axes."""
    axes = turn(degrees)
    diagonal = np.diag(np.diag(axes.T @ OLD @ axes))
    return penalise(axes @ diagonal @ axes.T)


def frames() -> list[Frame]:
    """Return one frame for each angle between weights and valley."""
    plain, whole = penalise(np.eye(2)), penalise(OLD)
    found = [(degrees, compute(degrees)) for degrees in ANGLES]
    return [
        Frame(f"{degrees}°", _draw(degrees, course, plain, whole), read(degrees, course))
        for degrees, course in found
    ]


def read(degrees: float, course: Course) -> str:
    """Return what to see at an angle."""
    plain, whole = penalise(np.eye(2)), penalise(OLD)
    return (
        f"{degrees}°: with the old loss held at {KEPT:g}, importance leaves {course.pay(KEPT):.2f} "
        f"of the new, a plain penalty {plain.pay(KEPT):.2f}, the Hessian {whole.pay(KEPT):.2f}."
    )


@use_style()
def _draw(degrees: float, course: Course, plain: Course, whole: Course) -> Axes:
    plane, losses = new_panels(["", ""], columns=2, share=False)
    _draw_tasks(plane, degrees)
    shown = np.unique(np.round(np.linspace(0, len(STRENGTHS) - 1, CORNERS)).astype(int))
    for name, run, look in (
        ("plain", plain, LOOKS[1]),
        ("importance", course, LOOKS[0]),
        ("full Hessian", whole, LOOKS[2]),
    ):
        x, y = run.points[shown].T
        plane.plot(x, y, color=look.colour, linestyle=look.line)
        old, new = run.old[shown], run.new[shown]
        losses.plot(old, new, color=look.colour, linestyle=look.line, label=name)
        losses.plot(KEPT, run.pay(KEPT), look.marker, color=look.colour, markersize=5)
    losses.set(xlim=(0, 0.8), ylim=(0, 1.9), xlabel="loss on the old task")
    losses.set_ylabel("loss on the new task")
    draw_legend(losses, columns=2)
    return losses


def _draw_tasks(ax: Axes, degrees: float) -> None:
    """Draw the old task's valley, both minima, and the axes of the weights through the old one."""
    x, y = np.meshgrid(np.linspace(-0.7, 1.5, 40), np.linspace(-0.6, 2.1, 40))
    height = (OLD[0, 0] * x**2 + OLD[1, 1] * y**2) / 2
    ax.contour(x, y, height, levels=[0.05, 0.2, 0.8, 2], colors=MUTED, linewidths=0.7)
    for axis in turn(degrees).T:
        ax.plot(*np.outer(axis, (-0.35, 0.35)), color=INK, linewidth=1)
    ax.plot(0, 0, "o", color=INK, markersize=5)
    ax.plot(*NEW, "*", color=INK, markersize=10)
    ax.annotate("old", (0, 0), (38, -4), textcoords="offset points")
    ax.annotate("new", tuple(NEW), (6, 2), textcoords="offset points")
    ax.set(xlim=(-0.7, 1.5), ylim=(-0.6, 2.1), xticks=[], yticks=[])
    ax.set_aspect("equal")
    ax.spines[:].set_visible(False)
