"""A book is found from wherever a notebook runs."""

from __future__ import annotations

import pytest

import threadbook as tb
from threadbook.errors import InputError


def test_a_book_is_found_from_a_folder_inside_it(small_book, monkeypatch):
    """Jupyter starts a kernel in the notebook's folder, nbconvert too."""
    inside = small_book.root / "chapters" / "threads"
    monkeypatch.chdir(inside)
    assert tb.open_book().root == small_book.root


def test_a_thread_knows_its_papers_visitors_and_strangers(small_book):
    thread = small_book.thread("small-networks")
    assert [paper.cite_key for paper in thread.papers] == [
        "vandendale2021pruning",
        "fir2021rounding",
    ]
    assert [paper.cite_key for paper in thread.visitors] == ["ash2022curved"]
    assert [paper.cite_key for paper in thread.other_papers] == ["ash2022straight"]


def test_an_unknown_thread_is_refused_with_those_there_are(small_book):
    with pytest.raises(KeyError, match="no thread 'path'; the book has paths, small-networks"):
        small_book.thread("path")


def test_a_folder_without_a_book_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        tb.open_book(tmp_path)


def test_papers_know_where_they_are_at_home(small_book):
    paper = small_book.by_key["ash2022curved"]
    assert (paper.thread, paper.subthread, paper.also) == ("paths", "Curved", ("small-networks",))


def test_text_is_repaired_and_kept_as_collected(small_book):
    paper = small_book.by_key["ash2022straight"]
    assert "5∼10 times" in paper.abstract
    assert "5sim10 times" in paper.abstract_raw
