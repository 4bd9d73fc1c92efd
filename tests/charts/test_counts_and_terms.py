"""Bars a year, and the terms of a thread."""

from __future__ import annotations

import pytest

from threadbook import charts
from threadbook.charts.text import measure_text, wrap_text
from threadbook.threads.terms import Term

TERMS = (Term("rectified flow", 4.25, 7, 1), Term("reflow", 3.0, 4, 0), Term("ODE", 2.5, 6, 11))


def test_years_without_papers_count_as_empty(make_paper):
    """Leaving them out would close a gap that is there."""
    papers = [make_paper("A Li", month) for month in ("2018-05", "2021-01", "2021-12")]
    assert charts.count_by_year(papers) == {2018: 1, 2019: 0, 2020: 0, 2021: 2}
    assert charts.count_by_year([]) == {}


def test_bars_are_as_high_as_the_counts_and_say_so():
    """Heights, labels and words all come from the same counts."""
    counts = {2018: 1, 2019: 0, 2020: 2}
    ax = charts.draw_counts(counts)
    assert [bar.get_height() for bar in ax.patches] == [1, 0, 2]
    assert ax.get_xlabel() == "year of first posting"
    assert "<title>2018: 1 paper</title>" in charts.to_svg(ax, name="n", alt="A")
    alt = "Bar chart of papers by year of first posting. 2018: 1, 2019: 0, 2020: 2."
    assert charts.counts_alt(counts) == alt


def test_terms_are_rows_as_long_as_their_score():
    """The number beside a mark is the count of papers, which a reader can check."""
    ax = charts.draw_terms(TERMS)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["rectified flow", "reflow", "ODE"]
    assert [segment[1].tolist() for segment in ax.collections[0].get_segments()] == [
        [4.25, 0],
        [3.0, 1],
        [2.5, 2],
    ]
    assert [text.get_text() for text in ax.texts] == ["7", "4", "6"]
    svg = charts.to_svg(ax, name="terms", alt="A")
    assert "<title>reflow: in 4 papers of the thread and 0 others, z = 3.0</title>" in svg


def test_caption_and_alt_text_of_terms_come_from_the_data():
    """Prose about a chart must change with it."""
    caption = charts.terms_caption(TERMS, 21, 404)
    assert "this thread’s 21 papers apart from the 404 that neither live in it" in caption
    assert "*rectified flow* is in 7 of them, and in 1 others" not in caption
    assert "*rectified flow* is in 7 of them, and in 1 of the others." in caption
    assert charts.terms_alt(TERMS) == (
        "Distinctive terms by z-score, from the strongest: rectified flow (4.2, 7 papers);"
        " reflow (3.0, 4 papers); ODE (2.5, 6 papers)."
    )


def test_too_few_terms_are_said_in_words():
    """Two rows are no ranking."""
    ax = charts.draw_terms(TERMS[:2])
    assert (
        ax.texts[0].get_text() == "Too few distinctive terms for this chart: 2, where it needs 3."
    )
    assert charts.terms_caption(TERMS[:2], 4, 9).startswith("Too few terms")
    assert charts.terms_alt(()).startswith("No chart")


def test_too_few_is_none_where_the_data_suffice():
    """None means that the chart may be drawn."""
    assert charts.too_few(3, 3) is None
    assert charts.too_few(2, 3) == "Too few papers for this chart: 2, where it needs 3."


def test_wrapped_lines_fit_and_lose_no_word():
    """A word wider than the line keeps its own line rather than being cut."""
    text = "physics-informed neural networks and where they fail"
    lines = wrap_text(text, 90.0)
    assert " ".join(lines) == text
    assert all(measure_text(line) <= 90 or " " not in line for line in lines)
    assert wrap_text("", 90.0) == ()


def test_bold_and_larger_text_is_wider():
    """Lane names are bold; measuring them as regular would let them run over."""
    regular = measure_text("optimal transport")
    assert measure_text("optimal transport", bold=True) > regular
    assert measure_text("optimal transport", 20.0) == pytest.approx(2 * regular, rel=0.05)
