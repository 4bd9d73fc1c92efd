"""Each paper told its place in the book: home thread, sub-thread and secondary threads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from threadbook.library.papers import Paper
from threadbook.threads.taxonomy import Taxonomy


def place_papers(papers: Iterable[Paper], taxonomy: Taxonomy) -> tuple[Paper, ...]:
    """Return the papers with thread, sub-thread and secondary threads filled in, in order."""
    return tuple(_place(paper, taxonomy) for paper in papers)


def _place(paper: Paper, taxonomy: Taxonomy) -> Paper:
    thread, subthread = taxonomy.home_of(paper.cite_key)
    also = taxonomy.secondary_of(paper.cite_key)
    return replace(paper, thread=thread.slug, subthread=subthread.title, also=also)
