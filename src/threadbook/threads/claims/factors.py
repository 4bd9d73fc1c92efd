"""When a factor in words is a result: "halves the cost", "a third of the memory", "doubled"."""

from __future__ import annotations

import re

from threadbook.threads.claims.patterns import any_of, before_end
from threadbook.threads.claims.quantities import Quantity

# "Half of the memory", "halves the cost", "doubling throughput"; not "double descent".
_COST = any_of(
    "parameters? memory costs? compute computations? time FLOPs steps size energy latency"
    " iterations epochs speed throughput bandwidth storage number training error data samples"
    " communication evaluations operations resolution performances? compression rate runtime"
    " inference layers weights"
)
_WHOLE = re.compile(
    rf"^ (?:of )?(?:the |its |their |that of |as |our )?(?:(?!(?:every|each|per|when|if|while)\b)"
    r"[\w-]+ ){0,3}?"
    rf"{_COST}\b"
    r"|^ (?:of )?(?:that|those) (?:of|by|with|required|needed|reported)\b"
    r"|^ of (?:the (?:original|full|baseline|standard|dense|teacher)\b|[A-Z])"
    r"|^ as (?:many|much|few|fast|large|small|long)\b"
)
_CHANGE = re.compile(
    r"^ (?:[\w-]+ ){0,2}?"
    + any_of(
        "increas reduc speed improv faster decreas gain sav more less higher lower fewer smaller"
        " larger boost accelerat"
    )
)
# "Doubling the number of steps" is what somebody does; "doubling the throughput" is a result.
_MULTIPLIES = re.compile(r"(?:doubl|tripl|quadrupl)(?:e|es|ed|ing)\b", re.I)
_AMOUNT = re.compile(
    r" (?:[\w-]+ ){0,3}?"
    + any_of(
        "steps parameters layers number samples data weights iterations epochs size width depth"
    )
    + r"\b"
)
_BY = before_end("by in to than about nearly only over more_than less_than", "an?")
# "Throughput doubles.", but not "when the data doubles"
_DOES = re.compile(rf"\b{_COST}(?: (?:nearly|almost|roughly|about|more than))? $", re.I)
# "Sample efficiency improves fivefold"
_CHANGES_BY = re.compile(r"\b(?:improv|increas|grow|ris|rais|boost|decreas|reduc)\w* $")
_WHEN = re.compile(r"\b(?:when|whenever|if|as|time)\b[^,;]*$", re.I)
# "The overhead is halved", but not "our contribution is threefold"
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been)(?: (?:nearly|almost|roughly|about|more than))? $"
)
_PAUSE = re.compile(r"[,.;)]| (?:compared|while|without|with|in)\b")
# "The first half of training", "the lower third of the layers": parts, not shares
_ORDINAL = before_end("first second third last other latter former lower upper each every")
# "A quarter of the samples are held out": what was done, unless it is all that is needed
_SUBJECT = re.compile(
    r" of (?:[\w-]+ ){1,4}(?:is|are|was|were)\b(?! (?:enough|sufficient|needed|required|saved))"
)


def is_factor_result(quantity: Quantity) -> bool:
    """Whether a factor in words multiplies a cost or another quantity that is reported."""
    after, before = quantity.after, quantity.before
    if _ORDINAL.search(before) or _SUBJECT.match(after):
        return False
    if _MULTIPLIES.match(quantity.sentence, quantity.start) and _AMOUNT.match(after):
        return False
    stands = _WHOLE.search(after) or _CHANGE.search(after)
    word = quantity.sentence[quantity.start : quantity.end]
    changed = (word.endswith("ed") and _PASSIVE.search(before)) or (
        word.endswith("es") and _DOES.search(before) and not _WHEN.search(before)
    )
    changed = changed or (word.endswith("fold") and _CHANGES_BY.search(before))
    return bool(stands or ((changed or _BY.search(before)) and _PAUSE.match(after)))
