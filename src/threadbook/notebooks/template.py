"""A chapter made from data alone, for a thread that nobody has written about yet.

The text has the format of a hand-written chapter, so both go one way into a notebook.
"""

from __future__ import annotations

import re

from threadbook.book import BookThread
from threadbook.charts.timeline_words import name_month
from threadbook.library.papers import Paper
from threadbook.notebooks.cards import name_venue
from threadbook.notebooks.sentences import pick_sentence
from threadbook.threads.taxonomy import Subthread

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def render_chapter(thread: BookThread) -> str:
    """Return the chapter of `thread` as a MyST notebook: question, timeline, terms, contents."""
    papers = thread.papers
    years = sorted(paper.first_posted for paper in papers)
    parts = [
        HEADER,
        "*No one has written this chapter yet. What follows is drawn from the data: the "
        "thread's question, its papers in time, the words that set them apart, and each paper "
        "with a sentence of its own abstract in quotation marks.*",
        "## The thread in time",
        f"The {len(papers)} papers at home in this thread were first posted "
        f"between {name_month(years[0])} and {name_month(years[-1])}; {{numref}}`fig-timeline` "
        f"sets them out by sub-thread.",
        _cell("tb.timeline_figure(thread)"),
        "## The words that set it apart",
        "Which terms do these papers use far more often than the rest of the corpus? "
        "{numref}`fig-terms` ranks them by log-odds, so that a rare word used by one paper "
        "alone does not win.",
        _cell("tb.terms_figure(thread)"),
        "## What is in it",
        *(_render_subthread(thread, part) for part in thread.subthreads),
        *_render_visitors(thread),
    ]
    return "\n\n".join(parts) + "\n"


def _render_subthread(thread: BookThread, part: Subthread) -> str:
    papers = [thread.book.by_key[key] for key in part.papers]
    return "\n\n".join([f"### {part.title}", "\n".join(_render_item(paper) for paper in papers)])


def _render_item(paper: Paper) -> str:
    return (
        f"- {{cite:t}}`{paper.cite_key}`, *{_mark(paper.title)}* ({_mark(name_venue(paper))}): "
        f"“{_mark(pick_sentence(paper.abstract, paper.title))}”"
    )


def _render_visitors(thread: BookThread) -> list[str]:
    if not thread.visitors:
        return []
    keys = ",".join(paper.cite_key for paper in thread.visitors)
    return [
        "## At home elsewhere",
        f"These papers bear on the question too, and have their cards in other threads: "
        f"{{cite:t}}`{keys}`.",
    ]


def _cell(code: str) -> str:
    return f"```{{code-cell}} ipython3\n:tags: [remove-input]\n{code}\n```"


def _mark(text: str) -> str:
    """Escape corpus text for Markdown with mathematics and MyST roles."""
    return re.sub(r"([\\`*_{}\[\]<>#$&~|])", r"\\\1", text)
