"""Errors along chains, against closed forms and the inequalities of information theory."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from threadbook.labs import error_chain as chain
from threadbook.labs.targets import latent_path, make_mixture

LAW = make_mixture([[-1.0], [0.8]], [0.4, 0.5], [0.4, 0.6])
GRID = np.linspace(-6, 6, 241)
TIMES = (0.1, 0.4, 0.7, 0.95)


def true_chain() -> list[np.ndarray]:
    return [chain.true_step(LAW, latent_path, t, u, GRID) for t, u in pairwise(TIMES)]


def test_the_divergence_of_two_normal_laws_is_known():
    rows = chain.normal_rows(GRID, np.array([0.0, 0.5]), 1.0)
    assert chain.divergence(rows[0], rows[1]) == pytest.approx(0.125, abs=1e-4)


def test_true_steps_lead_from_marginal_to_marginal():
    """Two independent roads: Bayes' rule on the grid, and the law of the path."""
    p = chain.true_marginal(LAW, latent_path, TIMES[0], GRID)
    for step, u in zip(true_chain(), TIMES[1:], strict=True):
        p = p @ step
        np.testing.assert_allclose(p, chain.true_marginal(LAW, latent_path, u, GRID), atol=1e-4)


def test_a_true_chain_makes_no_modular_error_and_forgets_a_wrong_start():
    first = chain.true_marginal(LAW, latent_path, TIMES[0], GRID)
    wrong = chain.normal_rows(GRID, np.array([2.0]), 0.7)[0]
    errors = chain.follow_errors(true_chain(), true_chain(), wrong, first)
    np.testing.assert_allclose(errors.modular, 0, atol=1e-12)
    assert (np.diff(errors.cumulative) < 0).all()


def test_no_step_amplifies_whatever_is_learned():
    """The chain rule of divergence: cumulative after is at most cumulative before plus modular."""
    rng = np.random.default_rng(0)
    first = chain.true_marginal(LAW, latent_path, TIMES[0], GRID)
    for _ in range(5):
        own = [
            chain.normal_rows(GRID, rng.normal() + rng.normal() * GRID, 0.5 + rng.random())
            for _ in TIMES[1:]
        ]
        start = chain.normal_rows(GRID, rng.normal(size=1), 1.0)[0]
        errors = chain.follow_errors(true_chain(), own, start, first)
        assert errors.amplification.max() <= 1 + 1e-9


def test_levels_compose_to_the_path():
    """X_t = r X_u + e must have the signal and noise of the path at t."""
    ratio, forward, _ = chain.levels(latent_path, 0.3, 0.6)
    (a, b), (next_a, next_b) = (latent_path(np.float32(t)) for t in (0.3, 0.6))
    assert ratio * float(next_a) == pytest.approx(float(a), rel=1e-5)
    assert (ratio * float(next_b)) ** 2 + forward**2 == pytest.approx(float(b) ** 2, rel=1e-4)
