"""Tables of papers, claims and lineage: a row a record, every link sound, hostile text inert."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import build_library
import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from threadbook.book import Book, open_book
from threadbook.corpus.sentences import sentence_spans
from threadbook.notebooks.inline import escape_text
from threadbook.site.citations import link_cards
from threadbook.site.directives import count_facts
from threadbook.site.html_table import Cell, Column, Filter, Row, Table, render_table
from threadbook.site.tables import (
    Site,
    claims_table,
    lineage_table,
    measure_value,
    papers_table,
    show_table,
)
from threadbook.threads.claims.extract import Claim
from threadbook.threads.lineage.edges import Edge

NASTY = '"><script>alert(1)</script><img src=x onerror=alert(2)> $x$ `c` {cite:t}`k`\n\n# head'
LINEAGE = """\
edges:
  - citing: ash2022curved
    cited: ash2022straight
    relation: compares
    evidence: "more steps than straight ones"
"""


@pytest.fixture
def told_book(book_folder: Path) -> Book:
    """The small book with an edge of its lineage; its claims are what the program finds."""
    (book_folder / "chapters/lineage.yml").write_text(LINEAGE, encoding="utf-8")
    build_library.main(["--book", str(book_folder)])
    return open_book(book_folder)


def with_data(book: Book, claims: tuple[Claim, ...] = (), edges: tuple[Edge, ...] = ()) -> Book:
    """Return the book with these claims and edges, whatever its files say."""
    copy = replace(book)
    vars(copy).update(claims=claims, lineage=edges)
    return copy


def soup_of(table: Table) -> BeautifulSoup:
    return BeautifulSoup(render_table(table), "html.parser")


def claim_on(book: Book, key: str, words: str, **others: str) -> Claim:
    """Return a claim whose number is `words`, where the abstract first has them."""
    abstract = book.by_key[key].abstract
    start = abstract.index(words)
    [sentence] = [abstract[a:b] for a, b in sentence_spans(abstract) if a <= start < b]
    fields = {
        "value": words,
        "unit": "×",
        "metric": "speed-up",
        "direction": "higher",
        "context": words,
    }
    return Claim(
        cite_key=key, sentence=sentence, start=start, end=start + len(words), **fields | others
    )


def test_every_paper_has_one_row_with_its_card_thread_and_values(small_book):
    page = soup_of(papers_table(Site(small_book, "../")))
    rows = page.tbody.find_all("tr")
    assert [row.th.a["href"].partition("#")[2] for row in rows] == [
        "vandendale2021pruning",
        "fir2021rounding",
        "ash2022straight",
        "ash2022curved",
    ]
    curved = rows[3]
    assert curved.th.a["href"] == "../notebooks/paths.html#ash2022curved"
    assert curved.th.a.text == "Curved Paths Considered"
    assert [link["href"] for link in curved.find_all("td")[2].find_all("a")] == [
        "../notebooks/paths.html",
        "../notebooks/small-networks.html",
    ]
    assert curved["data-thread"].split("\n") == ["paths", "small-networks"]
    assert (curved["data-year"], curved["data-venue"]) == ("2022", "no confirmed venue")
    assert rows[0]["data-venue"] == "Neural Computation"


def test_words_that_a_row_does_not_show_can_be_searched(small_book):
    """A reader looks for the fifth author too."""
    page = soup_of(papers_table(Site(small_book, "")))
    assert "Cy Cedar" in page.find_all("tr")[3]["data-words"]


def test_the_table_can_be_read_without_a_script(small_book):
    """No row, heading or caption may wait for a script; a style hides the form without one."""
    page = soup_of(papers_table(Site(small_book, "")))
    assert page.caption.text.startswith("The papers of the book")
    assert [head["scope"] for head in page.thead.find_all("th")] == ["col"] * 4
    assert {head["scope"] for head in page.tbody.find_all("th")} == {"row"}
    assert not page.table.find_all(hidden=True)
    assert not page.table.find_all("button")
    assert all(
        field.find_parent("label") is not None for field in page.find_all(["input", "select"])
    )


def test_a_filter_offers_the_values_of_the_rows_and_one_without_any_is_left_out(small_book):
    page = soup_of(papers_table(Site(with_data(small_book), "")))
    offered = {
        choice["name"]: [option["value"] for option in choice.find_all("option")]
        for choice in page.find_all("select")
    }
    assert offered == {
        "year": ["", "2022", "2021"],
        "thread": ["", "paths", "small-networks"],
        "venue": ["", "ICLR", "Neural Computation", "no confirmed venue"],
    }
    assert page.find("option", value="small-networks").text == "Small networks"


def test_a_claim_stands_in_its_sentence_with_context_and_number_marked(small_book):
    claim = claim_on(small_book, "ash2022straight", "5∼10", context="saving is 5∼10 times")
    page = soup_of(claims_table(Site(with_data(small_book, (claim,)), "../")))
    [row] = page.tbody.find_all("tr")
    assert row.td.text == "speed-up higher is better"
    sentence = row.find_all("td")[1]
    assert sentence.text == "The saving is 5∼10 times on two data sets of small images."
    assert sentence.find(class_="tb-context").text == "saving is 5∼10 times"
    assert [mark.text for mark in sentence.find_all("mark")] == ["5∼10"]
    place = f"../notebooks/paths.html#ash2022straight-at-{claim.start}"
    assert row.th.a["href"] == place
    assert row.find_all("td")[2].a["href"] == "../notebooks/paths.html#ash2022straight"
    assert (row["data-metric"], row["data-unit"]) == ("speed-up", "×")


def test_a_paper_is_found_by_the_metrics_that_it_reports(small_book):
    claim = claim_on(small_book, "ash2022straight", "5∼10")
    page = soup_of(papers_table(Site(with_data(small_book, (claim,)), "")))
    assert [
        option["value"] for option in page.find("select", attrs={"name": "metric"})("option")
    ] == [
        "",
        "speed-up",
    ]
    found = [row.th.a["href"] for row in page.tbody.find_all("tr") if row["data-metric"]]
    assert found == ["notebooks/paths.html#ash2022straight"]


def test_an_edge_names_both_papers_and_quotes_the_evidence(told_book):
    [row] = soup_of(lineage_table(Site(told_book, "../"))).tbody.find_all("tr")
    relation, cited, evidence = row.find_all("td")
    assert row.th.a["href"] == "../notebooks/paths.html#ash2022curved"
    assert cited.a["href"] == "../notebooks/paths.html#ash2022straight"
    assert relation.text == "compares with"
    assert evidence.text == "“more steps than straight ones”"
    assert row["data-thread"].split("\n") == ["paths", "small-networks"]


def test_the_tables_have_as_many_rows_as_the_pages_say(told_book):
    facts, site = count_facts(told_book), Site(told_book, "")
    assert len(soup_of(papers_table(site)).tbody.find_all("tr")) == facts["papers"] == 4
    assert len(soup_of(lineage_table(site)).tbody.find_all("tr")) == facts["edges"] == 1
    claims = soup_of(claims_table(site))
    assert len(claims.tbody.find_all("tr")) == facts["claims"] == len(told_book.claims)
    assert claims.find(role="status").text == f"{facts['claims']} of {facts['claims']} figures"


def test_a_page_links_to_the_file_beside_its_table(told_book):
    """Where there is no file there is neither link nor table, and the page says so."""
    link, table = show_table(Site(told_book, "../"), "lineage.csv", lineage_table)
    assert [node["refuri"] for node in link.findall(nodes.reference)] == ["../data/lineage.csv"]
    assert "<table" in table.astext()
    (told_book.root / "data/lineage.csv").unlink()
    [sentence] = show_table(Site(told_book, "../"), "lineage.csv", lineage_table)
    assert sentence.astext() == "This book has no lineage.csv."


def test_hostile_text_stays_text_in_every_table(small_book):
    """Title, authors, venue, gist and abstract are other people's words, and so are claims."""
    paper = replace(
        small_book.by_key["ash2022straight"],
        title=NASTY,
        authors=(NASTY,),
        venue=NASTY,
        gist=NASTY,
        abstract=NASTY,
    )
    others = tuple(p for p in small_book.papers if p.cite_key != paper.cite_key)
    book = replace(small_book, papers=(paper, *others))
    claim = claim_on(book, paper.cite_key, "alert(1)", unit=NASTY, metric=NASTY, direction=NASTY)
    edge = Edge("ash2022curved", "ash2022straight", NASTY, NASTY)
    site = Site(with_data(book, (claim,), (edge,)), "../")
    for make in (papers_table, claims_table, lineage_table):
        page = soup_of(make(site))
        assert page.find_all(["script", "img", "h1"]) == []
        assert "alert(1)" in page.text
        attributes = {name for tag in page.find_all(True) for name in tag.attrs}
        assert not {name for name in attributes if name.startswith("on")}
        assert not {"$", "`"} & set(render_table(make(site)))
        assert {link["href"][:13] for link in page.find_all("a")} == {"../notebooks/"}


