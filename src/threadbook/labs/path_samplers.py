"""Samplers of unnormalised densities that learn the drift of a diffusion which starts at a point.

Paths follow `dX = scale u(X, t) dt + scale dW` from X_0 = 0. The reference has no control u, so
that its end is normal; reweighted by the target at the end it is the half-bridge that the control
has to learn. Every loss is built from one log-ratio of path laws, equation (3) of the chapter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Key

from threadbook.labs import targets
from threadbook.labs.networks import Network, apply_network, init_network
from threadbook.labs.targets import Mixture
from threadbook.labs.training import cosine_adam

Paths = Float[Array, "times count dim"]
Points = Float[Array, "count dim"]
Buffer = Float[np.ndarray, "count dim"]
Loss = Literal["mean", "variance"]
CLIP = 50.0  # on the length of the target's score, as published codes do
SEARCH_STEP = 0.05  # of the local search, squared


@dataclass(frozen=True)
class Sampler:
    """What a run is given: how far the reference spreads, and how much may be spent."""

    scale: float = 3.0
    steps: int = 16
    batch: int = 128
    width: int = 32
    updates: int = 30  # in a round
    chains: int = 64  # of the local search between rounds
    moves: int = 20


@partial(jax.tree_util.register_dataclass, data_fields=["drift", "gate", "guided"], meta_fields=[])
@dataclass(frozen=True)
class Control:
    """The two networks of the control: a drift, and how much of the target's score to add.

    `guided` is one if the score is added at all and zero otherwise; it is not trained.
    """

    drift: Network
    gate: Network
    guided: Float[Array, ""]


def init_control(key: Key[Array, ""], dim: int, width: int, *, guided: bool) -> Control:
    """Return a fresh control, zero everywhere."""
    first, second = jax.random.split(key)
    gate = init_network(second, 1, width=16, hidden=1)
    drift = init_network(first, dim, width=width, hidden=2)
    return Control(drift, gate, jnp.float32(guided))


@partial(jax.tree_util.register_dataclass, data_fields=["noise", "ends", "replay"], meta_fields=[])
@dataclass(frozen=True)
class Batch:
    """What one update needs: increments, ends of bridges, and whether to use those (one) or not."""

    noise: Paths
    ends: Points
    replay: Float[Array, ""]


@partial(
    jax.tree_util.register_dataclass, data_fields=["old", "normals", "uniforms"], meta_fields=[]
)
@dataclass(frozen=True)
class Chance:
    """What a local search needs: old points, and the random numbers of its moves."""

    old: Points
    normals: Float[Array, "moves count dim"]
    uniforms: Float[Array, "moves count"]


@dataclass(frozen=True)
class Recipe:
    """How a sampler is trained: its loss and rate, with the target's score or not, with replay."""

    loss: Loss
    rate: float
    guided: bool = False
    replay: bool = False


State = tuple[Any, Any]
Pace = tuple[Any, Any]
"""The first learning rate, and the number of updates over which it falls to zero."""


def time_grid(steps: int) -> Float[Array, " times"]:
    """Return times from 0 to 1 whose steps shrink towards the data, where the law is sharp."""
    return 1 - (1 - jnp.linspace(0, 1, steps + 1)) ** 2


def score(law: Mixture, x: Points) -> Points:
    """Return the score of the target at points, shortened to at most CLIP.

    In closed form: the derivative of a derivative would take seconds to compile.
    """
    gaps = (law.means - x[:, None]) / law.scales[:, None] ** 2
    squared = jnp.sum((law.scales[:, None] * gaps) ** 2, axis=-1)
    logits = jnp.log(law.weights) - x.shape[1] * jnp.log(law.scales) - 0.5 * squared
    slope = jnp.sum(jax.nn.softmax(logits, axis=1)[..., None] * gaps, axis=1)
    length = jnp.linalg.norm(slope, axis=1, keepdims=True)
    shortened: Points = slope * jnp.minimum(1.0, CLIP / jnp.maximum(length, 1e-6))
    return shortened


def steer(
    control: Control, law: Mixture, sampler: Sampler, x: Points, t: Float[Array, ""]
) -> Points:
    """Return the control at points and a time: a network, plus a gated score if guided."""
    times = jnp.full(len(x), t)
    gate = jax.lax.stop_gradient(control.guided) * apply_network(
        control.gate, times[:, None], times
    )
    drift = apply_network(control.drift, x / sampler.scale, times)
    return drift + gate * sampler.scale * score(law, x)


