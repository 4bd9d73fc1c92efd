"""Forward processes that lead from the data towards an input y instead of towards pure noise.

All have `X_t = c(t) X1 + (1 - c(t)) y + b(t) X0` with X0 standard normal, so that `X_t` less its
known part `(1 - c) y` is an ordinary path `(c, b)`: any sampler of the book runs it, with a
denoiser that knows y. The forward process ends at `c X1 + (1 - c) y` plus noise; sampling starts
from y plus noise, so what is left of X1 is replaced by y.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from threadbook.labs.flows import Ends
from threadbook.labs.targets import Path

STIFFNESS, LEAST, MOST = 1.5, 0.05, 0.5  # of the published speech models


def drift_path(
    t: Float[Array, ""],
    stiffness: float = STIFFNESS,
    least: float = LEAST,
    most: Array | float = MOST,
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Return weight of the clean signal and deviation of the noise of the speech process.

    `dx = g (y - x) dtau + s(tau) dw` with noise that grows from `least` to `most` (Richter et al.
    2022, equations 5 to 8): an Ornstein-Uhlenbeck process with exploding variance, tau = 1 - t.
    """
    tau = 1 - t
    growth = jnp.log(most / least)
    total = jnp.expm1(2 * (stiffness + growth) * tau) * growth / (stiffness + growth)
    fade = jnp.exp(-stiffness * tau)
    return fade, jnp.sqrt(jnp.maximum(least**2 * fade**2 * total, 0.0))


def residual_step(
    x: Array, y: Array, ends: tuple[Array, Array], weights: tuple[Array, Array, Array, Array]
) -> Array:
    """Return X after one deterministic step of residual denoising diffusion.

    `x - (a - a') residual - (b - b') noise` with residual and noise as predicted (Liu et al.
    2023, equation 13 with no added noise); `weights` are a, a', b, b'.
    """
    noise, data = ends
    a, next_a, b, next_b = weights
    return x - (a - next_a) * (y - data) - (b - next_b) * noise


def residual_sample(
    ends: Ends,
    path: Path,
    x: Float[Array, "rows dim"],
    y: Float[Array, "rows dim"],
    times: Float[Array, " times"],
) -> Float[Array, "rows dim"]:
    """Return where residual denoising takes `x` at the first of `times`, to the last of them.

    `path` gives `1 - a` and b: data lose weight a to the input y, and gain noise b.
    """

    def step(x: Array, pair: tuple[Array, Array]) -> tuple[Array, None]:
        (c, b), (next_c, next_b) = path(pair[0]), path(pair[1])
        predicted = ends(x - (1 - c) * y, pair[0])
        return residual_step(x, y, predicted, (1 - c, 1 - next_c, b, next_b)), None

    return jax.lax.scan(step, x, (times[:-1], times[1:]))[0]
