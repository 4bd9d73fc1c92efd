"""What Sphinx and MyST-NB write, mended: valid HTML, read well aloud, with code that folds."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_SUMMARY = re.compile(r'<summary aria-label="[^"]*">(.*?)</summary>', re.S)
_TITLE = re.compile(r'<p class="(\w+) admonition-title">(.*?)</p>', re.S)
_TEXTS = {"Show code cell source": "Show the code", "Hide code cell source": "Hide the code"}
_FOLD = '<details class="tb-fold" open><summary>Code</summary>'


def add_tidying(app: Sphinx) -> None:
    """Connect what mends each page."""
    app.connect("doctree-resolved", fold_code)
    app.connect("html-page-context", _tidy)


def fold_code(_app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Let code that is shown be folded away, as what is hidden can be opened."""
    shown = [
        box
        for box in doctree.findall(nodes.container)
        if box.get("nb_element") == "cell_code_source" and isinstance(box.parent, nodes.container)
    ]
    for box in shown:
        place = box.parent.index(box)
        box.parent.insert(place + 1, nodes.raw("", "</details>", format="html"))
        box.parent.insert(place, nodes.raw("", _FOLD, format="html"))


def tidy_summaries(body: str) -> str:
    """Return the page's body with summaries of hidden code that hold text alone.

    A paragraph may not stand in a summary, and a label must not hide what it says.
    """
    return _SUMMARY.sub(lambda match: f"<summary>{_as_spans(match[1])}</summary>", body)


def _as_spans(content: str) -> str:
    return _TITLE.sub(
        lambda match: f'<span class="{match[1]}">{_TEXTS.get(match[2], match[2])}</span>', content
    ).strip()


def _tidy(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    if "body" in context:
        context["body"] = tidy_summaries(context["body"])
