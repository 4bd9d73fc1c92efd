"""Sliced Wasserstein distances with Gaussian control variates, and a flow that follows them.

The functions of directions take NumPy or JAX arrays: NumPy sorts many slices much faster on a
CPU, JAX gives the gradient that a flow needs.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

Points = Float[Array, "count dim"] | Float[np.ndarray, "count dim"]
Directions = Float[Array, "slices dim"] | Float[np.ndarray, "slices dim"]
KINDS = ("plain", "lower", "upper")


def slice_costs(x: Points, y: Points, directions: Directions) -> Array:
    """Return the squared Wasserstein-2 distance of the two sets along each direction."""
    xp = x.__array_namespace__()
    gaps = xp.sort(directions @ x.T, axis=1) - xp.sort(directions @ y.T, axis=1)
    costs: Array = xp.mean(gaps**2, axis=1)
    return costs


def control(x: Points, y: Points, directions: Directions, kind: str) -> tuple[Any, Any]:
    """Return a control variate along each direction, and its exact mean over the sphere.

    `nguyen2023sliced`, section 3: of Gaussians fitted to the projections, the squared distance
    is at least the squared gap of the means ("lower") and at most that plus both variances
    ("upper"). Over the sphere `(u . v)^2` has mean `|v|^2 / dim`.
    """
    dim = x.shape[1]
    gap = x.mean(axis=0) - y.mean(axis=0)
    values, mean = (directions @ gap) ** 2, gap @ gap / dim
    if kind == "upper":
        for points in (x, y):
            centred = points - points.mean(axis=0)
            covariance = centred.T @ centred / len(points)
            values = values + ((directions @ covariance) * directions).sum(axis=1)
            mean = mean + covariance.trace() / dim
    return values, mean


def combine(
    costs: Float[Array, "*sets slices"], values: Float[Array, "*sets slices"], mean: Array
) -> Float[Array, "*sets"]:
    """Return the estimates of the squared sliced distance with the help of a control variate.

    The coefficient is the least-squares one on the same directions, as in the paper; that makes
    the estimate slightly biased when they are few.
    """
    centred = values - values.mean(axis=-1, keepdims=True)
    slope = (centred * costs).sum(axis=-1) / ((centred**2).sum(axis=-1) + 1e-12)
    return costs.mean(axis=-1) - slope * (values.mean(axis=-1) - mean)


def estimate(x: Points, y: Points, directions: Directions, kind: str) -> Float[Array, ""]:
    """Return the estimate of the squared sliced distance from these directions."""
    costs = slice_costs(x, y, directions)
    return jnp.mean(costs) if kind == "plain" else combine(costs, *control(x, y, directions, kind))


@partial(jax.jit, static_argnames="kind")
def follow_slices(
    x: Points, y: Points, directions: Float[Array, "steps slices dim"], *, kind: str
) -> Float[Array, "steps count dim"]:
    """Return the points after each step down the gradient of an estimate on fresh directions.

    With an orthonormal basis as directions, a plain step would move each projection onto its
    partner.
    """

    def step(points: Any, fresh: Directions) -> tuple[Any, Any]:
        slope = jax.grad(lambda p: estimate(p, y, fresh, kind))(points)
        after = points - 0.5 * x.size * slope
        return after, after

    moved: Array = jax.lax.scan(step, jnp.asarray(x), directions)[1]
    return moved
