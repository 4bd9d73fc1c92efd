"""Descent with weights stored in a few bits: the lost half-steps, and two ways round them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from threadbook.charts.curves import Curve, Curves
from threadbook.charts.explore import Frame, frame_curves

Weights = Float[np.ndarray, " weights"]
Losses = Float[np.ndarray, " shown"]

BITS = (4, 5, 6, 7, 8, 9, 10, 12, 14)
START = 4
REACH = 4.0  # the grid of 2^b points covers -2 to 2
WEIGHTS, ROWS, STEPS, RATE = 40, 200, 1500, 0.02
SHOWN = np.unique(np.round(np.logspace(0, np.log10(STEPS), 64)).astype(int))
STORES = ("coarse", "random", "fine")


@dataclass(frozen=True)
class Runs:
    """The share of the first loss left by each way to store, and how many weights ever moved."""

    losses: dict[str, Losses]
    moved: int


@lru_cache(maxsize=1)
def make_problem() -> tuple[Float[np.ndarray, "weights weights"], Weights]:
    """Return the Hessian and the minimum of a least-squares loss with unequal directions."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((ROWS, WEIGHTS)) * np.linspace(1, 0.3, WEIGHTS)
    return inputs.T @ inputs / ROWS, rng.uniform(-1, 1, WEIGHTS)


def loss(weights: Weights) -> float:
    """Return the loss above its least."""
    hessian, best = make_problem()
    return float((weights - best) @ hessian @ (weights - best) / 2)


def round_nearest(weights: Weights, bits: int) -> Weights:
    """Return each weight's nearest point of the grid."""
    spacing = REACH / 2**bits
    rounded: Weights = np.round(weights / spacing) * spacing
    return rounded


def round_randomly(weights: Weights, bits: int, rng: np.random.Generator) -> Weights:
    """Return a neighbouring point of the grid, with chances that keep the mean."""
    spacing = REACH / 2**bits
    floor = np.floor(weights / spacing)
    up = rng.random(WEIGHTS) < weights / spacing - floor
    rounded: Weights = (floor + up) * spacing
    return rounded


def run(store: str, bits: int) -> tuple[Losses, int]:
    """Return the share of the first loss left at the shown steps, and how many weights moved.

    The gradient is taken at the rounded weights. What is kept of the step is rounded too, to the
    nearest point or at random, or kept in full as in equation (3).
    """
    hessian, best = make_problem()
    rng = np.random.default_rng(1)
    weights, losses = np.zeros(WEIGHTS), []
    moved = np.zeros(WEIGHTS, dtype=bool)
    for _ in range(STEPS):
        seen = round_nearest(weights, bits)
        weights = weights - RATE * hessian @ (seen - best)
        if store == STORES[0]:
            weights = round_nearest(weights, bits)
        elif store == STORES[1]:
            weights = round_randomly(weights, bits, rng)
        after = round_nearest(weights, bits)
        moved |= after != 0
        losses.append(loss(after))
    return np.array(losses)[SHOWN - 1] / loss(np.zeros(WEIGHTS)), int(moved.sum())


def compute(bits: int) -> Runs:
    """Return descent from zero with each way to store weights of so many bits."""
    found = {store: run(store, bits) for store in STORES}
    return Runs({store: losses for store, (losses, _) in found.items()}, found[STORES[0]][1])


def frames() -> list[Frame]:
    """Return one frame for each number of bits."""
    shown = []
    for bits in BITS:
        runs = compute(bits)
        curves = tuple(Curve(store, runs.losses[store]) for store in STORES)
        labels = ("step of descent", "share of the loss left", "", "", "xy")
        shown.append((str(bits), Curves(SHOWN, curves, *labels), read(bits, runs)))
    return frame_curves(shown)


def read(bits: int, runs: Runs) -> str:
    """Return what to see with so many bits."""
    coarse, _, fine = (runs.losses[store][-1] for store in STORES)
    return (
        f"{bits} bits: stored coarsely, {runs.moved} of {WEIGHTS} weights ever move and "
        f"{_percent(coarse)} of the loss is left; stored finely, used coarsely, {_percent(fine)}."
    )


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{100 * share:.2g}%"
