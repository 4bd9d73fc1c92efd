"""The part of the lab on forward processes that trains networks, all of them on digits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key
from sklearn.datasets import load_digits

from threadbook.labs import bayesian_flows, diffusion_length, poisson_flows, token_orders
from threadbook.labs.digits import split_digits
from threadbook.labs.distances import energy_distance
from threadbook.labs.networks import Network, init_network
from threadbook.labs.token_orders import Budget
from threadbook.labs.training import Stream, regress, run_all

WORKERS = 1  # two threads would compile everything twice
LENGTHS = (0.2, 0.4, 0.6, 1.0)  # as in the paper's tables
EXTRAS = (1.0, 4.0, 16.0, poisson_flows.GAUSSIAN)
ERRORS = (0.0, 0.4)
GROUPS = (4, 8, 16, 32)  # steps of the model that draws in any order
STEPS = (*range(4, 33), *range(36, 65, 4), *range(72, 129, 8))
ACCURACY = 3.0  # beta(1), as published for binary images
LEVELS = 128  # places at which an absorbing diffusion may stop

energy = jax.jit(energy_distance)
flow_loss = partial(bayesian_flows.flow_loss, accuracy=ACCURACY)


@dataclass(frozen=True)
class Settings:
    """Seeds and budgets of the runs, equal for a method and for what it is compared with."""

    seeds: tuple[int, ...] = (20, 21, 22, 23, 24)
    dim: int = 16
    width: int = 64
    updates: int = 800
    batch: int = 128
    rate: float = 3e-3
    steps: int = 50
    samples: int = 1024
    tokens: Budget = field(default_factory=lambda: Budget(updates=1000, batch=64, rate=6e-3))


@dataclass(frozen=True)
class Lengths:
    """Energy distances to held-out digits by length of the schedule and start."""

    pure: Float[np.ndarray, "seed length"]
    helped: Float[np.ndarray, "seed helper length"]  # by a mixture of one, and of ten
    alone: Float[np.ndarray, "seed helper"]  # the mixture without any diffusion
    floor: Float[np.ndarray, " seed"]


@dataclass(frozen=True)
class Tokens:
    """Bounds in bits an image on held-out binary digits."""

    groups: Float[np.ndarray, "seed budget"]  # any order, groups set by dynamic programming
    even: Float[np.ndarray, "seed step"]  # absorbing diffusion, even levels
    best: Float[np.ndarray, "seed step"]  # absorbing diffusion, levels set in the same way
    limit: Float[np.ndarray, " seed"]  # absorbing diffusion with endless steps
    belief: Float[np.ndarray, " seed"]  # Bayesian flow network, continuous time


def train(settings: Settings, seed: int, stream: Stream) -> Network:
    """Return a fresh network after one pass through the stream."""
    start = init_network(jax.random.key(seed), stream.x.shape[-1], width=settings.width)
    network: Network = regress(start, stream, rate=settings.rate)[0]
    return network


HELPERS = (1, 10)


def compare_lengths(settings: Settings) -> Lengths:
    """Return what each length gives, from pure noise and from modelled ends."""

    def run(seed: int) -> tuple[list[float], list[list[float]], list[float], float]:
        split = split_digits(seed, settings.dim)
        judge = jnp.asarray(split.judge)
        random = np.random.default_rng(1000 + seed)
        noise = random.standard_normal((settings.samples, settings.dim), np.float32)
        pure, helped = [], []
        for length in LENGTHS:
            cut = jnp.float32(length)
            shape = (settings.updates, settings.batch)
            key = jax.random.key(2000 + seed)
            random = np.random.default_rng(2000 + seed)
            stream = diffusion_length.draw_stream(random, split.learn, cut, shape)
            network = train(settings, seed, stream)
            starts = [noise, *(modelled(settings, split.learn, length, seed, m) for m in HELPERS)]
            gaps = [
                float(energy(diffusion_length.sample(network, x, key, cut, settings.steps), judge))
                for x in starts
            ]
            pure.append(gaps[0])
            helped.append(gaps[1:])
        ends = [modelled(settings, split.learn, 0.0, seed, modes) for modes in HELPERS]
        alone = [float(energy(end, judge)) for end in ends]
        return pure, np.transpose(helped).tolist(), alone, float(energy(split.learn, judge))

    columns = zip(*run_all(run, settings.seeds, WORKERS), strict=True)
    return Lengths(*(np.array(column) for column in columns))


def modelled(
    settings: Settings, points: np.ndarray, length: float, seed: int, modes: int
) -> Float[Array, "count dim"]:
    """Return draws from the helper's model of the end of a schedule of this length."""
    return jnp.asarray(
        diffusion_length.model_end(points, length, seed, settings.samples, modes=modes)
    )


