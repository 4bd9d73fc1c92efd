"""Whether more is better, for a number as it is stated."""

from __future__ import annotations

import re
from collections.abc import Collection

from threadbook.threads.claims.lexicon import HIGHER, LOWER, Metric
from threadbook.threads.claims.patterns import ABOUT, any_of
from threadbook.threads.claims.quantities import Quantity
from threadbook.threads.claims.units import BARE, RATIO

# "30% less memory", "a 2.7% gain": the number is a change. It is for the better or for the worse by
# itself, or up or down, which is the one or the other by what is measured.
_CHANGES = {
    "good": "improv gain sav speed-?up faster quicker cheaper better compress boost accelerat"
    " easier efficien",
    "bad": r"degrad loss(?:es)?\b los(?:es?|ing|t)\b overhead slow deteriorat gap\b penalt sacrific"
    " worse",
    "up": r"increas higher\b more(?!_than) larger rais longer greater additional extra",
    "down": r"reduc decreas fewer(?!_than) less(?!_than) lower smaller shorter shrink drop declin"
    " cut(?:s|ting)?\\b clos(?:es|ing)\\b narrow bridg",
}
_CHANGE = re.compile(
    "|".join(rf"(?P<{kind}>\b{any_of(words)})" for kind, words in _CHANGES.items()), re.I
)
_BESIDE = re.compile(r"(?:(?!\b(?:and|with|without|while|but|whereas|compared)\b)[^,;()]){0,40}")
"""The words behind a number that may say that it is a change."""
# "memory by 30%", "a reduction of 30%", "reducing 2×", "memory reduction (30%"
_LED = re.compile(
    r"\b(?:by|of|up to|over|within)(?: (?!to\b|from\b)[\w-]+){0,3} ?[∼~(<>≤≥]*$"
    r"|\b(?:reduc|decreas|sav|cut|gain|boost|improv|los|drop|declin|degrad|increas)\w*"
    r"(?: is| was| are)?"
    rf"(?: {any_of(ABOUT + ' an? only just')})*"
    r" ?[∼~(<>≤≥]*$"
)
_CLAUSE = re.compile(r"(?:(?!\b(?:at|with|while|when)\b)[^,;()]){0,80}(?:\([^()]*)?$")
_BY = re.compile(
    rf"(?:\bby (?:{any_of(ABOUT + ' an?_average_of an? the factor of')} )*|\+)[∼~<>]?$"
)
# "Reduces memory by 19x and training costs by 5x": with one verb for both
_CARRIED = re.compile(
    rf"\b(?:reduc|decreas|sav|cut|lower)\w*(?: {any_of(ABOUT)})* ?[∼~]?\d[\d.]*(?:x|×|%)[^,;]*"
    rf" and(?: {any_of(ABOUT)})* ?[∼~]?$"
)
# "Narrows the gap to 3%": what is left of it
_GAP = re.compile(rf"\bgaps?(?: [\w-]+){{0,3}} (?:to|is|of|within)(?: {any_of(ABOUT)})* ?[∼~]?$")
_WITHIN = re.compile(r"\bwithin (?:\w+ )?$")


def find_direction(quantity: Quantity, metric: Metric) -> str:
    """Return "higher" or "lower", whichever is better, or "" where that is unknown.

    A saving of 30% is better when higher, 30% of the memory when lower: a change for the better
    goes by its size, everything else by the metric.
    """
    if not metric.name or quantity.unit.kind not in (BARE, RATIO):
        return metric.better
    if _WITHIN.search(quantity.lead) and quantity.unit.kind == RATIO:
        return LOWER
    if _GAP.search(quantity.lead):
        return LOWER
    if quantity.unit.kind == RATIO and _CARRIED.search(quantity.lead):
        return HIGHER
    kinds = _find_kinds(quantity.rest, _BESIDE)
    if not kinds and _LED.search(quantity.lead):
        kinds = _find_kinds(quantity.lead.rpartition(" and ")[2], _CLAUSE)
    if kinds:
        return _judge(kinds, metric)
    return HIGHER if metric.better and _BY.search(quantity.lead) else metric.better


def _find_kinds(words: str, where: re.Pattern[str]) -> set[str]:
    part = where.search(words)
    return {match.lastgroup or "" for match in _CHANGE.finditer(part[0] if part else "")}


def _judge(kinds: Collection[str], metric: Metric) -> str:
    """Return which way is better for a change of such kinds.

    Two that cancel out are for the better: "a 15% higher reduction", "a 3% lower loss".
    """
    if "good" in kinds or {"up", "down"} <= set(kinds) or {"bad", "down"} <= set(kinds):
        return HIGHER
    if "bad" in kinds:
        return LOWER
    if metric.name == "speed-up":  # "a 30% reduction of the time"
        return HIGHER
    wanted = "down" if metric.better == LOWER else "up"
    return HIGHER if wanted in kinds else LOWER
