"""Denoisers without error for a law that sits on given points, such as a set of images.

Noise X0 is standard normal and `X_t = a X1 + b X0` with X1 one of finitely many points. Then
E[X1 | X_t] is an average of the points with softmax weights: what a network of any size, trained
for ever on these points, would return. Experiments that use it compare processes, not networks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key
from numpy.typing import ArrayLike

from threadbook.labs.flows import Ends
from threadbook.labs.targets import Path


@partial(jax.tree_util.register_dataclass, data_fields=["points", "logits"], meta_fields=[])
@dataclass(frozen=True)
class PointLaw:
    """Points and the logarithms of their weights, which need not be normalised.

    `logits` may have rows, one for each sample that is drawn: a law given an observation.
    """

    points: Float[Array, "size dim"]
    logits: Float[Array, "*rows size"]


def make_law(points: ArrayLike, weights: ArrayLike | None = None) -> PointLaw:
    """Return the law with these points, equally likely unless `weights` are given."""
    places = jnp.asarray(np.asarray(points, np.float32))
    chances = np.ones(len(places)) if weights is None else np.asarray(weights, float)
    return PointLaw(places, jnp.log(jnp.asarray(chances / chances.sum(), jnp.float32)))


def draw_points(law: PointLaw, key: Key[Array, ""], count: int) -> Float[Array, "count dim"]:
    """Return `count` independent points of a law without rows."""
    return law.points[jax.random.categorical(key, law.logits, shape=(count,))]


def condition(
    law: PointLaw, y: Float[Array, "rows dim"], deviation: Float[Array, ""] | float
) -> PointLaw:
    """Return the law given each row of `y`, the point plus white noise of this deviation."""
    fit = y @ law.points.T - 0.5 * jnp.sum(law.points**2, axis=1)
    return PointLaw(law.points, jax.nn.log_softmax(fit / deviation**2 + law.logits))


def expected_points(law: PointLaw, tilt: Float[Array, "rows dim"], bend: Array) -> Array:
    """Return the mean point under weights proportional to `exp(tilt . c - bend |c|^2 / 2)`."""
    fit = tilt @ law.points.T - 0.5 * bend * jnp.sum(law.points**2, axis=1)
    return jax.nn.softmax(fit + law.logits, axis=-1) @ law.points


def point_ends(law: PointLaw, path: Path) -> Ends:
    """Return E[X0 | X_t = x] and E[X1 | X_t = x] for data from `law`, in closed form."""

    def ends(x: Array, t: Array) -> tuple[Array, Array]:
        a, b = path(t)
        data = expected_points(law, a / b**2 * x, (a / b) ** 2)
        return (x - a * data) / b, data

    return ends


def mean_gap(x: Float[Array, "count dim"], y: Float[Array, "other dim"]) -> Array:
    """Return the distance of each point of `x` to each of `y`."""
    squared = jnp.sum(x**2, 1)[:, None] + jnp.sum(y**2, 1)[None, :] - 2 * x @ y.T
    return jnp.sqrt(jnp.maximum(squared, 0.0))


def energy_to_law(samples: Float[Array, "count dim"], law: PointLaw) -> Float[Array, ""]:
    """Return the energy distance of independent samples to a law without rows, without bias."""
    weights = jax.nn.softmax(law.logits)
    count = len(samples)
    across = jnp.mean(mean_gap(samples, law.points) @ weights)
    inside = jnp.sum(mean_gap(samples, samples)) / (count * (count - 1))
    return 2 * across - inside - weights @ mean_gap(law.points, law.points) @ weights
