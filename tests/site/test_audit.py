"""The audit finds what a reader would stumble over."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadbook.book import Book
from threadbook.site.audit import find_problems


@pytest.fixture
def html(tmp_path: Path, small_book: Book) -> Path:
    for slug in small_book.slugs:
        cards = "".join(
            f'<details class="tb-card" id="{paper.cite_key}"></details>'
            for paper in small_book.thread(slug).papers
        )
        page = tmp_path / "notebooks" / f"{slug}.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"<h1 id='top'>{slug}</h1>{cards}", encoding="utf-8")
    return tmp_path


def append(html: Path, slug: str, text: str) -> None:
    path = html / "notebooks" / f"{slug}.html"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_sound_site_has_no_problems(html, small_book):
    append(html, "paths", '<a href="small-networks.html#fir2021rounding">a</a><a href="#top">b</a>')
    assert find_problems(html, small_book) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<a href="nowhere.html">x</a>', "notebooks/paths.html: link to nowhere.html, which"),
        ('<a href="small-networks.html#x">x</a>', "no such anchor"),
        ('<a href="#x">x</a>', "#x, but the page has no such anchor"),
        ('<p id="top"></p>', "id 'top' stands more than once"),
        ('<details class="tb-card" id="fir2021rounding">', "card fir2021rounding: found on"),
        ('<details class="tb-card" id="nobody2000x">', "card 'nobody2000x'"),
        (r"<p>so \(x\)</p>", r"'\\(x\\)' is shown as TeX"),
        (r"<p>$x^2$ or $$</p>", "'$x^2$' is shown as TeX"),
        (r'<a title="\alpha">x</a>', r"'\\alpha' is shown as TeX"),
        ('<code class="katex-error">x</code>', "'a formula in class katex-error' is shown"),
    ],
)
def test_each_fault_is_named_with_its_page(html, small_book, text, problem):
    append(html, "paths", text)
    assert any(problem in line for line in find_problems(html, small_book))


SELECT = '<select name="verdict"><option value="holds">holds</option></select>'


def test_a_link_may_open_a_view_that_the_page_offers(html, small_book):
    append(html, "small-networks", SELECT)
    append(html, "paths", '<a href="small-networks.html#verdict=holds">a</a>')
    assert find_problems(html, small_book) == []
    append(html, "paths", '<a href="small-networks.html#verdict=sings">b</a>')
    [problem] = find_problems(html, small_book)
    assert "#verdict=sings, but the page has no such anchor" in problem


def test_sources_and_prices_are_not_taken_for_mathematics(html, small_book):
    sources = r"<pre>$x$</pre><code>\frac</code><math><annotation>\frac12</annotation></math>"
    append(html, "paths", f"{sources}<p>from $5 to $6</p>")
    assert find_problems(html, small_book) == []


def test_a_missing_card_is_named(html, small_book):
    page = html / "notebooks/paths.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("ash2022curved", "x"), encoding="utf-8"
    )
    problems = find_problems(html, small_book)
    assert any("card ash2022curved: found on no page" in line for line in problems)
