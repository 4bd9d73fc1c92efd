"""When steps, sizes and other counts are results, and not the set-up of an experiment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from threadbook.threads.claims.patterns import any_of, before_end
from threadbook.threads.claims.quantities import Quantity
from threadbook.threads.claims.units import CROWDS, SAMPLES, STEPS

# Words that say how good a result is, in a sentence without a number that does.
_QUALITY = re.compile(
    any_of(
        r"\bquality \bperformances?\b \bsurpass \boutperform \bmatch(?:es|ing)?\b \bcomparable"
        r" \bcompetitive \bmaintain \bpreserv \bretain \bstate-of-the-art \bbenchmarks?\b \baccura"
        r" fidelity\b \bbetter\b \bsuperior \bwithout_(?:\w+_){0,2}(?:loss|degradation|sacrific)"
        r" \bsuccessful \beffective \bexcellent \bsuffic \benough\b \bcompared\b \bimprov"
        r" \bwhereas\b \binstead_of\b \brather_than\b \bhigh-res \bnecessary\b \breal-time\b"
        r" \brival \bon_par\b \bparity\b \bsame_(?:\w+_)?(?:result|level|error) realistic\b"
        r" \bconverg \brapid \bfaster\b \blossless"
    ),
    re.I,
)
_KEEPS = re.compile(
    any_of(
        r"\bmaintain \bpreserv \bretain \bmatch(?:es)?\b \bmatching_(?:the|its|or) \bcompar"
        r" \bsurpass \boutperform \bcompetitive \bquality \bfidelity \bstate-of-the-art"
        r" \brival \bon_par\b"
    )
)
# "Matches the quality of 100-step samplers with only 10 steps"
_MATCHES = re.compile(
    r"\b(?:match|rival|outperform|surpass|beat|exceed)\w*\b[^,;]{0,40}"
    r"(?:\b(?:of|from|than|with) )?$"
)
# The few words by which an abstract says that this many are all it takes.
_ONLY = before_end(
    "only just merely mere solely as_few_as as_little_as fewer_than less_than no_more_than at_most"
    " up_to_only no_fewer_than",
    "an? about around approximately roughly the first one",
)
_IN = before_end(
    "in with within using under at after requir* need* tak* cost* by via from to than through"
    " between below us(?:es|ed)",
    "an? the only just about around approximately roughly merely up_to mere as_few_as fewer_than"
    " less_than even over no_more_than",
)
# A step, pass or update that is all it takes: "in a single step", "with one update".
_IN_ONE = before_end(
    "in with within only just requir* need* to in_the via through by using tak* running performing",
    "an? only just merely even as_few_as after",
)
# "with ResNet-50 as backbone, 100 queries and 12 epochs": the last item of what stood behind "with"
_LISTED = re.compile(r"\b(?:with|using|in)\b[^;.()]*,[^;.()]* and (?:only |just )?$")
# "53.8% AP after training for 12 epochs"
_TRAINED = before_end("training_for tuning_for", "only just about")
# What is set against the number of the method, in the same sentence.
_AGAINST = before_end(
    "compared_to compared_with instead_of rather_than than unlike versus vs\\. against relative_to"
    " as_opposed_to in_contrast_to whereas while rival* outperform* surpass* beat(?:s|ing)?"
    " match(?:es|ing)? on_par_with comparable_to competitive_with",
    "the an? that_of those_of those_from existing about around nearly typical usual standard"
    " original full up_to over more_than"
    " baselines?_with [A-Za-z-]+_(?:requires|needs|takes|uses|with)",
)
# "One-step methods suffer", "in one-step and two-step settings": a class, not what is reached
_CLASS = re.compile(
    r"(?: or | and |/)?[- ](?:\w+[- ])*?"
    + any_of(
        "methods approaches techniques baselines competitors counterparts settings scenarios tasks"
        " variants problems works solvers(?=_(?:suffer|struggle|fail)) approximations? training"
        " setup schemes? paradigms? distillation_methods"
    )
    + r"\b"
)
# "High-fidelity one-step generation", "the first one-step model"
_LEADS_TO_ONE = re.compile(
    r"\b(?:(?:high(?:er|est)?|better|superior|best)[- ](?:quality|fidelity|resolution|performance)"
    r"|high-performing|competitive|photo-?realistic|state-of-the-art|possib\w+ of|feasib\w+ of"
    r"|the first)(?: [\w-]+){0,3}? $"
    # "gets good results with fast inference for one-step generation", "distilled into a one-step"
    r"|\b(?:achiev|show|obtain|get|reach|yield|deliver|attain|demonstrat|set)\w*\b[^,;]{0,60}\b"
    r"(?:results?|quality|performances?|fidelity|scores?|benchmarks?|records?)\b[^,;]{0,40}"
    r"\b(?:for|in|with|via|from) (?:our |an? |the )?$"
    r"|\bdistil\w*\b[^,;]{0,80}\binto (?:an? |multiple |several )?(?:\w+ )?$",
    re.I,
)
_SUFFICES = re.compile(r"[^,;]*\b(?:(?:is|are) (?:already )?(?:sufficient|enough)|suffices?)\b")
_OTHERS_BEFORE = re.compile(
    r"\b"
    + any_of(
        "other existing previous prior conventional recent current typical* usually often standard"
        " among at_least at_most each every several"
    )
    + r"(?: [\w-]+)?(?: in| with| using)?\s*$",
    re.I,
)
_REDUCES = re.compile(r"\b(?:reduc|decreas|cut|lower|shrink|fall|drop|shorten)\w*\b[^,;]*$")
_COUNTS_STEPS = re.compile(
    r"\b(?:\d+|one|single|two|three|four|five|ten)[- ](?:[\w-]+ ){0,2}(?:steps?|NFEs?|evaluations?"
    r"|iterations?|epochs?|pass(?:es)?)\b",
    re.I,
)
# "We sample 10 out of 100 classes"
_CHOOSES = re.compile(
    r"\b(?:sampl|select|choos|pick|drop|mask|us|train|hold|kee?p)\w*(?: only| on| with| up to)* $",
    re.I,
)
_CHOSEN = re.compile(
    r" (?:is|are|was|were) (?:sampled|selected|chosen|picked|dropped|masked|used)\b"
)
_NAMED = re.compile(
    r"-step (?:PGD|MDP|TD|SARSA|[A-Z]{2,}-?(?:attack|adversar)\w*)"
)  # "with 10-step PGD": the steps of a named procedure
_SCALES_TO = re.compile(
    r"\b(?:scal\w+|up to|as many as|enabl\w+|allow\w+|train\w* (?:of )?(?:[\w-]+ ){0,6}?(?:with|of)"
    r"|stable|beyond|depths? of|as deep as)(?: [\w-]+){0,6}? ?[∼~]?$",
    re.I,
)
_SCALES = re.compile(
    r"\b(?:scal\w*|up to|lengths? of|as long as|beyond|over|extend\w*)\b[^,;()]{0,40}\(?[∼~]?$",
    re.I,
)
_CONTRAST = re.compile(
    r"\b(?:unlike|compared|instead|whereas|while|than|versus|vs|against|ours?)\b", re.I
)
_HAS = before_end("has have contains comprises", "only just about around")
# "Supports 500 clients"
_HANDLES = re.compile(
    r"\b(?:scal|support|handl|serv|accommodat|coordinat|manag|cop)\w* [^,;]{0,40}?$", re.I
)
_ALONE = re.compile(r"(?: per \w+)? (?:only|alone)\b")
# "Achieves accurate 2-bit quantization", "in weight 2-bit activation 2-bit"
_ACHIEVES = re.compile(
    r"\b(?:achiev|enabl|push|reach|reali[sz]|attain)\w*(?: [\w-]+){0,4} $|\b(?:weight|activation) $"
)
_OWN_BITS = re.compile(r"\b(?:[Oo]ur|proposed|resulting)(?: [\w-]+){0,2} $")
_TRAINS = re.compile(
    r"\b(?:train|solv|handl|simulat|optimi[sz]|process)\w*(?: [\w-]+){0,5} ?$", re.I
)
_MANY = 100
"""Clients, users or nodes that are worth a word."""
_HUGE = 1000
"""Layers or dimensions that nobody trains but to show that it can be done."""
_TO_BITS = before_end(
    "to into at only down_to as_low_as in with just using average_of below",
    "only just as_low_as an? ultra-low",
)
_RESOLUTION = before_end("resolutions?", "of up_to as_high_as")
# "(FID=6.47, 19.4M parameters)", "parameters (7M → 3M)"
_IN_BRACKETS = re.compile(
    r"(?:\([^()]*,|→|\d and|(?:FLOPs|MACs|FPS|ms|[KMG]B) and) $"
    r"|(?:param(?:eter)?s|scale|smaller|fewer|less|compact|only) \([∼~]?$"
)
_OPENED = re.compile(r"\((?:[\w ]+ ?[=:≤<]+ ?)?$")


def is_count_result(quantity: Quantity, others: Sequence[Quantity]) -> bool:
    """Whether a count is a result: it stands beside `others` or words of quality, and in its way.

    The way depends on what is counted: "in 10 steps", "to 8 bits", "with only 3M parameters".
    Cases won ("7 of 10 games") are results by themselves.
    """
    unit, sound = quantity.unit.name, bool(others) or _QUALITY.search(quantity.sentence) is not None
    if unit in STEPS:
        return _is_step_result(quantity, others, sound=sound)
    if sound and _is_set_against(quantity, _read_same(unit)):
        return True
    rule = _RULES.get(unit)
    if rule is None:
        chosen = _CHOOSES.search(quantity.before) or _CHOSEN.match(quantity.after)
        return quantity.numeral.value != "1" and not chosen
    sound = (
        sound
        or any(p.search(quantity.before) for p in (_ONLY, _REDUCES, _SCALES))
        or bool(_ALONE.match(quantity.after))
    )
    return sound and rule(quantity)


def is_scale_result(quantity: Quantity) -> bool:
    """Whether a size is reached as a result: by scaling up to it, or by training what is huge."""
    if quantity.unit.name in CROWDS:
        return _is_many(quantity) and _HANDLES.search(quantity.before) is not None
    if _SCALES_TO.search(quantity.before):
        return True
    return _is_many(quantity, _HUGE) and _TRAINS.search(quantity.before) is not None


def _is_many(quantity: Quantity, least: int = _MANY) -> bool:
    value = quantity.numeral.value
    return value[-1] in "KMB" or (value.isdigit() and int(value) >= least)


def _is_step_result(quantity: Quantity, others: Sequence[Quantity], *, sound: bool) -> bool:
    """Whether steps are those that the method needs: "in 10 steps", "a one-step generator with"."""
    before, lead = quantity.before, quantity.lead
    if _is_set_against(quantity, _COUNTS_STEPS):
        return True
    if _OTHERS_BEFORE.search(before) or _NAMED.match(quantity.sentence, quantity.numeral.end):
        return False
    if quantity.numeral.value == "1":
        return _is_one_step(quantity, others)
    sound = sound or _is_contrast(quantity)
    heading = quantity.numeral.kind == "word" and quantity.after[:1] == ":"  # "two steps: first"
    plain = _REDUCES.search(before) or _ONLY.search(before) or _SUFFICES.match(quantity.rest)
    if heading or not (sound or plain):
        return False
    if quantity.sentence[quantity.numeral.end] == "-" and _LEADS_TO_ONE.search(before):
        return True
    if others and _TRAINED.search(lead):
        return True
    if _OPENED.search(lead) or (_LISTED.search(lead) and not _IN.search(lead)):
        return bool(others)
    return bool(_IN.search(lead) or _ONLY.search(lead) or _SUFFICES.match(quantity.rest))


def _is_one_step(quantity: Quantity, others: Sequence[Quantity]) -> bool:
    """Whether one step is all it takes; "one-step" needs a result beside it, or what it keeps."""
    end = quantity.numeral.end
    if quantity.sentence[end : end + 1] == "-":
        if _CLASS.match(quantity.after):
            return False
        made = _LEADS_TO_ONE.search(quantity.before)
        return bool(others or _KEEPS.search(quantity.after) or made)
    return bool(_IN_ONE.search(quantity.before) or _SUFFICES.match(quantity.after))


def _read_same(unit: str) -> re.Pattern[str]:
    """Return what finds counts of the same unit: "2-bit" for bits."""
    return re.compile(rf"\b\d[\w.]*[- ](?:[\w-]+ ){{0,2}}{re.escape(unit.removesuffix('s'))}s?\b")


def _is_set_against(quantity: Quantity, counts: re.Pattern[str]) -> bool:
    """Whether a count follows on others that it is set against: "4 instead of 50 steps"."""
    if quantity.numeral.kind == "word":
        return False
    if _MATCHES.search(quantity.before) and counts.search(quantity.sentence, quantity.end):
        return True
    against = _AGAINST.search(quantity.before)
    if not against:
        return False
    return counts.search(quantity.sentence, 0, max(0, quantity.start - len(against[0]))) is not None


def _is_contrast(quantity: Quantity) -> bool:
    """Whether the sentence sets numbers of steps against each other."""
    sentence = quantity.sentence
    counts = len(_COUNTS_STEPS.findall(sentence))
    return counts > 1 and _CONTRAST.search(sentence) is not None


def _are_bits(quantity: Quantity) -> bool:
    before = quantity.before
    found = _TO_BITS.search(quantity.lead) or _OWN_BITS.search(before) or _ACHIEVES.search(before)
    return bool(found or _SUFFICES.match(quantity.after))


def _are_parameters(quantity: Quantity) -> bool:
    before, lead = quantity.before, quantity.lead
    found = any(pattern.search(before) for pattern in (_IN, _ONLY, _IN_BRACKETS))
    return found or any(p.search(lead) is not None for p in (_SCALES, _HAS))


def _are_few(quantity: Quantity) -> bool:
    return bool(_ONLY.search(quantity.before) or _ALONE.match(quantity.after))


def _are_tokens(quantity: Quantity) -> bool:
    scaled = _SCALES.search(quantity.before) or _SCALES.search(quantity.lead)
    return _are_few(quantity) or scaled is not None


def _are_pixels(quantity: Quantity) -> bool:
    return _RESOLUTION.search(quantity.before) is not None


def _are_rounds(quantity: Quantity) -> bool:
    return _IN.search(quantity.lead) is not None


_RULES: dict[str, Callable[[Quantity], bool]] = {
    "bits": _are_bits,
    "parameters": _are_parameters,
    "tokens": _are_tokens,
    **dict.fromkeys(SAMPLES, _are_few),
    "pixels": _are_pixels,
    "rounds": _are_rounds,
}
