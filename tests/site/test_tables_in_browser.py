"""A table of records as a reader uses it: searching, filtering, sorting, and with no script at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from threadbook.notebooks.inline import escape_text
from threadbook.site.extension import STATIC
from threadbook.site.html_table import (
    Cell,
    Column,
    Filter,
    Row,
    Table,
    list_options,
    render_table,
)
from threadbook.site.style_sheet import join_styles

pytestmark = pytest.mark.slow

ADDRESS = "http://book.test/page.html"
TREES = (  # name, height, places; words that are found but not shown
    ("Élm", "35", ("park", "hedge"), "Ulmus"),
    ("oak", "9", ("park",), "Quercus"),
    ("Birch", "120", ("moor",), "Betula"),
    ("ash", "", ("hedge",), "Fraxinus"),
)


def make_table(count: int = len(TREES)) -> Table:
    """Return a table of `count` trees, the same four over and over."""
    rows = tuple(make_row(*TREES[place % len(TREES)]) for place in range(count))
    choice = Filter("place", "Place", list_options(rows, "place"))
    columns = (Column("Tree"), Column("Height", is_number=True))
    return Table("trees", "Trees", columns, rows, (choice,))


def make_row(name: str, height: str, places: tuple[str, ...], words: str) -> Row:
    cells = (Cell(escape_text(name)), Cell(escape_text(height and f"{height} m"), sort=height))
    return Row(cells, {"place": places}, words)


def open_table(browser: Browser, *, count: int = len(TREES), script: bool = True) -> Page:
    """Return a page that holds the table alone."""
    page = browser.new_context(java_script_enabled=script).new_page()
    body = (
        f"<!doctype html><style>{join_styles()}</style>{render_table(make_table(count))}"
        "<script src='tables.js'></script>"
    )
    page.route(
        ADDRESS, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
    )
    page.route("**/tables.js", lambda route: route.fulfill(path=STATIC / "tables.js"))
    page.goto(ADDRESS)
    return page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = open_table(browser)
    yield page
    page.context.close()


def shown(page: Page) -> list[str]:
    """Return the names in the rows that are to be seen, from top to bottom."""
    return page.locator("tbody tr:visible th").all_inner_texts()


def test_without_a_script_all_rows_are_there_and_no_form(browser):
    page = open_table(browser, script=False)
    assert shown(page) == ["Élm", "oak", "Birch", "ash"]
    assert not page.locator("form").is_visible()
    assert not page.get_by_role("status").is_visible()
    assert page.locator("thead button").count() == 0
    page.context.close()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("elm", ["Élm"]),
        ("QUERCUS", ["oak"]),
        ("m u", ["Élm", "oak", "Birch"]),
        ("120 birch", ["Birch"]),
        ("no such tree", []),
        ("  ", ["Élm", "oak", "Birch", "ash"]),
    ],
)
def test_the_search_keeps_the_rows_that_have_all_words(page, query, names):
    """Case and accents do not matter, and words that are not shown count."""
    page.get_by_label("Search", exact=True).fill(query)
    assert shown(page) == names
    assert page.get_by_role("status").inner_text() == f"{len(names)} of 4 trees"


def test_a_filter_and_the_search_hold_together(page):
    page.get_by_label("Place").select_option("hedge")
    assert shown(page) == ["Élm", "ash"]
    page.get_by_label("Search", exact=True).fill("fraxinus")
    assert shown(page) == ["ash"]
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("4 of 4 trees").wait_for()
    assert shown(page) == ["Élm", "oak", "Birch", "ash"]


def test_headings_sort_up_and_down_with_empty_cells_last(page):
    """Numbers sort as numbers, names without regard to case and accents."""
    heading = page.locator("thead th").nth(1)
    page.get_by_role("button", name="Height").click()
    assert shown(page) == ["oak", "Élm", "Birch", "ash"]
    assert heading.get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Height").click()
    assert shown(page) == ["Birch", "Élm", "oak", "ash"]
    assert heading.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Tree").click()
    assert shown(page) == ["ash", "Birch", "Élm", "oak"]
    assert heading.get_attribute("aria-sort") is None
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("!document.querySelector('[aria-sort]')")
    assert shown(page) == ["Élm", "oak", "Birch", "ash"]


def test_everything_can_be_reached_and_done_by_keyboard(page):
    page.keyboard.press("Tab")
    page.keyboard.type("u")  # Ulmus, Quercus, Betula, Fraxinus
    page.keyboard.press("Tab")
    page.keyboard.type("park")
    assert shown(page) == ["Élm", "oak"]
    for _ in ("Clear", "the frame that scrolls", "the first heading"):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('th')?.innerText") == "Tree"
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert shown(page) == ["oak", "Élm"]


def test_the_address_keeps_the_view_for_the_way_back(page):
    page.get_by_label("Place").select_option("park")
    page.get_by_role("button", name="Tree").click()
    assert page.url == f"{ADDRESS}#place=park&sort=1"
    page.reload()
    assert shown(page) == ["Élm", "oak"]
    assert page.locator("thead th").first.get_attribute("aria-sort") == "ascending"
    assert page.get_by_label("Place").input_value() == "park"


def test_an_address_of_a_heading_changes_nothing(page):
    page.get_by_label("Place").select_option("park")
    page.evaluate("location.hash = 'a-heading'")
    page.wait_for_url("**#a-heading")
    assert shown(page) == ["Élm", "oak"]


def test_two_thousand_rows_are_searched_and_sorted_without_lag(browser):
    """A tenth of a second is what feels at once; five times that allows for a busy machine."""
    page = open_table(browser, count=2000)
    seconds = page.evaluate(
        """() => {
          const start = performance.now();
          document.querySelector("thead button").click();
          document.body.offsetHeight;
          const form = document.querySelector("form");
          form.q.value = "ulmus";
          form.dispatchEvent(new Event("input"));
          document.body.offsetHeight;
          return (performance.now() - start) / 1000;
        }"""
    )
    assert page.get_by_role("status").inner_text() == "500 of 2000 trees"
    assert seconds < 0.5
    page.context.close()


def test_on_a_phone_a_record_is_a_block_and_headings_still_sort(browser):
    """Records far from the window are not laid out before they are needed."""
    page = open_table(browser, count=400)
    page.set_viewport_size({"width": 390, "height": 844})
    first = page.locator("tbody tr").first
    name, height = first.locator("th"), first.locator("td")
    assert name.bounding_box()["y"] < height.bounding_box()["y"]
    assert name.bounding_box()["x"] == height.bounding_box()["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Tree").click()
    assert page.locator("tbody tr").first.locator("th").inner_text() == "ash"
    page.get_by_label("Search", exact=True).fill("quercus")
    assert page.locator("tbody tr:visible").count() == 100
    assert page.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == "none"
    page.context.close()
