"""Merging repeats by blocks, against comparing the abstracts of all pairs."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from machine import best_seconds, report
from rapidfuzz import fuzz

from threadbook.corpus.listing import read_listings
from threadbook.corpus.merge import merge_entries
from threadbook.corpus.records import Entry

LISTINGS = Path(__file__).parents[1] / "corpus" / "listings"


def compare_all_pairs(entries: list[Entry]) -> int:
    """Return how many pairs of abstracts are alike, looking at every pair."""
    return sum(
        fuzz.ratio(one.abstract, other.abstract, score_cutoff=90) > 0
        for one, other in combinations(entries, 2)
    )


def main() -> str:
    """Return the ratio on the corpus as collected."""
    entries = [entry for page in read_listings(LISTINGS.glob("*.txt")) for entry in page.entries]
    ours = best_seconds(lambda: merge_entries(entries), 3)
    theirs = best_seconds(lambda: compare_all_pairs(entries), 1)
    return report(f"merging {len(entries)} listings, blocks against all pairs", ours, theirs)


if __name__ == "__main__":
    print(main())
