"""The thread's lab in small: its problems, and what must hold whatever the budget."""

from __future__ import annotations

import numpy as np
import pytest

from threadbook.labs import light_bridge, sparse_plans
from threadbook.labs import transport_and_bridges as lab


def test_transports_have_marginals_and_costs_of_at_most_one():
    problems = list(lab.make_transports(0))
    assert len(problems) == len(lab.TRANSPORTS)
    for cost, a, b in problems:
        assert cost.shape == (len(a), len(b))
        assert cost.min() >= 0
        assert cost.max() == pytest.approx(1, abs=1e-3)
        assert min(a.min(), b.min()) > 0
        assert (a.sum(), b.sum()) == (pytest.approx(1), pytest.approx(1))


def test_costs_on_the_grid_are_those_of_geometry():
    """One step along a row of the finer grid, in the city's metric and squared."""
    (_, _, city, squared) = (cost for cost, _, _ in lab.make_transports(0))
    step = 1 / (lab.SIDE - 1)
    assert city[0, 1] == pytest.approx(step / 2)
    assert squared[0, 1] == pytest.approx(step**2 / 2)
    assert city[0, -1] == squared[0, -1] == pytest.approx(1)


def test_ink_falls_where_the_digit_is():
    """The digits' first column of pixels is almost always blank, the middle ones never."""
    points = lab.draw_ink(np.random.default_rng(0), 500)
    assert points.min() >= 0
    assert points.max() <= 1
    assert np.mean(points[:, 0] < 1 / 8) < 0.05 < np.mean(np.abs(points[:, 0] - 0.5) < 0.25)


def test_gain_of_a_control_is_the_unexplained_share():
    """With many slices a regression leaves one minus the squared correlation of the variance."""
    x, y = lab.make_clouds(0)[0]
    directions = lab.draw_directions(0, x.shape[1], 8000)
    (plain, lower, _), biases = lab.measure_slices(x, y, directions, slices=40)
    costs = lab.sliced_variates.slice_costs(x, y, directions)
    values, _ = lab.sliced_variates.control(x, y, directions, "lower")
    left = 1 - np.corrcoef(costs, values)[0, 1] ** 2
    assert plain == 1
    # A slope from 40 slices costs a few per cent more, and 200 estimates give 10 %.
    assert lower == pytest.approx(left, rel=0.35)
    assert np.abs(biases).max() < 0.02


def test_a_shifted_cloud_is_reached_in_one_step(monkeypatch):
    """The lower bound is then the cost itself, and its mean over the sphere is exact."""
    monkeypatch.setattr(lab, "FLOW_STEPS", (1,))
    monkeypatch.setattr(lab, "KINDS", ("plain", "lower"))
    y = lab.draw_ink(np.random.default_rng(0), 32)
    plain, lower = np.array(lab.flow_distances(0, y + np.float32(2), y))[:, 0]
    assert lower < 1e-3 < plain


def test_weaker_regularisation_makes_cheaper_plans():
    cost = lab.make_experts(0)[:24]
    plans = [found.plan for found, _ in lab.weaken(cost)]
    bills = [float(np.sum(cost * plan)) for plan in plans]
    assert len(bills) == 6
    assert np.all(np.diff(bills) < 1e-6)
    assert lab.widest(plans[-1]) < lab.widest(plans[0])


def test_experts_are_even_and_costs_are_scaled():
    cost = lab.make_experts(1)
    assert cost.shape == (lab.TOKENS, lab.EXPERTS)
    assert cost.mean() == pytest.approx(1)
    assert sparse_plans.Matching(cost, 1.0).load * lab.EXPERTS == pytest.approx(1)


def test_each_solver_is_judged_against_the_truth(monkeypatch):
    """One part makes both ends Gaussian: the closed form wins, an untrained sum loses."""
    monkeypatch.setattr(lab, "SAMPLES", 300)
    true = light_bridge.random_potential(1, 2, parts=1, scale=1.0)
    light, sinkhorn, gauss = lab.judge_bridges(0, true, updates=1)
    assert gauss < 0.05
    assert gauss < sinkhorn < 0.2
    assert light > 5 * gauss
