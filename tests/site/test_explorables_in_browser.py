"""A figure with a slider as a reader uses it: by keyboard, on a phone, and with no script at all."""

from __future__ import annotations

import re

import pytest
from matplotlib.axes import Axes
from playwright.sync_api import Browser, Page

from threadbook import charts
from threadbook.charts.explore import ExplorableFigure, Frame, explore
from threadbook.charts.svg import to_svg
from threadbook.site.layout import STATIC
from threadbook.site.style_sheet import join_styles

pytestmark = pytest.mark.slow

ADDRESS = "http://book.test/page.html"
SLOPES = (1, 2, 3)


def draw_line(slope: float) -> Axes:
    ax = charts.new_axes()
    ax.plot([0, 1], [0, slope])
    ax.set(xlim=(0, 1), ylim=(0, 4))
    return ax


@pytest.fixture(scope="module")
def figure() -> ExplorableFigure:
    frames = [Frame(f"{s}", draw_line(s), f"It ends at {s}.") for s in SLOPES]
    about = {"name": "line", "number": 1, "caption": "A line.", "alt": "A line."}
    return explore(frames, control="slope", start=1, **about)


def open_figure(
    browser: Browser, figure: ExplorableFigure, *, width: int = 1000, script: bool = True
) -> Page:
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    body = (
        f"<!doctype html><style>{join_styles()}</style><article class='bd-article'>"
        f"{figure.to_html()}</article><script src='explore.js'></script>"
    )
    page.route(
        ADDRESS, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
    )
    page.route("**/explore.js", lambda route: route.fulfill(path=STATIC / "explore.js"))
    page.goto(ADDRESS)
    return page


def paths_of(svg: str) -> list[str]:
    return re.findall(r' d="([^"]+)"', svg)


def test_the_arrow_keys_move_the_drawing_and_the_reading(
    browser: Browser, figure: ExplorableFigure
) -> None:
    """After a key the page must show just what matplotlib drew for that place."""
    page = open_figure(browser, figure)
    slider = page.get_by_role("slider", name=re.compile("slope"))
    slider.focus()
    for key, slope in (("ArrowRight", 3), ("Home", 1), ("ArrowRight", 2)):
        page.keyboard.press(key)
        assert slider.get_attribute("aria-valuetext") == str(slope)
        assert page.locator("output").inner_text() == f"It ends at {slope}."
        shown = page.locator("figure svg").evaluate("svg => svg.outerHTML")
        assert paths_of(shown) == paths_of(to_svg(draw_line(slope), name="line", alt="A line."))
    page.context.close()


def test_on_a_phone_the_slider_stays_when_the_drawing_is_scrolled(
    browser: Browser, figure: ExplorableFigure
) -> None:
    page = open_figure(browser, figure, width=390)
    slider = page.get_by_role("slider")
    before = slider.bounding_box()
    moved = page.locator("figure").evaluate("f => { f.scrollLeft = 60; return f.scrollLeft }")
    assert moved > 0
    assert slider.bounding_box() == before
    assert before is not None
    assert before["height"] >= 24
    page.context.close()


def test_without_script_the_figure_stands_alone(browser: Browser, figure: ExplorableFigure) -> None:
    page = open_figure(browser, figure, script=False)
    assert page.locator("figure svg").is_visible()
    assert not page.locator(".tb-control").is_visible()
    page.context.close()
