"""The data of an SVG path, written short: relative steps, no idle digits, dots in order.

A page carries its figures, so each byte of them delays the first line that a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HUNDREDTHS = 100
FINEST_DOT = 10  # hundredths: a dot is wider than a tenth of a point
_DOT = re.compile(r"M(\S+ [^\sA-Za-z]+)L\1(?=M|$)")
_DOTS = re.compile(r"(?:M[^A-Za-z]+h0)+")
_AROUND_LETTER = re.compile(r"\s*([A-Za-z])\s*")
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+")
_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0}
"""How many numbers each command takes that matplotlib writes."""


def shorten_path(data: str) -> str:
    """Return path data that draws the same, to a hundredth of a unit and dots to a tenth.

    A dot, a line from a point to itself, becomes `h0`; a path of dots alone is drawn at one
    stroke, so they may stand in any order and each place need stand once. Data with commands that
    matplotlib does not write is returned as it is.
    """
    tight = _DOT.sub(r"M\1h0", _AROUND_LETTER.sub(r"\1", data.strip()))
    if _DOTS.fullmatch(tight):
        return _write_dots(tight)
    steps = _STEP.findall(tight)
    known = all(len(_NUMBER.findall(body)) == _NUMBERS.get(name, -1) for name, body in steps)
    return "".join(_write_steps(steps)) if steps and steps[0][0] == "M" and known else tight


def _write_dots(data: str) -> str:
    numbers = [
        round(float(n) * HUNDREDTHS / FINEST_DOT) * FINEST_DOT for n in _NUMBER.findall(data)
    ]
    places = sorted(set(zip(numbers[::3], numbers[1::3], strict=True)))  # the third is that of h0
    written: list[str] = []
    here = (0, 0)
    for place in places:
        written.append(_write_step("m" if written else "M", place, here) + "h0")
        here = place
    return "".join(written)


def _write_steps(steps: list[tuple[str, str]]) -> Iterator[str]:
    """Yield each command, relative to where the one before it ended; a repeated letter is left out.

    Steps are taken between rounded places, so their errors do not add up.
    """
    here = start = (0, 0)
    before = ""
    for command, body in steps:
        if command == "z":
            here = start
            yield command
        else:
            places = [round(float(number) * HUNDREDTHS) for number in _NUMBER.findall(body)]
            letter = command.lower() if before else command
            text = _write_step(letter, places, here)
            same = letter == before and letter != "m"  # a second pair after m would be a line
            bare = text.removeprefix(letter)
            yield (bare if bare.startswith("-") else f" {bare}") if same else text
            here = (places[-2], places[-1])
            start = here if command == "M" else start
        before = command.lower()


def _write_step(letter: str, places: tuple[int, ...] | list[int], here: tuple[int, int]) -> str:
    """Return a command with its numbers relative to `here`, parted only where they must be."""
    written = letter
    last = ""
    for number, place in enumerate(places):
        text = _write_number(place - here[number % 2])
        apart = bool(last) and text[0] != "-" and not (text[0] == "." and "." in last)
        written += f" {text}" if apart else text
        last = text
    return written


def _write_number(hundredths: int) -> str:
    """Return hundredths as a decimal number without idle zeros.

    >>> _write_number(-50), _write_number(1200), _write_number(0)
    ('-.5', '12', '0')
    """
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), HUNDREDTHS)
    decimals = f".{rest:02d}".rstrip("0").rstrip(".")
    return f"{sign}{whole or ''}{decimals}" if whole or rest else "0"
