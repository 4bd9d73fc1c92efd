"""Three ways to a posterior that are not a guided score: search, variational fit, ensemble.

All take the prior as exact or trained ends, and what was observed as a cost of a batch of points
or, for the ensemble, as a black box that is only evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Key

from threadbook.labs import denoisers, flows
from threadbook.labs.flows import Ends
from threadbook.labs.guidance import Cost
from threadbook.labs.targets import Path

QUICK_COMPILE = {"xla_backend_optimization_level": 1}
"""For programs that a lab compiles once and runs for a second: compiling takes longer."""


def search_source(
    generate: Callable[[Array], Array],
    start: Float[Array, "count dim"],
    cost: Cost,
    *,
    iterations: int,
    rate: float,
) -> Float[Array, "count dim"]:
    """Return the source points whose images under `generate` lower the cost, by Adam from `start`.

    The problem of `benhamu2024dflow`, min over x0 of `cost(Phi(x0))`, differentiated through all
    steps of the flow Phi; the paper prefers L-BFGS. With the identity for `generate` the search is
    plain descent on the sample.
    """
    optimiser = optax.adam(rate)

    def update(state: tuple[Any, Any], _: None) -> tuple[tuple[Any, Any], None]:
        point, memory = state
        slope = jax.grad(lambda p: jnp.sum(cost(generate(p))))(point)
        change, memory = optimiser.update(slope, memory)
        return (optax.apply_updates(point, change), memory), None

    (point, _), _ = jax.lax.scan(update, (start, optimiser.init(start)), length=iterations)
    return point


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["weight", "power", "rate"],
    meta_fields=["steps", "earliest"],
)
@dataclass(frozen=True)
class VariationalFit:
    """How RED-diff weighs its denoisers: `weight * (b / a)^power`, one time a step."""

    steps: int = 100
    weight: float = 0.25
    power: float = 1.0  # 1 is the inverse signal-to-noise ratio, 0 a constant weight
    rate: float = 0.1
    earliest: float = 0.02  # the first, noisiest time


def fit_point(
    key: Key[Array, ""],
    ends: Ends,
    path: Path,
    start: Float[Array, "count dim"],
    cost: Cost,
    settings: VariationalFit,
) -> Float[Array, "count dim"]:
    """Return the mean of the variational posterior of `mardani2023variational`, at zero spread.

    Each step takes one time, from noise to data, and one noise e; the gradient is
    `grad cost(mu) + weight (b / a)^power (E[X0 | a mu + b e] - e)` and no derivative of the
    network enters (RED-diff, algorithm 1). Adam forgets as in the published code.
    """
    optimiser = optax.adam(settings.rate, b1=0.9, b2=0.99)
    times = jnp.linspace(settings.earliest, 1.0, settings.steps + 1)[:-1]

    def update(state: tuple[Any, Any, Array], t: Array) -> tuple[tuple[Any, Any, Array], None]:
        point, memory, key = state
        key, fresh = jax.random.split(key)
        (a, b), noise = path(t), jax.random.normal(fresh, point.shape)
        surprise = ends(a * point + b * noise, t)[0] - noise
        slope = jax.grad(lambda p: jnp.sum(cost(p)))(point)
        slope += settings.weight * (b / a) ** settings.power * surprise
        change, memory = optimiser.update(slope, memory)
        return (optax.apply_updates(point, change), memory, key), None

    (point, _, _), _ = jax.lax.scan(update, (start, optimiser.init(start), key), times)
    return point


@dataclass(frozen=True)
class Ensemble:
    """The budget of ensemble guidance: steps of the flow, and of the look ahead within each."""

    steps: int = 32
    ahead: int = 4
    scale: float = 1.0
    first: float = 0.1  # share of the steps at the start, and at the end, without guidance
    last: float = 0.1


def pull_together(
    particles: Float[Array, "count dim"],
    seen: Float[Array, "count seen"],
    observed: Float[Array, " seen"],
    scale: float,
) -> Float[Array, "count dim"]:
    """Return the particles after one Kalman-like step that uses no derivative of the operator.

    With deviations from the ensemble means, `x_i - lr / n sum_j <y_i - y, dy_j> dx_j`, where `lr`
    is `scale` over the Frobenius norm of the matrix of these products (`zheng2024ensemble`).
    """
    spread, seen_spread = particles - particles.mean(axis=0), seen - seen.mean(axis=0)
    products = (seen - observed) @ seen_spread.T / len(particles)
    size = jnp.linalg.norm(products)
    return particles - scale / jnp.maximum(size, 1e-12) * products @ spread


def ensemble_guidance(
    ends: Ends,
    path: Path,
    particles: Float[Array, "count dim"],
    operator: Callable[[Array], Array],
    observed: Float[Array, " seen"],
    settings: Ensemble,
) -> Float[Array, "count dim"]:
    """Return the ensemble that Ensemble Kalman diffusion guidance leaves (`zheng2024ensemble`).

    At each time the particles are taken to the data by a few Euler steps, measured there, moved
    by `pull_together`, and advanced by one Euler step.
    """
    field = partial(denoisers.velocity, ends, path)
    times = jnp.arange(settings.steps) / settings.steps

    def look_ahead(x: Array, t: Array) -> Array:
        length = (1 - t) / settings.ahead

        def step(x: Array, i: Array) -> tuple[Array, None]:
            return x + length * field(x, t + i * length), None

        return jax.lax.scan(step, x, jnp.arange(settings.ahead))[0]

    def advance(x: Array, t: Array) -> tuple[Array, None]:
        guided = (t >= settings.first) & (t < 1 - settings.last)
        pulled = pull_together(x, operator(look_ahead(x, t)), observed, settings.scale)
        x = jnp.where(guided, pulled, x)
        return x + field(x, t) / settings.steps, None

    return jax.lax.scan(advance, particles, times)[0]


def best_of_prior(
    points: Float[Array, "count dim"],
    seen: Float[Array, "count seen"],
    observed: Float[Array, " seen"],
    noise: float,
) -> Float[Array, " dim"]:
    """Return the posterior mean by weighing samples of the prior with their likelihood.

    Uses as many evaluations of the operator as there are points, and no derivative.
    """
    logits = -jnp.sum((seen - observed) ** 2, axis=1) / (2 * noise**2)
    return jax.nn.softmax(logits) @ points


def euler_map(ends: Ends, path: Path, steps: int) -> Callable[[Array], Array]:
    """Return the map from noise to data by Euler's method along the deterministic flow."""

    def field(x: Array, t: Array) -> Array:
        return denoisers.velocity(ends, path, x, t[0])

    return lambda x0: flows.euler(field, x0, steps)[-1]
