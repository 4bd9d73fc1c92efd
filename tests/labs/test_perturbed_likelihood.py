"""The likelihood of a generator, against a mixture in closed form."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import perturbed_likelihood as likelihood
from threadbook.labs.targets import log_density, make_mixture

RNG = np.random.default_rng(0)
GENERATOR = likelihood.init_generator(RNG, 1, 2, 8)
X = jnp.asarray(RNG.normal(size=(9, 2)), jnp.float32)
log_likelihood = jax.jit(likelihood.log_likelihood)


def test_the_likelihood_is_that_of_a_mixture_about_the_generated_points():
    z = likelihood.spread_latents(jnp.zeros(1), 6)
    centres = jax.jit(likelihood.generate)(GENERATOR[0], z)
    law = make_mixture(np.asarray(centres), np.full(6, 0.5), np.full(6, 1 / 6))
    exact = np.mean(jax.jit(jax.vmap(partial(log_density, law)))(X))
    found = log_likelihood(GENERATOR, X, z, 1e-3)
    assert float(found) == pytest.approx(float(exact), rel=1e-4)


def test_a_floor_replaces_a_smaller_scale():
    z = likelihood.spread_latents(jnp.zeros(1), 6)
    wide = GENERATOR[0], jnp.log(2.0)
    found = log_likelihood(GENERATOR, X, z, 2.0)
    assert float(found) == pytest.approx(float(log_likelihood(wide, X, z, 1e-3)))


@pytest.mark.parametrize("latent", [1, 2])
def test_latents_fill_the_cube(latent):
    z = np.asarray(likelihood.spread_latents(jnp.full(latent, 0.3), 500))
    for axis in z.T:
        np.testing.assert_allclose(np.histogram(axis, 10, (0, 1))[0], 50, atol=4)


def test_perturbed_points_have_noise_of_the_size_asked_for():
    moved = likelihood.perturb(np.random.default_rng(0), np.zeros((4000, 2), np.float32), 0.3)
    assert float(jnp.std(moved)) == pytest.approx(0.3, rel=0.05)


def test_a_fit_raises_the_likelihood():
    points = jnp.asarray(RNG.normal(size=(64, 2)) + 3, jnp.float32)
    shifts = jnp.asarray(RNG.random((100, 1)), jnp.float32)
    fitted = likelihood.fit_generator(GENERATOR, points, shifts, (1e-3, 100))
    z = likelihood.spread_latents(jnp.zeros(1), 64)
    before, after = (log_likelihood(g, points, z, 1e-3) for g in (GENERATOR, fitted))
    assert float(after) > float(before) + 1
