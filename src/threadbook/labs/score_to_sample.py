"""Experiments from the field to the sample: a stirred flow, a conservative one, a long chain.

They belong to the lab of `score_theory`; each takes `Settings` and returns arrays whose first
axis is the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from threadbook.labs import chain_training as training
from threadbook.labs import denoisers, error_chain, targets
from threadbook.labs import gauge_fields as gauge
from threadbook.labs.digits import split_digits
from threadbook.labs.distances import sliced_distance
from threadbook.labs.networks import Network
from threadbook.labs.training import run_all

PATH = targets.latent_path
STIRS = (0.0, 1.0, 3.0)  # greatest singular value of the gauge, in units of the score
STEPS = (8, 64)
END = 0.98  # where sampling stops: the score of a thin ring grows without bound
GRID = np.linspace(-5, 5, 301)
LINE = targets.standardise(
    targets.make_mixture([[-1.5], [0.5], [1.5]], [0.3, 0.2, 0.3], [0.5, 0.2, 0.3])
)
LEVELS = tuple(float(t) for t in np.linspace(denoisers.LOWEST, END, 17))
LENGTHS = (1, 3)  # short and long training of the sphere's fields, in units of `updates`
DIM = 5  # of the space round the sphere, and of the digits
ONE = 1  # thread: two would compile every function twice, at the same time


def make_ring() -> targets.Mixture:
    """Return a thin, uneven ring in three dimensions, as a mixture of 32 Gaussians."""
    angles = 2 * np.pi * np.arange(32) / 32
    means = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    weights = 2 + np.cos(angles)
    return targets.standardise(
        targets.make_mixture(means, np.full(32, 0.1), weights / weights.sum())
    )


RING = make_ring()


@dataclass(frozen=True)
class Settings:
    """The budget of the runs; a method and what it is compared with share it."""

    seeds: tuple[int, ...] = (10, 11, 12, 13, 14)
    judged: int = 512
    probes: int = 32  # points at which derivatives of the exact flow are taken
    sphere_probes: int = 64  # and of the learned one, where shares differ by less
    updates: int = 400
    work: int = 2  # plain updates that take the time of one of a conservative network
    passes: int = 3  # plain updates that take at least as many passes as a penalised one
    weight: float = 30.0  # of the penalty


@dataclass(frozen=True)
class Stirred:
    """What a gauge does to an exact flow, per seed."""

    distances: Float[np.ndarray, "seed stir step"]
    density_errors: Float[np.ndarray, "seed stir"]  # mean absolute, in nats, at the finest steps
    right: Float[np.ndarray, "seed stir"]  # share of points whose local dimension is found
    floor: Float[np.ndarray, " seed"]


@dataclass(frozen=True)
class Chains:
    """Exact errors of learned chains on a line, per seed, and of true chains from a wrong start."""

    modular: Float[np.ndarray, "seed step"]
    cumulative: Float[np.ndarray, "seed level"]
    amplification: Float[np.ndarray, "seed step"]
    forgotten: Float[np.ndarray, " level"]


def directions(dim: int) -> Float[np.ndarray, "slices dim"]:
    """Return the 64 random directions over which distances are sliced."""
    vectors = np.random.default_rng(0).standard_normal((64, dim), np.float32)
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@jax.jit
def distance(samples: Array, data: Array) -> Float[Array, ""]:
    """Return the sliced Wasserstein-2 distance of two sets of the same size."""
    return sliced_distance(samples, data, jnp.asarray(directions(samples.shape[1])))


def ring_law(t: float) -> targets.Mixture:
    """Return the law of the ring's path at time t."""
    a, b = error_chain.signal_and_noise(PATH, t)
    means, scales = np.asarray(RING.means), np.asarray(RING.scales)
    spread = np.sqrt((a * scales) ** 2 + b**2)
    return targets.Mixture(jnp.asarray(a * means), jnp.asarray(spread), RING.weights)


@jax.jit
def follow_stirred(stir: Array, x: Array, times: Array) -> Array:
    """Return where the exact flow of the ring takes noise when its score is stirred."""
    field = gauge.stirred_velocity(denoisers.exact_ends(RING, PATH), PATH, stir)
    return gauge.heun(field, x, times)


