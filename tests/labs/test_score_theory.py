"""The thread's lab in small: what must hold whatever the budget."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from threadbook.labs import score_theory as lab
from threadbook.labs import score_to_sample as sampling
from threadbook.labs import targets


def test_the_region_holds_points_of_high_density_only():
    region = lab.draw_region(0, 500)
    heights = np.asarray(lab.exact_log(region))
    assert len(region) == 500
    assert heights.max() - heights.min() < 6.1


def test_clean_means_average_to_the_mean_of_the_data():
    """The law of total expectation, on 4,000 points at random times."""
    clean = lab.draw_plainly(lab.RING, 0, 4000)
    x, t = lab.noisy_task(np.random.default_rng(1), clean)
    found = np.asarray(lab.clean_mean(jnp.asarray(x), jnp.asarray(t)))
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=0.05)
    assert np.mean((found - clean) ** 2) < np.mean(clean**2)


def test_plain_draws_have_the_moments_of_the_law():
    points = lab.draw_plainly(lab.RING, 3, 20_000)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=0.03)
    assert abs(np.mean(points**2) - 1) < 0.03


def test_noise_for_the_rule_falls_as_the_truth_grows():
    """Twice the truth has twice the norm, and labels of the same noise count for half."""
    inputs = lab.kernels.lift(np.random.default_rng(0).normal(size=(40, 2)), np.linspace(0, 1, 40))
    mean = inputs[:, :2].astype(float)
    noise = np.random.default_rng(1).normal(size=mean.shape)
    one, two = (lab.rule_noise(inputs, k * mean + noise, k * mean) for k in (1, 2))
    np.testing.assert_allclose(one, 2 * two)


def test_points_of_the_circle_and_the_sphere_lie_on_them():
    rng = np.random.default_rng(0)
    np.testing.assert_allclose(np.linalg.norm(lab.draw_circle(rng, 50), axis=1), 1, rtol=1e-5)
    points = sampling.draw_sphere(rng, 50)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), np.sqrt(5), rtol=1e-5)
    assert not points[:, 3:].any()


def test_the_ring_without_a_gauge_is_reached():
    """The exact flow against the closed form of the law at its end."""
    x = jnp.asarray(targets.draw_evenly(targets.make_normal(3), 0, 256))
    ends = sampling.follow_stirred(np.zeros((3, 3), np.float32), x, sampling.padded_times(32))
    data = jnp.asarray(targets.draw_evenly(sampling.ring_law(sampling.END), 1, 256))
    assert float(sampling.distance(ends, data)) < 0.1
