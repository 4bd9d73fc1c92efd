"""Images as functions on the square, seen on grids of any fineness, under two kinds of noise.

A digit becomes a function by linear interpolation of its eight by eight pixels. Noise is either
independent at each point of the grid or an Ornstein-Uhlenbeck sheet, whose paths are continuous
(Bilos et al. 2022). Whitening the noise turns both into white noise on 64 coordinates that hold
everything the grid knows of the digit; the rest of the grid carries noise alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

SIDE = 8
REACH = 0.5  # of the sheet's correlation, in sides of the square


@dataclass(frozen=True)
class Grid:
    """What takes pixels to whitened coordinates, and whitened coordinates to mean brightness."""

    whiten: Float[np.ndarray, "pixels pixels"]
    brightness: Float[np.ndarray, " pixels"]


def interpolation(points: int) -> Float[np.ndarray, "points side"]:
    """Return the matrix of linear interpolation from eight nodes to evenly spaced points."""
    places = np.linspace(0, SIDE - 1, points)
    weights: np.ndarray = np.maximum(0.0, 1 - np.abs(places[:, None] - np.arange(SIDE)))
    return weights


def axis_noise(points: int, *, continuous: bool) -> Float[np.ndarray, "points points"]:
    """Return the covariance of the noise along one axis: `exp(-|s - s'| / reach)` or white."""
    places = np.linspace(0, 1, points)
    gaps = np.abs(places[:, None] - places)
    return np.exp(-gaps / REACH) if continuous else np.eye(points)


def make_grid(points: int, images: Float[np.ndarray, "count pixels"], *, continuous: bool) -> Grid:
    """Return the grid of `points` by `points`, with images scaled to unit mean variance on it.

    With K the noise's covariance and U the interpolation, `R' R = U' K^-1 U` whitens; on a square
    all three are Kronecker products of one axis with itself.
    """
    u = interpolation(points)
    inner = u.T @ np.linalg.solve(axis_noise(points, continuous=continuous), u)
    root = np.linalg.cholesky(inner).T
    overlap = np.kron(u.T @ u, u.T @ u) / points**2
    scale = np.sqrt(np.sum(overlap * (images.T @ images)) / len(images))
    whiten = np.kron(root, root) / scale
    mean = np.kron(u.mean(axis=0), u.mean(axis=0)) / scale
    return Grid(whiten, np.linalg.solve(whiten.T, mean))
