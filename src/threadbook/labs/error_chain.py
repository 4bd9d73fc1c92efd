"""How the errors of single denoising steps gather along a chain, after Li & van der Schaar (2024).

On a line both the true chain and a learned one can be followed exactly, as matrices over a grid.
Step k of the chain goes from time `times[k]` to `times[k + 1]`, from noise to data. The modular
error of a step is the mean divergence of its learned kernel from the true one, at inputs as the
learned chain meets them; the cumulative error is the divergence of the two marginal laws.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from threadbook.labs.networks import Network, apply_network
from threadbook.labs.targets import Mixture, Path

RATE = 3e-3
_TINY = 1e-300  # keeps the logarithm of an empty cell finite; its weight is zero

Grid = Float[np.ndarray, " cells"]
Kernel = Float[np.ndarray, "cells cells"]


@dataclass(frozen=True)
class ErrorChain:
    """Errors along a chain from noise to data: before the first step and after each one."""

    modular: Float[np.ndarray, " steps"]
    cumulative: Float[np.ndarray, " levels"]  # one more than steps; the first is the start's

    @property
    def amplification(self) -> Float[np.ndarray, " steps"]:
        """What mu_t of the propagation equation must be: (cumulative after - modular) / before."""
        factors: np.ndarray = (self.cumulative[1:] - self.modular) / self.cumulative[:-1]
        return factors


def signal_and_noise(path: Path, t: float) -> tuple[float, float]:
    """Return the two weights of a path at one time, as plain numbers."""
    a, b = jax.jit(path)(t)
    return float(a), float(b)


def divergence(p: Grid, q: Grid) -> float:
    """Return the Kullback-Leibler divergence of two laws on the cells of a grid, in nats."""
    return float(np.sum(p * (np.log(p + _TINY) - np.log(q + _TINY))))


def normal_rows(grid: Grid, means: Grid, scale: float) -> Kernel:
    """Return the matrix whose row i is the normal law about `means[i]` on the cells of the grid."""
    logits = -0.5 * ((grid[None, :] - means[:, None]) / scale) ** 2
    rows = np.exp(logits - logits.max(axis=1, keepdims=True))
    kernel: np.ndarray = rows / rows.sum(axis=1, keepdims=True)
    return kernel


def true_marginal(law: Mixture, path: Path, t: float, grid: Grid) -> Grid:
    """Return the law of `a X1 + b X0` on the cells of the grid, for data on a line from `law`."""
    a, b = signal_and_noise(path, t)
    means, scales, weights = (np.asarray(v, float) for v in (law.means, law.scales, law.weights))
    spread = np.sqrt((a * scales) ** 2 + b**2)
    parts = np.exp(-0.5 * ((grid[:, None] - a * means[:, 0]) / spread) ** 2) / spread
    mass = parts @ weights
    marginal: np.ndarray = mass / mass.sum()
    return marginal


def levels(path: Path, t: float, u: float) -> tuple[float, float, float]:
    """Return how the forward chain goes back from u to t: `X_t = r X_u + e`, and the step's scale.

    The values are r, the deviation of e, and the deviation of the ancestral step from t to u.
    """
    (a, b), (next_a, next_b) = signal_and_noise(path, t), signal_and_noise(path, u)
    ratio = a / next_a
    forward = float(np.sqrt(max(b**2 - (ratio * next_b) ** 2, 1e-12)))
    return ratio, forward, forward * next_b / b


def true_step(law: Mixture, path: Path, t: float, u: float, grid: Grid) -> Kernel:
    """Return the true kernel from time t to the later u: Bayes' rule for the forward step."""
    ratio, forward, _ = levels(path, t, u)
    joint = normal_rows(grid, ratio * grid, forward) * true_marginal(law, path, u, grid)[:, None]
    joint = joint.T
    kernel: np.ndarray = joint / np.maximum(joint.sum(axis=1, keepdims=True), _TINY)
    return kernel


def learned_step(network: Network, path: Path, t: float, u: float, grid: Grid) -> Kernel:
    """Return the ancestral kernel from t to u of a network that predicts noise."""
    (a, b), (next_a, next_b) = signal_and_noise(path, t), signal_and_noise(path, u)
    points = jnp.asarray(grid[:, None], jnp.float32)
    times = jnp.full(len(grid), t, jnp.float32)
    noise = np.asarray(jax.jit(apply_network)(network, points, times), float)[:, 0]
    scale = levels(path, t, u)[2]
    kept = np.sqrt(max(next_b**2 - scale**2, 0.0))
    return normal_rows(grid, next_a * (grid - b * noise) / a + kept * noise, scale)


def follow_errors(
    true: list[Kernel], learned: list[Kernel], start: Grid, first: Grid
) -> ErrorChain:
    """Return the errors of a learned chain that starts from `start` where the true law is `first`.

    The chain rule of divergence bounds the cumulative error by the one before plus the modular
    one, so that `amplification` cannot exceed one whatever is learned.
    """
    p, q = start, first
    modular, cumulative = [], [divergence(p, q)]
    for exact, own in zip(true, learned, strict=True):
        gaps = np.sum(own * (np.log(own + _TINY) - np.log(exact + _TINY)), axis=1)
        modular.append(float(p @ gaps))
        p, q = p @ own, q @ exact
        cumulative.append(divergence(p, q))
    return ErrorChain(np.array(modular), np.array(cumulative))
