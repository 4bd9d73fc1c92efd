"""The lab of the thread on what a score model provably learns: what is learned, from how much.

Each experiment takes `Settings` and returns arrays whose first axis is the seed. The experiments
on sampling and on chains are in `score_to_sample`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from scipy.stats import spearmanr

from threadbook.labs import kernel_training as kernels
from threadbook.labs import perturbed_likelihood as likelihood
from threadbook.labs import reconstruction as rec
from threadbook.labs import shallow_denoiser as shallow
from threadbook.labs import targets
from threadbook.labs.digits import split_digits
from threadbook.labs.distances import even_directions, sliced_distance
from threadbook.labs.networks import Network
from threadbook.labs.training import run_all

# Two summits of one width, a narrower third, valleys between them.
PLANE = targets.make_mixture(
    [[-1.6, 0.0], [1.6, 0.4], [0.0, 1.9]], [0.5, 0.5, 0.35], [0.5, 0.3, 0.2]
)
RING = targets.standardise(targets.make_uneven_ring())
PATH = targets.cosine_path  # of the regression on a ring
NOISES = (0.05, 0.1, 0.2, 0.4)
CHOSEN = 2  # the noise of the chains
HEATS = (0.003, 0.01, 0.03, 0.1, 0.3)  # the squared displacement over each; the best is reported
CENTRE = (0.0, 0.5)  # where lines to every point set out
SAMPLES = (4, 8, 16, 32, 64)
SIZES = (1.0, 0.5)  # |mean| over the root of dim, of two modes: far apart, and near
WIDTHS = (32, 256, 4096)
FITS = ((0.0, 1e-3), (0.05, 1e-3), (0.1, 1e-3), (0.2, 1e-3), (0.0, 0.1))  # data noise, model floor
BUDGETS = (300, 1200)
ONE = 1  # thread: two would compile every function twice, at the same time

exact_score = jax.jit(jax.vmap(jax.grad(partial(targets.log_density, PLANE))))
exact_log = jax.jit(jax.vmap(partial(targets.log_density, PLANE)))


@dataclass(frozen=True)
class Settings:
    """The budget of the runs; a method and what it is compared with always share it."""

    seeds: tuple[int, ...] = (10, 11, 12, 13, 14)
    learned: int = 5000  # points of the plane an auto-encoder learns from
    updates: int = 600
    chains: int = 256
    moves: int = 300
    dim: int = 192
    times: int = 10
    shallow_updates: int = 200
    flown: int = 2048  # noises carried by the flow: their mean must not blur that of the mode
    noisy: int = 256  # labels of the kernel regression
    rate: float = 8.0
    steps: int = 3000
    followed: int = 300  # steps over which network and kernel are compared
    circle: int = 128  # points on the circle


@dataclass(frozen=True)
class Displacements:
    """What a displacement tells, per seed; the distances are of chains to the data."""

    cosines: Float[np.ndarray, "seed noise"]
    errors: Float[np.ndarray, "seed noise"]  # relative squared error of the score
    line_ranks: Float[np.ndarray, "seed noise"]
    error_ranks: Float[np.ndarray, "seed noise"]
    chained: Float[np.ndarray, "seed method"]  # by line, by error, by the exact law, own samples


@dataclass(frozen=True)
class KernelRuns:
    """What gradient descent learns from noisy labels, per seed, against the exact mean."""

    gaps: Float[np.ndarray, "seed width step"]  # network to kernel, in units of the truth
    network: Float[np.ndarray, "seed width step"]  # squared error of each network
    kernel: Float[np.ndarray, "seed step"]
    stops: Float[np.ndarray, " seed"]  # number of steps that the rule allows


@jax.jit
def distance(samples: Array, data: Array) -> Float[Array, ""]:
    """Return the sliced Wasserstein-2 distance of two sets in the plane, over 32 directions."""
    return sliced_distance(samples, data, even_directions(32))


def draw_plainly(law: targets.Mixture, seed: int, count: int) -> Float[np.ndarray, "count dim"]:
    """Return independent samples of a law, drawn by NumPy, which has nothing to compile."""
    rng = np.random.default_rng(seed)
    means, scales, weights = (np.asarray(v, float) for v in (law.means, law.scales, law.weights))
    modes = rng.choice(len(weights), count, p=weights / weights.sum())
    noise = rng.standard_normal((count, means.shape[1]))
    return (means[modes] + scales[modes, None] * noise).astype(np.float32)


def draw_region(seed: int, count: int = 2000, depth: float = 6.0) -> Float[Array, "count 2"]:
    """Return points spread evenly where the log-density is within `depth` of its summit."""
    uniform = np.random.default_rng(seed).random((8 * count, 2), np.float32)
    box = np.array([-3.5, -2.0], np.float32) + np.array([7.0, 5.5], np.float32) * uniform
    heights = np.asarray(exact_log(box))
    return jnp.asarray(box[heights > heights.max() - depth][:count])


@jax.jit
def read_autoencoder(
    network: Network, noise: Float[Array, ""], test: Array, region: Array
) -> tuple[Array, Array, Array, Array]:
    """Return cosine and relative error of the score, and both readings of the density."""
    estimate, exact = rec.estimated_score(network, noise)(test), exact_score(test)
    lengths = jnp.linalg.norm(estimate, axis=1) * jnp.linalg.norm(exact, axis=1)
    cosine = jnp.mean(jnp.sum(estimate * exact, axis=1) / lengths)
    error = jnp.sum((estimate - exact) ** 2) / jnp.sum(exact**2)
    starts = jnp.broadcast_to(jnp.array(CENTRE), region.shape)
    summed = rec.line_gain(rec.estimated_score(network, noise))(starts, region)
    squared = jnp.sum(rec.displacement(network, noise, region) ** 2, axis=1)
    return cosine, error, summed, -squared


@jax.jit
def run_chains(network: Network, x: Array, draws: rec.Draws, data: Array) -> Array:
    """Return how far chains end from `data`: by line, by error at its best heat, by the law."""
    noise = NOISES[CHOSEN]

    def chain(gain: rec.Gain) -> Array:
        return rec.metropolis(gain, x, draws, stride=1.0)

    by_line = distance(chain(rec.line_gain(rec.estimated_score(network, noise))), data)
    exact = distance(chain(lambda x, y: exact_log(y) - exact_log(x)), data)

    def by_error(heat: Float[Array, ""]) -> Array:
        end: Array = distance(chain(rec.error_gain(network, noise, heat)), data)
        return end

    return jnp.stack([by_line, jnp.min(jax.vmap(by_error)(jnp.asarray(HEATS))), exact])


def measure_displacements(settings: Settings) -> Displacements:
    """Return what auto-encoders of several noise levels say about score and density."""

    def run(seed: int) -> tuple[object, ...]:
        data = draw_plainly(PLANE, seed, settings.learned)
        test = jnp.asarray(targets.draw_evenly(PLANE, seed, 2048))
        region = draw_region(seed)
        heights = exact_log(region)
        rows = []
        for number, noise in enumerate(NOISES):
            network = rec.train_autoencoder(seed, data, noise, updates=settings.updates)
            cosine, error, *readings = read_autoencoder(network, noise, test, region)
            rows.append((cosine, error, *(spearmanr(r, heights)[0] for r in readings)))
            if number == CHOSEN:
                chosen = network
        sample = targets.draw_evenly(PLANE, seed + 1, settings.chains)
        draws = rec.draw_moves(seed, settings.moves, settings.chains, 2)
        chained = run_chains(chosen, 1.5 * draws[0][0], draws, sample)
        return (*np.array(rows, float).T, [*chained, distance(data[: settings.chains], sample)])

    columns = zip(*run_all(run, settings.seeds, ONE), strict=True)
    return Displacements(*(np.array(column, float) for column in columns))


@partial(jax.jit, static_argnames=("times", "updates"))
def learn_modes(
    count: float,
    pairs: shallow.Pairs,
    vectors: tuple[Array, Array, Array],
    *,
    times: int,
    updates: int,
) -> tuple[Array, Array]:
    """Return the squared gap of the flow learned from the first `count` samples, and of these.

    `vectors` are the true mean, the first weights and the noise that the flow carries.
    """
    mean, start, noise = vectors
    path, levels = targets.linear_path, jnp.arange(times) / times
    weights = shallow.fit_each_time(start, pairs, count, levels, path=path, updates=updates)
    ends = shallow.follow_flow(weights, noise, levels, path=path)
    used = (jnp.arange(len(pairs[1])) < count).astype(start.dtype)
    guesses = shallow.mode_mean(ends, mean), shallow.mode_mean(pairs[1], mean, used)
    flow, copy = (shallow.squared_gap(guess, mean) for guess in guesses)
    return flow, copy


def measure_samples(settings: Settings, size: float) -> Float[np.ndarray, "seed count measure"]:
    """Return squared gaps of the mean, per number of samples: by the flow, and by copying them.

    To copy is to return the mean of the samples themselves, which the flow of equation (3) of
    the page also has.
    """
    times, updates = settings.times, settings.shallow_updates

    def run(seed: int) -> list[list[float]]:
        rng = np.random.default_rng(seed)
        centre = size * rng.standard_normal(settings.dim).astype(np.float32)
        pairs = shallow.draw_two_modes(rng, centre, max(SAMPLES), 1.0)
        start = shallow.FIRST * rng.standard_normal(settings.dim).astype(np.float32)
        noise = rng.standard_normal((settings.flown, settings.dim)).astype(np.float32)
        vectors = (centre, start, noise)
        return [
            [float(g) for g in learn_modes(float(n), pairs, vectors, times=times, updates=updates)]
            for n in SAMPLES
        ]

    return np.array(run_all(run, settings.seeds, ONE))


@jax.jit
def clean_mean(x: Float[Array, "count 2"], t: Float[Array, " count"]) -> Float[Array, "count 2"]:
    """Return the exact mean of the ring's clean points given noisy ones."""
    normal = targets.make_normal(2)
    one = partial(targets.expected_ends, normal, RING, PATH)
    return jax.vmap(lambda point, time: one(time, point)[1])(x, t)


