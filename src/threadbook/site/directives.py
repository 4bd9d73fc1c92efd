"""What hand-written pages can ask of the data: figures, the list of threads, the downloads."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from threadbook.book import Book
from threadbook.site.context import DATA, NOTEBOOKS, book_of
from threadbook.site.downloads import describe_downloads

logger = logging.getLogger(__name__)


def count_facts(book: Book) -> dict[str, int]:
    """Return the figures that hand-written pages may quote, by name."""
    papers = book.papers
    chapters = [book.root / "chapters" / "threads" / f"{slug}.md" for slug in book.slugs]
    written = sum(chapter.exists() for chapter in chapters)
    return {
        "listings": sum(len(paper.listings) for paper in papers),
        "pages": len({place.rsplit(":", 1)[0] for paper in papers for place in paper.listings}),
        "papers": len(papers),
        "repeated": sum(len(paper.listings) > 1 for paper in papers),
        "threads": len(book.slugs),
        "written": written,
        "unwritten": len(chapters) - written,
        "parts": len(book.taxonomy.parts),
        "published": sum(bool(paper.venue) for paper in papers),
        "preprints": sum(not paper.venue for paper in papers),
        "undated": sum(bool(paper.venue) and paper.venue_year is None for paper in papers),
        "unconfirmed": sum(not paper.authors_confirmed for paper in papers),
        "repaired": sum(paper.abstract != paper.abstract_raw for paper in papers),
    }


class NumberRole(SphinxRole):
    """A figure from the data, by its name: {number}`papers`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the figure as text; an unknown name is reported with those there are."""
        facts = count_facts(book_of(self.env.app))
        if self.text not in facts:
            known = ", ".join(facts)
            logger.warning("no figure %r (%s)", self.text, known, location=self.get_location())
        return [nodes.Text(str(facts.get(self.text, "")))], []


class ThreadList(SphinxDirective):
    """The parts and threads of the book, each with its question and how much it holds."""

    def run(self) -> list[nodes.Node]:
        """Return one definition list a part."""
        book = book_of(self.env.app)
        found: list[nodes.Node] = []
        for part in book.taxonomy.parts:
            found.append(nodes.rubric(part.title, part.title))
            items = nodes.definition_list(classes=["tb-threads"])
            for thread in part.threads:
                items += self._item(book, thread.slug)
            found.append(items)
        return found

    def _item(self, book: Book, slug: str) -> nodes.definition_list_item:
        thread = book.thread(slug)
        target = f"/{NOTEBOOKS}{slug}"
        years = sorted(paper.first_posted[:4] for paper in thread.papers)
        link, messages = self.parse_inline(f"{{doc}}`{thread.title} <{target}>`")
        term = nodes.term("", "", *link, *messages)
        written = (book.root / "chapters" / "threads" / f"{slug}.md").exists()
        note = f" {len(thread.papers)} papers, {years[0]} to {years[-1]}"
        note += "; chapter and lab" if written else ""
        term += nodes.inline(note, note, classes=["tb-count"])
        question = nodes.paragraph(thread.question, thread.question)
        return nodes.definition_list_item("", term, nodes.definition("", question))


class DownloadList(SphinxDirective):
    """What the site offers for download: each file with what it holds."""

    def run(self) -> list[nodes.Node]:
        """Return a bullet list with a link a file."""
        up = "../" * self.env.docname.count("/")
        items = nodes.bullet_list()
        for name, holds in describe_downloads(book_of(self.env.app)).items():
            link = nodes.reference(name, name, refuri=f"{up}{DATA}/{name}")
            items += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f": {holds}")))
        return [items]
