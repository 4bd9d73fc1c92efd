"""What machines read of each page: its one address, its description, its preview, what it is.

Papers that the book reviews are told as citations of a chapter, never as `citation_*` tags, which
say that the page itself is the paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from threadbook.files import write_all
from threadbook.site.book_facts import facts_of
from threadbook.site.context import book_of
from threadbook.site.page_facts import HOME_PAGES, PageFacts, gather_facts
from threadbook.site.page_parts import add_to_page
from threadbook.site.previews import SIZE, describe_preview, write_preview
from threadbook.site.structured_data import Site, preview_file, render_data

SITEMAP, ROBOTS = "sitemap.xml", "robots.txt"


def add_metadata(app: Sphinx) -> None:
    """Connect what machines read."""
    app.connect("html-page-context", fill_head)
    app.connect("build-finished", _write_sitemap)


def fill_head(
    app: Sphinx,
    name: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell machines of a page, and draw its preview; without an address only its description."""
    page = gather_facts(app, name, context, doctree)
    add_to_page(context, "head", _tag("name", "description", page.description))
    if app.config.html_baseurl:
        site = site_of(app)
        add_to_page(context, "head", *render_head(page, site, app.config.html_title))
        write_preview(page, site, Path(app.outdir) / preview_file(name))


def site_of(app: Sphinx) -> Site:
    """Return the book as it will be published."""
    address = f"{app.config.html_baseurl.rstrip('/')}/"
    return Site(book_of(app), facts_of(app), address, app.config.language or "en")


def render_head(page: PageFacts, site: Site, site_name: str) -> list[str]:
    """Return the elements that tell a page's address, its preview, and what it is."""
    address = site.page(page.name)
    graph = {
        "og:type": "website" if page.is_home else "article",
        "og:site_name": site_name,
        "og:title": page.title,
        "og:description": page.description,
        "og:url": address,
        "og:image": site.preview(page.name),
        "og:image:type": "image/png",
        "og:image:width": str(SIZE[0]),
        "og:image:height": str(SIZE[1]),
        "og:image:alt": describe_preview(page, site.book),
    }
    return [
        f'<link rel="canonical" href="{escape(address)}">',
        *(_tag("property", name, text) for name, text in graph.items()),
        # the rest Twitter takes from Open Graph
        _tag("name", "twitter:card", "summary_large_image"),
        _tag("name", "twitter:image:alt", graph["og:image:alt"]),
        render_data(page, site),
    ]


def render_sitemap(addresses: Iterable[str]) -> str:
    """Return the text of sitemap.xml."""
    places = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )


def render_robots(site: Site) -> str:
    """Return the text of robots.txt: all may be read, and here is the list of it."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.address}{SITEMAP}\n"


def _tag(kind: str, name: str, text: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(text)}">'


def _write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html" or not app.config.html_baseurl:
        return
    site, folder = site_of(app), Path(app.outdir)
    addresses = sorted({site.page(name) for name in app.env.found_docs - set(HOME_PAGES)})
    texts = {
        folder / SITEMAP: render_sitemap([site.address, *addresses]),
        folder / ROBOTS: render_robots(site),
    }
    write_all(texts)
