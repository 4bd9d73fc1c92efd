"""TeX that a reader would see as such: mathematics that nobody rendered."""

from __future__ import annotations

import re

SOURCES = frozenset({"annotation", "code", "pre", "script", "style"})
"""Elements whose text may be TeX: sources, and what KaTeX keeps for those who copy a formula."""
SPOKEN = ("alt", "aria-label", "content", "title")
"""Attributes that a reader sees or hears."""
ERROR_CLASS = "katex-error"

_TEX = re.compile(
    r"""\\[A-Za-z()\[\]]\S*                    # a command, or a delimiter of mathematics
      | \$\$
      | \$(?!\s)[^$]{1,300}(?<!\s)\$(?!\d)    # between dollars, but not from $5 to $6""",
    re.VERBOSE,
)


def find_tex(text: str) -> list[str]:
    """Return what in a page's text is TeX."""
    return [match[0] for match in _TEX.finditer(text)]
