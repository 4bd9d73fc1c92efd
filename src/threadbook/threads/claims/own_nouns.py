"""The noun of a quantity that no list has: "12% less jitter", "reduces the jitter by 12%"."""

from __future__ import annotations

import re

from threadbook.threads.claims.lexicon import HIGHER, LOWER, Metric, find_mentions
from threadbook.threads.claims.patterns import ABOUT, any_of
from threadbook.threads.claims.quantities import Quantity
from threadbook.threads.claims.units import RATIO

_NO_NOUN = any_of(
    "the its our their this that these those an? all each both such terms average comparison"
    " relative absolute total performances? results? efficiency number quality models? methods?"
    " baselines? others? state-of-the-art art approach(?:es)? them networks? it existing"
    " previous prior significantly respectively further benchmarks? algorithms? tasks? metrics?"
)
_NOUN = (
    rf"(?!{_NO_NOUN}\b)(?P<noun>(?:[A-Za-z-]{{2,}} )?(?!(?:by|is|are|{_NO_NOUN})\b)[A-Za-z-]{{4,}})"
)
_AFTER = re.compile(
    rf" (?:(?P<verb>reduction|increase|decrease|drop|decline|rise|improvement)s? (?:in|of)"
    rf"|(?P<more>higher|lower|less|fewer)) (?:the |its |overall |total |average )?(?!{_NO_NOUN}\b)"
    r"([a-z]{4,}?)(?:s)?(?=[,.;)]| (?:compared|than|over|on|while|for|and|with|when|in"
    r"|relative)\b|$)"
)
_DOWN = "reduc lower decreas cut shorten shrink suppress mitigat fall drop diminish"
_UP = "increas improv rais boost enhanc rise grow"
_OF = r"(?:(?:the|its|their|overall|total|average|number of|amount of|rate of|required) )*"
_BY = rf"(?: by| to| from)(?: {any_of(ABOUT + ' an? average_of factor_of below')})* ?[∼~<>]?$"
# "Reduces the number of collocation points by", "hallucinations are reduced by", "yield falls by"
_BEFORE = (
    re.compile(rf"\b(?P<verb>{any_of(f'{_DOWN} {_UP}')})\w* {_OF}{_NOUN}{_BY}"),
    re.compile(
        rf"(?:^|\b(?:the|its|of|and|while|,) ){_NOUN}(?: (?:is|are|was|were))?"
        rf" (?P<verb>{any_of(f'{_DOWN} {_UP}')})\w*{_BY}",
        re.I,
    ),
)
_FALLS = re.compile(rf"{any_of(_DOWN)}|decline|less|fewer|lower")


def find_own_noun(quantity: Quantity) -> Metric | None:
    """Return the quantity that the words around a change name, or None.

    What authors report to have reduced is better when lower, what they increase when higher.
    """
    if quantity.unit.kind != RATIO:
        return None
    if after := _AFTER.match(quantity.rest):
        return Metric(after[3].lower(), _judge(after["verb"] or after["more"]))
    for pattern in _BEFORE:
        if before := pattern.search(quantity.lead):
            noun = before["noun"]
            if not find_mentions(noun):
                return Metric(_singular(noun), _judge(before["verb"].lower()))
    return None


def _judge(verb: str) -> str:
    return LOWER if _FALLS.match(verb) else HIGHER


def _singular(noun: str) -> str:
    noun = noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
    return noun if noun[1:2].isupper() else noun[0].lower() + noun[1:]
