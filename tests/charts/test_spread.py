"""What the lab charts draw, by its data."""

from __future__ import annotations

import numpy as np
import pytest

from threadbook import charts


def test_the_line_is_the_median_and_the_band_runs_from_least_to_greatest():
    """A mean would let one diverged seed hide four good ones."""
    ax = charts.draw_spread([1, 2], [[1, 5], [2, 6], [9, 7]], label="reflow", look=charts.LOOKS[1])
    (line,) = ax.lines
    assert line.get_ydata().tolist() == [2, 6]
    assert (line.get_label(), line.get_marker()) == ("reflow", "s")
    corners = ax.collections[0].get_paths()[0].vertices
    assert sorted(set(corners[:, 1])) == [1, 5, 7, 9]


def test_one_run_has_no_band():
    """A band of no width would claim a certainty that one seed does not give."""
    assert len(charts.draw_spread([1, 2], [3, 4]).collections) == 0


def test_a_run_that_diverged_leaves_a_gap():
    """Skipping it silently would turn a failure into a good score."""
    ax = charts.draw_spread([1, 2], [[1, np.nan], [2, 3]])
    assert np.isnan(ax.lines[0].get_ydata()[1])


def test_values_of_another_shape_are_refused():
    """Seeds and places exchanged would still draw something."""
    with pytest.raises(ValueError, match=r"shape \(2, 3\) do not fit x of shape \(2,\)"):
        charts.draw_spread([1, 2], [[1, 2, 3], [4, 5, 6]])


def test_series_share_the_axes_they_are_given():
    """Comparison is the point of the chart; the legend names every series once."""
    ax = charts.draw_spread([1, 2], [[1, 2]], label="one")
    charts.draw_spread([1, 2], [[2, 3]], label="two", look=charts.LOOKS[1], ax=ax)
    charts.draw_legend(ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]


@pytest.mark.parametrize(("side", "x"), [("left", 0.0), ("right", 1.0)])
def test_a_reference_line_is_named_at_the_side_asked_for(side, x):
    """Its name would otherwise cross a curve."""
    ax = charts.draw_reference(charts.new_axes(), 0.5, label="criterion", side=side)
    assert ax.lines[0].get_ydata() == [0.5, 0.5]
    assert (ax.texts[0].get_text(), ax.texts[0].xy[0]) == ("criterion", x)


def test_every_seed_is_a_dot_and_the_median_a_stroke():
    """Bars would hide how far the seeds lie apart."""
    ax = charts.draw_runs(["Euler", "Heun"], [[1, 4], [2, 5], [6, 9]])
    *runs, median = ax.lines
    assert [list(run.get_xdata()) for run in runs] == [[1, 4], [2, 5], [6, 9]]
    assert list(median.get_xdata()) == [2, 5]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Euler", "Heun"]


def test_runs_of_another_shape_are_refused():
    """One label too few would name every later row wrongly."""
    with pytest.raises(ValueError, match="do not fit 1 labels"):
        charts.draw_runs(["Euler"], [[1, 2]])


def test_points_are_drawn_where_they_are_with_equal_scales():
    """A stretched plane would bend straight paths."""
    ax = charts.draw_points([[0, 0], [4, 1]])
    assert ax.patches[0].get_path().vertices[::2].tolist() == [[0, 0], [4, 1]]
    assert ax.get_aspect() == 1
    assert ax.get_xlim()[0] < 0 < 4 < ax.get_xlim()[1]


def test_paths_run_from_open_starts_to_filled_ends():
    """Direction must be visible without colour."""
    ax = charts.draw_paths([[[0, 0], [1, 1], [2, 0]], [[0, 1], [1, 2], [3, 3]]])
    (starts,) = ax.lines
    assert starts.get_fillstyle() == "none"
    assert starts.get_xydata().tolist() == [[0, 0], [0, 1]]
    assert ax.patches[0].get_path().vertices[::2].tolist() == [[2, 0], [3, 3]]
    assert len(ax.collections[0].get_segments()) == 2


@pytest.mark.parametrize("draw", [charts.draw_points, charts.draw_paths])
def test_arrays_that_lie_in_no_plane_are_refused(draw):
    """Coordinates in three dimensions would be cut without a word."""
    with pytest.raises(ValueError, match=r"found an array of shape \(5,\)"):
        draw([1, 2, 3, 4, 5])
