"""Consistency training: one network that sends every point of a path to the path's end.

The setting is that of Song and Dhariwal: noise levels `sigma` instead of times, `X + sigma Z`
instead of a line, and data scaled to a deviation of one half.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int
from scipy.special import erf

from threadbook.labs.networks import Network, apply_network
from threadbook.labs.training import cosine_adam, pseudo_huber

DATA_DEVIATION = 0.5
LOWEST, HIGHEST, CURVE = 0.002, 80.0, 7.0
LEVEL_MEAN, LEVEL_SPREAD = -1.1, 2.0  # of the log noise level, when a level is drawn


def noise_levels(intervals: int) -> Float[np.ndarray, " levels"]:
    """Return `intervals + 1` rising noise levels, dense near the data."""
    low, high = LOWEST ** (1 / CURVE), HIGHEST ** (1 / CURVE)
    levels: np.ndarray = np.linspace(low, high, intervals + 1) ** CURVE
    return levels


def doubling_intervals(updates: int, first: int, last: int) -> Int[np.ndarray, " updates"]:
    """Return the number of intervals at each update: from `first`, doubled in equal spans."""
    spans = int(np.log2(last / first)) + 1
    doublings = np.arange(updates) // int(np.ceil(updates / spans))
    return first * 2**doublings


def draw_levels(
    rng: np.random.Generator, intervals: Int[np.ndarray, " updates"], batch: int
) -> Float[np.ndarray, "updates batch 2"]:
    """Return neighbouring noise levels (lower, higher) for each example, lognormal in level."""
    drawn = np.empty((len(intervals), batch, 2), np.float32)
    for count in np.unique(intervals):
        levels = noise_levels(int(count))
        edges = erf((np.log(levels) - LEVEL_MEAN) / (np.sqrt(2) * LEVEL_SPREAD))
        chance = np.diff(edges) / (edges[-1] - edges[0])
        rows = np.flatnonzero(intervals == count)
        picks = rng.choice(count, size=(len(rows), batch), p=chance)
        drawn[rows] = np.stack([levels[picks], levels[picks + 1]], axis=-1)
    return drawn


def consistency(
    network: Network, x: Float[Array, "*batch dim"], sigma: Float[Array, "*batch"]
) -> Float[Array, "*batch dim"]:
    """Return `c_skip(sigma) x + c_out(sigma) F(c_in(sigma) x, sigma)`, which is `x` at LOWEST."""
    above, total = sigma - LOWEST, sigma**2 + DATA_DEVIATION**2
    skip = DATA_DEVIATION**2 / (above**2 + DATA_DEVIATION**2)
    out = DATA_DEVIATION * above / jnp.sqrt(total)
    time = 1 - jnp.log(sigma / LOWEST) / jnp.log(HIGHEST / LOWEST)
    inner = apply_network(network, x / jnp.sqrt(total)[..., None], time)
    return skip[..., None] * x + out[..., None] * inner


def consistency_loss(
    student: Network, teacher: Network, example: tuple[Array, Array, Array], bend: float
) -> Float[Array, ""]:
    """Return the mean distance of the student at the higher level to the teacher at the lower."""
    x, z, (lower, higher) = example[0], example[1], jnp.moveaxis(example[2], -1, 0)
    goal = consistency(teacher, x + lower[:, None] * z, lower)
    guess = consistency(student, x + higher[:, None] * z, higher)
    distance = pseudo_huber(guess - jax.lax.stop_gradient(goal), bend)
    return jnp.mean(distance / (higher - lower))


@partial(jax.jit, static_argnames=("bend", "rate"))
def train_consistency(
    network: Network,
    examples: tuple[Array, Array, Array],
    memory: Float[Array, " updates"],
    *,
    bend: float,
    rate: float,
) -> Network:
    """Return the student after training against a teacher that trails it.

    After each update the teacher becomes `mu teacher + (1 - mu) student` with `mu` from
    `memory`; at `mu = 0` the teacher is the student, with its gradient stopped.
    """
    optimiser = cosine_adam(rate, len(memory))

    def update(state: tuple[Any, Any, Any], row: tuple[Any, Array]) -> tuple[Any, None]:
        student, teacher, moments = state
        example, mu = row
        slope = jax.grad(consistency_loss)(student, teacher, example, bend)
        change, moments = optimiser.update(slope, moments)
        student = optax.apply_updates(student, change)
        teacher = jax.tree.map(lambda old, new: mu * old + (1 - mu) * new, teacher, student)
        return (student, teacher, moments), None

    start = (network, network, optimiser.init(network))
    (student, _, _), _ = jax.lax.scan(update, start, (examples, memory))
    return student


def one_step(network: Network, noise: Float[Array, "count dim"]) -> Float[Array, "count dim"]:
    """Return samples from standard normal `noise` in one evaluation, at the highest level."""
    return consistency(network, HIGHEST * noise, jnp.full(len(noise), HIGHEST))
