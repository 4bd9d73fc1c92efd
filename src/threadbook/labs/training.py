"""One training loop for everything that is a regression on a stream of examples.

Flow matching, reflow, noise prediction and learned pairings differ in what stands in the
stream, not in the loop. The loop is compiled once for a shape; many runs (seeds, variants) go
through it one after another. `jax.vmap` over seeds is no faster on a CPU for networks of this
size, and would compile again for every number of runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int

from threadbook.labs.networks import Network, apply_network

SQUARED = float("inf")
"""The pseudo-Huber constant at which the loss is the squared error."""

Run = TypeVar("Run")
Result = TypeVar("Result")


@partial(
    jax.tree_util.register_dataclass, data_fields=["x", "t", "target", "weight"], meta_fields=[]
)
@dataclass(frozen=True)
class Stream:
    """Examples in the order in which a run meets them, one batch after another."""

    x: Float[Array, "updates batch dim"]
    t: Float[Array, "updates batch"]
    target: Float[Array, "updates batch dim"]
    weight: Float[Array, "updates batch"]


def pseudo_huber(error: Float[Array, "*batch dim"], bend: Float[Array, ""] | float) -> Array:
    """Return `2 c^2 (sqrt(1 + |e|^2 / c^2) - 1)`: squared for small errors, linear for large.

    Written without a difference of nearly equal numbers, so that an infinite `bend` gives
    exactly the squared error.
    """
    squared = jnp.sum(error**2, axis=-1)
    return 2 * squared / (1 + jnp.sqrt(1 + squared / bend**2))


def cosine_adam(rate: float, updates: int | Int[Array, ""]) -> optax.GradientTransformation:
    """Return Adam whose step size falls from `rate` to zero along half a cosine."""
    return optax.adam(lambda done: 0.5 * rate * (1 + jnp.cos(jnp.pi * done / updates)))


@partial(jax.jit, static_argnames="rate")
def regress(
    network: Network, stream: Stream, bend: Float[Array, ""] | float = SQUARED, *, rate: float
) -> tuple[Network, Float[Array, " updates"]]:
    """Fit `network` to the targets of `stream` in one pass; return it with the batch losses."""
    optimiser = cosine_adam(rate, len(stream.x))

    def loss(candidate: Network, batch: Stream) -> Float[Array, ""]:
        error = apply_network(candidate, batch.x, batch.t) - batch.target
        return jnp.mean(pseudo_huber(batch.weight[:, None] * error, bend))

    def update(state: tuple[Any, Any], batch: Stream) -> tuple[tuple[Any, Any], Array]:
        network, memory = state
        value, slope = jax.value_and_grad(loss)(network, batch)
        change, memory = optimiser.update(slope, memory)
        return (optax.apply_updates(network, change), memory), value

    (network, _), losses = jax.lax.scan(update, (network, optimiser.init(network)), stream)
    return network, losses


def run_all(
    function: Callable[[Run], Result], runs: Iterable[Run], workers: int = 2
) -> list[Result]:
    """Return `function` of each run, in order, on `workers` threads.

    Runs share nothing, so the results do not depend on which thread took which. Compiled code
    lets go of the interpreter, so two threads use two cores.
    """
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda run: jax.block_until_ready(function(run)), runs))
