"""What the page of a part asks of the data: its threads, and their papers in time."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from threadbook.book import Book
from threadbook.site.context import NOTEBOOKS, book_of, climb
from threadbook.threads.taxonomy import Part

logger = logging.getLogger(__name__)


class ThreadRole(SphinxRole):
    """A link to a thread's page by its short title: {thread}`few-bits`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link; an unknown thread is reported with its place."""
        book = book_of(self.env.app)
        if self.text not in book.slugs:
            logger.warning("no thread %r", self.text, location=self.get_location())
            return [nodes.Text(self.text)], []
        short = book.taxonomy.thread(self.text).short
        return [link_thread(self.env.docname, self.text, short)], []


def link_thread(docname: str, slug: str, text: str) -> nodes.reference:
    """Return a link from the page `docname` to the page of a thread."""
    up = climb(docname)
    address = f"{up}{NOTEBOOKS}{slug}.html"
    return nodes.reference(text, text, refuri=address, internal=True)


class PartFigure(SphinxDirective):
    """The papers of the part that the page is named for, a lane for each thread."""

    def run(self) -> list[nodes.Node]:
        """Return the figure as HTML; on a page of no part a warning names the page."""
        book = book_of(self.env.app)
        slug = self.env.docname.rpartition("/")[2]
        part = next((part for part in book.taxonomy.parts if part.slug == slug), None)
        if part is None:
            logger.warning("no part %r for a figure", slug, location=self.get_location())
            return []
        for file in ("data/papers.csv", "chapters/threads.yml"):
            self.env.note_dependency(str(book.root / file))
        return [nodes.raw("", draw_part(book, part), format="html")]


def draw_part(book: Book, part: Part) -> str:
    """Return the `<figure>` of a part, whose marks lead to cards on other pages."""
    # Here, since matplotlib takes a second to import and most builds draw nothing anew.
    from threadbook import charts
    from threadbook.charts.swarm import Lane, draw_swarm, swarm, swarm_alt, swarm_caption

    lanes = [
        Lane(
            thread.slug,
            thread.short,
            charts.thread_look(thread.slug, book.slugs),
            book.thread(thread.slug).papers,
            book.thread(thread.slug).visitors,
        )
        for thread in part.threads
    ]
    points = swarm(lanes, labels=book.labels)
    hrefs = {
        dot.cite_key: f"../../{NOTEBOOKS}{dot.home}.html#{dot.cite_key}" for dot in points.dots
    }
    figure = charts.embed(
        draw_swarm(points, hrefs=hrefs),
        name="part",
        number=1,
        caption=swarm_caption(points),
        alt=swarm_alt(points),
    )
    return figure.to_html()