def walk(control: Control, law: Mixture, sampler: Sampler, noise: Paths) -> tuple[Paths, Paths]:
    """Return paths of the controlled diffusion, by Euler's method, and the controls along them."""
    times = time_grid(sampler.steps)

    def step(x: Points, now: tuple[Array, Array, Array]) -> tuple[Points, tuple[Points, Points]]:
        t, u, normal = now
        drift = steer(control, law, sampler, x, t)
        after = x + sampler.scale * (drift * (u - t) + jnp.sqrt(u - t) * normal)
        return after, (after, drift)

    start = jnp.zeros(noise.shape[1:])
    _, (later, drifts) = jax.lax.scan(step, start, (times[:-1], times[1:], noise))
    return jnp.concatenate([start[None], later]), drifts


def simulate(control: Control, law: Mixture, sampler: Sampler, noise: Paths) -> Paths:
    """Return paths of the controlled diffusion, driven by `noise`."""
    return walk(control, law, sampler, noise)[0]


def bridge_back(sampler: Sampler, noise: Paths, ends: Points) -> Paths:
    """Return paths of the reference from 0 to the given ends: Brownian bridges."""
    times = time_grid(sampler.steps)
    moves = jnp.sqrt(jnp.diff(times))[:, None, None] * noise
    free = sampler.scale * jnp.concatenate([jnp.zeros_like(noise[:1]), jnp.cumsum(moves, axis=0)])
    return free + times[:, None, None] * (ends - free[-1])


def log_ratio(law: Mixture, sampler: Sampler, paths: Paths, controls: Paths) -> Array:
    """Return `log dP_theta / dP*` along each path, up to the target's constant.

    `sum_k u_k . (X_(k+1) - X_k) / scale - |u_k|^2 dt / 2 + log N(X_1; 0, scale^2) - log rho(X_1)`,
    exact for the discrete chain. It holds on any paths, also those of another control.
    """
    moves = jnp.diff(paths, axis=0) / sampler.scale
    widths = jnp.diff(time_grid(sampler.steps))[:, None]
    girsanov = jnp.sum(jnp.sum(controls * moves, -1) - 0.5 * widths * jnp.sum(controls**2, -1), 0)
    end, dim = paths[-1], paths.shape[-1]
    normal = -0.5 * jnp.sum(end**2, -1) / sampler.scale**2 - dim * jnp.log(sampler.scale)
    density = jax.vmap(partial(targets.log_density, law))(end)
    return girsanov + normal - 0.5 * dim * jnp.log(2 * jnp.pi) - density


def controls_on(control: Control, law: Mixture, sampler: Sampler, paths: Paths) -> Paths:
    """Return the controls along given paths."""
    times = time_grid(sampler.steps)[:-1]
    controls: Paths = jax.vmap(partial(steer, control, law, sampler))(paths[:-1], times)
    return controls


def path_loss(
    control: Control, law: Mixture, sampler: Sampler, batch: Batch, loss: Loss
) -> Float[Array, ""]:
    """Return the mean or the variance of the log-ratio over a batch of paths.

    The mean is the reverse Kullback-Leibler divergence, differentiated through the sampler's own
    paths. The variance (`richter2023improved`, section 3) takes paths as given: no derivative
    passes through them, and the unknown constant drops out. It may therefore be taken on paths
    that the sampler would not go, such as bridges to the ends that a buffer holds.
    """
    own, drifts = walk(control, law, sampler, batch.noise)
    if loss == "mean":
        return jnp.mean(log_ratio(law, sampler, own, drifts))
    half = batch.ends.shape[0]
    bridges = bridge_back(sampler, batch.noise[:, :half], batch.ends)
    first = jnp.where(batch.replay > 0, bridges, own[:, :half])
    paths = jax.lax.stop_gradient(jnp.concatenate([first, own[:, half:]], axis=1))
    ratios = log_ratio(law, sampler, paths, controls_on(control, law, sampler, paths))
    return 0.5 * (jnp.var(ratios[:half], ddof=1) + jnp.var(ratios[half:], ddof=1))


@partial(jax.jit, static_argnames=("sampler", "loss"))
def train_round(
    state: State, law: Mixture, sampler: Sampler, batches: Batch, pace: Pace, *, loss: Loss
) -> State:
    """Return control and optimiser's memory after one update a batch."""
    optimiser = make_optimiser(pace)

    def update(state: State, batch: Batch) -> tuple[State, None]:
        control, memory = state
        slope = jax.grad(path_loss)(control, law, sampler, batch, loss)
        change, memory = optimiser.update(slope, memory)
        return (optax.apply_updates(control, change), memory), None

    return jax.lax.scan(update, state, batches)[0]


def make_optimiser(pace: Pace) -> optax.GradientTransformation:
    """Return Adam with a falling rate behind a bound on the gradient's length."""
    rate, total = pace
    return optax.flatten(optax.chain(optax.clip_by_global_norm(1.0), cosine_adam(rate, total)))


