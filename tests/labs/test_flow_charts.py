"""Charts of flows: the right number of panels, and refusals that name what does not fit."""

from __future__ import annotations

import numpy as np
import pytest

from threadbook.charts.flows import draw_flows, draw_images

LINES = np.zeros((5, 3, 2)) + np.arange(5)[:, None, None]
CLOUD = np.random.default_rng(0).normal(size=(20, 2))


def test_each_flow_has_its_panel_with_its_lines():
    figure = draw_flows([LINES, LINES], ["one", "two"], target=CLOUD)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["one", "two"]
    assert [len(ax.collections[0].get_segments()) for ax in figure.axes] == [3, 3]


def test_a_flow_without_a_title_is_refused():
    with pytest.raises(ValueError, match="2 flows but 1 titles"):
        draw_flows([LINES, LINES], ["one"], target=CLOUD)


def test_images_stand_in_rows_with_a_frame_of_paper():
    """Without a frame neighbouring digits would run into one another."""
    ax = draw_images(np.ones((2, 3, 16)), ["a", "b"], side=4)
    picture = np.asarray(ax.images[0].get_array())
    assert picture.shape == (2 * 6, 3 * 6)
    assert picture.sum() == 2 * 3 * 16
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_images_of_another_size_are_refused():
    with pytest.raises(ValueError, match="do not fit 2 labels and images of side 3"):
        draw_images(np.ones((2, 3, 16)), ["a", "b"], side=3)
