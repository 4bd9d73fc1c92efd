"""Papers to write and read back: a few made by hand, and all of the corpus."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from threadbook.corpus.listing import read_listings
from threadbook.corpus.merge import merge_entries
from threadbook.corpus.repair import repair
from threadbook.library.facts import Fact, parse_facts
from threadbook.library.join import join_facts
from threadbook.library.names import parse_name, read_families
from threadbook.library.papers import Paper
from threadbook.library.venues import read_venues

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="session")
def families() -> dict[str, str]:
    return read_families((CORPUS / "names.yml").read_text(encoding="utf-8"), "names.yml")


@pytest.fixture(scope="session")
def venues() -> dict[str, str]:
    return read_venues((CORPUS / "venues.yml").read_text(encoding="utf-8"), "venues.yml")


@pytest.fixture(scope="session")
def facts_text() -> str:
    return (CORPUS / "facts.csv").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def facts(facts_text: str) -> tuple[Fact, ...]:
    return parse_facts(facts_text, "facts.csv")


@pytest.fixture(scope="session")
def corpus_papers(facts: tuple[Fact, ...], families: Mapping[str, str]) -> tuple[Paper, ...]:
    """All papers of the corpus, each put into a thread so that keywords are written."""
    pages = read_listings(sorted((CORPUS / "listings").glob("*.txt")))
    entries = merge_entries(entry for page in pages for entry in page.entries)
    papers = join_facts(entries, facts, repair=repair, families=families)
    return tuple(replace(paper, thread="first-thread", also=("second",)) for paper in papers)


@pytest.fixture
def make_paper() -> Callable[..., Paper]:
    """Return a function that makes a preprint, with changes by keyword."""

    def make(**changes: object) -> Paper:
        values: dict[str, object] = {
            "cite_key": "liu2022flow",
            "title": "Flow Straight and Fast",
            "authors": ("Xingchao Liu", "Rianne van den Berg"),
            "year": 2022,
            "first_posted": "2022-09",
            "abstract": "We present rectified flow.",
            "abstract_raw": "We present rectified flow.",
            "listings": ("page:3",),
            "arxiv_id": "2209.03003",
        }
        values |= changes
        if "authors" in changes and "names" not in changes:
            values["names"] = tuple(map(parse_name, values["authors"]))  # type: ignore[arg-type]
        return Paper(**values)  # type: ignore[arg-type]

    return make


@pytest.fixture
def requires_tool() -> Callable[[str], str]:
    """Return a function that gives a program's path, or skips the test where there is none."""

    def require(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            pytest.skip(f"{program} is not installed; it checks what other programs read")
        return path

    return require
