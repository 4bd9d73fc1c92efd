"""The lab of the thread on forward processes: experiments with denoisers that make no error.

Data are handwritten digits, taken as a law on their points. What is left to differ is the process,
its start and the number of steps. The ring of eight Gaussians has `phase_space_on_ring`, and
experiments that train a network `forward_process_trained`. Results have the seed as their first
axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from threadbook.labs import nearer_starts, noise_on_grids, point_laws, targets
from threadbook.labs.denoisers import reverse_diffusion
from threadbook.labs.digits import split_digits
from threadbook.labs.noise_on_grids import Grid
from threadbook.labs.point_laws import PointLaw
from threadbook.labs.training import run_all

WORKERS = 1  # two threads would compile everything twice
FEW_STEPS = (2, 4, 8, 30)
CHUNK = 8  # steps of one program, which serves all step counts
GRIDS = (8, 128)
VALUES = (64, 128)  # points a side: as many as a latent image of Stable Diffusion has, or values
RATES = (10.6, 20.0)  # last rates of the schedule: Stable Diffusion's, and the older one
POWER = 2.0  # of the baseline's time grid, finer near the data: better than an even one in pilots
LOUDER = 2.0  # noise at the end of the speech process, found on pilot seeds; published is 0.5
DEPARTS = 1.5  # deviations of brightness from which an image departs from the average


energy = jax.jit(point_laws.energy_to_law)


@dataclass(frozen=True)
class Settings:
    """Seeds and sizes of the experiments without training."""

    seeds: tuple[int, ...] = (20, 21, 22, 23, 24)
    dim: int = 24  # components of the digits that are restored
    inputs: int = 24  # corrupted digits, each restored `draws` times
    draws: int = 24
    level: float = 1.0  # deviation of the corruption: as strong as the digits themselves
    images: int = 512


@dataclass(frozen=True)
class Brightness:
    """Spread of brightness over that of the data, and share of images that depart from average.

    Starts are pure noise, one more step, and the true end of the forward process, without a
    caption and with one.
    """

    spread: Float[np.ndarray, "seed caption start"]
    departing: Float[np.ndarray, "seed caption start"]
    true_departing: Float[np.ndarray, " seed"]


def draw_normal(seed: int, shape: tuple[int, ...]) -> Float[np.ndarray, "*shape"]:
    """Return standard normal numbers; by NumPy, which has nothing to compile."""
    return np.random.default_rng(seed).standard_normal(shape, np.float32)


def corrupted_digits(
    settings: Settings, seed: int
) -> tuple[PointLaw, Float[Array, "rows dim"], PointLaw]:
    """Return the law of digits, corrupted digits, and the law given each of them."""
    law = point_laws.make_law(split_digits(seed, settings.dim).learn)
    x = point_laws.draw_points(law, jax.random.key(seed), settings.inputs)
    y = x + settings.level * draw_normal(seed, x.shape)
    return law, y, point_laws.condition(law, y, settings.level)


@dataclass(frozen=True)
class Start:
    """Where restoration begins: near the input by the speech process, or at pure noise."""

    nearer: bool
    power: float = 1.0  # of the time grid
    most: float = nearer_starts.MOST  # noise at the end of the speech process


STARTS = (Start(False, POWER), Start(True), Start(True, most=LOUDER))


@jax.jit
def restore(
    given: PointLaw, start: Float[Array, "rows dim"], weights: Float[Array, "times 2"]
) -> Float[Array, "rows dim"]:
    """Return where the deterministic sampler takes `start`, with weights of signal and noise."""
    times = jnp.linspace(0.0, 1.0, len(weights))

    def path(t: Array) -> tuple[Array, Array]:
        c, b = (jnp.interp(t, times, column) for column in weights.T)
        return c, b

    ends = point_laws.point_ends(given, path)
    return reverse_diffusion(jax.random.key(0), ends, path, start, times, churn=0.0)


def restore_long(
    given: PointLaw, x: Float[Array, "rows dim"], weights: Float[np.ndarray, "times 2"]
) -> Float[Array, "rows dim"]:
    """Return where `restore` takes points in as many chunks of steps as it needs."""
    for first in range(0, len(weights) - 1, CHUNK):
        x = restore(given, x, jnp.asarray(weights[first : first + CHUNK + 1]))
    return x


@jax.jit
def judge_restored(x: Float[Array, "rows draws dim"], given: PointLaw) -> Float[Array, ""]:
    """Return the mean energy distance of each input's restorations to its exact posterior."""
    one = partial(lambda points, x, logits: energy(x, PointLaw(points, logits)), given.points)
    return jnp.mean(jax.vmap(one)(x, given.logits))


