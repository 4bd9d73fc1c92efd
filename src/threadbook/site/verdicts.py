"""The labs' verdicts on the site: in a table, on the cards of the papers, each with an anchor."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from threadbook.book import Book
from threadbook.labs.verdicts import SIGNS, Outcome
from threadbook.notebooks.inline import Html, escape_text, make_link
from threadbook.site.context import NOTEBOOKS, book_of, climb
from threadbook.site.html_table import Cell, Column, Filter, Row, Table, list_options
from threadbook.site.stages import EXECUTED
from threadbook.site.tables import Site, frame_table
from threadbook.site.verdict_rows import collect_verdicts

OUTCOMES: tuple[Outcome, ...] = ("holds", "mixed", "fails")
_BOX = re.compile(r'<div class="(tb-verdict [\w-]+)">')
_ABSTRACT = '<p class="tb-card-abstract">'


@dataclass(frozen=True)
class Found:
    """A verdict as a page shows it: where it stands, on whose claim, and which way it went."""

    thread: str
    lab: str
    keys: tuple[str, ...]
    claim: str
    measured: str
    criterion: str
    outcome: Outcome

    @property
    def anchor(self) -> str:
        """The id of the verdict's box on the page of its thread."""
        return name_anchor(self.lab)


def name_anchor(lab: str) -> str:
    """Return the id of the box of the verdict `lab`."""
    return f"verdict-{lab}"


def verdicts_of(app: Sphinx) -> tuple[Found, ...]:
    """Return the verdicts of all labs in the order of the book, read once a build."""
    found: tuple[Found, ...] | None = getattr(app, "threadbook_verdicts", None)
    if found is None:
        found = read_verdicts(book_of(app), Path(app.srcdir) / EXECUTED)
        app.threadbook_verdicts = found  # type: ignore[attr-defined]
    return found


def read_verdicts(book: Book, executed: Path) -> tuple[Found, ...]:
    """Return the verdicts in the notebooks of the folder `executed`."""
    rows = (
        row
        for slug in book.slugs
        for row in collect_verdicts(slug, nbformat.read(executed / f"{slug}.ipynb", as_version=4))
    )
    return tuple(map(_read_row, rows))


def _read_row(row: Mapping[str, str]) -> Found:
    texts = {name: row[name] for name in ("thread", "lab", "claim", "measured", "criterion")}
    outcome = next(name for name in OUTCOMES if name == row["verdict"])
    return Found(**texts, keys=tuple(row["citekeys"].split("; ")), outcome=outcome)


def count_outcomes(verdicts: Iterable[Found]) -> dict[Outcome, int]:
    """Return how many verdicts went which way; an outcome that none has counts zero."""
    counts = Counter(verdict.outcome for verdict in verdicts)
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def group_by_paper(verdicts: Iterable[Found]) -> dict[str, list[Found]]:
    """Return the verdicts on each paper's claims, by key."""
    groups: dict[str, list[Found]] = defaultdict(list)
    for verdict in verdicts:
        for key in verdict.keys:
            groups[key].append(verdict)
    return dict(groups)


def badge(outcome: Outcome) -> Html:
    """Return the badge of an outcome: its sign and its name."""
    return Html(f'<span class="tb-badge tb-is-{outcome}">{SIGNS[outcome]} {outcome}</span>')


def add_to_card(card: str, verdicts: Sequence[Found], page: str) -> str:
    """Return the HTML of a card with the verdicts on its paper above the abstract.

    `page` is the slug of the thread on whose page the card stands.
    """
    if not verdicts:
        return card
    items = "".join(f"<li>{badge(v.outcome)} {_link(v, page)}</li>" for v in verdicts)
    block = f'<div class="tb-card-ties"><strong>Put to the test</strong><ul>{items}</ul></div>'
    return card.replace(_ABSTRACT, f"{block}\n{_ABSTRACT}", 1)


def _link(verdict: Found, page: str) -> Html:
    home = "" if verdict.thread == page else f"{verdict.thread}.html"
    return make_link(f"{home}#{verdict.anchor}", verdict.claim)


def name_papers(box: str, lab: str, keys: Sequence[str], book: Book) -> str:
    """Return the HTML of a verdict's box with its anchor and links to the papers it is about."""
    links = ", ".join(_link_paper(book, key) for key in keys)
    anchored = _BOX.sub(rf'<div class="\1" id="{name_anchor(lab)}">', box, count=1)
    return anchored.replace("</dl></div>", f"<dt>Claim of</dt><dd>{links}</dd></dl></div>")


def _link_paper(book: Book, key: str) -> Html:
    paper, label = book.by_key[key], book.labels[key]
    return make_link(f"{paper.thread}.html#{key}", label.textual, title=paper.title)


def verdicts_table(verdicts: Sequence[Found], site: Site) -> Table:
    """Return the table of all verdicts, thread by thread."""
    rows = tuple(map(partial(_verdict_row, site), verdicts))
    shorts = {thread.slug: thread.short for thread in site.book.taxonomy.threads}
    return Table(
        noun="verdicts",
        caption="Claims that the labs ran, with what was measured and what would have been enough",
        columns=(Column("Claim"), Column("Verdict"), Column("Measured"), Column("Papers")),
        rows=rows,
        filters=(
            Filter("verdict", "Verdict", list_options(rows, "verdict", {o: o for o in OUTCOMES})),
            Filter("thread", "Thread", list_options(rows, "thread", shorts)),
            Filter("year", "Year of the paper", tuple(reversed(list_options(rows, "year")))),
        ),
    )


def _verdict_row(site: Site, verdict: Found) -> Row:
    papers = [site.book.by_key[key] for key in verdict.keys]
    labels = [site.book.labels[key].parenthetical for key in verdict.keys]
    address = f"{site.up}{NOTEBOOKS}{verdict.thread}.html#{verdict.anchor}"
    thread = f'<span class="tb-note">{site.link_thread(verdict.thread)}</span>'
    criterion = f'<span class="tb-note">needed: {escape_text(verdict.criterion)}</span>'
    links = " ".join(site.link_card(*pair) for pair in zip(papers, labels, strict=True))
    return Row(
        cells=(
            Cell(Html(f"{make_link(address, verdict.claim)} {thread}"), sort=verdict.claim),
            Cell(badge(verdict.outcome), sort=verdict.outcome),
            Cell(Html(f"{escape_text(verdict.measured)} {criterion}")),
            Cell(Html(links), sort=labels[0]),
        ),
        values={
            "verdict": (verdict.outcome,),
            "thread": (verdict.thread,),
            "year": tuple(sorted({paper.first_posted[:4] for paper in papers})),
        },
        words=" ".join((verdict.lab, *verdict.keys, *(paper.title for paper in papers))),
    )


class VerdictsTable(SphinxDirective):
    """All verdicts of the book's labs, or a sentence where none has been run."""

    def run(self) -> list[nodes.Node]:
        """Return the link to the file and the table."""
        verdicts = verdicts_of(self.env.app)
        if not verdicts:
            text = "No lab of this book has given a verdict yet."
            return [nodes.paragraph(text, text)]
        site = Site(book_of(self.env.app), climb(self.env.docname))
        return frame_table(site, "verdicts.csv", verdicts_table(verdicts, site))
