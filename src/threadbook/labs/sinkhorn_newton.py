"""Entropic transport on points: Sinkhorn's scaling, and Newton steps on a thinned Hessian.

Everything is in double precision: the question is how fast an error falls to the last digits.
`cost` is divided by the regularisation once; all potentials are in those units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy import sparse
from scipy.sparse import linalg
from scipy.special import logsumexp

Matrix = Float[np.ndarray, "rows columns"]
Vector = Float[np.ndarray, " rows"]
matrices: Any = sparse  # SciPy's sparse matrices carry no types
solvers: Any = linalg
ABSORB = 25  # scaling rounds between two computations of the kernel
SMALLEST_STEP = 1e-8
LOOSEST, MOST_ROUNDS = 1e-2, 300  # of the conjugate gradients


@dataclass(frozen=True)
class Problem:
    """A cost already divided by the regularisation, and the two marginals of the plan."""

    cost: Matrix
    a: Vector
    b: Float[np.ndarray, " columns"]


@dataclass(frozen=True)
class Trace:
    """How a solver went: the marginals' error and the work so far, after each iteration.

    Work counts passes over the full matrix: one for each product with it or evaluation of it,
    and for each sparse product its share of the entries.
    """

    errors: Float[np.ndarray, " iterations"]
    work: Float[np.ndarray, " iterations"]
    x: Vector
    y: Float[np.ndarray, " columns"]

    def reach(self, error: float) -> float:
        """Return the number of iterations to reach `error`, infinite if it was not reached."""
        return _first(self.errors, error)

    def reach_work(self, error: float) -> float:
        """Return the passes over the matrix to reach `error`, infinite if it was not reached."""
        place = _first(self.errors, error)
        return float(self.work[int(place) - 1]) if np.isfinite(place) else np.inf


def _first(errors: Float[np.ndarray, " iterations"], error: float) -> float:
    below = np.flatnonzero(errors <= error)
    return float(below[0] + 1) if below.size else np.inf


def plan_of(problem: Problem, x: Vector, y: Vector) -> Matrix:
    """Return the plan of two potentials, equation (2) of the chapter."""
    plan: Matrix = np.exp(x[:, None] + y[None, :] - problem.cost)
    return plan


def marginal_error(problem: Problem, plan: Matrix) -> float:
    """Return the summed absolute error of both marginals."""
    rows, columns = plan.sum(axis=1) - problem.a, plan.sum(axis=0) - problem.b
    return float(np.abs(rows).sum() + np.abs(columns).sum())


def sinkhorn(problem: Problem, *, error: float, most: int, relax: float = 1.0) -> Trace:
    """Return potentials by scaling rows and columns in turn; a round is one iteration.

    `relax` above one takes longer steps in the potentials (over-relaxation). Scalings are
    absorbed into the potentials now and then, which keeps small regularisations in range.
    """
    x = -logsumexp(-problem.cost, axis=1) + np.log(problem.a)
    y = np.zeros(len(problem.b))
    errors: list[float] = []
    while len(errors) < most and (not errors or errors[-1] > error):
        kernel = plan_of(problem, x, y)
        u, v = np.ones_like(x), np.ones_like(y)
        for _ in range(ABSORB):
            v = v * (problem.b / (v * (u @ kernel))) ** relax
            rows = kernel @ v
            errors.append(float(np.abs(u * rows - problem.a).sum()))
            u = u * (problem.a / (u * rows)) ** relax
            if errors[-1] <= error:
                break
        x, y = x + np.log(u), y + np.log(v)
    return Trace(np.array(errors), 2.0 * np.arange(1, len(errors) + 1), x, y)


def thin(plan: Matrix, share: float) -> Any:
    """Return the largest entries of `plan`, a `share` of all, as a sparse matrix."""
    kept = max(1, round(share * plan.size))
    places = np.argpartition(plan.ravel(), -kept)[-kept:]
    rows, columns = np.unravel_index(places, plan.shape)
    entries = plan.ravel()[places], (rows, columns)
    return matrices.coo_matrix(entries, shape=plan.shape).tocsr()


def newton_direction(problem: Problem, plan: Matrix, share: float) -> tuple[Vector, Vector, float]:
    """Return the step that the thinned Hessian gives, and the work it took.

    `tang2024accelerating`, algorithm 1: up to sign and scale the Hessian of the potential
    `x.a + y.b - sum P` has the marginals of P on its diagonal and P beside it; only P is thinned.
    The system is solved by conjugate gradients with the diagonal as preconditioner, the more
    exactly the nearer the end: a fixed tolerance would make the last digits slow.
    """
    rows, columns = plan.sum(axis=1), plan.sum(axis=0)
    side = thin(plan, share)
    diagonal = np.concatenate([rows, columns])
    hessian = matrices.bmat([[None, side], [side.T, None]], format="csr")
    hessian = hessian + matrices.diags(diagonal)
    slope = np.concatenate([problem.a - rows, problem.b - columns])
    scale = matrices.diags(1 / np.maximum(diagonal, 1e-300))
    rounds = [0]

    def count(_: object) -> None:
        rounds[0] += 1

    tight = min(LOOSEST, float(np.abs(slope).sum()))
    step = solvers.cg(hessian, slope, rtol=tight, maxiter=MOST_ROUNDS, M=scale, callback=count)[0]
    return step[: len(rows)], step[len(rows) :], 2.0 * rounds[0] * side.nnz / plan.size


def potential(problem: Problem, plan: Matrix, x: Vector, y: Vector) -> float:
    """Return the concave Lyapunov potential that Sinkhorn's scaling climbs."""
    return float(x @ problem.a + y @ problem.b - plan.sum())


