"""The whole book as one page: no id twice, links inside where the goal is inside."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from threadbook.site.one_page import join_heads, join_pages, lead

BASE = "https://example.org/book/"
PAGES = {
    "chapters/index.html": '<body><nav></nav><article><h1 id="top">Book</h1>'
    '<a href="../notebooks/a.html#fig-1">one</a></article></body>',
    "notebooks/a.html": '<article><svg id="fig-1"><clipPath id="c"/><g clip-path="url(#c)"/>'
    '<a href="#top">here</a><a xlink:href="b.html#x">out</a></svg><p id="top">A</p></article>',
}


def test_ids_are_unique_and_references_follow_them() -> None:
    soup = BeautifulSoup(join_pages(PAGES, base=BASE), "html.parser")
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert ids == [
        "chapters-index", "chapters-index--top", "notebooks-a",
        "notebooks-a--fig-1", "notebooks-a--c", "notebooks-a--top",
    ]  # fmt: skip
    group = soup.find("g")
    assert group is not None
    assert group["clip-path"] == "url(#notebooks-a--c)"
    links = [link.get("href") or link.get("xlink:href") for link in soup.find_all("a")]
    assert links == ["#notebooks-a--fig-1", "#notebooks-a--top", f"{BASE}notebooks/b.html#x"]


@pytest.mark.parametrize(
    ("link", "goal"),
    [
        ("https://a.org/x", "https://a.org/x"),
        ("#top", "#notebooks-a--top"),
        ("../chapters/index.html", "#chapters-index"),
        ("../data/a.bib", f"{BASE}data/a.bib"),
    ],
)
def test_where_links_lead(link: str, goal: str) -> None:
    assert lead(link, "notebooks/a.html", set(PAGES), BASE) == goal


def test_a_page_without_article_is_refused() -> None:
    with pytest.raises(ValueError, match=r"x\.html has no article"):
        join_pages({"x.html": "<p>nothing</p>"}, base=BASE)


def test_the_head_has_the_style_sheets_of_all_pages_each_once() -> None:
    """A sheet that only some pages need, as for mathematics, would be missing on the first."""
    all_pages = '<link rel="stylesheet" href="../_static/a.css">'
    some_pages = '<link rel="stylesheet" href="../../_static/b.css">'
    heads = [f"<head>{all_pages}</head><body>", f"<head>{all_pages}\n{some_pages}</head><body>"]
    links = BeautifulSoup(join_heads(heads), "html.parser").select("head > link")
    assert [link["href"] for link in links] == ["_static/a.css", "_static/b.css"]
