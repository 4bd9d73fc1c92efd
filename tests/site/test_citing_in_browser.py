"""Copying an entry by keyboard, on pages of safe and of other origins; what Zotero is told."""

from __future__ import annotations

import bibtexparser
import pytest

from threadbook.notebooks.cards import render_card
from threadbook.site.citing import add_card_tools
from threadbook.site.coins import make_query, render_coins
from threadbook.site.layout import STATIC

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="en"><title>Cards</title>
<button class="tb-theme" hidden></button><a class="tb-search-link" href="search.html">Search</a>{cards}<textarea></textarea>
<script src="threadbook.js"></script></html>"""


PLAIN = "text/plain; charset=utf-8"


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_the_copied_entry_is_bibtex(browser, small_book, scheme):
    """Browsers lend the clipboard to a page served by http only for what is selected."""
    keys = ["ash2022straight", "fir2021rounding"]
    cards = [
        add_card_tools(render_card(small_book.by_key[key], venues=small_book.venues), key)
        for key in keys
    ]
    page = browser.new_page()
    if scheme == "https":
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address, body = f"{scheme}://book.test/page.html", PAGE.format(cards="".join(cards))
    page.route(address, lambda r: r.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.route("**/threadbook.js", lambda r: r.fulfill(path=STATIC / "threadbook.js"))
    page.goto(f"{address}#{keys[1]}")
    card = page.locator(f"#{keys[1]}")
    button = card.get_by_role("button", name="Copy BibTeX")
    button.focus()
    page.keyboard.press("Enter")
    card.get_by_role("button", name="Copied").wait_for()
    page.get_by_role("status").get_by_text("Copied").wait_for(state="attached")
    page.keyboard.press("Space")  # twice in a row must not leave "Copied" for good
    button.wait_for()
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    library = bibtexparser.parse_string(page.locator("textarea").input_value())
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [keys[1]]
    page.close()


def test_zotero_is_told_when_the_papers_have_come(browser, small_book):
    """Its connector looks once, when a page is loaded, and again when it hears of news."""
    page = browser.new_page()
    body = """<!doctype html><div hidden data-coins="coins.txt"></div>
    <script>addEventListener("ZoteroItemUpdated", () => (document.title = "news"))</script>
    <script src="coins.js"></script>"""
    coins = render_coins(small_book.papers)
    page.route("**/page.html", lambda r: r.fulfill(body=body, content_type="text/html"))
    page.route("**/coins.txt", lambda r: r.fulfill(body=coins, content_type=PLAIN))
    page.route("**/coins.js", lambda r: r.fulfill(path=STATIC / "coins.js"))
    page.goto("https://book.test/page.html")
    page.wait_for_function("document.title === 'news'")
    titles = page.locator("span.Z3988").evaluate_all("spans => spans.map(span => span.title)")
    assert titles == [make_query(paper) for paper in small_book.papers]
    page.close()
