"""How far a stage of the build has come: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Never, Protocol, TextIO

from tqdm import tqdm

if TYPE_CHECKING:
    Bar = tqdm[Never]  # counts steps, iterates over nothing

FEW_STEPS = 50  # up to here a log carries a line for each step; above, one for each tenth


class Stage(Protocol):
    """What a piece of work tells about itself while it runs."""

    def advance(self, text: str) -> None:
        """Count one more step as done; `text` names it."""

    def note(self, text: str) -> None:
        """Show what is under way; a log leaves it out, since nothing is done yet."""


@contextmanager
def open_stage(title: str, total: int, *, stream: TextIO | None = None) -> Iterator[Stage]:
    """Yield the stage `title` of `total` steps, shown on `stream` (standard error)."""
    stream = sys.stderr if stream is None else stream
    if not shows_bars(stream):
        yield _LineStage(title, total, stream)
        return
    with tqdm(total=total, desc=title, file=stream, dynamic_ncols=True, unit="") as bar:
        yield _BarStage(bar)


def shows_bars(stream: TextIO) -> bool:
    """Say whether a bar can be redrawn in place on `stream`.

    CI services that give their jobs a terminal still keep the output as a log,
    where each redrawing would be a line: they set `CI`.
    """
    return stream.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


@dataclass(frozen=True)
class _BarStage:
    """A stage drawn as a bar, the latest text behind it."""

    bar: Bar

    def advance(self, text: str) -> None:
        self.bar.set_postfix_str(text, refresh=False)
        self.bar.update()

    def note(self, text: str) -> None:
        self.bar.set_postfix_str(text)


@dataclass
class _LineStage:
    """A stage written as lines, each whole: a log read while it grows shows no half line."""

    title: str
    total: int
    stream: TextIO
    done: int = 0

    def advance(self, text: str) -> None:
        self.done += 1
        tenths_before, tenths = (10 * done // self.total for done in (self.done - 1, self.done))
        if self.total <= FEW_STEPS or tenths > tenths_before:
            self.stream.write(f"{self.title} {self.done}/{self.total}: {text}\n")
            self.stream.flush()

    def note(self, text: str) -> None:
        """Write nothing: see `Stage.note`."""
