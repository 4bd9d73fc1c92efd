"""Copying an entry as a reader does it, by keyboard, on pages of safe and of other origins."""

from __future__ import annotations

import bibtexparser
import pytest

from threadbook.notebooks.cards import render_card
from threadbook.site.citing import add_card_tools
from threadbook.site.extension import STATIC

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="en"><title>Cards</title>
<button class="tb-theme" hidden></button>{cards}<textarea></textarea>
<script src="threadbook.js"></script></html>"""


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
