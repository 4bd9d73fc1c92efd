"""Bridges whose potential is a sum of Gaussians: as a truth, learned, and two simpler ways.

Everything is about the plan that joins the ends of a Schrödinger bridge with reference variance
`scale` (lambda in the chapter). A potential `v(y) = sum_k w_k N(y; r_k, lambda S_k)` makes the
conditional law of the end y given the start x a mixture again. Training is in JAX; what follows
from a potential is plain NumPy, which compiles nothing for each dimension.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int
from scipy.special import logsumexp, softmax

from threadbook.labs import sinkhorn_newton
from threadbook.labs.training import cosine_adam

Points = Float[np.ndarray, "count dim"]
Ends = tuple[Points, Points]
Moments = tuple[Points, Float[np.ndarray, "count dim dim"]]
Scale = Float[Array, ""] | float
RATE = 3e-2  # of Adam, the best of 0.01 and 0.03 on pilot seeds
SPREAD = 0.1  # of every component before training, as in the published code


@dataclass(frozen=True)
class Potential:
    """A sum of Gaussians with centres r_k, matrices S_k and log-weights; `scale` is lambda."""

    centres: Float[np.ndarray, "parts dim"]
    matrices: Float[np.ndarray, "parts dim dim"]
    logits: Float[np.ndarray, " parts"]
    scale: float


@partial(
    jax.tree_util.register_dataclass, data_fields=["centres", "logs", "logits"], meta_fields=[]
)
@dataclass(frozen=True)
class Parameters:
    """What is trained: centres, logarithms of diagonal matrices, log-weights."""

    centres: Float[Array, "parts dim"]
    logs: Float[Array, "parts dim"]
    logits: Float[Array, " parts"]


def make_potential(parameters: Parameters, scale: float) -> Potential:
    """Return the potential of trained parameters, with diagonal matrices."""
    logs = np.asarray(parameters.logs, float)
    matrices = np.exp(logs)[:, :, None] * np.eye(logs.shape[1])
    centres, weights = np.asarray(parameters.centres, float), np.asarray(parameters.logits, float)
    return Potential(centres, matrices, weights, scale)


def part_logits(potential: Potential, x: Points) -> Float[np.ndarray, "count parts"]:
    """Return the log-weight of each Gaussian of the conditional law given each start.

    `w_k exp{(x' S_k x + 2 r_k' x) / (2 lambda)}`, up to a factor common to all k
    (`korotin2023light`, proposition 3.2).
    """
    quadratic = np.einsum("ni,kij,nj->nk", x, potential.matrices, x, optimize=True)
    exponent = (quadratic + 2 * x @ potential.centres.T) / (2 * potential.scale)
    logits: np.ndarray = potential.logits + exponent
    return logits


def log_potential(parameters: Parameters, scale: Scale, y: Float[Array, "count dim"]) -> Array:
    """Return `log v(y)` for diagonal matrices, up to a constant."""
    gaps = (y[:, None] - parameters.centres) ** 2 / jnp.exp(parameters.logs)
    logs = parameters.logits - 0.5 * parameters.logs.sum(axis=1)
    return jax.nn.logsumexp(logs - 0.5 * gaps.sum(axis=-1) / scale, axis=1)


def log_normaliser(parameters: Parameters, scale: Scale, x: Float[Array, "count dim"]) -> Array:
    """Return `log c(x)`, the logarithm of the summed weights of the conditional law."""
    weights = x**2 @ jnp.exp(parameters.logs).T + 2 * x @ parameters.centres.T
    return jax.nn.logsumexp(parameters.logits + weights / (2 * scale), axis=1)


def light_loss(
    parameters: Parameters, scale: Scale, x: Float[Array, "count dim"], y: Float[Array, "count dim"]
) -> Float[Array, ""]:
    """Return `E log c(X) - E log v(Y)` over samples of the two ends.

    `korotin2023light`, equation (8): up to a constant the divergence from the true plan, though
    no sample of that plan and no path is needed.
    """
    return jnp.mean(log_normaliser(parameters, scale, x)) - jnp.mean(
        log_potential(parameters, scale, y)
    )


def train_light(
    seed: int, ends: Ends, *, scale: float, parts: int, updates: int, batch: int = 128
) -> Parameters:
    """Return the parameters fitted to unpaired samples of both ends by Adam.

    Centres start at random samples of the end, as in the published code.
    """
    rng = np.random.default_rng(seed)
    x, y = (np.asarray(points, np.float32) for points in ends)
    centres = y[rng.integers(len(y), size=parts)]
    logs = np.full(centres.shape, np.log(SPREAD), np.float32)
    fresh = Parameters(*(jnp.asarray(v) for v in (centres, logs, np.zeros(parts, np.float32))))
    picks = rng.integers(len(x), size=(updates, 2, batch))
    samples = jnp.asarray(x), jnp.asarray(y)
    fitted: Parameters = descend_light(fresh, samples, jnp.float32(scale), jnp.asarray(picks))
    return fitted


@jax.jit
def descend_light(
    fresh: Any,
    ends: tuple[Float[Array, "count dim"], Float[Array, "count dim"]],
    scale: Scale,
    picks: Int[Array, "updates 2 batch"],
) -> Parameters:
    """Return the parameters after Adam's updates on the picked samples."""
    (x, y), optimiser = ends, cosine_adam(RATE, len(picks))

    def update(state: tuple[Any, Any], picks: Array) -> tuple[tuple[Any, Any], None]:
        parameters, memory = state
        slope = jax.grad(light_loss)(parameters, scale, x[picks[0]], y[picks[1]])
        change, memory = optimiser.update(slope, memory)
        return (optax.apply_updates(parameters, change), memory), None

    state = (fresh, optimiser.init(fresh))
    fitted: Parameters = jax.lax.scan(update, state, picks)[0][0]
    return fitted


