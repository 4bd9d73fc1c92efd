"""Gaussian variational inference by steps of transport, for a target that is a logistic posterior.

All expectations under a Gaussian reduce to integrals over one number per example, which
quadrature gives to rounding error: the methods differ in their steps alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import expit

Mean = Float[np.ndarray, " dim"]
Matrix = Float[np.ndarray, "dim dim"]
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(20)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True)
class Posterior:
    """Logistic regression with inputs, labels of plus or minus one, and a normal prior."""

    inputs: Float[np.ndarray, "count dim"]
    labels: Float[np.ndarray, " count"]
    precision: float = 1.0

    @property
    def smoothness(self) -> float:
        """Return the largest curvature that the negative log-density can have."""
        return float(self.precision + 0.25 * np.linalg.norm(self.inputs, 2) ** 2)

    def moments(self, mean: Mean, cov: Matrix) -> tuple[float, Mean, Matrix]:
        """Return `E V`, `E grad V` and `E hess V` under the Gaussian."""
        middle = self.inputs @ mean
        width = np.sqrt(np.sum((self.inputs @ cov) * self.inputs, axis=1))
        margins = self.labels[:, None] * (middle[:, None] + width[:, None] * NODES)
        slopes = -(expit(-margins) @ WEIGHTS) * self.labels
        bends = (expit(margins) * expit(-margins)) @ WEIGHTS
        prior = 0.5 * self.precision * (mean @ mean + np.trace(cov))
        value = float(np.sum(np.logaddexp(0, -margins) @ WEIGHTS) + prior)
        hessian = (self.inputs * bends[:, None]).T @ self.inputs
        hessian = hessian + self.precision * np.eye(len(mean))
        return value, self.inputs.T @ slopes + self.precision * mean, hessian


@dataclass(frozen=True)
class Gaussian:
    """A normal law."""

    mean: Mean
    cov: Matrix


Step = Callable[[Posterior, Gaussian, float], Gaussian]


def symmetric_root(matrix: Matrix) -> Matrix:
    """Return the symmetric square root of a symmetric positive semi-definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    root: Matrix = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root


def forward_backward(target: Posterior, law: Gaussian, rate: float) -> Gaussian:
    """Return the law after a forward step for the potential and a backward one for the entropy.

    `diao2023forwardbackward`, algorithm 1: `M = I - rate E hess V` moves the law, and the proximal
    step of the entropy has the closed form `(C + 2 rate I + (C (C + 4 rate I))^(1/2)) / 2` for the
    moved covariance C.
    """
    _, slope, bend = target.moments(law.mean, law.cov)
    unit = np.eye(len(law.mean))
    move = unit - rate * bend
    moved = move @ law.cov @ move
    root = symmetric_root(moved @ moved + 4 * rate * moved)
    return Gaussian(law.mean - rate * slope, 0.5 * (moved + 2 * rate * unit + root))


def plain_gradient(target: Posterior, law: Gaussian, rate: float) -> Gaussian:
    """Return the law after a gradient step for potential and entropy together.

    The Bures-Wasserstein gradient descent that the paper improves on: the entropy's gradient, the
    inverse covariance, enters the same forward step.
    """
    _, slope, bend = target.moments(law.mean, law.cov)
    move = np.eye(len(law.mean)) - rate * (bend - np.linalg.inv(law.cov))
    return Gaussian(law.mean - rate * slope, move @ law.cov @ move)


def divergence(target: Posterior, law: Gaussian) -> float:
    """Return the Kullback-Leibler divergence to the target, up to the target's constant."""
    sign, logdet = np.linalg.slogdet(law.cov)
    if sign <= 0 or not np.isfinite(logdet):
        return np.inf
    return target.moments(law.mean, law.cov)[0] - 0.5 * float(logdet)


def squared_bures(first: Gaussian, second: Gaussian) -> float:
    """Return the squared Wasserstein-2 distance of two normal laws."""
    root = symmetric_root(first.cov)
    shared = np.trace(symmetric_root(root @ second.cov @ root))
    spread = np.trace(first.cov) + np.trace(second.cov) - 2 * shared
    return float(np.sum((first.mean - second.mean) ** 2) + max(spread, 0.0))


def run_steps(
    target: Posterior, start: Gaussian, step: Step, *, rate: float, steps: int
) -> list[Gaussian]:
    """Return the laws from `start` on, one after each step."""
    laws = [start]
    for _ in range(steps):
        laws.append(step(target, laws[-1], rate))
    return laws
