"""The log-ratio of path laws is what every loss is built from."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import path_samplers as paths
from threadbook.labs import targets

BUDGET = paths.Sampler(scale=1.5, steps=6, batch=32, width=8, updates=3, chains=256, moves=5)
RING = targets.make_uneven_ring()
TILTED = targets.make_mixture(np.ones((1, 2)), [1.2], [1.0])
KEY = jax.random.key(0)
CONTROL = paths.init_control(KEY, 2, 8, guided=False)
RNG = np.random.default_rng(0)


@jax.jit
def ratios(control, law, noise):
    own, controls = paths.walk(control, law, BUDGET, noise)
    return paths.log_ratio(law, BUDGET, own, controls)


@jax.jit
def given(control, law, fixed):
    controls = paths.controls_on(control, law, BUDGET, fixed)
    return paths.log_ratio(law, BUDGET, fixed, controls)


def draw_noise(count):
    return jnp.asarray(RNG.normal(size=(BUDGET.steps, count, 2)), jnp.float32)


def bend(control, size=0.1):
    """Return the control with random numbers in place of its zeros."""
    rng = np.random.default_rng(1)
    drift, gate = (
        jax.tree.map(lambda leaf: leaf + size * rng.normal(size=leaf.shape).astype("f4"), part)
        for part in (control.drift, control.gate)
    )
    return paths.Control(drift, gate, control.guided)


def test_reference_has_ratio_zero_to_its_own_end():
    """Without control the end is normal with the reference's scale, along every path."""
    law = targets.make_mixture(np.zeros((1, 2)), [1.5], [1.0])
    np.testing.assert_allclose(ratios(CONTROL, law, draw_noise(4000)), 0, atol=1e-4)


def test_importance_weights_have_mean_one():
    """exp(-ratio) averages to the target's constant, one here, whatever the control."""
    law = targets.make_mixture(np.ones((1, 2)), [1.2], [1.0])
    control = bend(CONTROL)
    weights = np.exp(-np.asarray(ratios(control, law, draw_noise(4000)), float))
    assert weights.mean() == pytest.approx(1, abs=5 * weights.std() / np.sqrt(4000))


def test_both_losses_have_one_slope_on_the_samplers_own_paths():
    """In expectation that of the variance is twice that of the mean; here by finite differences.

    The mean moves its paths with the control, the variance keeps them.
    """
    control, noise, small = bend(CONTROL), draw_noise(4000), 0.02
    law = targets.make_mixture(np.ones((1, 2)), [1.2], [1.0])
    (*layers, (weight, bias)) = control.drift
    up, down = (
        paths.Control([*layers, (weight, bias + s * small)], control.gate, control.guided)
        for s in (1, -1)
    )
    fixed = jax.jit(paths.simulate, static_argnums=2)(control, law, BUDGET, noise)
    moving = [float(jnp.mean(ratios(c, law, noise))) for c in (up, down)]
    kept = [float(jnp.var(given(c, law, fixed))) for c in (up, down)]
    assert kept[0] - kept[1] == pytest.approx(2 * (moving[0] - moving[1]), rel=0.2)


def test_score_is_the_slope_of_the_log_density():
    """Scales that differ, so that no term drops out; one point so far off that it is shortened."""
    law = targets.make_mixture([[0.0, 1.0], [2.0, -1.0]], [1.0, 0.7], [0.3, 0.7])
    points = jnp.asarray([[0.3, -0.2], [1.1, 0.4], [-0.8, 1.3], [1000.0, 0.0]])
    slopes = jax.jit(jax.vmap(jax.grad(lambda x: targets.log_density(law, x))))(points)
    found = np.asarray(jax.jit(paths.score)(law, points))
    np.testing.assert_allclose(found[:3], slopes[:3], rtol=1e-4, atol=1e-5)
    assert np.linalg.norm(slopes[3]) > np.linalg.norm(found[3])
    assert np.linalg.norm(found[3]) == pytest.approx(paths.CLIP, rel=1e-4)


def test_controls_along_a_walk_are_those_on_its_paths():
    control, noise = bend(CONTROL), draw_noise(4000)
    fixed = jax.jit(paths.simulate, static_argnums=2)(control, TILTED, BUDGET, noise)
    both = given(control, TILTED, fixed), ratios(control, TILTED, noise)
    np.testing.assert_allclose(*both, rtol=1e-3, atol=1e-3)


def test_bridges_end_where_they_must():
    ends = jax.random.normal(KEY, (5, 2))
    walk = jax.jit(paths.bridge_back, static_argnums=0)(BUDGET, draw_noise(5), ends)
    np.testing.assert_allclose(walk[0], 0, atol=1e-6)
    np.testing.assert_allclose(walk[-1], ends, atol=1e-5)


def test_local_search_leaves_the_target_as_it_is():
    points = np.asarray(targets.draw_evenly(RING, 0, 256))
    _, chance = paths.draw_chance(RNG, BUDGET, np.zeros((1024, 2), np.float32))
    moved = jax.jit(paths.local_search)(RING, points, chance)
    shares = jax.jit(paths.mode_shares)(RING, moved)
    np.testing.assert_allclose(shares, RING.weights, atol=0.02)
    assert np.abs(np.asarray(moved) - points).mean() > 0.05


def test_replay_and_guidance_are_switches():
    """Ends in the buffer matter with replay only, the score matters when guided only."""
    noise, near = draw_noise(32), jax.random.normal(KEY, (16, 2))
    loss = jax.jit(paths.path_loss, static_argnums=(2, 4))

    def value(ends, replay, guided):
        control = bend(CONTROL)
        control = paths.Control(control.drift, control.gate, jnp.float32(guided))
        batch = paths.Batch(noise, ends, jnp.float32(replay))
        return float(loss(control, RING, BUDGET, batch, "variance"))

    assert value(near, 0, 0) == value(3 * near, 0, 0)
    assert value(near, 1, 0) != pytest.approx(value(3 * near, 1, 0), rel=1e-3)
    assert value(near, 0, 0) != pytest.approx(value(near, 0, 1), rel=1e-3)
