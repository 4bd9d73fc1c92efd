"""Turn the corpus into references.bib and the tables of papers, claims and lineage."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from threadbook.book import FACTS, PAPERS, TAXONOMY, read_lore
from threadbook.commands import book_parser, run_command
from threadbook.corpus.ledger import Page, ledger_totals
from threadbook.corpus.listing import read_listings
from threadbook.corpus.merge import merge_entries
from threadbook.corpus.repair import repair
from threadbook.files import write_all
from threadbook.library.bibtex import to_bibtex
from threadbook.library.facts import assign_keys, format_facts
from threadbook.library.join import join_facts
from threadbook.library.table import format_papers
from threadbook.threads.claims.by_hand import make_claims
from threadbook.threads.claims.table import CLAIMS, format_claims
from threadbook.threads.lineage.by_hand import make_lineage
from threadbook.threads.lineage.edges import LINEAGE, format_edges
from threadbook.threads.map import MAP, format_map, make_map
from threadbook.threads.placement import place_papers
from threadbook.threads.taxonomy import load_taxonomy
from threadbook.writing.gists import add_gists, read_gists


def main(argv: list[str] | None = None) -> str:
    """Build and write the library; return the line that says what was read and written."""
    parser = book_parser(__doc__ or "")
    parser.add_argument("--corpus", type=Path, nargs="+", metavar="PATH", help="listing pages")
    parser.add_argument(
        "--keys", action="store_true", help="store a key for each fact that has none, and stop"
    )
    arguments = parser.parse_args(argv)
    root: Path = arguments.book
    if arguments.keys:
        return store_keys(root, arguments.out or root)
    pages = read_listings(arguments.corpus or (root / "corpus" / "listings").glob("*.txt"))
    texts = make_library(root, pages)
    changed = write_all({(arguments.out or root) / file: text for file, text in texts.items()})
    totals = ledger_totals(pages)
    papers = texts[Path("references.bib")].count("\n@") + 1
    return (
        f"library: {len(pages)} pages, {totals['lines']} lines, {totals['title']} listings, "
        f"{papers} papers; {len(changed)} files changed"
    )


def store_keys(root: Path, out: Path) -> str:
    """Give each fact a key, write the facts, and return the line that says how many are new."""
    lore = read_lore(root)
    facts = assign_keys(lore.facts, lore.families)
    write_all({out / FACTS: format_facts(facts)})
    new = sum(not fact.citekey for fact in lore.facts)
    return f"keys: {new} new of {len(facts)} in {FACTS}"


def make_library(root: Path, pages: Iterable[Page]) -> dict[Path, str]:
    """Return the texts of the library by file, from the pages and the facts of the book."""
    lore = read_lore(root)
    entries = merge_entries(entry for page in pages for entry in page.entries)
    facts = assign_keys(lore.facts, lore.families)
    papers = join_facts(entries, facts, repair=repair, families=lore.families)
    taxonomy = load_taxonomy(root / TAXONOMY, [paper.cite_key for paper in papers])
    placed = add_gists(place_papers(papers, taxonomy), read_gists(root, taxonomy))
    return {
        FACTS: format_facts(facts),
        PAPERS: format_papers(placed),
        CLAIMS: format_claims(make_claims(root, placed)),
        LINEAGE: format_edges(make_lineage(root, placed)),
        MAP: format_map(make_map(placed)),
        Path("references.bib"): to_bibtex(placed, venues=lore.venues),
    }


if __name__ == "__main__":
    sys.exit(run_command(main))
