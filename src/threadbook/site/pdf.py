"""Pages as PDF, through headless Chromium: one for each thread, and the whole book in one."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

import yaml
from playwright.sync_api import Browser, Page

from threadbook.audit.browser import open_browser
from threadbook.audit.serve import serve
from threadbook.book import Book
from threadbook.files import read_or_none, write_text
from threadbook.site.context import locate_page
from threadbook.site.one_page import join_heads, join_pages

FOLDER = Path("_build/pdf")
"""Where the PDFs lie; the next build of the site takes them along and links to them."""
BOOK = "book.pdf"
STAMP = "sources.txt"
"""Says of which text the PDFs are: older ones are not linked."""
_JOINED = "whole-book.html"
_FOOTER = (
    '<div style="font:8px sans-serif;color:#666;width:100%;text-align:center">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)
_RELEASE = """base => {
  for (const link of document.querySelectorAll("a[href]")) {
    const url = new URL(link.getAttribute("href"), document.baseURI);
    const here = url.origin === location.origin;
    if (here && url.pathname === location.pathname && url.hash) {
      link.setAttribute("href", url.hash);
    } else if (here) {
      link.setAttribute("href", new URL(url.pathname.slice(1) + url.hash, base).href);
    }
  }
}"""
"""Links to other pages lead to the published site: the server that prints is gone afterwards."""


def make_pdfs(book: Book, html: Path) -> Iterator[Path]:
    """Print each thread's page of the site in `html` and the whole book; yield each file made."""
    base = read_base(book.root)
    folder = book.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with serve(html) as address, open_browser() as browser:
        for slug in book.slugs:
            yield print_page(
                browser, f"{address}notebooks/{slug}.html", folder / f"{slug}.pdf", base
            )
        write_text(html / _JOINED, render_book(book, html, base))
        try:
            yield print_page(browser, address + _JOINED, folder / BOOK, base)
        finally:
            (html / _JOINED).unlink()
    write_text(folder / STAMP, digest_sources(book.root) + "\n")


def digest_sources(root: Path) -> str:
    """Return a digest of the text that the PDFs print: notebooks and hand-written pages."""
    files = [*root.glob("notebooks/*.ipynb"), *root.glob("chapters/**/*.md")]
    return sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


def find_pdfs(root: Path) -> list[str]:
    """Return the names of the PDFs that print the text as it is now, sorted."""
    folder = root / FOLDER
    stamp = read_or_none(folder / STAMP)
    current = stamp is not None and stamp.strip() == digest_sources(root)
    return sorted(file.name for file in folder.glob("*.pdf")) if current else []


def read_base(root: Path) -> str:
    """Return the address at which the book is published, from `_config.yml`."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return str(config.get("html", {}).get("baseurl", ""))


def render_book(book: Book, html: Path, base: str) -> str:
    """Return the whole book as one page, in the order of the table of contents."""
    addresses = [locate_page(name) for name in list_pages(book.root)]
    pages = {name: (html / name).read_text(encoding="utf-8") for name in addresses}
    head, text = join_heads(pages.values()), join_pages(pages, base=base)
    return f'{head}<body><main><article class="bd-article">{text}</article></main></body></html>'


def list_pages(root: Path) -> list[str]:
    """Return the names of all pages in the order of `_toc.yml`."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [page["file"] for part in toc["parts"] for page in part["chapters"]]
    return [toc["root"], *chapters]


def print_page(browser: Browser, address: str, file: Path, base: str) -> Path:
    """Print the page at `address` into `file`; its links lead below `base`. Returns the file."""
    page: Page = browser.new_page(color_scheme="light")
    try:
        page.goto(address, wait_until="networkidle")
        page.reload(wait_until="networkidle")  # the fonts are in the cache now, and so in the print
        page.evaluate(_RELEASE, urljoin(base, "."))
        page.evaluate("document.fonts.ready")
        page.pdf(
            path=file,
            format="A4",
            print_background=True,
            prefer_css_page_size=False,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=_FOOTER,
            outline=True,
            tagged=True,
        )
    finally:
        page.close()
    return file
