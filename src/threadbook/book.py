"""A book opened for reading: its papers, its threads, and where it lies on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from threadbook.errors import InputError
from threadbook.files import read_input, read_or_none
from threadbook.library.facts import Fact, parse_facts
from threadbook.library.labels import Label, citation_labels
from threadbook.library.names import read_families
from threadbook.library.papers import Paper
from threadbook.library.table import parse_papers
from threadbook.library.venues import read_venues
from threadbook.threads.claims.by_hand import FILE as CORRECTIONS
from threadbook.threads.claims.by_hand import find_rivals
from threadbook.threads.claims.extract import Claim
from threadbook.threads.claims.table import CLAIMS, parse_claims
from threadbook.threads.lineage.edges import LINEAGE, Edge, parse_edges
from threadbook.threads.map import MAP, Place, parse_map
from threadbook.threads.taxonomy import Subthread, Taxonomy, Thread, load_taxonomy

FACTS = Path("corpus/facts.csv")
NAMES = Path("corpus/names.yml")
VENUES = Path("corpus/venues.yml")
PAPERS = Path("data/papers.csv")
TAXONOMY = Path("chapters/threads.yml")
REQUIRED_FILES = (FACTS, PAPERS, TAXONOMY)
DATA_FILES = (*REQUIRED_FILES, NAMES, VENUES, CLAIMS, CORRECTIONS, LINEAGE, MAP)
"""What a notebook reads through `open_book`; a change in one of them means running it again."""


@dataclass(frozen=True)
class Lore:
    """What a book knows about its papers besides their text.

    `families` tells the family part of names that no rule can split, and `venues` the full
    names of abbreviated venues; a book may do without either file.
    """

    facts: tuple[Fact, ...]
    families: Mapping[str, str]
    venues: Mapping[str, str]


def read_lore(root: Path) -> Lore:
    """Return the facts, family names and venue names of the book in `root`."""
    names, venues = root / NAMES, root / VENUES
    return Lore(
        facts=parse_facts(read_input(root / FACTS), str(FACTS)),
        families=read_families(read_input(names), str(NAMES)) if names.exists() else {},
        venues=read_venues(read_input(venues), str(VENUES)) if venues.exists() else {},
    )


@dataclass(frozen=True)
class Book:
    """The papers and threads of the book that lies in the folder `root`."""

    root: Path
    papers: tuple[Paper, ...]
    taxonomy: Taxonomy
    venues: Mapping[str, str]

    @cached_property
    def by_key(self) -> dict[str, Paper]:
        """Every paper by its citation key."""
        return {paper.cite_key: paper for paper in self.papers}

    @cached_property
    def labels(self) -> dict[str, Label]:
        """The author-year label of every paper by its citation key."""
        return citation_labels(self.papers)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The figures that abstracts report; empty for a book without the table."""
        text = read_or_none(self.root / CLAIMS)
        return () if text is None else parse_claims(text, str(CLAIMS), self.by_key)

    @cached_property
    def rivals(self) -> frozenset[Claim]:
        """The claims whose number is of what the paper compares itself with, marked by hand."""
        return find_rivals(self.root, self.claims, self.by_key)

    @cached_property
    def lineage(self) -> tuple[Edge, ...]:
        """Who takes up whom, as far as abstracts say; empty for a book without the table."""
        text = read_or_none(self.root / LINEAGE)
        return () if text is None else parse_edges(text, str(LINEAGE), self.by_key)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Where each paper stands on the map, by key; empty for a book without one."""
        text = read_or_none(self.root / MAP)
        return {} if text is None else parse_map(text, str(MAP))

    @property
    def slugs(self) -> tuple[str, ...]:
        """The slugs of the threads in the order of the book."""
        return tuple(thread.slug for thread in self.taxonomy.threads)

    def thread(self, slug: str) -> BookThread:
        """Return the thread named `slug` with its papers; a KeyError names those there are."""
        if slug not in self.slugs:
            raise KeyError(f"no thread {slug!r}; the book has {', '.join(self.slugs)}")
        return BookThread(self, self.taxonomy.thread(slug))


@dataclass(frozen=True)
class BookThread:
    """One thread of an open book: its place in the taxonomy and the papers at home in it."""

    book: Book
    entry: Thread

    @property
    def slug(self) -> str:
        """The thread's name in file names and addresses."""
        return self.entry.slug

    @property
    def title(self) -> str:
        """The title of the thread's chapter."""
        return self.entry.title

    @property
    def question(self) -> str:
        """The question that the thread's papers share."""
        return self.entry.question

    @property
    def subthreads(self) -> tuple[Subthread, ...]:
        """The lines of attack, each with the keys of its papers."""
        return self.entry.subthreads

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers at home here, by sub-thread, in the taxonomy's order."""
        return tuple(self.book.by_key[key] for key in self.entry.papers)

    @property
    def visitors(self) -> tuple[Paper, ...]:
        """The papers that belong here too but are at home in another thread."""
        return tuple(self.book.by_key[key] for key in self.entry.also)

    @property
    def other_papers(self) -> tuple[Paper, ...]:
        """The papers of the book that do not belong to this thread."""
        known = {*self.entry.papers, *self.entry.also}
        return tuple(paper for paper in self.book.papers if paper.cite_key not in known)


def open_book(root: Path | str | None = None) -> Book:
    """Return the book in `root`, or the one around the current folder, or the package's own.

    The search makes a notebook run from any folder of a clone.
    """
    folder = Path(root) if root is not None else find_root(Path.cwd())
    lore = read_lore(folder)
    papers = parse_papers(
        read_input(folder / PAPERS), str(PAPERS), facts=lore.facts, families=lore.families
    )
    taxonomy = load_taxonomy(folder / TAXONOMY, [paper.cite_key for paper in papers])
    return Book(folder, papers, taxonomy, lore.venues)


def open_thread(slug: str, root: Path | str | None = None) -> BookThread:
    """Return the thread `slug` of the book that `open_book(root)` finds."""
    return open_book(root).thread(slug)


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start`, else around the package, with a book."""
    package = Path(__file__).resolve()
    for folder in (start, *start.parents, *package.parents):
        if all((folder / file).is_file() for file in REQUIRED_FILES):
            return folder
    files = ", ".join(str(file) for file in REQUIRED_FILES)
    raise InputError(start, None, "no book here or above", f"a folder with {files}")
