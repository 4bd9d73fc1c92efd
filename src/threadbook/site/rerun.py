"""What a thread's page says of running it again: where to open it, what ran, how long it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nbformat
from sphinx.application import Sphinx

from threadbook.files import write_all
from threadbook.labs.verdicts import SIGNS
from threadbook.notebooks.cache import recorded_seconds, recorded_versions
from threadbook.notebooks.inline import Html, escape_text, make_link
from threadbook.notebooks.repository import read_repository
from threadbook.notebooks.versions import MAIN_PACKAGES
from threadbook.site.context import DATA, NOTEBOOKS, book_of
from threadbook.site.launch import Launch, list_launches
from threadbook.site.page_parts import add_to_page
from threadbook.site.stages import EXECUTED, LOCK
from threadbook.site.verdict_rows import lab_seconds
from threadbook.site.verdicts import Found, count_outcomes, verdicts_of

WITH_OUTPUTS = "executed/"
"""The folder of the executed notebooks, beside the pages of the threads."""
ANCHOR = "run-it-yourself"
VERDICTS = "chapters/verdicts"
"""The page of all verdicts, where the book has it."""
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Run:
    """How a notebook last ran: its seconds, those of its lab, Python, the main packages."""

    seconds: float
    lab_seconds: float
    python: str
    versions: Mapping[str, str]


def add_rerun(app: Sphinx) -> None:
    """Connect what tells readers how to run a thread again, and what they can download for it."""
    app.connect("html-page-context", add_rerun_parts)
    app.connect("build-finished", write_notebooks)


def add_rerun_parts(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Put a line above the article of a thread's page, and a section below it."""
    if not page.startswith(NOTEBOOKS):
        return
    book, slug = book_of(app), page.removeprefix(NOTEBOOKS)
    run = read_run(nbformat.read(book.root / EXECUTED / f"{slug}.ipynb", as_version=4))
    launches = list_launches(read_repository(book.root), f"{NOTEBOOKS}{slug}.ipynb")
    add_to_page(context, "top", render_line(run, launches))
    verdicts = [verdict for verdict in verdicts_of(app) if verdict.thread == slug]
    if verdicts and VERDICTS in app.env.found_docs:
        add_to_page(context, "top", link_verdicts(slug, verdicts))
    add_to_page(context, "foot", render_section(slug, run, launches))


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Put the notebooks beside their pages, as committed and as executed."""
    if exception is not None or app.builder.format != "html":
        return
    root, folder = Path(app.srcdir), Path(app.outdir) / NOTEBOOKS
    texts = {}
    for slug in book_of(app).slugs:
        name = f"{slug}.ipynb"
        texts[folder / name] = (root / NOTEBOOKS / name).read_text(encoding="utf-8")
        texts[folder / WITH_OUTPUTS / name] = (root / EXECUTED / name).read_text(encoding="utf-8")
    write_all(texts)


def read_run(executed: Any) -> Run:
    """Return what an executed notebook tells of its run, the packages that matter most first."""
    python = executed["metadata"].get("language_info", {}).get("version", "")
    found = recorded_versions(executed)
    versions = {name: found[name] for name in MAIN_PACKAGES.values() if name in found}
    return Run(recorded_seconds(executed), lab_seconds(executed), python, versions)


def name_duration(seconds: float) -> str:
    """Return a time in words that stay on one line: `46 s`, `2 min 44 s`; at least a second."""
    minutes, rest = divmod(max(round(seconds), 1), 60)
    parts = [f"{minutes}{NO_BREAK}min"] * (minutes > 0) + [f"{rest}{NO_BREAK}s"] * (rest > 0)
    return NO_BREAK.join(parts)


def describe_run(run: Run) -> Html:
    """Return a sentence on how long the notebook ran, on what, and with which versions."""
    names = {"Python": run.python} | dict(run.versions)
    versions = [f"{name}{NO_BREAK}{number}" for name, number in names.items() if number]
    told = f"It last ran in {name_duration(run.seconds)} on one core"
    if run.lab_seconds:
        told += f", {name_duration(run.lab_seconds)} of that for its lab"
    return escape_text(f"{told}, with {', '.join(versions)}." if versions else f"{told}.")


def render_line(run: Run, launches: list[Launch]) -> Html:
    """Return the line above the article: that the page can be run, and where."""
    links = [
        make_link(f"#{ANCHOR}", "Run it yourself"),
        *(make_link(launch.address, f"Open in {launch.name}") for launch in launches),
    ]
    told = f"This page is a notebook that ran in {name_duration(run.seconds)}."
    return Html(f'<p class="tb-run-line tb-no-print">{told} {" ".join(links)}</p>')


def link_verdicts(slug: str, verdicts: Sequence[Found]) -> Html:
    """Return how the verdicts of the thread's lab went, each count leading to those verdicts."""
    links = [
        f'<a class="tb-badge tb-is-{outcome}" '
        f'href="../{VERDICTS}.html#{urlencode({"verdict": outcome, "thread": slug})}">'
        f"{SIGNS[outcome]} {count} {outcome if count == 1 else outcome.removesuffix('s')}</a>"
        for outcome, count in count_outcomes(verdicts).items()
        if count
    ]
    return Html(f'<p class="tb-run-line tb-no-print">Its lab: {" ".join(links)}</p>')


def render_section(slug: str, run: Run, launches: list[Launch]) -> Html:
    """Return the section below the article: launch buttons, the run, what to download."""
    items = [
        (f"{slug}.ipynb", "The notebook", "without outputs, as it is in the repository"),
        (f"{WITH_OUTPUTS}{slug}.ipynb", "The same with outputs", "as it ran for this page"),
        (f"../{DATA}/{LOCK}", str(LOCK), "every package that it ran with, pinned by hash"),
    ]
    downloads = "".join(
        f'<li><a href="{escape(address)}" download>{text}</a>, {what}</li>'
        for address, text, what in items
    )
    return Html(
        f'<section class="tb-rerun" aria-labelledby="{ANCHOR}">\n'
        f'<h2 id="{ANCHOR}">Run it yourself</h2>\n{_render_launches(launches)}'
        f"<p>This page is a Jupyter notebook. {describe_run(run)} In a clone of the book, "
        f"<code>make{NO_BREAK}lab</code> opens it in JupyterLab.</p>\n"
        f'<ul class="tb-no-print">{downloads}</ul>\n</section>'
    )


def _render_launches(launches: list[Launch]) -> str:
    links = [
        f'<li><a href="{escape(launch.address)}">Open in {launch.name}</a></li>'
        for launch in launches
    ]
    return f'<ul class="tb-launches tb-no-print">{"".join(links)}</ul>\n' if links else ""
