"""The one error that bad input raises, and its exit code."""

from __future__ import annotations

from pathlib import Path

EXIT_BAD_INPUT = 2


class InputError(Exception):
    """A wrong input: where it is, what stands there, and what should.

    `line` counts from 1; None where the whole file is meant. Scripts print the
    error as one line and leave with exit code 2 before anything is written.
    """

    def __init__(self, file: Path | str, line: int | None, found: str, expected: str) -> None:
        self.file, self.line, self.found, self.expected = file, line, found, expected
        place = str(file) if line is None else f"{file}:{line}"
        super().__init__(f"{place}: found {found}; expected {expected}")


class BuildError(Exception):
    """The site could not be built; the message ends with what the builder said."""
