"""Numerals, ranges and number words of a text, with their places.

What is a number here need not be a claim: `masks` has already blanked the numbers of names and
formulas, `units` reads what stands behind a numeral, `filters` says what is no result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadbook.threads.claims.patterns import any_of

_SPACE = r"[ \u00a0\u202f]"
_DASH = r"[-–—−∼~]"
_MAGNITUDE = rf"(?:(?:-|{_SPACE})?(?:thousand|million|billion|trillion)\b|[kKMBT](?![A-Za-z]))"
_POWER = r"(?:\s?[×x·]\s?10(?:\^\{?[-−]?\d+\}?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|[eE][-−+]?\d+(?!\w|\.\d))"
# Thousands are set off by commas or by (thin) spaces; a point is always decimal.
_NUMBER = rf"(?:\d{{1,3}}(?:(?:,|{_SPACE})\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
# "10^{-3}", "10⁶": a power of ten alone
_TEN = r"10(?:\^\{?[-−]?\d+\}?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
_NUMERAL = rf"(?:{_TEN}|{_NUMBER}(?:{_POWER})?(?:{_MAGNITUDE})?)"
# No digit inside a word, a formula or a version: "x_1", "10^3", "16-bit-32", "1.2.3". A hyphen
# behind a space or a bracket is a minus, and a slash between numbers parts two results ("2.5/1.2").
_START = r"(?:(?<![\w.^])|(?<=\bx))(?<![\w)][-–,])(?<![A-Za-z_)]/)(?<![\d][.:])"
# The unit of the first number of a range is repeated by the second ("0.1% to 7%").
_INNER = r"(?P<inner>\s?(?:%|[×xX](?![A-Za-z])|-?fold|times|[A-Za-zµμ°]{1,3})(?=\W))?"
_PAIR = re.compile(
    rf"{_START}(?P<low>{_NUMERAL}){_INNER}"
    rf"(?P<join>\s?{_DASH}\s?|\s+to\s+(?:(?:over|about|around|nearly)\s+)?[∼~]?|\s+and\s+)"
    rf"(?P<high>{_NUMERAL})",
    re.I,
)
_OPENING = re.compile(r"\b(between|from)\s+(?:[A-Za-z][\w-]*\s+){0,2}[∼~]?$", re.I)
# "From A to B" is a change unless such a word stands before.
_RANGES = any_of(
    "rang* var(?:y|ies|ied|ying) anywhere span* speed-?ups? gains? improvements reductions"
    " savings factors? accelerations?"
)
_RANGE_WORD = re.compile(rf"\b{_RANGES}(?: of)? $", re.I)
_SINGLE = re.compile(rf"{_START}{_NUMERAL}")

_DIGITS = {
    "zero": "0",
    "one": "1",
    "single": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "fifteen": "15",
    "sixteen": "16",
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "eighty": "80",
    "hundred": "100",
    "thousand": "1000",
}
_PLAIN = "|".join(word for word in _DIGITS if word not in ("zero", "one", "single"))
_WORD_PAIR = re.compile(rf"(?<![\w-])(one|{_PLAIN})(?: to |-to-|[-–])({_PLAIN})(?![\w-])", re.I)
# "In less than a second": the article counts.
_DURATIONS = any_of(
    "millisecond minute hour day week GPU[-_]day GPU[-_]hour"
    " second(?=[,.;:)]|$|_(?:per|on|and|or|for|with|while|when|using|by)\\b)"  # no "second stage"
)
_ARTICLE = re.compile(
    r"\b(?:less than|under|within|in|below|about|around|only|just) (an?|one)"
    rf" (?={_DURATIONS}(?!\w))"
)
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_DIGITS)})(?!\w)", re.I)
# "Two hundred times", "one million nodes"
_COMPOUND = re.compile(
    rf"(?<![\w-])(one|{_PLAIN})[- ](hundred|thousand|million|billion)(?!\w)", re.I
)
_FACTORS = (
    (r"halv(?:es?|ed|ing)|half", "0.5"),
    (r"twice|doubl(?:es|ed|ing)|double", "2"),
    (r"tripl(?:es|ed|ing)|triple", "3"),
    (r"quadrupl(?:es|ed|ing)|quadruple", "4"),
    *((rf"{word}-?fold", digits) for word, digits in _DIGITS.items() if word in _PLAIN.split("|")),
)
_FACTOR_WORDS = "|".join(f"({words})" for words, _ in _FACTORS)
_FACTOR = re.compile(rf"(?<![\w-])(?:{_FACTOR_WORDS})(?![\w-])", re.I)
_PARTS = {
    "half": 2,
    "halve": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "tenth": 10,
    "twentieth": 20,
    "hundredth": 100,
    "thousandth": 1000,
}
_PART = "|".join(_PARTS)
# "Two thirds of it", "a tenth the cost", "by a quarter", but not "a third stage"
_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?P<many>one|two|three|four)[- ](?P<parts>{_PART})s?(?!\w)"
    rf"|(?:(?<=\ba )|(?<=\ban ))(?P<part>{_PART})"
    r"(?= (?:of|as|the|that|less|fewer|faster|smaller|lower|cheaper)\b)"
    rf"|(?:(?<=\bby a )|(?<=\bto a ))(?P<by>{_PART})(?!\w))",
    re.I,
)
# "An order of magnitude" is one, plain "orders of magnitude" more than one; "3 orders" is a
# numeral with a unit.
_ORDER = re.compile(r"(?<!\d )(?<!\d-)\borders?[- ]of[- ]magnitudes?\b", re.I)
# "Ranks first", "won the 2nd place"
_ORDINALS = {"first": "1", "second": "2", "third": "3", "1st": "1", "2nd": "2", "3rd": "3"}
_ORDINAL = "|".join(_ORDINALS)
_RANK = re.compile(
    rf"\b(?:rank(?:s|ed|ing)?|plac(?:es|ed|ing)) (?:the )?({_ORDINAL})"
    r"(?! in \w+ (?:out )?of\b)(?= (?:in|among|on|at|of|place)\b|[,.])"
    rf"|\b({_ORDINAL})(?=[- ](?:place|prize)\b)",
    re.I,
)
_LETTERS = {"thousand": "K", "million": "M", "billion": "B", "trillion": "T"}
_EXPONENT = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−", "-+0123456789-")
KINDS = ("digits", "range", "word", "factor", "order", "rank")


@dataclass(frozen=True, order=True)
class Numeral:
    """A number or range as it stands at `start` to `end`, and its `value` as printed to a reader.

    `kind` is one of `KINDS`: word is "two" or "single", factor "halves", order that of magnitude,
    rank that of a contest.
    """

    start: int
    end: int
    value: str
    kind: str = "digits"


def find_numerals(text: str) -> list[Numeral]:
    """Return the numerals of `text` from left to right; a range is one, "from 3 to 2" are two."""
    found: list[Numeral] = []
    for finder in _FINDERS:
        taken = {place for numeral in found for place in range(numeral.start, numeral.end)}
        found += [n for n in finder(text) if taken.isdisjoint(range(n.start, n.end))]
    return sorted(found)


def read_value(text: str) -> str:
    """Return a printed number without separators, with a letter for its magnitude, as "7740M"."""
    text = re.sub(r"(?<=\d)[, \u00a0\u202f](?=\d{3})", "", text)
    for word, letter in _LETTERS.items():
        text = re.sub(rf"[-\s]?{word}$", letter, text)
    if match := re.fullmatch(r"10(?:\^\{?([-−]?\d+)\}?|([⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]+))", text):
        return f"1e{(match[1] or match[2]).translate(_EXPONENT)}"
    if match := re.fullmatch(r"([\d.]+)\s?[×x·]\s?10\^?\{?([^}]+?)\}?([KMBT]?)", text):
        return f"{match[1]}e{match[2].translate(_EXPONENT)}{match[3]}"
    return text.translate(_EXPONENT)


def _find_ranges(text: str) -> Iterator[Numeral]:
    place = 0
    while match := _PAIR.search(text, place):
        place = match.start() + 1
        if _is_range(match, text):
            value = f"{read_value(match['low'])}-{read_value(match['high'])}"
            yield Numeral(match.start("low"), match.end("high"), value, "range")
            place = match.end()


def _is_range(match: re.Match[str], text: str) -> bool:
    """Whether two numbers are the ends of a range: of one unit, and not before and after."""
    inner = (match["inner"] or "").strip()
    if inner and not text[match.end() :].lstrip(" -").startswith(inner):
        return False
    opening = _OPENING.search(text, max(0, match.start() - 40), match.start())
    word = opening[1].lower() if opening else ""
    if match["join"].strip() == "and":
        return word == "between"
    if opening and word == "from":
        return _RANGE_WORD.search(text, max(0, opening.start() - 40), opening.start()) is not None
    return True


def _find_singles(text: str) -> Iterator[Numeral]:
    for match in _SINGLE.finditer(text):
        yield Numeral(match.start(), match.end(), read_value(match[0]))


def _find_orders(text: str) -> Iterator[Numeral]:
    """Yield orders of magnitude; where a word counts them ("two orders"), it is the numeral."""
    for match in _ORDER.finditer(text):
        before = _WORD.search(text, max(0, match.start() - 9), match.start())
        if before and not text[before.end() : match.start()].strip(" -"):
            yield Numeral(*before.span(), _DIGITS[before[0].lower()], "order")
        else:
            plural = match[0].lower().startswith("orders")
            yield Numeral(*match.span(), ">1" if plural else "1", "order")


def _find_factors(text: str) -> Iterator[Numeral]:
    for match in _FACTOR.finditer(text):
        yield Numeral(*match.span(), _FACTORS[(match.lastindex or 1) - 1][1], "factor")


def _find_ranks(text: str) -> Iterator[Numeral]:
    for match in _RANK.finditer(text):
        group = 1 if match[1] else 2
        yield Numeral(*match.span(group), _ORDINALS[match[group].lower()], "rank")


def _find_fractions(text: str) -> Iterator[Numeral]:
    for match in _FRACTION.finditer(text):
        over = _DIGITS[match["many"].lower()] if match["many"] else "1"
        under = _PARTS[(match["parts"] or match["part"] or match["by"]).lower()]
        yield Numeral(*match.span(), _write_share(int(over), under), "factor")


def _write_share(over: int, under: int) -> str:
    """Return a share as a decimal number; one without end is cut to two places: "0.33"."""
    places = 3 if 1000 % under == 0 else 2
    return f"{over / under:.{places}f}".rstrip("0")


def _find_compounds(text: str) -> Iterator[Numeral]:
    for match in _COMPOUND.finditer(text):
        times, size = _DIGITS[match[1].lower()], match[2].lower()
        if size in ("million", "billion"):
            yield Numeral(*match.span(), times + _LETTERS[size])
        else:
            yield Numeral(*match.span(), str(int(times) * int(_DIGITS[size])), "word")


def _find_words(text: str) -> Iterator[Numeral]:
    for match in _WORD.finditer(text):
        yield Numeral(*match.span(), _DIGITS[match[0].lower()], "word")


def _find_word_pairs(text: str) -> Iterator[Numeral]:
    """Yield ranges in words that count something: "two to three orders", "three to five times"."""
    for match in _WORD_PAIR.finditer(text):
        value = f"{_DIGITS[match[1].lower()]}-{_DIGITS[match[2].lower()]}"
        kind = "order" if _ORDER.match(text, match.end() + 1) else "word"
        yield Numeral(*match.span(), value, kind)


def _find_articles(text: str) -> Iterator[Numeral]:
    for match in _ARTICLE.finditer(text):
        yield Numeral(*match.span(1), "1", "word")


_FINDERS = (
    _find_ranks,
    _find_ranges,
    _find_singles,
    _find_word_pairs,
    _find_orders,
    _find_fractions,
    _find_factors,
    _find_compounds,
    _find_articles,
    _find_words,
)
