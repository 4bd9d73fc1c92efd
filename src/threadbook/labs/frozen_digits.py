"""The same lab on trained denoisers of digits: searched and shifted times, missing blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from sklearn.mixture import GaussianMixture

from threadbook.labs import residual_denoiser as residual
from threadbook.labs import schedule_search, shifted_times, solvers, targets
from threadbook.labs.digits import split_digits
from threadbook.labs.fast_sampling_frozen import (
    PATH,
    SLOTS,
    SPACINGS,
    Model,
    Problem,
    Settings,
    draw_starts,
    grid,
    solve,
    typical,
)
from threadbook.labs.residual_denoiser import Residual
from threadbook.labs.schedule_search import frechet_distance

SCALE = 0.5  # gives data a mean variance of 1/4, about that of images with values in (-1, 1)
MODES = 20  # of the mixture that stands for the digits where the denoiser has to be exact
FIRST, LAST = 1, 7  # blocks between which a partial step inherits


@dataclass(frozen=True)
class Frozen:
    """A trained denoiser, and the halves of the digits that it learned from and is judged by."""

    seed: int
    network: Residual
    learn: Float[np.ndarray, "count dim"]
    judge: Float[np.ndarray, "count dim"]


def train_models(settings: Settings) -> list[Frozen]:
    """Return one trained denoiser a seed, each on its own half of the digits."""
    models = []
    for seed in settings.seeds:
        split = split_digits(seed, settings.dim)
        learn, judge = SCALE * split.learn, SCALE * split.judge
        network = residual.train_residual(jax.random.key(seed), learn, PATH, settings.training)
        models.append(Frozen(seed, network, learn, judge))
    return models


def sample(model: Model, x: Array, times: Float[np.ndarray, " times"]) -> np.ndarray:
    """Return the end of DDIM at the given times."""
    room = times[-1] + 1e-6 * np.arange(1, SLOTS + 1 - len(times))
    slots = np.concatenate([times, room])
    return np.asarray(solve(model, x, slots, len(times) - 1, name="dpm1"))


def distance_after(model: Frozen, times: Float[np.ndarray, " times"], judged: int) -> float:
    """Return the Fréchet distance of DDIM samples from fresh noise to the half that judges."""
    x = draw_starts(model.seed, judged, model.learn.shape[1])
    return frechet_distance(sample(model.network, x, times), model.judge)


def search_all(
    models: list[Frozen], steps: int, plan: schedule_search.Evolution
) -> list[Float[np.ndarray, " times"]]:
    """Return the best times found for each model, on 256 noises and the half that it learned."""
    found = []
    for model in models:
        x = jax.random.normal(jax.random.key(9000 + model.seed), (256, model.learn.shape[1]))

        def score(times: np.ndarray, model: Frozen = model, x: Array = x) -> float:
            return frechet_distance(sample(model.network, x, times), model.learn)

        found.append(schedule_search.search_times(model.seed, score, steps, solvers.LAST, plan)[0])
    return found


def compare_times(
    models: list[Frozen], settings: Settings, steps: int, plan: schedule_search.Evolution
) -> Float[np.ndarray, "seed schedule"]:
    """Return test distances of: searched times, times of the next seed's search, three spacings."""
    found = search_all(models, steps, plan)
    rows = []
    for number, model in enumerate(models):
        schedules = [found[number], found[(number + 1) % len(found)]]
        schedules += [grid(steps, spacing)[: steps + 1] for spacing in SPACINGS]
        rows.append([distance_after(model, times, settings.judged) for times in schedules])
    return np.array(rows)


def fit_mixture(model: Frozen) -> targets.Mixture:
    """Return an isotropic mixture like the digits a model learned, whose denoiser is exact."""
    fitted = GaussianMixture(  # type: ignore[no-untyped-call]
        MODES, covariance_type="spherical", random_state=model.seed, reg_covar=1e-4
    ).fit(model.learn)
    return targets.make_mixture(fitted.means_, np.sqrt(fitted.covariances_), fitted.weights_)


def noise_of(model: Model) -> shifted_times.Noise:
    """Return the noise that a model expects at points with a time for each."""
    if isinstance(model, Residual):
        return partial(residual.apply_residual, model)
    source = targets.make_normal(model.means.shape[1])

    def one(x: Array, t: Array) -> Array:
        return targets.expected_ends(source, model, PATH, t, x)[0]

    return lambda x, t: jax.vmap(one)(x, t)


@jax.jit
def _shifted(model: Model, x: Array, times: Array, steps: int | Array, numbers: Array) -> Array:
    window, until, pooled, variance, constant = numbers
    shift = shifted_times.Shift(window, until, pooled > 0, variance, constant > 0)
    return shifted_times.shifted_ddim(noise_of(model), PATH, x, times, shift, steps)


RULES = ("plain", "variance", "pooled", "constant")
TUNED = 384  # noises on which a shift is tuned, and as many fresh ones to judge it
WINDOWS, CUTOFFS = (0.02, 0.04, 0.08), (0.8, 1.0)


