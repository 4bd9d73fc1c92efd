"""Scikit-learn's handwritten digits as a law to sample from, in their principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from sklearn.datasets import load_digits


@dataclass(frozen=True)
class DigitSplit:
    """Digits in the coordinates of their first components, a half to learn and a half to judge."""

    learn: Float[np.ndarray, "count dim"]
    judge: Float[np.ndarray, "count dim"]
    kept: float  # share of the pixels' variance that the components hold
    axes: Float[np.ndarray, "dim pixels"]
    mean: Float[np.ndarray, " pixels"]

    def to_pixels(
        self, points: Float[np.ndarray, "count dim"]
    ) -> Float[np.ndarray, "count pixels"]:
        """Return the images that points in these coordinates stand for."""
        images: np.ndarray = np.asarray(points) @ self.axes + self.mean
        return images


def split_digits(seed: int, dim: int) -> DigitSplit:
    """Return a random split of the digits; components and scale come from the half to learn.

    Coordinates share one scale, such that their mean variance is one. They are not whitened:
    that would give faint strokes the weight of whole shapes.
    """
    pixels = load_digits().data / 16.0
    order = np.random.default_rng(seed).permutation(len(pixels))
    half = len(pixels) // 2
    first, second = pixels[order[:half]], pixels[order[half : 2 * half]]
    mean = first.mean(axis=0)
    values, directions = np.linalg.svd(first - mean, full_matrices=False)[1:]
    axes = directions[:dim]
    scale = np.sqrt(np.mean(((first - mean) @ axes.T) ** 2))
    learn, judge = (((side - mean) @ axes.T / scale).astype(np.float32) for side in (first, second))
    kept = float(np.sum(values[:dim] ** 2) / np.sum(values**2))
    return DigitSplit(learn, judge, kept, axes * scale, mean)
