"""Distances between two sets of samples, and the cost of the best pairing of two sets."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key
from scipy.optimize import linear_sum_assignment  # type: ignore[attr-defined]
from scipy.spatial.distance import cdist


def even_directions(count: int) -> Float[Array, "count 2"]:
    """Return `count` unit vectors in the plane, evenly spaced over half a turn."""
    angles = np.pi * (np.arange(count) + 0.5) / count
    return jnp.asarray(np.stack([np.cos(angles), np.sin(angles)], axis=1), jnp.float32)


def random_directions(key: Key[Array, ""], count: int, dim: int) -> Float[Array, "count dim"]:
    """Return `count` unit vectors drawn uniformly from the sphere in `dim` dimensions."""
    vectors: Array = jax.random.normal(key, (count, dim))
    unit: Array = vectors / jnp.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def sliced_distance(
    x: Float[Array, "count dim"],
    y: Float[Array, "count dim"],
    directions: Float[Array, "slices dim"],
) -> Float[Array, ""]:
    """Return the sliced Wasserstein-2 distance of two sets of the same size.

    Along a line the best pairing is by rank, so each slice costs a sort. The result has the
    units of the data and is zero for equal laws only in the limit of many samples: hold it
    against the distance of two sets from the same law.
    """
    gaps = jnp.sort(x @ directions.T, axis=0) - jnp.sort(y @ directions.T, axis=0)
    return jnp.sqrt(jnp.mean(gaps**2))


def energy_distance(x: Float[Array, "count dim"], y: Float[Array, "other dim"]) -> Float[Array, ""]:
    """Return the unbiased estimate of `2 E|X-Y| - E|X-X'| - E|Y-Y'|`; it can fall below zero."""

    def mean_gap(u: Array, v: Array, pairs: int) -> Array:
        squared = jnp.sum(u**2, 1)[:, None] + jnp.sum(v**2, 1)[None, :] - 2 * u @ v.T
        return jnp.sum(jnp.sqrt(jnp.maximum(squared, 0.0))) / pairs

    n, m = len(x), len(y)
    within = mean_gap(x, x, n * (n - 1)) + mean_gap(y, y, m * (m - 1))
    return 2 * mean_gap(x, y, n * m) - within


def match(x: Float[np.ndarray, "count dim"], y: Float[np.ndarray, "count dim"]) -> np.ndarray:
    """Return the order of `y` that minimises the mean squared distance to `x`, pair by pair."""
    order: np.ndarray = linear_sum_assignment(cdist(x, y, "sqeuclidean"))[1]
    return order
