"""Facts joined to the corpus: by title, each exactly once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threadbook.corpus.records import Entry, Occurrence
from threadbook.errors import InputError
from threadbook.library.facts import Fact
from threadbook.library.join import join_facts
from threadbook.library.names import Name


def make_fact(**changes: object) -> Fact:
    values: dict[str, object] = {
        "citekey": "liu2022flow",
        "title": "Flow Straight and Fast",
        "authors": ("Xingchao Liu",),
        "authors_status": "confirmed",
        "arxiv_id": "2209.03003",
        "first_posted": "2022-09",
        "venue": "ICLR",
        "venue_year": 2023,
        "venue_kind": "conference",
        "venue_status": "confirmed",
        "doi": "10.1000/182",
        "code_url": "",
        "file": "facts.csv",
        "line": 7,
    }
    return Fact(**(values | changes))  # type: ignore[arg-type]


def make_entry(title: str = "Flow straight, and fast", line: int = 3) -> Entry:
    return Entry(title, "An ODE takes 10times fewer steps.", (Occurrence("page.txt", line),))


def repair(text: str) -> str:
    return text.replace("10times", "10×")


def test_paper_takes_text_from_the_corpus_and_facts_from_the_table() -> None:
    """Titles meet in normal form, and the text that is shown is the corpus', repaired."""
    (paper,) = join_facts([make_entry()], [make_fact()], repair=repair)
    assert paper.title == "Flow straight, and fast"
    assert paper.abstract == "An ODE takes 10× fewer steps."
    assert paper.abstract_raw == "An ODE takes 10times fewer steps."
    assert paper.listings == ("page.txt:3",)
    assert (paper.venue, paper.venue_year, paper.venue_kind) == ("ICLR", 2023, "conference")
    assert (paper.year, paper.posted_year) == (2023, 2022)


def test_unconfirmed_venue_is_left_out() -> None:
    """A venue that was recalled and not seen must not be printed as a fact, nor its year."""
    (paper,) = join_facts([make_entry()], [make_fact(venue_status="unconfirmed")], repair=repair)
    assert (paper.venue, paper.venue_year, paper.venue_kind, paper.year) == ("", None, "", 2022)
    assert paper.doi == "", "a publisher's DOI would print the venue all the same"


def test_arxivs_own_doi_is_not_the_papers() -> None:
    """It says no more than the identifier, and on a conference paper it is a fault."""
    fact = make_fact(doi="10.48550/arXiv.2209.03003")
    (paper,) = join_facts([make_entry()], [fact], repair=repair)
    assert paper.doi == ""


def test_year_without_a_venue_year_is_of_the_first_posting() -> None:
    """The year of a journal issue that nobody looked up stays unknown."""
    (paper,) = join_facts([make_entry()], [make_fact(venue_year=None)], repair=repair)
    assert (paper.venue, paper.venue_year, paper.year) == ("ICLR", None, 2022)


def test_unconfirmed_authors_are_kept_and_marked() -> None:
    """A paper without authors cannot be cited; a reader is told instead."""
    fact = make_fact(authors_status="unconfirmed")
    (paper,) = join_facts([make_entry()], [fact], repair=repair)
    assert paper.authors == ("Xingchao Liu",)
    assert not paper.authors_confirmed


def test_family_names_that_no_rule_finds_are_used() -> None:
    """Papers carry their names in parts, so that no writer parses them a second time."""
    fact = make_fact(authors=("Salva Rühling Cachay",))
    families = {"Salva Rühling Cachay": "Rühling Cachay"}
    (paper,) = join_facts([make_entry()], [fact], repair=repair, families=families)
    assert paper.names == (Name("Salva", "", "Rühling Cachay"),)


def test_papers_are_sorted_by_key() -> None:
    """The order of pages must not reach any output."""
    facts = [make_fact(), make_fact(citekey="albergo2023stochastic", title="Stochastic")]
    papers = join_facts([make_entry(), make_entry("Stochastic", 5)], facts, repair=repair)
    assert [paper.cite_key for paper in papers] == ["albergo2023stochastic", "liu2022flow"]


def test_paper_without_a_fact_is_refused_at_its_listing() -> None:
    """It would have no authors, and so no entry."""
    with pytest.raises(InputError, match=r"page.txt:9: found paper 'Unheard Of'"):
        join_facts([make_entry(), make_entry("Unheard Of", 9)], [make_fact()], repair=repair)


def test_fact_without_a_paper_is_refused_at_its_row() -> None:
    """Mostly a typing error in a title, whose paper then lacks its facts."""
    stray = make_fact(title="Unheard Of", citekey="x2020y", line=8)
    with pytest.raises(InputError, match=r"facts.csv:8: found fact for 'Unheard Of'"):
        join_facts([make_entry()], [make_fact(), stray], repair=repair)


def test_two_papers_of_one_title_are_refused() -> None:
    """Merging should have joined them; two papers cannot have one key."""
    with pytest.raises(InputError, match=r"page.txt:9: .* expected a title once"):
        join_facts([make_entry(), make_entry(line=9)], [make_fact()], repair=repair)


def test_fact_without_a_key_is_refused() -> None:
    """A key is stored before it is used, or it would change with the next paper."""
    with pytest.raises(InputError, match=r"facts.csv:7: found no citekey"):
        join_facts([make_entry()], [replace(make_fact(), citekey="")], repair=repair)
