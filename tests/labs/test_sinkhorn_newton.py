"""Sinkhorn and Newton climb the same potential, so they must meet."""

from __future__ import annotations

import numpy as np
import pytest

from threadbook.labs import sinkhorn_newton as newton

RNG = np.random.default_rng(0)
EVEN = np.full(12, 1 / 12)
PROBLEM = newton.Problem(20 * RNG.uniform(size=(12, 12)), EVEN, EVEN)


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_newton_ends_at_sinkhorns_plan(share):
    """Thinning the Hessian changes the way, not the end."""
    slow = newton.sinkhorn(PROBLEM, error=1e-11, most=5000)
    fast = newton.sinkhorn_newton(PROBLEM, error=1e-11, most=100, share=share, first=5)
    plans = [newton.plan_of(PROBLEM, trace.x, trace.y) for trace in (slow, fast)]
    np.testing.assert_allclose(plans[0], plans[1], atol=1e-9)
    assert newton.marginal_error(PROBLEM, plans[1]) < 1e-10
    assert fast.reach(1e-11) < slow.reach(1e-11)


def test_over_relaxed_sinkhorn_ends_at_the_same_plan():
    slow = newton.sinkhorn(PROBLEM, error=1e-11, most=5000)
    relaxed = newton.sinkhorn(PROBLEM, error=1e-11, most=5000, relax=1.3)
    plans = [newton.plan_of(PROBLEM, trace.x, trace.y) for trace in (slow, relaxed)]
    np.testing.assert_allclose(plans[0], plans[1], atol=1e-9)


def test_two_points_have_a_known_plan():
    """With even marginals, P11 / P12 = exp((c12 + c21 - c11 - c22) / 2)."""
    cost = np.array([[0.0, 2.0], [1.0, 0.5]])
    half = np.full(2, 0.5)
    problem = newton.Problem(cost, half, half)
    trace = newton.sinkhorn(problem, error=1e-13, most=500)
    plan = newton.plan_of(problem, trace.x, trace.y)
    assert plan[0, 0] / plan[0, 1] == pytest.approx(np.exp((2.0 + 1.0 - 0.5) / 2))


def test_direction_is_newtons_on_the_full_hessian():
    """Against a dense solve; the system is singular along (1, -1), which the plan ignores."""
    start = newton.sinkhorn(PROBLEM, error=1e-9, most=60)
    plan = newton.plan_of(PROBLEM, start.x, start.y)
    rows, columns = plan.sum(axis=1), plan.sum(axis=0)
    hessian = np.block([[np.diag(rows), plan], [plan.T, np.diag(columns)]])
    slope = np.concatenate([EVEN - rows, EVEN - columns])
    x, y, _ = newton.newton_direction(PROBLEM, plan, 1.0)
    expected = np.linalg.lstsq(hessian, slope, rcond=1e-12)[0]
    total = expected[:12, None] + expected[None, 12:]
    # The solver is as exact as the error left, relative to the step.
    np.testing.assert_allclose(x[:, None] + y[None], total, atol=0.02 * np.abs(total).max())


def test_thinning_keeps_the_largest_entries():
    plan = np.arange(12.0).reshape(3, 4)
    kept = newton.thin(plan, 0.25).toarray()
    assert sorted(kept[kept > 0]) == [9, 10, 11]


def test_an_error_that_is_not_reached_is_infinite():
    trace = newton.sinkhorn(PROBLEM, error=1e-12, most=3)
    assert trace.reach(1e-12) == np.inf
    assert trace.reach_work(1e-12) == np.inf
