"""What each page of a built site tells machines, and what can be downloaded from it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs
from xml.etree import ElementTree

import bibtexparser
import build_notebooks
import build_site
import pytest
import rispy
from bs4 import BeautifulSoup
from PIL import Image

from threadbook.site.page_facts import MOST
from threadbook.site.previews import SIZE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ADDRESS = "https://example.org/threadbook/"
TYPES = {
    "index.html": "Book",
    "chapters/papers.html": "Dataset",
    "chapters/citing.html": "WebPage",
    "chapters/parts/size.html": "Chapter",
    "notebooks/paths.html": "Chapter",
    "notebooks/small-networks.html": "Chapter",
}
CITATION = """\
cff-version: 1.2.0
message: Cite it.
title: "ashbook: a review of ash"
authors:
  - name: The Ash authors
"""
PAGES = {
    "papers": "# All papers\n\nOne row a paper.\n\n```{papers-table}\n```\n",
    "citing": "# Cite\n\nHow to cite.\n\n```{book-citation}\n```\n\n```{downloads}\n```\n\n"
    "```{thread-libraries}\n```\n\n```{thread-citations}\n```\n",
    "parts/size": "# Size\n\nOf $x$.\n\nWeights are *many*.\n\n```{thread-list} size\n```\n",
}


@pytest.fixture(scope="module")
def html(small_book, tmp_path_factory) -> Path:
    """The small book as a site, with a page of each kind."""
    folder = tmp_path_factory.mktemp("published") / "book"
    shutil.copytree(small_book.root, folder)
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    (folder / "chapters/parts").mkdir()
    for name, text in PAGES.items():
        (folder / f"chapters/{name}.md").write_text(text, encoding="utf-8")
    (folder / "chapters/pages.yml").write_text("back: [papers, citing]\n", encoding="utf-8")
    arguments = ["--book", str(folder)]
    build_notebooks.main(arguments)
    build_site.main([*arguments, "--jobs", "2"])
    return folder / "_build/html"


def read_page(html: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((html / name).read_text(encoding="utf-8"), "html.parser")


def read_meta(page: BeautifulSoup) -> dict[str, str]:
    """Return the contents of the meta elements by name or property."""
    return {
        str(tag.get("name") or tag.get("property")): str(tag["content"])
        for tag in page.head("meta", content=True)
    }


def find_file(html: Path, address: str) -> Path:
    """Return the file that stands at an address of the site."""
    assert address.startswith(ADDRESS)
    return html / address.removeprefix(ADDRESS)


@pytest.mark.parametrize("name", TYPES)
def test_each_page_tells_what_it_is(html, name):
    page = read_page(html, name)
    meta, data = read_meta(page), json.loads(page.find("script", type="application/ld+json").string)
    [canonical] = [link["href"] for link in page.find_all("link", rel="canonical")]
    assert canonical == meta["og:url"] == data["url"]
    assert canonical == (ADDRESS if name == "index.html" else f"{ADDRESS}{name}")
    assert 0 < len(meta["description"]) <= MOST
    assert data["@type"] == TYPES[name]
    assert meta["twitter:card"] == "summary_large_image"
    assert not [tag for tag in meta if tag.startswith("citation")]
    image = find_file(html, meta["og:image"])
    assert image.stat().st_size < 100_000
    with Image.open(image) as preview:
        assert preview.size == SIZE


def test_descriptions_are_those_of_the_pages(html):
    found = {name: read_meta(read_page(html, name))["description"] for name in TYPES}
    assert found["notebooks/paths.html"] == "How many steps does a path cost? 2 papers, 2022."
    assert found["chapters/parts/size.html"] == "Weights are many."
    assert len(set(found.values())) == len(found)


def test_the_sitemap_lists_every_page_by_its_one_address(html):
    places = ElementTree.parse(html / "sitemap.xml").getroot().iter()
    listed = [place.text for place in places if place.tag.endswith("}loc")]
    pages = [read_page(html, name) for name in TYPES]
    assert sorted(listed) == sorted(page.find("link", rel="canonical")["href"] for page in pages)
    assert f"{ADDRESS}sitemap.xml" in (html / "robots.txt").read_text(encoding="utf-8")


def test_the_tables_of_a_data_set_can_be_fetched(html):
    page = read_page(html, "chapters/papers.html")
    data = json.loads(page.find("script", type="application/ld+json").string)
    for file in data["distribution"]:
        assert find_file(html, file["contentUrl"]).exists()


def test_zotero_finds_all_papers_and_those_of_a_thread(html, small_book):
    thread = small_book.thread("small-networks")
    expected = {
        "chapters/papers.html": small_book.papers,
        "notebooks/small-networks.html": (*thread.papers, *thread.visitors),
    }
    for name, papers in expected.items():
        page = read_page(html, name)
        if place := page.select_one("[data-coins]"):
            page.append(read_page(html, f"chapters/{place['data-coins']}"))
        spans = [parse_qs(str(span["title"])) for span in page.select("span.Z3988")]
        assert len(spans) == len(papers)
        for fields, paper in zip(spans, papers, strict=True):
            assert paper.url in fields["rft_id"]
        [library] = page.find_all("link", rel="alternate", type="application/x-bibtex")
        file = (html / name).parent / str(library["href"])
        keys = {entry.key for entry in bibtexparser.parse_file(str(file)).entries}
        assert keys == {paper.cite_key for paper in papers}


def test_every_entry_that_a_page_offers_can_be_read(html):
    files = [
        (html / name).parent / str(link["href"])
        for name in TYPES
        for link in read_page(html, name).select("a[download]")
    ]
    for file in (file for file in files if file.suffix == ".bib"):
        library = bibtexparser.parse_file(str(file))
        assert library.entries
        assert not library.failed_blocks
    for file in (file for file in files if file.suffix == ".ris"):
        assert rispy.loads(file.read_text(encoding="utf-8"))
    # a card a paper; each thread's own entry, and its library at two places; the book
    for suffix in (".bib", ".ris"):
        assert [file.suffix for file in files].count(suffix) == 4 + 2 * 3 + 1


def test_a_thread_says_how_to_cite_it(html):
    page = read_page(html, "notebooks/paths.html")
    assert page.select_one(".tb-library a[href='#cite-this-thread']")
    [entry] = bibtexparser.parse_string(page.select_one(".tb-cite-thread pre").text).entries
    assert entry.key == "ashbook2026-paths"
    assert entry["booktitle"] == "{ashbook: a review of ash}"
