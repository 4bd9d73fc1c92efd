"""Averaging over neighbours on a graph of two groups: it finds the groups, then forgets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import INK, LOOKS, new_panels, use_style

Features = Float[np.ndarray, "nodes draws"]

NODES, WITHIN, ACROSS = 60, 0.15, 0.05  # chance of an edge in a group, and between groups
SIGNAL, READING = 0.5, 0.05  # what the group adds to a feature of noise 1; error of a reader
DRAWS = 200
LAYERS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24)
START = 4


@dataclass(frozen=True)
class Smoothed:
    """One draw as a reader sees it, the share of nodes read rightly, the differences left."""

    seen: Float[np.ndarray, " nodes"]
    right: float
    left: float


@lru_cache(maxsize=1)
def make_graph() -> tuple[Float[np.ndarray, "nodes nodes"], Int[np.ndarray, " nodes"]]:
    """Return the averaging matrix P of a random graph and the group, -1 or 1, of each node."""
    rng = np.random.default_rng(3)
    groups = np.where(np.arange(NODES) % 2, 1, -1)
    chance = np.where(groups[:, None] == groups, WITHIN, ACROSS)
    upper = np.triu(rng.random((NODES, NODES)) < chance, 1)
    joined = (upper | upper.T) + np.eye(NODES)
    root = np.sqrt(joined.sum(axis=1))
    return joined / np.outer(root, root), groups


def draw_features() -> Features:
    """Return many draws of a feature that hints at the group of its node."""
    _, groups = make_graph()
    noise = np.random.default_rng(0).standard_normal((NODES, DRAWS))
    features: Features = SIGNAL * groups[:, None] + noise
    return features


def limit(features: Features) -> Features:
    """Return what endless layers leave: the first term of equation (1), which knows degrees."""
    averaging, _ = make_graph()
    # The diagonal of P is one over the degree, and u₁ is in proportion to its root.
    first = 1 / np.sqrt(np.diag(averaging))
    first /= np.linalg.norm(first)
    ends: Features = np.outer(first, first @ features)
    return ends


def compute(layers: int) -> Smoothed:
    """Return features after some layers, read with a small error by a threshold at the median."""
    averaging, groups = make_graph()
    first = draw_features()
    after = np.linalg.matrix_power(averaging, layers) @ first
    seen = after + READING * np.random.default_rng(1).standard_normal(after.shape)
    right = np.mean((seen > np.median(seen, axis=0)) == (groups[:, None] > 0))
    differences = [np.linalg.norm(part - limit(first)) for part in (after, first)]
    return Smoothed(seen[:, 0], float(right), float(differences[0] / differences[1]))


def frames() -> list[Frame]:
    """Return one frame for each number of layers."""
    found = [compute(layers) for layers in LAYERS]
    return [
        Frame(str(layers), _draw(place, found), read(layers, found[place]))
        for place, layers in enumerate(LAYERS)
    ]


def read(layers: int, smoothed: Smoothed) -> str:
    """Return what to see after some layers."""
    return (
        f"{layers} layer{'s' * (layers != 1)}: {smoothed.right:.0%} of the nodes are read rightly; "
        f"{smoothed.left:.1%} of the differences are left."
    )


@use_style()
def _draw(place: int, found: Sequence[Smoothed]) -> Axes:
    nodes, right = new_panels(["", ""], columns=2, share=False)
    _, groups = make_graph()
    seen = found[place].seen - np.median(found[place].seen)
    seen /= np.std(seen)
    for group, look, name in ((-1, LOOKS[0], "one group"), (1, LOOKS[1], "other")):
        heights = seen[groups == group]
        places = np.arange(len(heights)) + (group > 0) * (len(heights) + 2)
        nodes.plot(places, heights, look.marker, color=look.colour, markersize=4.5, label=name)
    nodes.axhline(0, color=INK, linewidth=1)
    nodes.set(ylim=(-3.1, 3.1), xticks=[], xlabel="node", ylabel="what is read of it")
    draw_legend(nodes, columns=2)
    values = [100 * smoothed.right for smoothed in found]
    right.plot(LAYERS, values, color=LOOKS[2].colour)
    right.plot(LAYERS[place], values[place], LOOKS[2].marker, color=LOOKS[2].colour, markersize=9)
    right.set(ylim=(40, 100), xlabel="layers", ylabel="% of nodes read rightly")
    return right
