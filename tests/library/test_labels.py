"""Citation labels: short, and never the same for two papers."""

from __future__ import annotations

import pytest

from threadbook.library.labels import Label, citation_labels, format_names
from threadbook.library.names import parse_name


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["Xingchao Liu"], "Liu"),
        (["Rianne van den Berg", "Xingchao Liu"], "van den Berg and Liu"),
        (["Matthias De Lange", "Ann Lee", "Bo Li"], "De Lange et al."),
        (["The ATLAS Collaboration"], "The ATLAS Collaboration"),
    ],
)
def test_number_of_authors_gives_the_form(authors: list[str], names: str) -> None:
    """The forms that readers know from author-year styles."""
    assert format_names([parse_name(author) for author in authors]) == names


def test_paper_without_authors_has_no_label() -> None:
    """An empty pair of brackets in a sentence tells nobody what is cited."""
    with pytest.raises(ValueError, match="without authors"):
        format_names([])


def test_same_names_and_year_get_letters_in_the_order_of_keys(make_paper) -> None:
    """Whatever the order of reading, a paper has one letter."""
    keys = ("liu2022pseudo", "liu2022flow", "liu2021flow")
    years = {"liu2021flow": "2021-09"}
    papers = [
        make_paper(cite_key=key, authors=("A Liu",), first_posted=years.get(key, "2022-01"))
        for key in keys
    ]
    labels = citation_labels(papers)
    assert labels == citation_labels(papers[::-1])
    assert list(labels) == sorted(keys)
    assert {key: label.textual for key, label in labels.items()} == {
        "liu2021flow": "Liu (2021)",
        "liu2022flow": "Liu (2022a)",
        "liu2022pseudo": "Liu (2022b)",
    }


def test_year_is_of_the_first_posting(make_paper) -> None:
    """A label tells when an idea appeared, and agrees with the year in the key."""
    paper = make_paper(year=2023, venue="ICLR", venue_year=2023, venue_kind="conference")
    assert citation_labels([paper])["liu2022flow"].year == "2022"


def test_more_than_26_papers_of_one_label_stay_apart(make_paper) -> None:
    """Common family names reach this in a large corpus."""
    papers = [make_paper(cite_key=f"liu2022x{number:02}") for number in range(28)]
    years = [label.year for label in citation_labels(papers).values()]
    assert years[25:] == ["2022z", "2022aa", "2022ab"]


def test_label_in_brackets_has_a_comma() -> None:
    """(Liu et al., 2022)."""
    assert Label("Liu et al.", "2022").parenthetical == "Liu et al., 2022"


def test_labels_of_the_corpus_are_all_different(facts, families, make_paper) -> None:
    """Two papers behind one label could not be told apart on paper."""
    papers = [
        make_paper(
            cite_key=fact.citekey,
            first_posted=fact.first_posted,
            names=tuple(parse_name(author, families) for author in fact.authors),
        )
        for fact in facts
    ]
    labels = citation_labels(papers)
    assert len({label.textual for label in labels.values()}) == len(labels) == 431
