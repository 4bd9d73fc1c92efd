"""The claims of the book: what the program finds, with the corrections of `chapters/claims.yml`.

One of its `corrections` strikes a claim, with the reason, or changes what it measures, which way is
better or its unit; the number is where the abstract has it, so the value is not to be changed. Its
`rivals` are claims whose number is that of a baseline: they stay, and are marked.
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

    def apply(self, claim: Claim) -> Claim:
        """Return the claim with its changes."""
        return replace(
            claim,
            metric=self.changes.get("metric", claim.metric),
            direction=self.changes.get("direction", claim.direction),
            unit=self.changes.get("unit", claim.unit),
        )


def make_claims(root: Path, papers: Iterable[Paper]) -> tuple[Claim, ...]:
    """Return the claims of the book in `root`, found and corrected, sorted by key and place.

    Refused: a correction whose words stand nowhere in the abstract, or around no claim or more
    than one; an unknown metric or direction; one that has both a change and a reason to strike; and
    what `find_rivals` refuses.
    """
    known = {paper.cite_key: paper for paper in papers}
    claims = {(claim.cite_key, claim.start): claim for claim in find_all_claims(known.values())}
    source = YamlSource(root / FILE)
    for node in _list_nodes(source, "corrections"):
        correction = _read(source, node)
        place = _find(source, node, correction, claims, known)
        if correction.changes:
            claims[place] = correction.apply(claims[place])
        else:
            del claims[place]
    find_rivals(root, claims.values(), known)  # refuses what fits no claim before any is written
    return tuple(claims.values())


def count_corrections(root: Path) -> int:
    """Return how many claims of the book in `root` were corrected by hand."""
    return len(_list_nodes(YamlSource(root / FILE), "corrections"))


def find_rivals(
    root: Path, claims: Iterable[Claim], papers: Mapping[str, Paper]
) -> frozenset[Claim]:
    """Return the claims of the book in `root` that are marked as a rival's number.

    Refused: words around no claim of the paper.
    """
    source = YamlSource(root / FILE)
    known = {(claim.cite_key, claim.start): claim for claim in claims}
    rivals: set[Claim] = set()
    for node in _list_nodes(source, "rivals"):
        values = source.texts(node, "a rival's number", ("citekey", "quote"))
        hit = _list_hits(source, node, values["citekey"], values["quote"], known, papers)
        if not hit:
            found = f"no claim of {values['citekey']} in {values['quote']!r}"
            source.refuse(line_of(node), found, "words of the abstract around a claim")
        rivals.update(hit)
    return frozenset(rivals)


def _list_nodes(source: YamlSource, name: str) -> list[Node]:
    """Return the items of one of the file's lists; none where there is no such file or list."""
    if not source.path.exists():
        return []
    fields = source.fields(source.compose(), "the file", (), ("corrections", "rivals"))
    return source.items(fields[name], name) if name in fields else []


def _list_hits(
    source: YamlSource,
    node: Node,
    key: str,
    quote: str,
    claims: Mapping[tuple[str, int], Claim],
    papers: Mapping[str, Paper],
) -> list[Claim]:
    """Return the claims of a paper whose number stands in the words quoted."""
    if key not in papers:
        source.refuse(line_of(node), f"citekey {key!r}", "a key of the library")
    start = papers[key].abstract.find(quote)
    return [
        claim
        for claim in claims.values()
        if claim.cite_key == key and 0 <= start <= claim.start and claim.end <= start + len(quote)
    ]


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
    hit = _list_hits(source, node, correction.cite_key, correction.quote, claims, papers)
    if len(hit) != 1:
        found = f"{len(hit)} claims of {correction.cite_key} in {correction.quote!r}"
        source.refuse(line_of(node), found, "words of the abstract around one claim")
    return hit[0].cite_key, hit[0].start
