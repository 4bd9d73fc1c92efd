"""The shared loop, on a regression whose answer is known."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs.networks import apply_network, count_parameters, encode_time, init_network
from threadbook.labs.training import SQUARED, Stream, pseudo_huber, regress, run_all

KEY = jax.random.key(0)


def line_stream(updates: int) -> Stream:
    """Return a stream whose target is a linear function of the point."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(updates, 64, 2)).astype(np.float32)
    t = rng.uniform(size=(updates, 64)).astype(np.float32)
    target = x @ np.array([[0.0, 1.0], [-1.0, 0.5]], np.float32)
    return Stream(*(jnp.asarray(v) for v in (x, t, target, np.ones_like(t))))


def test_a_fresh_network_returns_zero():
    """Seeds then differ in what they learn, not in where they start."""
    network = init_network(KEY, 3, width=16)
    assert not jnp.any(apply_network(network, jnp.ones((5, 3)), jnp.ones(5)))


def test_parameters_are_counted():
    network = init_network(KEY, 2, width=16, hidden=2)
    assert count_parameters(network) == (10 * 16 + 16) + (16 * 16 + 16) + (16 * 2 + 2)


def test_time_features_tell_the_two_ends_apart():
    ends = encode_time(jnp.array([0.0, 1.0]))
    assert float(jnp.max(jnp.abs(ends[0] - ends[1]))) == pytest.approx(2)


def test_a_linear_map_is_learned():
    network, losses = regress(init_network(KEY, 2, width=32), line_stream(300), rate=1e-2)
    x = jnp.array([[1.0, -1.0], [0.2, 0.4]])
    expected = x @ jnp.array([[0.0, 1.0], [-1.0, 0.5]])
    np.testing.assert_allclose(apply_network(network, x, jnp.array([0.1, 0.9])), expected, atol=0.1)
    assert float(losses[-1]) < 0.02 * float(losses[0])


def test_an_example_without_weight_teaches_nothing():
    stream = line_stream(300)
    muted = Stream(stream.x, stream.t, stream.target, jnp.zeros_like(stream.weight))
    start = init_network(KEY, 2, width=32)
    network, _ = regress(start, muted, rate=1e-2)
    assert all(
        jnp.array_equal(a, b)
        for old, new in zip(start, network, strict=True)
        for a, b in zip(old, new, strict=True)
    )


def test_pseudo_huber_with_an_infinite_bend_is_the_squared_error():
    error = jnp.array([[3.0, 4.0], [1e-3, 0.0]])
    np.testing.assert_allclose(pseudo_huber(error, SQUARED), jnp.sum(error**2, axis=1), rtol=1e-6)


def test_pseudo_huber_grows_linearly_for_large_errors():
    """Slope 2 c far from zero, which is what makes it robust."""
    far = pseudo_huber(jnp.array([[1000.0], [1001.0]]), 0.5)
    assert float(far[1] - far[0]) == pytest.approx(1.0, rel=1e-3)


def test_runs_come_back_in_their_order():
    """Results are indexed by seed; threads must not shuffle them."""
    assert run_all(lambda run: jnp.asarray(run) ** 2, range(6)) == [0, 1, 4, 9, 16, 25]
