"""Which quantities of a sentence are results, and which belong to the set-up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadbook.threads.claims.counts import is_count_result, is_scale_result
from threadbook.threads.claims.factors import is_factor_result
from threadbook.threads.claims.lexicon import Mention
from threadbook.threads.claims.metrics import leads_to
from threadbook.threads.claims.patterns import ABOUT, any_of, before_end
from threadbook.threads.claims.quantities import Quantity
from threadbook.threads.claims.units import BARE, COUNT, DURATIONS, MEASURE, SCALES, STEPS

_SETUP_BEFORE = re.compile(
    r"\b(?:batch size|learning rate|temperature|threshold|window|length|for each|per"
    r"|at (?:an? )?(?:\w+ )?SNRs? of|at distances?(?: of| beyond| over| up to| between)?"
    r"|initiali[sz]ed|weight decay|momentum|guidance(?: scales?| weights?)?"
    r"|with (?:high )?probability|confidence"
    r"|hyper-?parameters?|(?<!average )(?<!mean )ranks? (?:of|equal(?:l?ing)? to|equating to)"
    r"|(?:width|depth) multipliers?"
    r"|at (?:an? )?(?:target |fixed |given )?"
    r"(?:BLE?R|BER|FER|(?:bit|block|frame)[- ]error[- ]rates?)"
    r"|GPUs? (?:with|of|having|\()|(?:RTX|GTX|Tesla)[\w ]{0,12}\("
    r"|(?:trained|masked|corrupted|labell?ed|missing|occluded) \("
    r"|an? weight of|confidence (?:intervals?|levels?)"
    r"|\b(?:noise|Gaussian)\b[^,;]{0,40}\b(?:deviation|variance|std)"
    r"|(?:quantile|percentile|significance)(?: level)?"
    r"|(?:noise|mask\w*|dropout|missing|label|sampling|corruption|poison\w*|participation)"
    r" (?:rates?|ratios?|levels?))(?: (?:of|=|to|is|at|equal to))?(?: \((?:e\.g\.,?)?)? ?[=∼~]?$",
    re.I,
)
_PREPOSITION = any_of(
    "on in of for and or to with at by from the than using across over under within when while"
    " without via per between among against through both during compared relative"
)
_SETUP_NOUN = any_of(
    "noise confidence credible risk dropout missing corrupt* mask\\w+ contamination quantiles?"
    " percentiles? horizons? clips? videos? speech audio music windows? ahead ago super-resolution"
    " upsampl* downsampl* upscaling magnification resolution"
    " GPUs?(?![-_](?:hours?|days?|memory|time)) RAM corpus web* datasets?"
    " scales? timesteps? intervals? forecasts? lead_times? CIs? trained scenarios? participation"
    " cross-validat\\w* CV probability"
)
# "3% speech recognition error", "8% noise reduction": no set-up
_OUTCOME = any_of(
    "accurac error quality recogni reduc robust perform improv suppress enhanc gain savings? memory"
    " hours? days? score enlarg increase"
)
# "10 hours of speech", "16 GB of RAM", "20% are for testing"
_MATERIAL = re.compile(
    r" of (?:the |our |labell?ed |training |unlabell?ed )*"
    + any_of(
        "RAM VRAM noise speech audio music videos? recordings? footage data observations? women"
    )
    + r"\b"
)
_SPLIT = re.compile(
    r"(?: of [\w ]{2,20})? (?:are |is |were |was )?(?:used )?for (?:testing|validation|test)\b"
)
# "We mask 75% of the patches", "trained on 80% of the data": what was done, unless it is so little.
_DONE = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|mask(?:s|ed|ing)?|train(?:s|ed|ing)? (?:on|with)|sampl(?:e|es|ed|ing)"
    r"|select(?:s|ed|ing)?|hold(?:ing)?|contain(?:s|ing)?|corrupt(?:s|ed|ing)?|label(?:s|led|ling)?"
    r"|cover(?:s|ing)?|with|given) (?:about |around |the |up to )*$",
    re.I,
)
_GIVEN = re.compile(
    r" of (?:the |all |our |its |input |training |test |labell?ed )*"
    + any_of("data images? samples patches pixels tokens labels nodes clients words frames")
    + r"\b"
)
# "We randomly drop 10% of the nodes"
_RANDOM = re.compile(r" of [^,.;]{0,40}\b(?:at random|randomly)\b")
_RANDOMLY = re.compile(r"\brandomly \w+ (?:about |around |up to )?$")
# "Is weighted by a factor of ten": what was set
_SET_FACTOR = re.compile(
    r"\b(?:weight|multipli|divid|decay|rescal|(?:up|down)[- ]?sampl)(?:ed|ing) by"
    r" (?:an? )?(?:factor of )?$"
    r"|\b(?:step sizes?|learning rates?) (?:is|are) (?:\w+ed) by (?:an? )?(?:factor of )?$"
)
# "Every 10 ms", "for two days", "a 5-minute read": durations that were set
_SET_DURATION = re.compile(
    r"\b(?:every|for|each|first|last|past|next|given)(?: the)? (?:about )?$", re.I
)
_COLLECTED = re.compile(
    r"\b(?:conduct|collect|record|measur|gather|monitor)\w*\b[^,;]* (?:over|during) $"
)
# "Over a 120 m street"
_LENGTHS = ("mm", "cm", "m", "km")
_LONG = re.compile(
    rf"[ -](?!{_OUTCOME}|{_PREPOSITION}\b|away|accura|deviat|median|mean|average)[a-z]{{3,}}"
)
_AFTER = re.compile(r"\bafter [\w ]{0,30}\bfor (?:only |just |about )?$")
_AT_SNR = re.compile(r"\b(?:at|under|for) (?:an? )?$", re.I)
_NO_RUN = re.compile(
    r"-(?!fold)\w+ (?!latenc|run|train|inference|time|search|optimi|generation"
    r"|sampling|speed|budget)"
)
_SETUP_AFTER = re.compile(
    rf"^[- ]?(?:(?!{_PREPOSITION}\b)\w+ ){{0,2}}?{_SETUP_NOUN}\b(?! {_OUTCOME})", re.I
)
_REGIME = re.compile(r" (?:\w+ )?(?:regimes?|settings?)\b")
# A frequency is that of a band, a recording or a clock, unless something leads to it.
_FREQUENCIES = ("kHz", "MHz", "GHz")
_BAND = re.compile(r"\b(?:bandwidths?|carriers?|frequenc(?:y|ies)|bands?|clocks?) (?:of|to) $")
_REACHES = before_end("by to up_to reach* achiev* attain* of than", "an? about around nearly over")
# "In less than a second", "takes only three hours": durations in words that are results.
_TAKES = before_end(
    "in within under below less_than no_more_than fewer_than tak* requir* need* only just"
    " after to from cost* spend*",
    "an? only just less_than about around approximately roughly",
)
_MOST_POINTS = 100
"""Above it, points are counted ("1024 points"), not gained."""

# "n times" counts repetitions unless it is a factor: faster, than, reduction, "by 5 times".
_FACTOR_AFTER = re.compile(
    r"^(?: [\w-]+){0,4}? ?"
    + any_of(
        r"\w+er\b more less fewer speed reduc sav improv increas decreas gain compress accelerat"
        r" as\b that_of the\b boost than efficient cheap expensive memory cost parameter throughput"
        r" comput previous its_(?:own_)?(?:size|cost|speed|length)"
    ),
    re.I,
)
_FACTOR_BEFORE = before_end(
    "by of to is at_least up_to over reduc* sav* than around about nearly",
    "an? about around up_to over more_than at_least nearly average approximately roughly factor_of"
    " almost",
)
_DECIMAL = re.compile(r"\d\.\d|e-\d")
_VERSION = re.compile(r"(?:\b[A-Z][\w-]*|\b[Vv](?:ersion|er)?\.?) $")
_AROUND_SCORE = re.compile(
    r"[(→=:<>≤≥]\s*$|\w['’]s $|\bours(?: is| has| only)? $"
    r"|\b(?:of|to|from|versus|vs\.?|against|is|at|with|by|than|and|between|reaching|below|under)"
    r"(?: [\w-]+){0,2} ?[∼~<>≤≥+-]?$|, $|\+$"
    rf"|\b{any_of('has have scores? gives? yields? achiev* obtain* reach* gets? attain*')} $"
)
_GAINED = re.compile(
    r" (?:[a-z]+ )?(?:improvement|gain|reduction|increase|drop|higher|lower|better)\b"
)
_BESIDE = re.compile(r"[ -](?:[a-z]+ )?")
# "An average improvement of 4.7", "outperforms others by 2.3": a gain with no named score
_GAIN_OF = re.compile(
    rf"\b(?:(?:improvement|gain|boost|margin)s? of"
    r"|(?:outperform|surpass|beat|exceed)\w*\b[^,;]*\bby)"
    rf"(?: {any_of(ABOUT + ' an? average_of margin_of the')})* ?\+?$"
)
# "Surpasses the best by 3.2 points (from 60.1 to 63.3)"
_IMPROVES = re.compile(
    r"\b(?:improv|surpass|outperform|increas|rais|boost|reduc|lower|decreas|drop)\w*\b[^;]*\bfrom $"
)
# "Tolerates up to 40% label noise": what a method stands is a result, whatever it is
_WITHSTANDS = before_end(
    "tolerat* withst\\w+ robust_to resilien\\w+_to resist* surviv* defend\\w*_against",
    "an? the up_to as_much_as even over (?:[a-z]+_){1,3}of_up_to",
)


def is_result(
    quantity: Quantity,
    mentions: Sequence[Mention],
    others: Sequence[Quantity] = (),
    *,
    scored: bool = False,
) -> bool:
    """Whether a quantity of a sentence on the paper's own work is reported as a result.

    `others` are the quantities of the sentence that are results by themselves: steps and sizes
    count only beside one of them, or beside words of quality. `scored` says that a sentence before
    named a score.
    """
    if _WITHSTANDS.search(quantity.before):
        return quantity.unit.name == "%"
    if _is_setup(quantity):
        return False
    kind = quantity.unit.kind
    if kind == BARE:
        return _is_score(quantity, mentions, scored=scored)
    if quantity.unit.name in SCALES:
        return is_scale_result(quantity)
    if kind == COUNT:
        return is_count_result(quantity, others)
    return _is_measured(quantity) if kind == MEASURE else _is_ratio_result(quantity)


def stands_alone(quantity: Quantity) -> bool:
    """Whether a quantity is a result without others beside it: all but counts."""
    return quantity.unit.kind != COUNT


def _is_setup(quantity: Quantity) -> bool:
    """Whether the words around a quantity say that it was set: "batch size 64", "5% noise"."""
    if quantity.unit.name not in STEPS and _REGIME.match(quantity.after):
        return True
    if _is_material(quantity):
        return True
    ahead = quantity.unit.name in SCALES and quantity.after.startswith(" ahead")
    set_after = _SETUP_AFTER.search(quantity.after) and not ahead  # "up to 18 months ahead"
    return bool(set_after or _SETUP_BEFORE.search(quantity.before))


def _is_measured(quantity: Quantity) -> bool:
    if quantity.unit.name in _FREQUENCIES and (
        _BAND.search(quantity.lead) or not _REACHES.search(quantity.lead)
    ):
        return False
    in_words = quantity.numeral.kind in ("word", "factor")
    return not in_words or _TAKES.search(quantity.lead) is not None


def _is_material(quantity: Quantity) -> bool:
    """Whether a quantity says how much there was of what the experiment was made with."""
    before, after, unit = quantity.before, quantity.after, quantity.unit.name
    if unit in DURATIONS:
        joined = quantity.sentence[quantity.numeral.end : quantity.end + 12]
        set_before = _COLLECTED.search(quantity.lead) or (
            _SET_DURATION.search(quantity.lead) and not _AFTER.search(quantity.lead)
        )
        return bool(set_before or _MATERIAL.match(after) or _NO_RUN.match(joined))
    if unit in ("GB", "MB", "TB"):
        return _MATERIAL.match(after) is not None
    if unit in _LENGTHS:
        return bool(before.endswith((" a ", " an ")) and _LONG.match(after))
    if unit == "bits/pixel":
        return before.endswith(" at ")
    if unit == "×" and _SET_FACTOR.search(before):
        return True
    if unit == "dB":
        return _AT_SNR.search(before) is not None and after.startswith(" SNR")
    if unit == "%":
        given = _GIVEN.match(after) and _DONE.search(before)
        chance = _RANDOM.match(after) or _RANDOMLY.search(before)
        return bool(given or chance or _SPLIT.match(after))
    return False


def _is_ratio_result(quantity: Quantity) -> bool:
    numeral, unit = quantity.numeral, quantity.unit.name
    if numeral.kind == "factor":
        return is_factor_result(quantity)
    if unit == "points" and numeral.value.isdigit() and int(numeral.value) > _MOST_POINTS:
        return False
    if quantity.sentence[numeral.end : quantity.end].endswith("times"):
        return bool(_FACTOR_AFTER.search(quantity.rest) or _FACTOR_BEFORE.search(quantity.lead))
    return True


def _is_score(quantity: Quantity, mentions: Sequence[Mention], *, scored: bool) -> bool:
    """Whether a plain number is a score: one leads to it, or it is a decimal in its sentence."""
    numeral, before = quantity.numeral, quantity.before
    if numeral.kind == "rank":
        return True
    scores = [mention for mention in mentions if mention.metric.score]
    if numeral.kind not in ("digits", "range"):
        return False
    if any(leads_to(mention, quantity) for mention in scores):
        return True
    if numeral.value[-1] in "KMBT":
        return False
    decimal = _DECIMAL.search(numeral.value) is not None
    if decimal and _GAIN_OF.search(before):
        return True
    if decimal and _IMPROVES.search(quantity.lead) and quantity.size == 2:
        return True
    if any(_BESIDE.fullmatch(quantity.sentence, quantity.tail, m.start) for m in scores):
        return True
    if scored and decimal and before[-1:] == "(" and quantity.after[:1] == ")":
        return True
    around = _AROUND_SCORE.search(before) or _GAINED.match(quantity.after)
    led = around and not _VERSION.search(before)
    return bool(scores and decimal and led)
