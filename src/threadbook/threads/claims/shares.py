"""What a share of cases or a rate counts: successes, wins, ranks, what a method withstands."""

from __future__ import annotations

import re

from threadbook.threads.claims.lexicon import METRICS, Metric
from threadbook.threads.claims.patterns import ABOUT, any_of
from threadbook.threads.claims.quantities import Quantity
from threadbook.threads.claims.units import CASES

_ABOUT = rf"(?: {any_of(ABOUT)})* ?[∼~>]?$"
# "Solves 97% of the tasks", "wins 62% of the comparisons"
_VERBS = (
    ("success rate", "solv* succe* complet* prov(?:es|ing|ed) finish*"),
    ("win rate", "wins? won winning prefer*"),
)
_DONE = tuple((name, re.compile(rf"\b{any_of(verbs)}{_ABOUT}", re.I)) for name, verbs in _VERBS)
# "Reaches the goal in 73 of 100 trials", "beats others in 83% of the cases"
_TRIES = ("trials", "episodes", "runs", "attempts")
_BEATS = re.compile(
    rf"\b(?:beat|outperform|surpass|exceed|better|best|top|prefer|win)\w*\b[^;]*\b(?:in|on|for){_ABOUT}"
)
_PRUNES = re.compile(rf"\b(?:prun|remov|discard)\w*{_ABOUT}")
_PRUNED = re.compile(
    r"\b(?:prun|remov|eliminat|discard|drop|zero|mask)\w*(?: (?:out|away|up to|over|more than"
    r"|at least|about|around|nearly|roughly))* ?$",
    re.I,
)
_WEIGHTS = re.compile(
    r" of (?:the |its |all |their )?(?:[\w-]+ ){0,2}?"
    r"(?:weights|parameters|connections|neurons|channels|filters|synapses|network|heads)\b"
)
# "Up to 60% of the heads can be removed"
_REMOVED = re.compile(
    r" of [^,;.]{3,50}?\b(?:is|are|be|were|was)(?: \w+)?"
    r" (?:removed|pruned|discarded|eliminated|dropped)\b"
)
_OF = re.compile(r" (?:of|in)\b")
_OF_CASES = re.compile(
    rf" of (?:the |all )?(?:[\w,-]+ ){{0,2}}(?:time|targets|variables|{CASES})\b"
)
_WITHSTANDS = re.compile(
    r"\b(?:tolerat|withst|resist|surviv|defend)\w*(?: (?:[a-z]+ ){1,3}of)?"
    r"(?: (?:against|an?|the|up to|as much as|even|over))* $"
)


def find_share(quantity: Quantity) -> Metric | None:
    """Return what a share of cases says, or None for any other number."""
    if quantity.unit.name != "%":
        return None
    pruned = _PRUNED.search(quantity.lead) and _WEIGHTS.match(quantity.after)
    if pruned or _REMOVED.match(quantity.after):
        return METRICS["sparsity"]
    if _WITHSTANDS.search(quantity.before):
        return METRICS["robustness"]
    if _OF_CASES.match(quantity.after) and _BEATS.search(quantity.lead):
        return METRICS["win rate"]
    for name, pattern in _DONE:
        if _OF.match(quantity.after) and pattern.search(quantity.lead):
            return METRICS[name]
    return None


def name_cases(quantity: Quantity) -> Metric:
    """Return what a number of cases says: wins, or successes where tries or things are counted."""
    solved = any(pattern.search(quantity.lead) for name, pattern in _DONE if name != "win rate")
    tried = quantity.unit.name in _TRIES and not _BEATS.search(quantity.lead)
    if _PRUNES.search(quantity.lead):
        return METRICS["sparsity"]
    made = not re.fullmatch(CASES, quantity.unit.name) and not _BEATS.search(quantity.lead)
    return METRICS["success rate"] if solved or tried or made else METRICS["win rate"]
