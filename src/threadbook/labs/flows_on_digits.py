"""The flows of `straight_to_one_step` on real data: principal components of handwritten digits."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from threadbook.labs import flows
from threadbook.labs import straight_to_one_step as flow_lab
from threadbook.labs.digits import split_digits
from threadbook.labs.distances import match, random_directions, sliced_distance
from threadbook.labs.networks import Network, init_network
from threadbook.labs.straight_to_one_step import Pairs, Settings
from threadbook.labs.training import run_all

DIM = 16
STEPS = (1, 4, 32)
FLOWS = (
    "random pairs",
    "assigned batches",
    "one reflow",
    "two reflows",
    "one reflow, twice the updates",
)
SETTINGS = Settings(updates=1000, width=64)


@dataclass(frozen=True)
class DigitFlows:
    """Flows trained on digits, in the order of `FLOWS`, per seed."""

    distances: Float[np.ndarray, "seed flow step"]
    straightness: Float[np.ndarray, "seed flow"]
    costs: Float[np.ndarray, "seed flow"]  # of the pairs that each flow was trained on
    floor: Float[np.ndarray, " seed"]  # distance of the two halves of the data
    images: Float[np.ndarray, "seed flow count pixels"]  # from one step


@jax.jit
def distance(samples: Array, data: Array) -> Float[Array, ""]:
    """Return the sliced Wasserstein-2 distance over 64 fixed random directions."""
    return sliced_distance(samples, data, random_directions(jax.random.key(0), 64, DIM))


def draw_pairs(settings: Settings, seed: int, learn: Array) -> Pairs:
    """Return noise and digits drawn independently, the digits with replacement."""
    first, second = jax.random.split(jax.random.key(seed))
    picks = jax.random.randint(second, (settings.pool,), 0, len(learn))
    return jax.random.normal(first, (settings.pool, DIM)), learn[picks]


def assign(settings: Settings, pairs: Pairs) -> Pairs:
    """Return `pairs` with each batch of noise assigned to its data at the least squared cost."""
    x0, x1 = (np.asarray(side).reshape(-1, settings.batch, DIM) for side in pairs)
    better = [data[match(noise, data)] for noise, data in zip(x0, x1, strict=True)]
    return pairs[0], jnp.asarray(np.concatenate(better))


def train_flows(settings: Settings, seed: int, learn: Array) -> list[tuple[Network, Pairs]]:
    """Return the flows of `FLOWS` with the pairs that each was trained on."""
    start = init_network(jax.random.key(seed), DIM, width=settings.width)
    pairs = draw_pairs(settings, seed, learn)
    assigned = assign(settings, pairs)
    first = flow_lab.fit(settings, seed, pairs, start)
    matched = flow_lab.fit(settings, seed, assigned, start)
    moved = reflow_pairs(settings, seed + 100, first)
    second = flow_lab.fit(settings, seed + 100, moved, first)
    moved_twice = reflow_pairs(settings, seed + 200, second)
    third = flow_lab.fit(settings, seed + 200, moved_twice, second)
    longer = flow_lab.fit(settings, seed + 300, moved, second)
    return [
        (first, pairs),
        (matched, assigned),
        (second, moved),
        (third, moved_twice),
        (longer, moved),
    ]


def reflow_pairs(settings: Settings, seed: int, network: Network) -> Pairs:
    """Return fresh noise with the points to which the flow takes it."""
    noise = jax.random.normal(jax.random.key(2000 + seed), (settings.pool, DIM))
    return noise, flow_lab.flow_ends(network, noise)


def measure_digits(settings: Settings = SETTINGS, shown: int = 12) -> DigitFlows:
    """Return distances to held-out digits, straightness and costs of the flows of `FLOWS`."""

    def run(seed: int) -> tuple[object, ...]:
        split = split_digits(seed, DIM)
        noise = jax.random.normal(jax.random.key(4000 + seed), split.judge.shape)
        trained = train_flows(settings, seed, jnp.asarray(split.learn))
        lines = [[flow_lab.follow(net, noise, steps=s) for s in STEPS] for net, _ in trained]
        return (
            [[float(distance(line[-1], split.judge)) for line in row] for row in lines],
            [float(flows.straightness(row[-1])) for row in lines],
            [float(flows.transport_cost(*pairs)) for _, pairs in trained],
            float(distance(split.learn, split.judge)),
            [split.to_pixels(row[0][-1][:shown]) for row in lines],
        )

    return DigitFlows(*flow_lab.stack_columns(run_all(run, settings.seeds)))
