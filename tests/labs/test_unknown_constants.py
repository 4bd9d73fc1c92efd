"""Budgets, measures and targets of the lab on densities without their constant."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import gaussian_vi as vi
from threadbook.labs import path_samplers
from threadbook.labs import unknown_constants as lab

SMALL = replace(lab.BUDGET, steps=4, batch=16, width=8, updates=2)


def test_rounds_without_replay_spend_what_replay_does():
    plain, replay = (lab.RECIPES[name] for name in ("variance", "variance, buffer"))
    update = lab.BUDGET.batch * lab.BUDGET.updates
    search = lab.BUDGET.chains * lab.BUDGET.moves
    spent = update * lab.count_rounds(plain, lab.BUDGET, 10)
    # To within a round, which is the smallest unit.
    assert abs(spent - (update + search) * lab.count_rounds(replay, lab.BUDGET, 10)) < update


def test_misplaced_and_missed_are_counted_from_shares():
    weights = np.asarray(lab.RING.weights, float)
    alone = np.eye(8)[-1]
    shares = np.stack([weights, alone])[None]
    np.testing.assert_allclose(lab.misplaced(shares), [[0, 1 - weights[-1]]], atol=1e-7)
    np.testing.assert_array_equal(lab.missed(shares), [[0, 7]])


def test_a_sampler_without_control_meets_all_modes_alike():
    """The reference is round, so that every mode of the ring is as near as any other."""
    control = path_samplers.train_sampler(0, lab.RING, SMALL, lab.RECIPES["mean"], 0)
    noise = np.random.default_rng(0).normal(size=(4, 20_000, 2))
    shares = lab.judge_sampler(jnp.asarray(noise, jnp.float32), control, SMALL)
    np.testing.assert_allclose(shares, 1 / 8, atol=0.01)


@pytest.mark.parametrize("name", lab.REGRESSIONS)
def test_no_curvature_exceeds_the_smoothness(name):
    """The step 1 / beta is safe only if it does not."""
    target = lab.make_regression(0, name)
    assert target.inputs.shape == (lab.ROWS, lab.FEATURES)
    assert set(target.labels) == {-1.0, 1.0}
    for mean in np.random.default_rng(0).normal(size=(5, lab.FEATURES)):
        bend = target.moments(mean, 1e-8 * np.eye(lab.FEATURES))[2]
        assert np.linalg.eigvalsh(bend)[-1] <= target.smoothness


def test_descent_counts_steps_and_keeps_its_bound():
    """On a normal target half steps of the mean shrink its squared distance by four."""
    prior = vi.Posterior(np.zeros((1, 2)), np.ones(1))
    start, best = vi.Gaussian(np.ones(2), np.eye(2)), vi.Gaussian(np.zeros(2), np.eye(2))
    rise, share, steps = lab.measure_descent(prior, start, best, vi.forward_backward, 0.5)
    assert steps == 4  # the first power of four above a hundred
    assert rise < 1e-12
    # After one step the gap is |m|^2 / 8 and the bound |m|^2 / (2 * 0.5).
    assert share == pytest.approx(1 / 8)


def test_a_plain_step_from_a_point_breaks_the_bound():
    prior = vi.Posterior(np.zeros((1, 2)), np.ones(1))
    start, best = vi.Gaussian(np.zeros(2), 1e-6 * np.eye(2)), vi.Gaussian(np.zeros(2), np.eye(2))
    rise, share, _ = lab.measure_descent(prior, start, best, vi.plain_gradient, 0.5)
    assert rise > 0
    assert share > 1


def test_each_distance_gets_its_own_rate(monkeypatch):
    """In place of a fit stands its rate, so that the error says which one was used."""
    monkeypatch.setattr(lab.fits, "fit_mean", lambda draws, gap, *, rate, **_: rate)
    errors = lab.compare_fits((0, 1))
    rates = np.stack([lab.RATES["contrast"], lab.RATES["likelihood"]], axis=-1)
    expected = np.abs(rates - np.array(lab.GAPS)[:, None])
    np.testing.assert_allclose(errors, np.stack([expected, expected]), rtol=1e-6)
