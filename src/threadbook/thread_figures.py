"""The figures that every thread has: time, reported figures, approaches, place, terms."""

from __future__ import annotations

from threadbook import charts
from threadbook.book import BookThread
from threadbook.charts.curves import Curves, draw_curves
from threadbook.charts.embed import EmbeddedFigure
from threadbook.page import figure
from threadbook.threads.problems import read_problems


def look_of(thread: BookThread) -> charts.Look:
    """Return the colour and marker that the thread keeps on every page."""
    return charts.thread_look(thread.slug, thread.book.slugs)


def timeline_figure(thread: BookThread) -> EmbeddedFigure:
    """Return the thread's papers by month of first posting, a lane a sub-thread, with lineage."""
    points = charts.timeline(thread.papers, labels=thread.book.labels)
    shown = {point.cite_key for point in points.points}
    arrows = [
        (edge.cited, edge.citing)
        for edge in thread.book.lineage
        if edge.cited in shown and edge.citing in shown
    ]
    return figure(
        charts.draw_timeline(points, look=look_of(thread), arrows=arrows),
        name="fig-timeline",
        caption=charts.timeline_caption(points, len(arrows)),
        alt=charts.timeline_alt(points),
    )


def gains_figure(thread: BookThread) -> EmbeddedFigure:
    """Return the figures that the thread's abstracts report, by metric."""
    abstracts = {paper.cite_key: paper.abstract for paper in thread.papers}
    book = thread.book
    claims = [c for c in book.claims if c.cite_key in abstracts and c not in book.rivals]
    found = charts.gains(claims, book.labels, abstracts)
    return figure(
        charts.draw_gains(found, look=look_of(thread)),
        name="fig-gains",
        caption=charts.gains_caption(found),
        alt=charts.gains_alt(found),
    )


def matrix_figure(thread: BookThread) -> EmbeddedFigure:
    """Return the thread's papers by approach and by the problem that they attack."""
    problems = read_problems(thread.book.root, thread.entry)
    cells = charts.matrix(thread.papers, problems, labels=thread.book.labels)
    return figure(
        charts.draw_matrix(cells, look=look_of(thread)),
        name="fig-matrix",
        caption=charts.matrix_caption(cells),
        alt=charts.matrix_alt(cells),
    )


def place_figure(thread: BookThread) -> EmbeddedFigure:
    """Return the thread's papers on the map of the book, with the threads next to them."""
    book = thread.book
    looks = {
        item.slug: (item.short, charts.thread_look(item.slug, book.slugs))
        for item in book.taxonomy.threads
    }
    points = charts.atlas(book.papers, book.places, book.labels, looks)
    return figure(
        charts.draw_thread_place(points, thread.slug),
        name="fig-place",
        caption=charts.place_caption(points, thread.slug),
        alt=charts.place_alt(points, thread.slug),
    )


def idea_figure(curves: Curves) -> EmbeddedFigure:
    """Return the figure that shows the one idea of a thread, as computed from its equations."""
    return figure(
        draw_curves(curves),
        name="fig-idea",
        caption=curves.caption,
        alt=curves.alt,
    )


def terms_figure(thread: BookThread) -> EmbeddedFigure:
    """Return the terms that set the thread's papers apart from all others."""
    # Here, since scikit-learn takes a second to import and few pages need it.
    from threadbook.threads.terms import distinctive_terms

    terms = distinctive_terms(
        [f"{paper.title}. {paper.abstract}" for paper in thread.papers],
        [f"{paper.title}. {paper.abstract}" for paper in thread.other_papers],
        top=15,
    )
    return figure(
        charts.draw_terms(terms, look=look_of(thread)),
        name="fig-terms",
        caption=charts.terms_caption(terms, len(thread.papers), len(thread.other_papers)),
        alt=charts.terms_alt(terms),
    )