@partial(jax.jit, static_argnames=("sampler",))
def search(
    control: Control, law: Mixture, sampler: Sampler, noise: Paths, chance: Chance
) -> Points:
    """Return points found by local search from fresh ends of the sampler and from old points.

    Langevin moves with Metropolis's correction towards the target, on all chains at once.
    """
    ends = simulate(control, law, sampler, noise)[-1]
    return local_search(law, jnp.concatenate([ends, chance.old]), chance)


def local_search(law: Mixture, x: Points, chance: Chance) -> Points:
    """Return points after Langevin moves with Metropolis's correction towards the target."""

    def log_move(here: Points, there: Points, slope: Points) -> Array:
        return -jnp.sum((there - here - SEARCH_STEP * slope) ** 2, -1) / (4 * SEARCH_STEP)

    def height(x: Points) -> Array:
        return jax.vmap(partial(targets.log_density, law))(x)

    def step(x: Points, now: tuple[Array, Array]) -> tuple[Points, None]:
        normal, uniform = now
        slope = score(law, x)
        moved = x + SEARCH_STEP * slope + jnp.sqrt(2 * SEARCH_STEP) * normal
        back = log_move(moved, x, score(law, moved))
        gain = height(moved) - height(x) + back - log_move(x, moved, slope)
        return jnp.where((jnp.log(uniform) < gain)[:, None], moved, x), None

    return jax.lax.scan(step, x, (chance.normals, chance.uniforms))[0]


def train_sampler(
    seed: int, law: Mixture, sampler: Sampler, recipe: Recipe, rounds: int
) -> Control:
    """Return a control trained for some rounds, on its own paths or half of them on replayed ends.

    With replay (`sendera2024diffusion`, section 4) local search in the target's space precedes
    each round. It starts from the sampler's ends and from the buffer; what it finds refills the
    buffer, from which the ends of bridges are drawn.
    """
    rng, dim = np.random.default_rng(seed), law.means.shape[1]
    control: Any = init_control(jax.random.key(seed), dim, sampler.width, guided=recipe.guided)
    pace = jnp.float32(recipe.rate), jnp.asarray(rounds * sampler.updates)
    state: State = control, make_optimiser(pace).init(control)
    buffer: Buffer = sampler.scale * rng.normal(size=(4 * sampler.chains, dim)).astype(np.float32)
    for _ in range(rounds):
        if recipe.replay:
            noise, chance = draw_chance(rng, sampler, buffer)
            found = np.asarray(search(state[0], law, sampler, noise, chance))
            buffer = np.concatenate([found, buffer])[: len(buffer)]
        batches = draw_batches(rng, sampler, buffer, recipe)
        state = train_round(state, law, sampler, batches, pace, loss=recipe.loss)
    trained: Control = state[0]
    return trained


def draw_batches(
    rng: np.random.Generator, sampler: Sampler, buffer: Buffer, recipe: Recipe
) -> Batch:
    """Return what drives the updates of a round: noise, and ends drawn from the buffer."""
    shape = (sampler.updates, sampler.steps, sampler.batch, buffer.shape[1])
    picks = rng.integers(len(buffer), size=(sampler.updates, sampler.batch // 2))
    replay = np.full(sampler.updates, recipe.replay, np.float32)
    noise = rng.normal(size=shape).astype(np.float32)
    return Batch(jnp.asarray(noise), jnp.asarray(buffer[picks]), jnp.asarray(replay))


def draw_chance(rng: np.random.Generator, sampler: Sampler, buffer: Buffer) -> tuple[Paths, Chance]:
    """Return the noise of fresh paths, and old points and random numbers for a local search."""
    half, dim = sampler.chains // 2, buffer.shape[1]
    noise = rng.normal(size=(sampler.steps, half, dim)).astype(np.float32)
    normals = rng.normal(size=(sampler.moves, sampler.chains, dim)).astype(np.float32)
    uniforms = rng.uniform(size=(sampler.moves, sampler.chains)).astype(np.float32)
    old = buffer[rng.permutation(len(buffer))[:half]]
    return jnp.asarray(noise), Chance(*(jnp.asarray(v) for v in (old, normals, uniforms)))


def mode_shares(law: Mixture, x: Points) -> Float[Array, " modes"]:
    """Return the share of points nearest to each mode of the target."""
    squared = jnp.sum((x[:, None] - law.means[None]) ** 2, axis=-1)
    return jnp.mean(jax.nn.one_hot(jnp.argmin(squared, axis=1), len(law.means)), axis=0)
