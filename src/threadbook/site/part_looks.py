"""How a part is told from the others, on the map and beside its threads: colour and shape."""

from __future__ import annotations

from dataclasses import dataclass

from threadbook.notebooks.inline import Html

SHAPES = ("circle", "square", "diamond", "ring", "frame")
"""The last two are open; home.css draws them by these names."""


@dataclass(frozen=True)
class PartLook:
    """The colour of a part's marks, as a style sheet takes it, and their shape."""

    colour: str
    shape: str


def part_look(place: int) -> PartLook:
    """Return the look of the part at `place` in the book; the first thirty differ."""
    # Here, since matplotlib takes a second to import and most builds draw nothing anew.
    from threadbook.charts.style import PALETTE
    from threadbook.charts.svg import THEME

    return PartLook(THEME[PALETTE[place % len(PALETTE)]], SHAPES[place % len(SHAPES)])


def draw_mark(look: PartLook, x: float, y: float) -> Html:
    """Return a mark at `x` and `y` percent of the drawing; its size comes from the style sheet."""
    if look.shape in ("circle", "ring"):
        return Html(f'<circle cx="{x:g}%" cy="{y:g}%" r="4"/>')
    return Html(f'<rect x="{x:g}%" y="{y:g}%" width="8" height="8"/>')


def open_marks(look: PartLook) -> Html:
    """Return the start tag of a group of marks."""
    return Html(f'<g class="tb-mark tb-mark-{look.shape}" style="color:{look.colour}">')


def draw_swatch(look: PartLook) -> Html:
    """Return one mark as a small drawing beside a part's title."""
    return Html(
        '<svg class="tb-swatch" width="14" height="14" aria-hidden="true">'
        f"{open_marks(look)}{draw_mark(look, 50, 50)}</g></svg>"
    )
