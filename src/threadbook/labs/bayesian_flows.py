"""Bayesian flow networks: beliefs about the data, sharpened by noisy observations of them."""

from __future__ import annotations

from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from threadbook.labs.token_orders import Signs


def draw_beliefs(
    key: Key[Array, ""], x: Signs, t: Float[Array, "*batch"], accuracy: float
) -> Signs:
    """Return the log-odds that the observations up to time t give each binary token of `x`.

    For K classes the sum of observations is normal with mean `beta (K e_x - 1)` and variance
    `beta K`, `beta = accuracy t^2` (Graves et al. 2023, equations 151 and 187); with K = 2 the
    log-odds have mean `2 beta x` and variance `4 beta`.
    """
    beta = accuracy * t[..., None] ** 2
    return 2 * beta * x + 2 * jnp.sqrt(beta) * jax.random.normal(key, x.shape)


def predict(network: eqx.nn.MLP, odds: Signs, t: Float[Array, ""]) -> Signs:
    """Return the log-odds that the network adds to the beliefs of each token.

    The paper leaves the architecture open. Without the sum the bound is several bits worse here.
    """
    return odds + network(jnp.concatenate([jnp.tanh(odds / 2), jnp.full(odds.shape, t)]))


def flow_terms(
    network: eqx.nn.MLP, key: Key[Array, ""], x: Signs, t: Float[Array, " batch"], accuracy: float
) -> Signs:
    """Return each token's term of the continuous-time loss in nats, before the mean over t.

    `K beta(1) t |e_x - e^|^2` (equation 205), which for two classes is
    `4 beta(1) t (1 - p(x))^2`.
    """
    odds = draw_beliefs(key, x, t, accuracy)
    logits = jax.vmap(partial(predict, network))(odds, t)
    return 4 * accuracy * t[:, None] * jax.nn.sigmoid(-x * logits) ** 2


def flow_loss(
    network: eqx.nn.MLP, key: Key[Array, ""], x: Signs, *, accuracy: float
) -> Float[Array, ""]:
    """Return the continuous-time loss in nats a token, with one time for each row."""
    first, second = jax.random.split(key)
    t = jax.random.uniform(first, x.shape[:1])
    return jnp.mean(flow_terms(network, second, x, t, accuracy))


@eqx.filter_jit
def flow_bits(
    network: eqx.nn.MLP, key: Key[Array, ""], x: Signs, accuracy: float, levels: int = 64
) -> Float[Array, ""]:
    """Return the bound on -log2 p of a row: the loss over times, plus the last reconstruction."""

    def level(one: tuple[Array, Array]) -> tuple[Array, Array]:
        t, key = jnp.full(len(x), one[0]), one[1]
        logits = jax.vmap(partial(predict, network))(draw_beliefs(key, x, t, accuracy), t)
        surprise = jnp.mean(jax.nn.softplus(-x * logits))
        return jnp.mean(flow_terms(network, key, x, t, accuracy)), surprise

    times = jnp.append((jnp.arange(levels) + 0.5) / levels, 1.0)
    terms, surprises = jax.lax.map(level, (times, jax.random.split(key, levels + 1)))
    nats: Array = x.shape[1] * (jnp.mean(terms[:-1]) + surprises[-1])
    return nats / jnp.log(2.0)
