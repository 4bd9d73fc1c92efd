"""Cells of the tables that the book publishes: the one way for text to enter a CSV file.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, and the corpus is
other people's text. Such a cell gets an apostrophe in front, which spreadsheets show as "this is
text"; a cell that begins with apostrophes and then such a sign gets one more, so that reading
takes off exactly what writing put on. All other cells are as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from threadbook.errors import InputError

FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard_cell(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return "'" + cell if FORMULA.match(cell) else cell


def unguard_cell(cell: str) -> str:
    """Return the cell as it was before `guard_cell`."""
    return cell[1:] if GUARDED.match(cell) else cell


def format_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the CSV text of a table, guarded, with LF line ends."""
    lines = [format_row(columns)]
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{len(row)} cells for {len(columns)} columns: {row!r}")
        lines.append(format_row([guard_cell(cell) for cell in row]))
    return "".join(lines)


def format_row(cells: Sequence[str]) -> str:
    """Return one line of CSV, quoted where needed, ending in LF."""
    out = io.StringIO()
    # Told to end lines in LF alone, the writer leaves a CR inside a cell unquoted, and every
    # reader takes it for the end of the row.
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n") + "\n"


def parse_table(
    text: str, columns: Sequence[str], file: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line where each row begins, and its cells by column.

    Refused: other columns than these in this order, a row of another length, broken quoting.
    """
    rows = read_rows(text, file)
    line, header = next(rows, (1, []))
    if header != list(columns):
        raise InputError(file, line, f"columns {','.join(header)!r}", repr(",".join(columns)))
    for line, row in rows:
        if len(row) != len(columns):
            raise InputError(file, line, f"{len(row)} cells", f"{len(columns)} cells")
        yield line, dict(zip(columns, map(unguard_cell, row), strict=True))


def read_rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each row of a CSV text begins, and its cells as they stand."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(file, line, f"a broken row ({error})", "CSV") from error
