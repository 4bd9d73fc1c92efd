"""Integrators, streams and the measures of straightness, against closed forms."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import flows
from threadbook.labs.targets import (
    cosine_path,
    denoising_path,
    exact_velocity,
    linear_path,
    make_mixture,
    make_normal,
)

KEY = jax.random.key(0)
NOISE = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
SHIFT, SCALE = np.array([2.0, -1.0], np.float32), np.float32(0.5)
TARGET = make_mixture(SHIFT[None], [SCALE], [1.0])


def optimal_flow(x, t):
    """Velocity of the optimal map x -> m + s x, whose lines are straight: (T(x0) - x0)."""
    time = t[:, None]
    start = (x - time * SHIFT) / (1 + time * (SCALE - 1))
    return SHIFT + (SCALE - 1) * start


def test_euler_is_exact_in_one_step_on_a_straight_flow():
    """The reason for the whole thread."""
    ends = jax.jit(lambda x: flows.euler(optimal_flow, x, 1))(NOISE)[-1]
    np.testing.assert_allclose(ends, SHIFT + SCALE * NOISE, atol=1e-5)


def test_a_straight_flow_has_straightness_zero():
    assert (
        float(flows.straightness(jax.jit(lambda x: flows.euler(optimal_flow, x, 16))(NOISE))) < 1e-8
    )


def test_straightness_of_a_half_turn_is_known():
    """On a half circle of radius 1 the speed is pi and the chord 2, so S = pi^2 - 4."""
    angle = np.linspace(0, np.pi, 2001, dtype=np.float32)
    line = np.stack([np.cos(angle), np.sin(angle)], axis=1)[:, None]
    assert float(flows.straightness(line)) == pytest.approx(np.pi**2 - 4, rel=1e-3)


def test_midpoint_ends_where_the_closed_form_ends():
    """Between normal laws with random pairs, x goes to m + s x as well, but not along a line."""
    field = jax.vmap(exact_velocity(make_normal(2), TARGET, linear_path))
    ends = jax.jit(lambda x: flows.midpoint(field, x, 64))(NOISE)
    np.testing.assert_allclose(ends, SHIFT + SCALE * NOISE, atol=2e-3)


def test_first_order_on_the_straight_path_is_euler():
    field = jax.vmap(exact_velocity(make_normal(2), TARGET, linear_path))

    def ends(x, t):
        return flows.ends_from_velocity(linear_path, t, x, field(x, jnp.full(len(x), t)))

    got = jax.jit(lambda x: flows.first_order(linear_path, ends, x, 4))(NOISE)
    expected = jax.jit(lambda x: flows.euler(field, x, 4))(NOISE)
    np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.parametrize("path", [linear_path, cosine_path, denoising_path])
def test_one_first_order_step_is_exact_on_any_path_with_matched_pairs(path):
    """The claim of `wang2024rectified`: curvature does not matter where the ends are right."""
    data = SHIFT + SCALE * NOISE

    def ends(x, t):
        return NOISE, data

    landed = jax.jit(lambda x: flows.first_order(path, ends, x, 1)[-1])(NOISE)
    np.testing.assert_allclose(landed, data, atol=1e-3)


@pytest.mark.parametrize("path", [linear_path, cosine_path])
def test_ends_follow_from_point_and_velocity(path):
    data = SHIFT + SCALE * NOISE

    @jax.jit
    def there_and_back(t):
        stream = flows.velocity_stream(path, jnp.full((1, 200), t), NOISE[None], data[None])
        return flows.ends_from_velocity(path, t, stream.x[0], stream.target[0])

    got = there_and_back(np.float32(0.3))
    np.testing.assert_allclose(got[0], NOISE, atol=1e-4)
    np.testing.assert_allclose(got[1], data, atol=1e-4)


def test_a_noise_stream_weighs_an_error_by_what_it_does_to_the_data():
    data, t = SHIFT + SCALE * NOISE, jnp.full((1, 200), 0.5)
    stream = flows.noise_stream(denoising_path, t, NOISE[None], data[None])
    wrong = stream.target[0] + 0.01
    implied = flows.ends_from_noise(denoising_path, t[0, 0], stream.x[0], wrong)[1]
    np.testing.assert_allclose(
        data - implied, 0.01 * stream.weight[0][:, None] + 0 * data, rtol=0.01
    )


def test_u_shaped_times_have_the_stated_density():
    """Compared by its distribution function, 1/2 + sinh(a (t - 1/2)) / (2 sinh(a / 2))."""
    times = jnp.sort(flows.u_shaped_times(KEY, (4000,)))
    stated = 0.5 + jnp.sinh(4 * (times - 0.5)) / (2 * jnp.sinh(2.0))
    found = (jnp.arange(4000) + 0.5) / 4000
    # The Kolmogorov distance stays below 1.95 / sqrt(n) with probability 0.999.
    assert float(jnp.max(jnp.abs(stated - found))) < 1.95 / np.sqrt(4000)


def test_start_times_are_all_zero():
    assert not jnp.any(flows.start_times(KEY, (3, 4)))


def test_no_lines_cross_under_the_optimal_map_and_half_do_at_random():
    data = SHIFT + SCALE * NOISE
    assert float(flows.crossing(NOISE, data)) == 0
    shuffled, other = np.random.default_rng(1).normal(size=(2, 20_000, 2))
    assert float(flows.crossing(shuffled, other)) == pytest.approx(0.5, abs=0.02)


def test_transport_cost_of_a_shift_is_its_length_to_the_power():
    for power in (1.0, 2.0, 4.0):
        cost = flows.transport_cost(NOISE, NOISE + jnp.array([3.0, 4.0]), power)
        assert float(cost) == pytest.approx(5**power, rel=1e-4)
