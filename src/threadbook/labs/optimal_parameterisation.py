"""What to ask of a network: statistics that choose between noise, data and what lies between.

The method of `zheng2023dpmsolverv3`. With `kappa = log(a / b)` as clock and coefficients l, s, c
for each coordinate, let `f = (b noise - l x) / a`. Then `d(e^L x / a) = -e^L f` with `L = int l`,
and f is taken to follow `f' = s f + c`. Noise prediction is (l, s, c) = (0, -1, 0), data prediction
(1, 0, 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from threadbook.labs import solvers
from threadbook.labs.flows import Ends
from threadbook.labs.targets import Path

Numbers = np.ndarray | Array
PARTS = 120  # intervals of kappa on which statistics are kept, as in the paper


@dataclass(frozen=True)
class Statistics:
    """The coefficients l, s and c of every coordinate at the points of a grid in kappa."""

    kappas: Float[np.ndarray, " grid"]
    linear: Float[np.ndarray, "grid dim"]
    growth: Float[np.ndarray, "grid dim"]
    offset: Float[np.ndarray, "grid dim"]


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["times", "linear", "stay", "now", "before", "constant"],
    meta_fields=[],
)
@dataclass(frozen=True)
class Coefficients:
    """A solver as numbers: `x <- stay x + now f + before f_before + constant`, step by step."""

    times: Float[Numbers, " times"]
    linear: Float[Numbers, "steps dim"]
    stay: Float[Numbers, "steps dim"]
    now: Float[Numbers, "steps dim"]
    before: Float[Numbers, "steps dim"]
    constant: Float[Numbers, "steps dim"]


def fixed_statistics(path: Path, dim: int, predict: Literal["noise", "data"]) -> Statistics:
    """Return the coefficients that make the solver predict noise, or data, throughout."""
    times = jnp.asarray(solvers.space_times(path, PARTS, "snr"))
    kappas = np.asarray(solvers.half_log_snr(path, times), float)
    ones, zeros = np.ones((PARTS + 1, dim)), np.zeros((PARTS + 1, dim))
    if predict == "noise":
        return Statistics(kappas, zeros, -ones, zeros)
    return Statistics(kappas, ones, zeros, zeros)


def follow_model(
    key: Key[Array, ""],
    ends: Ends,
    path: Path,
    x: Float[Array, "count dim"],
    times: Float[Array, " grid"],
    *,
    probes: int = 2,
) -> tuple[
    Float[Array, "grid count dim"], Float[Array, "grid count dim"], Float[Array, "grid dim"]
]:
    """Return points, noises and `b E[diag d noise / dx]` along trajectories from `x` at `times`.

    The diagonal is estimated with random signs (Hutchinson), the same at every kappa.
    """
    signs = jax.random.rademacher(key, (probes, *x.shape), x.dtype)

    def look(x: Array, t: Array) -> tuple[Array, Array, Array]:
        def push(sign: Array) -> tuple[Array, Array]:
            noise, change = jax.jvp(lambda x: ends(x, t)[0], (x,), (sign,))
            return noise, jnp.mean(sign * change, axis=0)

        noises, slopes = jax.vmap(push)(signs)
        return x, noises[0], path(t)[1] * jnp.mean(slopes, axis=0)

    def step(x: Array, pair: Array) -> tuple[Array, tuple[Array, ...]]:
        return solvers.dpm_solver(ends, path, x, pair, order=2), look(x, pair[0])

    last, seen = jax.lax.scan(step, x, jnp.stack([times[:-1], times[1:]], axis=1))
    ends_seen = zip(seen, look(last, times[-1]), strict=True)
    points, noises, linear = (jnp.concatenate([some, end[None]]) for some, end in ends_seen)
    return points, noises, linear


def fit_statistics(
    path: Path,
    points: Float[np.ndarray, "grid count dim"],
    noises: Float[np.ndarray, "grid count dim"],
    linear: Float[np.ndarray, "grid dim"],
) -> Statistics:
    """Return the coefficients that a model itself asks for, from what `follow_model` saw.

    `zheng2023dpmsolverv3`: `l = E[b diag d noise / dx]` minimises how much `b noise - l x` depends
    on x; s and c are the regression of f' on f, with f' a difference along the trajectory.
    """
    times = jnp.asarray(solvers.space_times(path, PARTS, "snr"))
    kappas = np.asarray(solvers.half_log_snr(path, times), float)
    a, b = (np.asarray(v, float)[:, None, None] for v in path(times))
    f = (b * noises - linear[:, None] * points) / a
    slope = np.gradient(f, kappas, axis=0)
    mean, speed = f.mean(axis=1), slope.mean(axis=1)
    growth = np.mean((f - mean[:, None]) * slope, axis=1) / f.var(axis=1)
    return Statistics(kappas, np.asarray(linear, float), growth, speed - growth * mean)


def accumulate(values: Float[np.ndarray, "grid dim"], grid: np.ndarray) -> np.ndarray:
    """Return the integral of `values` from the first grid point to each, by the trapezoid rule."""
    pieces = 0.5 * np.diff(grid)[:, None] * (values[1:] + values[:-1])
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(pieces, axis=0)])


def make_coefficients(
    statistics: Statistics, path: Path, marks: Int[np.ndarray, " times"]
) -> Coefficients:
    """Return the second-order multi-step solver whose times are the grid points `marks`.

    Along a step f is `e^S` times a straight line in kappa, fitted to the last two evaluations, plus
    what c adds (`zheng2023dpmsolverv3`, local approximation with n = 1); the first step is of order
    one.
    """
    grid = statistics.kappas
    rise, growth = (accumulate(v, grid) for v in (statistics.linear, statistics.growth))
    added = accumulate(np.exp(-growth) * statistics.offset, grid)
    times = solvers.space_times(path, len(grid) - 1, "snr")[marks]
    # sqrt(1 / (1 + e^-2k)) is a on a variance-preserving path, without the loss of digits near 1.
    signal = 1 / np.sqrt(1 + np.exp(-2 * grid))
    rows = []
    for number, (i, j) in enumerate(pairwise(marks)):
        span = slice(i, j + 1)
        weight = np.exp(rise[span] + growth[span] - rise[j] - growth[i])
        whole = accumulate(weight, grid[span])[-1]
        tilted = accumulate(weight * (grid[span] - grid[i])[:, None], grid[span])[-1]
        moved = accumulate(weight * np.exp(growth[i]) * (added[span] - added[i]), grid[span])[-1]
        stay = signal[j] / signal[i] * np.exp(rise[i] - rise[j])
        now, before, constant = -signal[j] * whole, np.zeros_like(whole), -signal[j] * moved
        if number:
            p = marks[number - 1]
            tilt = -signal[j] * tilted / (grid[i] - grid[p])
            carried = np.exp(growth[i] - growth[p])
            now, before = now + tilt, -tilt * carried
            constant = constant + tilt * np.exp(growth[i]) * (added[p] - added[i])
        rows.append((statistics.linear[i], stay, now, before, constant))
    columns = [np.array(column, np.float32) for column in zip(*rows, strict=True)]
    return Coefficients(times.astype(np.float32), *columns)


def solve(
    ends: Ends, path: Path, x: Float[Array, "count dim"], plan: Coefficients
) -> Float[Array, "count dim"]:
    """Return the end of the solver with these coefficients; one evaluation a step."""

    def step(
        state: tuple[Array, Array], row: tuple[Array, ...]
    ) -> tuple[tuple[Array, Array], None]:
        x, past = state
        t, linear, stay, now, before, constant = row
        a, b = path(t)
        f = (b * ends(x, t)[0] - linear * x) / a
        return (stay * x + now * f + before * past + constant, f), None

    rows = (plan.times[:-1], plan.linear, plan.stay, plan.now, plan.before, plan.constant)
    end: Array = jax.lax.scan(step, (x, jnp.zeros_like(x)), tuple(map(jnp.asarray, rows)))[0][0]
    return end


def pad(plan: Coefficients, steps: int) -> Coefficients:
    """Return a plan of `steps` steps whose last ones change nothing, for one compilation."""
    more = steps - len(plan.stay)
    shape = more, plan.stay.shape[1]
    times = np.concatenate([plan.times, np.full(more, plan.times[-1])])
    fill = {"linear": 0.0, "stay": 1.0, "now": 0.0, "before": 0.0, "constant": 0.0}
    rows = {
        name: np.concatenate([getattr(plan, name), np.full(shape, value, np.float32)])
        for name, value in fill.items()
    }
    return Coefficients(times, **rows)


def nearest_marks(
    statistics: Statistics, path: Path, times: Float[np.ndarray, " times"]
) -> Int[np.ndarray, " times"]:
    """Return the grid points nearest to `times`, where a solver of these statistics can stand."""
    size = len(statistics.kappas)
    known = solvers.space_times(path, size - 1, "snr")
    marks: np.ndarray = np.round(np.interp(times, known, np.arange(size))).astype(int)
    return marks
