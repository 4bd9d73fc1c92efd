"""The map as a reader uses it: by pointer, by keyboard, by finger, and with no script at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from threadbook.site.extension import STATIC
from threadbook.site.map_page import render_map
from threadbook.site.paper_map import Cluster, Mark, Region
from threadbook.site.part_looks import PartLook
from threadbook.site.style_sheet import join_styles

pytestmark = pytest.mark.slow

ADDRESS = "http://book.test/index.html"
NOTES = '{"west2020a":["Wes West","Goes west."],"east2021b":["Eve East","Goes east."]}'


def mark(key: str, x: float, y: float, *outcomes: str) -> Mark:
    return Mark(key, x, y, int(key[4:8]), key[:4].title(), f"Title of {key}", outcomes)  # type: ignore[arg-type]


REGIONS = (
    Region(
        "part-one",
        "Part one",
        PartLook("#0078b4", "circle"),
        (
            Cluster(
                "thread-a",
                "Thread A",
                50,
                40,
                (mark("west2020a", 20, 50, "holds", "fails"), mark("midd2020c", 50, 50)),
            ),
        ),
    ),
    Region(
        "part-two",
        "Part two",
        PartLook("#d25a00", "frame"),
        (
            Cluster(
                "thread-b",
                "Thread B",
                80,
                40,
                (mark("east2021b", 80, 50, "fails"), mark("down2022d", 52, 80)),
            ),
        ),
    ),
)


def open_map(browser: Browser, *, script: bool = True, phone: bool = False) -> Page:
    """Return a page with the map and much room below it; any other page has just its address."""
    context = browser.new_context(
        java_script_enabled=script,
        has_touch=phone,
        viewport={"width": 390 if phone else 1000, "height": 800},
    )
    page = context.new_page()
    figure = render_map(REGIONS, alt="A map.", up="", notes="map.json")
    body = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Map</title><style>{join_styles()}</style><body>"
        f"<article class='bd-article'>{figure}<p style='height:3000px'></p></article>"
        "<script src='map.js'></script>"
    )
    page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
    page.route(ADDRESS + "*", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.route("**/map.json", lambda route: route.fulfill(body=NOTES))
    page.route("**/map.js", lambda route: route.fulfill(path=STATIC / "map.js"))
    page.goto(ADDRESS)
    return page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = open_map(browser)
    yield page
    page.context.close()


def spot(page: Page, key: str) -> tuple[float, float]:
    """Return where the mark of a paper is on the screen."""
    box = page.locator(f"a[href$='#{key}'] > *").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def said(page: Page) -> str:
    return page.locator(".tb-map-box [aria-live]").inner_text()


def apart(page: Page) -> float:
    """Return how far two papers are from one another on the screen, which zooming changes."""
    return spot(page, "east2021b")[0] - spot(page, "west2020a")[0]


def test_a_pointer_near_a_mark_shows_the_note_and_a_click_opens_the_card(page):
    x, y = spot(page, "west2020a")
    page.mouse.move(x + 7, y + 7)
    note = page.locator(".tb-map-note")
    note.get_by_text("Goes west.").wait_for()
    assert note.locator("p").all_inner_texts() == [
        "Title of west2020a",
        "Wes West · 2020 · Thread A",
        "Goes west.",
        "Verdicts of labs here: ✓ holds ✗ fails",
    ]
    page.keyboard.press("Escape")
    assert not note.is_visible()
    page.mouse.click(x + 7, y + 7)
    page.wait_for_url("**/notebooks/thread-a.html#west2020a")


def test_the_keyboard_walks_reads_zooms_and_opens(page):
    """One stop for the map, and everything from there."""
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.closest('form')"):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "application"
    press(page, "ArrowLeft")
    assert said(page).startswith("Title of midd2020c")
    press(page, "ArrowLeft")
    page.get_by_text("Goes west.").first.wait_for()
    press(page, "ArrowLeft", "ArrowUp")
    assert said(page).startswith("Title of west2020a. Wes West")
    press(page, "ArrowRight", "ArrowDown")
    assert said(page).startswith("Title of down2022d")
    press(page, "Escape")
    assert not page.locator(".tb-map-note").is_visible()
    before = apart(page)
    press(page, "+", "+")
    page.wait_for_function(
        f"document.querySelector('.tb-map-world').width.baseVal.value > {before}"
    )
    assert apart(page) == pytest.approx(before * 1.6**2, rel=0.02)
    press(page, "0", "ArrowUp", "ArrowRight")
    assert said(page).startswith("Title of east2021b. Eve East")
    press(page, "Enter")
    page.wait_for_url("**/notebooks/thread-b.html#east2021b")


def test_the_map_is_one_stop_before_its_buttons(page):
    page.locator(".tb-map-view").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Zoom in"


def test_filters_hold_together_and_the_address_keeps_them(page):
    page.get_by_label("Lab verdict").select_option("fails")
    assert page.locator(".tb-map-count").inner_text() == "2 of 4 papers"
    page.get_by_label("Part or thread").select_option("part-two")
    assert page.locator(".tb-map-count").inner_text() == "1 of 4 papers"
    assert page.url == f"{ADDRESS}#thread=part-two&verdict=fails"
    page.mouse.move(*spot(page, "west2020a"))
    page.mouse.move(*spot(page, "midd2020c"))
    assert not page.locator(".tb-map-note").is_visible()
    page.reload()
    assert page.locator(".tb-map-count").inner_text() == "1 of 4 papers"
    page.get_by_role("button", name="Show all").click()
    page.locator(".tb-map-count").wait_for(state="hidden")
    assert page.url == ADDRESS


def test_a_filter_brings_its_papers_into_view_and_hides_other_names(page):
    page.get_by_label("Part or thread").select_option("part-two")
    page.wait_for_function("document.querySelector('.tb-map-near')")
    box = page.locator(".tb-map-box").bounding_box()
    x, y = spot(page, "east2021b")
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]
    assert page.locator(".tb-map-names text:not(.tb-map-off)").all_text_contents() == ["Thread B"]


def test_filters_that_no_paper_meets_say_so(page):
    page.get_by_label("Part or thread").select_option("part-two")
    page.get_by_label("Lab verdict").select_option("holds")
    assert page.locator(".tb-map-count").inner_text() == "No paper has all of these"


def test_the_wheel_scrolls_the_page_unless_the_map_was_asked(page):
    before = apart(page)
    page.mouse.move(*spot(page, "midd2020c"))
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 100")
    assert apart(page) == before
    page.evaluate("scrollTo(0, 0)")
    page.locator(".tb-map-view").focus()
    page.mouse.move(*spot(page, "midd2020c"))
    page.mouse.wheel(0, -200)
    page.wait_for_function("document.querySelector('.tb-map-near')")
    assert apart(page) > before
    assert page.evaluate("scrollY") == 0


def test_a_drag_moves_the_map_and_opens_nothing(page):
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("document.querySelector('.tb-map-near')")
    x, y = spot(page, "midd2020c")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    page.wait_for_timeout(50)
    assert spot(page, "midd2020c") == pytest.approx((x + 60, y + 30), abs=1)
    assert page.url == ADDRESS


def test_a_finger_sees_the_note_first_and_two_fingers_zoom(browser):
    page = open_map(browser, phone=True)
    x, y = spot(page, "west2020a")
    page.touchscreen.tap(x, y)
    page.get_by_text("Goes west.").first.wait_for()
    assert page.url == ADDRESS
    before = apart(page)
    client = page.context.new_cdp_session(page)

    def touch(kind: str, *points: float) -> None:
        at = [{"x": point, "y": y, "id": number} for number, point in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", 150, 200)
    touch("touchMove", 130, 220)
    touch("touchMove", 100, 250)
    touch("touchEnd")
    page.wait_for_function("document.querySelector('.tb-map-near')")
    assert apart(page) == pytest.approx(before * 3, rel=0.15)
    assert page.evaluate("scrollY") == 0
    page.context.close()


def test_one_finger_scrolls_the_page_past_the_map(browser):
    page = open_map(browser, phone=True)
    view = page.locator(".tb-map-view")
    assert view.evaluate("view => getComputedStyle(view).touchAction") == "pan-y"
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("document.querySelector('.tb-map-near')")
    assert view.evaluate("view => getComputedStyle(view).touchAction") == "none"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.context.close()


def test_without_a_script_marks_are_links_and_there_is_no_form(browser):
    page = open_map(browser, script=False)
    assert not page.locator("form").is_visible()
    assert not page.get_by_role("button", name="Zoom in").is_visible()
    page.locator("a[href$='#midd2020c']").click()
    page.wait_for_url("**/notebooks/thread-a.html#midd2020c")
    page.context.close()
