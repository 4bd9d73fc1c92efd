"""Tuning a pre-trained denoiser on a few pictures: which weights may move, and what that costs.

A class-conditional denoiser takes the label as a one-hot vector beside the point; the label of the
new class was never trained. What may move is a mask of ones and zeros over the weights, or the
factors of a low-rank change; the rest stays as it was.
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

from threadbook.labs import denoisers, flows, inversion
from threadbook.labs.flows import Ends
from threadbook.labs.networks import Network, apply_network, init_network
from threadbook.labs.targets import Path
from threadbook.labs.training import Stream, regress

CLASSES = 10
DRIFT = 0.02  # of the running mean over which tuned weights are averaged
Moves = Any
"""What tuning changes: a pytree that `Merge` turns into a network."""

Merge = Callable[[Network, Moves], Network]
Mask = list[tuple[Array, Array]]


@dataclass(frozen=True)
class Tuning:
    """How a denoiser is tuned: between two checkpoints lie `every` updates."""

    every: int = 75
    rank_weight: float = 0.0  # of the nuclear norm of what is tuned
    rank_every: int = 50  # updates between two of its gradients, each of which counts for as many


def fresh_network(key: Key[Array, ""], dim: int, width: int) -> Network:
    """Return an untrained network from (point, one-hot label, time) to a noise."""
    *layers, (weight, bias) = init_network(key, dim + CLASSES, width=width)
    return [*layers, (weight[:, :dim], bias[:dim])]


def draw_stream(
    seed: int,
    points: Float[np.ndarray, "count dim"],
    labels: Int[np.ndarray, " count"],
    *,
    path: Path,
    shape: tuple[int, int],
) -> Stream:
    """Return the examples of a conditional denoiser: noisy points with their labels beside them.

    Drawn by NumPy: compiling JAX's generators anew for each shape takes longer than the training.
    """
    random = np.random.default_rng(seed)
    picks = random.integers(len(points), size=shape)
    noise = random.standard_normal((*shape, points.shape[1]), dtype=np.float32)
    clock = random.uniform(denoisers.LOWEST, 1.0, shape).astype(np.float32)
    tags = np.eye(CLASSES, dtype=np.float32)[labels[picks]]
    stream: Stream = mix_stream(clock, noise, points[picks], tags, path=path)
    return stream


@partial(jax.jit, static_argnames="path")
def mix_stream(t: Array, noise: Array, data: Array, tags: Array, *, path: Path) -> Stream:
    """Return the regression from noisy data, with their tags beside them, to the noise."""
    stream = flows.noise_stream(path, t, noise, data)
    x = jnp.concatenate([stream.x, tags], axis=-1)
    return Stream(x, t, noise, jnp.ones_like(t))


def pretrain(
    seed: int,
    points: Float[np.ndarray, "count dim"],
    labels: Int[np.ndarray, " count"],
    *,
    path: Path,
    updates: int,
    width: int,
) -> Network:
    """Return a conditional denoiser trained to predict the noise, at Adam's usual rate."""
    stream = draw_stream(seed, points, labels, path=path, shape=(updates, 128))
    start = fresh_network(jax.random.key(seed), points.shape[1], width)
    network: Network = regress(start, stream, rate=denoisers.RATE)[0]
    return network


def label_ends(network: Network, path: Path, label: Int[Array, " count"]) -> Ends:
    """Return the ends that the network expects of points with these labels."""
    tag = jax.nn.one_hot(label, CLASSES)

    def ends(x: Array, t: Array) -> tuple[Array, Array]:
        noise = apply_network(network, jnp.concatenate([x, tag], axis=1), jnp.full(len(x), t))
        return flows.ends_from_noise(path, t, x, noise)

    return ends


@partial(jax.jit, static_argnames=("path", "steps"))
def sample(
    network: Network,
    noise: Float[Array, "count dim"],
    label: Int[Array, " count"],
    *,
    path: Path,
    steps: int = 25,
) -> Float[Array, "count dim"]:
    """Return the DDIM samples of these labels from the given noise."""
    return inversion.follow(label_ends(network, path, label), path, noise, steps, end=1.0)[-1]


