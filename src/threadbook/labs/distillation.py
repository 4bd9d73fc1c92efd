"""Distribution matching distillation: a one-step generator that follows a difference of scores."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int

from threadbook.labs.networks import Network, apply_network
from threadbook.labs.training import cosine_adam

Draws = tuple[
    Float[Array, "*run batch dim"], Float[Array, "*run batch dim"], Float[Array, "*run batch"]
]
Teacher = Callable[[Float[Array, "batch dim"], Float[Array, " batch"]], Float[Array, "batch dim"]]


def generate(generator: Network, noise: Float[Array, "batch dim"]) -> Float[Array, "batch dim"]:
    """Return one Euler step over the whole path, from noise at time 0."""
    return noise + apply_network(generator, noise, jnp.zeros(len(noise)))


def noised(fake: Array, noise: Array, t: Array) -> Array:
    """Return the point at time `t` on the line from `noise` to a generated sample."""
    return (1 - t)[:, None] * noise + t[:, None] * fake


def matching_direction(
    fake: Array, critic: Network, teacher: Teacher, noise: Array, t: Array
) -> Float[Array, "batch dim"]:
    """Return the descent direction of the Kullback-Leibler divergence, up to a positive factor.

    At a noised sample both laws expect an end point, `x + (1 - t) v(x, t)`; their difference is
    that of the scores times a positive factor. As published, it is scaled by the teacher's
    mean absolute error, so that all times weigh alike.
    """
    x = noised(fake, noise, t)
    real_end = x + (1 - t)[:, None] * teacher(x, t)
    fake_end = x + (1 - t)[:, None] * apply_network(critic, x, t)
    scale = jnp.mean(jnp.abs(fake - real_end), axis=1, keepdims=True)
    return (fake_end - real_end) / jnp.maximum(scale, 1e-3)


def critic_loss(critic: Network, fake: Array, noise: Array, t: Array) -> Float[Array, ""]:
    """Return the flow-matching loss of the critic on generated samples."""
    error = apply_network(critic, noised(fake, noise, t), t) - (fake - noise)
    return jnp.mean(jnp.sum(error**2, axis=1))


def generator_loss(
    generator: Network, critic: Network, teacher: Teacher, draws: Draws
) -> Float[Array, ""]:
    """Return a loss whose gradient moves each generated sample along the matching direction."""
    seeds, noise, t = draws
    fake = generate(generator, seeds)
    direction = matching_direction(fake, critic, teacher, noise, t)
    return jnp.mean(jnp.sum(fake * jax.lax.stop_gradient(direction), axis=1))


@partial(jax.jit, static_argnames=("teacher", "rates"))
def distil(
    start: Network,
    draws: Draws,
    turns: Int[Array, " updates"],
    *,
    teacher: Teacher,
    rates: tuple[float, float],
) -> Network:
    """Return the generator after `len(turns)` critic updates, moved too where `turns` is 1.

    `draws` holds, per update, the generator's seeds, the noise that blurs its samples, and the
    times. Generator and critic both start from `start`, a flow network; `rates` are their step
    sizes, each falling to zero over that network's own updates.
    """
    slow = cosine_adam(rates[0], jnp.sum(turns))
    quick = cosine_adam(rates[1], len(turns))

    def update(state: Any, row: tuple[Draws, Array]) -> tuple[Any, None]:
        generator, critic, memory, critic_memory = state
        draws, turn = row
        fake = generate(generator, draws[0])
        slope = jax.grad(critic_loss)(critic, fake, *draws[1:])
        change, critic_memory = quick.update(slope, critic_memory)
        critic = optax.apply_updates(critic, change)

        def move(pair: Any) -> Any:
            generator, memory = pair
            slope = jax.grad(generator_loss)(generator, critic, teacher, draws)
            change, memory = slow.update(slope, memory)
            return optax.apply_updates(generator, change), memory

        generator, memory = jax.lax.cond(turn == 1, move, lambda pair: pair, (generator, memory))
        return (generator, critic, memory, critic_memory), None

    state = (start, start, slow.init(start), quick.init(start))
    (generator, _, _, _), _ = jax.lax.scan(update, state, (draws, turns))
    return generator
