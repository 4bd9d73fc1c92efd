"""The built pages as a browser shows them, wide, on a phone, and in the dark.

Runs on the system's Chromium against the site that `make site` built.
"""

from __future__ import annotations

from pathlib import Path

import bibtexparser
import pytest
from playwright.sync_api import Browser, Page

HTML = Path(__file__).parents[2] / "_build" / "html"
THREAD = "notebooks/straight-to-one-step.html"
TABLES = ("chapters/papers.html", "chapters/claims.html", "chapters/lineage.html")
PAGES = (
    "index.html",
    THREAD,
    "notebooks/graphs.html",
    "chapters/citing.html",
    *TABLES,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HTML.exists(), reason="no site in _build/html: run `make site` first"),
]


@pytest.fixture(scope="module")
def address(serve) -> str:
    return serve(HTML)


def open_page(browser: Browser, address: str, *, width: int = 1280, dark: bool = False) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    # Other hosts are out of reach on CI; what a page needs of its own host is what is tested.
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(browser, address, path, width):
    """A page that scrolls sideways cannot be read on a phone."""
    page = open_page(browser, address, width=width)
    page.goto(f"{address}/{path}", wait_until="domcontentloaded")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_citation_leads_to_the_card_and_opens_it(browser, address):
    page = open_page(browser, address)
    page.goto(f"{address}/notebooks/transport-and-bridges.html", wait_until="domcontentloaded")
    page.click("a.tb-cite[href$='#liu2022flow']")
    page.wait_for_url("**/notebooks/straight-to-one-step.html#liu2022flow")
    card = page.locator("details#liu2022flow")
    assert card.get_attribute("open") is not None
    assert "Rectified Flow" in card.inner_text()
    page.close()


def test_the_entry_on_a_card_is_bibtex(browser, address):
    page = open_page(browser, address)
    page.goto(f"{address}/{THREAD}#liu2022flow", wait_until="domcontentloaded")
    text = page.locator("details#liu2022flow pre").inner_text()
    assert [entry.key for entry in bibtexparser.parse_string(text).entries] == ["liu2022flow"]
    page.close()


def test_figures_read_in_the_dark(browser, address):
    """Ink must follow the theme: black on black is no figure."""
    page = open_page(browser, address, dark=True)
    page.goto(f"{address}/{THREAD}", wait_until="domcontentloaded")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    colour = page.evaluate(
        "getComputedStyle(document.querySelector('#fig-timeline svg text')).fill"
    )
    red, green, blue = (int(part) for part in colour.strip("rgb()").split(","))
    assert min(red, green, blue) > 180
    page.close()


@pytest.mark.parametrize("path", TABLES)
def test_a_table_of_records_gets_its_script(browser, address, path):
    """Without the script the form stays hidden, which a reader would take for there being none."""
    page = open_page(browser, address)
    page.goto(f"{address}/{path}", wait_until="domcontentloaded")
    page.locator(".tb-records form").wait_for(state="visible")
    rows = page.locator(".tb-records tbody tr").count()
    assert page.locator(".tb-matches").inner_text().startswith(f"{rows} of {rows} ")
    page.close()


def test_a_figure_leads_to_its_place_on_the_card(browser, address):
    page = open_page(browser, address)
    page.goto(f"{address}/chapters/claims.html", wait_until="domcontentloaded")
    link = page.locator(".tb-figures tbody th a").first
    anchor = (link.get_attribute("href") or "").partition("#")[2]
    link.click()
    page.wait_for_url(f"**#{anchor}")
    mark = page.locator(f"mark[id='{anchor}']")
    mark.wait_for(state="visible")
    assert mark.evaluate("mark => mark.closest('details').open")
    page.close()


def test_a_wide_equation_scrolls_by_itself_and_can_be_reached(browser, address):
    """Where it fits, there is nothing to scroll, and no stop for the keyboard."""
    page = open_page(browser, address, width=390)
    page.goto(f"{address}/notebooks/memory-in-sequences.html", wait_until="load")
    equation = page.locator(".tb-equation .tb-scroll[tabindex='0']").first
    equation.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert equation.get_attribute("aria-label") == "Equation 1"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".tb-equation [tabindex]").first.wait_for(state="detached")
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_request_leaves_the_host(browser, address, path):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{path}", wait_until="networkidle")
    page.close()
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_a_citation_shows_its_paper_on_focus_and_escape_hides_it(browser, address):
    page = open_page(browser, address)
    page.goto(f"{address}/{THREAD}", wait_until="domcontentloaded")
    link = page.locator("a.tb-cite[href$='#liu2022flow']").first
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    note = page.get_by_role("tooltip")
    assert "Flow Straight and Fast" in note.inner_text()
    assert link.get_attribute("aria-describedby") == "tb-note-on-paper"
    page.keyboard.press("Escape")
    assert note.count() == 0
    page.close()


def test_a_citation_of_another_threads_paper_has_its_note_too(browser, address):
    """Those of the page's own papers are read from their cards."""
    page = open_page(browser, address)
    page.goto(f"{address}/{THREAD}", wait_until="domcontentloaded")
    page.locator("article a.tb-cite[href*='.html#']").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert len(page.get_by_role("tooltip").inner_text()) > 80
    page.close()


def test_code_can_be_folded_away(browser, address):
    page = open_page(browser, address)
    page.goto(f"{address}/{THREAD}", wait_until="domcontentloaded")
    fold = page.locator("details.tb-fold").first
    assert fold.locator("pre").is_visible()
    fold.locator("summary").first.click()
    assert not fold.locator("pre").is_visible()
    page.close()
