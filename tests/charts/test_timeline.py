"""The timeline: every paper placed, named, linked, and none over another."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbook import charts
from threadbook.charts.timeline import ROW, WIDTH
from threadbook.charts.timeline_words import name_month
from threadbook.library.labels import citation_labels
from threadbook.library.papers import Paper


def lay_out(papers):
    return charts.timeline(papers, labels=citation_labels(papers))


@pytest.fixture
def thread(make_paper):
    return (
        make_paper("Xingchao Liu", "2022-09", "reflow", "Flow Straight & Fast"),
        make_paper("Yaron Lipman", "2022-10", "flow matching"),
        make_paper("Michael Albergo", "2022-09", "flow matching"),
        make_paper("Ling Yang", "2024-07", "flow matching"),
    )


def test_lanes_follow_the_thread_and_papers_their_month(thread):
    """The taxonomy orders the sub-threads; time orders the papers."""
    points = lay_out(thread)
    assert points.lanes == ("reflow", "flow matching")
    assert [point.label for point in points.points] == ["Liu", "Albergo", "Lipman", "Yang"]
    liu, albergo, lipman, yang = points.points
    assert liu.x == albergo.x < lipman.x < yang.x
    # One month of the 36 that the axis spans: 2022 to 2024, so that each year has its number.
    assert lipman.x - albergo.x == pytest.approx(WIDTH / 36, abs=0.01)


@settings(max_examples=50, deadline=None)  # a deadline measures the machine, not the code
@given(
    st.lists(
        st.tuples(
            st.integers(2014, 2025),
            st.integers(1, 12),
            st.sampled_from(["one", "two"]),
            st.sampled_from(["Li", "Vanden-Eijnden", "Zhang", "Sohl-Dickstein"]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_no_label_overlaps_another_and_none_leaves_the_axes(rows):
    """Whatever the corpus, every paper can be read."""
    papers = [
        Paper(
            f"key{n}", "T", (f"A {name}",), year, f"{year}-{month:02}", "", "", (), subthread=lane
        )
        for n, (year, month, lane, name) in enumerate(rows)
    ]
    points = lay_out(papers).points
    assert len(points) == len(papers)
    for point in points:
        assert 0 <= point.extent[0] < point.extent[1] <= WIDTH
    for one, two in itertools.combinations(points, 2):
        if (one.lane, one.row) == (two.lane, two.row):
            assert one.extent[1] < two.extent[0] or two.extent[1] < one.extent[0]


def test_layout_does_not_depend_on_the_order_within_a_lane(make_paper):
    """The same papers give the same picture, however the taxonomy lists them."""
    papers = [make_paper(f"A {name}", "2023-05") for name in ("Chen", "Diaz", "Evans")]
    assert lay_out(papers).points == lay_out(papers[::-1]).points
    assert [point.row for point in lay_out(papers).points] == [0, 1, 2]


def test_each_paper_is_one_link_with_its_title(thread):
    """The chart is a way into the thread's papers."""
    svg = charts.to_svg(charts.draw_timeline(lay_out(thread)), name="timeline", alt="A")
    links = re.findall(r'<a href="#(\w+)"', svg)
    assert sorted(links) == sorted(paper.cite_key for paper in thread)
    assert "<title>Liu, 2022: Flow Straight &amp; Fast</title>" in svg


def test_links_can_lead_elsewhere(thread):
    """On another page the cards are not at hand."""
    hrefs = {paper.cite_key: f"papers.html#{paper.cite_key}" for paper in thread}
    svg = charts.to_svg(charts.draw_timeline(lay_out(thread), hrefs=hrefs), name="t", alt="A")
    assert svg.count('<a href="papers.html#') == 4


def test_the_drawing_stands_where_the_layout_says(thread):
    """What is tested for overlaps must be what is drawn."""
    points = lay_out(thread)
    ax = charts.draw_timeline(points)
    drawn = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in drawn] == [point.x for point in points.points]
    box = ax.get_position()
    width, height = ax.figure.get_size_inches() * 72
    assert box.width * width == pytest.approx(WIDTH)
    assert box.height * height == pytest.approx(ax.get_ylim()[0])
    assert ax.get_ylim()[0] > ROW * 3
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2022", "2023", "2024"]


def test_long_lane_names_wrap(make_paper):
    """A cut name would lose the words that tell two sub-threads apart."""
    name = "where the physics loss fails and what has been tried against it, " * 3
    ax = charts.draw_timeline(lay_out([make_paper("A Li", "2023-05", name.strip())]))
    titles = [text.get_text() for text in ax.texts if text.get_weight() == "bold"]
    assert len(titles) >= 3
    assert " ".join(titles) == name.strip()


def test_caption_and_alt_text_are_written_from_the_data(thread):
    """Prose about a chart must change with it."""
    points = lay_out(thread)
    assert charts.timeline_caption(points) == (
        "4 papers by month of first posting, one lane for each sub-thread."
        " Half of them had appeared by September 2022. A mark leads to the paper's card."
    )
    assert charts.timeline_alt(points) == (
        "Timeline of 4 papers in 2 lanes. reflow: 1, Liu, 2022, September 2022."
        " flow matching: 3, from Albergo, 2022, September 2022, to Yang, 2024, July 2024."
    )


def test_a_paper_without_a_month_is_left_out_and_counted(make_paper, thread):
    """A guessed month would be a false fact."""
    points = lay_out((*thread, make_paper("A Unknown", "2023")))
    assert (len(points.points), points.undated) == (4, 1)
    assert "1 paper without a known month left out." in charts.timeline_caption(points)


def test_no_dates_at_all_are_said_in_words(make_paper):
    """An empty frame would look like a fault."""
    points = lay_out([make_paper("A Unknown", "2023")])
    ax = charts.draw_timeline(points)
    assert " ".join(text.get_text() for text in ax.texts) == (
        "Too few papers with a known month for this chart: 0, where it needs 1."
    )
    assert "No paper" in charts.timeline_caption(points)
    assert "empty timeline" in charts.timeline_alt(points)


def test_dollar_signs_in_names_are_no_mathematics(make_paper):
    """Names may hold them; read as a formula they change, or stop the drawing."""
    ax = charts.draw_timeline(lay_out([make_paper("A $x_{$", "2023-05", "cost in $ and $")]))
    assert "cost in $ and $" in charts.to_svg(ax, name="dollars", alt="A")


def test_months_are_named():
    """Readers read names."""
    assert name_month("2022-09") == "September 2022"
