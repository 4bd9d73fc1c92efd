"""Stirred flows, against the equation of a gauge and laws in closed form."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import denoisers, targets
from threadbook.labs import gauge_fields as gauge

LAW = targets.make_mixture([[1.0, 0.0, 0.0], [-0.5, 1.0, 0.5]], [0.7, 0.5], [0.6, 0.4])
BALL = targets.make_mixture([[0.5, -1.0]], [0.5], [1.0])
TIMES = jnp.linspace(0.0, 1.0 - 1e-3, 61)
TURN = gauge.antisymmetric(0, 2, 1.0)


def test_an_antisymmetric_matrix_has_the_size_asked_for():
    turn = gauge.antisymmetric(3, 4, 2.5)
    np.testing.assert_allclose(turn, -turn.T, atol=1e-6)
    assert np.linalg.norm(turn, 2) == pytest.approx(2.5, rel=1e-5)


def test_a_turned_score_moves_no_mass():
    """div(p P s) = 0, equation (4) of the page, at points of a mixture."""
    turn = jnp.asarray(gauge.antisymmetric(0, 3, 1.0))

    def flux(x):
        score = jax.grad(partial(targets.log_density, LAW))(x)
        return jnp.exp(targets.log_density(LAW, x)) * turn @ score

    points = jnp.asarray(np.random.default_rng(0).normal(size=(20, 3)), jnp.float32)
    spread = jax.jit(jax.vmap(lambda x: jnp.trace(jax.jacfwd(flux)(x))))(points)
    np.testing.assert_allclose(spread, 0, atol=1e-6)


@jax.jit
def stirred_density(stir, x):
    path = targets.latent_path
    field = gauge.stirred_velocity(denoisers.exact_ends(BALL, path), path, stir)
    return gauge.log_densities(field, x, TIMES)


@pytest.mark.parametrize("size", [0.0, 1.0])
def test_log_densities_are_those_of_the_law_with_or_without_a_gauge(size):
    t = float(TIMES[-1])
    a, b = targets.latent_path(jnp.float32(t))
    law = targets.Mixture(a * BALL.means, jnp.sqrt((a * BALL.scales) ** 2 + b**2), BALL.weights)
    points = targets.draw_evenly(law, 0, 16)
    # The path keeps a trace of signal at time 0, where the density is taken to be normal.
    found = stirred_density(gauge.antisymmetric(1, 2, size), points)
    exact = jax.jit(jax.vmap(partial(targets.log_density, law)))(points)
    np.testing.assert_allclose(found, exact, atol=0.15)


def test_a_linear_flow_stretches_by_its_exponentials():
    """dx/dt = x A' with A = diag(0, -1) stretches by 1 and exp(-1) in unit time."""
    x = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)
    rates, times = np.array([0.0, -1.0], np.float32), jnp.linspace(0.0, 1.0, 61)
    values = jax.jit(lambda y: gauge.stretches(lambda z, _: z * rates, y, times))(x)
    np.testing.assert_allclose(values, np.tile([1.0, np.exp(-1.0)], (5, 1)), rtol=1e-3)


def test_the_widest_gap_of_logarithms_counts_dimensions():
    values = np.array([[1.0, 0.8, 0.01], [1.0, 0.02, 0.01]])
    np.testing.assert_array_equal(gauge.count_dimensions(values), [2, 1])


def test_a_rotation_is_all_asymmetry_and_a_gradient_has_none():
    x, t = jnp.ones((3, 2)), jnp.float32(0.5)

    @jax.jit
    def share(matrix):
        return gauge.asymmetry(lambda y, _: y @ matrix.T, x, t)

    assert float(share(TURN)) == pytest.approx(1.0)
    assert float(share(2 * np.eye(2, dtype=np.float32))) == pytest.approx(0.0)
