"""A past read back from the state of a linear recurrence: by time-scales, and by phases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, new_axes, use_style

Values = Float[np.ndarray, " inputs"]
Weights = Float[np.ndarray, "states inputs"]

LENGTH, SCALE = 400, 400.0  # inputs, and the time-scale of states that turn
WAVES = 8  # the input has no more of them
SIZES = (2, 4, 6, 8, 12, 16, 20, 24, 32, 48)
START = 4
DIGITS = 1e-3  # to which the state is kept, in units of its largest entry
AGES = np.arange(LENGTH)
DRAWN = AGES[2::5]


@dataclass(frozen=True)
class Recall:
    """The past as read back from a state, by age, and its error over the size of the input."""

    past: Values
    error: float


def make_input() -> Values:
    """Return a smooth random input by age, with mean square one."""
    rng = np.random.default_rng(5)
    turns = np.arange(1, WAVES + 1) * 0.9
    phases = rng.uniform(0, 2 * np.pi, WAVES)
    sizes = rng.standard_normal(WAVES) / np.sqrt(np.arange(1, WAVES + 1))
    total = np.sin(2 * np.pi * np.outer(AGES / LENGTH, turns) + phases) @ sizes
    scaled: Values = total / np.sqrt(np.mean(total**2))
    return scaled


def decay(size: int) -> Weights:
    """Return the weights of past inputs in states that decay: positive eigenvalues.

    Row k is μ_k to the power of the age, with time-scales in a geometric row.
    """
    scales = np.geomspace(LENGTH / 100, LENGTH, size)
    rows: Weights = np.exp(-AGES / scales[:, None])
    return rows


def rotate(size: int) -> Weights:
    """Return the weights of past inputs in states that turn: conjugate pairs of one modulus.

    A pair is written as its real and its imaginary part; the phases are evenly spaced from zero.
    """
    turned = 2 * np.pi * np.outer(np.arange(size // 2 + 1), AGES) / LENGTH
    rows = np.concatenate([np.cos(turned), np.sin(turned[1:])])[:size]
    fading: Weights = rows * np.exp(-AGES / SCALE)
    return fading


def compute(weights: Weights) -> Recall:
    """Return what the rounded final state of a linear recurrence tells of its inputs.

    Equation (2) makes the state the sum of inputs times eigenvalue to the power of their age. The
    reading is the linear estimate of least mean error for inputs of mean square one.
    """
    goal = make_input()
    rows = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    state = rows @ goal
    step = DIGITS * np.abs(state).max()
    kept = np.round(state / step) * step
    noise = step**2 / 12 * np.eye(len(rows))
    past = rows.T @ np.linalg.solve(rows @ rows.T + noise, kept)
    return Recall(past, float(np.sqrt(np.mean((past - goal) ** 2))))


def frames() -> list[Frame]:
    """Return one frame for each size of the state."""
    found = [(size, compute(decay(size)), compute(rotate(size))) for size in SIZES]
    return [
        Frame(str(size), _draw(slow, turning), read(size, slow, turning))
        for size, slow, turning in found
    ]


def read(size: int, slow: Recall, turning: Recall) -> str:
    """Return what to see at a size of the state."""
    return (
        f"State of {size} numbers: read back from decays the past errs by {slow.error:.0%} of its "
        f"size, from rotations by {turning.error:.0%}."
    )


@use_style()
def _draw(slow: Recall, turning: Recall) -> Axes:
    ax = new_axes()
    ax.plot(AGES[::3], make_input()[::3], color=INK, linewidth=1, label="input")
    for recall, look, name in ((turning, LOOKS[0], "rotations"), (slow, LOOKS[1], "decays")):
        ax.plot(DRAWN, recall.past[DRAWN], color=look.colour, linestyle=look.line, label=name)
    ax.set(xlim=(LENGTH, 0), ylim=(-2.9, 2.9), xlabel="age of the input i − j", ylabel="input")
    draw_legend(ax)
    return ax
