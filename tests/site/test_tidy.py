"""Code that is hidden has a summary that holds text alone."""

from threadbook.site.tidy import tidy_summaries

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