def test_hostile_words_and_values_stay_in_their_attributes():
    row = Row((Cell(escape_text("a")),), {"venue": (NASTY, "b")}, words=NASTY)
    choice = Filter("venue", "Venue", ((NASTY, NASTY),))
    page = soup_of(Table("things", "c", (Column("Thing"),), (row,), (choice,)))
    assert page.script is None
    assert page.tbody.tr["data-venue"] == f"{NASTY}\nb"
    assert page.tbody.tr["data-words"] == NASTY
    assert page.find_all("option")[1]["value"] == NASTY


@pytest.mark.parametrize(
    ("value", "number"),
    [("2.87", "2.87"), ("4-16", "4"), ("16.5B", "1.65e+10"), (">1", "1"), ("5e-3", "0.005")],
)
def test_a_figure_sorts_by_its_size(value, number):
    assert measure_value(value) == number


def test_a_figure_without_digits_sorts_nowhere():
    assert measure_value("zero") == ""


def test_a_card_on_the_site_links_to_pages():
    """In Jupyter the neighbour is a notebook, on the site a page; text that looks alike stays."""
    card = (
        '<a href="paths.ipynb#ash2022curved" title="x">y</a> &lt;a href=&quot;paths.ipynb#a&quot;'
    )
    assert link_cards(card) == card.replace("paths.ipynb#ash", "paths.html#ash")
    assert link_cards('<a href="#ash2022curved">y</a>') == '<a href="#ash2022curved">y</a>'
