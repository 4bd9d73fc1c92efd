"""The map of the papers: what it holds, where names stand, and the drawing without a script."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest
from bs4 import BeautifulSoup

from threadbook.charts.atlas import Atlas, Spot
from threadbook.site.field_figures import map_points
from threadbook.site.map_page import render_map
from threadbook.site.paper_map import (
    HEIGHT,
    LETTER,
    LINE,
    WIDTH,
    list_marks,
    make_regions,
    place_names,
    render_notes,
)
from threadbook.site.verdicts import Found

VERDICTS = (
    Found("paths", "a", ("ash2022straight", "fir2021rounding"), "It helps.", "1", "2", "fails"),
    Found("paths", "b", ("ash2022straight",), "It costs little.", "1", "2", "holds"),
)


@pytest.fixture(scope="module")
def regions(small_book):
    return make_regions(small_book, map_points(small_book), VERDICTS)


@pytest.fixture(scope="module")
def page(regions):
    return BeautifulSoup(
        render_map(regions, alt="A map.", up="../", notes="../_static/map.json"), "html.parser"
    )


def test_every_paper_stands_once_in_its_part_and_thread(small_book, regions):
    assert [region.slug for region in regions] == ["generation", "size"]
    assert [cluster.slug for region in regions for cluster in region.clusters] == list(
        small_book.slugs
    )
    assert sorted(mark.cite_key for mark in list_marks(regions)) == sorted(small_book.by_key)
    assert len({region.look for region in regions}) == len(regions)


def test_places_are_percent_from_the_top_left(small_book, regions):
    """The table has y pointing up; a drawing has it pointing down."""
    marks = {mark.cite_key: mark for mark in list_marks(regions)}
    for key, place in small_book.places.items():
        assert marks[key].x == pytest.approx(4 + 92 * place.x, abs=0.051)
        assert marks[key].y == pytest.approx(96 - 92 * place.y, abs=0.051)


def test_a_paper_has_each_kind_of_verdict_once_in_their_order(regions):
    outcomes = {mark.cite_key: mark.outcomes for mark in list_marks(regions)}
    assert outcomes["ash2022straight"] == ("holds", "fails")
    assert outcomes["fir2021rounding"] == ("fails",)
    assert outcomes["ash2022curved"] == ()


def crowd(count: int, x: float) -> Atlas:
    """Return `count` threads of one paper each, all at one place."""
    spots = [Spot(f"key{n}", f"thread{n}", x, 0.5, f"Ash, {n}", "Title") for n in range(count)]
    names = {spot.thread: f"A name to read {place}" for place, spot in enumerate(spots)}
    return Atlas(tuple(spots), names, {})


@pytest.mark.parametrize("x", [0.0, 0.5, 1.0])
def test_names_neither_cover_one_another_nor_leave_the_drawing(x):
    points = crowd(12, x)
    placed = place_names(points)
    halves = {slug: 50 * LETTER * len(name) / WIDTH for slug, name in points.names.items()}
    for slug, (left, down) in placed.items():
        assert halves[slug] <= left <= 100 - halves[slug]
        assert 0 < down < 100
    for one, other in combinations(placed, 2):
        aside = abs(placed[one][0] - placed[other][0])
        apart = abs(placed[one][1] - placed[other][1])
        # Places are rounded to a tenth of a percent.
        assert aside >= halves[one] + halves[other] or apart >= 100 * LINE / HEIGHT - 0.11


def test_a_name_alone_stands_amid_its_papers():
    assert place_names(crowd(1, 0.5)) == {"thread0": (50.0, 50.0)}


def test_without_a_script_each_mark_is_a_link_to_a_card_with_its_name(page, small_book):
    links = page.select("svg a")
    assert {link["href"] for link in links} == {
        f"../notebooks/{paper.thread}.html#{paper.cite_key}" for paper in small_book.papers
    }
    names = {link.find("title").string for link in links}
    assert "Ash et al., 2022: Straight Paths for Samples" in names
    assert page.find("svg")["aria-label"] == "A map."


def test_the_filters_offer_what_there_is_with_its_number(page):
    options = {
        select["name"]: {
            option["value"]: option.string
            for option in select.find_all("option")
            if option["value"]
        }
        for select in page.find_all("select")
    }
    assert options == {
        "thread": {
            "generation": "the whole part (2)",
            "paths": "Paths (2)",
            "size": "the whole part (2)",
            "small-networks": "Small networks (2)",
        },
        "year": {"2021": "2021 (2)", "2022": "2022 (2)"},
        "verdict": {"holds": "holds (1)", "fails": "fails (2)"},
    }
    assert page.figcaption.p.text.startswith("4 papers, each near")


def test_a_book_without_labs_has_no_filter_by_verdict(small_book):
    regions = make_regions(small_book, map_points(small_book), ())
    html = render_map(regions, alt="A map.", up="", notes="map.json")
    assert 'name="verdict"' not in html
    assert "data-verdict" not in html


def test_text_of_the_corpus_cannot_leave_its_element(regions):
    """Titles come from outside; one with markup in it must stay text."""
    region, cluster = regions[0], regions[0].clusters[0]
    evil = replace(cluster.marks[0], title='</title><script>"x"</script>')
    html = render_map(
        [replace(region, clusters=(replace(cluster, marks=(evil,)),))], alt='"', up="", notes="n"
    )
    assert "<script" not in html
    assert BeautifulSoup(html, "html.parser").find("title").string.endswith("</script>")


def test_notes_give_authors_and_gist_and_the_same_bytes_each_time(small_book):
    notes = json.loads(render_notes(small_book))
    assert notes["ash2022straight"] == ["Ann Ash, Bo Birch, Cy Cedar", ""]
    assert list(notes) == sorted(small_book.by_key)
    turned = replace(small_book, papers=small_book.papers[::-1])
    assert render_notes(turned) == render_notes(small_book)
