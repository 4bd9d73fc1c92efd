"""What the theme's layout prints around a page: contents, shortcuts, addresses of assets.

The theme is `theme/threadbook`; what single parts of the site put on a page goes through
`page_parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment.adapters.toctree import TocTree

from threadbook.book import Book
from threadbook.files import write_text
from threadbook.site.context import HOME, NOTEBOOKS, book_of
from threadbook.site.page_parts import PARTS
from threadbook.site.style_sheet import join_styles
from threadbook.site.toc import PAGES, read_pages

SITE = Path(__file__).parent
STATIC = SITE / "static"
THEME = SITE / "theme" / "threadbook"
SEARCH = "search"
"""The page that `search` adds."""
STYLE_SHEET = "threadbook.css"
SHORTCUTS = {
    "papers": "Papers",
    "claims": "Figures",
    "verdicts": "Verdicts",
    "glossary": "Glossary",
}
"""The pages of data that the bar at the top leads to, where the book has them."""
GROUPS = {"front": "Reading this book", "back": "About this book"}
_TOC_LEAST = 2
"""A page with fewer headings has no list of them."""


def add_theme(app: Sphinx) -> None:
    """Register the theme and what fills its layout."""
    # Jupyter Book sets it, for an extension that is left out
    app.add_config_value("comments_config", {}, "")
    app.add_config_value("threadbook_contents", "", "env")
    app.add_html_theme("threadbook", str(THEME))
    app.connect("config-inited", _prepare_config)
    app.connect("builder-inited", _switch_off_search)
    app.connect("html-page-context", fill_layout)
    app.connect("build-finished", _write_styles)


def fill_layout(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Give the layout of `page` its lists of links, its title and its empty parts."""
    book = book_of(app)
    context.update({f"tb_{part}": context.get(f"tb_{part}", []) for part in PARTS})
    link_to = partial(_link, app, page)
    context["tb_home"] = context["pathto"](HOME)
    context["tb_asset"] = lambda name: _asset(context["pathto"], name)
    context["tb_contents"] = list_contents(book, link_to)
    context["tb_shortcuts"] = [
        link_to(f"chapters/{name}", title)
        for name, title in SHORTCUTS.items()
        if f"chapters/{name}" in app.env.found_docs
    ]
    context["tb_kind"] = name_kind(page)
    context["tb_toc"] = render_toc(app, page)
    context["tb_search"] = link_to(SEARCH, "Search")["href"]
    context["tb_name"] = app.config.html_title
    context["tb_title"] = name_page(app, page, context)


def name_page(app: Sphinx, page: str, context: dict[str, Any]) -> str:
    """Return the text of the page's title element, as HTML."""
    book: str = escape(app.config.html_title, quote=False)
    known = app.env.titles.get(page)
    title: str = known.astext() if known else context.get("title", "")
    return book if page == HOME or not title else f"{escape(title, quote=False)} · {book}"


def name_kind(page: str) -> str:
    """Return the class of the page's body: what kind of page it is."""
    if page == HOME:
        return "tb-home-page"
    if page.startswith(NOTEBOOKS):
        return "tb-thread-page"
    return "tb-part-page" if "/parts/" in page else "tb-plain-page"


def list_contents(
    book: Book, link_to: Callable[[str, str], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the groups of the book's contents: front pages, one group a part, back pages."""
    pages = read_pages(book.root / PAGES)
    groups = [_group_pages(book, GROUPS["front"], pages.get("front", []), link_to)]
    for part in book.taxonomy.parts:
        links = [link_to(f"{NOTEBOOKS}{thread.slug}", thread.short) for thread in part.threads]
        opening = f"chapters/parts/{part.slug}"
        has_page = (book.root / f"{opening}.md").exists()
        head = link_to(opening, part.title) if has_page else {"title": part.title}
        groups.append({**head, "links": links})
    groups.append(_group_pages(book, GROUPS["back"], pages.get("back", []), link_to))
    return [group for group in groups if group["links"]]


def render_toc(app: Sphinx, page: str) -> str:
    """Return the headings of `page` below its title as a nested list; empty where they are few."""
    if page not in app.env.tocs:
        return ""
    toc = TocTree(app.env).get_toc_for(page, app.builder)
    below = list(toc.findall(nodes.bullet_list))[1:] if toc else []
    if not below or len(below[0]) < _TOC_LEAST:
        return ""
    return str(app.builder.render_partial(below[0])["fragment"])  # type: ignore[attr-defined]


def _group_pages(
    book: Book, title: str, names: list[str], link_to: Callable[[str, str], dict[str, Any]]
) -> dict[str, Any]:
    links = [
        link_to(f"chapters/{name}", read_title(book.root / f"chapters/{name}.md")) for name in names
    ]
    return {"title": title, "links": links}


@cache
def read_title(file: Path) -> str:
    """Return the heading of level one of a hand-written page."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("# ") for line in lines if line.startswith("# "))


def _link(app: Sphinx, page: str, target: str, title: str) -> dict[str, Any]:
    href = app.builder.get_relative_uri(page, target)
    return {"title": title, "href": href or "#main", "current": page == target}


def _asset(pathto: Callable[..., str], name: str) -> str:
    """Return the address of a static file, with a digest so that a new version is fetched."""
    return f"{pathto(f'_static/{name}', resource=True)}{_digest(name)}"


@cache
def _digest(name: str) -> str:
    file = STATIC / name
    if name == STYLE_SHEET:
        content = join_styles().encode()
    elif file.exists():
        content = file.read_bytes()
    else:  # written by another part of the build
        return ""
    return f"?v={sha256(content).hexdigest()[:8]}"


def _prepare_config(app: Sphinx, config: Any) -> None:
    """Leave out Sphinx's index, and make every page anew when the book's contents change."""
    config.html_use_index = False
    files = [Path(app.srcdir) / PAGES, Path(app.srcdir) / "chapters" / "threads.yml"]
    contents = b"".join(file.read_bytes() for file in files if file.is_file())
    config.threadbook_contents = sha256(contents).hexdigest()


def _switch_off_search(app: Sphinx) -> None:
    """Leave out Sphinx's own search: the book has its own."""
    app.builder.search = False  # type: ignore[attr-defined]


def _write_styles(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        write_text(Path(app.outdir) / "_static" / STYLE_SHEET, join_styles())
