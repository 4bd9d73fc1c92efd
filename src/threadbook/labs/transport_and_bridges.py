"""The lab of the thread on transport, bridges and densities without their constant.

Each experiment takes seeds and returns arrays whose first axis is the seed. Methods live in
modules of their own; here stand the problems, the budgets and what is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.ndimage import zoom  # type: ignore[attr-defined]
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits

from threadbook.labs import light_bridge, sliced_variates, sparse_plans
from threadbook.labs import sinkhorn_newton as newton
from threadbook.labs.sliced_variates import KINDS

SEEDS = (10, 11, 12, 13, 14)
PIXELS = load_digits().data.astype(np.float32) / 16
DIGIT = load_digits().target

# Plans on points: Sinkhorn and Newton.
TRANSPORTS = ("random costs", "digits", "W1 of images", "W2 of images")
SHARPNESS = (120.0, 600.0)  # one over lambda, for costs of at most one
POINTS, SIDE = 128, 12
ERROR, MOST_ROUNDS, MOST_NEWTON = 1e-6, 4000, 120
KEPT = 10  # entries a row that stay in the Hessian

# Bridges from samples.
DIMS, SCALES = (2, 16), (1.0, 0.1)
SOLVERS = ("sum of Gaussians", "Sinkhorn", "one Gaussian")
SAMPLES, STARTS, PARTS = 500, 128, 20

# Slices.
CLOUDS = ("two digits' pixels", "halves of one digit", "two clouds of ink")
SLICES, DIRECTIONS, FLOW_STEPS = 10, 20_000, (1, 2, 5, 10, 30)
SHIFT = 2  # of the flow's start from its target along each axis; the clouds are one wide

# Experts.
TOKENS, EXPERTS, STRENGTH = 96, 6, 20.0
CAPS = (16, 20, 24, 96)
WEAKEST = 1 / 32  # of STRENGTH: where halving it stops


@dataclass(frozen=True)
class Counts:
    """What solvers of a plan needed, for Sinkhorn and for Newton; infinite if not reached."""

    iterations: Float[np.ndarray, "seed problem sharpness 2"]
    work: Float[np.ndarray, "seed problem sharpness 2"]


@dataclass(frozen=True)
class Slicing:
    """Spread and bias of estimates by kind of control variate, and where a flow gets with them."""

    variances: Float[np.ndarray, "seed cloud kind"]
    biases: Float[np.ndarray, "seed cloud kind"]  # relative to the squared distance
    flows: Float[np.ndarray, "seed kind step"]


@dataclass(frozen=True)
class Experts:
    """Plans with at most k tokens an expert: dual evaluations, and mass of tokens misplaced."""

    evaluations: Float[np.ndarray, "seed cap"]
    errors: Float[np.ndarray, "seed cap 3"]  # constrained, cut, and weaker regularisation
    searches: Float[np.ndarray, "seed cap"]  # evaluations that finding the weaker one took
    widths: Float[np.ndarray, "seed cap"]  # most tokens of an expert in the constrained plan


def image_density(image: Float[np.ndarray, " pixels"]) -> Float[np.ndarray, " points"]:
    """Return a digit as weights on a finer grid, with a floor that keeps all of them positive."""
    ink = zoom(image.reshape(8, 8), SIDE / 8, order=1).ravel().clip(0) + 0.02
    weights: np.ndarray = (ink / ink.sum()).astype(float)
    return weights


def make_transports(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield cost and marginals of each problem in TRANSPORTS; the largest cost is about one."""
    rng = np.random.default_rng(seed)
    even = np.full(POINTS, 1 / POINTS)
    yield rng.uniform(size=(POINTS, POINTS)), even, even
    left, right = PIXELS[rng.permutation(len(PIXELS))][: 2 * POINTS].reshape(2, POINTS, -1)
    gaps = np.sum((left[:, None].astype(float) - right[None]) ** 2, axis=-1)
    yield gaps / gaps.max(), even, even
    a, b = (image_density(PIXELS[i]) for i in rng.choice(len(PIXELS), 2, replace=False))
    ruler = np.linspace(0, 1, SIDE)
    places = np.stack(np.meshgrid(ruler, ruler), axis=-1).reshape(-1, 2)
    apart = np.abs(places[:, None] - places[None])
    yield apart.sum(axis=-1) / 2, a, b
    yield (apart**2).sum(axis=-1) / 2, a, b


