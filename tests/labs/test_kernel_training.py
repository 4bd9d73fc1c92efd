"""Kernel descent and stopping, against a sampled kernel, a linear solve and a wide network."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from threadbook.labs import kernel_training as kernels

RNG = np.random.default_rng(0)
X = kernels.lift(RNG.normal(size=(30, 2)), RNG.random(30))
Y = kernels.lift(RNG.normal(size=(7, 2)), RNG.random(7))
TASK = kernels.Task(X, RNG.normal(size=(30, 2)), Y)


def test_the_tangent_kernel_is_the_mean_product_of_gradients():
    """Of 200,000 random units: the closed form is their limit."""
    w = RNG.normal(size=(X.shape[1], 200_000))
    sampled = (X @ Y.T) * (((X @ w) > 0).astype(float) @ ((Y @ w) > 0).T / w.shape[1])
    np.testing.assert_allclose(kernels.tangent_kernel(X, Y), sampled, atol=0.01)


def test_kernel_descent_follows_plain_steps():
    """The closed form in eigenvectors against the loop it stands for."""
    gram, reach = kernels.tangent_kernel(X, X) / 30, kernels.tangent_kernel(Y, X) / 30
    dual = np.zeros((30, 2))
    for _ in range(25):
        dual += 2.0 * (TASK.labels - gram @ dual)
    np.testing.assert_allclose(kernels.kernel_descent(TASK, 2.0, 25)[-1], reach @ dual, atol=1e-6)


def test_a_wide_network_starts_at_zero_and_follows_the_kernel():
    units = kernels.init_units(0, X.shape[1], 2, 8192)
    data = (jnp.asarray(X), jnp.asarray(TASK.labels, jnp.float32), jnp.asarray(Y))
    made = np.asarray(kernels.network_descent(units, data, 2.0, steps=20))
    path = kernels.kernel_descent(TASK, 2.0, 20)
    assert np.abs(np.maximum(X @ units[0], 0) @ units[1]).max() < 1e-4
    assert np.linalg.norm(made - path) < 0.1 * np.linalg.norm(path)


def test_more_noise_stops_earlier_and_none_never_stops():
    stops = [kernels.stopping_step(X, noise, 1.0, 5000) for noise in (1e-6, 0.02, 0.2)]
    assert stops[0] == 5000
    assert stops[0] > stops[1] > stops[2]
