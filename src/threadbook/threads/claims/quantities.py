"""Numbers with their units in one sentence, and which of them stand side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from threadbook.threads.claims.masks import mask_names
from threadbook.threads.claims.numbers import Numeral, find_numerals
from threadbook.threads.claims.patterns import ABOUT, any_of
from threadbook.threads.claims.units import (
    BARE,
    COUNT,
    DURATIONS,
    MEASURE,
    RATIO,
    STEPS,
    Unit,
    read_part,
    read_share,
    read_unit,
    read_unit_before,
)

WINDOW = 300
"""Characters before and behind a number that its rules look at, however long the sentence."""

# What joins numbers of one kind: "41% and 24%", "37.3 → 23.8", "4.44 versus 4.43".
_JOIN = re.compile(
    r"\s*(?:,?\s*(?:and|or)\s|→|⇒|->|/|to\b|,?\s*(?:vs\.?|versus|against|instead of|rather than)"
    r"|,|,? ?compared (?:to|with)|down from|up from)?\s*(?:and |or )?"
    rf"(?:{any_of(ABOUT + ' only just even by below under above')} |[∼~+<>≤≥])*\s*",
    re.I,
)
_ORDERS = re.compile(r"[- ]orders?[- ]of[- ]magnitudes?")
_WHOLE = re.compile(r"\d+(?:e\d+)?[KMB]?")
_ABBREVIATED = re.compile(r" ([A-Z]{2,5}s?)\b")
_IN_BRACKETS = re.compile(r" \(([A-Z]{2,5}s?)\)")
_PLURAL = ("layers", "dimensions", "steps", "iterations", "epochs", "updates", "rounds", "passes")
_ABSOLUTE = ("%", "points")

Pair = tuple[Numeral, Unit]


@dataclass(frozen=True)
class Quantity:
    """A number with its unit in a sentence; offsets count in the sentence.

    `group` is the place of its first neighbour in a list of joined numbers, and `tail` where the
    last of them ends: what is said behind the list is said of each. It is number `rank` of `size`.
    """

    sentence: str
    numeral: Numeral
    unit: Unit
    group: int
    tail: int
    rank: int
    size: int

    @property
    def start(self) -> int:
        """Where the number begins."""
        return self.numeral.start

    @property
    def end(self) -> int:
        """Where its unit ends."""
        return self.unit.end

    @property
    def before(self) -> str:
        """The words before the number."""
        return self.sentence[max(0, self.start - WINDOW) : self.start]

    @property
    def after(self) -> str:
        """The words behind the unit."""
        return self.sentence[self.end : self.end + WINDOW]

    @property
    def lead(self) -> str:
        """The words before the list of numbers."""
        return self.sentence[max(0, self.group - WINDOW) : self.group]

    @property
    def rest(self) -> str:
        """The words behind the list of numbers."""
        return self.sentence[self.tail : self.tail + WINDOW]


def read_quantities(sentence: str) -> list[Quantity]:
    """Return the quantities of a sentence from left to right, names and formulas left out."""
    pairs = [(n, _read_any_unit(sentence, n)) for n in find_numerals(mask_names(sentence))]
    quantities = []
    for run in _join_neighbours(sentence, list(_expand(sentence, pairs))):
        members = [pair for pair in _share_units(run) if _is_complete(sentence, *pair)]
        if members:
            first, tail, size = members[0][0].start, members[-1][1].end, len(members)
            quantities += [
                Quantity(sentence, numeral, unit, first, tail, rank, size)
                for rank, (numeral, unit) in enumerate(members)
            ]
    return quantities


def _read_any_unit(text: str, numeral: Numeral) -> Unit:
    if numeral.kind == "factor":
        return read_part(text, numeral.end)
    if numeral.kind == "order":
        match = _ORDERS.match(text, numeral.end)
        return Unit("orders of magnitude", RATIO, match.end() if match else numeral.end)
    if numeral.value not in ("0", "1") and (share := read_share(text, numeral.end)).name:
        return share
    unit = read_unit(text, numeral.end)
    return unit if unit.name else read_unit_before(text, numeral.start, numeral.end)


def _expand(text: str, pairs: list[Pair]) -> Iterator[Pair]:
    """Yield the pairs; a unit abbreviated once, "samples per second (SPS)", is known from there."""
    short: dict[str, Unit] = {}
    for numeral, unit in pairs:
        word = _ABBREVIATED.match(text, numeral.end)
        if unit.kind == BARE and word and word[1] in short:
            yield numeral, replace(short[word[1]], end=word.end())
            continue
        if unit.kind != BARE and (bracket := _IN_BRACKETS.match(text, unit.end)):
            short[bracket[1]] = unit
        yield numeral, unit


def _is_complete(text: str, numeral: Numeral, unit: Unit) -> bool:
    """Whether number and unit make sense together.

    A word alone is no number ("one can show"), and what is counted stands in the plural unless
    it is joined by a hyphen: "1M image layer pairs" are no layers.
    """
    gap = text[numeral.end : unit.end]
    if unit.name in _PLURAL and gap[:1] == " " and gap[-1] != "s" and numeral.value != "1":
        return False
    if numeral.kind != "word":
        return True
    if unit.name == "points":
        return "percent" in gap
    if unit.kind == RATIO:
        return unit.name in ("×", "dB", "%") and numeral.value != "0"
    if unit.kind == MEASURE:
        return unit.name in DURATIONS
    return unit.kind == COUNT and unit.name != "parameters"


def _join_neighbours(text: str, pairs: list[Pair]) -> list[list[Pair]]:
    """Return the runs of numbers with nothing but a joint between them."""
    runs: list[list[Pair]] = []
    for numeral, unit in pairs:
        if runs and _JOIN.fullmatch(text, runs[-1][-1][1].end, numeral.start):
            runs[-1].append((numeral, unit))
        else:
            runs.append([(numeral, unit)])
    return runs


def _share_units(members: list[Pair]) -> Iterator[Pair]:
    """Yield joined numbers with their units, which most leave to the last: "3 and 4 dB"."""
    given = [unit for _, unit in members if unit.kind != BARE]
    shared = members[-1][1] if members[-1][1].kind != BARE or not given else given[0]
    for numeral, unit in members:
        if unit.kind == BARE and _fits(numeral, shared):
            yield numeral, replace(shared, end=numeral.end)
        elif (unit.name, shared.name) == _ABSOLUTE:  # "3% and 2% absolute" are both points
            yield numeral, replace(unit, name="points")
        else:
            yield numeral, unit


def _fits(numeral: Numeral, unit: Unit) -> bool:
    """Whether a number can take its neighbour's unit: in "an FID of 3.2 and 50 steps" it cannot."""
    if unit.name == "parameters":
        return "." not in numeral.value or numeral.value[-1] in "KMB"
    if unit.kind == COUNT:
        return _WHOLE.fullmatch(numeral.value) is not None or (
            numeral.kind == "word" and unit.name in STEPS
        )
    return numeral.value[-1].isdigit()
