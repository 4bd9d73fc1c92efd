"""Learned proximal networks: denoisers that are proximal maps of some function by construction.

A network is the gradient of a convex potential, so whatever it learns is the proximal map of a
(possibly nonconvex) penalty. Which penalty depends on the loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Key

Potential = dict[str, Array]


def init_potential(key: Key[Array, ""], dim: int, width: int) -> Potential:
    """Return the weights of a fresh convex potential with two hidden layers."""
    first, second, third, fourth = jax.random.split(key, 4)
    return {
        "in1": jax.random.normal(first, (dim, width)) / jnp.sqrt(dim),
        "bias1": jnp.zeros(width),
        "in2": jax.random.normal(second, (dim, width)) / jnp.sqrt(dim),
        "across": jax.random.uniform(third, (width, width)) / width,
        "bias2": jnp.zeros(width),
        "out": jax.random.uniform(fourth, (width,)) / width,
        "square": jnp.asarray(0.5),
    }


def potential(weights: Potential, y: Float[Array, " dim"]) -> Float[Array, ""]:
    """Return the input-convex network of `fang2023prior` at y.

    Softplus is convex and rising; with weights between layers kept positive the sum stays convex.
    A learned multiple of the squared norm lets the map follow its input far from the data.
    """
    hidden = jax.nn.softplus(10 * (y @ weights["in1"] + weights["bias1"])) / 10
    linear = y @ weights["in2"] + hidden @ jnp.abs(weights["across"]) + weights["bias2"]
    bent = jax.nn.softplus(10 * linear) @ jnp.abs(weights["out"]) / 10
    return bent + 0.5 * jnp.abs(weights["square"]) * y @ y


def proximal_map(weights: Potential, y: Float[Array, "count dim"]) -> Float[Array, "count dim"]:
    """Return the gradient of the potential: the proximal map of some function, always."""
    mapped: Array = jax.vmap(jax.grad(partial(potential, weights)))(y)
    return mapped


def squared_loss(error: Float[Array, "count dim"]) -> Float[Array, ""]:
    """Return the mean squared length, whose minimiser is the posterior mean."""
    return jnp.mean(jnp.sum(error**2, axis=1))


def absolute_loss(error: Float[Array, "count dim"]) -> Float[Array, ""]:
    """Return the mean sum of absolute errors, whose minimiser is the posterior median."""
    return jnp.mean(jnp.sum(jnp.abs(error), axis=1))


def matching_loss(
    error: Float[Array, "count dim"], width: Float[Array, ""] | float
) -> Float[Array, ""]:
    """Return the proximal matching loss, `1 - exp(-|e|^2 / (d g^2))` in the mean.

    For width g to zero the minimiser is the mode of the posterior (`fang2023prior`, theorem 3.2).
    The published code divides by the dimension d, the definition in the paper does not.
    """
    return jnp.mean(1 - jnp.exp(-jnp.mean(error**2, axis=1) / width**2))


@dataclass(frozen=True)
class Training:
    """How long a proximal network learns, and from which width the matching loss narrows."""

    updates: int = 1000
    batch: int = 128
    width: int = 32
    rate: float = 1e-2
    widest: float = 1.0


@partial(
    jax.tree_util.register_dataclass, data_fields=["squared", "absolute", "widths"], meta_fields=[]
)
@dataclass(frozen=True)
class Course:
    """Which loss each update lowers: shares of squared and absolute error, the rest matching."""

    squared: Float[Array, " updates"]
    absolute: Float[Array, " updates"]
    widths: Float[Array, " updates"]


def squared_course(training: Training) -> Course:
    """Return the course of a denoiser that is trained by squared error throughout."""
    ones = jnp.ones(training.updates)
    return Course(ones, 0 * ones, ones)


def matching_course(training: Training, narrowest: float) -> Course:
    """Return the course of proximal matching: absolute error first, then narrowing in four stages.

    The published training begins with absolute error too, as narrow losses alone find no way.
    """
    done = jnp.arange(training.updates) / training.updates
    stages = jnp.clip(jnp.floor(4 * (2 * done - 1)), 0, 3) / 3
    widths = training.widest * (narrowest / training.widest) ** stages
    return Course(jnp.zeros(training.updates), (done < 0.5).astype(jnp.float32), widths)


@partial(jax.jit, static_argnames=("dim", "training"))
def learn_map(key: Key[Array, ""], dim: int, course: Course, training: Training) -> Potential:
    """Return a potential fitted to Laplace data in noise of deviation one, fresh in each batch.

    The step size of Adam falls along half a cosine in each half of the course.
    """
    start, stream = jax.random.split(key)
    half = training.updates // 2
    optimiser = optax.adam(
        lambda done: 0.5 * training.rate * (1 + jnp.cos(jnp.pi * (jnp.asarray(done) % half) / half))
    )

    def loss(weights: Potential, key: Array, now: Course) -> Array:
        clean, noise = draw_pair(key, training.batch, dim)
        error = proximal_map(weights, clean + noise) - clean
        matching = (1 - now.squared - now.absolute) * matching_loss(error, now.widths)
        return now.squared * squared_loss(error) + now.absolute * absolute_loss(error) + matching

    def update(state: tuple[Any, Any], item: tuple[Array, Course]) -> tuple[tuple[Any, Any], None]:
        weights, memory = state
        change, memory = optimiser.update(jax.grad(loss)(weights, *item), memory)
        return (optax.apply_updates(weights, change), memory), None

    weights = init_potential(start, dim, training.width)
    keys = jax.random.split(stream, training.updates)
    (weights, _), _ = jax.lax.scan(update, (weights, optimiser.init(weights)), (keys, course))
    return weights


def draw_pair(key: Key[Array, ""], count: int, dim: int) -> tuple[Array, Array]:
    """Return Laplace data of scale one in each coordinate, and standard normal noise."""
    first, second = jax.random.split(key)
    return jax.random.laplace(first, (count, dim)), jax.random.normal(second, (count, dim))


def soft_threshold(y: Float[Array, "*batch"]) -> Float[Array, "*batch"]:
    """Return the proximal map of |x|: the mode of the posterior for Laplace data, noise one."""
    return jnp.sign(y) * jnp.maximum(jnp.abs(y) - 1, 0)


def posterior_mean(y: Float[Array, "*batch"]) -> Float[Array, "*batch"]:
    """Return E[x | y] for Laplace data of scale one in standard normal noise, in closed form."""
    # Two truncated normals, with means y - 1 and y + 1, weighed by their masses; the terms that
    # truncation adds to the means cancel.
    up = jax.scipy.stats.norm.logcdf(y - 1) - y
    down = jax.scipy.stats.norm.logcdf(-y - 1) + y
    return y + jnp.tanh((down - up) / 2)


def matching_minimiser(y: Float[np.ndarray, " count"], width: float) -> Float[np.ndarray, " count"]:
    """Return the map that minimises the proximal matching loss for Laplace data, by quadrature.

    For each y it is the mode of the posterior after smoothing by a Gaussian of variance
    `width^2 / 2`: what endless data and a perfect optimiser would learn.
    """
    x = np.linspace(-10, 10, 2001)
    posterior = np.exp(-np.abs(x) - (x - y[:, None]) ** 2 / 2)
    smoothed = posterior @ np.exp(-(((x[:, None] - x) / width) ** 2))
    peak: np.ndarray = x[np.argmax(smoothed, axis=1)]
    return peak
