"""What hand-written pages show from the data: authors, citations of the book, a part's figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threadbook.errors import InputError
from threadbook.library.names import parse_name
from threadbook.site.authors import count_authors, index_authors
from threadbook.site.book_facts import BookFacts, read_book_facts
from threadbook.site.directives import count_facts
from threadbook.site.how_to_cite import cite_book, cite_thread, list_entries
from threadbook.site.part_page import draw_part

FACTS = BookFacts(("The Ash & Co. authors",), "ashbook: a review", "2026")


def test_authors_stand_in_alphabetical_order_with_all_their_papers(small_book):
    found = {author.shown: author for author in index_authors(small_book)}
    assert list(found) == [
        "Ash, Ann",
        "Birch, Bo",
        "Cedar, Cy",
        "van den Dale, Di",
        "Elm, Ed",
        "Fir, Fay",
    ]
    assert [paper.cite_key for paper in found["Ash, Ann"].papers] == [
        "ash2022straight",
        "ash2022curved",
    ]
    assert found["van den Dale, Di"].letter == "D"
    assert count_authors(small_book) == len(found)


@pytest.mark.parametrize(
    ("name", "letter", "shown"),
    [
        ("Gudmund Ørsted", "O", "Ørsted, Gudmund"),
        ("Éva Ács", "A", "Ács, Éva"),
        ("The Ice Collaboration", "T", "The Ice Collaboration"),
        ("Ed Elm Jr.", "E", "Elm Jr., Ed"),
    ],
)
def test_accents_and_groups_are_filed_where_a_reader_looks(small_book, name, letter, shown):
    paper = replace(small_book.papers[0], names=(parse_name(name),))
    [author] = index_authors(replace(small_book, papers=(paper,)))
    assert (author.letter, author.shown) == (letter, shown)


def test_the_entry_for_the_book_and_for_a_thread_can_be_read(small_book):
    """A citer pastes them: bibtexparser must find every field."""
    import bibtexparser

    text = f"{cite_book(FACTS)}\n\n{cite_thread(FACTS, small_book.thread('paths'))}"
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    book, thread = library.entries
    assert (book.key, thread.key) == ("ashbook2026", "ashbook2026-paths")
    assert book["author"] == r"{The Ash \& Co. authors}"
    assert thread["title"] == "{Straight or curved?}"
    assert thread["booktitle"] == "{ashbook: a review}"


def test_the_entries_of_book_and_thread_as_ris_say_the_same(small_book):
    """EndNote reads no BibTeX."""
    import rispy

    facts = replace(FACTS, address="https://ash.example/")
    files = list_entries(facts, [small_book.thread("paths")])
    assert sorted(files) == [
        "ashbook2026-paths.bib",
        "ashbook2026-paths.ris",
        "ashbook2026.bib",
        "ashbook2026.ris",
    ]
    [book] = rispy.loads(files["ashbook2026.ris"])
    [thread] = rispy.loads(files["ashbook2026-paths.ris"])
    assert (book["type_of_reference"], thread["type_of_reference"]) == ("EBOOK", "ECHAP")
    assert book["authors"] == thread["authors"] == ["The Ash & Co. authors"]
    assert (book["title"], thread["title"]) == ("ashbook: a review", "Straight or curved?")
    assert thread["secondary_title"] == "ashbook: a review"
    assert book["urls"] == ["https://ash.example/"]
    assert thread["urls"] == ["https://ash.example/notebooks/paths.html"]


def test_a_citation_file_without_title_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"CITATION.cff: .*no title and authors"):
        read_book_facts(tmp_path, "2026")


def test_facts_of_a_citation_file(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        "title: T\nauthors:\n  - name: A\n  - given-names: Bo\n    family-names: Birch\n"
    )
    facts = read_book_facts(tmp_path, "2026")
    assert facts.authors == ("A", "Birch, Bo")
    assert facts.address == ""


@pytest.mark.parametrize("address", ["https://ash.example/book", "https://ash.example/book/"])
def test_the_address_of_the_book_ends_in_a_slash(tmp_path, address):
    """Without it the page of a thread would be looked for beside the book."""
    (tmp_path / "CITATION.cff").write_text(
        f"title: T\nauthors: [name: A]\nurl: {address}\nlicense: MIT\nabstract: >-\n  Of ash.\n"
    )
    facts = read_book_facts(tmp_path, "2026")
    assert facts.address == "https://ash.example/book/"
    assert facts.licences == ("MIT",)
    assert facts.abstract == "Of ash."


def test_a_part_is_drawn_with_links_to_the_cards_of_its_threads(small_book):
    book = replace(
        small_book,
        papers=tuple(replace(paper, thread=paper.thread) for paper in small_book.papers),
    )
    html = draw_part(book, book.taxonomy.parts[1])
    assert 'href="../../notebooks/small-networks.html#fir2021rounding"' in html
    assert 'href="../../notebooks/paths.html#ash2022curved"' in html
    assert 'id="fig-part"' in html


def test_figures_that_pages_quote_are_counted(small_book):
    facts = count_facts(small_book)
    assert facts["papers"] == 4
    assert facts["written"] == 1
    assert facts["labs"] == 0
    assert facts["citations"] == 3
    assert facts["authors"] == 6
    assert facts["terms"] == 0
