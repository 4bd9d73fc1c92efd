"""Experiments on one-step generators that are not flows: consistency and distribution matching.

They share settings, data and distance with `straight_to_one_step`.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from threadbook.labs import consistency, distillation
from threadbook.labs import straight_to_one_step as flow_lab
from threadbook.labs.straight_to_one_step import DATA, Settings, distance, judge_sets
from threadbook.labs.targets import draw
from threadbook.labs.training import run_all

FIRST_INTERVALS, LAST_INTERVALS = 10, 160
BEND = 0.03
EARLY_MEMORY = 0.9
"""The first value of the predecessor's schedule; see `trailing_memory`."""

GENERATOR_UPDATES = 240
RATES = (1e-3, 1e-3)  # generator, critic: one time scale unless the turns make two
DEVIATION = float(jnp.sqrt(jnp.mean(jnp.sum(DATA.weights[:, None] * DATA.means**2, axis=0)) + 0.09))


def trailing_memory(intervals: Float[np.ndarray, " updates"]) -> Float[np.ndarray, " updates"]:
    """Return the teacher's memory `exp(s log(mu) / N)`, which nears 1 as the intervals get finer.

    It is the schedule of consistency training before the change that is tested here, with
    `s = 10` intervals at first and `mu = 0.9`.
    """
    memory: np.ndarray = np.exp(FIRST_INTERVALS * np.log(EARLY_MEMORY) / intervals)
    return memory.astype(np.float32)


def compare_teachers(settings: Settings) -> Float[np.ndarray, "seed teacher"]:
    """Return one-step distances with a teacher that is the student itself, and one that trails."""
    intervals = consistency.doubling_intervals(settings.updates, FIRST_INTERVALS, LAST_INTERVALS)
    memories = np.zeros(settings.updates, np.float32), trailing_memory(intervals)
    scale = consistency.DATA_DEVIATION / DEVIATION

    def run(seed: int) -> list[float]:
        noise, data = judge_sets(settings, seed)
        levels = consistency.draw_levels(np.random.default_rng(seed), intervals, settings.batch)
        examples = (*draw_examples(seed, scale, (settings.updates, settings.batch)), levels)
        start = flow_lab.fresh(settings, seed)
        students = [
            consistency.train_consistency(start, examples, m, bend=BEND, rate=settings.rate)
            for m in memories
        ]
        return [float(distance(sample_once(s, noise) / scale, data)) for s in students]

    return np.array(run_all(run, settings.seeds))


sample_once = jax.jit(consistency.one_step)


@partial(jax.jit, static_argnames=("scale", "shape"))
def draw_examples(seed: int, scale: float, shape: tuple[int, int]) -> tuple[Array, Array]:
    """Return data, scaled to the deviation that the schedule expects, and noise."""
    first, second = jax.random.split(jax.random.key(seed))
    data = scale * draw(DATA, first, shape[0] * shape[1])
    return data.reshape(*shape, 2), jax.random.normal(second, (*shape, 2))


def plan_turns() -> dict[str, np.ndarray]:
    """Return at which critic updates the generator moves too, for each way to take turns.

    The first two give the generator the same number of updates; the last two spend the same
    number of updates on both networks together.
    """
    once, five = GENERATOR_UPDATES, 5 * GENERATOR_UPDATES
    return {
        "1 : 1": np.ones(once, np.int32),
        "5 : 1": (np.arange(five) % 5 == 4).astype(np.int32),
        "1 : 1, same total": np.ones((once + five) // 2, np.int32),
    }


def compare_turns(settings: Settings) -> Float[np.ndarray, "seed turns"]:
    """Return one-step distances of generators distilled with each way to take turns."""
    turns = plan_turns().values()

    def run(seed: int) -> list[float]:
        noise, data = judge_sets(settings, seed)
        pairs = flow_lab.draw_pairs(jax.random.key(seed), count=settings.pool)
        start = flow_lab.fit(settings, seed, pairs, flow_lab.fresh(settings, seed))
        draws = draw_turns(seed, (5 * GENERATOR_UPDATES, settings.batch))
        generators = [
            distillation.distil(
                start,
                jax.tree.map(lambda drawn: drawn[: len(moves)], draws),  # noqa: B023
                moves,
                teacher=flow_lab.exact_velocity,
                rates=RATES,
            )
            for moves in turns
        ]
        return [float(distance(generate(g, noise), data)) for g in generators]

    return np.array(run_all(run, settings.seeds))


generate = jax.jit(distillation.generate)


@partial(jax.jit, static_argnames="shape")
def draw_turns(seed: int, shape: tuple[int, int]) -> distillation.Draws:
    """Return generator seeds, noise and times for each update; times keep off both ends."""
    seeds, noise, clock = jax.random.split(jax.random.key(3000 + seed), 3)
    times = jax.random.uniform(clock, shape, minval=0.02, maxval=0.98)
    return jax.random.normal(seeds, (*shape, 2)), jax.random.normal(noise, (*shape, 2)), times
