"""Flows between two laws: what they regress, how they are followed, and how straight they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from threadbook.labs.targets import Path, interpolate
from threadbook.labs.training import Stream

Velocity = Callable[[Float[Array, "count dim"], Float[Array, " count"]], Float[Array, "count dim"]]
Ends = Callable[[Float[Array, "count dim"], Float[Array, ""]], tuple[Array, Array]]


def uniform_times(key: Key[Array, ""], shape: tuple[int, ...]) -> Array:
    """Return times drawn uniformly from (0, 1)."""
    return jax.random.uniform(key, shape)


def u_shaped_times(key: Key[Array, ""], shape: tuple[int, ...], steepness: float = 4.0) -> Array:
    """Return times with density proportional to `exp(a t) + exp(a (1 - t))`, `a = steepness`.

    Drawn by inverting the distribution function, `1/2 + sinh(a (t - 1/2)) / (2 sinh(a / 2))`.
    """
    u = jax.random.uniform(key, shape)
    return 0.5 + jnp.arcsinh((2 * u - 1) * jnp.sinh(steepness / 2)) / steepness


def start_times(key: Key[Array, ""], shape: tuple[int, ...]) -> Array:
    """Return time 0 throughout: what is left is plain distillation of one step."""
    return jnp.zeros(shape)


def draw_batches(
    key: Key[Array, ""], x0: Array, x1: Array, shape: tuple[int, int]
) -> tuple[Array, Array]:
    """Return batches of pairs `(x0[i], x1[i])` with indices drawn with replacement."""
    picks = jax.random.randint(key, shape, 0, len(x0))
    return x0[picks], x1[picks]


def velocity_stream(path: Path, t: Array, x0: Array, x1: Array) -> Stream:
    """Return the regression of flow matching: at `X_t`, predict the path's own velocity."""
    x, velocity = jax.vmap(jax.vmap(partial(interpolate, path)))(t, x0, x1)
    return Stream(x, t, velocity, jnp.ones_like(t))


def noise_stream(path: Path, t: Array, x0: Array, x1: Array) -> Stream:
    """Return the regression of a denoising model: predict the noise, judged by the data it implies.

    The data implied by a noise is `(X_t - b noise) / a`; an error in the noise is therefore
    weighted by `b / a`.
    """
    a, b = path(t)
    x = a[..., None] * x1 + b[..., None] * x0
    return Stream(x, t, x0, b / a)


def euler(velocity: Velocity, x0: Float[Array, "count dim"], steps: int) -> Array:
    """Return the points at times 0, 1/steps, ..., 1 of each flow line from `x0`."""

    def step(x: Array, t: Array) -> tuple[Array, Array]:
        after = x + velocity(x, jnp.full(len(x), t)) / steps
        return after, after

    _, later = jax.lax.scan(step, x0, jnp.arange(steps) / steps)
    return jnp.concatenate([x0[None], later])


def ends_from_velocity(path: Path, t: Array, x: Array, velocity: Array) -> tuple[Array, Array]:
    """Return the noise and data that a point and its velocity on the path imply.

    Solves `a X1 + b X0 = x` and `a' X1 + b' X0 = velocity`.
    """
    (a, b), (slope_a, slope_b) = jax.jvp(path, (t,), (jnp.ones_like(t),))
    turn = a * slope_b - slope_a * b
    return (a * velocity - slope_a * x) / turn, (slope_b * x - b * velocity) / turn


def ends_from_noise(path: Path, t: Array, x: Array, noise: Array) -> tuple[Array, Array]:
    """Return the predicted noise, and the data that it implies at a point on the path."""
    a, b = path(t)
    return noise, (x - b * noise) / a


def first_order(path: Path, ends: Ends, x0: Float[Array, "count dim"], steps: int) -> Array:
    """Return the points at times 0, 1/steps, ..., 1 that keep to the path between implied ends.

    On the straight path this is Euler's method. On any path a single step is exact if the
    ends implied at time 0 are right, however curved the path in between.
    """

    def step(x: Array, t: Array) -> tuple[Array, Array]:
        end0, end1 = ends(x, t)
        a, b = path(t + 1 / steps)
        after = a * end1 + b * end0
        return after, after

    _, later = jax.lax.scan(step, x0, jnp.arange(steps) / steps)
    return jnp.concatenate([x0[None], later])


def midpoint(velocity: Velocity, x0: Float[Array, "count dim"], steps: int) -> Array:
    """Return where each flow line from `x0` is at time 1, by the midpoint rule (order two)."""

    def step(x: Array, t: Array) -> tuple[Array, None]:
        half = x + velocity(x, jnp.full(len(x), t)) / (2 * steps)
        return x + velocity(half, jnp.full(len(x), t + 0.5 / steps)) / steps, None

    return jax.lax.scan(step, x0, jnp.arange(steps) / steps)[0]


def straightness(lines: Float[Array, "times count dim"]) -> Float[Array, ""]:
    """Return S = E int |(Z1 - Z0) - dZ/dt|^2 dt over the flow lines; zero if all are straight."""
    chord = lines[-1] - lines[0]
    speed = jnp.diff(lines, axis=0) * (len(lines) - 1)
    return jnp.mean(jnp.sum((chord - speed) ** 2, axis=-1))


def transport_cost(x0: Array, x1: Array, power: float = 2.0) -> Float[Array, ""]:
    """Return E |X1 - X0|^power over pairs: the cost of a coupling, convex for power >= 1."""
    return jnp.mean(jnp.sum((x1 - x0) ** 2, axis=-1) ** (power / 2))


def crossing(x0: Array, x1: Array) -> Float[Array, ""]:
    """Return the share of pairs of lines that head through each other.

    Two lines do when exchanging their ends would shorten both squared lengths together:
    `(x0 - x0') . (x1 - x1') < 0`. The best coupling for the squared cost has none.
    """
    starts, ends = x0 - jnp.roll(x0, 1, axis=0), x1 - jnp.roll(x1, 1, axis=0)
    return jnp.mean(jnp.sum(starts * ends, axis=-1) < 0)
