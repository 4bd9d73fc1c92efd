"""The digits as a law: what is learned from never meets what judges."""

from __future__ import annotations

import numpy as np
import pytest

from threadbook.labs.digits import split_digits


def test_halves_are_equal_and_share_no_image():
    split = split_digits(0, 64)
    assert split.learn.shape == split.judge.shape == (898, 64)
    both = np.concatenate([split.to_pixels(split.learn), split.to_pixels(split.judge)])
    # The data hold no two equal images, so a repeat would be a leak.
    assert len(np.unique(both.round(3), axis=0)) == 1796


def test_all_components_give_the_pixels_back():
    split = split_digits(1, 64)
    pixels = split.to_pixels(split.judge) * 16
    np.testing.assert_allclose(pixels, pixels.round(), atol=1e-3)
    assert split.kept == pytest.approx(1)


def test_few_components_keep_most_of_the_variance():
    assert 0.8 < split_digits(0, 16).kept < 0.9


def test_coordinates_have_mean_variance_one():
    split = split_digits(0, 16)
    assert np.mean(split.learn**2) == pytest.approx(1, rel=1e-4)
