"""The whole way, on the small book: corpus to audited site."""

from __future__ import annotations

import json
from pathlib import Path

import build_library
import build_notebooks
import build_site
import pytest
from bs4 import BeautifulSoup

from threadbook.book import open_book
from threadbook.site.audit import find_problems

CONFIG = Path(__file__).parents[2] / "_config.yml"
DOWNLOADS = {
    "references.bib",
    "references.json",
    "references.ris",
    "papers.csv",
    "claims.csv",
    "lineage.csv",
    "verdicts.csv",
    "requirements.lock",
    "paths.bib",
    "paths.ris",
    "small-networks.bib",
    "small-networks.ris",
    "cite",
    "coins.txt",
}


def build(folder: Path, more_config: str = "") -> str:
    config = CONFIG.read_text(encoding="utf-8") + more_config
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    arguments = ["--book", str(folder)]
    build_library.main(arguments)
    build_notebooks.main(arguments)
    return build_site.main([*arguments, "--jobs", "2"])


@pytest.mark.slow
def test_the_small_book_builds_and_is_sound(book_folder):
    """Warnings are errors in the build, so a site that is there had none."""
    (book_folder / "chapters/index.md").write_text(
        "# Small book\n\nSee {cite:t}`ash2022straight,ash2022curved`.\n", encoding="utf-8"
    )
    chapter = book_folder / "chapters/threads/paths.md"
    computed = "After {glue:text}`steps:.0f` steps $t_4 = 1$."
    text = chapter.read_text(encoding="utf-8").replace("The rest is silence.", computed)
    chapter.write_text(text, encoding="utf-8")
    assert "2 notebooks run and 0 unchanged" in build(book_folder)
    html = book_folder / "_build/html"
    assert find_problems(html, open_book(book_folder)) == []
    assert {file.name for file in (html / "data").iterdir()} == DOWNLOADS
    assert len(json.loads((html / "data/references.json").read_text(encoding="utf-8"))) == 4
    index = BeautifulSoup((html / "index.html").read_text("utf-8"), "html.parser")
    assert "See Ash et al. (2022) and Ash (2022)." in index.get_text()
    page = BeautifulSoup((html / "notebooks/paths.html").read_text(encoding="utf-8"), "html.parser")
    assert "It takes 4.0 steps." in page.get_text(" ", strip=True)
    assert page.select_one("p .katex annotation").string == "t_4 = 1"
    assert page.select("link[href*='katex.min.css']")
    assert not index.select("link[href*='katex.min.css']")
    citations = [link["href"] for link in page.find_all("a", class_="tb-cite")]
    assert citations[:2] == ["#ash2022straight", "#ash2022curved"]
    assert citations[2:] == ["small-networks.html#fir2021rounding"]
    assert "find_spec" not in str(page)
    rerun = page.select_one("section.tb-rerun")
    assert "on one core, with Python" in rerun.get_text()
    assert "matplotlib" in rerun.get_text()
    assert not page.select("a[href*='mybinder.org'], a[href*='colab']")
    names = [link["href"] for link in rerun.select("a[download]")]
    assert names == ["paths.ipynb", "executed/paths.ipynb", "../data/requirements.lock"]
    files = [(html / "notebooks" / name).read_bytes() for name in names[:2]]
    assert files[0] == (book_folder / "notebooks/paths.ipynb").read_bytes()
    assert files[1] == (book_folder / "_build/executed/paths.ipynb").read_bytes()
    assert not index.select(".tb-run-line, .tb-rerun")
    assert "0 notebooks run and 2 unchanged" in build(book_folder)


@pytest.mark.slow
def test_a_citation_of_nobody_fails_the_build(book_folder):
    """A page that cites a paper which the book does not have must not be published."""
    (book_folder / "chapters/index.md").write_text(
        "# Small book\n\n{cite:t}`nobody2000nothing`\n", encoding="utf-8"
    )
    with pytest.raises(SystemExit, match="citation of unknown key 'nobody2000nothing'"):
        build(book_folder)


@pytest.mark.slow
def test_a_notebook_that_raises_is_named_with_its_traceback(book_folder):
    chapter = book_folder / "chapters/threads/paths.md"
    text = chapter.read_text(encoding="utf-8").replace('tb.glue("steps", 4.0)', "1 / 0")
    chapter.write_text(text, encoding="utf-8")
    message = r"(?s)paths: code cell 2 failed.*1 / 0.*ZeroDivisionError"
    with pytest.raises(SystemExit, match=message):
        build(book_folder)


