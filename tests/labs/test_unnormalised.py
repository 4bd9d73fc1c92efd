"""Two ways to fit a model without its constant, at the answer and away from it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import unnormalised as fits

DATA, NOISE = np.random.default_rng(0).normal(size=(2, 200_000)).astype(np.float32)
contrast_slope = jax.jit(jax.grad(fits.contrast_loss))


def test_likelihood_slope_is_that_of_the_known_constant():
    """With much noise the slope tends to theta - gap, and the track to theta^2 / 2 + half log."""
    slope, tracked = jax.jit(fits.likelihood_slope)(
        jnp.float32(0.5), jnp.float32(0.0), (1.0 + DATA, NOISE), jnp.float32(1.0)
    )
    assert float(slope) == pytest.approx(-0.5, abs=0.02)
    assert float(tracked) == pytest.approx(0.125 + fits.HALF_LOG, abs=0.02)


def test_contrast_has_no_slope_at_the_answer():
    answer = jnp.array([1.0, 0.5 + fits.HALF_LOG])
    slope = contrast_slope(answer, 1.0 + DATA, NOISE)
    np.testing.assert_allclose(slope, 0, atol=0.01)


@pytest.mark.parametrize("method", ["contrast", "likelihood"])
def test_a_near_mean_is_found(method):
    draws = np.stack([DATA, NOISE])[:, : 800 * 64].reshape(2, 800, 64).swapaxes(0, 1)
    fitted = fits.fit_mean(jnp.asarray(draws), 1.0, method=method, rate=0.02)
    assert float(fitted) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("gap", [1.0, 3.0])
def test_endless_contrast_has_the_slope_of_many_samples(gap):
    theta = np.array([0.4, 0.9])
    sampled = contrast_slope(jnp.asarray(theta, jnp.float32), gap + DATA, NOISE)
    np.testing.assert_allclose(fits.population_slope(theta, gap, "contrast"), sampled, atol=0.01)


def test_endless_likelihood_needs_one_step():
    assert fits.descend(3.0, "likelihood", rate=1.0, updates=1)[-1] == pytest.approx(0)
