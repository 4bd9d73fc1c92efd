"""The unit behind a number, in one spelling, and what kind of unit it is.

Three kinds, since they need more or less evidence to be results: a `ratio` (%, ×, dB) is nearly
always one, a `measure` (ms, GB) mostly, a `count` (steps, layers, parameters) often is a set-up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from threadbook.threads.claims.patterns import ABOUT, any_of

RATIO, MEASURE, COUNT, BARE = "ratio", "measure", "count", ""
STEPS = ("steps", "iterations", "evaluations", "passes", "epochs", "updates")
CROWDS = ("nodes", "agents", "clients", "users", "devices", "GPUs", "robots")
_DATA = (
    *("examples", "samples", "interactions", "demonstrations", "images", "exemplars", "labels"),
    *("simulations", "measurements"),
)
SAMPLES = (*_DATA, "datapoints")
SCALES = ("layers", "dimensions", "qubits", "years", "months", "images per class", *CROWDS)
"""Units of a size that a method reaches."""
DURATIONS = ("ms", "s", "minutes", "hours", "days", "weeks", "GPU days", "GPU hours")


@dataclass(frozen=True)
class Unit:
    """A unit in the spelling of the table, its kind, and where its words end in the text."""

    name: str
    kind: str
    end: int


# Words that may not stand between a number and what it counts; "25 forward passes" may.
_NOT_BETWEEN = any_of(
    "of and or in on with for to at by per from than the an? its as out is are different when"
    " while using over under diverse more additional main key novel new simple x times"
)
_BETWEEN = rf"(?:[- ](?!{_NOT_BETWEEN}\b)[A-Za-z][\w-]*?){{0,3}}[- ]"
_DEVICE = r"(?: (?:NVIDIA|Nvidia|Tesla|RTX|[A-Z]+\d+\w*|\d{4}\w*))*[- ](?:[GT]PU|[AVH]100)s?[- ]"
_S = r"[- ]?"
_CALLS = any_of("function network model denoiser score solver NN")
_PER_SECOND = r"(?: per |/)(?:second|sec|s)\b"

_SPREAD = re.compile(r"\s?\(?± ?\d+(?:\.\d+)?\)?")  # "93.1 ± 0.2%"

# In this order: the first that matches behind the number is its unit.
_UNITS: tuple[tuple[str, str, str], ...] = (
    ("points", RATIO, rf"{_S}(?:%[- ]|percent(?:age)?[- ]|absolute )?points?\b(?!-| cloud)"),
    ("points", RATIO, r" (?:accuracy|score|[A-Z][\w-]*) points?\b(?! clouds?\b)"),
    ("points", RATIO, rf"{_S}(?:pp|p\.p\.|ppt)\b|\s?%[- ]absolute\b|\s?% \(absolute\)"),
    ("%", RATIO, rf"{_S}(?:%|percent\b|per cent\b)"),
    ("orders of magnitude", RATIO, r"[- ]orders?[- ]of[- ]magnitudes?\b"),
    ("×", RATIO, rf"{_S}×(?!\s?\d)|{_S}[xX](?![\w×])|[- ]times\b|{_S}-?folds?\b"),
    ("dB", RATIO, rf"{_S}(?:dB|decibels?)\b"),
    ("GPU days", MEASURE, rf"{_DEVICE}days?\b"),
    ("GPU hours", MEASURE, rf"{_DEVICE}(?:hours?|hrs?)\b"),
    ("FPS", MEASURE, rf"{_S}(?:fps|FPS)\b|[- ]frames(?: per |[- /])?(?:second|sec|s)\b"),
    *((f"{size}bps", MEASURE, rf"{_S}{size}(?:bps|bits?/s(?:ec)?|b/s)\b") for size in "kMGT"),
    ("tokens/s", MEASURE, rf" tokens{_PER_SECOND}"),
    ("images/s", MEASURE, rf" (?:images|imgs?){_PER_SECOND}"),
    ("SPS", MEASURE, rf"{_BETWEEN}samples{_PER_SECOND} \(SPS\)|[- ]SPS\b"),
    ("samples/s", MEASURE, rf"{_BETWEEN}samples{_PER_SECOND}"),
    ("bits/s/Hz", MEASURE, rf"{_S}(?:bits?/s(?:ec)?/Hz|bps/Hz|b/s/Hz)\b"),
    ("bits/dim", MEASURE, rf"{_S}(?:bits?(?: per |/)dim\w*|BPD|bpd)\b"),
    ("bits/byte", MEASURE, rf"{_S}(?:bits?(?: per |[- /])byte|BPB|bpb)\b"),
    ("bits/pixel", MEASURE, rf"{_S}(?:bits?(?: per |[- /])pixel|BPP|bpp)\b"),
    ("bits/character", MEASURE, rf"{_S}(?:bits?(?: per |[- /])char\w*|BPC|bpc)\b"),
    ("nats", MEASURE, r"[- ]nats?\b"),
    ("ns", MEASURE, rf"{_S}(?:ns|nanoseconds?)\b"),
    ("µs", MEASURE, rf"{_S}(?:[µμu]s|microseconds?)\b"),
    ("ms", MEASURE, rf"{_S}(?:ms|msec|milliseconds?)\b"),
    ("minutes", MEASURE, rf"{_S}(?:min|mins|minutes?)\b"),
    ("hours", MEASURE, rf"{_S}(?:h|hrs?|hours?)\b"),
    *((f"{unit}s", MEASURE, rf"{_S}{unit}s?\b") for unit in ("day", "week", "month", "year")),
    ("s", MEASURE, rf"(?:{_S}(?:secs?|seconds?)|\s?s)\b(?! of\b)"),
    *((f"{size}FLOPs", MEASURE, rf"{_S}{size}FLOP[sS]?\b") for size in ("", "M", "G", "T", "P")),
    ("MACs", MEASURE, rf"{_S}[KMG]?MACs?\b(?!/)"),
    *((f"{size}B", MEASURE, rf"{_S}{size}i?B(?:ytes?)?\b") for size in "KMGT"),
    ("KB", MEASURE, rf"{_S}(?:kB|kilobytes?)\b"),
    ("MB", MEASURE, rf"{_S}megabytes?\b"),
    ("GB", MEASURE, rf"{_S}gigabytes?\b"),
    *((f"µ{unit}", MEASURE, rf"{_S}[µμ]{unit}\b") for unit in "WJm"),
    *(
        (unit, MEASURE, rf"{_S}{unit}\b")
        for unit in [
            "kW",
            "mW",
            "nW",
            "mJ",
            "kJ",
            "nJ",
            "pJ",
            "fJ",
            "kHz",
            "MHz",
            "GHz",
            "mm",
            "cm",
            "km",
        ]
    ),
    *(
        (unit, MEASURE, rf"\s?{unit}\b")
        for unit in ["kPa", "Pa", "eV", "meV", "kcal/mol", "W", "J", "Hz", "mA", "mV"]
    ),
    *((f"{size}²", MEASURE, rf"\s?{size}(?:²|\^\{{?2\}}?)") for size in ("mm", "cm", "km", "µm")),
    ("m/s", MEASURE, r"\s?m/s\b"),
    ("km/h", MEASURE, r"\s?km/h\b"),
    ("m", MEASURE, rf"\s?m\b|{_S}(?:meters?|metres?)\b"),
    ("°C", MEASURE, r"\s?°\s?C\b"),
    ("°", MEASURE, r"\s?°(?! ?C)|[- ]degrees?\b(?! of)"),
    ("bits", COUNT, rf"{_S}bits?\b"),
    ("evaluations", COUNT, rf"[- ]NFEs?\b|{_BETWEEN}(?:evaluations?|{_CALLS} calls?)\b"),
    ("passes", COUNT, rf"(?: pairs? of)?{_BETWEEN}(?:pass(?:es)?|propagations?|sweeps?)\b"),
    (
        "passes",
        COUNT,
        r"(?: pairs? of)? forward- and back(?:ward)?-?(?: pass|propagation)(?:e?s)?\b",
    ),
    ("passes", COUNT, r"[- ](?:forward|backward|inference|network) (?:runs?|evaluations?)\b"),
    ("steps", COUNT, rf"{_BETWEEN}(?:time-?)?steps?\b"),
    *((f"{noun}s", COUNT, rf"{_BETWEEN}{noun}s?\b") for noun in ("iteration", "epoch", "update")),
    ("rounds", COUNT, rf"{_BETWEEN}rounds?\b"),
    ("parameters", COUNT, rf"{_BETWEEN}(?:parameters?|params?|weights)\b"),
    ("layers", COUNT, rf"(?:s of)?{_BETWEEN}layers?\b"),
    ("dimensions", COUNT, rf"{_BETWEEN}(?:dimensions?|dimensional)\b"),
    ("pixels", COUNT, rf"{_S}(?:px|pixels?)\b"),
    ("images per class", COUNT, r" (?:images? per class|IPCs?)\b"),
    *(
        (f"{noun}s", COUNT, rf"{_BETWEEN}{noun}s?\b")
        for noun in ("token", "qubit", *(name.removesuffix("s") for name in (*_DATA, *CROWDS)))
    ),
    ("datapoints", COUNT, r"[- ](?:[A-Za-z-]+ )?data ?points\b"),
)
_PATTERNS = tuple((name, kind, re.compile(pattern)) for name, kind, pattern in _UNITS)
# "3.1 MAC/clk", and "3.1 multiplications per clock cycle (MAC/clk)".
_RATE = re.compile(r"\s([A-Za-z]{1,8}/[A-Za-z]{1,8})\b|(?: [A-Za-z]+){2,9} \(([A-Za-z]+/[a-z]+)\)")

# "The number of sampling steps to 5", "NFE = 10": the unit stands before the number.
_COUNTED = (
    (
        "evaluations",
        "NFEs? function_evaluations number_of_evaluations function_evaluations_\\(NFEs?\\)",
    ),
    ("steps", "(?:time-?)?steps"),
    *(
        (noun, noun)
        for noun in ("iterations", "epochs", "layers", "parameters", "passes", "rounds")
    ),
)
_LINK = (
    r"(?: (?:falls?|drops?|decreases?|reduced|lowered|grows?|cut))?"
    r"(?:\s?[=:≤]\s?| (?:to|of|is|from|down to|as low as)"
    rf"(?: {any_of(ABOUT + ' only just under as_few_as even')})* [∼~<≤]?\s?)$"
)
_BEFORE = tuple(
    (name, re.compile(rf"\b(?:number of (?:[\w-]+ ){{0,4}})?{any_of(nouns)}{_LINK}"))
    for name, nouns in _COUNTED
)
_BITS_BEFORE = (
    ("bits/dim", re.compile(r"\b(?:bits?[- /](?:per[- ])?dim\w*|BPD|bpd)(?: \(\w+\))?" + _LINK)),
    (
        "bits/character",
        re.compile(r"\b(?:bits?[- /](?:per[- ])?char\w*|BPC|bpc)(?: \(\w+\))?" + _LINK),
    ),
)
_TIMES_BEFORE = re.compile(r"(?:×|\bx)\s?$")  # "×3 faster"
# "The number of parameters by 9x, from 61 million to 7 million"
_LARGE = re.compile(r"(?:illion|[KMB])$")
_FROM_PARAMETERS = re.compile(r"\bparam(?:eter)?s\b[^;]*\b(?:from|to)(?: about| only)? [∼~]?$")
_PARAMETERS = re.compile(r"\bparam(?:eter)?s \($")
_FACTOR = re.compile(
    r"\b(?:factors?|speed-?ups?(?: factors?| ratios?)?|acceleration(?: ratio)?)(?: of)?"
    rf"(?: {any_of(ABOUT + ' between from')})*(?: [∼~])?\s*$",
    re.I,
)
# "in 15 of the 16 settings", "on 45 of these datasets", "three out of four considered problems"
CASES = any_of(
    "datasets data_sets tasks benchmarks problems settings cases games metrics domains"
    " environments experiments scenarios languages categories comparisons models instances"
    " trials episodes runs attempts matches questions patients subjects"
)
_SHARE = re.compile(
    r"(?:/\d+ (?:of the )?| (?:out )?of (?:the |these |those |all )?(?:(?:\d+|[a-z]+) )?)"
    rf"(?:[\w-]+ ){{0,4}}?({CASES})\b"
    r"| out of (?:the )?(?:\d+|[a-z]+) (?:[a-z-]+ ){0,2}?([a-z]{3,}s)\b"
)
_PART_OF = re.compile(r" (?:of )?an? (second|minute|hour|day|week|month|year)\b")
_FURTHEST_BEFORE = 120
"""Characters before a number within which its unit is looked for."""


def read_unit(text: str, end: int) -> Unit:
    """Return the unit that stands behind a number ending at `end`; its kind is "" without one."""
    end += text[end : end + 1] == "+"  # "80%+" is one, "100+ layers" too
    if spread := _SPREAD.match(text, end):
        end = spread.end()
    for name, kind, pattern in _PATTERNS:
        if match := pattern.match(text, end):
            return Unit(name, kind, match.end())
    if match := _RATE.match(text, end):
        return Unit(match[1] or match[2], MEASURE, match.end())
    return Unit("", BARE, end)


def read_unit_before(text: str, start: int, end: int) -> Unit:
    """Return the unit that the words before a bare number give it, as in "a speed-up of 2.3"."""
    before = text[max(0, start - _FURTHEST_BEFORE) : start]
    if _FACTOR.search(before) or _TIMES_BEFORE.search(before):
        return Unit("×", RATIO, end)
    for name, pattern in _BITS_BEFORE:
        if pattern.search(before):
            return Unit(name, MEASURE, end)
    for name, pattern in _BEFORE:
        if pattern.search(before):
            return Unit(name, COUNT, end)
    if _PARAMETERS.search(before) or (
        _LARGE.search(text[start:end]) and _FROM_PARAMETERS.search(before)
    ):
        return Unit("parameters", COUNT, end)
    return Unit("", BARE, end)


def read_part(text: str, end: int) -> Unit:
    """Return the unit of a factor in words: of "half a second" the second, else ×."""
    if match := _PART_OF.match(text, end):
        return Unit("s" if match[1] == "second" else f"{match[1]}s", MEASURE, match.end())
    return Unit("×", RATIO, end)


def read_share(text: str, end: int) -> Unit:
    """Return the cases of which a number ending at `end` is a share: "3 of 4 problems"."""
    if match := _SHARE.match(text, end):
        return Unit(match[1] or match[2], COUNT, match.end())
    return Unit("", BARE, end)
