"""The exact laws that labs measure networks against; an error here would judge every method."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import targets
from threadbook.labs.targets import Mixture, cosine_path, denoising_path, linear_path

RING = targets.make_uneven_ring()
PAIR = targets.make_mixture([[-1.0, 0.5], [2.0, 0.0]], [0.5, 0.8], [0.3, 0.7])
POINT = np.array([0.7, -0.4], np.float32)


def marginal(source: Mixture, target: Mixture, path: targets.Path, t: float) -> Mixture:
    """Return the law of `a X1 + b X0`, built from its components one by one."""
    a, b = path(jnp.asarray(t))
    pairs = [(i, j) for i in range(len(source.weights)) for j in range(len(target.weights))]
    means = jnp.stack([b * source.means[i] + a * target.means[j] for i, j in pairs])
    spread = [jnp.hypot(b * source.scales[i], a * target.scales[j]) for i, j in pairs]
    weights = [source.weights[i] * target.weights[j] for i, j in pairs]
    return Mixture(means, jnp.stack(spread), jnp.stack(weights))


def test_density_of_the_ring_integrates_to_one():
    grid = np.linspace(-6, 6, 241, dtype=np.float32)
    points = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    density = jax.jit(jax.vmap(targets.log_density, (None, 0)))(RING, points)
    assert float(np.exp(density).sum()) * float(grid[1] - grid[0]) ** 2 == pytest.approx(
        1, abs=1e-4
    )


@pytest.mark.parametrize("path", [linear_path, cosine_path, denoising_path])
def test_exact_velocity_carries_the_density_along(path):
    """The field must satisfy the continuity equation dp/dt + div(p v) = 0 at every point.

    Central differences in double precision hold to their own error, h squared.
    """
    with jax.enable_x64():
        law = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.float64), PAIR)
        ring = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.float64), RING)
        velocity = targets.exact_velocity(law, ring, path)

        @jax.jit
        def density(x, t):
            return jnp.exp(targets.log_density(marginal(law, ring, path, t), x))

        @jax.jit
        def flux(x, t):
            return density(x, t) * velocity(x, t)

        x, t, h = jnp.asarray(POINT, jnp.float64), jnp.asarray(0.6, jnp.float64), 1e-4
        change = (density(x, t + h) - density(x, t - h)) / (2 * h)
        sides = jnp.eye(2) * h
        outflow = sum((flux(x + s, t) - flux(x - s, t))[k] / (2 * h) for k, s in enumerate(sides))
        assert float(change + outflow) == pytest.approx(0, abs=1e-6)


def test_velocity_between_two_normal_laws_is_the_textbook_one():
    """For N(0, 1) to N(m, s^2) it is m + (t s^2 - (1 - t)) / var (x - t m), var of X_t."""
    shift, scale, t = np.array([2.0, -1.0]), 0.5, np.float32(0.3)
    target = targets.make_mixture(shift[None], [scale], [1.0])
    velocity = jax.jit(targets.exact_velocity(targets.make_normal(2), target, linear_path))
    got = velocity(POINT, t)
    variance = t**2 * scale**2 + (1 - t) ** 2
    expected = shift + (t * scale**2 - (1 - t)) / variance * (POINT - t * shift)
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_expected_ends_lie_on_the_path():
    """The two ends, weighted by a and b, give the point back, since both are averages over the same lines."""
    find_ends = jax.jit(lambda t, x: targets.expected_ends(PAIR, RING, linear_path, t, x))
    end0, end1 = find_ends(np.float32(0.4), POINT)
    np.testing.assert_allclose(0.4 * end1 + 0.6 * end0, POINT, atol=1e-5)


def test_even_samples_have_the_moments_of_the_law():
    """They replace random samples in every distance, so they must come from the same law."""
    points = targets.draw_evenly(RING, 3, 4096)
    mean = np.asarray(RING.weights) @ np.asarray(RING.means)
    np.testing.assert_allclose(points.mean(axis=0), mean, atol=0.01)
    second = 9 + 2 * 0.3**2
    assert np.mean(np.sum(points**2, axis=1)) == pytest.approx(second, rel=0.005)


def test_random_samples_visit_modes_by_weight():
    points = np.asarray(jax.jit(lambda k: targets.draw(RING, k, 20_000))(jax.random.key(0)))
    nearest = np.argmin(np.linalg.norm(points[:, None] - np.asarray(RING.means), axis=2), axis=1)
    shares = np.bincount(nearest, minlength=8) / len(points)
    # Five standard errors of a share at this count are 0.015 at most.
    np.testing.assert_allclose(shares, RING.weights, atol=0.015)


def test_denoising_paths_start_with_the_signal_that_they_are_said_to_leave():
    """One step divides by it, so it decides what predicting noise costs."""
    start = np.float32(0)
    assert float(targets.denoising_path(start)[0]) == pytest.approx(0.0066, abs=1e-4)
    # Stable Diffusion: rates from 0.00085 to 0.012, linear in their roots, over 1,000 steps.
    rates = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    published = np.sqrt(np.prod(1 - rates))
    assert float(targets.latent_path(start)[0]) == pytest.approx(published, abs=1e-3)


def test_a_standardised_law_has_mean_zero_and_variance_one():
    law = targets.standardise(RING)
    weights, means = np.asarray(law.weights), np.asarray(law.means)
    np.testing.assert_allclose(weights @ means, 0, atol=1e-6)
    variance = weights @ (means**2 + np.asarray(law.scales)[:, None] ** 2)
    assert np.mean(variance) == pytest.approx(1, rel=1e-5)
