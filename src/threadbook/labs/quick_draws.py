"""Random whole numbers that compile fast, for runs in which compiling costs more than running."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, Key


def pick(uniform: Float[Array, "*shape"], count: int) -> Int[Array, "*shape"]:
    """Return whole numbers below `count` from uniform ones in [0, 1).

    `jax.random.randint` does the same without a bias of 1e-7, and takes several times as long to
    compile.
    """
    return jnp.floor(uniform * count).astype(jnp.int32)


def pick_rows(
    key: Key[Array, ""], points: Float[Array, "count dim"], shape: tuple[int, ...]
) -> Float[Array, "*shape dim"]:
    """Return rows of `points`, drawn with replacement."""
    return points[pick(jax.random.uniform(key, shape), len(points))]
