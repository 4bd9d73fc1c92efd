"""Levels and changes: "accuracy of 93%" is not to be set beside "improves accuracy by 3%"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from threadbook.threads.claims.extract import Claim
from threadbook.threads.claims.lexicon import METRICS

_AMOUNT = r"[~≈±<>≥≤]?\s?\d+(?:\.\d+)?\s?(?:%|×|x)?"
_HEDGE = (
    r"a|an|up|to|over|about|around|approximately|more|than|at|least|most|nearly|almost|only|average"
    r"|mean|as|much|factor|of|roughly|the|absolute|relative|some|further|additional|and|or|from"
    r"|between|margin|equal|e\.g\.,"
)
_SAID = (
    r"by|gains? of|improvements? (?:of|up to)|increases? of|reductions? of|margins? of|drops? of"
    r"|loss(?:es)? of|savings? of|improvement[^.;]{0,50} equal to"
)
# "by up to 3", "an increase of around 2% and 3", "+3", "(e.g., 3% higher" is told by what follows.
_BEFORE = re.compile(
    rf"(?:\b(?:{_SAID})(?:\s+(?:{_HEDGE})|\s*[,/–-]|\s+{_AMOUNT})*\s*|\+\s?)$", re.IGNORECASE
)
_NOUN = (
    r"improvements?|gains?|increases?|higher|better|lower|reductions?|boosts?|drops?|more accurate"
    r"|less|fewer|smaller|more|decline|degradation|margin"
)
_AFTER = re.compile(
    r"\s?(?:%|percent(?:age)?(?: points?)?|points?|pp|dB|mAP|mIoU|AP|BLEU)?"
    r"(?:[ -](?:absolute|relative|average|mean|accuracy|top-1|performance|FID|mIoU|mAP|F1|score"
    rf"|test|validation|overall|classification|in))*[ -](?:{_NOUN})\b",
    re.IGNORECASE,
)
# One verb or noun may serve several numbers: "by 1.0% for A, 0.5% for B", "16.3% and 3% higher".
_ONWARD = re.compile(
    r"(?:%| points?)?(?: [\w-]+){0,6}? ?(?:, and|,|and|or|/) ?(?:and |or )?"
    r"(?:over |up to |around )?"
)
_LEVEL = re.compile(r"\b(?:achiev|reach|attain|obtain|from|to)", re.IGNORECASE)


def find_changes(claims: Iterable[Claim], abstracts: Mapping[str, str]) -> frozenset[Claim]:
    """Return the claims on scores that report a change of the score and not its level.

    `abstracts` gives the abstract by citation key. Only scores are asked: a speed-up, or a saving
    of memory, is a change by its nature.
    """
    ordered = sorted(claims, key=lambda claim: (claim.cite_key, claim.start))
    scores = [claim for claim in ordered if claim.metric in METRICS and METRICS[claim.metric].score]
    found = {claim for claim in scores if _is_change(abstracts[claim.cite_key], claim)}
    for pairs in (list(pairwise(scores)), list(pairwise(scores))[::-1]):
        for one, other in pairs:
            if len({one, other} & found) == 1 and _is_same_list(one, other, abstracts):
                found |= {one, other}
    return frozenset(found)


def _is_change(abstract: str, claim: Claim) -> bool:
    before, after = abstract[: claim.start], abstract[claim.end :]
    return bool(_BEFORE.search(before[-100:]) or _AFTER.match(after))


def _is_same_list(one: Claim, other: Claim, abstracts: Mapping[str, str]) -> bool:
    """Tell whether two claims that follow each other stand in one list of numbers."""
    if (one.cite_key, one.sentence, one.metric) != (other.cite_key, other.sentence, other.metric):
        return False
    between = abstracts[one.cite_key][one.end : other.start]
    return bool(_ONWARD.fullmatch(between)) and not _LEVEL.search(between)
