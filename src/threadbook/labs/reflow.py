"""Rectified flow in rounds: each is trained on the pairs that the round before it makes.

After a round the coupling costs no more than before, for any convex cost (Liu et al. 2022). Laws,
budget and distances are those of `straight_to_one_step`.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from threadbook.labs import flows, targets
from threadbook.labs.distances import match
from threadbook.labs.networks import Network
from threadbook.labs.straight_to_one_step import (
    DATA,
    NOISE,
    Pairs,
    Settings,
    draw_pairs,
    exact_ends,
    fit,
    flow_ends,
    follow,
    fresh,
    judge_sets,
    judge_steps,
    stack_columns,
)
from threadbook.labs.training import run_all

POWERS = (1.0, 2.0, 4.0)
ROUNDS = 3


@dataclass(frozen=True)
class Rounds:
    """What repeated rectification gives, per seed; coupling 0 is the random one."""

    distances: Float[np.ndarray, "seed round step"]
    straightness: Float[np.ndarray, "seed round"]
    costs: Float[np.ndarray, "seed coupling power"]
    crossings: Float[np.ndarray, "seed coupling"]
    longer: Float[np.ndarray, "seed step"]  # round 2 with the updates of rounds 2 and 3
    lines: Float[np.ndarray, "seed round time line dim"]


def reflow_pairs(settings: Settings, seed: int, network: Network) -> Pairs:
    """Return fresh noise with the points to which the flow takes it."""
    noise, _ = draw_pairs(jax.random.key(2000 + seed), count=settings.pool)
    return noise, flow_ends(network, noise)


def rectify(settings: Settings, seed: int) -> tuple[list[Network], Network]:
    """Return the flow of each round, and round 2 trained as long as rounds 2 and 3 together.

    Each round starts from the network before it, on pairs that this network makes.
    """
    pairs = draw_pairs(jax.random.key(seed), count=settings.pool)
    networks = [fit(settings, seed, pairs, fresh(settings, seed))]
    for number in range(1, ROUNDS):
        pairs = reflow_pairs(settings, seed + 100 * number, networks[-1])
        networks.append(fit(settings, seed + 100 * number, pairs, networks[-1]))
        if number == 1:
            longer = fit(settings, seed + 100 * ROUNDS, pairs, networks[-1])
    return networks, longer


def measure_rounds(settings: Settings) -> Rounds:
    """Return distances, straightness, costs and crossings over rounds of rectification."""
    shown = 48

    def run(seed: int) -> tuple[object, ...]:
        noise, data = judge_sets(settings, seed)
        networks, longer = rectify(settings, seed)
        lines = [follow(network, noise, steps=32) for network in networks]
        couplings = [data[jnp.asarray(shuffled(seed, len(data)))]]
        couplings += [flow_ends(network, noise) for network in networks]
        return (
            [judge_steps(settings, seed, network) for network in networks],
            [flows.straightness(line) for line in lines],
            [[flows.transport_cost(noise, ends, p) for p in POWERS] for ends in couplings],
            [flows.crossing(noise, ends) for ends in couplings],
            judge_steps(settings, seed, longer),
            [line[:, :shown] for line in lines],
        )

    return Rounds(*stack_columns(run_all(run, settings.seeds)))


def shuffled(seed: int, count: int) -> np.ndarray:
    """Return a random order, which makes an independent coupling of two even sets."""
    return np.random.default_rng(seed).permutation(count)


def best_costs(settings: Settings, count: int = 512) -> Float[np.ndarray, " seed"]:
    """Return the least squared cost of pairing noise with data, by exact assignment of samples."""
    costs = []
    for seed in settings.seeds:
        noise = targets.draw_evenly(NOISE, 2 * seed, count)
        data = targets.draw_evenly(DATA, 2 * seed + 1, count)
        costs.append(float(np.mean(np.sum((noise - data[match(noise, data)]) ** 2, axis=1))))
    return np.array(costs)


def exact_costs(settings: Settings) -> Float[np.ndarray, " seed"]:
    """Return the squared cost of the pairs that the exact flow of random pairs makes."""
    noises = [judge_sets(settings, seed)[0] for seed in settings.seeds]
    return np.array([flows.transport_cost(noise, exact_ends(noise)) for noise in noises])
