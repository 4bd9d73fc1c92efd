"""The hand-written half of the lineage, `chapters/lineage.yml`, and its union with what was found.

`edges` are edges read out of abstracts by a person; one with the same two papers as a found edge
takes its place. `rejected` are found edges that are wrong, each with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import Node

from threadbook.library.papers import Paper
from threadbook.threads.lineage.edges import Edge, find_cycle, find_fault
from threadbook.threads.lineage.found import find_edges
from threadbook.threads.yaml_nodes import YamlSource, line_of

FILE = Path("chapters/lineage.yml")
_EDGE = ("citing", "cited", "relation", "evidence")
_REJECTED = ("citing", "cited", "reason")


@dataclass(frozen=True)
class HandLineage:
    """The edges that were read, and the pairs (citing, cited) that must not be drawn."""

    edges: tuple[Edge, ...] = ()
    rejected: frozenset[tuple[str, str]] = frozenset()


def make_lineage(root: Path, papers: Iterable[Paper]) -> tuple[Edge, ...]:
    """Return all edges of the book in `root`, found and read, sorted.

    Refused: whatever `find_fault` finds, a rejection of an edge that was never found, and a
    cycle of "builds-on".
    """
    known = tuple(papers)
    found = {(edge.citing, edge.cited): edge for edge in find_edges(known)}
    by_hand = read_by_hand(root, {paper.cite_key: paper for paper in known}, set(found))
    kept = {pair: edge for pair, edge in found.items() if pair not in by_hand.rejected}
    kept |= {(edge.citing, edge.cited): edge for edge in by_hand.edges}
    edges = tuple(sorted(kept.values()))
    if cycle := find_cycle(edges):
        YamlSource(root / FILE).refuse(
            None, f"a cycle: {' builds on '.join(cycle)}", "papers that build on earlier ones"
        )
    return edges


def read_by_hand(
    root: Path, papers: Mapping[str, Paper], found: set[tuple[str, str]]
) -> HandLineage:
    """Return what `chapters/lineage.yml` says, nothing where there is no such file."""
    path = root / FILE
    if not path.exists():
        return HandLineage()
    source = YamlSource(path)
    fields = source.fields(source.compose(), "the lineage", (), ("edges", "rejected"))
    edges: dict[tuple[str, str], Edge] = {}
    for node in source.items(fields["edges"], "edges") if "edges" in fields else ():
        edge = _read_edge(source, node, papers)
        if (edge.citing, edge.cited) in edges:
            source.refuse(line_of(node), f"{edge.citing} to {edge.cited} twice", "each pair once")
        edges[edge.citing, edge.cited] = edge
    rejected = set()
    for node in source.items(fields["rejected"], "rejected") if "rejected" in fields else ():
        values = source.texts(node, "a rejection", _REJECTED)
        pair = (values["citing"], values["cited"])
        if pair not in found:
            source.refuse(line_of(node), f"{pair[0]} to {pair[1]}", "an edge that was found")
        rejected.add(pair)
    return HandLineage(tuple(edges.values()), frozenset(rejected))


def _read_edge(source: YamlSource, node: Node, papers: Mapping[str, Paper]) -> Edge:
    values = source.texts(node, "an edge", _EDGE, ("note",))
    edge = Edge(*(values[name] for name in _EDGE))
    if fault := find_fault(edge, papers, any_order="note" in values):
        source.refuse(line_of(node), *fault)
    return edge
