"""The search as a reader uses it: what is found first, the keyboard, and what happens without it.

Runs on the system's Chromium against the site that `make site` built, served from a folder below
the server's root, as a project's pages are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

HTML = Path(__file__).parents[2] / "_build" / "html"
THREAD = "notebooks/straight-to-one-step.html"
PAPERS = {
    "PFGM++": "xu2023pfgm",
    "DPM-Solver": "lu2022dpmsolver",
    "dpm-solver-v3": "zheng2023dpmsolverv3",
    "HAWQ-V2": "dong2019hawqv2",
    "MoEfication": "zhang2021moefication",
    "DMD2": "yin2024improved",  # named in the abstract alone
    "Geoffrey Hinton": "hinton2022forwardforward",
    "liu2022flow": "liu2022flow",
    "Improved Techniques for Training Consistency Models": "song2023improved",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (HTML / "pagefind").exists(), reason="no search in _build/html: run `make site` first"
    ),
]

expect.set_options(timeout=20_000)  # a busy machine takes seconds to read the index


@pytest.fixture(scope="module")
def address(serve) -> str:
    return f"{serve(HTML.parent)}/{HTML.name}"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page of a thread."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/{THREAD}")
    yield page
    page.close()


def search(page: Page, query: str) -> None:
    page.keyboard.press("/")
    page.get_by_label("Search the book").fill(query)


def results(page: Page) -> Locator:
    return page.locator(".tb-result-link")


def test_a_method_an_author_or_a_key_finds_its_paper_first(page):
    for query, key in PAPERS.items():
        search(page, query)
        expect(results(page).first).to_have_attribute("href", re.compile(rf"\.html#{key}$"))


def test_an_idea_finds_its_term_and_its_thread(page):
    search(page, "reflow")
    expect(results(page).first).to_have_attribute("href", re.compile("glossary.html#term-reflow"))
    search(page, "rectified flow")
    expect(results(page).first).to_have_attribute("href", re.compile("liu2022flow"))
    assert any((link.get_attribute("href") or "").endswith(THREAD) for link in results(page).all())


def test_nothing_is_fetched_before_the_search_is_opened(browser, address):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{THREAD}", wait_until="networkidle")
    assert not [url for url in asked if "pagefind" in url or "search" in url]
    search(page, "solver")
    expect(page.locator(".tb-search-status")).to_have_text(re.compile(r"^\d+ results$"))
    assert [url for url in asked if "pagefind.js" in url]
    assert all(url.startswith(address) for url in asked)
    page.close()


def test_escape_closes_and_the_focus_returns(page):
    link = page.get_by_role("link", name="Search")
    link.press("Enter")
    field = page.get_by_label("Search the book")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(link).to_be_focused()


def test_a_result_is_chosen_and_its_card_opened_by_keyboard(page):
    search(page, "instaflow")
    expect(results(page).first).to_contain_text("InstaFlow")
    page.keyboard.press("ArrowDown")
    expect(results(page).first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Search the book")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**#liu2023instaflow")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("details#liu2023instaflow")).to_have_attribute("open", "")


def test_enter_goes_to_the_first_result_even_before_it_is_shown(page):
    search(page, "DPM-Solver")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fast-sampling-frozen.html#lu2022dpmsolver")


def test_a_kind_can_be_chosen(page):
    search(page, "forgetting")
    page.get_by_label(re.compile("Threads")).check(force=True)
    expect(page.locator(".tb-search-status")).to_have_text(re.compile(r"^\d+ results$"))
    kinds = page.locator(".tb-result-kind")
    expect(kinds.first).to_have_text("Thread")
    assert set(kinds.all_inner_texts()) == {"Thread"}


def test_more_results_are_added_below(page):
    search(page, "adapter")
    expect(results(page)).to_have_count(8)
    page.get_by_role("button", name="Show more").click()
    expect(results(page)).to_have_count(16)
    expect(results(page).nth(8)).to_be_focused()


def test_a_slash_in_a_field_is_a_slash(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/chapters/papers.html")
    field = page.get_by_label("Search", exact=True)
    field.press("/")
    assert field.input_value() == "/"
    assert page.locator("dialog").count() == 0
    page.close()


def test_the_page_of_the_search_can_be_linked_to(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=reflow&kind=term")
    expect(results(page)).to_have_count(1)
    page.get_by_label("Search the book").fill("no such word anywhere")
    expect(page.locator(".tb-search-status")).to_contain_text("Nothing found")
    assert page.url.endswith("/search.html?q=no+such+word+anywhere&kind=term")
    page.close()


@pytest.mark.parametrize("word", ["asdfgh", "zzzz", "qwxzvv"])
def test_nonsense_finds_nothing(page, word):
    """Pagefind shortens a word that nobody wrote until it finds some that begin so."""
    search(page, word)
    expect(page.locator(".tb-search-status")).to_have_text(f"Nothing found for “{word}”")
    assert page.locator(".tb-results li").count() == 0


def test_on_a_phone_the_search_fills_the_screen_and_no_more(browser, address):
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{address}/{THREAD}")
    page.locator(".tb-search-link").tap()
    page.get_by_label("Search the book").fill("rectified flow")
    expect(results(page).first).to_be_visible()
    width = "document.querySelector('dialog form').scrollWidth"
    assert page.evaluate(width) <= 390
    results(page).first.tap()
    page.wait_for_url("**#liu2022flow")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_where_it_cannot_work_the_page_says_so_and_what_to_read_instead(browser, address, script):
    """From a disk a browser reads no index; without JavaScript there is none to read."""
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{HTML.as_uri() if script else address}/index.html")
    page.locator(".tb-search-link").click()
    page.wait_for_url("**/search.html")
    if script:
        page.locator(".tb-search-fault").wait_for()
    text = page.locator("main").inner_text()  # Playwright's other ways to text skip <noscript>
    assert ("from a web server only" in text) == script
    assert ("needs JavaScript" in text) != script
    assert text.rstrip().endswith("the papers in one table\nthe glossary\nthe authors")
    context.close()