@partial(jax.jit, static_argnames="steps")
def unblur(
    key: Key[Array, ""],
    network: Network,
    start: Float[Array, "count dim"],
    error: Float[Array, ""],
    judge: Float[Array, "other dim"],
    steps: int,
) -> Float[Array, ""]:
    """Return the energy distance to `judge` of samples whose steps are upset by an error."""
    return energy_distance(poisson_flows.sample(network, start, key, steps, error), judge)


def compare_extras(settings: Settings, steps: int = 18) -> Float[np.ndarray, "seed extra error"]:
    """Return energy distances to held-out digits by D and by the error of each step."""

    def run(seed: int) -> list[list[float]]:
        split, rows = split_digits(seed, settings.dim), []
        judge = jnp.asarray(split.judge)
        for extra in EXTRAS:
            random = np.random.default_rng(3000 + seed)
            shape = (settings.updates, settings.batch)
            stream = poisson_flows.draw_stream(random, split.learn, extra, shape)
            network = train(settings, seed, stream)
            normal = random.standard_normal((settings.samples, settings.dim), np.float32)
            stretch = poisson_flows.draw_stretch(random, (settings.samples,), extra)
            start = poisson_flows.MOST * stretch[:, None] * normal
            gap = partial(unblur, jax.random.key(4000 + seed), network, start)
            rows.append([float(gap(jnp.float32(error), judge, steps)) for error in ERRORS])
        return rows

    return np.array(run_all(run, settings.seeds, WORKERS))


def binary_digits(seed: int) -> tuple[Float[Array, "count tokens"], Float[Array, "count tokens"]]:
    """Return two halves of the digits, with ink as 1 and paper as -1."""
    signs = np.where(load_digits().data >= 8, 1.0, -1.0).astype(np.float32)
    order = np.random.default_rng(seed).permutation(len(signs))
    half = len(signs) // 2
    return jnp.asarray(signs[order[:half]]), jnp.asarray(signs[order[half : 2 * half]])


def compare_tokens(settings: Settings) -> Tokens:
    """Return the bounds of three ways to draw tokens, with plans made on the first half."""

    def run(seed: int) -> tuple[object, ...]:
        learn, judge = binary_digits(seed)
        key = jax.random.key(5000 + seed)
        network = token_orders.fit(key, learn, token_orders.masked_loss, settings.tokens)
        seen, new = (
            np.asarray(token_orders.surprise_table(network, key, x), float) for x in (learn, judge)
        )
        belief = token_orders.fit(key, learn, flow_loss, settings.tokens)
        return (
            *budget_bits(seen, new),
            new.sum(),
            float(bayesian_flows.flow_bits(belief, key, judge, ACCURACY)),
        )

    columns = zip(*run_all(run, settings.seeds, WORKERS), strict=True)
    return Tokens(*(np.array(column) for column in columns))


def budget_bits(
    seen: Float[np.ndarray, " tokens"], new: Float[np.ndarray, " tokens"]
) -> tuple[list[float], list[float], list[float]]:
    """Return bits by budget of planned groups, of even levels, and of planned levels.

    Plans are made on the table `seen` and paid on the table `new`.
    """
    levels = np.linspace(0, 1, LEVELS + 1)
    group_plan, level_plan = token_orders.group_costs(seen), token_orders.level_costs(seen, levels)
    group_bill, level_bill = token_orders.group_costs(new), token_orders.level_costs(new, levels)
    groups = [token_orders.bits(group_bill, token_orders.best_stops(group_plan, k)) for k in GROUPS]
    best = [token_orders.bits(level_bill, token_orders.best_stops(level_plan, k)) for k in STEPS]
    return groups, [even_bits(new, k) for k in STEPS], best


def even_bits(table: Float[np.ndarray, " tokens"], steps: int) -> float:
    """Return the bits of an absorbing diffusion with evenly spaced levels."""
    levels = np.linspace(0, 1, steps + 1)
    return token_orders.bits(token_orders.level_costs(table, levels), np.arange(steps + 1))


def steps_needed(
    targets: Float[np.ndarray, "seed budget"], curve: Float[np.ndarray, "seed step"]
) -> Float[np.ndarray, "seed budget"]:
    """Return the fewest of STEPS at which the curve is down to each target, or infinity."""
    reached = curve[:, None, :] <= targets[:, :, None]
    steps = np.where(reached, np.array(STEPS, float), np.inf)
    fewest: np.ndarray = steps.min(axis=-1)
    return fewest
