"""Laws whose samples, densities and marginal velocities are exact: isotropic Gaussian mixtures.

Between two mixtures that are drawn independently, the law of `a(t) X1 + b(t) X0` is again a
mixture, with one component per pair of components. Its velocity field is therefore known in
closed form: a flow learned by regression can be held against it, and a lab that needs a
teacher can have one without error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key
from numpy.typing import ArrayLike
from scipy.special import ndtri
from scipy.stats import qmc

Path = Callable[[Float[Array, ""]], tuple[Float[Array, ""], Float[Array, ""]]]
"""Time to the pair `(a, b)` of the interpolant `a X1 + b X0`; time 0 is noise, time 1 is data."""

RING_MODES, RING_RADIUS, RING_SCALE = 8, 3.0, 0.3
FIRST_RATE = 0.1  # of the noise schedule of denoising diffusion models
LAST_RATE = 20.0  # leaves 0.0066 of the signal in the noise
LATENT_LAST_RATE = 10.6  # leaves 0.069, as the published schedule of Stable Diffusion does (0.068)


@partial(
    jax.tree_util.register_dataclass, data_fields=["means", "scales", "weights"], meta_fields=[]
)
@dataclass(frozen=True)
class Mixture:
    """A mixture of isotropic Gaussians: component k has mean `means[k]`, deviation `scales[k]`."""

    means: Float[Array, "modes dim"]
    scales: Float[Array, " modes"]
    weights: Float[Array, " modes"]


def make_mixture(means: ArrayLike, scales: ArrayLike, weights: ArrayLike) -> Mixture:
    """Return the mixture with these means, deviations and weights, in single precision."""
    return Mixture(*(jnp.asarray(np.asarray(v, np.float32)) for v in (means, scales, weights)))


def make_normal(dim: int) -> Mixture:
    """Return the standard normal law in `dim` dimensions, as a mixture of one."""
    return make_mixture(np.zeros((1, dim)), np.ones(1), np.ones(1))


def make_uneven_ring() -> Mixture:
    """Return eight Gaussians on a ring with weights rising from 1 to 8.

    With equal weights symmetry alone makes the paths nearly straight, and nothing is left for
    a reflow to do. Uneven weights bend them: mass has to move round the ring.
    """
    angles = 2 * np.pi * np.arange(RING_MODES) / RING_MODES
    means = RING_RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    weights = np.arange(1.0, RING_MODES + 1)
    return make_mixture(means, np.full(RING_MODES, RING_SCALE), weights / weights.sum())


def standardise(law: Mixture) -> Mixture:
    """Return `law` moved to mean zero and scaled alike on all axes to mean variance one.

    Diffusion paths keep the variance at one only for such data.
    """
    means, scales, weights = (np.asarray(v, float) for v in (law.means, law.scales, law.weights))
    centred = means - weights @ means
    factor = 1 / np.sqrt(np.mean(weights @ centred**2) + weights @ scales**2)
    return make_mixture(factor * centred, factor * scales, weights)


def draw(law: Mixture, key: Key[Array, ""], count: int) -> Float[Array, "count dim"]:
    """Return `count` independent samples of `law`."""
    pick, spread = jax.random.split(key)
    modes = jax.random.choice(pick, law.weights.size, (count,), p=law.weights)
    noise = jax.random.normal(spread, (count, law.means.shape[1]))
    return law.means[modes] + law.scales[modes, None] * noise


def draw_evenly(law: Mixture, seed: int, count: int) -> Float[np.ndarray, "count dim"]:
    """Return `count` (a power of two) points that fill `law` more evenly than random ones.

    A scrambled Sobol sequence picks the mode and the place in it. Two such sets of 4,096 points
    from one law in the plane lie several times closer together than random sets do, so that
    smaller differences between methods can be told from chance.
    """
    dim = law.means.shape[1]
    uniforms = qmc.Sobol(dim + 1, rng=seed).random(count).clip(1e-6, 1 - 1e-6)
    steps = np.cumsum(np.asarray(law.weights, float))
    modes = np.searchsorted(steps, uniforms[:, 0] * steps[-1])
    noise = ndtri(uniforms[:, 1:])
    points = np.asarray(law.means)[modes] + np.asarray(law.scales)[modes, None] * noise
    filled: np.ndarray = points.astype(np.float32)
    return filled


def log_density(law: Mixture, point: Float[Array, " dim"]) -> Float[Array, ""]:
    """Return the log-density of `law` at `point`."""
    dim = point.size
    squared = jnp.sum((point - law.means) ** 2, axis=1) / law.scales**2
    normaliser = dim * jnp.log(law.scales) + 0.5 * dim * jnp.log(2 * jnp.pi)
    logits: Float[Array, ""] = jax.nn.logsumexp(jnp.log(law.weights) - normaliser - squared / 2)
    return logits


def linear_path(t: Float[Array, ""]) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Return `(t, 1 - t)`: straight lines from noise to data."""
    return t, 1 - t


