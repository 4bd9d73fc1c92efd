"""The family between Poisson flow and diffusion: D extra variables of which only the norm counts.

A data point in d dimensions is blurred by `p(x | x1) ~ (|x - x1|^2 + r^2)^(-(d + D)/2)` with
`r = sigma sqrt(D)` (Xu et al. 2023, equations 6 and 10). D = 1 is the Poisson flow; as D grows the
blur becomes Gaussian. Everything else is what a diffusion model does at equal sigma: the denoiser
with its scalings, the times and Heun's method are those of Karras et al. (2022).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from threadbook.labs.networks import Network, apply_network
from threadbook.labs.training import Stream

GAUSSIAN = float("inf")
LEAST, MOST = 0.02, 40.0  # sigma, in units of the data's deviation
CENTRE, WIDTH = -0.6, 1.2  # of log sigma in training; published for data of deviation one half


def draw_stretch(
    random: np.random.Generator, shape: tuple[int, ...], extra: float
) -> Float[np.ndarray, "*batch"]:
    """Return by how much a blur with D = `extra` is longer than the Gaussian one.

    `R^2 / (R^2 + r^2)` is Beta(d/2, D/2), so `R^2 / r^2` is a ratio of two chi-square variables.
    The upper is the squared norm of a normal vector, which also gives the direction; what is left
    is the lower, divided by D. For endless D it is one.
    """
    if extra == GAUSSIAN:
        return np.ones(shape, np.float32)
    drawn: np.ndarray = 1 / np.sqrt(random.chisquare(extra, shape) / extra)
    return drawn.astype(np.float32)


def encode(sigma: Array) -> Array:
    """Return sigma as a time in (0, 1), for the network's clock."""
    return jnp.log(sigma / LEAST) / jnp.log(MOST / LEAST)


def scalings(sigma: Array) -> tuple[Array, Array, Array]:
    """Return skip, output and input weights of the denoiser for data of deviation one."""
    total = 1 + sigma**2
    return 1 / total, sigma / jnp.sqrt(total), 1 / jnp.sqrt(total)


def draw_stream(
    random: np.random.Generator,
    points: Float[np.ndarray, "count dim"],
    extra: float,
    shape: tuple[int, int],
) -> Stream:
    """Return a run's examples for D = `extra`, at levels whose logarithm is normal."""
    x1 = points[random.integers(len(points), size=shape)]
    sigma = np.exp(CENTRE + WIDTH * random.standard_normal(shape)).astype(np.float32)
    blur = random.standard_normal(x1.shape, np.float32)
    stretch = draw_stretch(random, shape, extra)
    stream: Stream = blur_stream(x1, sigma, stretch[..., None] * blur)
    return stream


@jax.jit
def blur_stream(
    x1: Float[Array, "updates batch dim"],
    sigma: Float[Array, "updates batch"],
    blur: Float[Array, "updates batch dim"],
) -> Stream:
    """Return the regression of the denoiser, with all targets of like size."""
    skip, out, into = (part[..., None] for part in scalings(sigma))
    x = x1 + sigma[..., None] * blur
    return Stream(into * x, encode(sigma), (x1 - skip * x) / out, jnp.ones_like(sigma))


def denoise(
    network: Network, x: Float[Array, "count dim"], sigma: Float[Array, ""]
) -> Float[Array, "count dim"]:
    """Return the data that the network expects behind blurred points."""
    skip, out, into = scalings(sigma)
    return skip * x + out * apply_network(network, into * x, jnp.full(len(x), encode(sigma)))


def sigmas(steps: int, power: float = 7.0) -> Float[Array, " steps"]:
    """Return the published levels from MOST to LEAST, even in their seventh roots."""
    ends = jnp.array([MOST, LEAST]) ** (1 / power)
    return (ends[0] + jnp.linspace(0, 1, steps) * (ends[1] - ends[0])) ** power


def sample(
    network: Network,
    start: Float[Array, "count dim"],
    key: Key[Array, ""],
    steps: int,
    error: Array,
) -> Float[Array, "count dim"]:
    """Return samples by Heun's method in sigma, each step upset by noise of `error` times sigma.

    The noise stands for errors of the model: the paper's controlled experiment (section 6.2).
    """

    def step(x: Array, one: tuple[Array, Array, Array]) -> tuple[Array, None]:
        sigma, after, fresh = one
        x = x + error * sigma * jax.random.normal(fresh, x.shape)
        slope = (x - denoise(network, x, sigma)) / sigma
        guess = x + (after - sigma) * slope
        other = (guess - denoise(network, guess, after)) / after
        return x + (after - sigma) * 0.5 * (slope + other), None

    levels = sigmas(steps)
    keys = jax.random.split(key, steps - 1)
    x, _ = jax.lax.scan(step, start, (levels[:-1], levels[1:], keys))
    return denoise(network, x, levels[-1])
