"""Consistency training: boundary, schedule, and the theory that the lab tests."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from threadbook.labs import consistency
from threadbook.labs.networks import init_network
from threadbook.labs.one_step_students import trailing_memory

KEY = jax.random.key(0)
NETWORK = [
    (np.asarray(w) + 0.1, np.asarray(b) + np.float32(0.1)) for w, b in init_network(KEY, 2, width=8)
]


def test_at_the_lowest_noise_a_point_maps_to_itself():
    """Without this boundary a constant would satisfy every consistency loss."""
    x = np.random.default_rng(0).normal(size=(6, 2)).astype(np.float32)
    got = jax.jit(consistency.consistency)(NETWORK, x, np.full(6, consistency.LOWEST, np.float32))
    np.testing.assert_allclose(got, x, rtol=1e-6)


def test_levels_run_from_lowest_to_highest():
    levels = consistency.noise_levels(10)
    assert len(levels) == 11
    assert levels[[0, -1]] == pytest.approx([0.002, 80.0])
    assert np.all(np.diff(levels) > 0)


def test_intervals_double_in_equal_spans():
    intervals = consistency.doubling_intervals(100, 10, 160)
    assert [int(v) for v in np.unique(intervals)] == [10, 20, 40, 80, 160]
    assert list(np.bincount(intervals)[[10, 20, 40, 80, 160]]) == [20] * 5


def test_drawn_levels_are_neighbours_on_the_grid_of_their_update():
    drawn = consistency.draw_levels(np.random.default_rng(0), np.array([10, 20]), 50)
    for row, count in zip(drawn, (10, 20), strict=True):
        grid = consistency.noise_levels(count).astype(np.float32)
        lower = np.searchsorted(grid, row[:, 0])
        np.testing.assert_array_equal(grid[lower], row[:, 0])
        np.testing.assert_array_equal(grid[lower + 1], row[:, 1])


def test_the_loss_vanishes_for_a_map_that_is_consistent():
    """For data at one point, mapping everything to it is the solution."""
    zero = [(np.zeros_like(w), np.zeros_like(b)) for w, b in NETWORK]
    levels = np.tile(np.array([0.5, 0.501], np.float32), (4, 1))
    nothing = np.zeros((4, 2), np.float32)
    loss = jax.jit(consistency.consistency_loss)(zero, zero, (nothing, nothing, levels), 0.03)
    assert float(loss) == 0


def test_the_teacher_sends_no_gradient():
    ones = np.ones((4, 2), np.float32)
    example = (ones, ones, np.tile(np.array([0.5, 0.6], np.float32), (4, 1)))
    to_teacher = jax.jit(jax.grad(consistency.consistency_loss, argnums=1))
    slope = to_teacher(NETWORK, NETWORK, example, 0.03)
    assert not any(np.any(leaf) for leaf in jax.tree.leaves(slope))


def test_the_trailing_memory_nears_one_as_intervals_get_finer():
    memory = trailing_memory(np.array([10, 20, 160]))
    np.testing.assert_allclose(memory, 0.9 ** (np.array([1, 0.5, 1 / 16])), rtol=1e-5)