def climb(
    problem: Problem, point: tuple[Vector, Vector], plan: Matrix, step: tuple[Vector, Vector]
) -> tuple[Vector, Vector, Matrix, int]:
    """Return the next potentials, their plan, and how many step lengths were tried.

    Halves the step until the potential has risen by Armijo's share, or the error has fallen:
    near the end rounding hides the rise.
    """
    here, error = potential(problem, plan, *point), marginal_error(problem, plan)
    slope = step[0] @ (problem.a - plan.sum(axis=1)) + step[1] @ (problem.b - plan.sum(axis=0))
    length, tried = 1.0, 0
    while length > SMALLEST_STEP:
        x, y = point[0] + length * step[0], point[1] + length * step[1]
        tried += 1
        with np.errstate(over="ignore"):  # too long a step: an infinite plan is refused
            after = plan_of(problem, x, y)
            risen = potential(problem, after, x, y) >= here + 1e-4 * length * slope
            if risen or marginal_error(problem, after) < 0.5 * error:
                return x, y, after, tried
        length /= 2
    return point[0], point[1], plan, tried


def sinkhorn_newton(
    problem: Problem, *, error: float, most: int, share: float, first: int = 20
) -> Trace:
    """Return potentials by `first` scaling rounds and then Newton steps on a thinned Hessian.

    `tang2024accelerating`. With `share` one nothing is thinned. Each Newton iteration pays for
    choosing the entries, the conjugate gradients, and every plan tried along the step.
    """
    start = sinkhorn(problem, error=error, most=first)
    x, y = start.x, start.y
    plan = plan_of(problem, x, y)
    errors, work = list(start.errors), list(start.work)
    while len(errors) < most and errors[-1] > error:
        dx, dy, spent = newton_direction(problem, plan, share)
        x, y, plan, tried = climb(problem, (x, y), plan, (dx, dy))
        errors.append(marginal_error(problem, plan))
        work.append(work[-1] + 1 + spent + tried)
        if not np.any(dx) or errors[-1] == errors[-2]:
            break  # no step along the direction helps
    return Trace(np.array(errors), np.array(work), x, y)
