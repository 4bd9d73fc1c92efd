"""Distances decide every verdict of a sampling lab."""

from __future__ import annotations

import itertools

import jax
import numpy as np
import pytest

from threadbook.labs import distances

KEY = jax.random.key(0)
sliced = jax.jit(distances.sliced_distance)
energy = jax.jit(distances.energy_distance)
RNG = np.random.default_rng(0)


def test_sliced_distance_of_a_shift_is_known():
    """A shift by d moves slice u by u . d; over the plane the mean square is |d|^2 / 2."""
    x = RNG.normal(size=(500, 2)).astype(np.float32)
    moved = x + np.array([3.0, 4.0], np.float32)
    got = sliced(x, moved, distances.even_directions(32))
    assert float(got) == pytest.approx(5 / np.sqrt(2), rel=1e-5)


def test_sliced_distance_ignores_the_order_of_points():
    x = RNG.normal(size=(64, 2)).astype(np.float32)
    got = sliced(x, x[::-1], distances.even_directions(8))
    assert float(got) == 0


def test_energy_distance_of_one_law_with_itself_is_zero_on_average():
    """It is unbiased: over many pairs of sets the mean vanishes within its standard error."""
    x, y = RNG.normal(size=(2, 60, 100, 2)).astype(np.float32)
    values = np.asarray(jax.jit(jax.vmap(distances.energy_distance))(x, y))
    error = float(values.std()) / np.sqrt(60)
    assert abs(float(values.mean())) < 4 * error


def test_energy_distance_of_two_points_is_their_gap():
    """For sets that sit on one point each, 2 E|X - Y| is all that is left."""
    x, y = np.zeros((5, 2), np.float32), np.tile(np.array([3.0, 4.0], np.float32), (7, 1))
    assert float(energy(x, y)) == pytest.approx(10)


def test_match_finds_the_cheapest_of_all_orders():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 6, 2))

    def cost(order):
        return np.sum((x - y[list(order)]) ** 2)

    best = min(itertools.permutations(range(6)), key=cost)
    assert cost(distances.match(x, y)) == pytest.approx(cost(best))


def test_match_on_a_line_is_by_rank():
    """In one dimension the best pairing for the squared cost sorts both sides."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 40, 1))
    order = distances.match(x, y)
    np.testing.assert_array_equal(np.argsort(x[:, 0]), np.argsort(y[order, 0]))


@pytest.mark.parametrize("dim", [2, 16])
def test_directions_are_unit_vectors(dim):
    vectors = distances.random_directions(KEY, 10, dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
