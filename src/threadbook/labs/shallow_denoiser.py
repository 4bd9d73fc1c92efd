"""A flow learned by a two-layer denoising auto-encoder from few samples, after Cui et al. (2023).

The target is `1/2 N(m, s^2 I) + 1/2 N(-m, s^2 I)` in many dimensions. At each time a network of
its own, `c x + w tanh(w . x / sqrt(dim))`, learns to give the data back from a fixed set of
points between noise and data; the flow then follows the velocity which that implies.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float

from threadbook.labs.targets import Path
from threadbook.labs.training import cosine_adam

Weights = tuple[Float[Array, ""], Float[Array, " dim"]]  # the skip c and the tied weights w
Pairs = tuple[Float[Array, "count dim"], Float[Array, "count dim"]]

RATE = 0.1
DECAY = 0.1  # the paper's weight decay, on the sum over samples
FIRST = 0.1  # deviation of the first weights: what no sample reaches must decay on its own


def denoise(weights: Weights, x: Float[Array, "*batch dim"]) -> Float[Array, "*batch dim"]:
    """Return `c x + w tanh(w . x / sqrt(dim))`: skip connection and tied weights (equation 9)."""
    skip, w = weights
    gate = jnp.tanh(x @ w / jnp.sqrt(w.size))
    return skip * x + gate[..., None] * w


def risk(
    weights: Weights,
    x: Float[Array, "pool dim"],
    data: Float[Array, "pool dim"],
    used: Float[Array, " pool"],
) -> Float[Array, ""]:
    """Return the squared error of the data given back, summed over the samples marked as used.

    Weight decay is added to the sum, `DECAY / 2 |w|^2`; both are divided by samples and
    dimensions for the sake of the step size only.
    """
    error = jnp.sum(used * jnp.sum((denoise(weights, x) - data) ** 2, axis=1))
    return (error + DECAY / 2 * jnp.sum(weights[1] ** 2)) / (jnp.sum(used) * x.shape[1])


@partial(jax.jit, static_argnames=("path", "updates"))
def fit_each_time(
    start: Float[Array, " dim"],
    pairs: Pairs,
    count: Float[Array, ""] | float,
    times: Float[Array, " times"],
    *,
    path: Path,
    updates: int,
) -> Weights:
    """Return the weights fitted at each time to the first `count` pairs of noise and data.

    One noise to a sample, as in the paper; Adam on all pairs at once. The pool is masked rather
    than cut, so that one compiled loop serves every count.
    """
    used = (jnp.arange(len(pairs[0])) < count).astype(start.dtype)
    optimiser = cosine_adam(RATE, updates)

    def fit(t: Float[Array, ""]) -> Weights:
        a, b = path(t)
        x = a * pairs[1] + b * pairs[0]

        def update(state: tuple[Any, Any], _: None) -> tuple[tuple[Any, Any], None]:
            weights, memory = state
            slope = jax.grad(risk)(weights, x, pairs[1], used)
            change, memory = optimiser.update(slope, memory)
            return (optax.apply_updates(weights, change), memory), None

        first: Weights = (jnp.zeros(()), start)
        state, _ = jax.lax.scan(update, (first, optimiser.init(first)), None, length=updates)
        weights: Weights = state[0]
        return weights

    fitted: Weights = jax.vmap(fit)(times)
    return fitted


def follow_flow(
    weights: Weights,
    noise: Float[Array, "count dim"],
    times: Float[Array, " times"],
    *,
    path: Path,
) -> Float[Array, "count dim"]:
    """Return where noise ends, step by step between the ends that each network implies.

    For a linear path this is Euler's method for `dX/dt = b'/b X + (a' - a b'/b) f(X)`.
    """

    def step(x: Array, inputs: tuple[Array, Array, Weights]) -> tuple[Array, None]:
        t, u, here = inputs
        (a, b), (next_a, next_b) = path(t), path(u)
        data = denoise(here, x)
        return next_a * data + next_b * (x - a * data) / b, None

    later = jnp.append(times[1:], 1.0)
    return jax.lax.scan(step, noise, (times, later, weights))[0]


def mode_mean(
    points: Float[Array, "count dim"],
    mean: Float[Array, " dim"],
    used: Float[Array, " count"] | float = 1.0,
) -> Float[Array, " dim"]:
    """Return the mean of the points in use after those beyond the origin are mirrored."""
    weights = jnp.broadcast_to(used, len(points))
    return (weights * jnp.sign(points @ mean)) @ points / jnp.sum(weights)


def squared_gap(guess: Float[Array, " dim"], mean: Float[Array, " dim"]) -> Float[Array, ""]:
    """Return `|guess - mean|^2 / dim`, the distance of which the paper gives closed forms."""
    return jnp.mean((guess - mean) ** 2)


def bayes_gap(count: int, scale: float, size: float = 1.0) -> float:
    """Return the least mean of `squared_gap` for means from N(0, size^2 I) and `count` samples.

    In many dimensions the signs of the samples are known up to one, so the posterior mean of a
    normal law remains: `m^2 s^2 / (m^2 count + s^2)`.
    """
    return (size * scale) ** 2 / (size**2 * count + scale**2)


def draw_two_modes(
    rng: np.random.Generator, mean: Float[np.ndarray, " dim"], count: int, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return noise and as many samples of `1/2 N(mean, s^2 I) + 1/2 N(-mean, s^2 I)`."""
    signs = rng.choice([-1.0, 1.0], size=(count, 1))
    data = signs * mean + scale * rng.standard_normal((count, mean.size))
    return rng.standard_normal(data.shape).astype(np.float32), data.astype(np.float32)


def log_slope(x: Float[np.ndarray, " sizes"], y: Float[np.ndarray, "*batch sizes"]) -> np.ndarray:
    """Return the slope of log y over log x by least squares, for each row of `y`."""
    logs = np.log(x) - np.log(x).mean()
    slopes: np.ndarray = np.log(y) @ logs / (logs @ logs)
    return slopes
