"""Phase-space diffusion against its rivals on the ring of eight Gaussians, with exact scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from threadbook.labs import phase_space, targets
from threadbook.labs.distances import even_directions, sliced_distance
from threadbook.labs.point_laws import PointLaw
from threadbook.labs.training import run_all

BUDGETS = (10, 25)  # evaluations of the score
POWER = 2.0  # of the time grid, finer near the data: for both processes the better in pilot runs


@dataclass(frozen=True)
class Settings:
    """Seeds, and the number of samples on either side of a distance (a power of two)."""

    seeds: tuple[int, ...] = (20, 21, 22, 23, 24)
    particles: int = 8192


RING = targets.standardise(targets.make_uneven_ring())


@jax.jit
def sliced_gap(x: Float[Array, "count dim"], data: Float[Array, "count dim"]) -> Float[Array, ""]:
    """Return the sliced Wasserstein distance of two sets in the plane, over even directions."""
    return sliced_distance(x, data, even_directions(32))


@partial(jax.jit, static_argnames="process")
def ring_gap(
    key: Key[Array, ""],
    process: phase_space.Process,
    times: Float[Array, " times"],
    data: Float[Array, "count dim"],
) -> Float[Array, ""]:
    """Return the distance to the ring of samples of the reverse process at these times."""
    law, spread = PointLaw(RING.means, jnp.log(RING.weights)), RING.scales[0]
    x = phase_space.reverse_paths(process, law, spread, key, (len(data), 2), times)
    gap: Array = sliced_gap(x, data)
    return gap


def waiting(steps: int, power: float) -> Float[np.ndarray, " times"]:
    """Return the grid of times, preceded by as many equal ones as the largest budget leaves over.

    Between equal times nothing moves, so that one program serves all budgets.
    """
    grid = 1e-3 + (1 - 1e-3) * np.linspace(1, 0, steps + 1) ** power
    return np.concatenate([np.ones(max(BUDGETS) - steps), grid]).astype(np.float32)


def compare_processes(
    settings: Settings, processes: Sequence[phase_space.Process]
) -> Float[np.ndarray, "seed process budget"]:
    """Return distances to the ring by process and number of evaluations."""

    def run(seed: int) -> list[list[float]]:
        data = jnp.asarray(targets.draw_evenly(RING, seed, settings.particles))
        key = jax.random.key(5000 + seed)
        return [
            [float(ring_gap(key, p, waiting(s, POWER), data)) for s in BUDGETS] for p in processes
        ]

    return np.array(run_all(run, settings.seeds, 1))


def ring_floor(settings: Settings) -> Float[np.ndarray, " seed"]:
    """Return the distance to the ring of as many independent draws from it."""
    gaps = []
    for seed in settings.seeds:
        data = jnp.asarray(targets.draw_evenly(RING, seed, settings.particles))
        random = np.random.default_rng(6000 + seed)
        chances = np.asarray(RING.weights, float)
        modes = random.choice(len(chances), settings.particles, p=chances / chances.sum())
        noise = random.standard_normal((settings.particles, 2), np.float32)
        drawn = RING.means[modes] + RING.scales[modes, None] * noise
        gaps.append(float(sliced_gap(drawn, data)))
    return np.array(gaps)
