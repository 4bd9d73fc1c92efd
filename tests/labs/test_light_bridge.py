"""Conditional laws of a bridge, against quadrature and the Gaussian closed form."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from threadbook.labs import light_bridge as light

SCALE = 0.5
PARAMETERS = light.Parameters(
    jnp.array([[-1.0], [1.5]]), jnp.array([[-0.4], [0.2]]), jnp.array([0.3, -0.2])
)
GRID = np.linspace(-12, 12, 4001)
VALUES = np.asarray(light.log_potential(PARAMETERS, SCALE, jnp.asarray(GRID[:, None])), float)


def test_conditional_moments_agree_with_quadrature():
    """Given x the end has density v(y) exp(x y / lambda), up to its constant."""
    weight = softmax(VALUES + 0.7 * GRID / SCALE)
    mean, cov = light.conditional(light.make_potential(PARAMETERS, SCALE), np.array([[0.7]]))
    first = weight @ GRID
    assert mean[0, 0] == pytest.approx(first, rel=1e-4)
    assert cov[0, 0, 0] == pytest.approx(weight @ (GRID - first) ** 2, rel=1e-3)


def test_normaliser_is_the_integral_of_the_potential():
    """Two starts, so that the factor common to all starts drops out."""
    starts = np.array([-0.5, 0.8])
    logs = np.asarray(light.log_normaliser(PARAMETERS, SCALE, jnp.asarray(starts[:, None])))
    sums = [logsumexp(VALUES + start * GRID / SCALE) for start in starts]
    assert logs[1] - logs[0] == pytest.approx(sums[1] - sums[0], rel=1e-4)


def test_normaliser_agrees_with_the_weights_of_the_parts():
    x = np.array([[-0.5], [0.8]])
    parts = light.part_logits(light.make_potential(PARAMETERS, SCALE), x)
    logs = light.log_normaliser(PARAMETERS, SCALE, jnp.asarray(x))
    np.testing.assert_allclose(logsumexp(parts, axis=1), logs, rtol=1e-5)


@pytest.fixture(scope="module")
def gaussian():
    """Samples of a bridge with one part: both ends are then Gaussian."""
    true = light.random_potential(1, 2, parts=1, scale=1.0)
    rng = np.random.default_rng(0)
    x, other, new = (rng.normal(size=(count, 2)) for count in (4000, 4000, 32))
    return true, (x, light.draw_ends(true, rng, other)), new


def test_closed_form_finds_a_gaussian_bridge(gaussian):
    true, ends, new = gaussian
    found = light.gaussian_conditional(ends, 1.0, new)
    # One per cent is several standard errors of moments from 4,000 samples.
    assert light.unexplained(found, light.conditional(true, new), ends[1]) < 0.01


def test_sinkhorn_comes_near_a_gaussian_bridge(gaussian):
    """An independent method, so this holds the truth's own formula too."""
    true, ends, new = gaussian
    short = ends[0][:800], ends[1][:800]
    found = light.sinkhorn_conditional(short, 1.0, new)
    assert light.unexplained(found, light.conditional(true, new), ends[1]) < 0.05


def test_the_loss_is_least_at_the_truth():
    """In one dimension diagonal matrices are no limit; samples are many, changes are large."""
    true = light.random_potential(2, 1, parts=2, scale=1.0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4000, 1))
    y = light.draw_ends(true, rng, x)
    logs = np.log(true.matrices[:, :, 0])
    given = light.Parameters(jnp.asarray(true.centres), jnp.asarray(logs), jnp.asarray(true.logits))
    loss = jax.jit(lambda p: light.light_loss(p, 1.0, jnp.asarray(x), jnp.asarray(y)))
    least = float(loss(given))
    for shift in (-0.4, 0.4):
        assert float(loss(replace(given, centres=given.centres + shift))) > least
        assert float(loss(replace(given, logs=given.logs + shift))) > least
        assert float(loss(replace(given, logits=given.logits + jnp.array([2 * shift, 0])))) > least


def test_unexplained_variance_of_a_shift_is_known():
    """Only the means differ: the squared shift over half the variance."""
    cov = np.broadcast_to(np.eye(2), (5, 2, 2))
    ends = np.array([[1.0, 0.0], [-1.0, 0.0]])
    got = light.unexplained((np.full((5, 2), 0.5), cov), (np.zeros((5, 2)), cov), ends)
    assert got == pytest.approx(0.5 / 0.5)
