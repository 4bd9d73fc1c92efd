"""The whole book as one page, for paper: every page's article, with links that stay inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_SHEET = re.compile(r'<link rel="stylesheet"[^>]*>')
_UP = re.compile(r'"(?:\.\./)+')
_LINKS = ("href", "xlink:href")
_NAMES = ("id", "for", "aria-labelledby", "aria-describedby", "aria-controls")


def name_page(address: str) -> str:
    """Return the id that a page of the site has within the one page."""
    return PurePosixPath(address).with_suffix("").as_posix().replace("/", "-")


def join_pages(pages: dict[str, str], *, base: str) -> str:
    """Return the articles of `pages`, HTML by address in the site, as sections in their order.

    Ids are made unique by the page they stand on. A link to a page that is not among them leads to
    its address below `base`.
    """
    return "\n".join(_take_article(address, html, pages, base) for address, html in pages.items())


def join_heads(pages: Iterable[str]) -> str:
    """Return what stands before the body of the first page, with the style sheets of all pages."""
    heads = [_UP.sub('"', html[: html.index("<body")]) for html in pages]
    sheets = dict.fromkeys(sheet for head in heads for sheet in _SHEET.findall(head))
    more = [sheet for sheet in sheets if sheet not in heads[0]]
    return heads[0].replace("</head>", "\n".join([*more, "</head>"]))


def _take_article(address: str, html: str, pages: Iterable[str], base: str) -> str:
    article = BeautifulSoup(html, "html.parser").find("article")
    if not isinstance(article, Tag):
        raise ValueError(f"page {address} has no article")
    known = set(pages)
    page = name_page(address)
    for element in article.find_all(True):
        _rename(element, lambda name: f"{page}--{name}")
        for link in _LINKS:
            if element.get(link):
                element[link] = lead(str(element[link]), address, known, base)
    return f'<section class="tb-book-page" id="{page}">{article.decode_contents()}</section>'


def _rename(element: Tag, rename: Callable[[str], str]) -> None:
    for attribute in _NAMES:
        if element.get(attribute):
            element[attribute] = rename(str(element[attribute]))
    for attribute, value in element.attrs.items():
        if isinstance(value, str) and "url(#" in value:
            element[attribute] = _REFERENCE.sub(lambda m: f"url(#{rename(m[1])})", value)


def lead(link: str, address: str, known: set[str], base: str) -> str:
    """Return where a link on the page `address` leads from within the one page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return link
    path = normpath(urljoin(address, unquote(parts.path))) if parts.path else address
    if path not in known:
        return urljoin(base, path) + (f"#{parts.fragment}" if parts.fragment else "")
    return f"#{name_page(path)}" + (f"--{parts.fragment}" if parts.fragment else "")
