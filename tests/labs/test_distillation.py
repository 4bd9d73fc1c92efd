"""Distribution matching: its fixed point and its direction, where both are known."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from threadbook.labs import distillation
from threadbook.labs.networks import apply_network, init_network
from threadbook.labs.one_step_students import plan_turns

KEY = jax.random.key(0)
NETWORK = init_network(KEY, 2, width=8)
NOISE = np.random.default_rng(0).normal(size=(16, 2)).astype(np.float32)


def direct(teacher):
    """Return the matching direction for a teacher, compiled."""

    def direction(fake, critic, noise, t):
        return distillation.matching_direction(fake, critic, teacher, noise, t)

    return jax.jit(direction)


def test_matching_laws_give_no_direction():
    """Where critic and teacher agree, the generator has arrived and must stay."""
    t = np.linspace(0.1, 0.9, 16, dtype=np.float32)

    def teacher(x, time):
        return apply_network(NETWORK, x, time)

    direction = direct(teacher)(NOISE + 1, NETWORK, NOISE, t)
    assert not np.any(direction)


def test_the_direction_points_away_from_the_teachers_end():
    """A teacher that expects data further right must push samples right: descent is -direction."""
    t = np.full(16, 0.5, np.float32)

    def teacher(x, time):
        return jnp.tile(jnp.array([5.0, 0.0]), (len(x), 1))

    direction = direct(teacher)(NOISE, NETWORK, NOISE, t)
    assert np.all(np.asarray(direction)[:, 0] < 0)


def test_a_generator_learns_to_shift():
    """Teacher: the exact flow to N(m, 1). The generator starts at N(0, 1) and must find m."""
    shift = jnp.array([2.0, 0.0])

    def teacher(x, t):
        time = t[:, None]
        variance = time**2 + (1 - time) ** 2
        return shift + (2 * time - 1) / variance * (x - time * shift)

    rng = np.random.default_rng(0)
    seeds, noise = rng.normal(size=(2, 400, 64, 2)).astype(np.float32)
    draws = (seeds, noise, rng.uniform(0.02, 0.98, (400, 64)).astype(np.float32))
    generator = distillation.distil(
        NETWORK, draws, np.ones(400, np.int32), teacher=teacher, rates=(3e-3, 1e-2)
    )
    noise = rng.normal(size=(1000, 2)).astype(np.float32)
    mean = np.asarray(jax.jit(distillation.generate)(generator, noise)).mean(axis=0)
    # A critic of 8 units tracks a moving generator only roughly; the start is 2 away.
    np.testing.assert_allclose(mean, shift, atol=0.4)


def test_turns_share_what_they_are_said_to_share():
    """The comparison is fair only if the counts agree."""
    one, five, total = plan_turns().values()
    assert one.sum() == five.sum()
    assert len(five) + five.sum() == len(total) + total.sum()
