"""The entropic plan between two laws on a line, and its bridge, from a map to independent pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from scipy.special import logsumexp, ndtri

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_paths
from threadbook.charts.style import BLUE, LOOKS, new_panels, use_style

Plan = Float[np.ndarray, "cells cells"]

CELLS, EDGE = 32, 2.6
GRID = np.linspace(-EDGE, EDGE, CELLS)
FIRST = np.exp(-((GRID / 0.7) ** 2) / 2)
FIRST = FIRST / FIRST.sum()
SECOND = np.exp(-(((np.abs(GRID) - 1.4) / 0.4) ** 2) / 2)
SECOND = SECOND / SECOND.sum()
COST = (GRID[:, None] - GRID) ** 2 / 2

LAMBDAS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
START = 2
TOLERANCE, MOST_ROUNDS = 1e-4, 2000
PATHS, TIMES, SHADES = 9, 19, 16


@dataclass(frozen=True)
class Transport:
    """A plan, the Sinkhorn rounds that it took, and what it does to the pairs.

    `excess` is its cost over the least cost, less one; `crossed` the chance that two pairs cross.
    """

    plan: Plan
    rounds: int
    excess: float
    crossed: float


def solve(strength: float) -> tuple[Plan, int]:
    """Return the plan of equation (2), by Sinkhorn's algorithm, and the rounds that it took."""
    scaled, b = -COST / strength, np.zeros(CELLS)
    for rounds in range(1, MOST_ROUNDS + 1):
        a = np.log(FIRST) - logsumexp(scaled + b, axis=1)
        b = np.log(SECOND) - logsumexp(scaled + a[:, None], axis=0)
        plan = np.exp(scaled + a[:, None] + b)
        if np.abs(plan.sum(axis=1) - FIRST).sum() < TOLERANCE:
            return plan, rounds
    raise ValueError(f"{MOST_ROUNDS} rounds of Sinkhorn do not reach the plan for λ = {strength}")


def match_in_order() -> Plan:
    """Return the best plan on a line, which pairs quantile with quantile."""
    ends = [np.concatenate([[0.0], np.cumsum(law)]) for law in (FIRST, SECOND)]
    highest = np.minimum(ends[0][1:, None], ends[1][1:])
    lowest = np.maximum(ends[0][:-1, None], ends[1][:-1])
    plan: Plan = np.maximum(highest - lowest, 0.0)
    return plan


def compute(strength: float) -> Transport:
    """Return the plan for a regularisation λ, with its rounds, its cost and its crossings."""
    plan, rounds = solve(strength)
    below = np.cumsum(plan[::-1], axis=0)[::-1]  # mass of all later starts, by end
    later = np.vstack([below[1:], np.zeros(CELLS)])
    crossed = 2 * np.sum(plan[:, 1:] * np.cumsum(later, axis=1)[:, :-1])
    least = np.sum(match_in_order() * COST)
    return Transport(plan, rounds, float(np.sum(plan * COST) / least - 1), float(crossed))


def draw_bridge(plan: Plan, strength: float) -> Float[np.ndarray, "paths times 2"]:
    """Return paths of the bridge over time: pairs from the plan, joined by Brownian bridges.

    The chance behind each path is the same for every λ, so that a reader sees one path change.
    """
    rng = np.random.default_rng(4)
    times = np.linspace(0, 1, TIMES)
    starts = np.interp((np.arange(PATHS) + 0.5) / PATHS, np.cumsum(FIRST), GRID)
    rows = np.abs(starts[:, None] - GRID).argmin(axis=1)
    levels = rng.permutation((np.arange(PATHS) + 0.5) / PATHS)
    ends = [
        np.interp(u, np.cumsum(plan[i]) / plan[i].sum(), GRID)
        for u, i in zip(levels, rows, strict=True)
    ]
    walk = np.cumsum(ndtri(rng.random((PATHS, TIMES))) * np.sqrt(1 / (TIMES - 1)), axis=1)
    walk -= walk[:, :1]
    bridge = np.sqrt(strength) * (walk - times * walk[:, -1:])
    heights = (1 - times) * starts[:, None] + times * np.array(ends)[:, None] + bridge
    return np.stack(np.broadcast_arrays(times, heights), axis=-1)


def frames() -> list[Frame]:
    """Return one frame for each regularisation."""
    found = [(strength, compute(strength)) for strength in LAMBDAS]
    return [Frame(f"{s:g}", _draw(s, transport), read(s, transport)) for s, transport in found]


def read(strength: float, found: Transport) -> str:
    """Return what to see at a regularisation λ."""
    return (
        f"λ = {strength:g}: {found.rounds} Sinkhorn rounds; {found.crossed:.1%} of pairs cross; "
        f"the cost is {found.excess:.1%} above the least."
    )


@use_style()
def _draw(strength: float, found: Transport) -> Axes:
    square, fan = new_panels(["the plan", "nine paths of its bridge"], columns=2, share=False)
    depth = np.round(np.sqrt(found.plan.T / found.plan.max()) * (SHADES - 1)) / (SHADES - 1)
    picture = np.concatenate(
        [np.broadcast_to(to_rgb(BLUE), (*depth.shape, 3)), depth[..., None]], 2
    )
    extent = (-EDGE, EDGE, -EDGE, EDGE)
    square.imshow(picture, origin="lower", extent=extent, interpolation="none", aspect="auto")
    square.set(xlabel="start x₀", ylabel="end x₁")
    paths = draw_bridge(found.plan, strength)
    draw_paths(paths, look=LOOKS[1], width=1.2, ax=fan)
    fan.set_aspect("auto")
    fan.set(xlim=(-0.03, 1.03), ylim=(-5.2, 5.2), xticks=(0, 1), yticks=(-4, -2, 0, 2, 4))
    fan.set(xlabel="time")
    fan.spines[["left", "bottom"]].set_visible(True)
    return fan