def write_pages(book_folder: Path) -> None:
    """Add a glossary, a part, authors and a map, with a chapter that leads to them."""
    chapters = book_folder / "chapters"
    chapter = chapters / "threads/paths.md"
    prose = "A {term}`Straight paths <straight path>` or {thread}`small-networks`."
    text = chapter.read_text(encoding="utf-8").replace("The rest is silence.", prose)
    chapter.write_text(text, encoding="utf-8")
    (chapters / "glossary.md").write_text(
        "# Glossary\n\n```{glossary-letters}\n```\n\n```{glossary}\nstraight path\n  A *line* from noise to data.\n```\n",
        encoding="utf-8",
    )
    (chapters / "parts").mkdir()
    (chapters / "parts/size.md").write_text(
        "# Size\n\n{thread}`paths` and {term}`straight path`.\n\n```{part-figure}\n```\n\n"
        "```{thread-list} size\n```\n",
        encoding="utf-8",
    )
    (chapters / "authors.md").write_text(
        "# Authors\n\nBack to {doc}`the opening page <index>`.\n\n```{author-index}\n```\n",
        encoding="utf-8",
    )
    (chapters / "index.md").write_text(
        "# Small book\n\n{doc}`Authors <authors>`\n\n```{paper-map}\n```\n\n```{thread-list}\n```\n",
        encoding="utf-8",
    )
    (chapters / "pages.yml").write_text("back: [glossary, authors]\n", encoding="utf-8")


@pytest.mark.slow
def test_terms_threads_and_a_part_lead_where_they_should(book_folder):
    """One role in a chapter, a plain link in its notebook, the definition's anchor on the site."""
    write_pages(book_folder)
    build(book_folder, "repository:\n  url: https://github.com/owner/name\n")
    html = book_folder / "_build/html"
    assert find_problems(html, open_book(book_folder)) == []
    notebook = (book_folder / "notebooks/paths.ipynb").read_text(encoding="utf-8")
    assert "[Straight paths](../chapters/glossary.md#term-straight-path" in notebook
    page = BeautifulSoup((html / "notebooks/paths.html").read_text("utf-8"), "html.parser")
    term = page.find("a", class_="tb-term")
    assert term is not None
    assert term["href"] == "../chapters/glossary.html#term-straight-path"
    assert term["title"] == "A *line* from noise to data."
    assert page.find("a", href="small-networks.html", string="Small networks") is not None
    glossary = BeautifulSoup((html / "chapters/glossary.html").read_text("utf-8"), "html.parser")
    assert [link["href"] for link in glossary.select(".tb-letters a")] == ["#term-straight-path"]
    launches = [link["href"] for link in page.select(".tb-launches a")]
    assert launches == [
        "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/notebooks/paths.ipynb",
        "https://colab.research.google.com/github/owner/name/blob/main/notebooks/paths.ipynb",
    ]
    assert [link["href"] for link in page.select(".tb-run-line a")][1:] == launches
    part = BeautifulSoup((html / "chapters/parts/size.html").read_text("utf-8"), "html.parser")
    assert part.find("a", href="../../notebooks/paths.html", string="Paths") is not None
    assert part.find("figure", id="fig-part") is not None
    names = BeautifulSoup((html / "chapters/authors.html").read_text("utf-8"), "html.parser")
    assert names.find("a", href="../notebooks/small-networks.html#fir2021rounding") is not None
    assert names.find("a", href="../index.html", string="the opening page") is not None
    assert not names.select("script[src*='map.js']")
    index = BeautifulSoup((html / "index.html").read_text("utf-8"), "html.parser")
    assert index.find("a", href="chapters/authors.html", string="Authors") is not None
    assert index.find("a", href="chapters/parts/size.html", string="Size") is not None
    assert index.select("script[src^='_static/map.js']")
    assert index.select_one("svg a[href='notebooks/paths.html#ash2022curved']") is not None
    assert len(json.loads((html / "_static/map.json").read_text(encoding="utf-8"))) == 4
    assert "../index.html" in (html / "chapters/index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_tables_and_the_cards_lead_to_one_another(book_folder):
    """On the site a card links to pages although its notebook links to notebooks."""
    chapters = book_folder / "chapters"
    names = ("papers", "claims", "lineage")
    for name in names:
        text = f"# {name}\n\n```{{{name}-table}}\n```\n"
        (chapters / f"{name}.md").write_text(text, encoding="utf-8")
    (chapters / "pages.yml").write_text(f"back: [{', '.join(names)}]\n", encoding="utf-8")
    (chapters / "lineage.yml").write_text(
        "edges:\n  - citing: ash2022straight\n    cited: fir2021rounding\n"
        '    relation: builds-on\n    evidence: "straight paths"\n',
        encoding="utf-8",
    )
    build(book_folder)
    html = book_folder / "_build/html"
    book = open_book(book_folder)
    assert find_problems(html, book) == []
    for name, rows in zip(names, (book.papers, book.claims, book.lineage), strict=True):
        page = BeautifulSoup((html / f"chapters/{name}.html").read_text("utf-8"), "html.parser")
        assert len(page.select(".tb-records tbody tr")) == len(rows) > 0
        assert page.find("a", href=f"../data/{name}.csv") is not None
        assert page.select("script[src*='tables.js']")
    card = BeautifulSoup((html / "notebooks/paths.html").read_text("utf-8"), "html.parser")
    assert card.select(".tb-card a[href='small-networks.html#fir2021rounding']")
    assert card.select("mark[id^='ash2022straight-at-']")
    assert not card.select("script[src*='tables.js']")
    index = (html / "index.html").read_text("utf-8")
    assert "tables.js" not in index
