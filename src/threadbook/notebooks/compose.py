"""A thread's notebook, composed from its chapter and from what the data can give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from threadbook.book import Book, BookThread
from threadbook.charts.timeline_words import name_month
from threadbook.errors import InputError
from threadbook.notebooks.cards import render_card
from threadbook.notebooks.first_cell import TAGS, first_cell
from threadbook.notebooks.repository import read_repository
from threadbook.notebooks.roles import References, check_roles, rewrite_roles, split_prose
from threadbook.notebooks.ties import NO_TIES, collect_ties
from threadbook.threads.claims.table import CLAIMS
from threadbook.threads.map import MAP
from threadbook.threads.problems import PROBLEMS
from threadbook.writing.glossary import read_glossary

FIGURE = re.compile(
    r"""\bname\s*=\s*["'](fig-[\w-]+)["']|\btb\.(timeline|idea|gains|matrix|place|terms)_figure\("""
)
HIDDEN = {"remove-input", "remove-cell", "hide-input"}
CARD_TAG = "paper-card"


def compose_notebook(thread: BookThread, chapter: str, file: Path | str) -> str:
    """Return the text of the thread's .ipynb: set-up, head, chapter, cards.

    It has no outputs, and ids that stay.

    `chapter` is a MyST notebook and `file` its name in errors.
    """
    cells = [*read_cells(chapter, file), *_figures(thread, chapter)]
    book = thread.book
    shorts = {item.slug: item.short for item in book.taxonomy.threads}
    glossary = read_glossary(book.root)
    references = References(book.by_key, book.labels, number_figures(cells), glossary, shorts)
    check_roles(chapter, references, file)
    notebook = new_notebook(
        cells=[*_head(thread), *_body(cells, references), *_foot(thread)],
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "threadbook": {"thread": thread.slug},
        },
    )
    for index, cell in enumerate(notebook.cells):
        cell.setdefault("id", "")
        if cell["metadata"].get("tags") != [CARD_TAG]:
            cell["id"] = f"cell-{index:03d}"
    source = first_cell(read_repository(book.root))
    notebook.cells.insert(0, _code_cell(source, {"tags": list(TAGS)}, id="set-up"))
    return str(nbformat.writes(notebook, version=4)) + "\n"


def read_cells(chapter: str, file: Path | str) -> list[Any]:
    """Return the cells of a MyST notebook; a heading of level one is refused."""
    for number, line in enumerate(_without_code(chapter).splitlines(), start=1):
        if line.startswith("# "):
            raise InputError(
                file,
                number,
                f"heading {line!r}",
                "sections from '## ' down; threads.yml has the title",
            )
    return list(jupytext.reads(chapter, fmt="md:myst").cells)


def number_figures(cells: Iterable[Any]) -> dict[str, int]:
    """Return the number of each figure by its name, in the order in which the cells name them."""
    names: dict[str, int] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            for match in FIGURE.finditer(cell["source"]):
                names.setdefault(match[1] or f"fig-{match[2]}", len(names) + 1)
    return names


def neighbours(book: Book, slug: str, most: int = 4) -> list[str]:
    """Return the slugs of the threads that share most papers with `slug`, most first.

    A paper is shared when it is at home in one of two threads and belongs to the other too.
    """
    shared: Counter[str] = Counter()
    for thread in book.taxonomy.threads:
        for key in thread.also:
            home = book.by_key[key].thread
            pair = {thread.slug, home}
            if slug in pair:
                shared.update(pair - {slug})
    order = {name: index for index, name in enumerate(book.slugs)}
    return sorted(shared, key=lambda name: (-shared[name], order[name]))[:most]


def _head(thread: BookThread) -> list[Any]:
    setup = (
        "import threadbook as tb\n"
        "from threadbook import charts\n\n"
        "charts.apply_style()\n"
        f'thread = tb.open_thread("{thread.slug}")'
    )
    return [
        new_markdown_cell(f"# {thread.title}"),
        new_markdown_cell(_glance(thread), metadata={"tags": ["at-a-glance"]}),
        _code_cell(setup, {"tags": ["remove-input"]}),
    ]


def _glance(thread: BookThread) -> str:
    posted = sorted(paper.first_posted for paper in thread.papers)
    titles = {item.slug: item.title for item in thread.book.taxonomy.threads}
    near = [f"[{titles[slug]}]({slug}.ipynb)" for slug in neighbours(thread.book, thread.slug)]
    rows = [
        f"> **The question.** {thread.question}",
        ">",
        f"> **{len(thread.papers)} papers**, first posted from "
        f"{name_month(posted[0])} to {name_month(posted[-1])}, "
        f"in {len(thread.subthreads)} sub-threads: "
        + "; ".join(part.title for part in thread.subthreads)
        + ".",
    ]
    if near:
        rows += [">", f"> **Next door:** {'; '.join(near)}."]
    return "\n".join(rows)


def _body(cells: Iterable[Any], references: References) -> Iterable[Any]:
    for cell in cells:
        if cell["cell_type"] == "code":
            yield _code_cell(cell["source"], cell["metadata"])
            continue
        for text, computed in split_prose(cell["source"]):
            prose = rewrite_roles(text, references)
            if computed:
                yield _code_cell(f'tb.say(r"""\n{prose}\n""")', {"tags": ["remove-input"]})
            else:
                yield new_markdown_cell(prose)


def _code_cell(source: str, metadata: Mapping[str, Any], **fields: str) -> Any:
    """Return a code cell whose hiding tags are told to JupyterLab and Colab too."""
    kept = dict(metadata)
    if HIDDEN & set(kept.get("tags", ())):
        kept = {"cellView": "form", "jupyter": {"source_hidden": True}} | kept
    return new_code_cell(source, metadata=kept, **fields)


def _figures(thread: BookThread, chapter: str) -> list[Any]:
    """Return the section of the figures that data give every thread, as far as there are data.

    A figure that the chapter shows itself is not shown again.
    """
    root = thread.book.root
    kinds = {
        "gains": (root / CLAIMS).exists(),
        "matrix": (root / PROBLEMS / f"{thread.slug}.yml").exists(),
        "place": (root / MAP).exists(),
        "terms": bool(thread.other_papers),
    }
    calls = [f"tb.{kind}_figure(thread)" for kind, has_data in kinds.items() if has_data]
    cells = [
        new_code_cell(call, metadata={"tags": ["remove-input"]})
        for call in calls
        if call not in chapter
    ]
    return [new_markdown_cell("## The thread in figures"), *cells] if cells else []


def _foot(thread: BookThread) -> Iterable[Any]:
    yield new_markdown_cell(
        "## The papers of this thread\n\n"
        "Each card opens to authors, links, the abstract and the BibTeX entry; where the abstract "
        "has them, also to the figures that it reports and to the papers that it takes up."
    )
    book, ties = thread.book, collect_ties(thread.book)
    for part in thread.subthreads:
        # No heading: the chapter may have the same ones, and a page lists each only once.
        yield new_markdown_cell(f"**{part.title}**")
        for key in part.papers:
            card = render_card(book.by_key[key], venues=book.venues, ties=ties.get(key, NO_TIES))
            yield new_markdown_cell(card, id=f"card-{key}", metadata={"tags": [CARD_TAG]})


def _without_code(text: str) -> str:
    """Return the text with the lines of code blocks blank, so line numbers stay."""
    return re.sub(
        r"^(`{3,}|~{3,}).*?^\1[`~]*\s*$", lambda m: "\n" * m[0].count("\n"), text, flags=re.M | re.S
    )