def race(problem: newton.Problem, kept: float = KEPT) -> tuple[newton.Trace, newton.Trace]:
    """Return how Sinkhorn and Sinkhorn followed by thinned Newton steps went on a problem."""
    slow = newton.sinkhorn(problem, error=ERROR, most=MOST_ROUNDS)
    share = min(1.0, kept / len(problem.b))
    fast = newton.sinkhorn_newton(problem, error=ERROR, most=MOST_NEWTON, share=share)
    return slow, fast


def compare_sinkhorn(seeds: Sequence[int] = SEEDS) -> Counts:
    """Return iterations and passes over the matrix to the same error, of both solvers."""

    def run(seed: int) -> np.ndarray:
        traces = [
            [race(newton.Problem(sharp * cost, a, b)) for sharp in SHARPNESS]
            for cost, a, b in make_transports(seed)
        ]
        measures = (newton.Trace.reach, newton.Trace.reach_work)
        return np.array(
            [[[[m(t, ERROR) for t in two] for two in row] for row in traces] for m in measures]
        )

    both = np.array([run(seed) for seed in seeds])
    return Counts(both[:, 0], both[:, 1])


def judge_bridges(seed: int, true: light_bridge.Potential, updates: int) -> list[float]:
    """Return the error of each of SOLVERS, from the same unpaired samples of a known bridge."""
    rng, scale = np.random.default_rng(seed), true.scale
    first, x, new = (
        rng.normal(size=(count, true.centres.shape[1])) for count in (SAMPLES, SAMPLES, STARTS)
    )
    y = light_bridge.draw_ends(true, rng, first)
    trained = light_bridge.train_light(seed, (x, y), scale=scale, parts=PARTS, updates=updates)
    found = (
        light_bridge.conditional(light_bridge.make_potential(trained, scale), new),
        light_bridge.sinkhorn_conditional((x, y), scale, new),
        light_bridge.gaussian_conditional((x, y), scale, new),
    )
    known = light_bridge.conditional(true, new)
    return [light_bridge.unexplained(one, known, y) for one in found]


def compare_bridges(
    seeds: Sequence[int] = SEEDS, updates: int = 2000
) -> Float[np.ndarray, "seed dim scale solver"]:
    """Return the errors of three solvers on bridges whose conditional laws are known."""

    def run(seed: int, dim: int, scale: float) -> list[float]:
        true = light_bridge.random_potential(seed, dim, parts=5, scale=scale)
        return judge_bridges(seed, true, updates)

    return np.array([[[run(s, dim, scale) for scale in SCALES] for dim in DIMS] for s in seeds])


