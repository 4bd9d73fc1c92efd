"""A chapter made from data alone, for a thread that nobody has written about yet.

The text has the format of a hand-written chapter, so both go one way into a notebook.
"""

from __future__ import annotations

import re

from threadbook.book import BookThread
from threadbook.library.papers import Paper
from threadbook.notebooks.cards import name_venue
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
CUES = re.compile(
    r"\b(we (?:\w+ )?(?:propose|introduce|present|show|prove|develop|find|study|demonstrate|"
    r"investigate|argue|identify|derive|describe|explore|analy[sz]e)|this (?:paper|work|article) "
    r"(?:\w+ )?(?:proposes|introduces|presents|shows|develops|studies|explores|investigates))\b",
    re.I,
)
LONGEST_QUOTE = 45
"""Words of an abstract that are quoted at most; longer sentences end in an ellipsis."""


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
        f"between {_say_month(years[0])} and {_say_month(years[-1])}; {{numref}}`fig-timeline` "
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


def pick_sentence(paper: Paper) -> str:
    """Return the sentence of the abstract that announces what the paper does, cut to length.

    The first sentence with a cue such as "we propose"; without one, the first sentence.
    """
    sentences = split_sentences(paper.abstract)
    chosen = next((text for text in sentences if CUES.search(text)), sentences[0])
    words = chosen.split()
    if len(words) <= LONGEST_QUOTE:
        return chosen
    return " ".join(words[:LONGEST_QUOTE]).rstrip(",;:.(") + " …"


def split_sentences(text: str) -> list[str]:
    """Return the sentences of an abstract; abbreviations with a point inside do not end one."""
    guarded = re.sub(r"\b(e\.g|i\.e|et al|etc|cf|vs|w\.r\.t|resp|Fig|Eq|approx)\.", r"\1․", text)
    pieces = re.split(r"(?<=[.!?])\s+(?=[A-Z“‘(\d])", guarded)
    return [piece.replace("․", ".") for piece in pieces if piece.strip()]


def _render_subthread(thread: BookThread, part: Subthread) -> str:
    papers = [thread.book.by_key[key] for key in part.papers]
    return "\n\n".join([f"### {part.title}", "\n".join(_render_item(paper) for paper in papers)])


def _render_item(paper: Paper) -> str:
    return (
        f"- {{cite:t}}`{paper.cite_key}`, *{_mark(paper.title)}* ({_mark(name_venue(paper))}): "
        f"“{_mark(pick_sentence(paper))}”"
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


def _say_month(year_month: str) -> str:
    names = "January February March April May June July August September October November December"
    year, month = year_month.split("-")
    return f"{names.split()[int(month) - 1]} {year}"


def _mark(text: str) -> str:
    """Escape corpus text for Markdown with mathematics and MyST roles."""
    return re.sub(r"([\\`*_{}\[\]<>#$&~|])", r"\\\1", text)