def padded_times(steps: int) -> Float[np.ndarray, " levels"]:
    """Return times of that many steps, then the last again: one compiled loop serves all counts.

    A step from a time to itself changes nothing.
    """
    spare = max(max(STEPS) - steps, 0)
    return np.pad(np.linspace(0.0, END, steps + 1, dtype=np.float32), (0, spare), mode="edge")


@jax.jit
def probe_stirred(stir: Array, x: Array, data: Array) -> tuple[Array, Array]:
    """Return log-densities at `data` and singular values of the flow from `x`."""
    field = gauge.stirred_velocity(denoisers.exact_ends(RING, PATH), PATH, stir)
    times = jnp.linspace(0.0, END, STEPS[-1] + 1)
    return gauge.log_densities(field, data, times), gauge.stretches(field, x, times)


def measure_stirred(settings: Settings) -> Stirred:
    """Return samples, densities and dimensions of the exact flow with and without a gauge."""
    law = ring_law(END)
    exact = jax.jit(jax.vmap(partial(targets.log_density, law)))

    def run(seed: int) -> tuple[object, ...]:
        x = np.asarray(targets.draw_evenly(targets.make_normal(3), 2 * seed, settings.judged))
        data = np.asarray(targets.draw_evenly(law, 2 * seed + 1, settings.judged))
        other = np.asarray(targets.draw_evenly(law, 1000 + seed, settings.judged))
        gaps, errors, right = [], [], []
        for size in STIRS:
            stir = gauge.antisymmetric(seed, 3, size)
            ends = [follow_stirred(stir, x, padded_times(steps)) for steps in STEPS]
            gaps.append([distance(end, data) for end in ends])
            found, values = probe_stirred(stir, x[: settings.probes], data[: settings.probes])
            errors.append(np.mean(np.abs(found - exact(data[: settings.probes]))))
            right.append(np.mean(gauge.count_dimensions(np.asarray(values)) == 1))
        return gaps, errors, right, distance(other, data)

    columns = zip(*run_all(run, settings.seeds, ONE), strict=True)
    return Stirred(*(np.array(column, float) for column in columns))


def draw_sphere(rng: np.random.Generator, count: int) -> Float[np.ndarray, "count 5"]:
    """Return points of a sphere of two dimensions in five, with mean square one on the axes."""
    points = rng.standard_normal((count, 3))
    points *= np.sqrt(DIM) / np.linalg.norm(points, axis=1, keepdims=True)
    return np.pad(points, ((0, 0), (0, DIM - 3))).astype(np.float32)


@partial(jax.jit, static_argnames="predict")
def probe_field(network: Network, probes: Array, *, predict: training.Noise) -> Array:
    """Return the singular values of the derivative of a network's flow."""
    ends = training.ends_of(network, PATH, predict)
    field = gauge.stirred_velocity(ends, PATH, jnp.zeros((DIM, DIM)))
    return gauge.stretches(field, probes, jnp.linspace(0.0, END, 41))


@jax.jit
def measure_turning(network: Network, probes: Array) -> Float[Array, ""]:
    """Return how far the field of a free network is from a gradient, half-way to the data."""
    ends = training.ends_of(network, PATH)
    return gauge.asymmetry(lambda x, t: ends(x, t)[0], probes, jnp.float32(0.5))


