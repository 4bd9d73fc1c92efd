"""What the parts of the site put on a page: head, scripts, style sheets, what frames the article.

The theme's layout prints each list in the order in which it was filled, so that a page loads only
what it uses.
"""

from __future__ import annotations

from typing import Any, Literal

Part = Literal["head", "scripts", "styles", "top", "foot"]
PARTS: tuple[Part, ...] = ("head", "scripts", "styles", "top", "foot")


def add_to_page(context: dict[str, Any], part: Part, *items: str) -> None:
    """Add `items` to a part of the page whose template context is `context`, each once.

    `head`, `top` (above the article) and `foot` (below it) take HTML; `scripts` and `styles`
    take names of files in `_static`.
    """
    found: list[str] = context.setdefault(f"tb_{part}", [])
    found += [item for item in dict.fromkeys(items) if item not in found]
