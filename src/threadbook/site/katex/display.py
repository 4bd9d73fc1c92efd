"""Displayed mathematics as MathJax and Sphinx take it, made ready for KaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLANK_LINE = re.compile(r"\n\s*\n")
_TAG = re.compile(r"\\tag(\*?)\s*\{([^{}$\\]*)\}")
_ROWS = re.compile(r"\\begin\{(?:align|alignat|gather)\*?\}")
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(equation|align|alignat|flalign|gather|multline)\*?\}")
_INSTEAD = {"flalign": "align", "multline": "gather"}
"""Environments that KaTeX does not know, and what comes closest."""

_MARK = re.compile(r"\\begin\{[^}]*\}|\\end\{[^}]*\}|\\.|[{}&]", re.DOTALL)


@dataclass(frozen=True)
class Display:
    """A displayed formula for KaTeX, and the number that stands beside it; empty without."""

    tex: str
    number: str


def read_display(text: str) -> Display:
    r"""Return the formula with its `\tag` taken out, as a number to be set apart.

    A tag that is mathematics itself, or belongs to one row of several, stays for KaTeX. Rows need
    no environment around them. Environments lose the numbers that KaTeX would count by itself.
    """
    tex = _ENVIRONMENT.sub(_without_numbers, _BLANK_LINE.sub(r"\\\\ ", text.strip()))
    tags = _TAG.findall(tex)
    number = ""
    if len(tags) == tex.count(r"\tag") == 1 and not _ROWS.search(tex):
        [(star, label)] = tags
        number = label if star else f"({label})"
        tex = _TAG.sub("", tex)
    if _has_rows(tex):
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return Display(tex.strip(), number)


def _without_numbers(match: re.Match[str]) -> str:
    name = _INSTEAD.get(match[2], match[2])
    return rf"\{match[1]}{{{name}*}}"


def _has_rows(tex: str) -> bool:
    """Whether a line break or an alignment mark stands outside all braces and environments."""
    depth = 0
    for mark in _MARK.findall(tex):
        if mark == "{" or mark.startswith(r"\begin{"):
            depth += 1
        elif mark == "}" or mark.startswith(r"\end{"):
            depth -= 1
        elif depth == 0 and mark in (r"\\", "&"):
            return True
    return False
