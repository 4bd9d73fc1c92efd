"""Repeats: which entries are one paper, and what is kept of each."""

from __future__ import annotations

import random
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from threadbook.corpus.listing import read_listings
from threadbook.corpus.merge import (
    OTHER_TITLE_RATIO,
    SAME_TITLE_RATIO,
    find_namesakes,
    merge_entries,
)
from threadbook.corpus.records import Entry, Occurrence
from threadbook.corpus.titles import normalise_title

LISTINGS = Path(__file__).parents[2] / "corpus" / "listings"


@pytest.fixture(scope="module")
def listed() -> list[Entry]:
    pages = read_listings(LISTINGS.glob("*.txt"))
    return [entry for page in pages for entry in page.entries]


def entry(title: str, abstract: str, line: int, page: str = "a") -> Entry:
    return Entry(title, abstract, (Occurrence(page, line),))


def write_abstract(seed: int, words: int = 120) -> str:
    """Return text of made-up words that shares hardly a word with that of another seed."""
    source = random.Random(seed)
    return " ".join(
        "".join(source.choices(string.ascii_lowercase, k=source.randint(3, 9)))
        for _ in range(words)
    )


def replace_words(text: str, count: int) -> str:
    """Return `text` with `count` words, evenly spread, replaced."""
    words = text.split()
    for at in range(count):
        words[at * len(words) // count] = f"new{at}"
    return " ".join(words)


def test_the_real_listings_are_431_papers(listed):
    """The number of keys, entries and cards of the book."""
    papers = merge_entries(listed)
    assert len(listed) == 469
    assert len(papers) == 431
    assert sum(len(paper.occurrences) > 1 for paper in papers) == 34
    assert find_namesakes(papers) == ()


def test_merging_the_real_listings_keeps_every_occurrence_once(listed):
    """The line numbers are the way back from a paper to the pages."""
    papers = merge_entries(listed)
    kept = sorted(place for paper in papers for place in paper.occurrences)
    assert kept == sorted(place for one in listed for place in one.occurrences)
    assert all(paper.occurrences == tuple(sorted(paper.occurrences)) for paper in papers)
    firsts = [paper.occurrences[0] for paper in papers]
    assert firsts == sorted(firsts)


@pytest.mark.slow
def test_both_thresholds_lie_in_the_empty_span_of_the_real_corpus(listed):
    """The nearest two different papers score 55, repeats 100: neither threshold is near one."""
    abstracts = [normalise_title(paper.abstract) for paper in merge_entries(listed)]
    scores = process.cdist(abstracts, abstracts, scorer=fuzz.ratio)
    np.fill_diagonal(scores, 0)
    assert scores.max() == pytest.approx(55.3, abs=0.1)
    assert scores.max() + 9 < SAME_TITLE_RATIO < OTHER_TITLE_RATIO < 100


def test_titles_that_differ_in_case_and_punctuation_are_one():
    """The site prints dashes, quotes and capitals in more than one way."""
    text = write_abstract(1)
    papers = merge_entries(
        [
            entry("Forward-Only “Learning”: a Survey", text, 1),
            entry("forward only learning – A survey", text, 5),
        ]
    )
    assert [str(place) for place in papers[0].occurrences] == ["a:1", "a:5"]
    assert papers[0].title == "Forward-Only “Learning”: a Survey"


def test_a_revised_abstract_under_the_same_title_is_the_same_paper():
    """Versions of a preprint differ in wording; an equal title carries the rest."""
    first = write_abstract(1)
    second = replace_words(first, 30)
    assert SAME_TITLE_RATIO < fuzz.ratio(first, second) < OTHER_TITLE_RATIO
    (paper,) = merge_entries([entry("Title", first, 1), entry("Title", second, 5)])
    assert paper.abstract == first
    assert len(paper.occurrences) == 2


def test_papers_that_share_a_title_only_stay_apart_and_are_found():
    """Merging them would lose a paper without a word; each repeat goes to its own."""
    one, two = write_abstract(1), write_abstract(2)
    entries = [entry("Title", text, line) for line, text in enumerate((one, two, one, two), 1)]
    papers = merge_entries(entries)
    assert [[place.line for place in paper.occurrences] for paper in papers] == [[1, 3], [2, 4]]
    assert find_namesakes(papers) == (papers,)


def test_a_nearly_equal_abstract_under_another_title_is_the_same_paper():
    """Papers are renamed between versions, mostly at the conference."""
    first = write_abstract(1)
    second = replace_words(first, 8)
    assert fuzz.ratio(first, second) > OTHER_TITLE_RATIO
    (paper,) = merge_entries([entry("Camera Ready", second, 9), entry("Draft", first, 2)])
    assert (paper.title, paper.abstract) == ("Draft", first)


def test_an_alike_abstract_under_another_title_is_another_paper():
    """Between the thresholds only an equal title makes a repeat."""
    first = write_abstract(1)
    second = replace_words(first, 30)
    assert len(merge_entries([entry("Part One", first, 1), entry("Part Two", second, 5)])) == 2


def test_short_equal_abstracts_prove_nothing():
    """Withdrawn papers share the one sentence that they have left."""
    text = "This paper has been withdrawn by the authors."
    assert len(merge_entries([entry("One", text, 1), entry("Two", text, 5)])) == 2


def test_a_record_without_an_abstract_joins_its_title():
    """Bibliographies list papers without abstracts; the abstract comes from the other record."""
    text = write_abstract(1)
    (paper,) = merge_entries([entry("Title", "", 1), entry("Title", text, 5)])
    assert paper.abstract == text
    assert len(merge_entries([entry("One", "", 1), entry("Two", "", 2)])) == 2


def test_nothing_merges_to_nothing():
    """The empty corpus is not an error here; readers refuse empty files."""
    assert merge_entries([]) == ()


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_entries_does_not_matter(order):
    """Pages may be given in any order; the book's bytes must not change."""
    entries = [
        entry(f"Title {at % 5}", write_abstract(at % 4, words=40), line=at + 1) for at in range(12)
    ]
    assert merge_entries([entries[at] for at in order]) == merge_entries(entries)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=20))
def test_merging_twice_changes_nothing(numbers):
    """A merged corpus has no repeats left."""
    entries = [
        entry(f"Title {n}", write_abstract(n, words=40), at) for at, n in enumerate(numbers, 1)
    ]
    papers = merge_entries(entries)
    assert merge_entries(papers) == papers
    assert len(papers) == len(set(numbers))


@pytest.mark.parametrize(
    ("title", "normal"),
    [
        ("Self-Tuning  Networks:\tBilevel!", "self tuning networks bilevel"),
        ("Delayed ε-Shrinking", "delayed ε shrinking"),
        ("Schrödinger", "schrödinger"),
        ("Schro\u0308dinger", "schrödinger"),
        ("ﬁne STRASSE Straße", "fine strasse strasse"),
        ("C++ and C", "c++ and c"),
        ("???", "???"),
    ],
)
def test_titles_have_one_normal_form(title, normal):
    """Facts and listings are joined by it."""
    assert normalise_title(title) == normal


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(title):
    """Otherwise keys would depend on how often they were normalised."""
    once = normalise_title(title)
    assert normalise_title(once) == once


@given(st.text("aZ9-+# ,.\t", max_size=30))
def test_plain_and_accented_titles_fold_alike(title):
    """Titles in ASCII take a quicker way to the same form."""
    assert normalise_title(f"{title} é") == f"{normalise_title(f'{title} e')[:-1]}é"
