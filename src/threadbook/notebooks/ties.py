"""What the book's tables say of a paper: its figures, what it takes up, and who takes it up."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from threadbook.book import Book
from threadbook.library.labels import Label
from threadbook.library.papers import Paper
from threadbook.notebooks.inline import Html, Span, escape_text, make_link, mark_spans
from threadbook.threads.claims.extract import Claim
from threadbook.threads.claims.wording import name_figure



@dataclass(frozen=True)
class Tie:
    """One paper's word about another: the relation, and the other paper with its label."""

    relation: str
    other: Paper
    label: Label


@dataclass(frozen=True)
class Ties:
    """The claims of a paper, which of them are of a rival, and the papers before and after it."""

    claims: tuple[Claim, ...] = ()
    takes_up: tuple[Tie, ...] = ()
    taken_up_by: tuple[Tie, ...] = ()
    rivals: frozenset[Claim] = frozenset()


NO_TIES = Ties()


def collect_ties(book: Book) -> dict[str, Ties]:
    """Return the ties of each paper that has any, by key."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    onward: dict[str, list[Tie]] = defaultdict(list)
    back: dict[str, list[Tie]] = defaultdict(list)
    for claim in book.claims:
        claims[claim.cite_key].append(claim)
    for edge in book.lineage:
        onward[edge.citing].append(_tie(book, edge.relation, edge.cited))
        back[edge.cited].append(_tie(book, edge.relation, edge.citing))
    return {
        key: Ties(tuple(claims[key]), _order(onward[key]), _order(back[key]), book.rivals)
        for key in sorted({*claims, *onward, *back})
    }


def _tie(book: Book, relation: str, key: str) -> Tie:
    return Tie(relation, book.by_key[key], book.labels[key])


def _order(ties: list[Tie]) -> tuple[Tie, ...]:
    """Return the ties from the earliest paper to the latest."""
    return tuple(sorted(ties, key=lambda tie: (tie.other.first_posted, tie.other.cite_key)))


def render_ties(paper: Paper, ties: Ties) -> list[str]:
    """Return the blocks of HTML for a paper's card: figures, and papers before and after it."""
    blocks = {
        "Reported": [
            _render_sentence(paper, group, ties.rivals)
            for group in group_claims(paper, ties.claims)
        ],
        "Takes up": [_render_tie(paper, tie) for tie in ties.takes_up],
        "Taken up by": [_render_tie(paper, tie, back=True) for tie in ties.taken_up_by],
    }
    return [
        f'<div class="tb-card-ties"><strong>{title}</strong><ul>{"".join(items)}</ul></div>'
        for title, items in blocks.items()
        if items
    ]


def group_claims(paper: Paper, claims: tuple[Claim, ...]) -> list[list[Claim]]:
    """Return the claims sentence by sentence."""
    groups = groupby(claims, key=lambda claim: find_words(paper, claim, claim.sentence))
    return [list(group) for _, group in groups]


def find_words(paper: Paper, claim: Claim, words: str) -> int:
    """Return where the claim's sentence or context begins in the abstract, around the number."""
    return paper.abstract.rfind(words, 0, claim.start + len(words))


def find_spans(paper: Paper, claims: list[Claim], *, anchored: bool = False) -> list[Span]:
    """Return where the numbers of claims on one sentence stand in it."""
    offset = find_words(paper, claims[0], claims[0].sentence)
    return [
        Span(claim.start - offset, claim.end - offset, claim_anchor(claim) if anchored else "")
        for claim in claims
    ]


def claim_anchor(claim: Claim) -> str:
    """Return the id that the number of a claim has on its paper's card."""
    return f"{claim.cite_key}-at-{claim.start}"


def name_relation(relation: str) -> str:
    """Return a relation as a verb that a paper can follow: "builds on", "compares with"."""
    return "compares with" if relation == "compares" else relation.replace("-", " ")


def _render_sentence(paper: Paper, claims: list[Claim], rivals: frozenset[Claim]) -> str:
    sentence = claims[0].sentence
    marked = mark_spans(sentence, find_spans(paper, claims, anchored=True))
    named = (f"{name_figure(c)}{' of a rival' if c in rivals else ''}" for c in claims)
    figures = escape_text("; ".join(named))
    return f"<li><b>{figures}</b>: “{marked}”</li>"


def _render_tie(paper: Paper, tie: Tie, *, back: bool = False) -> str:
    link = link_card(paper, tie)
    verb = escape_text(name_relation(tie.relation))
    return f"<li>{link}, which {verb} it</li>" if back else f"<li>{verb} {link}</li>"


def link_card(paper: Paper, tie: Tie) -> Html:
    """Return a link from a paper's card to another's, in the same notebook or the one beside it."""
    home = "" if tie.other.thread == paper.thread else f"{tie.other.thread}.ipynb"
    address = f"{home}#{tie.other.cite_key}"
    return make_link(address, tie.label.textual, title=tie.other.title)
