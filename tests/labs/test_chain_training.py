"""Training on the chain: the discrepancy, the gradient field, and the loop without a penalty."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import chain_training as training
from threadbook.labs.networks import init_network
from threadbook.labs.targets import latent_path

RNG = np.random.default_rng(0)
DATA = RNG.normal(size=(512, 2)).astype(np.float32)
LEVELS = (0.1, 0.4, 0.7, 0.9)
PLAIN = training.Recipe(latent_path, 500, width=32)


def test_the_discrepancy_of_equal_laws_is_zero_on_average_and_grows_with_a_shift():
    pairs = jnp.asarray(RNG.normal(size=(64, 2, 40, 2)), jnp.float32)
    found = jax.jit(jax.vmap(lambda pair: training.discrepancy(*pair)))
    values = np.asarray(found(pairs))
    assert abs(values.mean()) < 4 * values.std() / 8
    moved = np.asarray(found(pairs + jnp.array([0.0, 1.0])[None, :, None, None]))
    assert moved.mean() > 10 * abs(values.mean())


def test_conservative_noise_is_the_slope_of_its_scalar():
    """The gradient of x . h(x, t), against central differences; 0.01 is their error in float32."""
    weights = init_network(jax.random.key(0), 2, width=16)
    last = RNG.normal(size=(16, 2)).astype(np.float32)
    network = [*weights[:-1], (last, np.zeros(2, np.float32))]
    x, t = DATA[:8], np.full(8, 0.5, np.float32)
    free = jax.jit(training.free_noise)

    def scalar(y):
        return np.sum(y * np.asarray(free(network, y, t)), axis=1)

    steps = 0.01 * np.eye(2, dtype=np.float32)
    slopes = np.stack([(scalar(x + step) - scalar(x - step)) / 0.02 for step in steps], axis=1)
    found = jax.jit(training.conservative_noise)(network, x, t)
    np.testing.assert_allclose(found, slopes, atol=0.01)


@pytest.fixture(scope="module")
def network():
    """A plain network trained on normal data."""
    return training.train_noise(0, DATA, PLAIN, 500)


def test_the_penalty_falls_with_training(network):
    """Zero on average for a true chain: training must bring it far below an untrained one's."""
    plan, keys = training.Penalty(LEVELS), jax.random.split(jax.random.key(1), 16)

    @jax.jit
    def penalty(weights):
        one = partial(training.chain_penalty, path=latent_path, plan=plan)
        return jax.vmap(lambda key: one(weights, key, DATA[:64]))(keys)

    fresh = init_network(jax.random.key(0), 2, width=32)
    before, after = (float(np.mean(penalty(weights))) for weights in (fresh, network))
    assert after < 0.3 * before


def test_noise_is_learned_on_normal_data(network):
    """For N(0, I) on a path of unit variance the noise expected at x is b x."""
    x, t = DATA[:256], jnp.float32(0.5)
    found = np.asarray(jax.jit(training.ends_of(network, latent_path))(x, t)[0])
    exact = float(latent_path(t)[1]) * x
    assert np.mean((found - exact) ** 2) / np.mean(exact**2) < 0.1
