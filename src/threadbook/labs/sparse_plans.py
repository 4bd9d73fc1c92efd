"""Transport plans with at most k entries in a column, by their dual, and plans cut to size.

Rows are tokens, columns are experts. The semi-dual has one variable a token; given it, each
expert's column is a projection onto a simplex, restricted to its k best tokens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize

Cost = Float[np.ndarray, "tokens experts"]
TOLERANCE = 1e-8  # on each token's mass, which is about 1e-2
MOST = 600  # evaluations of the dual


@dataclass(frozen=True)
class Matching:
    """Tokens and experts with equal shares of the mass, the cost, and the regularisation."""

    cost: Cost
    strength: float

    @property
    def load(self) -> float:
        """Return the mass that every expert takes."""
        return 1.0 / float(self.cost.shape[1])


@dataclass(frozen=True)
class Solved:
    """A plan, how often the dual was evaluated, and the dual's value."""

    plan: Cost
    evaluations: int
    value: float


def project_simplex(scores: Float[np.ndarray, "k experts"], mass: float) -> np.ndarray:
    """Return the nearest points, column by column, with entries >= 0 that sum to `mass`.

    `scores` must fall down each column.
    """
    ranks = np.arange(1, len(scores) + 1)[:, None]
    excess = (np.cumsum(scores, axis=0) - mass) / ranks
    used = np.sum(scores > excess, axis=0)
    level = np.take_along_axis(excess, used[None] - 1, axis=0)
    nearest: np.ndarray = np.maximum(scores - level, 0.0)
    return nearest


def best_columns(matching: Matching, alpha: Float[np.ndarray, " tokens"], k: int) -> Cost:
    """Return each expert's best column at the dual point `alpha`.

    `liu2022sparsityconstrained`: the maximum of `<s, t> - strength |t|^2 / 2` over columns t
    with at most k entries, `s = alpha - c`, sits on the k largest scores, and is there a
    projection onto the simplex.
    """
    scores: Cost = alpha[:, None] - matching.cost
    top = np.argsort(-scores, axis=0, kind="stable")[:k]
    kept = np.take_along_axis(scores, top, axis=0) / matching.strength
    plan = np.zeros_like(scores)
    np.put_along_axis(plan, top, project_simplex(kept, matching.load), axis=0)
    return plan


def dual(
    matching: Matching, alpha: Float[np.ndarray, " tokens"], k: int
) -> tuple[float, Float[np.ndarray, " tokens"]]:
    """Return the semi-dual, negated for a minimiser, and its gradient."""
    plan = best_columns(matching, alpha, k)
    gain = np.sum((alpha[:, None] - matching.cost) * plan)
    value = gain - 0.5 * matching.strength * np.sum(plan**2) - alpha.mean()
    return float(value), plan.sum(axis=1) - 1 / len(alpha)


def solve_sparse(matching: Matching, k: int, most: int = MOST) -> Solved:
    """Return the plan of the semi-dual's best point, found by L-BFGS from zero."""
    tokens = len(matching.cost)
    found = minimize(  # type: ignore[no-untyped-call]
        lambda alpha: dual(matching, alpha, k),
        np.zeros(tokens),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": most, "maxfun": most, "ftol": 0.0, "gtol": TOLERANCE, "maxcor": 20},
    )
    return Solved(best_columns(matching, found.x, k), int(found.nfev), -float(found.fun))


def cut_columns(plan: Cost, k: int) -> Cost:
    """Return the plan with the k largest entries of each column, scaled back to its mass."""
    kept = plan >= -np.sort(-plan, axis=0)[k - 1]
    cut = np.where(kept, plan, 0.0)
    scaled: Cost = cut * plan.sum(axis=0) / cut.sum(axis=0)
    return scaled


def token_error(plan: Cost) -> float:
    """Return the share of the tokens' mass that is missing, or too much."""
    return float(np.abs(plan.sum(axis=1) - 1 / len(plan)).sum() / 2)
