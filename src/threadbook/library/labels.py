"""Citation labels in author-year style: `Liu et al. (2022)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, islice, product
from string import ascii_lowercase

from threadbook.library.names import Name
from threadbook.library.papers import Paper


@dataclass(frozen=True)
class Label:
    """How a paper is cited: names, and its year with a letter where the label needs one."""

    names: str
    year: str

    @property
    def textual(self) -> str:
        """The label as part of a sentence: `Liu et al. (2022)`."""
        return f"{self.names} ({self.year})"

    @property
    def parenthetical(self) -> str:
        """The label for use in brackets: `Liu et al., 2022`."""
        return f"{self.names}, {self.year}"


def citation_labels(papers: Iterable[Paper]) -> dict[str, Label]:
    """Return a label for each key, all different, with the year of the first posting.

    Papers with the same names and year get the letters a, b, c, … in the order of their keys.
    """
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for paper in papers:
        groups[format_names(paper.names), paper.posted_year].append(paper.cite_key)
    labels = {}
    for (names, year), keys in groups.items():
        letters = _take_letters(len(keys)) if len(keys) > 1 else [""]
        for key, letter in zip(sorted(keys), letters, strict=True):
            labels[key] = Label(names, f"{year}{letter}")
    return dict(sorted(labels.items()))


def format_names(names: Sequence[Name]) -> str:
    """Return `Liu`, `Liu and Gong`, or `Liu et al.` for three authors or more."""
    families = [name.full_family for name in names]
    if not families:
        raise ValueError("a paper without authors has no label")
    if len(families) > 2:
        return f"{families[0]} et al."
    return " and ".join(families)


def _take_letters(number: int) -> list[str]:
    """Return a, b, …, z, aa, ab, … up to `number` of them."""
    words = ("".join(w) for size in count(1) for w in product(ascii_lowercase, repeat=size))
    return list(islice(words, number))
