"""On which public data set a reported figure was measured, as far as its clause says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from threadbook.threads.claims.extract import Claim

# Public data sets by the names that papers give them.
_DATA_SET = re.compile(
    r"\b(?:(?:Tiny|mini)?-?ImageNet(?:[- ]?(?:1K|1k|22K|64|100|256|A|C|R))?"
    r"(?: ?\d+(?: ?[×x] ?\d+)?)?"
    r"|CIFAR-?100|CIFAR-?10|MNIST|Fashion-?MNIST|Omniglot|CelebA(?:-HQ)?|LSUN|FFHQ|AFHQ"
    r"|(?:MS[- ]?)?COCO|Cityscapes|KITTI|NYUv2|ADE20k|Kinetics(?:-400)?|LibriSpeech|VoiceBank"
    r"|GLUE|SQuAD|WikiText|text8|enwik8|PPI|Reddit|Cora|OGB\w*|M4|STL-?10|SVHN|TOFU"
    r"|Long Range Arena|WMT\S*)\b"
)
# A new clause, or the end of the bracket in which the number stands, ends its reach.
_OTHER_CLAUSE = re.compile(
    r"(?:\band|;)\s+(?:for|on|with)\b|,\s+(?:for|with)\b|[;.]\s|^[^(]*\)(?!\s+(?:on|for|in)\b)"
)
Marks = Sequence[re.Match[str]]


def find_settings(claims: Iterable[Claim], abstracts: Mapping[str, str]) -> dict[Claim, str]:
    """Return the data set of each claim, in one spelling, "" where its clause names none.

    "FIDs of 2.5 and 3.3 on CIFAR-10 and ImageNet" are told apart by their order; else the data set
    that follows counts ("2.5 on CIFAR-10"), and where none does, the one before. One number on
    several data sets has none.
    """
    known = tuple(claims)
    return {claim: _find(claim, known, abstracts[claim.cite_key]) for claim in known}


def _find(claim: Claim, claims: Sequence[Claim], abstract: str) -> str:
    first = abstract.find(claim.context, max(0, claim.end - len(claim.context)))
    text, place = abstract[first : first + len(claim.context)], claim.start - first
    sets = list(_DATA_SET.finditer(text))
    around = [
        other
        for other in claims
        if other.cite_key == claim.cite_key and 0 <= other.start - first < len(text)
    ]
    numbers = sorted(other.start - first for other in around)
    low = max((mark.end() for mark in sets if mark.end() <= place), default=0)
    high = min((mark.start() for mark in sets if mark.start() >= place), default=len(text))
    row = sorted(  # of the same kind, with no data set between them
        other.start - first
        for other in around
        if (other.metric, other.unit) == (claim.metric, claim.unit)
        and low <= other.start - first < high
    )
    after = _run(sets, row[-1], next((n for n in numbers if n >= high), len(text)))
    if after and not _OTHER_CLAUSE.search(text[claim.end - first : after[0].start()]):
        return _pick(after, row, place)
    return _pick(_run(sets, max((n for n in numbers if n < low), default=-1), row[0]), row, place)


def _run(sets: Marks, low: int, high: int) -> Marks:
    return [mark for mark in sets if low < mark.start() < high]


def _pick(run: Marks, row: Sequence[int], place: int) -> str:
    """Return the data set in the claim's place of the list, or the only one that there is."""
    if len(run) == len(row):
        return _spell(run[row.index(place)][0])
    return _spell(run[0][0]) if len(run) == 1 else ""


def _spell(found: str) -> str:
    """Return the name in one spelling: "CIFAR10" as "CIFAR-10", "ImageNet 64×64" without "×64"."""
    name = re.sub(r"\s*[×x]\s*\d+$", "", found)
    return re.sub(r"(?<=[A-Z])(?=\d+$)", "-", name) if name.startswith("CIFAR") else name
