"""Fields that stir a density without moving it, and what they do to a flow (Horvat & Pfister 2024).

A field r with `div(p r) = 0` may be added to the score s of p: the law of the flow stays. For any
antisymmetric matrix P the field `P s` is of that kind, since `div(p P s) = div(P grad p) = 0`; it
is also free of divergence and at right angles to s, the stricter conditions of the paper.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from threadbook.labs.flows import Ends
from threadbook.labs.targets import Path

Field = Callable[[Float[Array, "count dim"], Float[Array, ""]], Float[Array, "count dim"]]


def antisymmetric(seed: int, dim: int, size: float) -> Float[np.ndarray, "dim dim"]:
    """Return a random antisymmetric matrix whose largest singular value is `size`."""
    square = np.random.default_rng(seed).standard_normal((dim, dim))
    turn = square - square.T
    scaled: np.ndarray = (size * turn / np.linalg.norm(turn, 2)).astype(np.float32)
    return scaled


def stirred_velocity(ends: Ends, path: Path, stir: Float[Array, "dim dim"]) -> Field:
    """Return the velocity of the probability flow with the score s replaced by `(I + stir) s`.

    With `s = -X0 / b` the velocity `a' X1 + b' X0` is `(a'/a) x + (b a'/a - b') b s`.
    """

    def velocity(x: Float[Array, "count dim"], t: Float[Array, ""]) -> Float[Array, "count dim"]:
        (a, b), (slope_a, slope_b) = jax.jvp(path, (t,), (jnp.ones_like(t),))
        noise = ends(x, t)[0]
        turned: Array = noise + noise @ stir.T
        speed: Array = (slope_a * x - (b * slope_a - a * slope_b) * turned) / a
        return speed

    return velocity


def heun(
    field: Field, x: Float[Array, "count dim"], times: Float[Array, " times"]
) -> Float[Array, "count dim"]:
    """Return where flow lines from `x` at the first time are at the last, by Heun's method."""

    def step(x: Array, ends: tuple[Array, Array]) -> tuple[Array, None]:
        t, u = ends
        first = field(x, t)
        second = field(x + (u - t) * first, u)
        return x + (u - t) * (first + second) / 2, None

    return jax.lax.scan(step, x, (times[:-1], times[1:]))[0]


def log_densities(
    field: Field, x: Float[Array, "count dim"], times: Float[Array, " times"]
) -> Float[Array, " count"]:
    """Return the log-density at `x`, at the last time, of the flow of N(0, I) from the first.

    The instantaneous change of variables: the lines are followed back, and the divergence of
    the whole field is summed along them.
    """

    def augmented(state: Array, t: Array) -> Array:
        point = state[:, :-1]

        def one(y: Array) -> Array:
            return field(y[None], t)[0]

        spread = jax.vmap(lambda y: jnp.trace(jax.jacfwd(one)(y)))(point)
        return jnp.column_stack([field(point, t), spread])

    state = heun(augmented, jnp.column_stack([x, jnp.zeros(len(x))]), times[::-1])
    start = state[:, :-1]
    # Followed backwards, the integral comes with the opposite sign, which the law asks for too.
    normal = -0.5 * jnp.sum(start**2, axis=1) - 0.5 * x.shape[1] * jnp.log(2 * jnp.pi)
    return normal + state[:, -1]


def stretches(
    field: Field, x: Float[Array, "count dim"], times: Float[Array, " times"]
) -> Float[Array, "count dim"]:
    """Return the singular values of the flow's derivative at points, from the greatest down.

    Towards data on a manifold the values along it settle, and those across it vanish: the number
    that stay is the local dimension.
    """

    def end(y: Float[Array, " dim"]) -> Float[Array, " dim"]:
        return heun(field, y[None], times)[0]

    slopes = jax.vmap(jax.jacfwd(end))(x)
    values: Array = jnp.linalg.svd(slopes, compute_uv=False)
    return values


def count_dimensions(values: Float[np.ndarray, "count dim"]) -> np.ndarray:
    """Return the number of values before the widest gap of their logarithms, for each point."""
    logs = np.log(np.maximum(values, 1e-12))
    counts: np.ndarray = 1 + np.argmax(logs[:, :-1] - logs[:, 1:], axis=1)
    return counts


def asymmetry(field: Field, x: Float[Array, "count dim"], t: Float[Array, ""]) -> Float[Array, ""]:
    """Return the antisymmetric share of a field's derivative at points: 0 for a gradient."""

    def one(y: Float[Array, " dim"]) -> Float[Array, " dim"]:
        return field(y[None], t)[0]

    slopes = jax.vmap(jax.jacfwd(one))(x)
    turning = (slopes - jnp.swapaxes(slopes, 1, 2)) / 2
    return jnp.sqrt(jnp.sum(turning**2) / jnp.sum(slopes**2))
