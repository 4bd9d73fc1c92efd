"""The papers, claims and lineage of the book as pages: what stands in each row, and directives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from threadbook.book import Book
from threadbook.library.papers import Paper
from threadbook.notebooks.cards import shorten_authors
from threadbook.notebooks.inline import Html, Span, escape_text, make_link, mark_spans
from threadbook.notebooks.ties import (
    claim_anchor,
    find_words,
    name_relation,
)
from threadbook.site.context import DATA, NOTEBOOKS, book_of, climb
from threadbook.site.html_table import (
    FRAME,
    Cell,
    Column,
    Filter,
    Row,
    Table,
    list_options,
    render_table,
)
from threadbook.site.page_parts import load_where
from threadbook.threads.claims.extract import Claim
from threadbook.threads.claims.wording import name_value
from threadbook.threads.lineage.edges import RELATIONS, Edge

NO_VENUE = "no confirmed venue"
_NUMBER = re.compile(r"(?P<number>\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?P<scale>[KMBT]?)")
_SCALES = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


@dataclass(frozen=True)
class Site:
    """The book as seen from a page that lies `up` ("../" a folder) below the site's root."""

    book: Book
    up: str

    def link_card(self, paper: Paper, text: str, *, anchor: str = "") -> Html:
        """Return a link to the card of a paper, or to an anchor on it."""
        address = f"{self.up}{NOTEBOOKS}{paper.thread}.html#{anchor or paper.cite_key}"
        return make_link(address, text, title=paper.title if text != paper.title else "")

    def link_thread(self, slug: str) -> Html:
        """Return a link to the page of a thread by its short title."""
        return make_link(f"{self.up}{NOTEBOOKS}{slug}.html", self.book.taxonomy.thread(slug).short)

    def name_paper(self, key: str) -> Cell:
        """Return a cell that names a paper: its label as a link to the card, and its title."""
        paper, label = self.book.by_key[key], self.book.labels[key].parenthetical
        note = f'<span class="tb-note">{escape_text(paper.title)}</span>'
        return Cell(Html(f"{self.link_card(paper, label)} {note}"), sort=label)


def papers_table(site: Site) -> Table:
    """Return the table of all papers, by month of first posting."""
    metrics: dict[str, set[str]] = {}
    for claim in site.book.claims:
        metrics.setdefault(claim.cite_key, set()).add(claim.metric)
    ordered = sorted(site.book.papers, key=lambda paper: (paper.first_posted, paper.cite_key))
    rows = tuple(_paper_row(site, paper, metrics.get(paper.cite_key, set())) for paper in ordered)
    return Table(
        noun="papers",
        caption="The papers of the book, with month of first posting, confirmed venue and thread",
        columns=(Column("Paper"), Column("Posted"), Column("Venue"), Column("Thread")),
        rows=rows,
        filters=_common_filters(site.book, rows, "venue", "metric"),
    )


def _paper_row(site: Site, paper: Paper, metrics: set[str]) -> Row:
    others = ", ".join(site.link_thread(slug) for slug in paper.also)
    also = f' <span class="tb-note">also: {others}</span>' if others else ""
    authors = f'<span class="tb-note">{escape_text(shorten_authors(paper))}</span>'
    venue = f"{paper.venue} {paper.venue_year or ''}".strip()
    return Row(
        cells=(
            Cell(Html(f"{site.link_card(paper, paper.title)} {authors}"), sort=paper.title),
            Cell(escape_text(paper.first_posted)),
            Cell(escape_text(venue)),
            Cell(Html(site.link_thread(paper.thread) + also)),
        ),
        values=_place(paper) | {"metric": tuple(sorted(metrics - {""}))},
        words=" ".join((paper.cite_key, *paper.authors, paper.gist)),
    )


def claims_table(site: Site) -> Table:
    """Return the table of all reported figures, paper by paper."""
    rows = tuple(_claim_row(site, claim) for claim in site.book.claims)
    return Table(
        noun="figures",
        caption="Figures as abstracts report them, each in its sentence",
        columns=(
            Column("Figure", is_number=True),
            Column("Measures"),
            Column("Sentence"),
            Column("Paper"),
        ),
        rows=rows,
        filters=(
            Filter("metric", "Metric", list_options(rows, "metric")),
            Filter("unit", "Unit", list_options(rows, "unit")),
            Filter("whose", "Whose", list_options(rows, "whose")),
            *_common_filters(site.book, rows, "venue"),
        ),
    )


def _claim_row(site: Site, claim: Claim) -> Row:
    paper = site.book.by_key[claim.cite_key]
    value = site.link_card(paper, name_value(claim), anchor=claim_anchor(claim))
    note = f' <span class="tb-note">{escape_text(claim.direction)} is better</span>'
    better = note if claim.direction else ""
    if claim in site.book.rivals:
        better = ' <span class="tb-note">of a rival</span>'
    return Row(
        cells=(
            Cell(value, sort=measure_value(claim.value)),
            Cell(Html(escape_text(claim.metric) + better), sort=claim.metric),
            Cell(mark_claim(paper, claim)),
            site.name_paper(claim.cite_key),
        ),
        values=_place(paper)
        | {"metric": _one(claim.metric), "unit": _one(claim.unit or "no unit")}
        | {"whose": ("of a rival" if claim in site.book.rivals else "the paper's own",)},
        words=claim.cite_key,
    )