def noisy_task(
    rng: np.random.Generator, clean: Float[np.ndarray, "count dim"]
) -> tuple[Float[np.ndarray, "count dim"], Float[np.ndarray, " count"]]:
    """Return points moved towards noise by uniform times, and the times."""
    t = rng.random(len(clean), np.float32)
    a, b = (np.asarray(level)[:, None] for level in jax.jit(PATH)(t))
    return a * clean + b * rng.standard_normal(clean.shape, np.float32), t


def rule_noise(inputs: np.ndarray, labels: np.ndarray, mean: np.ndarray) -> float:
    """Return the noise of the labels over the norm of the truth in the kernel's space.

    The stopping rule asks for a truth of norm one; both numbers come from the exact mean, which
    nobody has in practice.
    """
    gram = kernels.tangent_kernel(inputs, inputs) + 1e-4 * np.eye(len(inputs))
    norm = np.sqrt(np.mean(np.sum(mean * np.linalg.solve(gram, mean), axis=0)))
    return float(np.sqrt(np.mean((labels - mean) ** 2)) / norm)


def measure_kernel(settings: Settings) -> KernelRuns:
    """Return how networks follow the kernel, and what stopping early is worth."""
    fine = 16  # steps of the rule to one of the descent: its answer is a small number

    def run(seed: int) -> tuple[object, ...]:
        rng = np.random.default_rng(seed)
        clean = draw_plainly(RING, 2 * seed, settings.noisy)
        x, t = noisy_task(rng, clean)
        tests, clock = noisy_task(rng, draw_plainly(RING, 2 * seed + 1, 512))
        task = kernels.Task(kernels.lift(x, t), clean, kernels.lift(tests, clock))
        truth = np.asarray(clean_mean(jnp.asarray(tests), jnp.asarray(clock)), float)
        path = kernels.kernel_descent(task, settings.rate, settings.steps)
        data = (task.inputs, task.labels, task.tests)
        nets = [
            np.asarray(kernels.network_descent(units, data, settings.rate, steps=settings.followed))
            for width in WIDTHS
            for units in [kernels.init_units(seed, task.inputs.shape[1], 2, width)]
        ]
        near = path[: settings.followed]
        gaps = [np.sqrt(np.mean((n - near) ** 2, axis=(1, 2)) / np.mean(truth**2)) for n in nets]
        noise = rule_noise(
            task.inputs, task.labels, np.asarray(clean_mean(jnp.asarray(x), jnp.asarray(t)), float)
        )
        stop = kernels.stopping_step(
            task.inputs, noise, settings.rate / fine, fine * settings.followed
        )
        errors = [np.mean((p - truth) ** 2, axis=(1, 2)) / np.mean(truth**2) for p in (*nets, path)]
        return gaps, errors[:-1], errors[-1], stop // fine

    columns = zip(*run_all(run, settings.seeds, ONE), strict=True)
    return KernelRuns(*(np.array(column, float) for column in columns))


