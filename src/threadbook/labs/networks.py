"""A small time-dependent network as a plain pytree: a list of (weight, bias)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Key

FREQUENCIES = 4

Network = list[tuple[Float[Array, "inputs outputs"], Float[Array, " outputs"]]]


@partial(jax.jit, static_argnames=("dim", "width", "hidden"))
def init_network(key: Key[Array, ""], dim: int, *, width: int, hidden: int = 3) -> Network:
    """Return a fresh network from (point, time) to a vector of the same dimension.

    The last layer starts at zero, so that every network starts from the same function and
    seeds differ only in what they learn.
    """
    sizes = [dim + 2 * FREQUENCIES, *[width] * hidden]
    keys = jax.random.split(key, hidden)
    layers = [
        (jax.random.normal(k, (i, o)) * jnp.sqrt(2.0 / i), jnp.zeros(o))
        for k, i, o in zip(keys, sizes[:-1], sizes[1:], strict=True)
    ]
    return [*layers, (jnp.zeros((width, dim)), jnp.zeros(dim))]


def encode_time(t: Float[Array, "*batch"]) -> Float[Array, "*batch features"]:
    """Return cosines and sines of `t` at the first few multiples of half a turn."""
    phases = jnp.pi * jnp.arange(1, FREQUENCIES + 1) * t[..., None]
    return jnp.concatenate([jnp.cos(phases), jnp.sin(phases)], axis=-1)


def apply_network(
    network: Network, x: Float[Array, "*batch dim"], t: Float[Array, "*batch"]
) -> Float[Array, "*batch dim"]:
    """Return the network's output at points `x` and times `t`."""
    h = jnp.concatenate([x, encode_time(t)], axis=-1)
    for weight, bias in network[:-1]:
        h = jax.nn.silu(h @ weight + bias)
    weight, bias = network[-1]
    return h @ weight + bias


def count_parameters(network: Sequence[tuple[Array, Array]]) -> int:
    """Return how many numbers the network holds."""
    return sum(weight.size + bias.size for weight, bias in network)
