"""The list of threads: counts, sparklines and badges from the data."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from threadbook.site.sparkline import (
    BAR,
    GAP,
    HEIGHT,
    Scale,
    count_years,
    describe_years,
    draw_sparkline,
    make_scale,
)
from threadbook.site.thread_list import (
    find_scale,
    list_parts,
    render_badges,
    render_part,
    render_threads,
)
from threadbook.site.verdicts import Found

VERDICTS = tuple(
    Found("paths", lab, ("ash2022straight",), "It helps.", "1", "2", outcome)
    for lab, outcome in (("a", "holds"), ("b", "fails"), ("c", "holds"))
)


def test_a_thread_has_its_papers_by_year_and_its_verdicts_by_kind(small_book):
    (paths,), (small,) = (part.threads for part in list_parts(small_book, VERDICTS))
    assert paths.years == {2022: 2}
    assert paths.papers == 2
    assert paths.outcomes == {"holds": 2, "mixed": 0, "fails": 1}
    assert small.question == "How many weights are enough?"
    assert not any(small.outcomes.values())


def test_a_part_shows_its_threads_with_links_from_where_it_stands(small_book):
    parts = list_parts(small_book, VERDICTS)
    html = render_part(parts[0], find_scale(parts), "")
    page = BeautifulSoup(html, "html.parser")
    assert page.find("h3").get_text(strip=True) == "Generation"
    assert "2 papers in 1 thread" in page.get_text()
    assert page.find("a", href="notebooks/paths.html").string == "Straight or curved?"
    assert [badge.string for badge in page.select(".tb-badge")] == ["✓ 2 hold", "✗ 1 fails"]
    assert not page.find("a", href=re.compile("parts/"))  # this book has no page for the part


def test_on_the_page_of_a_part_stand_its_threads_alone(small_book):
    parts = list_parts(small_book, ())
    page = BeautifulSoup(render_threads(parts[1], find_scale(parts), "../../"), "html.parser")
    assert [link["href"] for link in page.find_all("a")] == ["../../notebooks/small-networks.html"]
    assert not page.find(["h2", "h3", "section"])
    assert not page.select(".tb-badge")


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ({2022: 3}, "All in 2022"),
        ({2019: 1, 2022: 5, 2024: 2}, "From 2019 to 2024, most in 2022 (5)"),
        ({2019: 2, 2022: 2}, "From 2019 to 2022, most in 2022 (2)"),
    ],
)
def test_bars_are_told_in_words(years, words):
    assert describe_years(years) == words


def test_bars_stand_in_their_year_and_are_as_high_as_their_count():
    """Threads can be compared only on one scale."""
    scale = Scale(2020, 2023, 4)
    path = BeautifulSoup(draw_sparkline({2020: 4, 2023: 1}, scale, "#0078b4"), "html.parser")
    bars = re.findall(r"M(\d+) \d+v-(\d+)", path.find_all("path")[1]["d"])
    assert bars == [("0", str(HEIGHT)), (str(3 * (BAR + GAP)), str(round(HEIGHT / 4)))]
    assert path.find("svg")["aria-label"] == "From 2020 to 2023, most in 2020 (4)"


def test_the_scale_covers_all_threads(small_book):
    years = [count_years(small_book.thread(slug).papers) for slug in small_book.slugs]
    assert make_scale(years) == Scale(2021, 2022, 2)


def test_badges_leave_out_what_did_not_happen():
    html = render_badges({"holds": 1, "mixed": 2, "fails": 0})
    badges = BeautifulSoup(html, "html.parser").find_all(class_="tb-badge")
    assert [badge.string for badge in badges] == ["✓ 1 holds", "± 2 mixed"]
    assert render_badges({"holds": 0}) == ""
