"""The division of a corpus into parts, threads and sub-threads, and its file."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rapidfuzz import process
from yaml.nodes import Node, ScalarNode

from threadbook.threads.yaml_nodes import YamlSource, line_of, scalars

SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
SHORT_LENGTH = 24  # what a chart's label and the navigation bar have room for
SECONDARY_THREADS = 2
_NEAR_ENOUGH = 60  # of 100: below this a suggestion misleads more than it helps
_NAMED = 5  # papers spelled out in one error

_PART = ("slug", "title", "threads")
_THREAD = ("slug", "title", "short", "question", "subthreads")
_SUBTHREAD = ("title", "papers")


@dataclass(frozen=True)
class Subthread:
    """An approach within a thread, and the papers at home in it, in the order of the file."""

    title: str
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Thread:
    """A line of research: a question, and the papers that belong to it.

    `papers` are at home here, each in one sub-thread; `also` are at home elsewhere.
    """

    slug: str
    title: str
    short: str
    question: str
    subthreads: tuple[Subthread, ...]
    also: tuple[str, ...] = ()

    @property
    def papers(self) -> tuple[str, ...]:
        """The keys of the papers at home in this thread, sub-thread by sub-thread."""
        return tuple(key for subthread in self.subthreads for key in subthread.papers)


@dataclass(frozen=True)
class Part:
    """Threads that are read together."""

    slug: str
    title: str
    threads: tuple[Thread, ...]


@dataclass(frozen=True)
class Taxonomy:
    """All parts of the book; a lookup of an unknown slug or key raises KeyError."""

    parts: tuple[Part, ...]

    @property
    def threads(self) -> tuple[Thread, ...]:
        """All threads, in the order of the book."""
        return tuple(thread for part in self.parts for thread in part.threads)

    def thread(self, slug: str) -> Thread:
        """The thread with this slug."""
        return self._threads[slug]

    def part_of(self, slug: str) -> Part:
        """The part that holds the thread with this slug."""
        return self._parts[slug]

    def home_of(self, key: str) -> tuple[Thread, Subthread]:
        """The thread and the sub-thread where a paper is at home."""
        return self._homes[key]

    def secondary_of(self, key: str) -> tuple[str, ...]:
        """The slugs of the other threads that name a paper, in the order of the book."""
        self.home_of(key)  # a key that is nowhere is a mistake, not a paper without others
        return self._secondary.get(key, ())

    @cached_property
    def _threads(self) -> dict[str, Thread]:
        return {thread.slug: thread for thread in self.threads}

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {thread.slug: part for part in self.parts for thread in part.threads}

    @cached_property
    def _homes(self) -> dict[str, tuple[Thread, Subthread]]:
        return {
            key: (thread, subthread)
            for thread in self.threads
            for subthread in thread.subthreads
            for key in subthread.papers
        }

    @cached_property
    def _secondary(self) -> dict[str, tuple[str, ...]]:
        slugs: dict[str, tuple[str, ...]] = {}
        for thread in self.threads:
            for key in thread.also:
                slugs[key] = (*slugs.get(key, ()), thread.slug)
        return slugs


def load_taxonomy(path: Path, known_keys: Collection[str]) -> Taxonomy:
    """Read the taxonomy of the papers `known_keys` from a YAML file.

    Every paper needs one home and may have two secondary threads. Anything else
    (a paper nowhere or twice, an unknown key or field, a wrong type, an empty
    thread, a repeated slug) raises InputError at its line.
    """
    source = YamlSource(path)
    root = source.compose()
    fields = source.fields(root, "the file", ("parts",))
    nodes = source.items(fields["parts"], "parts")
    taxonomy = Taxonomy(tuple(_read_part(source, node) for node in nodes))
    keys = frozenset(known_keys)
    _check_slugs(source, root)
    _check_homes(source, taxonomy, root, keys)
    _check_secondary(source, taxonomy, root, keys)
    return taxonomy


def _read_part(source: YamlSource, node: Node) -> Part:
    fields = source.fields(node, "a part", _PART)
    threads = source.items(fields["threads"], "threads")
    return Part(
        slug=_read_slug(source, fields["slug"]),
        title=source.text(fields["title"], "a title"),
        threads=tuple(_read_thread(source, thread) for thread in threads),
    )


def _read_thread(source: YamlSource, node: Node) -> Thread:
    fields = source.fields(node, "a thread", _THREAD, optional=("also",))
    also = source.items(fields["also"], "also") if "also" in fields else []
    nodes = source.items(fields["subthreads"], "subthreads")
    subthreads = tuple(_read_subthread(source, subthread) for subthread in nodes)
    for index, (subthread, place) in enumerate(zip(subthreads, nodes, strict=True)):
        if subthread.title in {earlier.title for earlier in subthreads[:index]}:
            found = f"the sub-thread {subthread.title!r} twice in one thread"
            source.refuse(line_of(place), found, "titles that tell sub-threads apart")
    return Thread(
        slug=_read_slug(source, fields["slug"]),
        title=source.text(fields["title"], "a title"),
        short=_read_short(source, fields["short"]),
        question=source.text(fields["question"], "a question"),
        subthreads=subthreads,
        also=tuple(source.text(key, "a citation key") for key in also),
    )


def _read_subthread(source: YamlSource, node: Node) -> Subthread:
    fields = source.fields(node, "a sub-thread", _SUBTHREAD)
    papers = source.items(fields["papers"], "papers")
    return Subthread(
        title=source.text(fields["title"], "a title"),
        papers=tuple(source.text(key, "a citation key") for key in papers),
    )


def _read_slug(source: YamlSource, node: Node) -> str:
    slug = source.text(node, "a slug")
    if not SLUG.fullmatch(slug):
        source.refuse(line_of(node), f"the slug {slug!r}", "lower-case words joined by hyphens")
    return slug


def _read_short(source: YamlSource, node: Node) -> str:
    short = source.text(node, "a short title")
    if len(short) > SHORT_LENGTH:
        found = f"a short title of {len(short)} characters ({short!r})"
        source.refuse(line_of(node), found, f"at most {SHORT_LENGTH}")
    return short


def _check_slugs(source: YamlSource, root: Node) -> None:
    """Refuse a slug given twice, be it by a part or by a thread."""
    lines: dict[str, int] = {}
    for node in scalars(root, "slug"):
        if node.value in lines:
            found = f"the slug {node.value!r}, already given in line {lines[node.value]}"
            source.refuse(line_of(node), found, "a slug of its own for each part and thread")
        lines[node.value] = line_of(node)


def _check_homes(
    source: YamlSource, taxonomy: Taxonomy, root: Node, known_keys: frozenset[str]
) -> None:
    """Refuse an unknown paper, a paper with two homes, and a paper with none."""
    homes: dict[str, tuple[int, str]] = {}
    pairs = [(key, thread.slug) for thread in taxonomy.threads for key in thread.papers]
    for (key, slug), node in zip(pairs, scalars(root, "papers"), strict=True):
        _check_known(source, node, known_keys)
        if key in homes:
            line, other = homes[key]
            found = f"{key!r} in the thread {slug!r}, already in {other!r} in line {line}"
            source.refuse(line_of(node), found, "one home for each paper")
        homes[key] = (line_of(node), slug)
    if homeless := sorted(set(known_keys) - set(homes)):
        named = ", ".join(map(repr, homeless[:_NAMED]))
        more = f" and {len(homeless) - _NAMED} more" if len(homeless) > _NAMED else ""
        found = f"no home for {named}{more}"
        source.refuse(None, found, "each paper of the library in one thread")


def _check_secondary(
    source: YamlSource, taxonomy: Taxonomy, root: Node, known_keys: frozenset[str]
) -> None:
    """Refuse a secondary thread that is the home, is repeated, or is one too many."""
    seen: dict[str, list[str]] = {}
    pairs = [(key, thread.slug) for thread in taxonomy.threads for key in thread.also]
    for (key, slug), node in zip(pairs, scalars(root, "also"), strict=True):
        _check_known(source, node, known_keys)
        others = seen.setdefault(key, [])
        if taxonomy.home_of(key)[0].slug == slug:
            found = f"{key!r} under `also` of {slug!r}, its home"
            source.refuse(line_of(node), found, "papers at home in other threads")
        if slug in others:
            source.refuse(line_of(node), f"{key!r} twice under `also` of {slug!r}", "it once")
        others.append(slug)
        if len(others) > SECONDARY_THREADS:
            found = f"{key!r} under `also` of {', '.join(map(repr, others))}"
            source.refuse(line_of(node), found, f"at most {SECONDARY_THREADS} secondary threads")


def _check_known(source: YamlSource, node: ScalarNode, known_keys: frozenset[str]) -> None:
    if node.value in known_keys:
        return
    near = process.extractOne(node.value, sorted(known_keys), score_cutoff=_NEAR_ENOUGH)
    hint = f" (is it {near[0]!r}?)" if near else ""
    expected = f"a citation key of the library{hint}"
    source.refuse(line_of(node), f"the unknown key {node.value!r}", expected)
