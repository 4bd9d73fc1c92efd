"""The opening page is the site's root; what stood elsewhere leads there."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from threadbook.site.context import HOME, climb, locate_page
from threadbook.site.root_page import render_redirect


@pytest.mark.parametrize(
    ("page", "up"),
    [
        (HOME, ""),
        ("chapters/papers", "../"),
        ("chapters/parts/size", "../../"),
        ("notebooks/paths", "../"),
    ],
)
def test_the_way_to_the_root(page, up):
    """The opening page's source lies in a folder, but the page does not."""
    assert climb(page) == up


def test_the_old_address_sends_readers_and_search_engines_on():
    page = BeautifulSoup(render_redirect('https://example.org/"a"/'), "html.parser")
    assert page.find("link", rel="canonical")["href"] == 'https://example.org/"a"/'
    assert page.find("meta", attrs={"http-equiv": "refresh"})["content"] == "0; url=../index.html"
    assert page.find("a")["href"] == "../index.html"


def test_a_book_without_an_address_names_the_root_itself():
    assert '<link rel="canonical" href="../index.html">' in render_redirect("")


def test_each_page_has_its_address():
    assert locate_page(HOME) == "index.html"
    assert locate_page("notebooks/paths") == "notebooks/paths.html"
