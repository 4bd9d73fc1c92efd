"""What is wrong with a built site: cards missing or doubled, links that lead nowhere, raw TeX."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from threadbook.book import Book
from threadbook.site.raw_tex import ERROR_CLASS, SOURCES, SPOKEN, find_tex

CARD_CLASS = "tb-card"


@dataclass(frozen=True)
class PageFacts:
    """The ids, cards, internal links and raw TeX of a page; links are (path, fragment).

    `choices` are the (name, value) that its lists to choose from offer: a link may open a view of
    a table or of the map by them, as in "#verdict=holds&thread=graphs".
    """

    ids: tuple[str, ...]
    cards: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    tex: tuple[str, ...]
    choices: frozenset[tuple[str, str]]


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.cards: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.tex: list[str] = []
        self.choices: set[tuple[str, str]] = set()
        self._select = ""
        self._sources = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._sources += tag in SOURCES
        if ERROR_CLASS in values.get("class", "").split():
            self.tex.append(f"a formula in class {ERROR_CLASS}")
        for name in SPOKEN:
            self.tex += find_tex(values.get(name, ""))
        if tag == "select":
            self._select = values.get("name", "")
        if tag == "option":
            self.choices.add((self._select, values.get("value", "")))
        if values.get("id"):
            self.ids.append(values["id"])
        if CARD_CLASS in values.get("class", "").split():
            self.cards.append(values.get("id", ""))
        address = values.get("href") or values.get("src") or values.get("xlink:href") or ""
        parts = urlsplit(address)
        if address and not parts.scheme and not parts.netloc:
            self.links.append((unquote(parts.path), unquote(parts.fragment)))

    def handle_endtag(self, tag: str) -> None:
        self._sources -= tag in SOURCES

    def handle_data(self, data: str) -> None:
        if not self._sources:
            self.tex += find_tex(data)


def read_page(path: Path) -> PageFacts:
    """Return what the page at `path` holds and refers to."""
    collector = _Collector()
    collector.feed(path.read_text(encoding="utf-8"))
    return PageFacts(
        tuple(collector.ids),
        tuple(collector.cards),
        tuple(collector.links),
        tuple(dict.fromkeys(collector.tex)),
        frozenset(collector.choices),
    )


def read_site(html: Path) -> dict[Path, PageFacts]:
    """Return the facts of every page below `html` that a reader can open, by path."""
    files = sorted(html.rglob("*.html"))
    return {file: read_page(file) for file in files if "_static" not in file.parts}


def find_problems(html: Path, book: Book) -> list[str]:
    """Return one line for each thing wrong with the site in `html`; none means it is sound."""
    pages = read_site(html)
    checks = (
        partial(_check_cards, pages, html, book),
        partial(_check_links, pages, html),
        partial(_check_ids, pages, html),
        partial(_check_mathematics, pages, html),
    )
    return [problem for check in checks for problem in check()]


def _check_cards(pages: Mapping[Path, PageFacts], html: Path, book: Book) -> Iterator[str]:
    homes: dict[str, list[str]] = {}
    for path, facts in pages.items():
        for card in facts.cards:
            homes.setdefault(card, []).append(path.relative_to(html).as_posix())
    for paper in book.papers:
        found, expected = homes.pop(paper.cite_key, []), f"notebooks/{paper.thread}.html"
        if found != [expected]:
            yield f"card {paper.cite_key}: found on {found or 'no page'}; expected on {expected}"
    for card, where in sorted(homes.items()):
        yield f"card {card!r} on {where}; expected a card of a paper"


def _check_links(pages: Mapping[Path, PageFacts], html: Path) -> Iterator[str]:
    ids = {path: set(facts.ids) for path, facts in pages.items()}
    for path, facts in pages.items():
        for target, fragment in sorted(set(facts.links)):
            goal = (path.parent / target).resolve() if target else path
            name = path.relative_to(html).as_posix()
            if not goal.exists():
                yield f"{name}: link to {target}, which is not there"
            elif fragment and goal in ids and not _leads(fragment, ids[goal], pages[goal].choices):
                yield f"{name}: link to {target}#{fragment}, but the page has no such anchor"


def _leads(fragment: str, ids: set[str], choices: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a fragment names an element, or a view that the page's lists can be set to."""
    view = parse_qsl(fragment) if "=" in fragment else []
    return fragment in ids or (bool(view) and choices.issuperset(view))


def _check_ids(pages: Mapping[Path, PageFacts], html: Path) -> Iterator[str]:
    for path, facts in pages.items():
        for name in _repeated(facts.ids):
            yield f"{path.relative_to(html).as_posix()}: id {name!r} stands more than once"


def _check_mathematics(pages: Mapping[Path, PageFacts], html: Path) -> Iterator[str]:
    for path, facts in pages.items():
        for tex in facts.tex:
            yield f"{path.relative_to(html).as_posix()}: {tex!r} is shown as TeX"


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