def conditional(potential: Potential, x: Points) -> Moments:
    """Return mean and covariance of the end given each start."""
    share = softmax(part_logits(potential, x), axis=1)
    means = potential.centres + np.einsum("kij,nj->nki", potential.matrices, x)
    mean = np.einsum("nk,nki->ni", share, means)
    gaps = means - mean[:, None]
    spread = np.einsum("nki,nkj->nij", share[:, :, None] * gaps, gaps, optimize=True)
    return mean, spread + potential.scale * np.einsum("nk,kij->nij", share, potential.matrices)


def draw_ends(potential: Potential, rng: np.random.Generator, x: Points) -> Points:
    """Return one end for each start, drawn from the conditional law."""
    share = softmax(part_logits(potential, x), axis=1)
    picks = np.array([rng.choice(len(row), p=row) for row in share])
    roots = np.linalg.cholesky(potential.scale * potential.matrices)[picks]
    noise = np.einsum("nij,nj->ni", roots, rng.normal(size=x.shape))
    ends: np.ndarray = noise + potential.centres[picks]
    ends += np.einsum("nij,nj->ni", potential.matrices[picks], x)
    return ends


def sinkhorn_conditional(ends: Ends, scale: float, x: Points) -> Moments:
    """Return the moments that Sinkhorn's potentials on samples give at new starts.

    Equation (2) of the chapter at a new x: the samples y weighted by
    `exp{(b(y) - |x - y|^2 / 2) / lambda}`.
    """
    even = [np.full(len(points), 1 / len(points)) for points in ends]
    problem = sinkhorn_newton.Problem(half_squares(*ends) / scale, *even)
    found = sinkhorn_newton.sinkhorn(problem, error=1e-3, most=3000)
    share = softmax(found.y - half_squares(x, ends[1]) / scale, axis=1)
    mean = share @ ends[1]
    second = np.einsum("nm,mij->nij", share, ends[1][:, :, None] * ends[1][:, None, :])
    return mean, second - mean[:, :, None] * mean[:, None, :]


def half_squares(x: Points, y: Points) -> Float[np.ndarray, "count other"]:
    """Return half the squared distance of each point of `x` to each of `y`."""
    squares: np.ndarray = 0.5 * np.sum(x**2, 1)[:, None] + 0.5 * np.sum(y**2, 1) - x @ y.T
    return squares


def matrix_root(matrix: Float[np.ndarray, "*batch dim dim"]) -> np.ndarray:
    """Return the symmetric square root of positive semi-definite matrices."""
    values, vectors = np.linalg.eigh(matrix)
    root: np.ndarray = (vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]) @ np.swapaxes(
        vectors, -1, -2
    )
    return root


def gaussian_conditional(ends: Ends, scale: float, x: Points) -> Moments:
    """Return the moments of the plan between two Gaussians that have the samples' moments.

    In closed form: with covariances A and B and `A^(1/2) = R`, the cross-covariance is
    `R (R B R + lambda^2/4)^(1/2) R^-1 - lambda/2`.
    """
    (mean0, a), (mean1, b) = ((points.mean(axis=0), np.cov(points.T)) for points in ends)
    root, unit = matrix_root(a), np.eye(len(a))
    middle = matrix_root(root @ b @ root + 0.25 * scale**2 * unit)
    cross = root @ middle @ np.linalg.inv(root) - 0.5 * scale * unit
    gain = np.linalg.solve(a, cross).T
    return mean1 + (x - mean0) @ gain.T, np.broadcast_to(b - gain @ cross, (len(x), *b.shape))


def unexplained(found: Moments, true: Moments, ends: Points) -> float:
    """Return the mean squared Bures distance of conditional laws, as a share of the variance.

    `korotin2023light`, section 5.2: the distance of Gaussians with the moments of the found and
    of the true conditional law, over half the variance of the end.
    """
    root = matrix_root(true[1])
    shared = np.trace(matrix_root(root @ found[1] @ root), axis1=1, axis2=2)
    traces = np.trace(found[1] + true[1], axis1=1, axis2=2)
    squared = np.sum((found[0] - true[0]) ** 2, axis=1) + traces - 2 * shared
    return float(np.mean(squared) / (0.5 * np.sum(np.var(ends, axis=0))))


def random_potential(seed: int, dim: int, *, parts: int, scale: float) -> Potential:
    """Return a potential with rotated matrices, so that its marginal is no simple law.

    Diagonal matrices, which training uses, cannot express it exactly. The log-weights make the
    parts about equally frequent.
    """
    rng = np.random.default_rng(seed)
    centres = np.sqrt(8 / dim) * rng.normal(size=(parts, dim))
    turns = np.linalg.qr(rng.normal(size=(parts, dim, dim)))[0]
    values = np.exp(rng.uniform(np.log(0.1), np.log(1.0), size=(parts, dim)))
    matrices = np.einsum("kij,kj,klj->kil", turns, values, turns)
    start = rng.normal(size=(400, dim))
    potential = Potential(centres, matrices, np.zeros(parts), scale)
    for _ in range(30):
        frequent = softmax(part_logits(potential, start), axis=1).mean(axis=0)
        logits = potential.logits - np.log(np.maximum(frequent, 1e-3) * parts)
        potential = Potential(centres, matrices, logits - logsumexp(logits), scale)
    return potential
