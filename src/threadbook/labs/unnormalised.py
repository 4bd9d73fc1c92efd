"""Fitting an unnormalised model to samples: contrast with noise, or the likelihood itself.

The model is `exp(theta x - x^2 / 2)`, whose log-constant `theta^2 / 2 + log(2 pi) / 2` is
pretended unknown; data come from N(gap, 1), noise from N(0, 1). The right answer is theta = gap.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float
from scipy.special import expit

from threadbook.labs.training import cosine_adam

Method = Literal["contrast", "likelihood"]
HALF_LOG = 0.5 * float(np.log(2 * np.pi))
SHARE = 0.1  # of a fresh estimate in the tracked constant
State = tuple[Any, Array, Any]


def contrast_loss(
    theta: Float[Array, 2], data: Float[Array, " batch"], noise: Float[Array, " batch"]
) -> Float[Array, ""]:
    """Return the logistic loss of telling data from noise; `theta` is (mean, log-constant).

    Noise-contrastive estimation: the constant is one more parameter.
    """

    def log_odds(x: Array) -> Array:
        return theta[0] * x - 0.5 * x**2 - theta[1] + 0.5 * x**2 + HALF_LOG

    return jnp.mean(jax.nn.softplus(-log_odds(data)) + jax.nn.softplus(log_odds(noise)))


def inner_values(mean: Float[Array, ""], noise: Float[Array, " batch"]) -> Float[Array, " batch"]:
    """Return the logarithms of the terms whose mean over the noise is the constant."""
    return mean * noise + HALF_LOG


def likelihood_slope(
    mean: Float[Array, ""],
    tracked: Float[Array, ""],
    samples: tuple[Float[Array, " batch"], Float[Array, " batch"]],
    share: Float[Array, ""] | float = SHARE,
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Return the estimated slope of the negative log-likelihood, and the constant's new track.

    `jiang2023learning`, section 3: `log Z = log E_noise[model / noise]` is a function of an inner
    mean. A moving average u of estimates of that mean, kept here as a logarithm, gives the slope
    `-E_data[x] + E_noise[w x] / u`.
    """
    data, noise = samples
    logs = inner_values(mean, noise)
    fresh = jax.nn.logsumexp(logs) - jnp.log(noise.size)
    tracked = jnp.logaddexp(jnp.log1p(-share) + tracked, jnp.log(share) + fresh)
    return -jnp.mean(data) + jnp.mean(jnp.exp(logs - tracked) * noise), tracked


@partial(jax.jit, static_argnames="method")
def fit_mean(
    draws: Float[Array, "updates 2 batch"],
    gap: Float[Array, ""] | float,
    *,
    method: Method,
    rate: Any,
) -> Float[Array, ""]:
    """Return the fitted mean after Adam with fresh data and noise at every update.

    `draws` are standard normal; the first half of each becomes data, the second is the noise.
    """
    optimiser = cosine_adam(rate, len(draws))

    def update(state: State, normals: Float[Array, "2 batch"]) -> tuple[State, None]:
        theta, tracked, memory = state
        data, noise = gap + normals[0], normals[1]
        if method == "contrast":
            slope = jax.grad(contrast_loss)(theta, data, noise)
        else:
            value, tracked = likelihood_slope(theta[0], tracked, (data, noise))
            slope = jnp.array([value, 0.0])
        change, memory = optimiser.update(slope, memory)
        return (optax.apply_updates(theta, change), tracked, memory), None

    start = jnp.array([0.0, HALF_LOG])
    state = (start, start[1], optimiser.init(start))
    return jax.lax.scan(update, state, draws)[0][0][0]


def population_slope(
    theta: Float[np.ndarray, 2], gap: float, method: Method
) -> Float[np.ndarray, 2]:
    """Return the slope of either loss with endless samples, by quadrature or in closed form.

    With the constant known, the likelihood's is `theta - gap`: a parabola.
    """
    if method == "likelihood":
        return np.array([theta[0] - gap, 0.0])
    grid = np.linspace(-8, gap + 8, 1601)
    data, noise = np.exp(-0.5 * (grid - gap) ** 2), np.exp(-0.5 * grid**2)
    odds = expit(theta[0] * grid - theta[1] + HALF_LOG)
    pull = (odds * noise - (1 - odds) * data) * (grid[1] - grid[0]) / np.sqrt(2 * np.pi)
    return np.array([pull @ grid, -pull.sum()])


def descend(
    gap: float, method: Method, *, rate: float, updates: int
) -> Float[np.ndarray, " updates"]:
    """Return the error of the mean along plain gradient descent with endless samples."""
    theta, errors = np.array([0.0, HALF_LOG]), []
    for _ in range(updates):
        theta = theta - rate * population_slope(theta, gap, method)
        errors.append(abs(theta[0] - gap))
    return np.array(errors)
