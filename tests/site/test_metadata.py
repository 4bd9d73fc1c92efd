"""What machines read of a page: its description, its head, and what schema.org calls it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from docutils.core import publish_doctree
from PIL import Image

from threadbook.site.book_facts import BookFacts
from threadbook.site.metadata import render_head, render_robots, render_sitemap
from threadbook.site.page_facts import (
    MOST,
    PageFacts,
    describe_thread,
    find_part,
    find_thread,
    read_opening,
    shorten_text,
)
from threadbook.site.previews import (
    SIZE,
    SIZES,
    Dot,
    Words,
    draw_preview,
    fit_size,
    open_font,
    read_colours,
    wrap_words,
    write_preview,
)
from threadbook.site.structured_data import Site, make_data, render_data

ADDRESS = "https://ash.example/book/"
FACTS = BookFacts(("The Ash authors", "Birch, Bo"), "ashbook: a review", "2026", licences=("MIT",))
# Of each type, what is required of it and the other properties that schema.org gives it.
COMMON = {
    *("@context", "@type", "name", "url", "description", "image", "inLanguage"),
    "isAccessibleForFree",
}
OTHERS = {
    "Book": {"@id", "author", "copyrightYear", "bookFormat", "license", "hasPart"},
    "Chapter": {"author", "isPartOf", "citation", "hasPart"},
    "Dataset": {"creator", "isPartOf", "distribution"},
    "WebPage": {"isPartOf"},
}
LEAST_OF_DATASET, MOST_OF_DATASET = 50, 5000  # characters of a description, by Google's rules


@pytest.fixture
def site(small_book) -> Site:
    return Site(small_book, FACTS, ADDRESS, "en")


def list_pages(site: Site) -> dict[str, PageFacts]:
    """Return a page of each kind by its type in the words of schema.org, and one more chapter."""
    book = site.book
    thread, part = book.thread("paths"), book.taxonomy.parts[0]
    return {
        "Book": PageFacts("chapters/index", FACTS.title, "Of ash."),
        "Chapter": PageFacts("notebooks/paths", thread.title, thread.question, thread),
        "Chapter of threads": PageFacts("chapters/parts/generation", part.title, "x", part=part),
        "Dataset": PageFacts("chapters/papers", "All papers", "The papers of the book."),
        "WebPage": PageFacts("search", "Search", "Where to find what."),
    }


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("One  sentence\nhere.", "One sentence here."),
        ("Both fit. So they stay.", "Both fit. So they stay."),
        ("One of these is enough here. The other one goes.", "One of these is enough here."),
        ("An aside (which is longer than it should be) goes.", "An aside goes."),
        ("Of Ash et al. (2022) it says too much to stay.", "Of Ash et al. it says too much to …"),
        ("This ends where its second clause, the longer, begins.", "This ends where its second …"),
        ("This ends where a clause ends, not in a longer one.", "This ends where a clause ends …"),
        (
            "A well-behaved multi-level and multi-scale text here.",
            "A well-behaved multi-level and …",
        ),
    ],
)
def test_a_description_is_cut_where_a_reader_would(text, short):
    assert shorten_text(text, 35) == short
    assert len(short) <= 35


def test_a_thread_is_described_by_its_question(small_book):
    thread = small_book.thread("paths")
    assert describe_thread(thread) == "How many steps does a path cost? 2 papers, 2022."
    long = replace(thread, entry=replace(thread.entry, question="Why " + "so " * 48 + "long?"))
    assert describe_thread(long) == long.question


def test_the_opening_is_the_first_prose_without_mathematics():
    """A formula, a note or a cell of a table tells nobody what a page is about."""
    text = "Title\n=====\n\n.. note:: A note.\n\nLet :math:`x` be.\n\nThis is *it*.\n\nNot this."
    settings = {"doctitle_xform": False}  # as in Sphinx, where a title opens a section
    assert read_opening(publish_doctree(text, settings_overrides=settings)) == "This is it."
    assert read_opening(publish_doctree("")) == ""


def test_pages_of_threads_and_parts_are_known(small_book):
    assert find_thread(small_book, "notebooks/paths").slug == "paths"
    assert find_thread(small_book, "chapters/paths") is None
    assert find_part(small_book, "chapters/parts/size").title == "Size"
    assert find_part(small_book, "size") is None
    assert find_part(small_book, "chapters/parts/papers") is None


def test_every_kind_of_page_is_told_by_schema_org(site):
    for name, page in list_pages(site).items():
        data = make_data(page, site)
        kind = data["@type"]
        assert name.startswith(kind)
        assert COMMON <= data.keys() <= COMMON | OTHERS[kind]
        assert data["url"] == site.page(page.name)
        if "isPartOf" in data:
            assert data["isPartOf"]["@id"] == f"{ADDRESS}#book"


def test_a_chapter_cites_the_papers_at_home_in_it(site):
    data = make_data(list_pages(site)["Chapter"], site)
    assert data["citation"] == [
        {
            "@type": "ScholarlyArticle",
            "name": paper.title,
            "identifier": f"arXiv:{paper.arxiv_id}",
            "url": paper.url,
        }
        for paper in site.book.thread("paths").papers
    ]
    part = make_data(list_pages(site)["Chapter of threads"], site)
    assert [item["url"] for item in part["hasPart"]] == [f"{ADDRESS}notebooks/paths.html"]


def test_the_book_names_its_makers_and_its_chapters(site):
    data = make_data(list_pages(site)["Book"], site)
    assert data["url"] == ADDRESS
    assert data["license"] == ["https://spdx.org/licenses/MIT.html"]
    assert [maker["@type"] for maker in data["author"]] == ["Organization", "Person"]
    assert [item["name"] for item in data["hasPart"]] == [
        thread.title for thread in site.book.taxonomy.threads
    ]
    assert "license" not in make_data(
        list_pages(site)["Book"], replace(site, facts=replace(FACTS, licences=()))
    )


def test_a_data_set_says_where_its_table_lies(site):
    data = make_data(list_pages(site)["Dataset"], site)
    files = {item["contentUrl"]: item["encodingFormat"] for item in data["distribution"]}
    assert files[f"{ADDRESS}data/papers.csv"] == "text/csv"
    assert f"{ADDRESS}data/references.bib" in files
    assert LEAST_OF_DATASET <= len(data["description"]) <= MOST_OF_DATASET


def test_no_text_ends_the_script_of_the_data(site):
    page = replace(list_pages(site)["WebPage"], description="</script><b>&")
    element = BeautifulSoup(render_data(page, site), "html.parser")
    assert json.loads(element.script.string)["description"] == page.description
    assert element.b is None


def test_the_head_tells_address_and_preview(site):
    page = replace(list_pages(site)["Chapter"], title='Straight or "curved" & <b>?')
    head = BeautifulSoup("\n".join(render_head(page, site, "ashbook")), "html.parser")
    found = {str(tag.get("property") or tag.get("name")): tag["content"] for tag in head("meta")}
    assert head.find("link", rel="canonical")["href"] == f"{ADDRESS}notebooks/paths.html"
    assert found["og:url"] == f"{ADDRESS}notebooks/paths.html"
    assert found["og:title"] == page.title
    assert found["og:image"] == f"{ADDRESS}previews/notebooks/paths.png"
    assert found["og:type"] == "article"
    assert found["twitter:card"] == "summary_large_image"
    assert page.title in found["og:image:alt"]
    assert not [name for name in found if name.startswith("citation_")]


@pytest.mark.parametrize("name", ["chapters/index", "index"])
def test_the_opening_page_has_one_address(site, name):
    """It stands at the root and among the chapters; engines must count it once."""
    assert site.page(name) == ADDRESS
    assert site.preview(name) == f"{ADDRESS}previews/index.png"


def test_the_sitemap_is_xml_and_robots_are_told_of_it(site):
    addresses = [ADDRESS, f"{ADDRESS}a&b.html"]
    root = ElementTree.fromstring(render_sitemap(addresses))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{space}urlset"
    assert [place.text for place in root.iter(f"{space}loc")] == addresses
    assert f"Sitemap: {ADDRESS}sitemap.xml" in render_robots(site).splitlines()


def test_a_preview_has_the_size_that_is_promised_and_few_bytes(site, tmp_path):
    for page in list_pages(site).values():
        first, second = tmp_path / "a" / "1.png", tmp_path / "2.png"
        for path in (first, second):
            write_preview(page, site, path)
        assert first.read_bytes() == second.read_bytes()
        assert first.stat().st_size < 100_000
        with Image.open(first) as image:
            assert image.size == SIZE
        assert not list(tmp_path.rglob("*.part"))


def test_the_papers_of_the_page_stand_out_on_its_preview():
    words = Words("ashbook", "Title", "Text.", "2 papers")
    colours = {
        colour
        for _, colour in draw_preview(words, [Dot(0, 0, ""), Dot(1, 1, "#0078b4")])
        .convert("RGB")
        .getcolors(SIZE[0] * SIZE[1])
    }
    wanted = [read_colours()["paper"], read_colours()["grid"], "#0078b4"]
    for colour in wanted:
        red, green, blue = bytes.fromhex(colour[1:])
        near = min(abs(a - red) + abs(b - green) + abs(c - blue) for a, b, c in colours)
        assert near <= 9  # the file has few colours, each a mean of some that are close


def test_words_fit_however_many_there_are():
    """A title is set smaller before it runs over what stands below it."""
    sizes = [
        fit_size(Words("b", "long title " * count, "question " * 20, "f"), 590, 380)
        for count in (1, 4, 8, 12)
    ]
    assert sizes[0] == max(SIZES)
    assert all(first >= second for first, second in pairwise(sizes))
    assert sizes[-1] < sizes[0]
    font = open_font(40, 650)
    lines = wrap_words("several words that take some lines", font, 300)
    assert " ".join(lines) == "several words that take some lines"
    assert all(font.getlength(line) <= 300 for line in lines)


def test_the_colours_are_those_of_the_style_sheet():
    colours = read_colours()
    assert {"ink", "paper", "muted", "grid"} <= colours.keys()
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours.values())


def test_descriptions_have_at_most_what_engines_show():
    assert MOST == 160
    assert len(shorten_text("word " * 100)) <= MOST
