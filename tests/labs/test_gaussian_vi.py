"""Steps of variational inference, where the best Gaussian is known."""

from __future__ import annotations

import numpy as np
import pytest

from threadbook.labs import gaussian_vi as vi

RNG = np.random.default_rng(0)
TARGET = vi.Posterior(RNG.normal(size=(30, 3)), np.sign(RNG.normal(size=30)), 0.5)
START = vi.Gaussian(np.array([0.2, -0.1, 0.3]), 0.1 * np.eye(3))


def test_moments_agree_with_sampling():
    draws = RNG.multivariate_normal(START.mean, START.cov, size=200_000)
    margins = TARGET.labels * (draws @ TARGET.inputs.T)
    value = np.logaddexp(0, -margins).sum(axis=1) + 0.25 * np.sum(draws**2, axis=1)
    assert TARGET.moments(START.mean, START.cov)[0] == pytest.approx(value.mean(), rel=1e-3)


def test_slope_and_bend_are_derivatives_in_the_mean():
    """E grad V is the slope of E V in the mean, and E hess V the slope of that."""
    small = 1e-5 * np.eye(3)
    up, down = ([TARGET.moments(START.mean + s * h, START.cov) for h in small] for s in (1, -1))
    _, slope, bend = TARGET.moments(START.mean, START.cov)
    value = [(u[0] - d[0]) / 2e-5 for u, d in zip(up, down, strict=True)]
    np.testing.assert_allclose(value, slope, rtol=1e-5)
    turned = [(u[1] - d[1]) / 2e-5 for u, d in zip(up, down, strict=True)]
    np.testing.assert_allclose(turned, bend, rtol=1e-5)


@pytest.mark.parametrize("step", [vi.forward_backward, vi.plain_gradient])
def test_a_gaussian_target_is_found(step):
    """Without data the posterior is the prior, whose covariance is 2."""
    prior = vi.Posterior(np.zeros((1, 3)), np.ones(1), 0.5)
    law = vi.run_steps(prior, START, step, rate=1.0, steps=80)[-1]
    np.testing.assert_allclose(law.cov, 2 * np.eye(3), atol=1e-6)
    np.testing.assert_allclose(law.mean, 0, atol=1e-6)


def test_both_steps_are_the_same_flow_for_small_rates():
    """They differ in the second order of the rate."""
    one, other = (s(TARGET, START, 1e-5) for s in (vi.forward_backward, vi.plain_gradient))
    change = np.abs(one.cov - START.cov).max()
    assert np.abs(one.cov - other.cov).max() < 1e-2 * change


def test_forward_backward_never_climbs_from_a_point_mass():
    start = vi.Gaussian(np.zeros(3), 1e-8 * np.eye(3))
    laws = vi.run_steps(TARGET, start, vi.forward_backward, rate=1 / TARGET.smoothness, steps=30)
    heights = np.array([vi.divergence(TARGET, law) for law in laws])
    assert np.all(np.diff(heights) < 1e-12)  # at the end only rounding is left


def test_distance_of_diagonal_laws_is_known():
    one = vi.Gaussian(np.zeros(2), np.diag([1.0, 4.0]))
    other = vi.Gaussian(np.array([3.0, 0.0]), np.diag([9.0, 1.0]))
    assert vi.squared_bures(one, other) == pytest.approx(9 + 4 + 1)


def test_a_law_without_volume_is_infinitely_far():
    assert vi.divergence(TARGET, vi.Gaussian(np.zeros(3), np.diag([1.0, 1.0, 0.0]))) == np.inf
