"""Fractions and roots: `frac{a}{b}`, the half-lost `8{255}`, `sqrt{n}`."""

from __future__ import annotations

import re

_FRACTION = re.compile(r"\\?(?<![a-z])[dt]?frac\s?\{([^{}]+)\}\s?\{([^{}]+)\}")
_SHORT = re.compile(r"\\?(?<![a-z])[dt]?frac(\d)(\d)(?!\d)")
# What is left of \frac{8}{255} where the command and its first braces are lost.
_HALF_LOST = re.compile(r"(?<![\w}.^])(\d+)\{\s*([\w√(][^{}=]*)\}")
_ROOT = re.compile(r"\\?(?<![a-z]{2})sqrt\s?(?:\{([^{}]+)\}|([A-Za-z0-9])(?![A-Za-z0-9{]))")
_SIMPLE = re.compile(r"[^\s+\-−·×*/]+")


def read_fractions(text: str) -> str:
    """Return `text` with fractions as a/b and roots as √n, bracketed where they are compound."""
    if "{" not in text and "frac" not in text and "sqrt" not in text:
        return text
    text = _ROOT.sub(lambda match: "√" + _bracket(match[1] or match[2]), text)
    text = _FRACTION.sub(_divide, text)
    text = _SHORT.sub(r"\1/\2", text)
    return _HALF_LOST.sub(_divide, text)


def _divide(match: re.Match[str]) -> str:
    return f"{_bracket(match[1])}/{_bracket_product(match[2])}"


def _bracket(term: str) -> str:
    term = term.strip()
    return term if _SIMPLE.fullmatch(term) else f"({term})"


def _bracket_product(term: str) -> str:
    """Return `term`, in brackets also where letters stand side by side (a/(bc))."""
    return f"({term})" if re.fullmatch(r"[A-Za-z]{2,}", term) else _bracket(term)