def merge_masked(network: Network, moves: tuple[Mask, Network]) -> Network:
    """Return the network with the masked part of a change added."""
    mask, change = moves
    kept = jax.lax.stop_gradient(mask)
    moved: Network = jax.tree.map(lambda w, m, c: w + m * c, network, kept, change)
    return moved


@jax.jit
def masked_moves(network: Network, mask: Mask) -> tuple[Mask, Network]:
    """Return a change of zero on the weights that the mask lets move."""
    return mask, jax.tree.map(jnp.zeros_like, network)


def merge_low_rank(network: Network, moves: list[tuple[Array, Array]]) -> Network:
    """Return the network with a product of two thin matrices added to each weight (LoRA)."""
    return [(w + down @ up, b) for (w, b), (down, up) in zip(network, moves, strict=True)]


def low_rank_moves(seed: int, network: Network, rank: int) -> list[tuple[Array, Array]]:
    """Return factors whose product is zero: the first random, the second zero."""
    random = np.random.default_rng(seed)
    return [
        (
            jnp.asarray(random.normal(0, w.shape[0] ** -0.5, (w.shape[0], rank)), jnp.float32),
            jnp.zeros((rank, w.shape[1])),
        )
        for w, _ in network
    ]


def mask_parts(network: Network, weights: tuple[int, ...], biases: tuple[int, ...]) -> Mask:
    """Return the mask of the weights and of the biases of the layers named."""
    return [
        (
            jnp.asarray(np.full(w.shape, i in weights, np.float32)),
            jnp.asarray(np.full(b.shape, i in biases, np.float32)),
        )
        for i, (w, b) in enumerate(network)
    ]


def weight_quantile(network: Network, share: float) -> float:
    """Return the absolute value below which a share of all weights lie."""
    return float(np.quantile(np.concatenate([np.abs(w).ravel() for w, _ in network]), share))


def mask_below(network: Network, threshold: float) -> Mask:
    """Return the mask of the weights below a threshold in absolute value; biases stay."""
    sides = [(np.asarray(w), np.asarray(b)) for w, b in network]
    return [(jnp.asarray(np.abs(w) < threshold, jnp.float32), jnp.zeros(b.shape)) for w, b in sides]


def mask_label(network: Network, dim: int, label: int) -> Mask:
    """Return the mask of the row through which one label enters the first layer."""
    empty = mask_parts(network, (), ())
    weight, bias = empty[0]
    return [(weight.at[dim + label].set(1.0), bias), *empty[1:]]


def mask_random(seed: int, network: Network, share: float) -> Mask:
    """Return the mask of a share of the weights picked at random; biases stay."""
    random = np.random.default_rng(seed)
    return [
        (jnp.asarray(random.random(w.shape) < share, jnp.float32), jnp.zeros(b.shape))
        for w, b in network
    ]


def count_moves(mask: Mask) -> int:
    """Return how many numbers a mask lets move."""
    return int(sum(float(jnp.sum(leaf)) for leaf in jax.tree.leaves(mask)))


@jax.jit
def remove(network: Network, mask: Mask) -> Network:
    """Return the network with the masked weights set to zero."""
    kept: Network = jax.tree.map(lambda w, m: w * (1 - m), network, mask)
    return kept


def nuclear_slope(network: Network, moves: tuple[Mask, Network], layer: Array) -> Moves:
    """Return the slope of the nuclear norm of the tuned part of one hidden matrix.

    The sum of its singular values, which keeps the tuned part of low rank (`hu2024sara`); one
    matrix at a time, as in the public code.
    """

    def norm(moves: tuple[Mask, Network]) -> Array:
        moved = merge_masked(network, moves)
        masks = jax.lax.stop_gradient(moves[0])  # or the penalty would tune the mask as well
        parts = [m[0] * w[0] for m, w in zip(masks, moved, strict=True)]
        return jnp.sum(jnp.linalg.svd(jnp.stack(parts[1:-1])[layer], compute_uv=False))

    return jax.grad(norm)(moves)


