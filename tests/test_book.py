"""A book is found from wherever a notebook runs."""

from __future__ import annotations

import shutil

import build_library
import pytest

import threadbook as tb
from threadbook.book import DATA_FILES, REQUIRED_FILES
from threadbook.errors import InputError
from threadbook.site.stages import list_data
from threadbook.threads.claims.table import CLAIMS
from threadbook.threads.lineage.edges import LINEAGE


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


def test_a_book_without_tables_of_claims_and_lineage_has_none(small_book, tmp_path):
    """Whoever starts a book need not have them."""
    for file in REQUIRED_FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(small_book.root / file, tmp_path / file)
    bare = tb.open_book(tmp_path)
    assert (bare.claims, bare.lineage) == ((), ())


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        (
            "data/claims.csv",
            "nobody2000x,1,,,,a,a,0,1\n",
            r"data/claims.csv:\d+: found citekey 'nobody2000x'",
        ),
        (
            "data/lineage.csv",
            "ash2022curved,nobody2000x,compares,steps\n",
            r"data/lineage.csv:\d+: found citation key 'nobody2000x'",
        ),
    ],
)
def test_a_table_that_does_not_fit_the_papers_is_refused(book_folder, file, row, message):
    """A table that was edited, or is of another book, must not reach a page."""
    build_library.main(["--book", str(book_folder)])
    path = book_folder / file
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")
    book = tb.open_book(book_folder)
    with pytest.raises(InputError, match=message):
        _ = book.claims, book.lineage


def test_a_change_of_what_notebooks_show_runs_them_again(book_folder):
    """Their figures depend on what was found in abstracts, and on what was written by hand."""
    assert {CLAIMS, LINEAGE} <= set(DATA_FILES)
    problems = book_folder / "chapters/problems/paths.yml"
    problems.parent.mkdir()
    by_hand = [book_folder / "chapters/claims.yml", problems]
    for file in by_hand:
        file.write_text("{}\n", encoding="utf-8")
    assert set(by_hand) <= set(list_data(book_folder))