def compare_starts(settings: Settings) -> Float[np.ndarray, "seed start step"]:
    """Return distances to the exact posterior, by start and number of steps."""
    draws = settings.draws

    def run(seed: int) -> list[list[float]]:
        _, y, given = corrupted_digits(settings, seed)
        many = jnp.repeat(y, draws, axis=0)
        rows = PointLaw(given.points, jnp.repeat(given.logits, draws, axis=0))
        noise, found = draw_normal(1000 + seed, many.shape), []
        for start in STARTS:
            weights = [start_weights(start, steps) for steps in FEW_STEPS]
            c, b = weights[0][0]
            first = b * noise + (c * many if start.nearer else 0.0)
            shape = (len(y), draws, -1)
            ends = [restore_long(rows, first, w).reshape(shape) for w in weights]
            found.append([float(judge_restored(x, given)) for x in ends])
        return found

    return np.array(run_all(run, settings.seeds, WORKERS))


def start_weights(start: Start, steps: int) -> Float[np.ndarray, "times 2"]:
    """Return the weights of signal and noise at the times of the start's grid.

    The first time is repeated until the steps fill whole chunks: between equal times the
    deterministic sampler stands still.
    """
    grid = 1 - np.linspace(1, 0, steps + 1) ** start.power
    times = np.concatenate([np.zeros(-steps % CHUNK), grid]).astype(np.float32)
    columns = drift_weights(times, start.most) if start.nearer else noise_weights(times)
    return np.stack(columns, axis=1)


noise_weights = jax.jit(jax.vmap(targets.denoising_path))


@jax.jit
def drift_weights(times: Float[Array, " times"], most: float) -> tuple[Array, Array]:
    """Return the weights of signal and noise in the speech process at these times."""
    signal, noise = jax.vmap(partial(nearer_starts.drift_path, most=most))(times)
    return signal, noise


def residual_gaps(settings: Settings, steps: int = 8) -> Float[np.ndarray, "seed 2"]:
    """Return the largest difference of two samplers, and the distance that both have travelled.

    One is residual denoising, with weights of residual and noise that fall evenly; the other
    DDIM on the variance-preserving arc, at times of equal signal-to-noise ratio and from the
    same noise. Both know the input.
    """

    @jax.jit
    def run(noise: Array, given: PointLaw, y: Array) -> tuple[Array, Array]:
        even = jnp.linspace(0.0, 1.0, steps + 1)
        late = jnp.arctan2(even, 1 - even) * 2 / jnp.pi
        ends = [point_laws.point_ends(given, p) for p in (targets.linear_path, targets.cosine_path)]
        residual = nearer_starts.residual_sample(ends[0], targets.linear_path, y + noise, y, even)
        # reverse_diffusion divides by the signal, which the arc lacks at its start.
        late = late.at[0].set(1e-6)
        plain = reverse_diffusion(
            jax.random.key(0), ends[1], targets.cosine_path, noise, late, churn=0.0
        )
        return jnp.max(jnp.abs(residual - plain)), jnp.max(jnp.abs(plain - noise))

    rows = []
    for seed in settings.seeds:
        _, y, given = corrupted_digits(settings, seed)
        rows.append([float(part) for part in run(draw_normal(2000 + seed, y.shape), given, y)])
    return np.array(rows)


@partial(jax.jit, static_argnames="steps")
def follow(
    law: PointLaw, start: Float[Array, "count dim"], rate: float, steps: int
) -> Float[Array, "count dim"]:
    """Return where the deterministic sampler takes `start` on the schedule with this last rate."""
    path = partial(targets.denoising_path, last_rate=rate)
    ends, times = point_laws.point_ends(law, path), jnp.linspace(0.0, 1.0, steps + 1)
    return reverse_diffusion(jax.random.key(0), ends, path, start, times, churn=0.0)