def mark_claim(paper: Paper, claim: Claim) -> Html:
    """Return the sentence of a claim, its context set off and the number in `<mark>`."""
    sentence = find_words(paper, claim, claim.sentence)
    begin = find_words(paper, claim, claim.context)
    end = begin + len(claim.context)
    number = Span(claim.start - begin, claim.end - begin)
    before, after = paper.abstract[sentence:begin], claim.sentence[end - sentence :]
    return Html(
        f'{escape_text(before)}<span class="tb-context">'
        f"{mark_spans(claim.context, [number])}</span>{escape_text(after)}"
    )


def measure_value(value: str) -> str:
    """Return the number that a figure sorts by, the lower end of a range; "" where none is."""
    match = _NUMBER.search(value)
    return "" if match is None else f"{float(match['number']) * _SCALES[match['scale']]:g}"


def lineage_table(site: Site) -> Table:
    """Return the table of all edges, by the citing paper."""
    rows = tuple(_edge_row(site, edge) for edge in site.book.lineage)
    relations = {relation: name_relation(relation) for relation in RELATIONS}
    return Table(
        noun="ties",
        caption="Which paper takes up which, with the words of the abstract that say so",
        columns=(
            Column("Paper"),
            Column("Relation"),
            Column("Earlier paper"),
            Column("Evidence"),
        ),
        rows=rows,
        filters=(
            Filter("relation", "Relation", list_options(rows, "relation", relations)),
            *_common_filters(site.book, rows),
        ),
    )


def _edge_row(site: Site, edge: Edge) -> Row:
    citing, cited = (site.book.by_key[key] for key in (edge.citing, edge.cited))
    return Row(
        cells=(
            site.name_paper(edge.citing),
            Cell(escape_text(name_relation(edge.relation))),
            site.name_paper(edge.cited),
            Cell(escape_text(f"“{edge.evidence}”")),
        ),
        values=_place(citing)
        | {
            "relation": _one(edge.relation),
            "thread": tuple(dict.fromkeys(chain(citing.threads, cited.threads))),
        },
        words=f"{edge.citing} {edge.cited}",
    )


def _place(paper: Paper) -> dict[str, tuple[str, ...]]:
    """Return the values of a paper by which every table can be filtered."""
    return {
        "year": (paper.first_posted[:4],),
        "thread": paper.threads,
        "venue": (paper.venue or NO_VENUE,),
    }


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _common_filters(book: Book, rows: tuple[Row, ...], *more: str) -> tuple[Filter, ...]:
    """Return the filters by year and thread, and by further values in alphabetical order."""
    years = tuple(reversed(list_options(rows, "year")))
    shorts = {thread.slug: thread.short for thread in book.taxonomy.threads}
    return (
        Filter("year", "Year", years),
        Filter("thread", "Thread", list_options(rows, "thread", shorts)),
        *(Filter(name, name.capitalize(), list_options(rows, name)) for name in more),
    )


def frame_table(site: Site, file: str, table: Table) -> list[nodes.Node]:
    """Return a link to the file that holds the whole table, and the table."""
    link = nodes.reference(file, file, refuri=f"{site.up}{DATA}/{file}", internal=True)
    download = nodes.paragraph("", "The whole table as a file: ", link, nodes.Text("."))
    return [download, nodes.raw("", render_table(table), format="html")]


def show_table(site: Site, file: str, make: Callable[[Site], Table]) -> list[nodes.Node]:
    """Return the table with its file; a sentence where the book has no such file."""
    if not (site.book.root / DATA / file).exists():
        text = f"This book has no {file}."
        return [nodes.paragraph(text, text)]
    return frame_table(site, file, make(site))


TABLES: dict[str, tuple[str, Callable[[Site], Table]]] = {
    "papers-table": ("papers.csv", papers_table),
    "claims-table": ("claims.csv", claims_table),
    "lineage-table": ("lineage.csv", lineage_table),
}
"""The file behind each directive, and what makes its table."""


class RecordsTable(SphinxDirective):
    """A table of the book as a page shows it: one of `TABLES`, by the directive's name."""

    def run(self) -> list[nodes.Node]:
        """Return the link to the file and the table."""
        file, make = TABLES[self.name]
        return show_table(Site(book_of(self.env.app), climb(self.env.docname)), file, make)


def add_tables(app: Sphinx) -> None:
    """Make the directives of the tables known, and their script on the pages that have one."""
    for name in TABLES:
        app.add_directive(name, RecordsTable)
    load_where(app, f'class="{FRAME}"', "tables.js")
