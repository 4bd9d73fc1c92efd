"""Measure the built site against what it should reach: requests, weight, access, validity."""

from __future__ import annotations

import gzip
import re
import statistics
import sys
from pathlib import Path

from threadbook.audit import report
from threadbook.audit.browser import LOOKS, Sight, look_at, open_browser
from threadbook.audit.node_tools import TOOLS, run_lighthouse, validate_html
from threadbook.audit.pages import LIGHTHOUSE, choose_pages
from threadbook.audit.serve import serve
from threadbook.book import open_book
from threadbook.commands import book_parser, run_command
from threadbook.site.audit import find_problems
from threadbook.site.build import HTML

RUNS = 3
"""Lighthouse's scores vary from run to run: the median of so many stands."""
AXE = TOOLS / "node_modules" / "axe-core" / "axe.min.js"
WEIGHED = "thread with a lab"
SVG = re.compile(rb"<svg.*?</svg>", re.S)


def main(argv: list[str] | None = None) -> str:
    """Print the report and return its last line; leave with exit code 1 where a row is missed."""
    parser = book_parser(__doc__ or "")
    parser.add_argument("--quick", action="store_true", help="leave Lighthouse out")
    arguments = parser.parse_args(argv)
    root, html = arguments.book, arguments.book / HTML
    rows = [
        report.count_row(
            "broken links and anchors, duplicate ids", find_problems(html, open_book(root))
        ),
        report.count_row("HTML errors", validate_html(root, list_pages(html))),
    ]
    with serve(html) as address:
        rows += look_everywhere(root, html, address)
        if not arguments.quick:
            rows += measure(root, html, address)
    print(report.render(rows))
    missed = sum(not row.reached for row in rows)
    if missed:
        sys.exit(f"audit: {missed} of {len(rows)} rows missed")
    return f"audit: all {len(rows)} rows reached"


def list_pages(html: Path) -> list[Path]:
    """Return the pages that a reader can open, sorted."""
    return [file for file in sorted(html.rglob("*.html")) if "_static" not in file.parts]


def look_everywhere(root: Path, html: Path, address: str) -> list[report.Row]:
    """Return the rows of what a browser sees on a page of each kind, in each look."""
    pages = choose_pages(html)
    sights: dict[tuple[str, object], Sight] = {}
    with open_browser() as browser:
        for kind, page in pages.items():
            for look in LOOKS:
                sights[kind, look] = look_at(browser, address + page, look, root / AXE)
    rows = report.browser_rows(sights)  # type: ignore[arg-type]
    if WEIGHED in pages:
        sight = sights[WEIGHED, LOOKS[0]]
        figures = weigh_figures((html / pages[WEIGHED]).read_bytes())
        rows.append(report.weight_row(WEIGHED, sight.moved, figures, sight.requests))
    return rows


def weigh_figures(page: bytes) -> int:
    """Return how many bytes the figures add to a page when it is compressed."""
    return len(gzip.compress(page, 6)) - len(gzip.compress(SVG.sub(b"", page), 6))


def measure(root: Path, html: Path, address: str) -> list[report.Row]:
    """Return the rows of Lighthouse."""
    pages = choose_pages(html)
    scores = {}
    for kind in LIGHTHOUSE:
        runs = [run_lighthouse(root, address + pages[kind]) for _ in range(RUNS)]
        scores[kind] = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    return report.lighthouse_rows(scores)


if __name__ == "__main__":
    sys.exit(run_command(main))
