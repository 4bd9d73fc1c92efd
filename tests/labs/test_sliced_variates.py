"""Control variates must have the mean they claim, and leave a shift without error."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import sliced_variates as slices

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 40, 5)) * np.arange(1, 6)


def directions(count, dim=5):
    vectors = RNG.normal(size=(count, dim))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("kind", ["lower", "upper"])
def test_controls_have_the_mean_they_claim(kind):
    values, mean = slices.control(X, Y + 1, directions(40_000), kind)
    assert values.mean() == pytest.approx(mean, rel=0.02)


def test_the_squared_gap_of_the_means_is_a_lower_bound():
    units = directions(50)
    assert np.all(slices.slice_costs(X, Y, units) >= slices.control(X, Y, units, "lower")[0] - 1e-9)


def test_a_shift_is_estimated_without_error():
    """Each slice costs exactly its control, so nothing random is left."""
    shift = np.arange(5.0)
    units = directions(4)
    costs = slices.slice_costs(X, X + shift, units)
    got = slices.combine(costs, *slices.control(X, X + shift, units, "lower"))
    assert got == pytest.approx(shift @ shift / 5)


def test_numpy_and_jax_agree():
    units = directions(6).astype(np.float32)
    x, y = X.astype(np.float32), Y.astype(np.float32)
    one = jax.jit(slices.estimate, static_argnames="kind")(x, y, units, kind="upper")
    other = slices.combine(slices.slice_costs(x, y, units), *slices.control(x, y, units, "upper"))
    assert float(one) == pytest.approx(float(other), rel=1e-3)


def test_a_flow_comes_near_its_target():
    start = jnp.asarray(RNG.normal(size=(32, 2)) + 3, jnp.float32)
    goal = jnp.asarray(RNG.normal(size=(32, 2)), jnp.float32)
    drawn = jnp.asarray(directions(400, 2).reshape(40, 10, 2), jnp.float32)
    path = slices.follow_slices(start, goal, drawn, kind="plain")
    units = directions(20, 2)
    costs = [slices.slice_costs(np.asarray(p), np.asarray(goal), units).mean() for p in path]
    assert costs[-1] < 1e-3 * slices.slice_costs(np.asarray(start), np.asarray(goal), units).mean()
