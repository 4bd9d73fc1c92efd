"""What a displacement says, against laws whose score and density are known."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import reconstruction as rec
from threadbook.labs.targets import log_density, make_mixture

PLANE = make_mixture([[-1.0, 0.0], [1.5, 0.5]], [0.6, 0.4], [0.5, 0.5])
POINTS = jnp.asarray(np.random.default_rng(0).normal(size=(200, 2)), jnp.float32)


def test_a_score_summed_along_a_line_is_a_difference_of_log_densities():
    """Fundamental theorem of calculus; five nodes err by little on lines this short."""
    log = jax.jit(jax.vmap(partial(log_density, PLANE)))
    ends = np.asarray(POINTS) + np.float32(0.3)
    gain = jax.jit(rec.line_gain(jax.vmap(jax.grad(partial(log_density, PLANE)))))(POINTS, ends)
    np.testing.assert_allclose(gain, np.asarray(log(ends)) - np.asarray(log(POINTS)), atol=0.01)


def test_metropolis_keeps_a_normal_law():
    """Started at the law it is to draw from, it stays there; 0.05 is four standard errors."""
    draws = rec.draw_moves(0, 30, 4000, 1)
    x = jnp.asarray(np.random.default_rng(1).normal(size=(4000, 1)), jnp.float32)
    exact = rec.line_gain(lambda y: -y)
    after = jax.jit(lambda x: rec.metropolis(exact, x, draws, stride=1.5))(x)
    assert abs(float(after.mean())) < 0.065
    assert abs(float(after.std()) - 1) < 0.05


@pytest.fixture(scope="module")
def network():
    """An auto-encoder of normal data, with noise of size 0.5."""
    data = np.random.default_rng(2).normal(size=(4000, 2)).astype(np.float32)
    return rec.train_autoencoder(0, data, 0.5, updates=500, width=32)


def test_an_auto_encoder_on_normal_data_learns_the_score_of_the_blurred_law(network):
    """For N(0, I) the score of the blurred data is -x / (1 + noise^2)."""
    estimate = np.asarray(jax.jit(rec.estimated_score(network, 0.5))(POINTS))
    exact = -np.asarray(POINTS) / 1.25
    assert np.mean((estimate - exact) ** 2) / np.mean(exact**2) < 0.02


def test_an_error_read_as_energy_prefers_small_displacements(network):
    gain = jax.jit(rec.error_gain(network, 0.5, 0.1))
    far, near = np.full((1, 2), 2.0, np.float32), np.zeros((1, 2), np.float32)
    assert float(gain(far, near)[0]) > 0
    np.testing.assert_allclose(gain(far, near), -np.asarray(gain(near, far)))
