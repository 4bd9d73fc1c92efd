"""The record that every reader of a corpus format returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Occurrence:
    """Where a paper was listed: the page's name and the line of its title, from 1."""

    page: str
    line: int

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Entry:
    """A paper as collected: title, raw abstract, and every place where it was listed.

    A reader returns one entry a listing (a single occurrence); merging joins repeats.
    """

    title: str
    abstract: str
    occurrences: tuple[Occurrence, ...]
