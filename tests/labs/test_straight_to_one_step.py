"""The thread's lab in small: what must hold whatever the budget."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from threadbook.labs import reflow, targets
from threadbook.labs import straight_to_one_step as lab
from threadbook.labs.networks import apply_network

TINY = lab.Settings(seeds=(0, 1), updates=300, batch=64, pool=1024, width=32, judged=256)


def test_a_flow_trained_on_random_pairs_nears_the_exact_field():
    """Two independent roads to one field: regression on samples, and the closed form."""
    pairs = lab.draw_pairs(jax.random.key(1), count=TINY.pool)
    network = lab.fit(TINY, 1, pairs, lab.fresh(TINY, 1))
    t = np.full(TINY.pool, 0.5, np.float32)
    x = 0.5 * np.asarray(pairs[0]) + 0.5 * np.asarray(pairs[1])
    exact = np.asarray(lab.exact_velocity(x, t))
    learned = np.asarray(jax.jit(apply_network)(network, x, t))
    error = np.mean(np.sum((exact - learned) ** 2, axis=1))
    # Untrained, the error is the mean square of the field itself.
    assert error < 0.2 * np.mean(np.sum(exact**2, axis=1))


def test_one_step_from_random_pairs_lands_on_the_mean_of_the_data():
    """Equation (2) of the page, with the exact field."""
    noise, _ = lab.judge_sets(TINY, 0)
    landed = np.asarray(noise) + lab.exact_velocity(noise, np.zeros(len(noise), np.float32))
    mean = np.asarray(lab.DATA.weights) @ np.asarray(lab.DATA.means)
    np.testing.assert_allclose(landed, np.tile(mean, (len(noise), 1)), atol=1e-4)


def test_the_exact_flow_reaches_the_data():
    settings = lab.Settings(seeds=(3,), judged=1024)
    noise, data = lab.judge_sets(settings, 3)
    floor = float(lab.noise_floor(settings)[0])
    assert float(lab.distance(lab.exact_ends(noise), data)) < 2 * floor


def test_results_are_the_same_on_a_second_run():
    """Verdicts are printed; a run that wavers would change the page."""
    pairs = lab.draw_pairs(jax.random.key(0), count=TINY.pool)
    first, second = (lab.fit(TINY, 0, pairs, lab.fresh(TINY, 0)) for _ in range(2))
    for one, other in zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True):
        np.testing.assert_array_equal(one, other)


def test_assignment_keeps_both_sides_and_lowers_the_cost():
    pairs = lab.draw_pairs(jax.random.key(0), count=TINY.pool)
    noise, data = lab.assign_pairs(TINY, pairs)
    np.testing.assert_array_equal(noise, pairs[0])
    np.testing.assert_array_equal(np.sort(data, axis=0), np.sort(pairs[1], axis=0))
    before, after = (np.mean((np.asarray(x) - pairs[0]) ** 2) for x in (pairs[1], data))
    assert after < before


@pytest.mark.slow
def test_rounds_have_one_row_a_seed():
    rounds = reflow.measure_rounds(TINY)
    assert rounds.distances.shape == (2, reflow.ROUNDS, len(lab.STEPS))
    assert rounds.costs.shape == (2, reflow.ROUNDS + 1, len(reflow.POWERS))
    assert rounds.lines.shape[:3] == (2, reflow.ROUNDS, 33)


def test_paths_with_one_law_at_the_end_differ_in_energy():
    """The straight path costs less than the diffusion path, as theory says of transport."""
    measured = lab.compare_exact_paths(TINY, (targets.linear_path, targets.denoising_path))
    assert measured.distances.shape == (2, 2, 3)
    assert np.all(measured.energies[:, 0] < measured.energies[:, 1])


def test_more_euler_steps_along_an_exact_field_end_nearer_the_data():
    law = targets.standardise(lab.DATA)
    measured = lab.compare_exact_paths(TINY, (targets.linear_path,), law, (2, 16))
    assert np.all(measured.distances[:, 0, 1] < measured.distances[:, 0, 0])


def test_the_exact_flow_costs_no_more_than_random_pairs_and_no_less_than_the_best():
    """Random pairs cost E|X0|^2 + E|X1|^2; the best pairing bounds every other from below."""
    cost, best = reflow.exact_costs(TINY), reflow.best_costs(TINY, count=256)
    assert np.all(cost < 2 + 9 + 2 * 0.3**2)
    # Cost and bound come from different finite sets; 5 % covers their sampling error.
    assert np.all(cost > 0.95 * best)


def test_the_line_starts_training_where_it_starts_sampling():
    """It keeps no signal at time 0, so putting the trace in must change nothing."""
    noise, data = lab.judge_sets(TINY, 0)
    judged = noise, data, data
    score = lab.score_plan(lab.fresh(TINY, 0), judged, lab.STRAIGHT)
    assert score[0] == score[2]
