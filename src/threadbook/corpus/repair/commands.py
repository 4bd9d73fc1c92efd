"""Commands: those that kept their backslash, and those with arguments that lost it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

from pylatexenc import latex2text

from threadbook.corpus.repair.symbols import (
    GREEK_CHARACTERS,
    any_of,
    find_symbol,
    split_names,
)

# Commands that dress their argument and say nothing else. A calligraphic O becomes a plain O:
# it reads as well, and a search for "O(" finds it.
_DRESSING = split_names(
    "text textbf textit texttt textsc textrm textsf textnormal emph underline mbox hbox "
    "mathcal mathscr mathrm mathbf mathit mathsf mathtt mathfrak boldsymbol bm operatorname "
    "ensuremath"
)
_SWITCHES = split_names(
    "em it bf sc tt rm sl sf tiny scriptsize footnotesize small normalsize large Large LARGE huge "
    "Huge itshape bfseries scshape ttfamily displaystyle textstyle left right big Big bigg Bigg "
    "bigl bigr Bigl Bigr emph textbf textit texttt limits nolimits noindent centering xspace "
    "protect"
)
_ABBREVIATIONS = {
    "etc": "etc.", "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "cf": "cf.", "wrt": "w.r.t.",
    "vs": "vs.", "aka": "a.k.a.", "iid": "i.i.d.",
}  # fmt: skip
_DIACRITICS = {
    "tilde": "\u0303", "widetilde": "\u0303", "hat": "\u0302", "widehat": "\u0302",
    "bar": "\u0304", "overline": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306",
}  # fmt: skip

_ESCAPED = re.compile(r"\\([%$&#_{}])")
_SPACE = re.compile(r"\\(?:[ ,;:/>\n]|q?quad\b)\s*")
_ACCENTED = (
    r"(?<!\\)\\(?:[\"'`^~=.]\s?|[uvHcbdrk](?=[{ ])\s?)(?:\{\s*\\?[A-Za-z]\s*\}|\\[ij]\b|[A-Za-z])"
)
_LETTER = r"\\(?:ss|aa|AA|ae|AE|oe|OE|o|O|l|L|i|j)(?![A-Za-z])\s?"
_ACCENT = re.compile(rf"\{{(?:{_ACCENTED}|{_LETTER})\}}|{_ACCENTED}|{_LETTER}")
_DRESSED = re.compile(rf"(?<![a-z]{{2}})\\?(?:{any_of(_DRESSING)})\*?\s?\{{([^{{}}]*)\}}")
_BARE_DRESSING = re.compile(
    r"\\?\b(?:mathcal|mathscr|mathrm|mathbf|mathit|mathsf|boldsymbol|bm) "
    rf"(?=[A-Za-z{GREEK_CHARACTERS}]\b)"
)
_CLUES = (
    *("{", "\\", "boldsymbol", " bm ", "tilde", " hat", "(hat", " bar", "(bar"),
    *(f"math{letter}" for letter in "bcfirst"),
)
_BLACKBOARD = re.compile(r"\\?(?<![a-z]{2})mathbb\s?(?:\{\s*([A-Z])\s*\}|([A-Z])\b)")
_TOPPED = re.compile(rf"(?<![a-z\\])\\?({any_of(_DIACRITICS)})\s?\{{\s*([^{{}}]*?)\s*\}}")
_BARE_TOPPED = re.compile(r"\b(tilde|widetilde|hat|widehat|bar) ?([A-Z])(?=[(_^])")
_SWITCH = re.compile(rf"\\(?:{any_of(_SWITCHES)})(?![A-Za-z])\s*")
_ABBREVIATION = re.compile(rf"\\({any_of(_ABBREVIATIONS)})(?![A-Za-z])(\.?)")
_MACRO = re.compile(r"\\([A-Za-z]+)")
_BULLET = re.compile(r"(?<=[.:;?!] )bullet (?=[A-Z])")
_COMMENT = re.compile(r"(?<=[.;!?] )%(?=[A-Z])")
_CITATION = re.compile(r"[~ ]?\\cite[a-z]*\*?(?:\[[^\]]*\])*\{[^{}]*\}")
# What begins with a digit may be a price, so it is a formula only without words in it.
_DOLLARS = re.compile(
    r"\$\$?(?=[^\s\d$])([^$]*?[^\s$\\])\$\$?"
    r"|\$\$?(?=\d)((?:[^$A-Za-z]|[A-Za-z](?![A-Za-z]))*[^\s$\\])\$\$?(?!\d)"
)
_PLAIN: Any = cast(Any, latex2text).LatexNodes2Text()


def read_accents(text: str) -> str:
    r"""Return `text` with accented letters (`na\"{\i}ve`, `Pad\'e`) as single characters."""
    if "\\" not in text:
        return text
    return _ACCENT.sub(lambda match: str(_PLAIN.latex_to_text(match[0])).strip(), text)


def read_arguments(text: str) -> str:
    """Return `text` with each command and its braces replaced by what they print.

    The backslash may be lost (`mathcal{O}`, `tilde{O}`): the brace after the name proves that
    it was a command.
    """
    if not any(clue in text for clue in _CLUES):
        return text
    text = _BLACKBOARD.sub(_strike_double, text)
    while (undressed := _DRESSED.sub(lambda match: match[1].strip(), text)) != text:
        text = undressed  # from the innermost braces outwards
    text = _BARE_DRESSING.sub("", text)
    text = _TOPPED.sub(_put_on_top, text)
    return _BARE_TOPPED.sub(_put_on_top, text)


def _strike_double(match: re.Match[str]) -> str:
    return str(_PLAIN.latex_to_text(rf"\mathbb{{{match[1] or match[2]}}}"))


def _put_on_top(match: re.Match[str]) -> str:
    name, base = match.groups()
    if len(base) != 1:
        return base
    return unicodedata.normalize("NFC", base + _DIACRITICS[name])


def read_backslashes(text: str) -> str:
    """Return `text` without the backslashes that LaTeX left: escapes, switches, symbols, names.

    A list's `bullet` and a comment's % between sentences go the same way.

    A macro that only the paper's own preamble defined keeps its name: what it printed is
    unknown.
    """
    if "%" in text or "bullet" in text:
        text = _BULLET.sub("• ", _COMMENT.sub("", text))
    if "\\" not in text:
        return text
    text = _CITATION.sub("", text.replace("\\\\", " "))
    text = _SWITCH.sub("", text)
    text = _ABBREVIATION.sub(lambda match: _ABBREVIATIONS[match[1]], text)
    text = _MACRO.sub(lambda match: find_symbol(match[1]) or match[1], text)
    text = _ESCAPED.sub(r"\1", text)
    text = _SPACE.sub(" ", text)
    return text.replace("\\!", "")


def strip_dollars(text: str) -> str:
    """Return `text` with `$x$` as x; two prices (`$5 and $10`) are no formula."""
    if "$" not in text:
        return text
    return _DOLLARS.sub(lambda match: match[1] or match[2], text)
