"""A figure to play with: one drawing for each place of a slider, and a script that swaps them.

The page holds the drawing at the starting place and, for the others, only what differs from it:
attributes and texts of the same SVG elements. So any matplotlib figure will do whose frames have
the same elements, and without script the reader has the figure at the starting place.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from threadbook.charts.curves import Curves, draw_curves
from threadbook.charts.embed import EmbeddedFigure
from threadbook.charts.svg import figure_of, to_svg

EXPLORABLE = "tb-explorable"
"""The class of such a figure, by which the site finds it."""
TEXT = "#"
"""Stands for the text of an element where the name of an attribute would."""


@dataclass(frozen=True)
class Frame:
    """One place of the slider: its value in words, the drawing there, and what to read from it."""

    value: str
    drawing: Figure | Axes
    reading: str


@dataclass(frozen=True)
class Changes:
    """What moves: elements by their place in the SVG with an attribute, and its value by frame.

    `values[i][j]` is what frame `i` has at `targets[j]`; None where the attribute is missing.
    """

    targets: tuple[tuple[int, str], ...]
    values: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True)
class ExplorableFigure(EmbeddedFigure):
    """A figure with a slider; `control` names what the slider changes."""

    control: str
    frames: tuple[tuple[str, str], ...]
    start: int
    changes: Changes

    def to_html(self) -> str:
        """Return the `<figure>` element with the slider, which the site's script shows."""
        value, reading = self.frames[self.start]
        control = (
            f'<div class="tb-control" hidden><label>{html.escape(self.control)}: '
            f"<b>{html.escape(value)}</b>"
            f'<input type="range" min="0" max="{len(self.frames) - 1}" value="{self.start}"'
            f' aria-valuetext="{html.escape(value)}"></label>'
            f"<output>{html.escape(reading)}</output></div>"
        )
        plain = super().to_html().replace('class="tb-figure ', f'class="tb-figure {EXPLORABLE} ', 1)
        caption = plain.index("<figcaption")
        data = f'<script type="application/json">{self._to_json()}</script>'
        return plain[:caption] + control + data + plain[caption:]

    def _to_json(self) -> str:
        data = {
            "frames": self.frames,
            "targets": self.changes.targets,
            "values": self.changes.values,
        }
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def explore(
    frames: Sequence[Frame], *, control: str, start: int = 0, **about: Any
) -> ExplorableFigure:
    """Return the figure of the frames, with the slider at `start`, and close their drawings.

    `about` has name, number, caption and alt, as for any figure. Raises `ValueError` for frames
    that have not the same elements, since the script moves marks and does not make any.
    """
    name, alt = about["name"], about["alt"]
    drawings = [to_svg(frame.drawing, name=name, alt=alt) for frame in frames]
    for frame in frames:
        plt.close(figure_of(frame.drawing))
    return ExplorableFigure(
        name=name,
        number=about["number"],
        caption=" ".join(about["caption"].split()),
        svg=drawings[start],
        control=control,
        frames=tuple((frame.value, frame.reading) for frame in frames),
        start=start,
        changes=find_changes(drawings),
    )


def find_changes(drawings: Sequence[str]) -> Changes:
    """Return what differs between SVGs that have the same elements in the same order."""
    trees = [list(ET.fromstring(drawing).iter()) for drawing in drawings]  # noqa: S314 (our own)
    shapes = [[element.tag for element in tree] for tree in trees]
    odd = next((place for place, shape in enumerate(shapes) if shape != shapes[0]), None)
    if odd is not None:
        raise ValueError(
            f"frame {odd} has {len(shapes[odd])} elements, frame 0 has {len(shapes[0])}; expected "
            "the same ones: fix limits and ticks, and draw as many marks in each frame"
        )
    rows = [[_describe(element) for element in tree] for tree in trees]
    targets = [
        (place, name)
        for place, elements in enumerate(zip(*rows, strict=True))
        for name in sorted({name for element in elements for name in element})
        if len({element.get(name) for element in elements}) > 1
    ]
    values = tuple(tuple(row[place].get(name) for place, name in targets) for row in rows)
    return Changes(tuple(targets), values)


def _describe(element: ET.Element) -> dict[str, str]:
    return {**element.attrib, TEXT: element.text} if element.text else dict(element.attrib)


def frame_curves(frames: Sequence[tuple[str, Curves, str]]) -> list[Frame]:
    """Return one frame for each (value, curves, reading), all on the axes that hold every curve.

    The frames have the same curves; the axes are those that would hold all of them at once.
    """
    axes = [draw_curves(curves) for _, curves, _ in frames]
    for bound in ("x", "y"):
        limits = [getattr(ax, f"get_{bound}lim")() for ax in axes]
        low, high = min(low for low, _ in limits), max(high for _, high in limits)
        for ax in axes:
            getattr(ax, f"set_{bound}lim")(low, high)
    return [Frame(value, ax, reading) for (value, _, reading), ax in zip(frames, axes, strict=True)]