def cosine_path(t: Float[Array, ""]) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Return the variance-preserving arc `(sin, cos)` of `pi t / 2`, free of signal at time 0."""
    return jnp.sin(0.5 * jnp.pi * t), jnp.cos(0.5 * jnp.pi * t)


def denoising_path(
    t: Float[Array, ""], last_rate: float = LAST_RATE
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Return the signal and noise levels of a denoising diffusion model, run from noise to data.

    At time 0 some signal is left, the more the lower the last rate.
    """
    left = 1 - t
    a = jnp.exp(-0.25 * left**2 * (last_rate - FIRST_RATE) - 0.5 * left * FIRST_RATE)
    return a, jnp.sqrt(jnp.maximum(1 - a**2, 0.0))


latent_path = partial(denoising_path, last_rate=LATENT_LAST_RATE)
"""The denoising path of latent diffusion models, with a brighter start."""


def interpolate(path: Path, t: Float[Array, ""], x0: Array, x1: Array) -> tuple[Array, Array]:
    """Return the point `a X1 + b X0` at time `t` and its velocity `a' X1 + b' X0`."""
    (a, b), (slope_a, slope_b) = jax.jvp(path, (t,), (jnp.ones_like(t),))
    return a * x1 + b * x0, slope_a * x1 + slope_b * x0


def expected_ends(
    source: Mixture, target: Mixture, path: Path, t: Float[Array, ""], x: Float[Array, " dim"]
) -> tuple[Float[Array, " dim"], Float[Array, " dim"]]:
    """Return E[X0 | X_t = x] and E[X1 | X_t = x] for independent X0 and X1, in closed form.

    Component (i, j) of the law of X_t has mean `a n_j + b m_i` and variance
    `a^2 r_j^2 + b^2 s_i^2`; within it, X0 and X1 are Gaussian given X_t.
    """
    a, b = path(t)
    var0, var1 = source.scales[:, None] ** 2, target.scales[None, :] ** 2
    var = a**2 * var1 + b**2 * var0
    gap = x - (b * source.means[:, None, :] + a * target.means[None, :, :])
    logits = (
        jnp.log(source.weights)[:, None]
        + jnp.log(target.weights)[None, :]
        - 0.5 * jnp.sum(gap**2, axis=-1) / var
        - 0.5 * x.size * jnp.log(var)
    )
    share = jax.nn.softmax(logits, axis=(0, 1))[..., None]
    end0 = source.means[:, None, :] + (b * var0 / var)[..., None] * gap
    end1 = target.means[None, :, :] + (a * var1 / var)[..., None] * gap
    return jnp.sum(share * end0, axis=(0, 1)), jnp.sum(share * end1, axis=(0, 1))


def exact_velocity(
    source: Mixture, target: Mixture, path: Path
) -> Callable[[Float[Array, " dim"], Float[Array, ""]], Float[Array, " dim"]]:
    """Return the velocity field that flow matching would learn from endless data and capacity."""

    def velocity(x: Float[Array, " dim"], t: Float[Array, ""]) -> Float[Array, " dim"]:
        end0, end1 = expected_ends(source, target, path, t, x)
        return interpolate(path, t, end0, end1)[1]

    return velocity