@cache
def centred_digits(seed: int) -> Float[np.ndarray, "count pixels"]:
    """Return half of the digits as pixels about their mean."""
    split = split_digits(seed, 64)
    pixels = split.to_pixels(split.learn)
    centred: np.ndarray = pixels - pixels.mean(axis=0)
    return centred


def grid_law(
    seed: int, points: int, *, continuous: bool
) -> tuple[Grid, PointLaw, Float[np.ndarray, "count pixels"]]:
    """Return the grid, the law of digits in its whitened coordinates, and the digits' pixels."""
    images = centred_digits(seed)
    grid = noise_on_grids.make_grid(points, images, continuous=continuous)
    return grid, point_laws.make_law(images @ grid.whiten.T), images


def one_more_step(
    noise: Float[np.ndarray, "count dim"], guess: Float[np.ndarray, "count dim"], signal: float
) -> Float[np.ndarray, "count dim"]:
    """Return the end of the trained process from pure noise and a guess of the data.

    `x_T = a x^ + sqrt(1 - a^2) x_S` (Hu et al. 2023, equation 8 with no added noise). The module
    is trained by squared error on pure noise and a prompt, so its best guess is E[X1 | prompt].
    """
    end: np.ndarray = signal * guess + np.sqrt(1 - signal**2) * noise
    return end


def measure_brightness(settings: Settings, side: int = 128, steps: int = 16) -> Brightness:
    """Return what three starts do to the brightness of digits on a fine grid.

    A caption says "bright" with a chance that is logistic in the brightness, two to one deviation.
    """
    rate = targets.LATENT_LAST_RATE
    signal = float(targets.latent_path(jnp.zeros(()))[0])

    def run(seed: int) -> tuple[list[list[float]], list[list[float]], float]:
        grid, law, images = grid_law(seed, side, continuous=False)
        random = np.random.default_rng(seed)
        points = images @ grid.whiten.T
        levels = points @ grid.brightness
        unit = levels.std()
        bright = 1 / (1 + np.exp(-2 * levels / unit))
        picks = random.integers(len(levels), size=settings.images)
        said = random.random(settings.images) < bright[picks]
        captioned = np.where(said[:, None], bright, 1 - bright)
        noise = random.standard_normal((settings.images, 64))
        rows = []
        for chances in (np.ones_like(captioned), captioned):
            given = PointLaw(law.points, jnp.asarray(np.log(chances), jnp.float32))
            guess = chances / chances.sum(axis=1, keepdims=True) @ points
            starts = [noise] + [one_more_step(noise, x, signal) for x in (guess, points[picks])]
            ends = [follow(given, np.asarray(x, np.float32), rate, steps) for x in starts]
            rows.append([np.asarray(end) @ grid.brightness / unit for end in ends])
        spread = [[float(end.std()) for end in row] for row in rows]
        away = [[float(np.mean(np.abs(end) > DEPARTS)) for end in row] for row in rows]
        return spread, away, float(np.mean(np.abs(levels / unit) > DEPARTS))

    columns = zip(*run_all(run, settings.seeds, WORKERS), strict=True)
    return Brightness(*(np.array(column) for column in columns))


def compare_noises(settings: Settings, steps: int = 8) -> Float[np.ndarray, "seed noise rate grid"]:
    """Return the energy distance of sampled digits to the law, with white and continuous noise."""

    def run(seed: int) -> list[list[list[float]]]:
        noise = draw_normal(4000 + seed, (2 * settings.images, 64))
        found = np.zeros((2, len(RATES), len(GRIDS)))
        for column, points in enumerate(GRIDS):
            for row, continuous in enumerate((False, True)):
                grid, law, images = grid_law(seed, points, continuous=continuous)
                back, whole = np.linalg.inv(grid.whiten).T, point_laws.make_law(images)
                for place, rate in enumerate(RATES):
                    ends = follow(law, noise, rate, steps)
                    found[row, place, column] = energy(ends @ jnp.asarray(back, jnp.float32), whole)
        return found.tolist()

    return np.array(run_all(run, settings.seeds, WORKERS))
