"""The family of blurs against its two ends, and the sampler against a network that is exact."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from threadbook.labs import poisson_flows
from threadbook.labs.networks import init_network


def draw_radii(extra: float, dim: int, count: int = 20_000) -> np.ndarray:
    random = np.random.default_rng(0)
    normal = random.standard_normal((count, dim))
    stretch = poisson_flows.draw_stretch(random, (count,), extra)
    return np.linalg.norm(stretch[:, None] * normal, axis=1)


@pytest.mark.parametrize("extra", [1.0, 4.0, 30.0])
def test_radii_follow_the_density_of_the_blur(extra):
    """The density is ~ R^(d-1) (R^2 + r^2)^(-(d+D)/2): R^2 / (R^2 + D) is Beta(d/2, D/2)."""
    squared = draw_radii(extra, 6) ** 2
    found = stats.kstest(squared / (squared + extra), stats.beta(3, extra / 2).cdf)
    assert found.statistic < 0.012  # 1.7 standard errors at 20,000 draws


def test_many_extra_variables_give_the_gaussian():
    gaps = [stats.kstest(draw_radii(D, 6), stats.chi(6).cdf).statistic for D in (1, 8, 64, 4096)]
    assert np.all(np.diff(gaps) < 0)
    assert gaps[0] > 0.15
    assert gaps[-1] < 0.012
    assert np.all(poisson_flows.draw_stretch(np.random.default_rng(0), (3,), np.inf) == 1)


def test_targets_invert_the_scalings():
    """A network that returned its targets would denoise without error."""
    random = np.random.default_rng(0)
    x1, blur = random.standard_normal((2, 2, 5, 3)).astype(np.float32)
    stream = poisson_flows.blur_stream(x1, np.exp(blur[..., 0]), blur)
    span = np.log(poisson_flows.MOST / poisson_flows.LEAST)
    sigma = poisson_flows.LEAST * np.exp(np.asarray(stream.t) * span)
    np.testing.assert_allclose(sigma, np.exp(blur[..., 0]), rtol=1e-4)
    skip, out, into = (np.asarray(part)[..., None] for part in poisson_flows.scalings(sigma))
    x, target = np.asarray(stream.x), np.asarray(stream.target)
    np.testing.assert_allclose(skip * x / into + out * target, x1, atol=2e-4)


def test_an_untrained_network_samples_a_standard_normal_law():
    """Its output is zero, and then `x / (1 + sigma^2)` is the exact denoiser of N(0, I)."""
    network = init_network(jax.random.key(0), 2, width=8)
    start = poisson_flows.MOST * jax.random.normal(jax.random.key(1), (4000, 2))
    sample = jax.jit(poisson_flows.sample, static_argnums=3)
    x = sample(network, start, jax.random.key(2), 18, jnp.float32(0))
    assert float(x.std()) == pytest.approx(1.0, abs=0.04)
