"""The lab on densities whose constant is unknown: samplers, the best Gaussian, fitted models.

The second half of the lab of the thread on transport and bridges. Each experiment takes seeds and
returns arrays whose first axis is the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from sklearn.datasets import load_breast_cancer

from threadbook.labs import gaussian_vi as vi
from threadbook.labs import path_samplers, targets
from threadbook.labs import unnormalised as fits
from threadbook.labs.transport_and_bridges import DIGIT, PIXELS, SEEDS

# Gaussian variational inference.
REGRESSIONS, STARTING = ("breast cancer", "digits 3 and 8"), (1e-6, 1e-3, 1.0)
ROWS, FEATURES, MOST_STEPS, EARLY = 100, 6, 400, 20
STEPS = (vi.forward_backward, vi.plain_gradient)

# Unnormalised models.
GAPS = (1.0, 2.0, 3.0, 4.0)


@dataclass(frozen=True)
class Descent:
    """How steps of variational inference went, forward-backward and plain."""

    rises: Float[np.ndarray, "seed data start 2"]  # largest rise of the divergence in one step
    shares: Float[np.ndarray, "seed data start 2"]  # largest gap to the best, over its bound
    steps: Float[np.ndarray, "seed data start 2"]  # to a squared distance of 1 % of the first


# Each with the best of the rates 0.002, 0.005, 0.01 and 0.02 on three pilot seeds.
RECIPES = {
    "mean": path_samplers.Recipe("mean", 0.01),
    "variance": path_samplers.Recipe("variance", 0.02),
    "variance, buffer": path_samplers.Recipe("variance", 0.02, replay=True),
    "mean, guided": path_samplers.Recipe("mean", 0.005, guided=True),
    "variance, guided": path_samplers.Recipe("variance", 0.02, guided=True),
    "variance, guided, buffer": path_samplers.Recipe("variance", 0.02, guided=True, replay=True),
}
BUDGET = path_samplers.Sampler(scale=1.5, steps=12, batch=64, width=32)
ROUNDS = 10
RING = targets.make_uneven_ring()


def count_rounds(recipe: path_samplers.Recipe, budget: path_samplers.Sampler, rounds: int) -> int:
    """Return the rounds that spend as many evaluations of the density as `rounds` with replay.

    An update takes one a path; a local search one a move of each chain. A guided sampler also
    takes one a step and is compared with guided ones only; a search then adds a twentieth.
    """
    if recipe.replay or recipe.guided:
        return rounds
    searched = budget.chains * budget.moves / (budget.batch * budget.updates)
    return round(rounds * (1 + searched))


@partial(jax.jit, static_argnames="budget")
def judge_sampler(
    noise: Float[Array, "steps count dim"],
    control: path_samplers.Control,
    budget: path_samplers.Sampler,
) -> Float[Array, " mode"]:
    """Return the share of fresh samples at each mode of the ring."""
    return path_samplers.mode_shares(RING, path_samplers.simulate(control, RING, budget, noise)[-1])


def compare_samplers(
    seeds: Sequence[int] = SEEDS,
    recipes: Sequence[path_samplers.Recipe] = tuple(RECIPES.values()),
    budget: path_samplers.Sampler = BUDGET,
    rounds: int = ROUNDS,
) -> Float[np.ndarray, "seed recipe mode"]:
    """Return the share of samples at each mode, for each of `recipes`."""

    def run(seed: int, recipe: path_samplers.Recipe) -> Array:
        spent = count_rounds(recipe, budget, rounds)
        control = path_samplers.train_sampler(seed, RING, budget, recipe, spent)
        noise = np.random.default_rng(1000 + seed).normal(size=(budget.steps, 4096, 2))
        shares: Array = judge_sampler(jnp.asarray(noise, jnp.float32), control, budget)
        return shares

    return np.array([[run(seed, recipe) for recipe in recipes] for seed in seeds], float)


def misplaced(shares: Float[np.ndarray, "seed recipe mode"]) -> Float[np.ndarray, "seed recipe"]:
    """Return the share of samples that sit at the wrong mode (total variation)."""
    gaps: np.ndarray = np.abs(shares - np.asarray(RING.weights)).sum(axis=-1) / 2
    return gaps


def missed(shares: Float[np.ndarray, "seed recipe mode"]) -> Float[np.ndarray, "seed recipe"]:
    """Return how many modes get less than a tenth of their weight."""
    lost: np.ndarray = np.sum(shares < 0.1 * np.asarray(RING.weights), axis=-1)
    return lost


def make_regression(seed: int, name: str) -> vi.Posterior:
    """Return a logistic posterior on random rows of a real data set, in its first components."""
    rng = np.random.default_rng(seed)
    if name == "breast cancer":
        table = load_breast_cancer()
        inputs, labels = table.data, table.target == 1
    else:
        rows = np.isin(DIGIT, (3, 8))
        inputs, labels = PIXELS[rows].astype(float), DIGIT[rows] == 3
    inputs = (inputs - inputs.mean(axis=0)) / (inputs.std(axis=0) + 1e-9)
    inputs = inputs @ np.linalg.svd(inputs, full_matrices=False)[2][:FEATURES].T
    picks = rng.permutation(len(inputs))[:ROWS]
    scaled = inputs[picks] / np.sqrt(np.mean(inputs**2))
    return vi.Posterior(scaled, np.where(labels[picks], 1.0, -1.0))


def measure_descent(
    target: vi.Posterior, start: vi.Gaussian, best: vi.Gaussian, step: vi.Step, rate: float
) -> tuple[float, float, float]:
    """Return the largest rise of the divergence in a step, its gap over its bound, and the steps.

    Rises and gaps are looked for early on. For a log-concave target and a rate of at most one over
    the smoothness, `diao2023forwardbackward` bound the divergence after N steps, less that of the
    best Gaussian, by `W^2 / (2 N rate)`, with W the distance of start and best. Steps are counted
    until the squared distance is 1 % of the first.
    """
    squared, law, reached = vi.squared_bures(start, best), start, np.inf
    heights = []
    for count in range(MOST_STEPS + 1):
        if count <= EARLY:
            heights.append(vi.divergence(target, law))
        if np.isinf(reached) and vi.squared_bures(law, best) <= 0.01 * squared:
            reached = float(count)
        if count >= EARLY and np.isfinite(reached):
            break
        law = step(target, law, rate)
    gaps = np.array(heights[1:]) - vi.divergence(target, best)
    shares = gaps * 2 * rate * np.arange(1, EARLY + 1) / squared
    return float(np.max(np.diff(heights))), float(np.max(shares)), reached


def compare_descents(seeds: Sequence[int] = SEEDS, multiple: float = 1.0) -> Descent:
    """Return how both kinds of step go from each start, at a multiple of the largest safe rate."""

    def run(seed: int, name: str) -> list[list[tuple[float, float, float]]]:
        target = make_regression(seed, name)
        unit, zero = np.eye(FEATURES), np.zeros(FEATURES)
        rate = 1 / target.smoothness
        start = vi.Gaussian(zero, 0.1 * unit)
        best = vi.run_steps(target, start, vi.forward_backward, rate=4 * rate, steps=300)[-1]
        return [
            [
                measure_descent(target, vi.Gaussian(zero, size * unit), best, step, multiple * rate)
                for step in STEPS
            ]
            for size in STARTING
        ]

    table = np.array([[run(seed, name) for name in REGRESSIONS] for seed in seeds])
    return Descent(table[..., 0], table[..., 1], table[..., 2])


# For each gap the best of six rates from 0.003 to 1 on five pilot seeds.
RATES = {"contrast": (0.003, 0.01, 0.03, 0.1), "likelihood": (0.003, 0.01, 0.01, 0.01)}


def compare_fits(
    seeds: Sequence[int] = SEEDS, *, updates: int = 2000, batch: int = 64
) -> Float[np.ndarray, "seed gap method"]:
    """Return the error of the fitted mean by contrast and by likelihood, at tuned rates."""
    normals = [np.random.default_rng(seed).normal(size=(updates, 2, batch)) for seed in seeds]
    draws, gaps = jnp.asarray(normals, jnp.float32), jnp.asarray(GAPS)
    columns = []
    for method in ("contrast", "likelihood"):
        one = partial(fits.fit_mean, method=method)
        grid = jax.vmap(lambda d, g, r, one=one: one(d, g, rate=r), (None, 0, 0))
        fitted = jax.vmap(grid, (0, None, None))(draws, gaps, jnp.asarray(RATES[method]))  # type: ignore[no-untyped-call]
        columns.append(np.abs(np.asarray(fitted, float) - np.asarray(GAPS)))
    return np.stack(columns, axis=-1)


DESCENT_RATES = {"contrast": (0.1, 0.3, 1.0, 3.0, 10.0, 30.0), "likelihood": (1.0,)}


def compare_descending(updates: int = 300) -> Float[np.ndarray, "gap method"]:
    """Return the error of the mean after plain descent with endless samples, at its best rate."""

    def best(gap: float, method: fits.Method) -> float:
        runs = [fits.descend(gap, method, rate=r, updates=updates) for r in DESCENT_RATES[method]]
        return min(float(errors[-1]) for errors in runs)

    return np.array([[best(gap, method) for method in ("contrast", "likelihood")] for gap in GAPS])