def draw_ink(rng: np.random.Generator, count: int) -> Float[np.ndarray, "count 2"]:
    """Return points in the unit square that fill a random digit in proportion to its ink."""
    ink = PIXELS[rng.integers(len(PIXELS))].astype(float)
    cells = rng.choice(64, count, p=ink / ink.sum())
    corners = np.stack([cells % 8, cells // 8], axis=1)
    points: np.ndarray = ((corners + rng.uniform(size=(count, 2))) / 8).astype(np.float32)
    return points


def make_clouds(seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the pairs of point sets in CLOUDS."""
    rng = np.random.default_rng(seed)
    one, other = (
        rng.permutation(PIXELS[label == DIGIT]) for label in rng.choice(10, 2, replace=False)
    )
    count = min(len(one), len(other), 170)
    half = len(one) // 2
    return [
        (one[:count], other[:count]),
        (one[:half], one[half : 2 * half]),
        (draw_ink(rng, 128), draw_ink(rng, 128)),
    ]


def draw_directions(seed: int, dim: int, count: int = DIRECTIONS) -> np.ndarray:
    """Return unit vectors drawn uniformly from the sphere."""
    vectors = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def measure_slices(
    x: np.ndarray, y: np.ndarray, directions: np.ndarray, slices: int = SLICES
) -> tuple[list[float], list[float]]:
    """Return variance, as a share of the plain one, and relative bias of each of KINDS.

    Each set of `slices` directions is one estimate. The truth is the estimate from all directions
    with the lower bound as control.
    """
    costs = sliced_variates.slice_costs(x, y, directions).astype(float)
    controls = {kind: sliced_variates.control(x, y, directions, kind) for kind in KINDS[1:]}
    sets = costs.reshape(-1, slices)
    estimates = [sets.mean(axis=1)]
    for values, mean in controls.values():
        grouped = values.astype(float).reshape(sets.shape)
        estimates.append(sliced_variates.combine(sets, grouped, mean))
    truth = float(sliced_variates.combine(costs, *controls["lower"]))
    spread = [float(one.var() / estimates[0].var()) for one in estimates]
    return spread, [float(one.mean() / truth - 1) for one in estimates]


def flow_distances(
    seed: int, x: np.ndarray, y: np.ndarray, slices: int = SLICES
) -> list[list[float]]:
    """Return the sliced distance after some of the steps of a flow, for each of KINDS."""
    judged, steps = draw_directions(seed, 2, 64), max(FLOW_STEPS)
    drawn = draw_directions(1000 + seed, 2, steps * slices).reshape(steps, slices, 2)
    rows = []
    for kind in KINDS:
        path = np.asarray(sliced_variates.follow_slices(x, y, drawn, kind=kind))
        costs = [sliced_variates.slice_costs(path[s - 1], y, judged).mean() for s in FLOW_STEPS]
        rows.append([float(np.sqrt(cost)) for cost in costs])
    return rows


def compare_slices(seeds: Sequence[int] = SEEDS) -> Slicing:
    """Return how control variates serve the estimate and the flow, per seed."""
    spreads, biases, flows = [], [], []
    for seed in seeds:
        clouds = make_clouds(seed)
        both = [measure_slices(x, y, draw_directions(seed, x.shape[1])) for x, y in clouds]
        spreads.append([one[0] for one in both])
        biases.append([one[1] for one in both])
        x, y = clouds[-1]
        flows.append(flow_distances(seed, x + np.float32(SHIFT), y))
    return Slicing(*(np.array(table) for table in (spreads, biases, flows)))


def make_experts(seed: int) -> np.ndarray:
    """Return the cost of matching digits with experts, the centres of clusters of other digits."""
    order = np.random.default_rng(seed).permutation(len(PIXELS))
    tokens, others = PIXELS[order[:TOKENS]], PIXELS[order[TOKENS : TOKENS + 600]]
    centres = KMeans(EXPERTS, n_init=1, random_state=seed).fit(others).cluster_centers_  # type: ignore[no-untyped-call]
    gaps = np.sum((tokens[:, None].astype(float) - centres[None]) ** 2, axis=-1)
    scaled: np.ndarray = gaps / gaps.mean()
    return scaled


def weaken(cost: np.ndarray) -> list[tuple[sparse_plans.Solved, int]]:
    """Return quadratic plans under regularisation halved again and again, and evaluations so far.

    This is control of the width by trial: stop at the first plan that is narrow enough.
    """
    plans: list[tuple[sparse_plans.Solved, int]] = []
    strength, spent = STRENGTH, 0
    while strength >= WEAKEST * STRENGTH:
        found = sparse_plans.solve_sparse(sparse_plans.Matching(cost, strength), TOKENS)
        spent += found.evaluations
        plans.append((found, spent))
        strength /= 2
    return plans


def widest(plan: np.ndarray) -> int:
    """Return the most tokens that any expert of a plan gets."""
    return int(np.count_nonzero(plan, axis=0).max())


def compare_experts(seeds: Sequence[int] = SEEDS) -> Experts:
    """Return what a cap on an expert's tokens costs, and how well it is kept.

    A weaker regularisation that never gets as narrow as the cap has no error and no end (NaN).
    """

    def run(seed: int) -> list[tuple[float, ...]]:
        cost = make_experts(seed)
        weaker = weaken(cost)
        rows: list[tuple[float, ...]] = []
        for cap in CAPS:
            capped = sparse_plans.solve_sparse(sparse_plans.Matching(cost, STRENGTH), cap)
            cut = sparse_plans.cut_columns(weaker[0][0].plan, cap)
            narrow = (one for one in weaker if widest(one[0].plan) <= cap)
            found, spent = next(narrow, (None, np.nan))
            trial = np.nan if found is None else sparse_plans.token_error(found.plan)
            errors = sparse_plans.token_error(capped.plan), sparse_plans.token_error(cut), trial
            rows.append((float(capped.evaluations), *errors, spent, float(widest(capped.plan))))
        return rows

    table = np.array([run(seed) for seed in seeds])
    return Experts(table[..., 0], table[..., 1:4], table[..., 4], table[..., 5])
