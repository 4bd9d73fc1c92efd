"""Training a denoiser as a gradient, or on its own intermediate samples.

The noise is predicted freely, or as the gradient of a scalar, as Horvat & Pfister (2024) weigh it.
Li & van der Schaar (2024) add a penalty to the loss of one step: the maximum mean discrepancy, at
a random level of the chain, between forward points and points that the network itself brought
there. It bounds the cumulative error; a bootstrap estimates it, with the chain run over its last
few steps only, from forward points at an earlier level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, Key

from threadbook.labs import flows
from threadbook.labs.denoisers import LOWEST, reverse_diffusion
from threadbook.labs.flows import Ends
from threadbook.labs.networks import Network, apply_network, init_network
from threadbook.labs.targets import Path
from threadbook.labs.training import Stream, cosine_adam

Noise = Callable[[Network, Float[Array, "count dim"], Float[Array, " count"]], Array]

RATE = 3e-3
WIDTHS = (0.25, 0.5, 1.0)  # of the kernels, in units of the root of the dimension


def free_noise(
    network: Network, x: Float[Array, "count dim"], t: Float[Array, " count"]
) -> Float[Array, "count dim"]:
    """Return the noise that an unconstrained network h predicts, `h(x, t)`."""
    return apply_network(network, x, t)


def conservative_noise(
    network: Network, x: Float[Array, "count dim"], t: Float[Array, " count"]
) -> Float[Array, "count dim"]:
    """Return the noise as the gradient in x of the scalar `x . h(x, t)`, with h the same network.

    A step of training takes about twice the work of the free one: a gradient of a gradient.
    """
    slope: Array = jax.grad(lambda y: jnp.sum(y * apply_network(network, y, t)))(x)
    return slope


def ends_of(network: Network, path: Path, predict: Noise = free_noise) -> Ends:
    """Return the noise that `predict` gives and the data which that implies, at one time."""

    def ends(x: Array, t: Array) -> tuple[Array, Array]:
        noise = predict(network, x, jnp.full(len(x), t))
        return flows.ends_from_noise(path, t, x, noise)

    return ends


@dataclass(frozen=True)
class Penalty:
    """How the penalty is drawn: levels of the chain, steps run before it, and its weight."""

    times: tuple[float, ...]
    reach: int = 2
    weight: float = 1.0


def discrepancy(x: Float[Array, "count dim"], y: Float[Array, "other dim"]) -> Float[Array, ""]:
    """Return the unbiased squared maximum mean discrepancy, for a sum of three Gaussian kernels.

    Pairs of a point with itself are left out, so that the mean over draws is zero for equal laws.
    """

    def mean_kernel(u: Array, v: Array, own: bool) -> Array:
        squared = jnp.sum((u[:, None] - v[None]) ** 2, axis=-1) / u.shape[1]
        kernel = jnp.exp(-squared / (2 * jnp.asarray(WIDTHS)[:, None, None] ** 2))
        total = jnp.sum(kernel) - (len(WIDTHS) * len(u) if own else 0)
        return total / (len(u) * (len(v) - own))

    return mean_kernel(x, x, True) + mean_kernel(y, y, True) - 2 * mean_kernel(x, y, False)


def chain_penalty(
    network: Network, key: Key[Array, ""], x1: Float[Array, "count dim"], path: Path, plan: Penalty
) -> Float[Array, ""]:
    """Return the discrepancy at a random level of points brought there and forward points.

    Points enter `reach` levels earlier and take ancestral steps, all but the last with a copy of
    the network that passes no gradient.
    """
    pick, first, second, early, late = jax.random.split(key, 5)
    level = jax.random.randint(pick, (), plan.reach, len(plan.times))
    times = jax.lax.dynamic_slice(jnp.asarray(plan.times), (level - plan.reach,), (plan.reach + 1,))

    def forward(key: Array, t: Array) -> Array:
        a, b = path(t)
        return a * x1 + b * jax.random.normal(key, x1.shape)

    frozen = ends_of(jax.lax.stop_gradient(network), path)
    x = reverse_diffusion(early, frozen, path, forward(first, times[0]), times[:-1])
    x = reverse_diffusion(late, ends_of(network, path), path, x, times[-2:])
    return discrepancy(x, forward(second, times[-1]))


@dataclass(frozen=True)
class Recipe:
    """What is trained, and for how long; `pool` batches are drawn, `updates` of them used."""

    path: Path
    pool: int
    predict: Noise = free_noise
    plan: Penalty | None = None
    batch: int = 64
    width: int = 64


def draw_stream(
    seed: int, points: Float[np.ndarray, "count dim"], recipe: Recipe
) -> tuple[Stream, Float[Array, "pool batch dim"]]:
    """Return the examples of a training run, noise as targets, and the clean points in them.

    Drawn by NumPy: on a CPU, JAX takes longer to compile a draw than to train on it.
    """
    rng = np.random.default_rng(seed)
    shape = (recipe.pool, recipe.batch)
    x1 = jnp.asarray(points[rng.integers(len(points), size=shape)])
    x0 = rng.standard_normal(x1.shape, np.float32)
    t = np.float32(LOWEST) + np.float32(1 - LOWEST) * rng.random(shape, np.float32)
    return jax.jit(partial(flows.noise_stream, recipe.path))(t, x0, x1), x1


@partial(jax.jit, static_argnames="recipe")
def fit_noise(
    network: Network,
    key: Key[Array, ""],
    examples: tuple[Stream, Float[Array, "pool batch dim"]],
    updates: Int[Array, ""] | int,
    recipe: Recipe,
) -> Network:
    """Return `network` trained to predict noise, with the recipe's penalty if there is one.

    The number of updates is not part of the compiled code, so that budgets share it.
    """
    path, plan = recipe.path, recipe.plan
    optimiser = cosine_adam(RATE, updates)

    def loss(network: Network, batch: Stream, x1: Array, number: Array) -> Float[Array, ""]:
        error = recipe.predict(network, batch.x, batch.t) - batch.target
        value = jnp.mean(jnp.sum(error**2, axis=1))
        if plan is None:
            return value
        chain = jax.random.fold_in(key, number)
        return value + plan.weight * chain_penalty(network, chain, x1, path, plan)

    def update(number: Array, state: tuple[Any, Any]) -> tuple[Any, Any]:
        network, memory = state
        batch, x1 = jax.tree.map(lambda pool: pool[number], examples)
        change, memory = optimiser.update(jax.grad(loss)(network, batch, x1, number), memory)
        return optax.apply_updates(network, change), memory

    fitted: Network = jax.lax.fori_loop(0, updates, update, (network, optimiser.init(network)))[0]
    return fitted


def train_noise(
    seed: int, points: Float[np.ndarray, "count dim"], recipe: Recipe, updates: int
) -> Network:
    """Return a network trained by `recipe` on points, at uniform times."""
    key = jax.random.key(seed)
    network = init_network(key, points.shape[1], width=recipe.width)
    examples = draw_stream(seed, points, recipe)
    fitted: Network = fit_noise(network, key, examples, updates, recipe)
    return fitted
