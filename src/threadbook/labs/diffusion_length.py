"""Diffusion models of any length: a schedule stopped early, and a model of the law at its end.

The schedule of a denoising diffusion model is cut so that training and sampling know only its
part next to the data (Franzese et al. 2022). What the cut leaves of the data at the noisy end is
either ignored, by starting from a standard normal law, or modelled by a Gaussian mixture.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key
from sklearn.mixture import GaussianMixture

from threadbook.labs import flows
from threadbook.labs.denoisers import learned_ends, reverse_diffusion
from threadbook.labs.networks import Network
from threadbook.labs.targets import denoising_path
from threadbook.labs.training import Stream

LEAST = 1e-3  # share of the schedule next to the data that training leaves out


def cut_path(
    length: Float[Array, ""] | float,
) -> Callable[[Float[Array, ""]], tuple[Float[Array, ""], Float[Array, ""]]]:
    """Return the last part of the published schedule: length 1 is the whole, T of the paper."""

    def path(t: Float[Array, ""]) -> tuple[Float[Array, ""], Float[Array, ""]]:
        return denoising_path(1 - length * (1 - t))

    return path


def draw_stream(
    random: np.random.Generator,
    points: Float[np.ndarray, "count dim"],
    length: Float[Array, ""],
    shape: tuple[int, int],
) -> Stream:
    """Return a run's examples on a schedule of this length, at uniform times."""
    x1 = points[random.integers(len(points), size=shape)]
    t = (1 - LEAST) * random.random(shape, np.float32)
    x0 = random.standard_normal(x1.shape, np.float32)
    stream: Stream = cut_stream(x1, x0, t, length)
    return stream


@jax.jit
def cut_stream(
    x1: Float[Array, "updates batch dim"],
    x0: Float[Array, "updates batch dim"],
    t: Float[Array, "updates batch"],
    length: Float[Array, ""],
) -> Stream:
    """Return the regression of the noise along a schedule of this length."""
    stream = flows.noise_stream(cut_path(length), t, x0, x1)
    return Stream(stream.x, t, x0, jnp.ones_like(t))


@partial(jax.jit, static_argnames="steps")
def sample(
    network: Network,
    start: Float[Array, "count dim"],
    key: Key[Array, ""],
    length: Float[Array, ""],
    steps: int,
    churn: float = 1.0,
) -> Float[Array, "count dim"]:
    """Return samples by ancestral steps from `start` along a schedule of this length."""
    path = cut_path(length)
    times = jnp.linspace(0.0, 1.0, steps + 1)
    return reverse_diffusion(key, learned_ends(network, path), path, start, times, churn=churn)


def model_end(
    points: Float[np.ndarray, "count dim"], length: float, seed: int, count: int, modes: int = 10
) -> Float[np.ndarray, "count dim"]:
    """Return draws from a Gaussian mixture fitted to the data at the noisy end of the schedule.

    Each point enters twice with fresh noise. Length 0 fits the data: no diffusion at all.
    """
    random = np.random.default_rng(seed)
    a, b = (float(part) for part in cut_path(length)(jnp.zeros(())))
    many = np.tile(points, (2 if length else 1, 1))
    ends = a * many + b * random.standard_normal(many.shape)
    mixture: Any = GaussianMixture
    fitted = mixture(
        modes, random_state=seed, init_params="k-means++", tol=1e-2, reg_covar=1e-3
    ).fit(ends)
    drawn: np.ndarray = fitted.sample(count)[0]
    return random.permutation(drawn).astype(np.float32)
