"""Approach by problem: which papers of a thread attack what, and in which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from threadbook.charts.style import GRID, INK, LOOKS, MUTED, Look, use_style
from threadbook.charts.svg import hover
from threadbook.charts.text import draw_words, measure_text, too_few, wrap_text
from threadbook.charts.timeline import WIDTH
from threadbook.library.labels import Label
from threadbook.library.papers import Paper

# All lengths are points, 72 to the inch.
MARGIN = 8.0
SIDE = 100.0  # the names of the approaches
LINE = 13.0
TEXT = 9.0  # smaller than elsewhere, since six columns share the width
PAD = 6.0
GAP = 8.0  # between the words of two columns
LONGEST = 56.0  # a longer name is cut rather than make its column wider
NEEDED = 4


@dataclass(frozen=True)
class Entry:
    """A paper in one cell: row and column count from the top left, `line` within the cell."""

    cite_key: str
    text: str
    citation: str
    title: str
    row: int
    column: int
    line: int


@dataclass(frozen=True)
class Matrix:
    """Approaches by problems, with the papers in the cells and the height of each row."""

    approaches: tuple[str, ...]
    problems: tuple[str, ...]
    entries: tuple[Entry, ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]
    head: float

    @property
    def empty(self) -> int:
        """How many cells hold no paper."""
        filled = {(entry.row, entry.column) for entry in self.entries}
        return len(self.approaches) * len(self.problems) - len(filled)


def matrix(
    papers: Sequence[Paper],
    problems: Mapping[str, Sequence[str]],
    *,
    labels: Mapping[str, Label],
) -> Matrix:
    """Return the matrix of the papers: rows are their sub-threads, columns the problems.

    `problems` gives the keys of the papers for each problem; a paper may stand in several.
    """
    approaches = tuple(dict.fromkeys(paper.subthread for paper in papers))
    columns = tuple(problems)
    families = Counter(paper.names[0].full_family for paper in papers if paper.names)
    cells: dict[tuple[int, int], list[Paper]] = {}
    for paper in papers:
        for column, problem in enumerate(columns):
            if paper.cite_key in problems[problem]:
                place = (approaches.index(paper.subthread), column)
                cells.setdefault(place, []).append(paper)
    entries = [
        _enter(paper, _name(paper, labels[paper.cite_key], families), place, line, labels)
        for place, members in sorted(cells.items())
        for line, paper in enumerate(members)
    ]
    widths = _share_width(columns, entries)
    heights = []
    for row, name in enumerate(approaches):
        most = max((len(cells.get((row, column), ())) for column in range(len(columns))), default=0)
        lines = max(most, len(wrap_text(name, SIDE - 10, TEXT, bold=True)))
        heights.append(lines * LINE + 2 * PAD)
    wrapped = [
        wrap_text(name, width - GAP, TEXT, bold=True)
        for name, width in zip(columns, widths, strict=True)
    ]
    head = max(map(len, wrapped), default=1) * LINE + PAD
    return Matrix(approaches, columns, tuple(entries), tuple(heights), widths, head)


def _share_width(columns: Sequence[str], entries: Sequence[Entry]) -> tuple[float, ...]:
    """Return the width of each column: first what its heading's longest word needs, in proportion
    where that is more than there is; then what its names need; then a like share of the rest.
    """
    heads = [_widest_word(name) + GAP for name in columns]
    wanted = [0.0] * len(heads)  # by the names, beyond what the heading has
    for entry in entries:
        need = min(measure_text(entry.text, TEXT), LONGEST) + GAP - heads[entry.column]
        wanted[entry.column] = max(wanted[entry.column], need)
    room = WIDTH - SIDE - sum(heads)
    if room < 0:
        return tuple(head * (WIDTH - SIDE) / sum(heads) for head in heads)
    share = min(1.0, room / max(sum(wanted), 1e-9))
    rest = (room - share * sum(wanted)) / max(len(heads), 1)
    return tuple(head + share * more + rest for head, more in zip(heads, wanted, strict=True))


def _widest_word(text: str) -> float:
    return max(measure_text(word, TEXT, bold=True) for word in text.split())


def _name(paper: Paper, label: Label, families: Mapping[str, int]) -> str:
    """Return the first author's family name, with the year where others share it."""
    family = paper.names[0].full_family if paper.names else paper.cite_key
    return f"{family} {label.year[2:]}" if families.get(family, 0) > 1 else family


