"""What the search is given to find, and the making of its index."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from threadbook.errors import BuildError
from threadbook.site import search
from threadbook.site.search import write_index
from threadbook.site.search_records import (
    Record,
    list_papers,
    list_terms,
    render_page,
    render_record,
)
from threadbook.writing.glossary import Glossary, Term

TERM = Record("glossary.html#term-path", "term", "path", ("A way from <noise> to data.",))


@pytest.fixture(scope="module")
def papers(small_book) -> dict[str, Record]:
    return {record.facts["key"]: record for record in list_papers(small_book)}


def test_a_paper_is_found_by_its_facts_and_leads_to_its_card(papers):
    record = papers["ash2022straight"]
    assert record.address == "notebooks/paths.html#ash2022straight"
    assert record.title == "Straight Paths for Samples"
    assert record.facts["authors"] == "Ann Ash, Bo Birch, Cy Cedar"
    assert record.facts["venue"] == "ICLR 2023"
    assert record.facts["year"] == "2022"
    assert record.thread == "Paths"
    assert record.body[-1].startswith("We propose a method that draws straight paths")


def test_an_unknown_fact_is_left_out(papers):
    """An empty fact would be a field without words in the index."""
    assert "venue" not in papers["ash2022curved"].facts


def test_a_term_is_found_by_all_of_its_names():
    [record] = list_terms(Glossary((Term(("optimal map", "Monge map"), "A map.", 1),)))
    assert record.address == "chapters/glossary.html#term-optimal-map"
    assert (record.title, record.facts["names"]) == ("optimal map", "optimal map, Monge map")


def test_facts_are_found_and_only_the_body_is_quoted(papers):
    page = BeautifulSoup(render_record(papers["ash2022straight"]), "html.parser")
    facts = {tag["data-pagefind-meta"]: tag.text for tag in page.select("[data-pagefind-meta]")}
    assert facts["title"] == "Straight Paths for Samples"
    assert facts["key"] == "ash2022straight"
    assert page.select_one("article")["data-pagefind-filter"] == "kind:paper"
    assert page.select_one("[data-pagefind-filter=thread]").text == "Paths"
    quoted = page.select("p:not([data-pagefind-ignore])")
    assert [tag.text for tag in quoted] == list(papers["ash2022straight"].body)


def test_the_text_of_a_record_cannot_become_markup():
    assert "&lt;noise&gt;" in render_record(TERM)


def test_the_headings_of_a_page_carry_the_anchors_of_its_sections():
    """Pagefind tells a page's sections apart by them, and results link to sections."""
    html = (
        '<main><article class="bd-article"><section id="top"><h1>T</h1>'
        '<section class="x" id="one">\n<h2>One</h2><p>a</p></section></section></article></main>'
    )
    page = BeautifulSoup(render_page(html, "thread"), "html.parser")
    assert page.select_one("h2")["id"] == "one"
    assert [tag["id"] for tag in page.select("section[id]")] == ["top"]
    assert page.article["data-pagefind-filter"] == "kind:thread"


def test_a_page_without_its_article_is_refused():
    """A change of the theme must not empty the search without a word."""
    with pytest.raises(ValueError, match="expected the page's text in one"):
        render_page("<main>text</main>", "page")


@pytest.fixture
def documents(papers) -> dict[str, str]:
    return {record.address: render_record(record) for record in (*papers.values(), TERM)}


def list_files(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_the_index_is_made_once_for_the_same_site(documents, tmp_path):
    bundle = tmp_path / "html/pagefind"
    bundle.mkdir(parents=True)
    (bundle / "left over").touch()
    assert write_index(documents, bundle)
    files = list_files(bundle)
    assert {"pagefind.js", "pagefind-entry.json", "wasm.en.pagefind"} <= files.keys()
    assert sum(name.startswith("fragment/") for name in files) == len(documents)
    assert not {"left over", "pagefind-ui.js", "pagefind-worker.js"} & files.keys()
    assert not write_index(documents, bundle)
    assert list_files(bundle) == files
    assert write_index(documents | {TERM.address: render_record(TERM) + " "}, bundle)
    assert [path.name for path in tmp_path.iterdir()] == ["html"]


def test_what_is_found_has_the_same_bytes_in_two_runs(documents, tmp_path):
    """Pagefind leaves the order of filters to chance; words and texts it does not."""
    runs = []
    for name in ("one", "two"):
        write_index(documents, tmp_path / name / "pagefind")
        files = list_files(tmp_path / name / "pagefind")
        runs.append({name: text for name, text in files.items() if name.startswith(("f", "i"))})
    one, two = ({name for name in run if not name.startswith("filter/")} for run in runs)
    assert one == two
    assert all(runs[0][name] == runs[1][name] for name in one)


def test_a_failure_of_pagefind_fails_the_build_and_leaves_the_index(
    documents, tmp_path, monkeypatch
):
    bundle = tmp_path / "html/pagefind"
    write_index(documents, bundle)
    files = list_files(bundle)
    monkeypatch.setattr(search, "_SETTINGS", ("--no-such-option",))
    with pytest.raises(BuildError, match="no-such-option"):
        write_index(documents, bundle)
    assert list_files(bundle) == files
