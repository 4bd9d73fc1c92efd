"""Gradient descent on a wide two-layer network, and the kernel regression that it should follow.

Han, Razaviyayn & Xu (2024) read denoising score matching as a regression with noisy labels: the
input is a point and its time, the label the clean point, the regression function the conditional
mean. A network of ReLUs with fixed outputs is trained by gradient descent; its tangent kernel has
a closed form, and a stopping rule for kernels says when to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

Outputs = Float[Array, "steps tests dim"]


@dataclass(frozen=True)
class Task:
    """A regression: inputs and noisy labels to learn, inputs to be judged at."""

    inputs: Float[np.ndarray, "count features"]
    labels: Float[np.ndarray, "count dim"]
    tests: Float[np.ndarray, "tests features"]


def lift(x: Float[np.ndarray, "count dim"], t: Float[np.ndarray, " count"]) -> np.ndarray:
    """Return points with their time and a constant appended, over the square root of their number.

    The constant gives the units their biases; the scale keeps the kernel of order one.
    """
    features = np.column_stack([x, 2 * t - 1, np.ones(len(x))])
    lifted: np.ndarray = (features / np.sqrt(features.shape[1])).astype(np.float32)
    return lifted


def tangent_kernel(
    x: Float[np.ndarray, "count features"], y: Float[np.ndarray, "other features"]
) -> Float[np.ndarray, "count other"]:
    """Return the tangent kernel of ReLUs of endless width whose inner weights are trained.

    `x . y P(w . x > 0, w . y > 0)`, where the probability is 1/2 less the angle over 2 pi.
    """
    dots = np.asarray(x, float) @ np.asarray(y, float).T
    norms = np.outer(np.linalg.norm(x, axis=1), np.linalg.norm(y, axis=1))
    angles = np.arccos(np.clip(dots / norms, -1, 1))
    kernel: np.ndarray = dots * (0.5 - angles / (2 * np.pi))
    return kernel


def kernel_descent(task: Task, rate: float, steps: int) -> Float[np.ndarray, "steps tests dim"]:
    """Return the predictions at the tests after each step of kernel gradient descent from zero.

    In the eigenvectors of `K / n` with values e, k steps leave `(1 - rate e)^k` of the residual.
    """
    count = len(task.inputs)
    values, vectors = np.linalg.eigh(tangent_kernel(task.inputs, task.inputs) / count)
    values = np.maximum(values, 1e-12)
    labels = vectors.T @ task.labels
    reach = tangent_kernel(task.tests, task.inputs) @ vectors / count
    learned = 1 - (1 - rate * values) ** np.arange(1, steps + 1)[:, None]
    path: np.ndarray = np.einsum("te,se,ed->std", reach, learned / values, labels, optimize=True)
    return path


def stopping_step(
    inputs: Float[np.ndarray, "count features"], noise: float, rate: float, steps: int
) -> int:
    """Return the last step at which the kernel's local complexity is below the noise's share.

    The rule for kernels that the paper adapts (Raskutti, Wainwright & Yu 2014): stop before
    `sqrt(mean_i min(e_i, 1/s)) > 1 / (2 exp(1) noise s)` with s = rate times steps so far.
    """
    values = np.linalg.eigvalsh(tangent_kernel(inputs, inputs) / len(inputs)).clip(0)
    grown = rate * np.arange(1, steps + 1)
    complexity = np.sqrt(np.minimum(values, 1 / grown[:, None]).mean(axis=1))
    late = complexity > 1 / (2 * np.e * noise * grown)
    return int(np.argmax(late)) if late.any() else steps


def init_units(
    seed: int, features: int, dim: int, width: int
) -> tuple[Float[np.ndarray, "features width"], Float[np.ndarray, "width dim"]]:
    """Return first inner weights and fixed outer ones, over the root of the width.

    Units come in pairs with opposite outer weights, so that the network starts at zero, as the
    kernel does.
    """
    rng = np.random.default_rng(seed)
    half = rng.standard_normal((features, width // 2), np.float32)
    outer = rng.standard_normal((width // 2, dim), np.float32)
    return np.hstack([half, half]), np.vstack([outer, -outer]) / np.float32(np.sqrt(width))


@partial(jax.jit, static_argnames="steps")
def network_descent(
    units: tuple[Array, Array], data: tuple[Array, Array, Array], rate: float, *, steps: int
) -> Outputs:
    """Return a network's predictions at the tests after each step of full gradient descent.

    `f(x) = sum_r a_r relu(w_r . x) / sqrt(width)`, with w trained and a fixed. `data` holds
    inputs, labels and tests.
    """
    inputs, labels, tests = data
    start, outer = units

    def predict(inner: Array, x: Array) -> Array:
        return jax.nn.relu(x @ inner) @ outer

    def step(inner: Array, _: None) -> tuple[Array, Array]:
        def loss(w: Array) -> Array:
            return jnp.sum((predict(w, inputs) - labels) ** 2) / (2 * len(inputs))

        inner = inner - rate * jax.grad(loss)(inner)
        return inner, predict(inner, tests)

    return jax.lax.scan(step, start, None, length=steps)[1]
