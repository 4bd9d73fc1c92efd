"""A law on points is the limit of a Gaussian mixture, and its denoiser that of the mixture's."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import denoisers, point_laws, targets

POINTS = np.array([[1.0, 0.0], [-1.0, 0.5], [0.2, -1.5]], np.float32)
WEIGHTS = np.array([0.5, 0.2, 0.3])


def test_the_denoiser_is_that_of_a_mixture_of_very_narrow_gaussians():
    law = point_laws.make_law(POINTS, WEIGHTS)
    mixture = targets.make_mixture(POINTS, np.full(3, 1e-4), WEIGHTS)
    x = jax.random.normal(jax.random.key(0), (20, 2))
    mine = jax.jit(point_laws.point_ends(law, targets.linear_path))
    theirs = jax.jit(denoisers.exact_ends(mixture, targets.linear_path))
    for t in (0.1, 0.5, 0.9):
        pair = mine(x, jnp.float32(t)), theirs(x, jnp.float32(t))
        for one, other in zip(*pair, strict=True):
            np.testing.assert_allclose(one, other, atol=2e-3)


def test_conditioning_follows_bayes_rule():
    law = point_laws.make_law(POINTS, WEIGHTS)
    y = jnp.array([[0.3, 0.1]])
    given = jax.nn.softmax(point_laws.condition(law, y, 0.7).logits)[0]
    likelihood = np.exp(-0.5 * np.sum((np.asarray(y) - POINTS) ** 2, axis=1) / 0.7**2)
    np.testing.assert_allclose(given, WEIGHTS * likelihood / (WEIGHTS @ likelihood), rtol=1e-4)


def test_energy_distance_is_zero_for_the_law_and_known_for_a_shift():
    """Two points at distance s: E|X-Y| = s and both inner terms vanish, so the result is 2 s."""
    law = point_laws.make_law(POINTS, WEIGHTS)
    own = point_laws.draw_points(law, jax.random.key(1), 2000)
    energy = jax.jit(point_laws.energy_to_law)
    assert abs(float(energy(own, law))) < 0.01
    lone = point_laws.make_law(np.zeros((1, 2)))
    away = jnp.tile(jnp.array([[3.0, 4.0]]), (10, 1))
    # Single precision loses digits where a distance of zero is the difference of large squares.
    assert float(energy(away, lone)) == pytest.approx(10.0, abs=0.01)
