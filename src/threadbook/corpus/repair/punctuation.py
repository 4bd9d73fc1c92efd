"""LaTeX's typing habits: quotes from backticks, dashes from hyphens, ties, grouping braces."""

from __future__ import annotations

import re

# ``x'' and its careless forms ``x" and ''x''.
_DOUBLE = re.compile(
    r"``\s?([^`\n]+?)(?:''|\"|”)|(?<![\w'])''(?=\w)([^'\n]+?)(?<=[\w.,!?)])''(?!')"
)
# The closing mark is the first apostrophe that does not stand inside a word. A second backtick
# instead means a piece of program text, which stays.
_SINGLE = re.compile(r"(?<![\w`])`(?=[^\s`])((?:[^`'\n]|(?<=\w)'(?=\w))+)'(?!['\w])")

# A pair sets a clause off where a word that joins no compound stands beside it:
# `and--perhaps surprisingly--even` does, `train--test and dev--test` does not.
_JOIN = r"(?:and|or|but|that|which|is|are|can)"
_CLAUSE = r"(?<!-)--(?=[^\s-])((?:(?!--)[^.;\n])+ (?:(?!--)[^.;\n])*[^\s-])--(?=\w)"
_PAIR_OF_DASHES = re.compile(rf"(\b{_JOIN}){_CLAUSE}|(?<=(\w)){_CLAUSE}(?={_JOIN} )")
_LONG_DASH = re.compile(r"(?<=[^\s-])\s?---\s?(?=[^\s-])")
_SPACED_DASH = re.compile(r"(?<=[^\s-]) -- (?=[^\s-])")
_GLUED_DASH = re.compile(r"(?<=[\w.)%’”])--(?=[\w(“‘])")
# A tie stands between two words or a word and its number; before a number alone (`~50%`)
# it says "about", and between two quantities "is distributed as".
_TIE = re.compile(
    r"(?:(?<=[a-z]{2})|(?<=[A-Z]{2})|(?<=[A-Za-z]\.)|(?<=\w[:;,])|(?<=\w\w\)))~"
    r"(?=[\w(\[\\\U000F0000-\U000FFFFD])"
)

_TERM = r"[\w.+\-−…]{1,3}"
_SET_OR_BRACE = re.compile(rf"(\{{\s*{_TERM}(?:\s*,\s*{_TERM})+\s*\}})|[{{}}]")


def read_quotes(text: str) -> str:
    """Return `text` with LaTeX quotes as “x” and ‘x’; straight quotes and apostrophes stay."""
    if "`" not in text and "''" not in text:
        return text
    text = _DOUBLE.sub(lambda match: f"“{match[1] or match[2]}”", text)
    return _SINGLE.sub(r"‘\1’", text)


def read_dashes(text: str) -> str:
    """Return `text` with `---` as — and `--` as –, but for a program's flag (` --jobs`).

    A glued pair around a clause is two long dashes.
    """
    if "--" not in text:
        return text
    text = _LONG_DASH.sub("—", text)
    text = _PAIR_OF_DASHES.sub(lambda match: f"{match[1] or ''}—{match[2] or match[4]}—", text)
    return _GLUED_DASH.sub("–", _SPACED_DASH.sub(" – ", text))


def read_ties(text: str) -> str:
    """Return `text` with ties as spaces."""
    return _TIE.sub(" ", text) if "~" in text else text


def strip_braces(text: str) -> str:
    """Return `text` without grouping braces; a set of short terms, `{0, 1}`, keeps them."""
    return _SET_OR_BRACE.sub(lambda match: match[1] or "", text)
