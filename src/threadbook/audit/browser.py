"""What a browser sees of a page: requests, bytes, overflow, violations of accessibility rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from threadbook.audit.chromium import FLAGS, find_chromium

Scheme = Literal["light", "dark"]
WIDTHS = {"wide": 1280, "phone": 390}
HEIGHT = 900
LAID_OUT = "* { content-visibility: visible !important }"
"""Lays out what a browser leaves until a reader comes near, so that all of a page is looked at."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    scheme: Scheme
    width: str


@dataclass(frozen=True)
class Sight:
    """What a look at a page found.

    `strangers` are the addresses on other hosts that the page asked for; `moved` the bytes that
    went over the wire; `overflow` by how many pixels the page is wider than the window;
    `violations` one line for each element that breaks a rule; `errors` what scripts complained of.
    """

    strangers: tuple[str, ...]
    requests: int
    moved: int
    overflow: int
    violations: tuple[str, ...]
    errors: tuple[str, ...]


LOOKS = tuple(Look(scheme, width) for scheme in ("light", "dark") for width in WIDTHS)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Yield the system's Chromium; raises `BuildError` where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def look_at(browser: Browser, address: str, look: Look, axe: Path) -> Sight:
    """Open the page at `address` as `look` says and return what it did and lacked."""
    size = {"width": WIDTHS[look.width], "height": HEIGHT}
    context = browser.new_context(viewport=size, color_scheme=look.scheme)  # type: ignore[arg-type]
    try:
        return _watch(context.new_page(), address, axe)
    finally:
        context.close()


def _watch(page: Page, address: str, axe: Path) -> Sight:
    asked: list[str] = []
    errors: list[str] = []
    sizes: list[float] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.add_style_tag(content=LAID_OUT)
    for summary in page.query_selector_all("details"):
        summary.evaluate("details => (details.open = true)")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.add_script_tag(path=axe)
    result = page.evaluate("rules => axe.run(document, rules)", RULES)
    host = urlsplit(address).netloc
    strangers = [url for url in asked if urlsplit(url).netloc not in ("", host)]
    return Sight(
        tuple(sorted(set(strangers))),
        len(asked),
        round(sum(sizes)),
        max(0, int(overflow)),
        tuple(_list_nodes(result["violations"])),
        tuple(errors),
    )


def _list_nodes(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {' '.join(map(str, node['target']))}"
