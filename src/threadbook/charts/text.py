"""How wide a text will be, and how it breaks: known before anything is drawn.

Widths are those of DejaVu Sans, which comes with matplotlib and is wider than the fonts that
readers have; what does not overlap here does not overlap on their screens.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from threadbook.charts.style import INK, SMALL_SIZE, new_axes, use_style


@lru_cache(maxsize=4096)  # the same names are measured again for each thread and each row
def measure_text(text: str, size: float = SMALL_SIZE, *, bold: bool = False) -> float:
    """Return the width of one line of text in points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    with warnings.catch_warnings():
        # A letter that DejaVu Sans lacks is measured as its box, about as wide.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def wrap_text(
    text: str, width: float, size: float = SMALL_SIZE, *, bold: bool = False
) -> tuple[str, ...]:
    """Break the text between words into lines of at most `width` points.

    A single word that is wider keeps a line of its own.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure_text(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def too_few(found: int, needed: int, things: str = "papers") -> str | None:
    """Return the sentence that stands in for a chart of too few data, or None if they suffice."""
    if found >= needed:
        return None
    return f"Too few {things} for this chart: {found}, where it needs {needed}."


@use_style()
def draw_words(sentence: str, *, ax: Axes | None = None) -> Axes:
    """Draw a sentence where a chart would stand."""
    ax = new_axes((6.4, 0.9)) if ax is None else ax
    ax.set_axis_off()
    lines = wrap_text(sentence, 420.0, 11.0)
    for place, line in enumerate(lines):
        ax.text(
            0.0,
            1.0 - (place + 0.5) / len(lines),
            line,
            transform=ax.transAxes,
            va="center",
            color=INK,
            parse_math=False,
        )
    return ax
