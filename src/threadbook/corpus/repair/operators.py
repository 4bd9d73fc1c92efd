"""Operators and relations that lost their backslash: `5sim10`, `64times 64`, `D{to} infty`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from threadbook.corpus.repair.symbols import (
    GREEK_CHARACTERS,
    SCRIPT_CHARACTERS,
    UNMISTAKABLE,
    any_of,
    pick_symbols,
    split_names,
)

_SYMBOLS = pick_symbols((*UNMISTAKABLE, *split_names("times sim to in approx pm ll gg")))
_BRACED = _SYMBOLS | {char: char for char in "+-=<>×∼→∈≈±·,"}
_LETTER = f"[A-Za-z{GREEK_CHARACTERS}]"
# One letter that is a quantity: not part of a word, and not the words "a" and "I".
_QUANTITY = rf"(?<![A-Za-z'’-])[b-zA-HJ-Z{GREEK_CHARACTERS}](?![A-Za-z'’])"
_RAISED = re.escape(SCRIPT_CHARACTERS)
_DOUBLE_STRUCK = "ℕℤℚℝℂ"
_AFTER = " 0123456789"
_NUMBER = r"\d+(?:[.,]\d+)*"
_INTERVAL = r"[(\[]\s?-?[\d.∞]+\s?,"


@dataclass(frozen=True)
class _Rule:
    """Patterns for one operator, tried only on a text that holds one of the `clues`.

    Nearly every text holds none, and a search for a fixed string costs next to nothing.
    """

    clues: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    write: str | Callable[[re.Match[str]], str]


def _close_up(match: re.Match[str]) -> str:
    """Join operator and right operand where the left one is glued: the space ended a command."""
    letter, name, space = match.groups()
    glued = letter or (match.start() and not match.string[match.start() - 1].isspace())
    return letter + _SYMBOLS[name] + ("" if glued else space or "")


def _compare(match: re.Match[str]) -> str:
    """Write ≪ or ≫ as close to its operands as the name stood."""
    glued, near, spaced, far = match.groups()
    return glued + _SYMBOLS[near] if glued else f"{spaced}{_SYMBOLS[far]} "


def _approach(match: re.Match[str]) -> str:
    left, space, glued = match[1], match[2] or "", match[3]
    return f"{left or glued}{space}→{space}"


def _belong(match: re.Match[str]) -> str:
    return match[1] + ("∈ " if match[1].endswith(" ") else "∈")


def _compile(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_BRACED_OPERATOR = re.compile(rf" ?(?<![_^])\{{\s?({any_of(_BRACED)})\s?\}} ?")
_RULES = (
    _Rule(("ell_", "ell ", "ell^"), _compile(r"(?<![A-Za-z\\])ell\s?(?=[_^])"), "ℓ"),
    _Rule(
        UNMISTAKABLE,
        _compile(
            rf"(?<![A-Za-z\\])({_LETTER}?)({any_of(UNMISTAKABLE)})(?![a-z])"
            rf"( (?=[\d{GREEK_CHARACTERS}∞A-Za-z(]))?"
        ),
        _close_up,
    ),
    _Rule(
        ("times",),
        _compile(
            r"(?<=\d)()times(?![a-z])(?: (?=\d))?",
            # Spaced out, a size: both sides alike (3 times 3) or both long (640 times 480).
            r"(?<![\d.])(\d+) times (?=\1(?![\d.]))(?!\d+-?fold)",
            r"(?<=\d\d)() times (?=\d\d)(?!\d+-?fold)",
            rf"(?<![A-Za-z])({_LETTER})times ?(?={_LETTER}(?![A-Za-z])|\d|[{_DOUBLE_STRUCK}])",
            rf"({_QUANTITY}) times (?={_QUANTITY})",
        ),
        r"\1×",
    ),
    _Rule(
        tuple(f"sim{after}" for after in _AFTER),
        _compile(
            rf"(?<=[\d%×])() ?sim ?(?={_NUMBER}(?:[xKMB]\b|(?![A-Za-z\d])))",
            # Alone before one digit it may be a name (sim2real, sim3): a unit must follow.
            r"(?<![\w-])()sim ?(?=(?:\d\d+|\d[.,]\d+|\d(?=\s?[%×xKMB]))[xKMB]?(?![A-Za-z\d]))",
            r"(?<![\w-])()sim(?=\d [a-z]+s\b)",
            rf"(?<![A-Za-z])({_LETTER})sim (?={_LETTER}(?![A-Za-z])|\d)",
        ),
        r"\1∼",
    ),
    _Rule(
        # "egg 1" and "all 3" are English, so the letters that make a word are left out.
        (" ll ", " gg ", *(f"{name}{after}" for name in ("ll", "gg") for after in _AFTER)),
        _compile(
            rf"(?<![A-Za-z'’])([b-df-hj-zA-HJ-Z{GREEK_CHARACTERS}](?=ll)"
            rf"|[a-df-zA-Z{GREEK_CHARACTERS}](?=gg))(ll|gg) ?(?=\d)"
            rf"|({_QUANTITY} )(ll|gg) (?=\d|{_QUANTITY}|min|max)"
        ),
        _compare,
    ),
    _Rule(
        tuple(f"approx{after}" for after in _AFTER),
        _compile(rf"((?<![A-Za-z]){_LETTER}|(?<=[\d%)]))approx ?(?=\d)", r"(?<!\w)()approx(?=\d)"),
        r"\1≈",
    ),
    _Rule(
        tuple(f"pm{after}" for after in _AFTER),
        _compile(r"(?<=\d)pm(?=\d)|(?<=\.\d) pm (?=\d)|(?<=\.\d\d) pm (?=\d)"),
        "±",
    ),
)
_SIGNATURE = re.compile(
    rf"(?<![A-Za-z])({_LETTER}(?=\s?colon)|[a-z{GREEK_CHARACTERS}](?=:))\s?(?:colon|:) ?"
    rf"({_LETTER}) ?to ?({_LETTER})(?![A-Za-z])"
)
# These look at signs that the rules above wrote, so they come after them.
_LATE_RULES = (
    _Rule(
        ("∞", "to 0", "to0"),
        _compile(rf"(?<![A-Za-z])({_LETTER})( ?)to ?(?=∞)|(?<![A-Za-z])({_LETTER})to ?(?=0(?!\d))"),
        _approach,
    ),
    _Rule(
        ("×", *(f"in{space}{mark}" for space in ("", " ") for mark in f"([{{RCNZ{_DOUBLE_STRUCK}")),
        _compile(
            rf"(?<![A-Za-z])({_LETTER})in ?(?={_INTERVAL}|[\[{{(]\d|[{_DOUBLE_STRUCK}])",
            rf"(?<![A-Za-z'’])([b-z{GREEK_CHARACTERS}] )in (?={_INTERVAL})",
            rf"((?:{_QUANTITY}|[)*{_RAISED}]) )in "
            rf"(?=[{_DOUBLE_STRUCK}]|[A-Z]×[A-Z]|[RCNZ][\^{_RAISED}])",
        ),
        _belong,
    ),
    _Rule(
        ("log ", "log(", "ln ", "ln(", "exp(", "exp "),
        _compile(
            rf"(?<=[){_RAISED}])(?=(?:log|ln|exp)\b)",
            r"(?<=(?<![A-Za-z])[dkmnKMNT\d])(?=log [A-Za-z\d]\b)",
        ),
        " ",
    ),
    _Rule(("dots,",), _compile(r"(?<=, )dots(?=,)|(?<=,)dots(?=,)"), "…"),
)


def read_braced_operators(text: str) -> str:
    """Return `text` with `{=}`, `{+}` and `{times}` as the operator, close to its operands."""
    if "{" not in text:
        return text
    return _BRACED_OPERATOR.sub(lambda match: _BRACED[match[1]], text)


def read_operators(text: str) -> str:
    """Return `text` with the names of operators between operands as their characters.

    A name is read where English cannot stand: glued to a digit or to a lone letter, or between
    two quantities. `20 times more` and `sim2real` stay.
    """
    return _apply(_LATE_RULES, _read_signatures(_apply(_RULES, text)))


def _apply(rules: tuple[_Rule, ...], text: str) -> str:
    for rule in rules:
        if any(clue in text for clue in rule.clues):
            for pattern in rule.patterns:
                text = pattern.sub(rule.write, text)
    return text


def _read_signatures(text: str) -> str:
    """Return `text` with the arrow in f: A → B, and in the same `A to B` elsewhere."""
    if "colon" not in text and ": " not in text:
        return text
    for match in _SIGNATURE.finditer(text):
        source, target = match[2], match[3]
        alone = rf"(?<!from )(?<![A-Za-z]){source} to {target}(?![A-Za-z])"
        text = re.sub(alone, f"{source} → {target}", text)
    text = _SIGNATURE.sub(r"\1: \2 → \3", text)
    return re.sub(rf"(?<![A-Za-z])({_LETTER})colon (?=[A-Z] → )", r"\1: ", text)
