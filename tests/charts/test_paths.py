"""Short path data draws what the long one does."""

from __future__ import annotations

import re
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from threadbook.charts.paths import shorten_path

COUNTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "z": 0}
places = st.tuples(*[st.integers(-99999, 99999).map(lambda n: n / 100)] * 2)


@st.composite
def paths(draw: st.DrawFn) -> list[tuple[str, list[tuple[float, float]]]]:
    steps = [("M", [draw(places)])]
    for letter in draw(st.lists(st.sampled_from("LLLQCzM"), max_size=12)):
        if steps[-1][0] == "z" and letter != "M":
            letter = "M"
        steps.append((letter, [draw(places) for _ in range(COUNTS[letter])]))
    return steps


def write(steps: list[tuple[str, list[tuple[float, float]]]]) -> str:
    """Write a path as matplotlib does."""
    return " ".join(
        f"{letter} " + " ".join(f"{x:.2f} {y:.2f}" for x, y in points) for letter, points in steps
    )


def read(data: str) -> list[tuple[str, list[tuple[float, float]]]]:
    """Read a path by the rules of SVG 1.1, section 8.3, and return it with absolute places."""
    tokens = re.findall(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)", data)
    steps: list[tuple[str, list[tuple[float, float]]]] = []
    here = start = (0.0, 0.0)
    letter, place = "", 0
    while place < len(tokens):
        if tokens[place].isalpha():
            letter, place = tokens[place], place + 1
        elif letter in "Mm":
            letter = "L" if letter == "M" else "l"
        base = here if letter.islower() else (0.0, 0.0)
        if letter in "hH":
            points = [(base[0] + float(tokens[place]), here[1])]
            place += 1
        else:
            count = COUNTS[letter if letter == "z" else letter.upper()]
            numbers = [float(token) for token in tokens[place : place + 2 * count]]
            place += 2 * count
            points = [
                (base[0] + x, base[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
            ]
        here = start if letter == "z" else points[-1]
        start = here if letter in "Mm" else start
        steps.append((letter if letter == "z" else letter.upper(), points))
    return steps


@given(paths())
def test_a_path_leads_through_the_same_places(steps) -> None:
    pairs = pairwise(steps)
    assume(not any(one == ("M", place) and step == "L" for one, (step, place) in pairs))  # a dot
    found = read(shorten_path(write(steps)))
    assert [letter for letter, _ in found] == [letter for letter, _ in steps]
    for (_, got), (_, expected) in zip(found, steps, strict=True):
        for one, other in zip(got, expected, strict=True):
            assert one == pytest.approx(other, abs=1e-6)


@given(st.lists(places, min_size=1, max_size=30))
def test_dots_are_the_same_set_to_a_tenth(points) -> None:
    data = " ".join(f"M {x:.2f} {y:.2f} L {x:.2f} {y:.2f}" for x, y in points)
    steps = read(shorten_path(data))
    found = [place for letter, [place] in steps if letter == "M"]
    assert [letter for letter, _ in steps] == ["M", "H"] * len(found)
    for x, y in points:
        assert any(abs(x - u) < 0.0501 and abs(y - v) < 0.0501 for u, v in found)
    for u, v in found:
        assert any(abs(x - u) < 0.0501 and abs(y - v) < 0.0501 for x, y in points)


def test_numbers_run_together_where_they_may() -> None:
    assert shorten_path("M 1.5 2.5 L 2 2.25 L 2.5 2.75 z") == "M1.5 2.5l.5-.25 .5.5z"


def test_a_path_with_other_commands_is_left_alone() -> None:
    assert shorten_path("M 1 2 A 3 3 0 0 1 4 5") == "M1 2A3 3 0 0 1 4 5"