def _enter(
    paper: Paper, text: str, place: tuple[int, int], line: int, labels: Mapping[str, Label]
) -> Entry:
    citation = labels[paper.cite_key].parenthetical
    return Entry(paper.cite_key, text, citation, paper.title, place[0], place[1], line)


def _fit(text: str, width: float) -> str:
    """Return the text, cut with an ellipsis where it is too wide."""
    shown = text
    while measure_text(shown, TEXT) > width and len(shown) > 4:
        shown = shown.rstrip("…")[:-1] + "…"
    return shown


@use_style()
def draw_matrix(cells: Matrix, *, look: Look = LOOKS[0], ax: Axes | None = None) -> Axes:
    """Draw the matrix; each paper's name leads to its card and shows its title."""
    if words := too_few(len(cells.entries), NEEDED):
        return draw_words(words, ax=ax)
    height = cells.head + sum(cells.heights)
    ax = _new_axes(height) if ax is None else ax
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    starts = list(accumulate(cells.widths, initial=SIDE))
    for problem, start, width in zip(cells.problems, starts, cells.widths, strict=False):
        _write(ax, problem, (start + GAP / 2, PAD / 2), width - GAP)
        ax.axvline(start, color=GRID, linewidth=0.8, zorder=0)
    top = cells.head
    tops = []
    for name, tall in zip(cells.approaches, cells.heights, strict=True):
        ax.axhline(top, color=MUTED, linewidth=0.5, zorder=1)
        _write(ax, name, (0, top + PAD), SIDE - 10)
        tops.append(top)
        top += tall
    for entry in cells.entries:
        across = starts[entry.column] + GAP / 2, cells.widths[entry.column] - GAP + 2
        _draw_entry(ax, entry, across, tops[entry.row], look)
    return ax


def _draw_entry(
    ax: Axes, entry: Entry, across: tuple[float, float], top: float, look: Look
) -> None:
    x, width = across
    y = top + PAD + (entry.line + 0.5) * LINE
    text = ax.text(
        x,
        y,
        _fit(entry.text, width),
        size=TEXT,
        color=look.colour,
        va="center_baseline",
        zorder=3,
        parse_math=False,
    )
    text.set_url(f"#{entry.cite_key}")
    hover(text, f"{entry.citation}: {entry.title}")


def _write(ax: Axes, text: str, corner: tuple[float, float], width: float) -> None:
    """Write words in bold from a top left corner down, broken to the width."""
    size = TEXT * min(1.0, width / _widest_word(text))  # a long word cannot be broken
    for number, line in enumerate(wrap_text(text, width, TEXT, bold=True)):
        ax.text(
            corner[0],
            corner[1] + (number + 0.5) * LINE,
            line,
            size=size,
            weight="bold",
            color=INK,
            va="center_baseline",
            parse_math=False,
        )


def _new_axes(height: float) -> Axes:
    wide, tall = WIDTH + 2 * MARGIN, height + 2 * MARGIN
    with use_style():
        figure = plt.figure(figsize=(wide / 72, tall / 72), layout="none")
        ax = figure.add_axes((MARGIN / wide, MARGIN / tall, WIDTH / wide, height / tall))
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    return ax


def matrix_caption(cells: Matrix) -> str:
    """Return the caption: what rows and columns are, and how much of the matrix is empty."""
    papers = len({entry.cite_key for entry in cells.entries})
    size = len(cells.approaches) * len(cells.problems)
    return (
        f"The {papers} papers by approach (rows) and by the problem that they attack (columns). "
        f"{cells.empty} of {size} cells are empty, which says where these papers do not look. "
        "A name leads to the paper's card."
    )


def matrix_alt(cells: Matrix) -> str:
    """Return in words how many papers each approach has for each problem."""
    rows = []
    for row, approach in enumerate(cells.approaches):
        counts = [
            f"{problem} {sum(e.row == row and e.column == column for e in cells.entries)}"
            for column, problem in enumerate(cells.problems)
        ]
        rows.append(f"{approach}: {', '.join(counts)}")
    return f"A table of papers. {'; '.join(rows)}."
