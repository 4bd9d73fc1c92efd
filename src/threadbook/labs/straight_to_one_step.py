"""The lab of the thread on flow matching, rectified flow and one-step generation.

Each experiment takes `Settings` and returns arrays whose first axis is the seed. Noise is
standard normal, data are the uneven ring of eight Gaussians, and every distance is sliced
Wasserstein-2, in units of the plane, between 2,048 evenly drawn points on either side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from threadbook.labs import flows, targets
from threadbook.labs.distances import even_directions, match, sliced_distance
from threadbook.labs.networks import Network, apply_network, init_network
from threadbook.labs.training import SQUARED, Stream, regress, run_all

NOISE, DATA = targets.make_normal(2), targets.make_uneven_ring()
STEPS = (1, 2, 4, 8, 32)

Pairs = tuple[Float[Array, "count dim"], Float[Array, "count dim"]]

exact_velocity = jax.jit(jax.vmap(targets.exact_velocity(NOISE, DATA, targets.linear_path)))


@dataclass(frozen=True)
class Settings:
    """The budget of every run: the same for a method and for what it is compared with."""

    seeds: tuple[int, ...] = (10, 11, 12, 13, 14)
    updates: int = 1000
    batch: int = 128
    pool: int = 8192  # pairs a run draws its batches from
    width: int = 64
    rate: float = 3e-3
    judged: int = 2048  # points on either side of a distance


@dataclass(frozen=True)
class Plan:
    """What a run regresses: which times are drawn, on which path, and what is predicted."""

    times: Callable[[Key[Array, ""], tuple[int, ...]], Array] = flows.uniform_times
    path: targets.Path = targets.linear_path
    stream: Callable[..., Stream] = flows.velocity_stream
    ends: Callable[..., tuple[Array, Array]] = flows.ends_from_velocity
    bend: float = SQUARED


STRAIGHT = Plan()
U_SHAPED = Plan(times=flows.u_shaped_times)
CURVED = Plan(path=targets.cosine_path)
# The published code keeps the network that predicts noise but judges the data it implies, with a
# pseudo-Huber loss.
DENOISING = Plan(
    path=targets.latent_path, stream=flows.noise_stream, ends=flows.ends_from_noise, bend=0.1
)
FAINT = replace(DENOISING, path=targets.denoising_path)
# Shares only the path with DENOISING, so that a difference to the line is the path's.
DIFFUSED = Plan(path=targets.latent_path)
AT_START = Plan(times=flows.start_times)


@dataclass(frozen=True)
class ExactPaths:
    """What exact velocity fields give, per seed: distances by Euler steps, and kinetic energy."""

    distances: Float[np.ndarray, "seed path step"]
    energies: Float[np.ndarray, "seed path"]


def judge_sets(settings: Settings, seed: int, law: targets.Mixture = DATA) -> Pairs:
    """Return the noise that every method of a seed starts from, and the data it is held to."""
    noise = targets.draw_evenly(NOISE, 2 * seed, settings.judged)
    data = targets.draw_evenly(law, 2 * seed + 1, settings.judged)
    return jnp.asarray(noise), jnp.asarray(data)


@jax.jit
def distance(samples: Array, data: Array) -> Float[Array, ""]:
    """Return the sliced Wasserstein-2 distance of two sets in the plane, over 32 directions."""
    return sliced_distance(samples, data, even_directions(32))


def noise_floor(settings: Settings) -> Float[np.ndarray, " seed"]:
    """Return, per seed, the distance of two sets that both come from the data's law."""
    return np.array(
        [
            distance(targets.draw_evenly(DATA, 1000 + seed, settings.judged), data)
            for seed in settings.seeds
            for _, data in [judge_sets(settings, seed)]
        ]
    )


@partial(jax.jit, static_argnames="count")
def draw_pairs(key: Key[Array, ""], *, count: int) -> Pairs:
    """Return noise and data drawn independently."""
    first, second = jax.random.split(key)
    noise, data = targets.draw(NOISE, first, count), targets.draw(DATA, second, count)
    return noise, data


@partial(jax.jit, static_argnames=("shape", "plan"))
def make_stream(key: Key[Array, ""], pairs: Pairs, *, shape: tuple[int, int], plan: Plan) -> Stream:
    """Return the examples of a run: random pairs at random times on the plan's path."""
    pick, clock = jax.random.split(key)
    x0, x1 = flows.draw_batches(pick, *pairs, shape)
    return plan.stream(plan.path, plan.times(clock, shape), x0, x1)


def fresh(settings: Settings, seed: int) -> Network:
    """Return the untrained network of a seed."""
    network: Network = init_network(jax.random.key(seed), 2, width=settings.width)
    return network


def fit(
    settings: Settings, seed: int, pairs: Pairs, start: Network, plan: Plan = STRAIGHT
) -> Network:
    """Return `start` after a run's updates on `pairs`."""
    shape = (settings.updates, settings.batch)
    stream = make_stream(jax.random.key(1000 + seed), pairs, shape=shape, plan=plan)
    network: Network = regress(start, stream, plan.bend, rate=settings.rate)[0]
    return network


@partial(jax.jit, static_argnames=("steps", "plan"))
def follow(network: Network, noise: Array, *, steps: int, plan: Plan = STRAIGHT) -> Array:
    """Return the lines of a trained flow from `noise`, one evaluation a step."""

    def ends(x: Array, t: Array) -> tuple[Array, Array]:
        return plan.ends(plan.path, t, x, apply_network(network, x, jnp.full(len(x), t)))

    return flows.first_order(plan.path, ends, noise, steps)


