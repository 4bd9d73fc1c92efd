"""Budgets of steps against brute force, and bounds against models whose likelihood is known."""

from __future__ import annotations

from itertools import combinations, pairwise

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import bayesian_flows, quick_draws, token_orders

TABLE = np.array([1.0, 0.7, 0.65, 0.3, 0.28, 0.1])


def draw_signs(shape: tuple[int, int]) -> np.ndarray:
    """Return independent fair tokens."""
    return np.random.default_rng(0).choice(np.float32([-1, 1]), shape)


def silent_network(tokens: int) -> eqx.nn.MLP:
    """Return a network whose logits are all zero."""
    network = eqx.filter_eval_shape(token_orders.make_network, jax.random.key(0), tokens, 4)
    return jax.tree.map(
        lambda leaf: jnp.zeros(leaf.shape) if hasattr(leaf, "shape") else leaf, network
    )


@pytest.mark.parametrize("steps", [1, 2, 3, 6])
def test_the_plan_is_the_best_of_all_plans(steps):
    costs = token_orders.group_costs(TABLE)
    every = [
        sum(costs[i, j] for i, j in pairwise((0, *inner, 6)))
        for inner in combinations(range(1, 6), steps - 1)
    ]
    plan = token_orders.best_stops(costs, steps)
    assert len(plan) == steps + 1
    assert token_orders.bits(costs, plan) == pytest.approx(min(every))


def test_one_token_at_a_time_costs_the_table():
    costs = token_orders.group_costs(TABLE)
    assert token_orders.bits(costs, np.arange(7)) == pytest.approx(TABLE.sum())


def test_absorbing_diffusion_costs_what_simulation_says():
    levels = np.linspace(0, 1, 4)
    exact = token_orders.bits(token_orders.level_costs(TABLE, levels), np.arange(4))
    step = np.random.default_rng(0).integers(0, 3, (50_000, 6))
    known = (step[:, :, None] > step[:, None, :]).sum(axis=2)
    assert exact == pytest.approx(TABLE[known].sum(axis=1).mean(), rel=0.01)


def test_absorbing_diffusion_tends_to_one_token_at_a_time():
    bits = [
        token_orders.bits(
            token_orders.level_costs(TABLE, np.linspace(0, 1, k + 1)), np.arange(k + 1)
        )
        for k in (6, 60, 600)
    ]
    assert bits[0] > bits[1] > bits[2] > TABLE.sum()
    assert bits[2] == pytest.approx(TABLE.sum(), rel=0.01)


def test_masks_show_as_many_tokens_as_asked():
    known = jnp.array([0, 2, 5])
    mask = token_orders.draw_mask(jnp.array([0.0, 0.5, 0.999]), known, 5)
    np.testing.assert_array_equal(mask.sum(axis=1), known)


def test_whole_numbers_are_drawn_evenly_and_stay_in_range():
    uniform = jnp.array([0.0, 0.24, 0.25, 0.74, 0.75, 1 - 2**-24])
    np.testing.assert_array_equal(quick_draws.pick(uniform, 4), [0, 0, 1, 2, 3, 3])
    points = jnp.arange(3.0)[:, None]
    rows = quick_draws.pick_rows(jax.random.key(0), points, (3000,))
    np.testing.assert_allclose(np.bincount(rows[:, 0].astype(int)), 1000, atol=90)


def test_without_knowledge_a_token_costs_one_bit():
    network = silent_network(6)
    x = jnp.asarray(draw_signs((8, 6)))
    np.testing.assert_allclose(
        token_orders.surprise_table(network, jax.random.key(2), x), np.ones(6), rtol=1e-5
    )
    loss = eqx.filter_jit(token_orders.masked_loss)(network, jax.random.key(3), x)
    assert float(loss) == pytest.approx(np.log(2), rel=1e-5)


def test_training_learns_a_copy():
    """Tokens in equal pairs: half of them cost a bit, whatever the order."""
    half = draw_signs((256, 2))
    x = jnp.asarray(np.concatenate([half, half], axis=1))
    budget = token_orders.Budget(width=32, updates=400, batch=64, rate=1e-2)
    network = token_orders.fit(jax.random.key(5), x, token_orders.masked_loss, budget)
    table = np.asarray(token_orders.surprise_table(network, jax.random.key(6), x))
    assert table.sum() == pytest.approx(2.0, abs=0.15)


def test_beliefs_are_those_of_bayes_rule_after_many_observations():
    """Observations N(a (2 e - 1), 2 a I) of two classes, added up, as the paper derives them."""
    random, accuracy, parts = np.random.default_rng(0), 1.5, 20
    a, count = accuracy / parts, 20_000
    observed = a * np.array([1.0, -1.0]) + np.sqrt(2 * a) * random.standard_normal(
        (count, parts, 2)
    )
    odds = (observed[:, :, 0] - observed[:, :, 1]).sum(axis=1)
    drawn = bayesian_flows.draw_beliefs(
        jax.random.key(0), jnp.ones((count, 1)), jnp.ones(count), accuracy
    )
    assert float(drawn.mean()) == pytest.approx(odds.mean(), rel=0.03)
    assert float(drawn.std()) == pytest.approx(odds.std(), rel=0.03)


def test_for_independent_fair_tokens_the_flow_bound_is_one_bit_a_token():
    """With no more to know than the beliefs, the exact output is the belief itself.

    Then the bound is tight: loss over time plus last reconstruction is the entropy.
    """
    network = silent_network(4)
    x = jnp.asarray(draw_signs((4000, 4)))
    found = float(bayesian_flows.flow_bits(network, jax.random.key(2), x, 2.0))
    assert found == pytest.approx(4.0, rel=0.01)
