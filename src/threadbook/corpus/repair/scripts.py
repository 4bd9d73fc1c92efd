"""Raised and lowered characters: `x_t`, `O(n^{2})`, `ell _1`, `varepsilon^{-2.5}`.

Where Unicode has every character of the script, it is used (xₜ, n², 2ᵏ⁻¹). Where it lacks
one, the plain form stays: `^` and `_` before a single character, brackets around a longer
one (`ε^(−2.5)`), and no brackets around a word below (`f_val`).
"""

from __future__ import annotations

import re

from threadbook.corpus.repair.symbols import (
    GREEK,
    GREEK_CHARACTERS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    UNMISTAKABLE,
    any_of,
    pick_symbols,
)

_NAMES = pick_symbols((*GREEK, *UNMISTAKABLE, "times", "to", "sim", "in", "ell", "star", "dagger"))
_NAMES |= {"prime": "′", "circ": "°", "top": "T", "ast": "*"}
_BY_NAME = re.compile(rf"(?<![A-Za-z])({any_of(_NAMES)})(?![A-Za-z])")
_GLUED_TIMES = re.compile(r"(?<![A-Za-z])([A-Za-z])times(?![a-z])")
_OPERATOR_SPACE = re.compile(r"\s*([+−×→∼∈=-])\s*")

_SYMBOL = rf"{GREEK_CHARACTERS}ℓ∞∇ℕℤℚℝℂ𝔼"
_CHARACTER = rf"[A-Za-z0-9*{_SYMBOL}]"
_NAMED = rf"(?:{any_of((*GREEK, 'infty', 'star', 'dagger', 'prime', 'circ', 'top', 'ast'))})"
_BRACES = re.compile(rf"(?<=[\w){_SYMBOL}\]|*′\u0300-\u036f])\s?([_^])\{{([^{{}}]+)\}}")
# Without braces a script is one character, or one name; more would be a name of a program
# (only_train_once), and so would a longer word before `_`.
_LOWERED = re.compile(
    rf"((?<![A-Za-z0-9_])[A-Za-z]|[{_SYMBOL})|‖]|(?<![A-Za-z])log)"
    rf"\s?_\s?({_NAMED}|{_CHARACTER})(?![A-Za-z0-9_])"
)
_RAISED = re.compile(
    rf"([\w){_SYMBOL}\]}}₀-₉])\^\s?({_NAMED}|[-−+]?\d+|{_CHARACTER}|[′°⊤∘⋆†])(?![A-Za-z0-9])"
)
# What the names of some scripts print on the line is not what they print above it.
_ABOVE = str.maketrans("⊤∘", "T°")


def read_scripts(text: str) -> str:
    """Return `text` with scripts in Unicode where it has their characters, else in plain form."""
    if "^" not in text and "_" not in text:
        return text
    text = _BRACES.sub(lambda match: _write_script(match[1], _read_formula(match[2])), text)
    text = _LOWERED.sub(lambda match: match[1] + _write_script("_", _read_formula(match[2])), text)
    return _RAISED.sub(lambda match: match[1] + _write_script("^", _read_formula(match[2])), text)


def _read_formula(formula: str) -> str:
    """Return a script's content with names as characters and no space around its operators."""
    formula = _GLUED_TIMES.sub(r"\1×", formula.strip())
    formula = _BY_NAME.sub(lambda match: _NAMES[match[1]], formula)
    return _OPERATOR_SPACE.sub(r"\1", formula).translate(_ABOVE)


def _write_script(mark: str, content: str) -> str:
    if mark == "^" and content in set("*′°⋆†"):
        return content
    table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    if all(ord(character) in table for character in content):
        return content.translate(table)
    if len(content) == 1 or (mark == "_" and content.isalnum()):
        return mark + content
    return f"{mark}({content.replace('-', '−')})"