@jax.jit
def flow_ends(network: Network, noise: Array) -> Array:
    """Return where a trained flow takes `noise`, by 32 evaluations of the midpoint rule."""
    return flows.midpoint(partial(apply_network, network), noise, 16)


@jax.jit
def exact_ends(noise: Array) -> Array:
    """Return where the exact flow takes `noise`: a teacher without error."""
    return flows.midpoint(exact_velocity, noise, 32)


def judge_steps(settings: Settings, seed: int, network: Network) -> list[float]:
    """Return the distance to the data after each number of Euler steps in STEPS."""
    noise, data = judge_sets(settings, seed)
    return [float(distance(follow(network, noise, steps=s)[-1], data)) for s in STEPS]


def stack_columns(rows: Sequence[tuple[object, ...]]) -> list[np.ndarray]:
    """Return one array a column of `rows`, with the seed as its first axis."""
    return [np.array(column, float) for column in zip(*rows, strict=True)]


def compare_plans(settings: Settings, plans: tuple[Plan, ...]) -> Float[np.ndarray, "seed plan 3"]:
    """Return what `score_plan` measures of each plan, on an exact teacher's pairs."""

    def run(seed: int) -> list[tuple[float, float, float]]:
        noise, data = judge_sets(settings, seed)
        judged = noise, data, exact_ends(noise)
        start, _ = draw_pairs(jax.random.key(seed), count=settings.pool)
        pairs = start, exact_ends(start)
        return [
            score_plan(fit(settings, seed, pairs, fresh(settings, seed), plan), judged, plan)
            for plan in plans
        ]

    return np.array(run_all(run, settings.seeds))


def score_plan(
    network: Network, judged: tuple[Array, Array, Array], plan: Plan
) -> tuple[float, float, float]:
    """Return distance after one step, straightness in 32, and distance from the trained start.

    Training begins where the path does, at noise with a trace of signal; sampling begins at
    pure noise. The last number is the one-step distance with the trace put in. `judged` holds
    noise, data, and where the exact flow takes the noise.
    """
    noise, data, ends = judged
    after = follow(network, noise, steps=1, plan=plan)[-1]
    lines = follow(network, noise, steps=32, plan=plan)
    a, b = plan.path(jnp.zeros(()))
    traced = follow(network, a * ends + b * noise, steps=1, plan=plan)[-1]
    return (
        float(distance(after, data)),
        float(flows.straightness(lines)),
        float(distance(traced, data)),
    )


def compare_random_pairs(
    settings: Settings, plans: tuple[Plan, ...]
) -> Float[np.ndarray, "seed plan"]:
    """Return the one-step distance of each plan trained on random pairs."""

    def run(seed: int) -> list[float]:
        judged = judge_sets(settings, seed)
        pairs = draw_pairs(jax.random.key(seed), count=settings.pool)
        networks = [fit(settings, seed, pairs, fresh(settings, seed), plan) for plan in plans]
        ends = [
            follow(network, judged[0], steps=1, plan=plan)[-1]
            for network, plan in zip(networks, plans, strict=True)
        ]
        return [float(distance(end, judged[1])) for end in ends]

    return np.array(run_all(run, settings.seeds))


def assign_pairs(settings: Settings, pairs: Pairs) -> Pairs:
    """Return `pairs` with each batch of noise assigned to its data at the least squared cost."""
    x0, x1 = (np.asarray(side).reshape(-1, settings.batch, 2) for side in pairs)
    better = [data[match(noise, data)] for noise, data in zip(x0, x1, strict=True)]
    return pairs[0], jnp.asarray(np.concatenate(better))


def compare_assignment(settings: Settings) -> Float[np.ndarray, "seed step"]:
    """Return distances by number of steps of a flow trained once, on assigned batches."""

    def run(seed: int) -> list[float]:
        pairs = assign_pairs(settings, draw_pairs(jax.random.key(seed), count=settings.pool))
        return judge_steps(settings, seed, fit(settings, seed, pairs, fresh(settings, seed)))

    return np.array(run_all(run, settings.seeds))


def compare_exact_paths(
    settings: Settings,
    paths: tuple[targets.Path, ...],
    law: targets.Mixture = DATA,
    steps: tuple[int, ...] = (4, 8, 16),
) -> ExactPaths:
    """Return distances to `law` after Euler steps along exact fields, and kinetic energies.

    The energy E int |v|^2 dt is taken along lines of 64 steps.
    """
    fields = [jax.vmap(targets.exact_velocity(NOISE, law, path)) for path in paths]

    @jax.jit
    def measure(noise: Array, data: Array) -> tuple[Array, Array]:
        gaps = [[distance(flows.euler(f, noise, s)[-1], data) for s in steps] for f in fields]
        speeds = [jnp.diff(flows.euler(field, noise, 64), axis=0) * 64 for field in fields]
        energies = [jnp.mean(jnp.sum(speed**2, axis=-1)) for speed in speeds]
        return jnp.array(gaps), jnp.array(energies)

    rows = run_all(lambda seed: measure(*judge_sets(settings, seed, law)), settings.seeds)
    return ExactPaths(*stack_columns(rows))