def rare_nuclear_slope(
    network: Network, moves: tuple[Mask, Network], count: Int[Array, ""], every: int
) -> Moves:
    """Return the slope of the nuclear norm at each `every`-th update, zero at the others.

    The hidden matrices take turns.
    """
    layer = count // every % (len(network) - 2)
    return jax.lax.cond(
        count % every == 0,
        lambda: nuclear_slope(network, moves, layer),
        lambda: jax.tree.map(jnp.zeros_like, moves),
    )


@partial(jax.jit, static_argnames=("merge", "tuning"))
def tune(
    network: Network,
    moves: Moves,
    stream: Stream,
    rate: Float[Array, ""] | float,
    *,
    merge: Merge,
    tuning: Tuning,
) -> Network:
    """Return the tuned network at every checkpoint, stacked.

    Adam at a constant rate on the denoising loss; a network is read off with the running mean of
    what moved. What a mask holds fast has no gradient and so stays.
    """
    optimiser = optax.adam(rate)

    def loss(candidate: Moves, batch: Stream) -> Float[Array, ""]:
        error = apply_network(merge(network, candidate), batch.x, batch.t) - batch.target
        return jnp.mean(jnp.sum(error**2, axis=-1))

    def update(state: tuple[Any, ...], batch: Stream) -> tuple[tuple[Any, ...], None]:
        moves, memory, average, count = state
        slope = jax.grad(loss)(moves, batch)
        if tuning.rank_weight:
            scale = tuning.rank_weight * tuning.rank_every
            penalty = rare_nuclear_slope(network, moves, count, tuning.rank_every)
            slope = jax.tree.map(lambda g, p: g + scale * p, slope, penalty)
        change, memory = optimiser.update(slope, memory)
        moves = optax.apply_updates(moves, change)
        average = jax.tree.map(lambda old, now: old + DRIFT * (now - old), average, moves)
        return (moves, memory, average, count + 1), None

    def stretch(state: tuple[Any, ...], part: Stream) -> tuple[tuple[Any, ...], Network]:
        state, _ = jax.lax.scan(update, state, part)
        return state, merge(network, state[2])

    parts = jax.tree.map(lambda v: v.reshape(-1, tuning.every, *v.shape[1:]), stream)
    start = (moves, optimiser.init(moves), moves, jnp.zeros((), int))
    stages: Network = jax.lax.scan(stretch, start, parts)[1]
    return stages


def stage(stages: Network, number: int) -> Network:
    """Return the network of one checkpoint."""
    return [
        (jnp.asarray(np.asarray(w)[number]), jnp.asarray(np.asarray(b)[number])) for w, b in stages
    ]


def take(stream: Stream, cut: slice) -> Stream:
    """Return the examples of some of the updates."""
    return Stream(*(jnp.asarray(np.asarray(v)[cut]) for v in jax.tree.leaves(stream)))


def tune_smallest(
    network: Network, stream: Stream, rate: float, *, share: float, tuning: Tuning
) -> Network:
    """Return the network after its smallest weights were tuned, by the rules of `hu2024sara`.

    Half-way the weights that have grown beyond the threshold are fixed, and those still below it
    are tuned on (progressive adjustment; public code).
    """
    threshold = weight_quantile(network, share)
    middle = len(stream.t) // 2
    for cut in (slice(None, middle), slice(middle, None)):
        moves = masked_moves(network, mask_below(network, threshold))
        stages = tune(network, moves, take(stream, cut), rate, merge=merge_masked, tuning=tuning)
        network = stage(stages, -1)
    return network


def copy_share(
    samples: Float[np.ndarray, "count dim"], shown: Float[np.ndarray, "few dim"], ratio: float = 0.5
) -> float:
    """Return the share of samples that are near-copies of a picture that tuning was shown.

    A near-copy lies closer to one of them than `ratio` times the distance to the second nearest.
    """
    gaps = np.linalg.norm(np.asarray(samples)[:, None] - np.asarray(shown)[None], axis=2)
    first, second = np.sort(gaps, axis=1)[:, :2].T
    return float(np.mean(first < ratio * second))
