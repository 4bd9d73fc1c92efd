"""Cells of published tables: no formula for a spreadsheet, and nothing lost on the way back."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbook.errors import InputError
from threadbook.library.cells import format_table, guard_cell, parse_table, unguard_cell

# What UTF-8 can hold; csv refuses NUL.
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_formula_is_guarded(cell: str) -> None:
    """A spreadsheet would run it, with access to the reader's other files."""
    assert guard_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "10×", "a=b", "'quoted'", "'tis", "∼5"])
def test_other_text_stays_as_collected(cell: str) -> None:
    """The contract is the text as it is, and every other reader takes it so."""
    assert guard_cell(cell) == cell


@given(TEXT)
def test_guard_is_taken_off_exactly(cell: str) -> None:
    """Also of text that looks guarded already."""
    assert unguard_cell(guard_cell(cell)) == cell


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4))
def test_table_reads_back(rows: list[tuple[str, str]]) -> None:
    """Quotes, commas, line breaks of every kind inside a cell come back as they were."""
    text = format_table(("a", "b"), rows)
    found = [tuple(cells.values()) for _, cells in parse_table(text, ("a", "b"), "t.csv")]
    assert found == rows


def test_pandas_reads_the_same_cells(tmp_path) -> None:
    """Readers of the book open the table with pandas and know nothing of the guard."""
    rows = [("x", 'a "b", c\nd'), ("NA", "")]
    path = tmp_path / "t.csv"
    path.write_bytes(format_table(("a", "b"), rows).encode())
    frame = pd.read_csv(path, keep_default_na=False)
    assert list(frame.itertuples(index=False, name=None)) == rows


def test_row_of_another_length_is_not_written() -> None:
    """It would shift every later column."""
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        format_table(("a", "b"), [("x",)])


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "'a,b'"),
        ("b,a\n", 1, "'a,b'"),
        ('a,b\n"1\n2",x\n3\n', 4, "2 cells"),
        ('a,b\n1,"2\n', 2, "CSV"),
    ],
)
def test_wrong_table_is_refused_with_its_line(text: str, line: int, expected: str) -> None:
    """The line is the editor's, counted through cells of several lines."""
    with pytest.raises(InputError, match=expected) as caught:
        list(parse_table(text, ("a", "b"), "t.csv"))
    assert caught.value.line == line
