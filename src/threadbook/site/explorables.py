"""The script of figures with a slider, on the pages that have one."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from threadbook.charts.explore import EXPLORABLE
from threadbook.site.page_parts import add_to_page


def add_explorables(app: Sphinx) -> None:
    """Connect what gives a page the script of its figures."""
    app.connect("html-page-context", _add_script)


def _add_script(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    if f"tb-figure {EXPLORABLE}" in str(context.get("body", "")):
        add_to_page(context, "scripts", "explore.js")
