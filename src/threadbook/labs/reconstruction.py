"""What a denoising auto-encoder's displacement says about the density, after Alain & Bengio.

An auto-encoder r is trained at one noise level. Its displacement `r(x) - x`, over the squared
noise, estimates the score; summed along a line it estimates a difference of log-densities; and a
Metropolis-Hastings chain needs nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from threadbook.labs.networks import Network, apply_network, init_network
from threadbook.labs.training import Stream, regress

Field = Callable[[Float[Array, "count dim"]], Float[Array, "count dim"]]
Draws = tuple[Float[Array, "*steps chains dim"], Float[Array, "*steps chains"]]
Gain = Callable[[Float[Array, "count dim"], Float[Array, "count dim"]], Float[Array, " count"]]

RATE = 3e-3
_NODES = (jnp.arange(5) + 0.5) / 5  # of the midpoint rule along a line


def train_autoencoder(
    seed: int,
    points: Float[np.ndarray, "count dim"],
    noise: float,
    *,
    updates: int,
    batch: int = 128,
    width: int = 64,
) -> Network:
    """Return a network h with `r(x) = x + noise h(x)` trained to give clean points back.

    The criterion of the denoising auto-encoder, `E |r(x + noise e) - x|^2`, divided by the
    squared noise so that one step size serves every level.
    """
    rng = np.random.default_rng(seed)
    clean = points[rng.integers(len(points), size=(updates, batch))]
    e = rng.standard_normal(clean.shape, np.float32)
    still = np.zeros((updates, batch), np.float32)
    stream = Stream(*map(jnp.asarray, (clean + noise * e, still, -e, still + 1)))
    network = init_network(jax.random.key(seed), points.shape[1], width=width)
    fitted: Network = regress(network, stream, rate=RATE)[0]
    return fitted


def displacement(
    network: Network, noise: Float[Array, ""] | float, x: Float[Array, "count dim"]
) -> Float[Array, "count dim"]:
    """Return `r(x) - x` at points."""
    return noise * apply_network(network, x, jnp.zeros(len(x)))


def estimated_score(network: Network, noise: Float[Array, ""] | float) -> Field:
    """Return `(r(x) - x) / noise^2`, which estimates the score (theorem of Alain & Bengio)."""
    return lambda x: displacement(network, noise, x) / noise**2


def line_gain(field: Field) -> Gain:
    """Return the change of log-density from x to y that a score field implies along a line.

    `integral_0^1 field(x + u (y - x)) . (y - x) du`, by the midpoint rule. It depends on the
    line unless the field is a gradient.
    """

    def gain(x: Float[Array, "count dim"], y: Float[Array, "count dim"]) -> Float[Array, " count"]:
        def slope(u: Float[Array, ""]) -> Float[Array, " count"]:
            return jnp.sum(field(x + u * (y - x)) * (y - x), axis=1)

        return jnp.mean(jax.vmap(slope)(_NODES), axis=0)

    return gain


def error_gain(
    network: Network, noise: Float[Array, ""] | float, heat: Float[Array, ""] | float
) -> Gain:
    """Return the change of log-density if the squared displacement over `heat` is an energy."""

    def energy(x: Float[Array, "count dim"]) -> Float[Array, " count"]:
        return jnp.sum(displacement(network, noise, x) ** 2, axis=1) / heat

    return lambda x, y: energy(x) - energy(y)


def metropolis(
    gain: Gain, x: Float[Array, "chains dim"], draws: Draws, *, stride: float
) -> Float[Array, "chains dim"]:
    """Return where chains from `x` are after Metropolis-Hastings steps of normal size `stride`.

    A move to y is taken with probability `min(1, exp(gain(x, y)))`: only differences of
    log-densities enter, so no normalising constant does.
    """

    def step(x: Array, draw: Draws) -> tuple[Array, None]:
        move, level = draw
        y = x + stride * move
        taken = jnp.log(level) < gain(x, y)
        return jnp.where(taken[:, None], y, x), None

    return jax.lax.scan(step, x, draws)[0]


def draw_moves(seed: int, steps: int, chains: int, dim: int) -> Draws:
    """Return the normal moves and uniform levels of chains."""
    rng = np.random.default_rng(seed)
    moves = rng.standard_normal((steps, chains, dim), np.float32)
    return jnp.asarray(moves), jnp.asarray(rng.random((steps, chains), np.float32))
