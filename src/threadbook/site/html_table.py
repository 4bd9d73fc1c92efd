"""A table of records as HTML: plain where no script runs, with a form above it where one does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from threadbook.notebooks.inline import Html, escape_text

FRAME = "tb-records"
"""The class of the block that holds form, count and table; `tables.js` looks for it."""
_BETWEEN = "\n"  # values of one attribute: no title, venue or name holds a line break


@dataclass(frozen=True)
class Column:
    """A column's heading, and whether its cells sort as numbers."""

    title: str
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and what it sorts by where that is not its text."""

    shown: Html
    sort: str | None = None


@dataclass(frozen=True)
class Row:
    """The cells of a record, its values by the name of a filter, and words for the search.

    The first cell names the record. `words` are found although they are not shown.
    """

    cells: tuple[Cell, ...]
    values: Mapping[str, tuple[str, ...]]
    words: str = ""


@dataclass(frozen=True)
class Filter:
    """A list to choose one value from: its name in addresses, its label, value and text of each.

    The name is one lower-case word.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Records of one kind; `noun` counts them: "431 papers"."""

    noun: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    filters: tuple[Filter, ...] = field(default=())


def list_options(
    rows: Iterable[Row], name: str, shown: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """Return the values that rows have for a filter with their texts.

    In the order of `shown`, which maps values to texts; without it in alphabetical order.
    """
    found = {value for row in rows for value in row.values.get(name, ())}
    if shown is not None:
        return tuple((value, text) for value, text in shown.items() if value in found)
    return tuple((value, value) for value in sorted(found, key=str.casefold))


def render_table(table: Table) -> Html:
    """Return the form, which is hidden where no script runs, the count and the table.

    It is there from the start, so that nothing moves when the script has come.
    """
    count = len(table.rows)
    lines = [
        f'<div class="{FRAME}">',
        *_render_form(table),
        f'<p class="tb-matches" role="status" aria-live="polite"><span>{count}</span>'
        f" of {count} {escape_text(table.noun)}</p>",
        '<section class="tb-scroll" tabindex="0" '
        f'aria-label="{escape_text(f"Table of {table.noun}")}">',
        f'<table class="tb-table tb-{escape_text(table.noun)}">',
        f"<caption>{escape_text(table.caption)}</caption>",
        f"<thead><tr>{''.join(map(_render_heading, table.columns))}</tr></thead>",
        "<tbody>",
        *(_render_row(row, table.filters) for row in table.rows),
        "</tbody></table></section></div>",
    ]
    return Html("\n".join(lines))


def _render_form(table: Table) -> Sequence[str]:
    return [
        f'<form role="search" aria-label="{escape_text(f"Search the {table.noun}")}">',
        '<label class="tb-search">Search <input type="search" name="q" autocomplete="off" '
        'spellcheck="false"></label>',
        *(_render_filter(choice) for choice in table.filters if choice.options),
        '<button type="reset">Clear</button>',
        "</form>",
    ]


def _render_filter(choice: Filter) -> str:
    options = [
        f'<option value="{escape_text(value)}">{escape_text(text)}</option>'
        for value, text in (("", "any"), *choice.options)
    ]
    return (
        f'<label>{escape_text(choice.label)} <select name="{choice.name}">'
        f"{''.join(options)}</select></label>"
    )


def _render_heading(column: Column) -> str:
    kind = ' data-kind="number"' if column.is_number else ""
    return f'<th scope="col"{kind}>{escape_text(column.title)}</th>'


def _render_row(row: Row, filters: Sequence[Filter]) -> str:
    values = "".join(
        f' data-{choice.name}="{escape_text(_BETWEEN.join(row.values.get(choice.name, ())))}"'
        for choice in filters
    )
    words = f' data-words="{escape_text(row.words)}"' if row.words else ""
    first, *others = row.cells
    cells = _render_cell(first, 'th scope="row"') + "".join(_render_cell(c, "td") for c in others)
    return f"<tr{values}{words}>{cells}</tr>"


def _render_cell(cell: Cell, tag: str) -> str:
    sort = "" if cell.sort is None else f' data-sort="{escape_text(cell.sort)}"'
    return f"<{tag}{sort}>{cell.shown}</{tag.split()[0]}>"
