"""Diffusions in which each coordinate of the data may carry auxiliary variables.

The recipe of Pandey and Mandt (2023, equations 4 to 6) makes every linear process that converges
to a chosen Gaussian. With rate beta, drift matrix F and target covariance S it reads
`dz = beta/2 F z dtau + sqrt(beta) G dw`, `G G' = -(F S + S F')/2`, for each coordinate of the data
on its own. One auxiliary variable, a momentum, gives their phase-space diffusion; none gives the
variance-preserving one. Here tau runs from data to noise, and `t = 1 - tau` is the book's time.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from threadbook.labs.point_laws import PointLaw, expected_points


@dataclass(frozen=True)
class Process:
    """A linear forward process with critical damping, so that F has a single eigenvalue.

    `drift` is F, `target` the diagonal of S, `start` the variance of each variable at the data
    (zero for the data itself), `first` and `last` the rates of noise at the data and at the end.
    """

    drift: tuple[tuple[float, ...], ...]
    target: tuple[float, ...]
    start: tuple[float, ...]
    first: float
    last: float

    @property
    def noise(self) -> Float[np.ndarray, "parts parts"]:
        """G G', which fixes the target as the stationary law."""
        drift, target = np.array(self.drift), np.diag(self.target)
        product = drift @ target
        noise: np.ndarray = -0.5 * (product + product.T)
        return noise


def variance_preserving(first: float = 0.1, last: float = 20.0) -> Process:
    """Return the process of denoising diffusion models: no auxiliary variable."""
    return Process(((-1.0,),), (1.0,), (0.0,), first, last)


def phase_space(gamma: float = 0.01, damping: float = 4.01, rate: float = 8.0) -> Process:
    """Return phase-space Langevin diffusion; `gamma = 0` is critically damped Langevin diffusion.

    The mass is fixed by critical damping, `1/M = (gamma - damping)^2 / 4`; momenta start with 4 %
    of their final variance, as in the published configuration.
    """
    mass = 4 / (gamma - damping) ** 2
    drift = ((-gamma, 1 / mass), (-1.0, -damping))
    return Process(drift, (1.0, mass), (0.0, 0.04 * mass), rate, rate)


def kernel(
    process: Process, tau: Float[Array, ""], spread: Array | float = 0.0
) -> tuple[Float[Array, " parts"], Float[Array, "parts parts"]]:
    """Return mean per unit of data and covariance of z at `tau`, for data known up to `spread`.

    With E = exp(F s), `s = int beta/2`, the covariance is `S - E (S - S_0) E'`; E is
    `exp(l s) (I + s (F - l I))` because F has the one eigenvalue l.
    """
    drift, target = jnp.array(process.drift), jnp.diag(jnp.array(process.target))
    start = jnp.diag(jnp.array(process.start)).at[0, 0].add(spread**2)
    s = 0.5 * (process.first * tau + 0.5 * tau**2 * (process.last - process.first))
    eye = jnp.eye(len(drift))
    value = jnp.trace(drift) / len(drift)
    push = jnp.exp(value * s) * (eye + s * (drift - value * eye))
    return push[:, 0], target - push @ (target - start) @ push.T


def score(
    process: Process,
    law: PointLaw,
    spread: Array | float,
    z: Float[Array, "parts count dim"],
    tau: Array,
) -> Float[Array, "parts count dim"]:
    """Return the exact score of z at `tau`, for data at the points of `law` blurred by `spread`."""
    mean, covariance = kernel(process, tau, spread)
    precision = jnp.linalg.inv(covariance)
    pull = precision @ mean
    data = expected_points(law, jnp.tensordot(pull, z, 1), mean @ pull)
    return jnp.tensordot(precision, mean[:, None, None] * data - z, 1)


def begin(process: Process, key: Key[Array, ""], shape: tuple[int, int]) -> Array:
    """Return draws of the law from which sampling starts."""
    deviations = jnp.sqrt(jnp.array(process.target))[:, None, None]
    return deviations * jax.random.normal(key, (len(process.target), *shape))


def reverse_paths(
    process: Process,
    law: PointLaw,
    spread: Array | float,
    key: Key[Array, ""],
    shape: tuple[int, int],
    times: Float[Array, " times"],
) -> Float[Array, "count dim"]:
    """Return samples by Euler-Maruyama steps of the reverse process, the last without noise."""
    drift, noise = jnp.array(process.drift), jnp.asarray(process.noise)
    shake = jnp.sqrt(jnp.diag(noise))[:, None, None]

    def step(z: Array, one: tuple[Array, Array, Array, Array]) -> tuple[Array, None]:
        tau, span, quiet, fresh = one
        beta = process.first + tau * (process.last - process.first)
        pull = jnp.tensordot(noise, score(process, law, spread, z, tau), 1)
        move = beta * (pull - 0.5 * jnp.tensordot(drift, z, 1))
        kick = jnp.sqrt(beta * span) * shake * jax.random.normal(fresh, z.shape)
        return z + span * move + quiet * kick, None

    first, second = jax.random.split(key)
    steps = len(times) - 1
    quiet = jnp.ones(steps).at[-1].set(0.0)
    parts = (times[:-1], times[:-1] - times[1:], quiet, jax.random.split(second, steps))
    return jax.lax.scan(step, begin(process, first, shape), parts)[0][0]


def reverse_flow(
    process: Process,
    law: PointLaw,
    spread: Array | float,
    key: Key[Array, ""],
    shape: tuple[int, int],
    times: Float[Array, " times"],
) -> Float[Array, "count dim"]:
    """Return samples by Heun's method on the deterministic flow: two evaluations a step."""
    drift, noise = jnp.array(process.drift), jnp.asarray(process.noise)

    def speed(z: Array, tau: Array) -> Array:
        beta = process.first + tau * (process.last - process.first)
        pull = jnp.tensordot(noise, score(process, law, spread, z, tau), 1)
        return 0.5 * beta * (pull - jnp.tensordot(drift, z, 1))

    def step(z: Array, ends: tuple[Array, Array]) -> tuple[Array, None]:
        tau, after = ends
        slope = speed(z, tau)
        guess = z + (tau - after) * slope
        return z + 0.5 * (tau - after) * (slope + speed(guess, after)), None

    return jax.lax.scan(step, begin(process, key, shape), (times[:-1], times[1:]))[0][0]