def measure_conservative(settings: Settings) -> Float[np.ndarray, "seed length recipe measure"]:
    """Return the share of right dimensions and the asymmetry on the sphere, by training length.

    Of a free network, one trained for as much work as the last, and a conservative one, which
    has no asymmetry.
    """
    most = settings.work * max(LENGTHS) * settings.updates
    free = training.Recipe(PATH, most)
    bound = training.Recipe(PATH, most // settings.work, predict=training.conservative_noise)

    def run(seed: int) -> list[list[list[float]]]:
        rng = np.random.default_rng(seed)
        points = draw_sphere(rng, 898)
        probes = rng.standard_normal((settings.sphere_probes, DIM), np.float32)

        def judge(recipe: training.Recipe, updates: int) -> list[float]:
            network = training.train_noise(seed, points, recipe, updates)
            values = np.asarray(probe_field(network, probes, predict=recipe.predict))
            turning = 0.0 if recipe is bound else float(measure_turning(network, probes))
            return [float(np.mean(gauge.count_dimensions(values) == 2)), turning]

        return [
            [judge(free, few), judge(free, settings.work * few), judge(bound, few)]
            for few in (length * settings.updates for length in LENGTHS)
        ]

    return np.array(run_all(run, settings.seeds, ONE))


def measure_chains(settings: Settings) -> Chains:
    """Return errors along learned chains, and what is left of a wrong start by the true chain."""
    spans = list(pairwise(LEVELS))
    true = [error_chain.true_step(LINE, PATH, t, u, GRID) for t, u in spans]
    first = error_chain.true_marginal(LINE, PATH, LEVELS[0], GRID)
    wrong = error_chain.normal_rows(GRID, np.ones(1), 0.5)[0]
    normal = error_chain.normal_rows(GRID, np.zeros(1), 1.0)[0]

    def run(seed: int) -> error_chain.ErrorChain:
        data = targets.draw_evenly(LINE, seed, 4096)
        recipe = training.Recipe(PATH, settings.updates, batch=128, width=32)
        network = training.train_noise(seed, data, recipe, settings.updates)
        own = [error_chain.learned_step(network, PATH, t, u, GRID) for t, u in spans]
        return error_chain.follow_errors(true, own, normal, first)

    runs = run_all(run, settings.seeds, ONE)
    fields = ("modular", "cumulative", "amplification")
    modular, cumulative, factors = (np.array([getattr(one, f) for one in runs]) for f in fields)
    forgotten = error_chain.follow_errors(true, true, wrong, first).cumulative
    return Chains(modular, cumulative, factors, forgotten)


@jax.jit
def judge_chain(
    key: Key[Array, ""], network: Network, starts: Array, times: Array, data: Array
) -> Float[Array, ""]:
    """Return how far ancestral chains of a network end from `data`, a mean over sets of starts."""
    ends = training.ends_of(network, PATH)

    def gap(key: Key[Array, ""], x: Array) -> Array:
        return sliced_distance(
            denoisers.reverse_diffusion(key, ends, PATH, x, times),
            data,
            jnp.asarray(directions(DIM)),
        )

    return jnp.mean(jax.vmap(gap)(jax.random.split(key, len(starts)), starts))


def measure_penalty(settings: Settings) -> Float[np.ndarray, "seed recipe"]:
    """Return the distance of chains to other digits.

    Of a network trained plainly, plainly for as much work, plainly for twice that work, and with
    the penalty. The last two columns are the second network entered half-way with forward points
    of the training digits, so that it cannot have gathered error, and two samples of digits.
    """
    plan = training.Penalty(LEVELS, weight=settings.weight)
    few, many = settings.updates, settings.passes * settings.updates
    free = training.Recipe(PATH, 2 * many)
    penalised = training.Recipe(PATH, few, plan=plan)
    times, half = np.array(LEVELS, np.float32), len(LEVELS) // 2
    a, b = error_chain.signal_and_noise(PATH, LEVELS[half])

    def run(seed: int) -> list[float]:
        split = split_digits(seed, DIM)
        points, data = split.learn, split.judge
        networks = [
            training.train_noise(seed, points, recipe, updates)
            for recipe, updates in ((free, few), (free, many), (free, 2 * many), (penalised, few))
        ]
        x = np.random.default_rng(seed).standard_normal((3, *data.shape), np.float32)

        def judge(network: Network, start: np.ndarray, times: np.ndarray) -> float:
            return float(judge_chain(jax.random.key(seed), network, start, times, data))

        # Steps from a time to itself change nothing, and keep the shape that is compiled.
        late = np.maximum(times, times[half])
        entered = judge(networks[1], (a * points[: len(data)] + b * x).astype(np.float32), late)
        floor = float(distance(points[: len(data)], data))
        return [*(judge(network, x, times) for network in networks), entered, floor]

    return np.array(run_all(run, settings.seeds, ONE))
