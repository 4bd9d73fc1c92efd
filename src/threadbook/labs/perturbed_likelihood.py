"""Fitting a deep generator by likelihood to data without a density, after Chae et al. (2023).

The model is `X = f(Z) + s e`: a network f of a latent in few dimensions, and normal noise whose
size s is fitted too. On data that fill no volume the likelihood has no bound; the paper's remedy
is to add a known noise to the data before the fit. What is estimated is the law of f(Z).
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int

from threadbook.labs.training import cosine_adam

Layers = list[tuple[Array, Array]]
Generator = tuple[Layers, Float[Array, ""]]  # the network f and the logarithm of s


def init_generator(rng: np.random.Generator, latent: int, dim: int, width: int) -> Generator:
    """Return a fresh generator with two hidden layers, and `s = 1/2`."""
    sizes = [2 * latent, width, width, dim]
    layers = [
        (
            jnp.asarray(rng.standard_normal((i, o), np.float32) / np.sqrt(i, dtype=np.float32)),
            jnp.zeros(o),
        )
        for i, o in pairwise(sizes)
    ]
    return layers, jnp.log(0.5)


def generate(layers: Layers, z: Float[Array, "count latent"]) -> Float[Array, "count dim"]:
    """Return f(z) for latents in the unit cube, each coordinate bent into a circle first."""
    h = jnp.concatenate([jnp.cos(2 * jnp.pi * z), jnp.sin(2 * jnp.pi * z)], axis=1)
    for weight, bias in layers[:-1]:
        h = jnp.tanh(h @ weight + bias)
    weight, bias = layers[-1]
    return h @ weight + bias


def log_likelihood(
    generator: Generator,
    x: Float[Array, "count dim"],
    z: Float[Array, "nodes latent"],
    least: Float[Array, ""] | float,
) -> Float[Array, ""]:
    """Return the mean log-density of `x`, the integral over Z replaced by a mean over `z`.

    `log 1/K sum_k N(x; f(z_k), s^2 I)`, with s at least `least`.
    """
    layers, log_scale = generator
    scale = jnp.maximum(jnp.exp(log_scale), least)
    centres = generate(layers, z)
    squared = jnp.sum((x[:, None] - centres[None]) ** 2, axis=-1)
    parts = -0.5 * squared / scale**2
    volume = x.shape[1] * (jnp.log(scale) + 0.5 * jnp.log(2 * jnp.pi))
    return jnp.mean(jax.nn.logsumexp(parts, axis=1)) - jnp.log(len(z)) - volume


def spread_latents(shift: Float[Array, " latent"], count: int) -> Float[Array, "count latent"]:
    """Return latents that fill the unit cube evenly: a lattice moved by one shift.

    Additive recurrence with the generalised golden ratio, in one or two dimensions.
    """
    ratio = {1: (0.6180339887,), 2: (0.7548776662, 0.5698402910)}[shift.size]
    return (jnp.arange(count)[:, None] * jnp.asarray(ratio) + shift) % 1.0


def perturb(
    rng: np.random.Generator, points: Float[np.ndarray, "count dim"], noise: float
) -> Float[Array, "count dim"]:
    """Return `points + noise e`, one perturbation a point, drawn once as in the paper."""
    return jnp.asarray(points + noise * rng.standard_normal(points.shape, np.float32))


@partial(jax.jit, static_argnames=("nodes", "rate"))
def fit_generator(
    start: Generator,
    x: Float[Array, "count dim"],
    shifts: Float[Array, "pool latent"],
    bounds: tuple[Float[Array, ""] | float, Int[Array, ""] | int],
    *,
    nodes: int = 48,
    rate: float = 1e-2,
) -> Generator:
    """Return the generator of greatest likelihood on `x`, by Adam on all points.

    Each update integrates over a lattice of latents at another of `shifts`. `bounds` are the
    least noise of the model and the number of updates.
    """
    least, updates = bounds
    optimiser = cosine_adam(rate, updates)

    def update(number: Array, state: tuple[Any, Any]) -> tuple[Any, Any]:
        generator, memory = state
        z = spread_latents(shifts[number], nodes)
        slope = jax.grad(lambda g: -log_likelihood(g, x, z, least))(generator)
        change, memory = optimiser.update(slope, memory)
        return optax.apply_updates(generator, change), memory

    fitted: Generator = jax.lax.fori_loop(0, updates, update, (start, optimiser.init(start)))[0]
    return fitted