def measure_digit_stops(settings: Settings, dim: int = 8) -> Float[np.ndarray, "seed step"]:
    """Return the error on other digits after each step of kernel descent, against clean points."""
    rows = []
    for seed in settings.seeds:
        split, rng = split_digits(seed, dim), np.random.default_rng(seed)
        learn, judge = split.learn[: 2 * settings.noisy], split.judge[: 2 * settings.noisy]
        (x, t), (tests, clock) = noisy_task(rng, learn), noisy_task(rng, judge)
        task = kernels.Task(kernels.lift(x, t), learn, kernels.lift(tests, clock))
        path = kernels.kernel_descent(task, settings.rate, settings.steps // 3)
        rows.append(np.mean((path - judge) ** 2, axis=(1, 2)))
    return np.array(rows)


def draw_circle(rng: np.random.Generator, count: int) -> Float[np.ndarray, "count 2"]:
    """Return points of the unit circle, denser on one side: a law without density."""
    u = 2 * np.pi * rng.random(count)
    angle = u + 0.8 * np.sin(u)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


@jax.jit
def generate_all(
    start: likelihood.Generator,
    x: Float[Array, "fit count dim"],
    shifts: Float[Array, "pool latent"],
    latents: Float[Array, "points latent"],
    updates: Int[Array, ""] | int,
) -> Float[Array, "fit points dim"]:
    """Return what the generator of each fit in FITS makes of `latents`."""

    def fit(own: Array, least: Array) -> Array:
        layers, _ = likelihood.fit_generator(start, own, shifts, (least, updates))
        return likelihood.generate(layers, latents)

    made: Array = jax.vmap(fit)(x, jnp.asarray([least for _, least in FITS]))
    return made


def measure_perturbation(settings: Settings) -> Float[np.ndarray, "seed budget fit"]:
    """Return the distance of the generated law to the true one; last column: the sample itself."""
    truth = draw_circle(np.random.default_rng(0), 2048)
    even = likelihood.spread_latents(jnp.zeros(1), len(truth))

    def run(seed: int) -> list[list[float]]:
        rng = np.random.default_rng(seed)
        points = draw_circle(rng, settings.circle)
        start = likelihood.init_generator(rng, 1, 2, 32)
        state = rng.bit_generator.state
        x = []
        for noise, _ in FITS:  # the same draw at every size
            rng.bit_generator.state = state
            x.append(likelihood.perturb(rng, points, noise))
        shifts = jnp.asarray(rng.random((max(BUDGETS), 1), np.float32))
        own = float(distance(np.tile(points, (len(truth) // len(points), 1)), truth))
        rows = []
        for budget in BUDGETS:
            ends = generate_all(start, jnp.stack(x), shifts, even, budget)
            rows.append([*(float(distance(end, truth)) for end in ends), own])
        return rows

    return np.array(run_all(run, settings.seeds, ONE))
