"""Code folds away, and code that is hidden has a summary that holds text alone."""

from typing import Any, cast

from docutils import nodes
from docutils.utils import new_document

from threadbook.site.tidy import fold_code, tidy_summaries

BEFORE = """<details class="admonition hide above-input">
<summary aria-label="Toggle hidden content">
<p class="collapsed admonition-title">Show code cell source</p>
<p class="expanded admonition-title">Hide code cell source</p>
</summary>
<p>text</p></details>"""


def test_paragraphs_in_a_summary_become_spans() -> None:
    after = tidy_summaries(BEFORE)
    assert '<summary><span class="collapsed">Show the code</span>' in after
    assert '<span class="expanded">Hide the code</span></summary>' in after
    assert "<p>text</p></details>" in after


def test_other_summaries_stay() -> None:
    card = "<summary><strong>A title</strong></summary>"
    assert tidy_summaries(card) == card


def test_code_that_is_shown_folds_and_hidden_code_is_left_alone() -> None:
    document = new_document("page")
    for frame in (nodes.container(), nodes.Element()):
        frame += nodes.container("", nodes.paragraph("", "x = 1"), nb_element="cell_code_source")
        document += frame
    fold_code(cast(Any, None), document, "page")
    shown, hidden = document.children
    assert [type(child) for child in shown.children] == [nodes.raw, nodes.container, nodes.raw]
    assert shown.children[0].astext().startswith("<details")
    assert shown.children[2].astext() == "</details>"
    assert len(hidden.children) == 1
