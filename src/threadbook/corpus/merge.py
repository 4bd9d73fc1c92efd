"""Repeats merged: one entry a paper, with every place where it was listed.

Two entries are the same paper if their titles are equal in normal form and their abstracts
alike, or if their abstracts are nearly the same text whatever the titles. Alike is measured by
rapidfuzz's `ratio` on normalised text. Measured on the corpus that ships with the book, over all
92,665 pairs of its 431 papers: unrelated abstracts score 26 to 47 (99.9 % of pairs), the nearest
two that are different papers 55.3 (OTOv2 and OTOv3, one group's successive versions), and the
repeats 100. Both thresholds lie in the empty span between.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz

from threadbook.corpus.records import Entry, Occurrence
from threadbook.corpus.titles import normalise_title

# An equal title is evidence already, and abstracts get revised between versions: ten points
# above the nearest different papers. Below it, two papers share a title and stay two.
SAME_TITLE_RATIO = 65.0
# Without an equal title the abstracts alone must convince: past the middle of 55 to 100.
OTHER_TITLE_RATIO = 85.0
# "This paper has been withdrawn" would unite all withdrawn papers: short texts prove nothing.
EVIDENCE_LEAST_WORDS = 33

SHINGLE_WORDS = 4
# Sketches of 16 hashes meet with probability 1 - (1 - J)^16 for shingle sets of Jaccard index J:
# 0.997 at J = 0.3, well below what texts of ratio 85 have.
SKETCH_SIZE = 16
# A phrase in more sketches than this is boilerplate; comparing all its pairs would be quadratic.
BLOCK_MOST = 20


def merge_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one entry a paper, ordered by first occurrence, whatever the order of `entries`.

    A merged entry has the title and the abstract of its first occurrence (of the first that
    has an abstract, where some have none) and all occurrences, sorted. Papers that share a title
    but not an abstract stay apart: `find_namesakes` lists them.
    """
    ordered = sorted(entries, key=_sort_key)
    titles = [normalise_title(entry.title) for entry in ordered]
    abstracts = [normalise_title(entry.abstract) for entry in ordered]
    groups = _Groups(len(ordered))
    _join_same_titles(titles, abstracts, groups)
    _join_same_abstracts(abstracts, groups)
    return tuple(_merge([ordered[i] for i in members]) for members in groups.members())


def find_namesakes(papers: Iterable[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """Return the merged papers that share a normalised title with another, grouped by title."""
    by_title: dict[str, list[Entry]] = defaultdict(list)
    for paper in papers:
        by_title[normalise_title(paper.title)].append(paper)
    return tuple(tuple(same) for same in by_title.values() if len(same) > 1)


class _Groups:
    """Indices united into groups; a group is known by its smallest index."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def unite(self, first: int, second: int) -> None:
        low, high = sorted((self.find(first), self.find(second)))
        self._parent[high] = low

    def members(self) -> Iterator[list[int]]:
        groups: dict[int, list[int]] = {}
        for index in range(len(self._parent)):
            groups.setdefault(self.find(index), []).append(index)
        yield from groups.values()


def _sort_key(entry: Entry) -> tuple[tuple[Occurrence, ...], str, str]:
    return tuple(sorted(entry.occurrences)), entry.title, entry.abstract


def _merge(same: Sequence[Entry]) -> Entry:
    occurrences = sorted({place for entry in same for place in entry.occurrences})
    abstract = next((entry.abstract for entry in same if entry.abstract), "")
    return Entry(same[0].title, abstract, tuple(occurrences))


def _join_same_titles(titles: Sequence[str], abstracts: Sequence[str], groups: _Groups) -> None:
    """Unite entries of one title with the first of them whose abstract is alike, or absent."""
    papers: dict[str, list[int]] = defaultdict(list)
    for index, title in enumerate(titles):
        for paper in papers[title]:
            if _is_alike(abstracts[paper], abstracts[index], SAME_TITLE_RATIO):
                groups.unite(paper, index)
                break
        else:
            papers[title].append(index)


def _is_alike(first: str, second: str, least: float) -> bool:
    if not first or not second:
        return True  # a record without an abstract says nothing against its title
    return first == second or fuzz.ratio(first, second, score_cutoff=least) > 0


def _join_same_abstracts(abstracts: Sequence[str], groups: _Groups) -> None:
    """Unite entries whose abstracts are nearly the same, comparing only within blocks."""
    firsts = [members[0] for members in groups.members()]
    for first, second in sorted(_candidate_pairs(firsts, abstracts)):
        if groups.find(first) != groups.find(second) and _is_alike(
            abstracts[first], abstracts[second], OTHER_TITLE_RATIO
        ):
            groups.unite(first, second)


def _candidate_pairs(indices: Sequence[int], abstracts: Sequence[str]) -> set[tuple[int, int]]:
    """Return the pairs that share a hash in their sketches: near-linear, never all pairs."""
    blocks: dict[int, list[int]] = defaultdict(list)
    hashes: dict[str, int] = {}
    for index in indices:
        for value in _sketch(abstracts[index].split(), hashes):
            blocks[value].append(index)
    return {
        (first, second)
        for block in blocks.values()
        if len(block) <= BLOCK_MOST
        for position, first in enumerate(block)
        for second in block[position + 1 :]
    }


def _sketch(words: Sequence[str], hashes: dict[str, int]) -> list[int]:
    """Return the smallest hashes of the shingles (runs of words) of a text: a MinHash sketch.

    CRC-32 and not `hash`, which differs from run to run. `hashes` remembers words.
    """
    if len(words) < EVIDENCE_LEAST_WORDS:
        return []
    for word in words:
        if word not in hashes:
            hashes[word] = zlib.crc32(word.encode())
    codes = np.array([hashes[word] for word in words], dtype=np.uint64)
    count = len(words) - SHINGLE_WORDS + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(SHINGLE_WORDS):
        mixed = (mixed ^ codes[offset : offset + count]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    smallest: list[int] = np.unique(mixed)[:SKETCH_SIZE].tolist()
    return smallest
