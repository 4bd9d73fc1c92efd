"""Figures with a slider: what moves between frames, and what the page holds of it."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.axes import Axes

from threadbook import charts
from threadbook.charts.curves import Curve, Curves
from threadbook.charts.explore import ExplorableFigure, Frame, explore, find_changes, frame_curves


def draw_line(slope: float) -> Axes:
    ax = charts.new_axes()
    ax.plot([0, 1], [0, slope])
    ax.set(xlim=(0, 1), ylim=(0, 4))
    return ax


@pytest.fixture
def figure() -> ExplorableFigure:
    frames = [Frame(f"{s}", draw_line(s), f"ends at {s} </script>") for s in (1, 2, 3)]
    about = {"name": "line", "number": 1, "caption": "A line.", "alt": "A line."}
    return explore(frames, control="slope", start=1, **about)


def test_only_the_line_moves(figure: ExplorableFigure) -> None:
    ((place, name),) = figure.changes.targets
    element = list(ET.fromstring(figure.svg).iter())[place]
    assert (element.tag.rpartition("}")[2], name) == ("path", "d")
    assert element.get("d") == figure.changes.values[1][0]
    ends = [float(re.findall(r"-?[\d.]+", row[0] or "")[-1]) for row in figure.changes.values]
    assert ends[0] - ends[1] == pytest.approx(ends[1] - ends[2], abs=0.2)  # up is smaller in SVG
    assert ends[0] > ends[1]


def test_the_page_holds_slider_reading_and_frames(figure: ExplorableFigure) -> None:
    html = figure.to_html()
    assert 'max="2" value="1"' in html
    assert "<output>ends at 2 &lt;/script&gt;</output>" in html
    data = json.loads(re.search(r'json">(.*?)</script>', html)[1])  # type: ignore[index]
    assert [frame[0] for frame in data["frames"]] == ["1", "2", "3"]
    assert len(data["values"]) == 3
    assert html.index("<svg") < html.index("tb-control") < html.index("<figcaption")


def test_texts_and_missing_attributes_change_too() -> None:
    changes = find_changes(
        ["<svg><text>one</text><path/></svg>", '<svg><text>two</text><path d="M0"/></svg>']
    )
    assert changes.targets == ((1, "#"), (2, "d"))
    assert changes.values == (("one", None), ("two", "M0"))


def test_frames_with_other_elements_are_refused() -> None:
    with pytest.raises(ValueError, match="frame 1 has 3 elements, frame 0 has 2"):
        find_changes(["<svg><path/></svg>", "<svg><path/><path/></svg>"])


def test_frames_of_curves_share_their_axes() -> None:
    x = np.linspace(0, 1, 5)
    frames = frame_curves(
        [(str(k), Curves(x, (Curve("y", k * x),), "x", "y", "c", "a"), "r") for k in (1, 5)]
    )
    limits = [frame.drawing.get_ylim() for frame in frames if isinstance(frame.drawing, Axes)]
    assert len(limits) == 2
    assert limits[0] == limits[1]
    assert limits[0][1] >= 5
