"""The book's one style sheet, joined from the files in `css/` and the colours of code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES

CSS = Path(__file__).parent / "css"
FILES = (
    "tokens.css",
    "layout.css",
    "article.css",
    "code.css",
    "mathematics.css",
    "figures.css",
    "cards.css",
    "citing.css",
    "verdicts.css",
    "popovers.css",
    "tables.css",
    "lists.css",
    "rerun.css",
    "search.css",
    "threads.css",
    "map.css",
    "home.css",
    "print.css",
)
"""In the order in which they stand in the sheet: later files may rely on earlier ones."""
LIGHT, DARK = "a11y-high-contrast-light", "a11y-high-contrast-dark"


@lru_cache(maxsize=1)
def join_styles() -> str:
    """Return the whole style sheet."""
    return "\n".join([*((CSS / name).read_text(encoding="utf-8") for name in FILES), color_code()])


def color_code() -> str:
    """Return one rule for each kind of token in code, with its colour in light and in dark."""
    light, dark = get_style_by_name(LIGHT), get_style_by_name(DARK)
    rules = []
    for token, short in sorted(STANDARD_TYPES.items(), key=lambda item: item[1]):
        one, two = light.style_for_token(token), dark.style_for_token(token)
        if short and one["color"] and two["color"]:
            rules.append(
                f".highlight .{short}{{color:light-dark(#{one['color']},#{two['color']})}}"
            )
    return "\n".join(rules) + "\n"
