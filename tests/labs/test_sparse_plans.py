"""The cap on a column has two ends at which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import check_grad, linear_sum_assignment

from threadbook.labs import sparse_plans as plans

RNG = np.random.default_rng(0)
COST = RNG.uniform(size=(8, 8))


def test_one_entry_a_column_is_unregularised_transport():
    """The penalty is then constant, so the dual is the optimal cost plus that constant."""
    matching = plans.Matching(COST, 0.7)
    rows, columns = linear_sum_assignment(COST)
    found = plans.solve_sparse(matching, 1)
    best = COST[rows, columns].sum() / 8
    # The dual is not smooth here, and L-BFGS stops a little early.
    assert found.value == pytest.approx(best + 0.5 * 0.7 * 8 * matching.load**2, rel=2e-2)


def test_no_cap_is_quadratic_regularisation():
    """At the optimum both marginals hold, and the duality gap is zero."""
    matching = plans.Matching(COST, 2.0)
    found = plans.solve_sparse(matching, 8)
    assert plans.token_error(found.plan) < 1e-6
    np.testing.assert_allclose(found.plan.sum(axis=0), 1 / 8)
    primal = np.sum(COST * found.plan) + np.sum(found.plan**2)
    assert found.value == pytest.approx(primal, rel=1e-5)


@pytest.mark.parametrize("k", [2, 8])
def test_gradient_of_the_dual_is_right(k):
    matching, alpha = plans.Matching(COST, 2.0), RNG.normal(size=8) / 10
    error = check_grad(
        lambda a: plans.dual(matching, a, k)[0], lambda a: plans.dual(matching, a, k)[1], alpha
    )
    assert error < 1e-5


def test_projection_is_the_nearest_point_of_the_simplex():
    """No random point of the simplex lies nearer."""
    scores = -np.sort(-RNG.normal(size=(5, 1)), axis=0)
    nearest = plans.project_simplex(scores, 1.0)
    assert nearest.sum() == pytest.approx(1)
    others = RNG.dirichlet(np.ones(5), size=2000).T
    assert np.all(np.sum((others - scores) ** 2, axis=0) >= np.sum((nearest - scores) ** 2) - 1e-12)


def test_a_cap_is_kept_and_a_cut_plan_keeps_its_columns():
    matching = plans.Matching(RNG.uniform(size=(24, 4)), 5.0)
    capped = plans.solve_sparse(matching, 7).plan
    assert np.count_nonzero(capped, axis=0).max() <= 7
    cut = plans.cut_columns(plans.solve_sparse(matching, 24).plan, 7)
    assert np.count_nonzero(cut, axis=0).max() <= 7
    np.testing.assert_allclose(cut.sum(axis=0), 1 / 4)


def test_token_error_of_a_lost_token_is_its_mass():
    plan = np.array([[0.5, 0.0], [0.0, 0.5]])
    assert plans.token_error(plan) == pytest.approx(0)
    assert plans.token_error(np.array([[0.5, 0.5], [0.0, 0.0]])) == pytest.approx(0.5)
