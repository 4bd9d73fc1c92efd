"""A linear reader of digits with weights removed, by size or blindly, and the rest refitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from threadbook.charts.explore import Frame
from threadbook.charts.spread import draw_legend
from threadbook.charts.style import BLUE, INK, LOOKS, VERMILION, use_style

Weights = Float[np.ndarray, "pixels classes"]
Mask = Bool[np.ndarray, "pixels classes"]

SHARES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97)
START = 5
TRAINED, RIDGE, DRAWS = 1000, 1.0, 8
SHOWN, SIDE, SHADES = 7, 8, 6
KINDS = ("largest", "largest, refitted", "blind", "blind, refitted")


@dataclass(frozen=True)
class Reader:
    """Least squares on centred pixels: what fitting needs, and the images that judge."""

    gram: Float[np.ndarray, "pixels pixels"]
    cross: Weights
    means: Float[np.ndarray, " classes"]
    pixels: Float[np.ndarray, "images pixels"]
    labels: np.ndarray

    def fit(self, kept: Mask) -> Weights:
        """Return the best weights that are zero where not kept, class by class."""
        weights = np.zeros_like(self.cross)
        for label, column in enumerate(kept.T):
            rows = np.flatnonzero(column)
            gram = self.gram[np.ix_(rows, rows)] + RIDGE * np.eye(len(rows))
            weights[rows, label] = np.linalg.solve(gram, self.cross[rows, label])
        return weights

    def judge(self, weights: Weights) -> float:
        """Return the share of held-out images that the weights read rightly."""
        answers = (self.pixels @ weights + self.means).argmax(axis=1)
        return float(np.mean(answers == self.labels))


@dataclass(frozen=True)
class Pruned:
    """Accuracies of `KINDS`, and the weights that the first and a blind mask keep."""

    accuracies: tuple[float, ...]
    largest: Weights
    blind: Weights


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """Return the digits of scikit-learn, shuffled and split."""
    # Here, since scikit-learn takes a second to import and one page needs it.
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(pixels))
    pixels, labels = pixels[order] / 16, labels[order]
    seen = pixels[:TRAINED] - pixels[:TRAINED].mean(axis=0)
    goals = np.eye(10)[labels[:TRAINED]]
    means = goals.mean(axis=0)
    held = pixels[TRAINED:] - pixels[:TRAINED].mean(axis=0)
    return Reader(seen.T @ seen, seen.T @ (goals - means), means, held, labels[TRAINED:])


def keep_top(scores: Weights, removed: float) -> Mask:
    """Return a mask that keeps the highest scores and removes a share of them."""
    count = round((1 - removed) * scores.size)
    mask = np.zeros(scores.size, dtype=bool)
    mask[np.argsort(-scores, axis=None, kind="stable")[:count]] = True
    return mask.reshape(scores.shape)


def compute(removed: float) -> Pruned:
    """Return what is left when a share of the weights is removed; blind masks are averaged."""
    reader, rng = load_reader(), np.random.default_rng(1)
    full = reader.fit(np.ones_like(reader.cross, dtype=bool))
    largest = keep_top(np.abs(full), removed)
    blind = [keep_top(rng.random(full.shape), removed) for _ in range(DRAWS)]
    accuracies = (
        reader.judge(full * largest),
        reader.judge(reader.fit(largest)),
        float(np.mean([reader.judge(full * mask) for mask in blind])),
        float(np.mean([reader.judge(reader.fit(mask)) for mask in blind])),
    )
    return Pruned(accuracies, full * largest, full * blind[0])


def frames() -> list[Frame]:
    """Return one frame for each share of weights removed."""
    found = [compute(share) for share in SHARES]
    return [
        Frame(f"{share:.0%}", _draw(place, found), read(share, found[place]))
        for place, share in enumerate(SHARES)
    ]


def read(removed: float, pruned: Pruned) -> str:
    """Return what to see with a share of the weights removed."""
    largest, refitted, blind, blind_refitted = pruned.accuracies
    return (
        f"{removed:.0%} removed: the largest weights read {largest:.0%} of the digits rightly, "
        f"refitted {refitted:.0%}; blindly chosen ones {blind:.0%}, refitted {blind_refitted:.0%}."
    )


@use_style()
def _draw(place: int, found: Sequence[Pruned]) -> Figure:
    figure, (picture, chart) = plt.subplots(2, 1, figsize=(6.4, 5.0), height_ratios=(2, 3))
    _draw_weights(picture, found[place])
    removed = [100 * share for share in SHARES]
    for kind, (name, look) in enumerate(zip(KINDS, LOOKS, strict=False)):
        values = [100 * pruned.accuracies[kind] for pruned in found]
        chart.plot(removed, values, color=look.colour, linestyle=look.line, label=name)
        chart.plot(removed[place], values[place], look.marker, color=look.colour)
    chart.set(xlim=(-2, 100), ylim=(0, 100), xlabel="% of the weights removed")
    chart.set_ylabel("% read rightly")
    draw_legend(chart, columns=2)
    return figure


def _draw_weights(ax: Axes, pruned: Pruned) -> None:
    """Draw the templates of the first digits: sign as colour, size as ink."""
    rows = np.zeros((2, SIDE + 1, SHOWN, SIDE + 1))
    for row, weights in enumerate((pruned.largest, pruned.blind)):
        rows[row, :SIDE, :, :SIDE] = weights[:, :SHOWN].T.reshape(SHOWN, SIDE, SIDE).swapaxes(0, 1)
    flat = rows.reshape(2 * (SIDE + 1), SHOWN * (SIDE + 1))[:-1, :-1]
    full = np.abs(load_reader().fit(np.ones_like(pruned.largest, dtype=bool))).max()
    depth = np.ceil(np.sqrt(np.abs(flat) / full) * SHADES) / SHADES
    colours = np.where(flat[..., None] > 0, to_rgb(BLUE), to_rgb(VERMILION))
    colours[flat == 0] = to_rgb(INK)
    picture = np.concatenate([colours, np.minimum(depth, 1)[..., None]], axis=2)
    ax.imshow(picture, interpolation="none")
    ax.set_yticks([SIDE / 2 - 0.5, 1.5 * SIDE + 0.5], ["largest", "blind"])
    ax.set_xticks([SIDE / 2 - 0.5 + place * (SIDE + 1) for place in range(SHOWN)])
    ax.set_xticklabels([str(digit) for digit in range(SHOWN)])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