def tune_shifts(
    denoiser: Model, seed: int, learn: np.ndarray, judge: np.ndarray, steps: int
) -> list[float]:
    """Return the distances to `judge` of plain DDIM and of each rule of shifting, on fresh noise.

    Window and cut-off of each rule are those with which other noise comes nearest to `learn`.
    """
    times = grid(steps, "time")
    tuning = jax.random.normal(jax.random.key(9500 + seed), (TUNED, learn.shape[1]))
    fresh = draw_starts(seed, TUNED, learn.shape[1])
    share = float(np.mean(learn**2))

    def score(x: Array, data: np.ndarray, *numbers: float) -> float:
        found = _shifted(denoiser, x, times, steps, jnp.array(numbers))
        return frechet_distance(np.asarray(found), data)

    # A constant shift by nothing is plain DDIM.
    line = [score(fresh, judge, 0.0, 1.0, 0.0, share, 1.0)]
    for rule in ((0.0, share, 0.0), (1.0, share, 0.0), (0.0, share, 1.0)):
        choices = [(window, until, *rule) for window in WINDOWS for until in CUTOFFS]
        best = min(choices, key=lambda choice: score(tuning, learn, *choice))
        line.append(score(fresh, judge, *best))
    return line


def compare_shifts(
    models: list[Frozen], steps: tuple[int, ...]
) -> Float[np.ndarray, "seed 2 steps rule"]:
    """Return test distances of DDIM by steps and rule of shifting: trained denoiser, exact one.

    The exact denoiser is that of a mixture fitted to the digits, tuned on and judged by samples
    of the mixture.
    """
    rows = []
    for model in models:
        law, count = fit_mixture(model), len(model.judge)
        keys = jax.random.split(jax.random.key(900 + model.seed))
        learn, judge = (np.asarray(targets.draw(law, key, count)) for key in keys)
        rows.append(
            [
                [
                    tune_shifts(model.network, model.seed, model.learn, model.judge, n)
                    for n in steps
                ],
                [tune_shifts(law, model.seed, learn, judge, n) for n in steps],
            ]
        )
    return np.array(rows)


@dataclass(frozen=True)
class Removal:
    """What damage to several blocks does to a network's output, as mean squared change."""

    sets: list[tuple[int, ...]]
    joint: Float[np.ndarray, "seed set"]
    sums: Float[np.ndarray, "seed set"]  # of what each block of the set does alone


@jax.jit
def _distortion(network: Residual, damaged: Residual, x: Array, t: Array, members: Array) -> Array:
    chosen = members[:, None, None] > 0
    mixed = network._replace(
        weights=jnp.where(chosen, damaged.weights, network.weights),
        biases=jnp.where(chosen[:, 0], damaged.biases, network.biases),
    )
    change = residual.apply_residual(mixed, x, t) - residual.apply_residual(network, x, t)
    return jnp.mean(jnp.sum(change**2, axis=1))


def remove_blocks(models: list[Frozen], sizes: tuple[int, ...], share: float = 1.0) -> Removal:
    """Return the distortion of each set of blocks, and the sum of its members' own.

    The squared change of the predicted noise at noised data and uniform times. With `share` 1
    blocks are taken out (`zhang2024laptopdiff`); below it, each block of the set loses that share
    of its weights, the smallest (`xu2023efficient`).
    """
    blocks = len(models[0].network.weights)
    sets = [s for size in sizes for s in combinations(range(blocks), size)]
    joint, sums = [], []
    for model in models:
        clock, noising = jax.random.split(jax.random.key(600 + model.seed))
        data = jnp.asarray(model.learn[:128])
        t = jax.random.uniform(clock, (len(data),))
        a, b = PATH(t)
        x = a[:, None] * data + b[:, None] * jax.random.normal(noising, data.shape)
        damaged = residual.remove_weights(model.network, share)

        def distortion(
            members: tuple[int, ...],
            case: tuple[Residual, Residual, Array, Array] = (model.network, damaged, x, t),
        ) -> float:
            mask = np.zeros(blocks, np.float32)
            mask[list(members)] = 1.0
            return float(_distortion(*case, jnp.asarray(mask)))

        single = np.array([distortion((block,)) for block in range(blocks)])
        joint.append([distortion(members) for members in sets])
        sums.append([single[list(members)].sum() for members in sets])
    return Removal(sets, np.array(joint), np.array(sums))


@jax.jit
def _inherited(network: Residual, x: Array, times: Array) -> Array:
    return residual.inherit_middle(network, PATH, x, times, first=FIRST, last=LAST)


def compare_inheritance(problem: Problem, steps: int) -> Float[np.ndarray, "seed 4"]:
    """Return typical errors: all steps full, every second partial, as many blocks, half the steps.

    The third is DDIM with fewer full steps that computes as many blocks in all as the second; the
    fourth leaves out the steps that the second computes in part. Best of the spacings for each.
    """
    rows = []
    for model, x, exact in zip(problem.models, problem.starts, problem.exact, strict=True):
        assert isinstance(model, Residual)
        equal = round(steps * (1 - (LAST - FIRST) / len(model.weights) / 2))

        def full(count: int, model: Model = model, x: Array = x, exact: Array = exact) -> float:
            ends = [solve(model, x, grid(count, s), count, name="dpm1") for s in SPACINGS]
            return min(typical(end, exact) for end in ends)

        ends = [_inherited(model, x, jnp.asarray(grid(steps, s)[: steps + 1])) for s in SPACINGS]
        partial_steps = min(typical(end, exact) for end in ends)
        rows.append([full(steps), partial_steps, full(equal), full(steps // 2)])
    return np.array(rows)
