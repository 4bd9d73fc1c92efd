"""What the parts of the site put on a page: head, scripts, style sheets, what frames the article.

The theme's layout prints each list in the order in which it was filled, so that a page loads only
what it uses.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from sphinx.application import Sphinx

Part = Literal["head", "scripts", "styles", "top", "foot"]
PARTS: tuple[Part, ...] = ("head", "scripts", "styles", "top", "foot")


def add_to_page(context: dict[str, Any], part: Part, *items: str) -> None:
    """Add `items` to a part of the page whose template context is `context`, each once.

    `head`, `top` (above the article) and `foot` (below it) take HTML; `scripts` and `styles`
    take names of files in `_static`.
    """
    found: list[str] = context.setdefault(f"tb_{part}", [])
    found += [item for item in dict.fromkeys(items) if item not in found]


def load_where(app: Sphinx, marker: str, script: str) -> None:
    """Load a script of `_static` on the pages whose body holds `marker`; others do without."""
    app.connect("html-page-context", partial(_load_script, marker, script))


def _load_script(
    marker: str,
    script: str,
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: object,
) -> None:
    if marker in str(context.get("body", "")):
        add_to_page(context, "scripts", script)
