"""The flow of a two-layer denoiser, against linear denoisers and a sampled posterior."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import shallow_denoiser as shallow
from threadbook.labs.targets import linear_path

RNG = np.random.default_rng(0)


def test_the_exact_linear_denoiser_carries_noise_to_normal_data():
    """For N(0, s^2 I) the best skip is t s^2 / (t^2 s^2 + (1 - t)^2), and the flow scales by s."""
    scale, times = 0.5, jnp.arange(200) / 200
    skip = times * scale**2 / (times**2 * scale**2 + (1 - times) ** 2)
    noise = jnp.asarray(RNG.normal(size=(50, 6)), jnp.float32)
    follow = jax.jit(partial(shallow.follow_flow, path=linear_path))
    ends = follow((skip, jnp.zeros((200, 6))), noise, times)
    np.testing.assert_allclose(ends, scale * noise, rtol=0.02, atol=1e-3)


def test_masked_samples_do_not_enter_a_fit():
    """The pool is cut by a mask; what lies behind it must not matter."""
    mean = np.ones(16, np.float32)
    noise, data = shallow.draw_two_modes(RNG, mean, 8, 1.0)
    start, times = 0.1 * jnp.ones(16), jnp.array([0.2, 0.7])
    other = data.copy()
    other[4:] += 5.0
    fits = [
        shallow.fit_each_time(start, (noise, d), 4.0, times, path=linear_path, updates=20)
        for d in (data, other)
    ]
    np.testing.assert_array_equal(fits[0][1], fits[1][1])


def test_the_bayes_gap_is_that_of_the_posterior_mean():
    """Mean of 2,000 draws in 50 dimensions: the standard error is below one per cent."""
    count, scale, size = 5, 1.5, 0.5
    mean = size * RNG.normal(size=(2000, 50))
    average = mean + scale / np.sqrt(count) * RNG.normal(size=mean.shape)
    guess = average * count / (count + (scale / size) ** 2)
    least = shallow.bayes_gap(count, scale, size)
    assert np.mean((guess - mean) ** 2) == pytest.approx(least, rel=0.02)


def test_points_of_the_far_mode_are_mirrored():
    mean = np.array([1.0, 2.0], np.float32)
    found = jax.jit(shallow.mode_mean)(np.stack([mean, -mean]), mean)
    np.testing.assert_allclose(found, mean)
    assert float(jax.jit(shallow.squared_gap)(mean + 1, mean)) == pytest.approx(1.0)


def test_the_slope_of_a_power_is_its_exponent():
    sizes = np.array([1.0, 3.0, 10.0])
    np.testing.assert_allclose(shallow.log_slope(sizes, np.stack([sizes**-2, sizes])), [-2, 1])


def test_the_risk_without_weights_is_the_size_of_the_data_plus_the_decay():
    risk, data, used = jax.jit(shallow.risk), np.ones((3, 4), np.float32), np.ones(3, np.float32)
    empty, full = (np.full(4, size, np.float32) for size in (0, 2))
    assert float(risk((np.float32(0), empty), data, data, used)) == pytest.approx(1.0)
    # On points at the origin the network is silent, so that the decay alone is added.
    found = risk((np.float32(0), full), 0 * data, data, used)
    assert float(found) == pytest.approx(1.0 + shallow.DECAY / 2 * 16 / 12)
