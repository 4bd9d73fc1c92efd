"""Models of tokens drawn in any order, several at a time: what a budget of steps costs in bits.

The one thing a trained network contributes is a table: the mean surprise, in bits, of a token
not yet drawn when n others are known. From it follow the bound of an order-agnostic
autoregressive model with any groups (Hoogeboom et al. 2021, equations 3 and 6) and that of
absorbing diffusion with any number of steps (Austin et al. 2021), whose groups are random.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, Key
from scipy.stats import binom  # type: ignore[attr-defined]

from threadbook.labs.quick_draws import pick, pick_rows
from threadbook.labs.training import cosine_adam


@dataclass(frozen=True)
class Budget:
    """What a network may cost, the same for every model."""

    width: int = 128
    updates: int = 1500
    batch: int = 128
    rate: float = 3e-3


Signs = Float[Array, "*batch tokens"]
"""Binary tokens as -1 and 1."""

Loss = Callable[[eqx.nn.MLP, Array, Array], Array]
"""From a network, a key and a batch of tokens to the mean bound on -log p."""


@eqx.filter_jit
def make_network(key: Key[Array, ""], tokens: int, width: int) -> eqx.nn.MLP:
    """Return a fresh network from two numbers a token to the logit of each token being 1."""
    return eqx.nn.MLP(2 * tokens, tokens, width, 2, activation=jax.nn.silu, key=key)


def draw_mask(
    uniform: Float[Array, " batch"], known: Int[Array, " batch"], tokens: int
) -> Float[Array, "batch tokens"]:
    """Return one at `known` places of each row, drawn at random, and zero at the others.

    Orders come from a fixed pool of random ones, since sorting would cost more than the network;
    `uniform` says which.
    """
    ranks = jnp.asarray(order_pool(tokens))
    return (ranks[pick(uniform, len(ranks))] < known[:, None]).astype(jnp.float32)


@cache
def order_pool(tokens: int, count: int = 2048) -> Int[np.ndarray, "count tokens"]:
    """Return the places of the tokens in `count` random orders."""
    random = np.random.default_rng(0)
    return random.permuted(np.tile(np.arange(tokens, dtype=np.int16), (count, 1)), axis=1)


def surprise(network: eqx.nn.MLP, x: Signs, mask: Signs) -> Signs:
    """Return -log p of each token in nats, given the tokens that the mask shows."""
    logits = network(jnp.concatenate([x * mask, mask]))
    return jax.nn.softplus(-x * logits)


def masked_loss(network: eqx.nn.MLP, key: Key[Array, ""], x: Signs) -> Float[Array, ""]:
    """Return the bound on -log p in nats a token, with one number of known tokens for each row.

    `1/(D - t + 1)` times the surprise of all tokens after step t, t uniform.
    """
    first, second = jax.random.uniform(key, (2, len(x)))
    known = pick(first, x.shape[1])
    mask = draw_mask(second, known, x.shape[1])
    hidden = (1 - mask) * jax.vmap(partial(surprise, network))(x, mask)
    return jnp.mean(jnp.sum(hidden, axis=1) / (x.shape[1] - known))


def fit(key: Key[Array, ""], x: Signs, loss: Loss, budget: Budget) -> eqx.nn.MLP:
    """Return a network that has seen the budget's batches of `x`, drawn with replacement."""
    start, noise = jax.random.split(key)
    trained: eqx.nn.MLP = descend(
        noise, make_network(start, x.shape[1], budget.width), x, loss, budget
    )
    return trained


@eqx.filter_jit
def descend(
    key: Key[Array, ""], network: eqx.nn.MLP, x: Signs, loss: Loss, budget: Budget
) -> eqx.nn.MLP:
    """Return `network` after Adam's steps down the loss of the budget's batches."""
    weights, static = eqx.partition(network, eqx.is_array)
    optimiser = cosine_adam(budget.rate, budget.updates)

    def update(state: tuple[Any, Any], key: Array) -> tuple[tuple[Any, Any], None]:
        weights, memory = state
        first, fresh = jax.random.split(key)
        rows = pick_rows(first, x, (budget.batch,))
        slope = jax.grad(lambda w: loss(eqx.combine(w, static), fresh, rows))(weights)
        change, memory = optimiser.update(slope, memory)
        return (optax.apply_updates(weights, change), memory), None

    keys = jax.random.split(key, budget.updates)
    (weights, _), _ = jax.lax.scan(update, (weights, optimiser.init(weights)), keys)
    trained: eqx.nn.MLP = eqx.combine(weights, static)
    return trained


@eqx.filter_jit
def surprise_table(network: eqx.nn.MLP, key: Key[Array, ""], x: Signs) -> Float[Array, " tokens"]:
    """Return the mean surprise, in bits, of a hidden token when 0, 1, ... others are known.

    Each row of `x` keeps its order throughout, so that chance moves neighbouring entries alike.
    """
    tokens, uniform = x.shape[1], jax.random.uniform(key, (len(x),))

    def row(known: Array) -> Array:
        mask = draw_mask(uniform, jnp.full(len(x), known), tokens)
        hidden = (1 - mask) * jax.vmap(partial(surprise, network))(x, mask)
        return jnp.sum(hidden) / (len(x) * (tokens - known))

    nats: Array = jax.lax.map(row, jnp.arange(tokens))
    return nats / jnp.log(2.0)


def best_stops(costs: Float[np.ndarray, "places places"], steps: int) -> Int[np.ndarray, " stops"]:
    """Return the stops from first to last place, in `steps` jumps, that cost least.

    `costs[i, j]` is what the jump from i to j costs. Dynamic programming, as in Watson et al.
    (2021), by whom the budgets of Hoogeboom et al. (section 3.2) are set.
    """
    places = len(costs)
    jumps = np.where(np.arange(places)[None, :] > np.arange(places)[:, None], costs, np.inf)
    least, before = jumps[0], []
    for _ in range(steps - 1):
        total = least[:, None] + jumps
        before.append(total.argmin(axis=0))
        least = total.min(axis=0)
    stops = [places - 1]
    for choice in reversed(before):
        stops.append(int(choice[stops[-1]]))
    return np.array([0, *stops[::-1]])


def group_costs(table: Float[np.ndarray, " tokens"]) -> Float[np.ndarray, "places places"]:
    """Return the bits of drawing tokens i to j at once, given the first i."""
    places = np.arange(len(table) + 1)
    costs: np.ndarray = (places[None, :] - places[:, None]) * np.append(table, 0.0)[:, None]
    return costs


def level_costs(
    table: Float[np.ndarray, " tokens"], levels: Float[np.ndarray, " places"]
) -> Float[np.ndarray, "places places"]:
    """Return the bits of an absorbing diffusion's step from a share i of tokens known to a share j.

    A token drawn in the step sees each of the others with the chance of level i: their number is
    binomial.
    """
    tokens = len(table)
    chances = binom.pmf(np.arange(tokens)[None, :], tokens - 1, levels[:, None])
    spans = levels[None, :] - levels[:, None]
    costs: np.ndarray = tokens * spans * (chances @ table)[:, None]
    return costs


def bits(costs: Float[np.ndarray, "places places"], stops: Int[np.ndarray, " stops"]) -> float:
    """Return what a path over these stops costs."""
    return float(costs[stops[:-1], stops[1:]].sum())
