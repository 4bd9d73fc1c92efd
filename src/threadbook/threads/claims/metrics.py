"""Which quantity a number measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from threadbook.threads.claims.lexicon import HIGHER, LOWER, METRICS, Mention, Metric
from threadbook.threads.claims.own_nouns import find_own_noun
from threadbook.threads.claims.patterns import ABOUT, any_of
from threadbook.threads.claims.quantities import Quantity
from threadbook.threads.claims.shares import find_share, name_cases
from threadbook.threads.claims.units import BARE, COUNT, RATIO, SAMPLES, SCALES, STEPS

_BY_UNIT = {
    "rounds": "communication",
    "nats": "likelihood",
    "m/s": "speed",
    "km/h": "speed",
    "bits": "bits",
    "pixels": "resolution",
    "parameters": "parameters",
    **dict.fromkeys(("FPS", "SPS", "tokens/s", "images/s", "samples/s"), "throughput"),
    **dict.fromkeys(("kbps", "Mbps", "Gbps", "Tbps", "bps"), "throughput"),
    **dict.fromkeys(("bits/dim", "bits/character", "bits/byte"), "likelihood"),
    **dict.fromkeys(("tokens", *SAMPLES), "data"),
    **dict.fromkeys(("GPU days", "GPU hours", "MACs"), "computation"),
    **dict.fromkeys(("FLOPs", "MFLOPs", "GFLOPs", "TFLOPs", "PFLOPs"), "computation"),
    **dict.fromkeys(STEPS, "steps"),
    **dict.fromkeys(("ns", "µs", "ms", "s", "minutes", "hours", "days", "weeks"), "time"),
    **dict.fromkeys(("J", "mJ", "kJ", "µJ", "nJ", "pJ", "fJ"), "energy"),
    **dict.fromkeys(("W", "mW", "kW", "µW", "nW"), "energy"),
    **dict.fromkeys(("KB", "MB", "GB", "TB"), "memory"),
}
_WATTS = ("W", "mW", "kW", "µW", "nW")
SCALE = Metric("scale", HIGHER)
NO_METRIC = Metric("", "")
_CHANGES = "reduction savings? improvements? gains? increase decrease drop decline"

# Where the words behind a number stop speaking of it; "a saving on memory" still does.
_STOPS = any_of(
    "compared than while when using over for at across relative versus against but which that"
    " without with only respectively by from through if under depending whereas and"
    r" as(?!_(?:fast|many|much|few|large|small))"
)
_NOT_BEHIND = "".join(
    rf"(?<!{noun} )"
    for noun in (
        *("reduction", "saving", "savings", "improvement", "improvements", "gain", "gains"),
        *("increase", "decrease", "drop", "decline"),
    )
)
_COUNTS = any_of("one two three four five six seven eight nine ten single")
_STOP = re.compile(
    rf"[,;:()→]|(?<![-\w])\d|\b(?:in|with|after) {_COUNTS}\b|\b{_STOPS}\b|{_NOT_BEHIND}\bon\b"
)
_FURTHEST_AFTER = 60
"""Characters behind a number within which words speak of it."""
_PART = re.compile(r" of\b")  # "0.5% of the time" is a time, "0.5% less time" a speed-up
# Words that name a quantity only where they stand right beside a number.
_WEAK = re.compile(
    any_of(
        "smaller compact cheaper expensive sparse accurate quick slower prefer data samples labels"
        " examples"
    )
)
_AND = re.compile(r",? and (?:the |its )?|, ")

# "FID of 3.2", "accuracy (95%", "error rate is only 2%": the metric stands right before.
_NOUNS = any_of(f"scores? values? rates? ratios? factors? metrics? results? {_CHANGES}")
_VERBS = any_of("falls? drops? rises? grows? improv* increas* decreas* reduc*")
_LEADS = any_of(
    "of to is are was at reaches from reaching between by equal as_low_as as_high_as"
    " below under above"
)
_FILLERS = any_of(
    "an? up only just about around over under nearly roughly average approximately more less than"
    " least at most to even below"
)
_LINK = re.compile(
    rf"(?: {_NOUNS})?(?: on [\w-]+)?(?: {_VERBS})?(?:\s?[=:(<>≤≥≈∼]\s?|(?: {_LEADS})+ )"
    rf"(?:{_FILLERS} )*[∼~<>≤≥+±-]?\s?"
)
_LONGEST_LINK = 80
_REACHES = re.compile(
    rf"\b{any_of('reach attain achiev obtain get yield report averag record push boost')}\w*\b"
    r"(?:(?!\bby\b)[^,;])*$"
)
_COUNTED = re.compile(r"\d[KMB]?[\s-]?$")
"""A number before a word: "10 steps", "3 GFLOPs" are other quantities than what comes next."""
_SAVES = re.compile(rf"\b(?:sav|reduc|cut|shorten|spar)\w*(?: {any_of(ABOUT)})* ?[∼~]?$")
_OFTEN = re.compile(
    r" of (?:the )?(?:time|times|cases|runs|trials)\b(?! (?:of|need|requir|taken|that))"
)
_SCORES = re.compile(r"\bscores? (?:only |about )?$")
_BACK = re.compile(r"\b(?:[Tt]hese|[Tt]his|[Tt]hose|[Tt]he) (?:scores?|results?|values?)\b")
# "1.0% higher than": more of the score, whatever else was named last
_HIGHER_THAN = re.compile(r" (?:higher|better|more accurate|worse) than\b")
_LONGER = re.compile(
    r"\b(?:increas|lengthen|prolong|slow)\w*\b(?: [\w-]+){0,5} by (?:an? )?(?:\w+ )?$"
)
_LONGER_AFTER = re.compile(r" (?:longer|slower|more time|increase)\b")
_GAIN = re.compile(
    r" (?:[\w-]+ ){0,2}(?:improvement|gain|increase|reduction|boost|decrease|drop|savings?)s?\b"
)
_SCALING = re.compile(r"\b[Ss]cal(?:e|es|ing|ed|able)\b(?:[^,;]{0,60})$")
_RUNS = re.compile(r"\b(?:run|operat|real[- ]time|inference|control|process)\w*\b[^,;]*$")
_LATENCY = re.compile(r" (?:\w+ )?latenc")
_AWAY = re.compile(r" (?:away|apart|far)\b")
_UP_TO = re.compile(
    r"\b(?:up to|lengths? of|as long as|beyond|over|extend\w*)\b(?: [\w-]+){0,4} ?$"
)
_STORED = re.compile(
    r"\b(?:model|network|size|file|storage|stored?|compress\w*|checkpoint|weights)\b[^;]*$"
)


@dataclass(frozen=True)
class Told:
    """The score that a claim before named, `here` in the same sentence or in an `earlier` one."""

    here: Metric | None = None
    earlier: Metric | None = None


def name_metric(quantity: Quantity, mentions: Sequence[Mention], told: Told) -> Metric:
    """Return what the quantity measures.

    Words right behind the number go first ("2% higher accuracy"), then those that lead to it
    ("accuracy of 2%"), then the nearest before it, then the score of the claim before.
    """
    unit = quantity.unit
    if quantity.numeral.kind == "rank":
        return METRICS["rank"]
    if unit.kind == COUNT or unit.name in _BY_UNIT or unit.name in SCALES:
        return _name_by_unit(quantity, mentions)
    found = (
        _find_inside(quantity, mentions)
        or _find_respective(quantity, mentions)
        or _find_near(quantity, mentions)
    )
    own = None if found else find_own_noun(quantity)
    metric = found.metric if found else own or _guess(quantity, mentions, told)
    metric = _replace_general(metric, quantity, mentions, told)
    if unit.name in ("m", "km") and _AWAY.match(quantity.rest):
        return Metric("distance", HIGHER)
    if share := find_share(quantity):
        return share
    if unit.name == "Hz" and _RUNS.search(quantity.lead):
        return METRICS["throughput"]
    shortened = metric.name in ("time", "latency") and _is_shortened(quantity)
    return METRICS["speed-up"] if shortened else metric


def _is_shortened(quantity: Quantity) -> bool:
    """Whether a factor or share of a time says how much faster something is."""
    saved = _SAVES.search(quantity.lead) is not None
    longer = _LONGER.search(quantity.lead) or _LONGER_AFTER.match(quantity.after)
    part = _PART.match(quantity.after) and not saved
    return quantity.unit.kind == RATIO and not part and not longer


def leads_to(mention: Mention, quantity: Quantity) -> bool:
    """Whether a metric stands right before the numbers, as in "an FID of 3.2" or "FID 3.2"."""
    gap = quantity.sentence[mention.end : quantity.group]
    if mention.end > quantity.group or len(gap) > _LONGEST_LINK:
        return False
    return (gap == " " and mention.metric.score) or _LINK.fullmatch(gap) is not None


def _name_by_unit(quantity: Quantity, mentions: Sequence[Mention]) -> Metric:
    unit = quantity.unit.name
    scaled = unit in ("parameters", "tokens") and _SCALING.search(quantity.before)
    long = unit == "tokens" and (_UP_TO.search(quantity.before) or _UP_TO.search(quantity.lead))
    if unit in SCALES or scaled or long:
        return SCALE
    before = [mention.metric.name for mention in mentions if mention.end <= quantity.start]
    if unit not in _BY_UNIT:
        return name_cases(quantity)
    name = _BY_UNIT[unit]
    late = before[-1:] == ["latency"] or _LATENCY.match(quantity.after) is not None
    if name == "time" and late:
        return METRICS["latency"]
    if unit in _WATTS and "power" in quantity.sentence:
        return Metric("power", LOWER)
    if name == "memory" and "memory" not in before and _STORED.search(quantity.before):
        return METRICS["size"]
    return METRICS[name]


def _find_respective(quantity: Quantity, mentions: Sequence[Mention]) -> Mention | None:
    """Return the metric of the same rank, where as many are joined as there are numbers."""
    if quantity.size < 2:
        return None
    behind = [m for m in mentions if m.start >= quantity.tail][: quantity.size]
    ahead = [m for m in mentions if m.end <= quantity.group][-quantity.size :]
    for run in (behind, ahead):
        gaps = [quantity.sentence[a.end : b.start] for a, b in pairwise(run)]
        if len(run) == quantity.size and all(_AND.fullmatch(gap) for gap in gaps):
            near = run is ahead or run[0].start - quantity.tail <= _FURTHEST_AFTER
            return run[quantity.rank] if near else None
    return None


def _find_inside(quantity: Quantity, mentions: Sequence[Mention]) -> Mention | None:
    """Return the metric inside the unit, as in "24 accuracy points"."""
    inside = [m for m in mentions if quantity.numeral.end < m.start < quantity.end]
    return inside[0] if quantity.unit.name == "points" and inside else None


def _replace_general(
    metric: Metric, quantity: Quantity, mentions: Sequence[Mention], told: Told
) -> Metric:
    """Return the score that "performance" or "these scores" stands for, where one is named.

    "A performance of 2.8, better by 0.4 in FID": only scores have plain numbers.
    """
    if metric.name != "performance":
        return metric
    named = [m.metric for m in mentions if m.metric.score and m.metric.name != "performance"]
    scored = quantity.unit.kind == BARE or _SCORES.search(quantity.lead)
    if scored and not _listed(told.here):
        unnamed = [METRICS["accuracy"]] if quantity.unit.name == "%" else []
        return next(iter([*named, *_listed(told.earlier), *unnamed]), metric)
    if not named and told.earlier and _BACK.search(quantity.lead):
        return told.earlier
    return metric


def _find_after(quantity: Quantity, mentions: Sequence[Mention]) -> Mention | None:
    """Return what the words behind the numbers name: of a compound noun the last.

    "90% of the full parameter performance" is a performance; but "a 2% accuracy loss" an accuracy.
    """
    stop = _STOP.search(quantity.sentence, quantity.tail)
    furthest = quantity.tail + _FURTHEST_AFTER
    end = min(stop.start(), furthest) if stop else furthest
    inside = [m for m in mentions if quantity.tail <= m.start < end]
    if quantity.unit.name == "%" and _OFTEN.match(quantity.rest):  # "70% of the time" is no time
        inside = [m for m in inside if m.metric.name != "time"]
    for place, mention in enumerate(inside):
        follower = inside[place + 1] if place + 1 < len(inside) else None
        compound = follower and follower.start == mention.end + 1 and follower.metric.score
        if not compound:
            return inside[place - 1] if mention.metric.name == "loss" and place else mention
    return None


def _find_near(quantity: Quantity, mentions: Sequence[Mention]) -> Mention | None:
    """Return what stands behind the number, or leads to it where that is only "smaller"."""
    after, linked = _find_after(quantity, mentions), _find_linked(quantity, mentions)
    if after and linked and _WEAK.search(quantity.sentence, after.start, after.end):
        return linked
    return after or linked


def _find_linked(quantity: Quantity, mentions: Sequence[Mention]) -> Mention | None:
    for mention in reversed(mentions):
        counts = quantity.unit.kind == BARE and mention.metric.name == "steps"
        if not counts and leads_to(mention, quantity):
            return _skip_loss(mention, mentions)
    return None


def _skip_loss(mention: Mention, mentions: Sequence[Mention]) -> Mention:
    """Return what is lost: "an accuracy loss of 2%" is one of accuracy."""
    if mention.metric.name != "loss":
        return mention
    lost = [m for m in mentions if m.end + 1 == mention.start and m.metric.score]
    return lost[0] if lost else mention


def _guess(quantity: Quantity, mentions: Sequence[Mention], told: Told) -> Metric:
    """Return the likeliest metric where none is tied to the number by its place."""
    unit = quantity.unit
    ahead = [m for m in reversed(mentions) if m.end <= quantity.start]
    before = [m for m in ahead if not _COUNTED.search(quantity.sentence, 0, m.start)]
    strong = [m.metric for m in before if not _WEAK.search(quantity.sentence, m.start, m.end)]
    scores = [metric for metric in strong if metric.score]
    later = [m.metric for m in mentions if m.start >= quantity.end and m.metric.score]
    here, earlier = _listed(told.here), _listed(told.earlier)
    if unit.kind == BARE or unit.name == "dB" or _HIGHER_THAN.match(quantity.rest):
        candidates = [*here, *scores, *later, *earlier]
    elif unit.name == "%" and _REACHES.search(quantity.lead) and not _GAIN.match(quantity.rest):
        candidates = [*scores, *here, *earlier, *later, METRICS["accuracy"]]
    elif quantity.lead.rstrip().endswith(("from", "to")):
        candidates = [*strong, *here, *earlier, *(m.metric for m in before), *later]
    else:
        candidates = [*strong, *here, *(m.metric for m in before), *later]
    unnamed = METRICS["performance"] if unit.name in ("%", "×", "points", "") else NO_METRIC
    if unit.name == "points":  # nobody counts a cost in points
        candidates = [metric for metric in candidates if metric.score]
    return candidates[0] if candidates else unnamed


def _listed(metric: Metric | None) -> list[Metric]:
    return [] if metric is None else [metric]
