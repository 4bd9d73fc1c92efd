"""What a page is in the words of schema.org, as JSON-LD: a book, a chapter, a data set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from threadbook.book import Book
from threadbook.library.papers import Paper
from threadbook.site.book_facts import BookFacts
from threadbook.site.context import DATA, NOTEBOOKS
from threadbook.site.downloads import describe_downloads
from threadbook.site.page_facts import HOME_PAGES, PageFacts

Data = dict[str, Any]
LIBRARY = {
    "references.bib": "application/x-bibtex",
    "references.ris": "application/x-research-info-systems",
    "references.json": "application/vnd.citationstyles.csl+json",
}
"""The papers in further formats than the table."""


@dataclass(frozen=True)
class Site:
    """A book that is published: where it stands (ending in a slash) and what it says of itself."""

    book: Book
    facts: BookFacts
    address: str
    language: str

    def page(self, name: str) -> str:
        """Return the one address of a page: the opening page is the site's root."""
        return self.address if name in HOME_PAGES else f"{self.address}{name}.html"

    def preview(self, name: str) -> str:
        """Return the address of the image that stands for a page."""
        return f"{self.address}{preview_file(name)}"


def preview_file(page: str) -> str:
    """Return where the image of a page lies below the site's root."""
    return f"previews/{'index' if page in HOME_PAGES else page}.png"


def render_data(page: PageFacts, site: Site) -> str:
    """Return the script element that tells what a page is."""
    text = json.dumps(make_data(page, site), ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c")  # the only character that could end the element
    return f'<script type="application/ld+json">{safe}</script>'


def make_data(page: PageFacts, site: Site) -> Data:
    """Return the description of a page by schema.org."""
    describe = _choose(page, site)
    common = {
        "name": page.title,
        "url": site.page(page.name),
        "description": page.description,
        "image": site.preview(page.name),
        "inLanguage": site.language,
        "isAccessibleForFree": True,
    }
    data = {"@context": "https://schema.org", **common, **describe(page, site)}
    return {name: value for name, value in data.items() if value not in ("", [])}


def _choose(page: PageFacts, site: Site) -> Any:
    if page.is_home:
        return _describe_book
    if page.thread:
        return _describe_thread
    if page.part:
        return _describe_part
    return _describe_dataset if _table_of(page, site) else _describe_other


def _describe_book(_page: PageFacts, site: Site) -> Data:
    facts = site.facts
    threads = site.book.taxonomy.threads
    return {
        "@type": "Book",
        "@id": _book_id(site),
        "author": _authors(facts),
        "copyrightYear": int(facts.year),
        "bookFormat": "https://schema.org/EBook",
        "license": [f"https://spdx.org/licenses/{name}.html" for name in facts.licences],
        "hasPart": _chapters(site, ((f"{NOTEBOOKS}{item.slug}", item.title) for item in threads)),
    }


def _describe_thread(page: PageFacts, site: Site) -> Data:
    papers = page.thread.papers if page.thread else ()
    return {**_chapter(site), "citation": [_cite(paper) for paper in papers]}


def _describe_part(page: PageFacts, site: Site) -> Data:
    threads = page.part.threads if page.part else ()
    names = ((f"{NOTEBOOKS}{item.slug}", item.title) for item in threads)
    return {**_chapter(site), "hasPart": _chapters(site, names)}


def _describe_dataset(page: PageFacts, site: Site) -> Data:
    table = _table_of(page, site)
    files = {table: "text/csv"} | (LIBRARY if table == "papers.csv" else {})
    holds = describe_downloads(site.book)[table]
    return {
        "@type": "Dataset",
        "name": f"{site.facts.title.partition(':')[0]}: {page.title}",
        "description": f"{page.description} The table has {holds}.",
        "creator": _authors(site.facts),
        "isPartOf": _book(site),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": kind,
                "contentUrl": f"{site.address}{DATA}/{name}",
            }
            for name, kind in files.items()
        ],
    }


def _describe_other(_page: PageFacts, site: Site) -> Data:
    return {"@type": "WebPage", "isPartOf": _book(site)}


def _table_of(page: PageFacts, site: Site) -> str:
    """Return the table that a page shows, "" where it shows none: both have one name."""
    table = f"{page.name.rpartition('/')[2]}.csv"
    return table if table in describe_downloads(site.book) else ""


def _chapter(site: Site) -> Data:
    return {"@type": "Chapter", "author": _authors(site.facts), "isPartOf": _book(site)}


def _chapters(site: Site, names: Iterable[tuple[str, str]]) -> list[Data]:
    return [{"@type": "Chapter", "name": title, "url": site.page(name)} for name, title in names]


def _cite(paper: Paper) -> Data:
    identifier = paper.doi or (f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else paper.cite_key)
    cited = {"@type": "ScholarlyArticle", "name": paper.title, "identifier": identifier}
    return cited | ({"url": paper.url} if paper.url else {})


def _book(site: Site) -> Data:
    return {
        "@type": "Book",
        "@id": _book_id(site),
        "name": site.facts.title,
        "url": site.address,
    }


def _book_id(site: Site) -> str:
    return f"{site.address}#book"


def _authors(facts: BookFacts) -> list[Data]:
    """Return who made the book; a name with a comma is a person's, family name first."""
    return [
        {"@type": "Person" if ", " in name else "Organization", "name": name}
        for name in facts.authors
    ]
