"""What a notebook's cells show: numbered figures, glued values, computed prose, verdicts, source.

A notebook is one page. The page remembers which figures it has shown and which values were
glued, so figures keep their numbers when a cell is run again.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from threadbook.charts.embed import EmbeddedFigure, embed
from threadbook.charts.explore import ExplorableFigure, Frame
from threadbook.charts.explore import explore as make_explorable
from threadbook.labs.verdicts import Verdict, make_verdict

VALUE = re.compile(r"\{\{\s*([A-Za-z_]\w*)(?::([^{}]*))?\s*\}\}")
"""A glued value in computed prose: `{{name}}` or `{{name:.2f}}`."""


@dataclass
class Page:
    """The state of the notebook that is running."""

    figures: dict[str, int] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return the number of the figure `name`, the next free one when it is new."""
        return self.figures.setdefault(name, len(self.figures) + 1)

    def fill(self, text: str) -> str:
        """Return `text` with each `{{name:format}}` replaced by the glued value so formatted."""

        def show(match: re.Match[str]) -> str:
            name, spec = match[1], match[2] or ""
            if name not in self.values:
                raise KeyError(f"no value glued as {name!r}; there are {sorted(self.values)}")
            return format(self.values[name], spec)

        return VALUE.sub(show, text)


@dataclass(frozen=True)
class Prose:
    """Markdown that a notebook shows as an output."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


_page = Page()


def glue(name: str, value: object) -> None:
    """Keep `value` under `name` for the computed prose below."""
    _page.values[name] = value


def say(text: str) -> Prose:
    """Return prose with the glued values filled in: `{{name:.2f}}` becomes 0.97."""
    return Prose(_page.fill(text.strip()))


def figure(drawing: Any, *, name: str, caption: str, alt: str) -> EmbeddedFigure:
    """Return the numbered figure of a matplotlib Figure or Axes.

    `name` starts with "fig-" and is what the text refers to; `alt` says what a sighted
    reader would take from the figure.
    """
    short, number = _shorten(name), _page.number(name)
    return embed(drawing, name=short, number=number, caption=caption, alt=alt)


def explore(
    frames: Sequence[Frame], *, name: str, control: str, caption: str, alt: str, start: int = 0
) -> ExplorableFigure:
    """Return the numbered figure of several frames, with a slider on the site.

    `control` says what the slider changes; `start` is the frame that stands where no script runs,
    and the one that `alt` describes.
    """
    about = {"name": _shorten(name), "number": _page.number(name), "caption": caption, "alt": alt}
    return make_explorable(frames, control=control, start=start, **about)


def _shorten(name: str) -> str:
    """Return a figure's name without its prefix; any other is refused."""
    if not name.startswith("fig-"):
        raise ValueError(f"figure name {name!r}; expected one that starts with 'fig-'")
    return name.removeprefix("fig-")


def verdict(**row: Any) -> Verdict:
    """Return the verdict of a lab, shown as a badge and collected by the site build.

    Takes lab, citekeys, claim, prediction, criterion, measured, spread, seeds (0 for an exact
    computation) and holds (True, False or "mixed").
    """
    return make_verdict(**row)


def show_source(*functions: Callable[..., object]) -> Prose:
    """Return the source of the functions as one block of Python."""
    code = "\n\n".join(inspect.getsource(inspect.unwrap(function)) for function in functions)
    return Prose(f"```python\n{code.rstrip()}\n```")
