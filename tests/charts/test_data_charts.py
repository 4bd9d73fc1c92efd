"""Charts drawn from the tables: their data, labels, links, captions and texts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threadbook.charts.atlas import (
    atlas,
    atlas_alt,
    atlas_caption,
    draw_atlas,
    draw_thread_place,
    place_alt,
    place_caption,
)
from threadbook.charts.bars import Bar, bars, bars_alt, draw_bars
from threadbook.charts.gains import draw_gains, gains, gains_alt, gains_caption, read_value
from threadbook.charts.matrix import draw_matrix, matrix, matrix_alt, matrix_caption
from threadbook.charts.overlap import draw_overlap, overlap, overlap_alt, overlap_caption
from threadbook.charts.river import draw_river, river, river_alt, river_caption, stream
from threadbook.charts.style import LOOKS
from threadbook.charts.svg import to_svg
from threadbook.charts.timeline import draw_timeline, timeline
from threadbook.library.labels import citation_labels
from threadbook.threads.claims.extract import extract_claims
from threadbook.threads.map import Place

THREADS = {"one": ("First", LOOKS[0]), "two": ("Second", LOOKS[1])}


@pytest.fixture
def papers(make_paper):
    """Two threads of three papers, one at the left of the map and one at the right."""
    found = []
    for number, name in enumerate(
        ("Ann Ash", "Bo Birch", "Cy Cedar", "Di Dale", "Ed Elm", "Fay Fir")
    ):
        thread = "one" if number < 3 else "two"
        lane = "paths" if number % 2 else "steps"
        found.append(replace(make_paper(name, f"{2013 + 2 * number}-03", lane), thread=thread))
    return found


@pytest.fixture
def labels(papers):
    return citation_labels(papers)


@pytest.fixture
def points(papers, labels):
    places = {
        paper.cite_key: Place(paper.cite_key, (0.1 if number < 3 else 0.9), number / 10)
        for number, paper in enumerate(papers)
    }
    return atlas(papers, places, labels, THREADS)


def test_the_atlas_knows_middles_and_neighbours(points):
    assert points.middle("one") == pytest.approx((0.1, 0.1))
    # Five of five: each paper's nearest five are all the others, three of them strangers.
    assert points.neighbours("one") == [("two", 9)]


def test_the_map_links_every_paper_and_names_every_thread(points):
    svg = to_svg(
        draw_atlas(points, hrefs={points.spots[0].cite_key: "page.html#x"}),
        name="map",
        alt=atlas_alt(points),
    )
    assert svg.count("<title>") >= len(points.spots)
    assert 'href="page.html#x"' in svg
    assert ">First<" in svg
    assert atlas_caption(points).startswith("The 6 papers, placed near those")
    assert "On the left: First. On the right: Second." in atlas_alt(points)


def test_a_threads_place_links_its_own_papers_only(points, papers):
    svg = to_svg(draw_thread_place(points, "one"), name="place", alt=place_alt(points, "one"))
    assert f'href="#{papers[0].cite_key}"' in svg
    assert f'href="#{papers[5].cite_key}"' not in svg
    assert "those of other threads: Second (9)." in place_caption(points, "one")
    assert "bottom left, next to Second" in place_alt(points, "one")


def test_the_matrix_puts_papers_where_approach_and_problem_meet(papers, labels):
    problems = {"speed": [papers[0].cite_key, papers[2].cite_key], "cost": [papers[1].cite_key]}
    cells = matrix(papers, problems, labels=labels)
    assert cells.approaches == ("steps", "paths")
    assert {(e.citation, e.row, e.column, e.line) for e in cells.entries} == {
        ("Ash, 2013", 0, 0, 0),
        ("Cedar, 2017", 0, 0, 1),
        ("Birch, 2015", 1, 1, 0),
    }
    assert cells.empty == 2
    assert "2 of 4 cells are empty" in matrix_caption(cells)
    assert "steps: speed 2, cost 0; paths: speed 0, cost 1" in matrix_alt(cells)
    words = draw_matrix(cells).texts[0].get_text()
    assert words.startswith("Too few papers"), "three papers make no matrix"


def test_a_matrix_links_its_names_to_cards(papers, labels):
    problems = {"speed": [paper.cite_key for paper in papers], "cost": [papers[1].cite_key]}
    cells = matrix(papers, problems, labels=labels)
    svg = to_svg(draw_matrix(cells), name="matrix", alt=matrix_alt(cells))
    assert f'href="#{papers[4].cite_key}"' in svg


def report(papers, *abstracts):
    """Return the claims of abstracts, one a paper in their order, and the abstracts by key."""
    by_key = {paper.cite_key: abstract for paper, abstract in zip(papers, abstracts, strict=False)}
    return [c for key, text in by_key.items() for c in extract_claims(key, text)], by_key


def test_figures_of_one_metric_from_several_papers_stand_together(papers, labels):
    claims, abstracts = report(
        papers,
        "We achieve an FID of 3.1 on CIFAR-10. We save 12% of memory.",
        "We achieve an FID of 2 to 4 on ImageNet 64×64.",
        "We achieve an FID of 2.5 on CIFAR10 too. It is 40% faster.",
    )
    found = gains(claims, labels, abstracts)
    [group] = found.groups
    assert (group.name, group.papers, found.apart) == ("FID, lower is better", 3, 2)
    assert [figure.label for figure in group.figures] == [
        "Ash, 2013 · CIFAR-10",
        "Cedar, 2017 · CIFAR-10",
        "Birch, 2015 · ImageNet 64",
    ]
    assert (group.figures[2].low, group.figures[2].high) == (2.0, 4.0)
    assert "2 further figures have no counterpart" in gains_caption(found)
    assert "from 2-4 (Birch, 2015 · ImageNet 64) to 2-4" in gains_alt(found)
    svg = to_svg(draw_gains(found), name="gains", alt=gains_alt(found))
    assert "<title>Cedar, 2017: We achieve an FID of 2.5 on CIFAR10 too.</title>" in svg


def test_figures_without_counterpart_are_listed(papers, labels):
    claims, abstracts = report(papers, "We achieve an FID of 3.1. It saves 40% of memory.")
    found = gains(claims, labels, abstracts)
    assert found.groups == ()
    assert "nothing can be set side by side." in gains_caption(found)
    assert [text.get_text() for text in draw_gains(found).texts] == ["3.1 (FID)", "40% (memory)"]
    assert "Ash, 2013: 40% (memory)" in gains_alt(found)
    svg = to_svg(draw_gains(found), name="gains", alt=gains_alt(found))
    assert f'href="#{papers[0].cite_key}"' in svg


def test_a_thread_without_figures_says_so(labels):
    found = gains([], labels, {})
    assert draw_gains(found).texts[0].get_text() == "No abstract of this thread reports a figure."
    assert "report no figures" in gains_caption(found)


def test_a_gain_in_a_score_does_not_stand_beside_the_score(papers, labels):
    """A rise by three points and a level of ninety are no two figures of one kind."""
    text = "Our method reaches 90% accuracy. Our method improves accuracy by 3% on average."
    claims, abstracts = report(papers, text, text, text)
    found = gains(claims, labels, abstracts)
    assert {group.name: {figure.low for figure in group.figures} for group in found.groups} == {
        "accuracy (%), higher is better": {90.0},
        "change in accuracy (%), higher is better": {3.0},
    }


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2.87", (2.87, 2.87)),
        ("4-16", (4, 16)),
        ("15.7M", (15.7e6, 15.7e6)),
        (">1", (1, 1)),
        ("x", None),
    ],
)
def test_values_are_read_as_printed(text, bounds):
    assert read_value(text) == bounds


def test_bars_fall_and_count_what_is_left_out():
    shown = bars([Bar("a", 1), Bar("b", 3, "b.html"), Bar("c", 2), Bar("d", 1)], most=3)
    assert [bar.name for bar in shown.bars] == ["b", "c", "a"]
    assert (shown.others, shown.others_count) == (1, 1)
    assert bars_alt(shown, "things") == "Bars of things: b 3, c 2, a 1; 1 more with 1 in all."
    svg = to_svg(draw_bars(shown, xlabel="count"), name="bars", alt="x")
    assert 'href="b.html"' in svg


def test_the_river_counts_years_and_joins_the_early_ones(papers):
    shown = river([("Part", [stream(papers, "First", LOOKS[0], "one.html", 2023)])], 2023)
    assert shown.columns[0] == "to 2014"
    assert shown.parts[0][1][0].counts == (1, 1, 0, 1, 0, 1, 0, 1, 0, 1)
    assert "Half of all were posted by 2017" in river_caption(shown)
    assert "First to 2014 (1)" in river_alt(shown)
    assert draw_river(shown).texts[0].get_text().startswith("Too few threads")
    two = river([("Part", [*shown.parts[0][1], *shown.parts[0][1]])], 2023)
    assert 'href="one.html"' in to_svg(draw_river(two), name="river", alt="x")


def test_pages_overlap_by_the_papers_they_share(papers):
    listed = [
        replace(papers[0], listings=("a.txt:1", "b.txt:9")),
        replace(papers[1], listings=("a.txt:3",)),
        replace(papers[2], listings=("b.txt:1", "b.txt:5")),
    ]
    shown = overlap(listed)
    assert shown.shared == ((2, 1), (1, 2))
    assert (shown.once, shown.repeated) == (2, 1)
    assert "2 papers stand on one page only, 1 on several" in overlap_caption(shown)
    assert "page 1 and page 2 share 1" in overlap_alt(shown)
    assert len(draw_overlap(shown, look=LOOKS[0]).patches) == 4


def test_arrows_of_the_lineage_join_drawn_papers_only(papers, labels):
    laid = timeline(papers[:3], labels=labels)
    pairs = [(papers[0].cite_key, papers[2].cite_key), (papers[0].cite_key, papers[5].cite_key)]
    arrows = [text for text in draw_timeline(laid, arrows=pairs).texts if text.get_text() == ""]
    assert len(arrows) == 1
