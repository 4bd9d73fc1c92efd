"""DDIM whose network is told another time than the sampler's: the Time-Shift Sampler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from threadbook.labs.solvers import Steps, denoise_step, time_at, walk
from threadbook.labs.targets import Path

Noise = Callable[[Float[Array, "count dim"], Float[Array, " count"]], Float[Array, "count dim"]]
"""Points and a time for each to the predicted noise."""


Flag = bool | Bool[Array, ""]
Number = float | Float[Array, ""]


@dataclass(frozen=True)
class Shift:
    """Which time the network is told, within `window` of t and only before time `until`.

    As it stands, the rule of `li2023alleviating`: for each sample, the time whose noise level is
    the variance of the sample's coordinates. `pooled` takes the mean variance of all samples and
    allows for the `data_variance` in it; `constant` moves every time by `-window` instead.
    """

    window: Number
    until: Number
    pooled: Flag = False
    data_variance: Number = 0.0
    constant: Flag = False


def matched_times(path: Path, x: Float[Array, "count dim"], shift: Shift) -> Float[Array, " count"]:
    """Return for each sample the time at which `a^2 data_variance + b^2` is its variance."""
    own = jnp.mean(x**2, axis=1)
    variance = jnp.where(shift.pooled, jnp.mean(own), own)
    share = jnp.where(shift.pooled, shift.data_variance, 0.0)
    noise = jnp.clip((variance - share) / (1 - share), 1e-6, 1 - 1e-6)
    times: Array = time_at(path, 0.5 * (jnp.log1p(-noise) - jnp.log(noise)))
    return times


def told_times(
    path: Path, x: Float[Array, "count dim"], t: Float[Array, ""], shift: Shift
) -> Float[Array, " count"]:
    """Return the times that the network is told for samples `x` at time `t`."""
    low, high = jnp.maximum(t - shift.window, 0.0), jnp.minimum(t + shift.window, 1.0)
    best = jnp.clip(matched_times(path, x, shift), low, high)
    moved = jnp.where(shift.constant, low, best)
    return jnp.where(t < shift.until, moved, t)


def shifted_ddim(
    noise: Noise,
    path: Path,
    x: Float[Array, "count dim"],
    times: Float[Array, " slots"],
    shift: Shift,
    steps: Steps | None = None,
) -> Float[Array, "count dim"]:
    """Return the end of DDIM in which only the network's time is shifted, not the step's.

    `li2023alleviating`, algorithm 3, as in the published code: the first step is left alone.
    """

    def step(i: Array, x: Array) -> Array:
        s, t = times[i], times[i + 1]
        told = jnp.where(i > 0, told_times(path, x, s, shift), s)
        return denoise_step(path, x, noise(x, told), s, t)

    return walk(step, x, len(times) - 1 if steps is None else steps)
