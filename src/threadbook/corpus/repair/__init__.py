"""Repair of text that lost its LaTeX: what was markup becomes Unicode, what is right stays.

The rules are general (a name in the place of an operator, a brace after a name), never a
sentence of one corpus. Each module has one subject; this one sets their order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from threadbook.corpus.repair.commands import (
    read_accents,
    read_arguments,
    read_backslashes,
    strip_dollars,
)
from threadbook.corpus.repair.fractions import read_fractions
from threadbook.corpus.repair.greek import read_greek
from threadbook.corpus.repair.links import free_links, shield_formulas, shield_links, unshield_links
from threadbook.corpus.repair.operators import read_braced_operators, read_operators
from threadbook.corpus.repair.punctuation import (
    read_dashes,
    read_quotes,
    read_ties,
    strip_braces,
)
from threadbook.corpus.repair.scripts import read_scripts
from threadbook.corpus.repair.spacing import read_stops

# Accents go before quotes (\" is no quote), arguments before anything that looks at braces,
# Greek before operators (deltain → δin → δ∈), braces last: only what no rule wanted is left.
_RULES_FOR_NAMES = (
    read_accents,
    read_arguments,
    read_backslashes,
    strip_dollars,
    read_braced_operators,
    read_greek,
)
_RULES_FOR_FORMS = (
    read_fractions,
    read_scripts,
    read_operators,
    read_quotes,
    read_dashes,
    read_ties,
    strip_braces,
    read_stops,
)


@dataclass(frozen=True)
class Repair:
    """One changed stretch: its place in the raw text, what stood there, what stands there now."""

    start: int
    end: int
    raw: str
    repaired: str


def repair(text: str) -> str:
    """Return `text` with lost or left-over LaTeX as readable Unicode; right text comes back as is.

    The result is a fixed point: the rules run until none of them finds anything, so repairing
    a repaired text changes nothing. Every rule takes markup away, so the loop ends.
    """
    while (repaired := _repair_once(text)) != text:
        text = repaired
    return text


def _repair_once(text: str) -> str:
    text, links = shield_links(free_links(text))
    for rule in _RULES_FOR_NAMES:
        text = rule(text)
    text = shield_formulas(text, links)
    for rule in _RULES_FOR_FORMS:
        text = rule(text)
    return unshield_links(text, links)


def repairs(text: str) -> list[Repair]:
    """Return what `repair` changes in `text`, word by word, in reading order."""
    raw, repaired = _split_words(text), _split_words(repair(text))
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, raw, repaired, autojunk=False).get_opcodes():
        if tag != "equal":
            start = len("".join(raw[:i]))
            before = "".join(raw[i:j])
            found.append(Repair(start, start + len(before), before, "".join(repaired[k:m])))
    return found


def _split_words(text: str) -> list[str]:
    return re.findall(r"\s+|\S+", text)
