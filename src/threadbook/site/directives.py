"""What hand-written pages can ask of the data: figures, and the downloads."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from threadbook.book import Book
from threadbook.files import read_or_none
from threadbook.site.authors import count_authors
from threadbook.site.context import DATA, book_of, climb
from threadbook.site.downloads import describe_downloads, name_libraries
from threadbook.site.part_page import link_thread
from threadbook.site.verdicts import count_outcomes, group_by_paper, verdicts_of
from threadbook.threads.claims.by_hand import count_corrections
from threadbook.writing.glossary import read_glossary
from threadbook.writing.markup import count_verdicts, split_paragraphs

logger = logging.getLogger(__name__)


def count_facts(book: Book) -> dict[str, int]:
    """Return the figures that hand-written pages may quote, by name."""
    papers = book.papers
    files = [book.root / "chapters" / "threads" / f"{slug}.md" for slug in book.slugs]
    chapters = [text for file in files if (text := read_or_none(file)) is not None]
    return {
        "listings": sum(len(paper.listings) for paper in papers),
        "pages": len({place.rsplit(":", 1)[0] for paper in papers for place in paper.listings}),
        "papers": len(papers),
        "repeated": sum(len(paper.listings) > 1 for paper in papers),
        "threads": len(book.slugs),
        "written": len(chapters),
        "unwritten": len(files) - len(chapters),
        "labs": sum(bool(count_verdicts(text)) for text in chapters),
        "verdicts": sum(map(count_verdicts, chapters)),
        "parts": len(book.taxonomy.parts),
        "published": sum(bool(paper.venue) for paper in papers),
        "preprints": sum(not paper.venue for paper in papers),
        "undated": sum(bool(paper.venue) and paper.venue_year is None for paper in papers),
        "unconfirmed": sum(not paper.authors_confirmed for paper in papers),
        "authors": count_authors(book),
        "terms": len(read_glossary(book.root).terms),
        "citations": sum(len(part.keys) for text in chapters for part in split_paragraphs(text)),
        "gists": sum(bool(paper.gist) for paper in papers),
        "claims": len(book.claims),
        "corrected": count_corrections(book.root),
        "rivals": len(book.rivals),
        "claiming": len({claim.cite_key for claim in book.claims}),
        "edges": len(book.lineage),
        "repaired": sum(paper.abstract != paper.abstract_raw for paper in papers),
    }


def count_verdict_facts(app: Sphinx) -> dict[str, int]:
    """Return the figures on what the labs found, by name."""
    verdicts = verdicts_of(app)
    outcomes = {str(name): count for name, count in count_outcomes(verdicts).items()}
    return {"tested": len(group_by_paper(verdicts))} | outcomes


class NumberRole(SphinxRole):
    """A figure from the data, by its name: {number}`papers`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the figure as text; an unknown name is reported with those there are."""
        facts = count_facts(book_of(self.env.app)) | count_verdict_facts(self.env.app)
        if self.text not in facts:
            known = ", ".join(facts)
            logger.warning("no figure %r (%s)", self.text, known, location=self.get_location())
        return [nodes.Text(str(facts.get(self.text, "")))], []


class DownloadList(SphinxDirective):
    """What the site offers for download: each file with what it holds."""

    def run(self) -> list[nodes.Node]:
        """Return a bullet list with a link a file."""
        items = nodes.bullet_list()
        for name, holds in describe_downloads(book_of(self.env.app)).items():
            line = nodes.paragraph("", "", _link_file(self, name), nodes.Text(f": {holds}"))
            items += nodes.list_item("", line)
        return [items]


class ThreadLibraries(SphinxDirective):
    """The library of each thread, as BibTeX and as RIS."""

    def run(self) -> list[nodes.Node]:
        """Return a bullet list with a line a thread."""
        book = book_of(self.env.app)
        items = nodes.bullet_list()
        for slug in book.slugs:
            bibtex, ris = (_link_file(self, name) for name in name_libraries(slug))
            title = link_thread(self.env.docname, slug, book.thread(slug).title)
            line = (title, nodes.Text(": "), bibtex, nodes.Text(", "), ris)
            items += nodes.list_item("", nodes.paragraph("", "", *line))
        return [items]


def _link_file(directive: SphinxDirective, name: str) -> nodes.reference:
    address = f"{climb(directive.env.docname)}{DATA}/{name}"
    return nodes.reference(name, name, refuri=address)
