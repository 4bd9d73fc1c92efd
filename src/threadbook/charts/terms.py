"""The terms that set a thread apart, as a chart."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from threadbook.charts.style import (
    CHART_SIZE,
    GRID,
    INK,
    LOOKS,
    SMALL_SIZE,
    Look,
    new_axes,
    use_style,
)
from threadbook.charts.svg import hover
from threadbook.charts.text import draw_words, too_few
from threadbook.threads.terms import Term

NEEDED = 3
_ROW = 0.245  # inches


@use_style()
def draw_terms(terms: Sequence[Term], *, look: Look = LOOKS[0], ax: Axes | None = None) -> Axes:
    """Draw one row a term, as long as its z-score, with the number of papers that use it."""
    if words := too_few(len(terms), NEEDED, "distinctive terms"):
        return draw_words(words, ax=ax)
    ax = new_axes((CHART_SIZE[0], 0.65 + _ROW * len(terms))) if ax is None else ax
    rows = range(len(terms))
    ax.hlines(rows, 0, [term.z for term in terms], color=look.colour, linewidth=1.4)
    for row, term in zip(rows, terms, strict=True):
        (mark,) = ax.plot(term.z, row, look.marker, color=look.colour, markersize=7)
        hover(mark, describe_term(term))
        ax.annotate(
            str(term.inside),
            (term.z, row),
            xytext=(8, 0),
            textcoords="offset points",
            va="center_baseline",
            size=SMALL_SIZE,
            color=INK,
        )
    ax.set_yticks(list(rows), [term.text for term in terms], parse_math=False)
    ax.set_ylim(len(terms) - 0.4, -0.6)
    ax.set_xlim(0, 1.08 * max(term.z for term in terms))
    ax.set_xlabel("how far the term sets the thread apart (z-score)")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=GRID)
    ax.spines["left"].set_visible(False)
    return ax


def describe_term(term: Term) -> str:
    """Return a term's numbers in words."""
    return (
        f"{term.text}: in {term.inside} papers of the thread and {term.outside} others,"
        f" z = {term.z:.1f}"
    )


def terms_caption(terms: Sequence[Term], inside: int, outside: int) -> str:
    """Return the caption: what the rows are, out of how many papers inside and outside."""
    if len(terms) < NEEDED:
        return "Too few terms set this thread apart to be charted."
    first = terms[0]
    return (
        f"Terms that set this thread’s {inside} papers apart from the {outside} that neither live"
        " in it nor bear on it: log-odds ratio with an informative Dirichlet prior, in standard"
        " deviations. The number beside a mark counts the papers of the thread whose title or"
        " abstract uses the term;"
        f" *{first.text}* is in {first.inside} of them, and in"
        f" {first.outside or 'none'} of the others."
    )


def terms_alt(terms: Sequence[Term]) -> str:
    """Return in words which terms the chart ranks, with z-scores and numbers of papers."""
    if len(terms) < NEEDED:
        return "No chart: too few distinctive terms."
    ranked = "; ".join(f"{term.text} ({term.z:.1f}, {term.inside} papers)" for term in terms)
    return f"Distinctive terms by z-score, from the strongest: {ranked}."
