"""The claims of the book: what the program finds, with the corrections of `chapters/claims.yml`.

A correction strikes a claim, with the reason, or changes what it measures, which way is better or
its unit. Its number is where the abstract has it, so the value is not to be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yaml.nodes import Node

from threadbook.library.papers import Paper
from threadbook.threads.claims.extract import Claim
from threadbook.threads.claims.lexicon import METRICS
from threadbook.threads.claims.table import DIRECTIONS, find_all_claims
from threadbook.threads.yaml_nodes import YamlSource, line_of

FILE = Path("chapters/claims.yml")
_CHANGES = ("metric", "direction", "unit")


@dataclass(frozen=True)
class Correction:
    """What is done to the one claim of a paper whose number stands in `quote`.

    `changes` maps fields of `Claim` to their values; without any the claim is struck.
    """

    cite_key: str
    quote: str
    changes: Mapping[str, str]

    def hits(self, claim: Claim, abstract: str) -> bool:
        """Tell whether the claim's number stands in the quote."""
        start = abstract.find(self.quote)
        return start >= 0 and start <= claim.start and claim.end <= start + len(self.quote)

    def apply(self, claim: Claim) -> Claim:
        """Return the claim with its changes."""
        fields = {"metric": claim.metric, "direction": claim.direction, "unit": claim.unit}
        fields |= self.changes
        return replace(
            claim, metric=fields["metric"], direction=fields["direction"], unit=fields["unit"]
        )


def make_claims(root: Path, papers: Iterable[Paper]) -> tuple[Claim, ...]:
    """Return the claims of the book in `root`, found and corrected, sorted by key and place.

    Refused: a correction whose words stand nowhere in the abstract, or around no claim or more
    than one; an unknown metric or direction; and one that has both a change and a reason to strike.
    """
    known = {paper.cite_key: paper for paper in papers}
    claims = {(claim.cite_key, claim.start): claim for claim in find_all_claims(known.values())}
    source = YamlSource(root / FILE)
    for node in _list_nodes(source):
        correction = _read(source, node)
        place = _find(source, node, correction, claims, known)
        if correction.changes:
            claims[place] = correction.apply(claims[place])
        else:
            del claims[place]
    return tuple(claims.values())


def count_corrections(root: Path) -> int:
    """Return how many claims of the book in `root` were corrected by hand."""
    return len(_list_nodes(YamlSource(root / FILE)))


def _list_nodes(source: YamlSource) -> list[Node]:
    """Return the corrections of the file; none where there is no such file."""
    if not source.path.exists():
        return []
    fields = source.fields(source.compose(), "the corrections", ("corrections",))
    return source.items(fields["corrections"], "corrections")


def _read(source: YamlSource, node: Node) -> Correction:
    values = source.texts(node, "a correction", ("citekey", "quote"), ("strike", *_CHANGES))
    changes = {name: values[name] for name in _CHANGES if name in values}
    if changes.get("direction") == "none":
        changes["direction"] = ""
    if bool(changes) == ("strike" in values):
        found = "both a change and `strike`" if changes else "neither a change nor `strike`"
        source.refuse(line_of(node), found, "one of the two")
    if changes.get("metric", "FID") not in METRICS:
        source.refuse(line_of(node), f"metric {changes['metric']!r}", "a metric of the lexicon")
    if changes.get("direction", "") not in DIRECTIONS:
        found = f"direction {changes['direction']!r}"
        source.refuse(line_of(node), found, "higher, lower or none")
    return Correction(values["citekey"], values["quote"], changes)


def _find(
    source: YamlSource,
    node: Node,
    correction: Correction,
    claims: Mapping[tuple[str, int], Claim],
    papers: Mapping[str, Paper],
) -> tuple[str, int]:
    """Return the place of the one claim that a correction is about."""
    paper = papers.get(correction.cite_key)
    if paper is None:
        found = f"citekey {correction.cite_key!r}"
        source.refuse(line_of(node), found, "a key of the library")
    own = [claim for claim in claims.values() if claim.cite_key == paper.cite_key]
    hit = [claim for claim in own if correction.hits(claim, paper.abstract)]
    if len(hit) != 1:
        found = f"{len(hit)} claims of {paper.cite_key} in {correction.quote!r}"
        source.refuse(line_of(node), found, "words of the abstract around one claim")
    return hit[0].cite_key, hit[0].start
