"""Inverse problems whose prior is exact: data along a curve, and squares from a black box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from threadbook.labs import denoisers, guidance, posterior_search, targets
from threadbook.labs.targets import Mixture, linear_path

CURVE_DIM, CURVE_POINTS, CURVE_SCALE = 8, 256, 0.08
CURVE_METHODS = ("data", "search of the start", "descent on the sample", "skipped gradient")
MODES, MODE_SPREAD, MODE_SCALE = 8, 1.5, 0.5
ESTIMATES = ("prior mean", "weighed prior samples", "gradient guidance", "ensemble guidance")


@dataclass(frozen=True)
class Settings:
    """The seeds, sizes and budgets; scales were tuned on seeds that are not used here."""

    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    points: int = 32  # on the curve
    budget: int = 240  # evaluations of the velocity a point on the curve
    dims: tuple[int, ...] = (8, 64)
    problems: int = 8  # a seed and dimension
    particles: int = 128
    seen: int = 6  # numbers that the black box returns
    noise: float = 0.2
    ensemble: posterior_search.Ensemble = field(
        default_factory=partial(posterior_search.Ensemble, steps=24, ahead=3)
    )
    gradient_scales: tuple[float, ...] = (0.1, 0.2)  # by dimension


@dataclass(frozen=True)
class OnCurve:
    """Where methods that seek a value of a linear function end, in the order of `CURVE_METHODS`."""

    distance: Float[np.ndarray, "seed method"]  # to the curve, median
    reached: Float[np.ndarray, "seed method"]  # share within a tenth of the value sought


def draw_curve(key: Key[Array, ""], dim: int, count: int) -> Float[Array, "count dim"]:
    """Return points along a random closed curve of three harmonics, with mean square one."""
    phase = 2 * jnp.pi * jnp.arange(count) / count
    waves = jnp.stack([f(k * phase) for k in (1, 2, 3) for f in (jnp.cos, jnp.sin)], axis=1)
    fading = jnp.asarray([1.0, 1.0, 2.0, 2.0, 3.0, 3.0])[:, None]
    points = waves @ (jax.random.normal(key, (6, dim)) / fading)
    scaled: Array = points / jnp.sqrt(jnp.mean(points**2))
    return scaled


def distance_to_curve(
    curve: Float[Array, "corners dim"], x: Float[Array, "count dim"]
) -> Float[Array, " count"]:
    """Return the distance of each point to the closed polygon through `curve`."""
    edges = jnp.roll(curve, -1, axis=0) - curve
    gaps = x[:, None] - curve[None]
    along = jnp.sum(gaps * edges, axis=-1) / jnp.sum(edges**2, axis=-1)
    feet = curve + jnp.clip(along, 0, 1)[..., None] * edges
    nearest: Array = jnp.min(jnp.sum((x[:, None] - feet) ** 2, axis=-1), axis=1)
    far: Array = jnp.sqrt(nearest)
    return far


@partial(jax.jit, static_argnames="settings", compiler_options=posterior_search.QUICK_COMPILE)
def seek_on_curve(key: Key[Array, ""], settings: Settings) -> tuple[Array, Array]:
    """Return the measures of `OnCurve` for one seed; the velocity of the flow is exact.

    Search takes 5 Euler steps and twice as many evaluations an iteration. Descent on the sample
    costs no evaluation and is run until it reaches the value.
    """
    shape, noise, side, pick = jax.random.split(key, 4)
    curve = draw_curve(shape, CURVE_DIM, CURVE_POINTS)
    even = jnp.full(CURVE_POINTS, 1 / CURVE_POINTS)
    law = Mixture(curve, jnp.full(CURVE_POINTS, CURVE_SCALE), even)
    ends = denoisers.exact_ends(law, linear_path)
    x0 = jax.random.normal(noise, (settings.points, CURVE_DIM))
    line = jax.random.normal(side, (CURVE_DIM,))
    data = targets.draw(law, pick, settings.points)
    goal = data @ line / jnp.linalg.norm(line)

    def cost(x: Array) -> Array:
        gap: Array = x @ line / jnp.linalg.norm(line) - goal
        return gap**2

    generate = posterior_search.euler_map(ends, linear_path, 5)
    seek = partial(posterior_search.search_source, cost=cost)
    source = seek(generate, x0, iterations=settings.budget // 10, rate=0.1)
    times = jnp.linspace(0, 1, settings.budget + 1)
    push = guidance.misfit_push(ends, cost, 0.1, through=False)
    ways = [
        data,
        generate(source),
        seek(lambda x: x, generate(x0), iterations=500, rate=0.02),
        guidance.steered_diffusion(pick, ends, linear_path, x0, guidance.Walk(times, push)),
    ]
    far = [jnp.median(distance_to_curve(curve, x)) for x in ways]
    return jnp.stack(far), jnp.stack([jnp.mean(cost(x) < 0.01) for x in ways])


def seek_all(settings: Settings) -> OnCurve:
    """Return where the methods end on the curves of all seeds."""
    rows = [seek_on_curve(jax.random.key(seed), settings) for seed in settings.seeds]
    return OnCurve(*(np.array(column, float) for column in zip(*rows, strict=True)))


@dataclass(frozen=True)
class Estimates:
    """Errors of posterior means and spreads of samples, in the order of `ESTIMATES`."""

    errors: Float[np.ndarray, "seed dim estimate"]  # root mean squared, to the truth
    spreads: Float[np.ndarray, "seed dim estimate"]  # root mean variance of the samples


def solve_three_ways(
    law: Mixture,
    box: Callable[[Array], Array],
    gradient_scale: Float[Array, ""] | float,
    settings: Settings,
    key: Key[Array, ""],
    observed: Float[Array, " seen"],
) -> tuple[Float[Array, " dim"], Float[Array, "particles dim"], Float[Array, "particles dim"]]:
    """Return the mean of weighed samples, and the samples of gradient and of ensemble guidance."""
    ends = denoisers.exact_ends(law, linear_path)
    times = jnp.linspace(0, 1, 2 * settings.ensemble.steps + 1)
    guided = settings.ensemble.steps * (1 - settings.ensemble.first - settings.ensemble.last)
    first, second, third = jax.random.split(key, 3)
    particles = jax.random.normal(first, (settings.particles, law.means.shape[1]))
    ensemble = posterior_search.ensemble_guidance(
        ends, linear_path, particles, box, observed, settings.ensemble
    )

    def gap(x: Array) -> Array:
        return jnp.sqrt(jnp.sum((box(x) - observed) ** 2, axis=1) + 1e-9)

    push = guidance.misfit_push(ends, gap, gradient_scale, through=True)
    samples = guidance.steered_diffusion(
        second, ends, linear_path, particles, guidance.Walk(times, push, 1.0)
    )
    prior = targets.draw(law, third, settings.particles * round(guided))
    best = posterior_search.best_of_prior(prior, box(prior), observed, settings.noise)
    return best, samples, ensemble


@partial(jax.jit, static_argnames="settings", compiler_options=posterior_search.QUICK_COMPILE)
def estimate(
    key: Key[Array, ""],
    dim: Float[Array, ""] | int,
    gradient_scale: Float[Array, ""] | float,
    settings: Settings,
) -> tuple[Array, Array]:
    """Return the measures of `Estimates` for the problems of one seed in one dimension.

    The black box returns a few squared projections, so that signs are lost; the prior has eight
    modes. Weighed samples and the ensemble evaluate the box equally often; gradient guidance
    takes twice the steps of the ensemble, and its derivatives as well.

    Coordinates beyond `dim` are independent of the modes and of the box, so they change nothing
    in the others; with them, one compiled program serves all dimensions.
    """
    widest = max(settings.dims)
    used = (jnp.arange(widest) < dim).astype(jnp.float32)
    place, side, pick, noise, walk = jax.random.split(key, 5)
    centres = MODE_SPREAD * used * jax.random.normal(place, (MODES, widest))
    law = Mixture(centres, jnp.full(MODES, MODE_SCALE), jnp.full(MODES, 1 / MODES))
    projection = used[:, None] * jax.random.normal(side, (widest, settings.seen)) / jnp.sqrt(dim)

    def box(x: Array) -> Array:
        return (x @ projection) ** 2

    truth = targets.draw(law, pick, settings.problems)
    seen = box(truth)
    seen += settings.noise * jax.random.normal(noise, seen.shape)
    solve = partial(solve_three_ways, law, box, gradient_scale, settings)
    best, samples, ensemble = jax.vmap(solve)(jax.random.split(walk, settings.problems), seen)
    flat = jnp.broadcast_to(law.weights @ law.means, truth.shape)
    means = [flat, best, samples.mean(axis=1), ensemble.mean(axis=1)]

    def root(squares: Array) -> Array:
        return jnp.sqrt(jnp.mean(squares @ used) / dim)

    errors = [root((mean - truth) ** 2) for mean in means]
    spreads = [root(jnp.var(x, axis=1)) for x in (samples, ensemble)]
    return jnp.stack(errors), jnp.stack([jnp.nan, jnp.nan, *spreads])


def estimate_all(settings: Settings) -> Estimates:
    """Return errors and spreads of all estimates, over seeds and dimensions."""
    rows = [
        [
            estimate(jax.random.key(seed), dim, scale, settings)
            for dim, scale in zip(settings.dims, settings.gradient_scales, strict=True)
        ]
        for seed in settings.seeds
    ]
    table = np.array(rows, float)  # seed, dim, measure, estimate
    return Estimates(table[:, :, 0], table[:, :, 1])
