"""The book of this repository: its counts, and that its bytes depend on its inputs alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from threadbook.book import Book, open_book
from threadbook.corpus.ledger import ledger_totals
from threadbook.corpus.listing import read_listings

ROOT = Path(__file__).parents[2]
LISTINGS, PAPERS = 469, 431


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book(ROOT)


def test_every_listing_is_a_paper_and_every_paper_has_its_entry(book):
    pages = read_listings((ROOT / "corpus/listings").glob("*.txt"))
    assert ledger_totals(pages)["title"] == LISTINGS
    assert sum(len(paper.listings) for paper in book.papers) == LISTINGS
    assert len(book.papers) == len({paper.cite_key for paper in book.papers}) == PAPERS
    entries = re.findall(r"^@\w+\{(.*),$", (ROOT / "references.bib").read_text("utf-8"), re.M)
    assert sorted(entries) == sorted(book.by_key)


def test_the_readme_counts_as_the_data_do(book):
    """Numbers in the README are typed; this keeps them true."""
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert f"{len(book.papers)} papers on deep learning in {len(book.slugs)} threads" in readme


def test_every_paper_has_one_card_in_the_notebook_of_its_home(book):
    cards: Counter[str] = Counter()
    for slug in book.slugs:
        notebook = nbformat.read(ROOT / f"notebooks/{slug}.ipynb", as_version=4)
        nbformat.validate(notebook)
        here = [cell.id[5:] for cell in notebook.cells if cell.id.startswith("card-")]
        assert here == [paper.cite_key for paper in book.thread(slug).papers]
        cards.update(here)
    assert cards == Counter(list(book.by_key))


def test_committed_notebooks_carry_no_outputs_and_no_roles(book):
    for slug in book.slugs:
        notebook = nbformat.read(ROOT / f"notebooks/{slug}.ipynb", as_version=4)
        for cell in notebook.cells:
            assert not cell.get("outputs")
            assert not re.search(r"\{[a-z]+(:[a-z]+)?\}`|^(:::|```\{)", cell.source, re.M)


def generate(out: Path, folder: Path, **environment: str) -> dict[str, bytes]:
    for script in ("build_library.py", "build_notebooks.py"):
        command = [sys.executable, str(ROOT / "scripts" / script)]
        command += ["--book", os.path.relpath(ROOT, folder), "--out", str(out)]
        subprocess.run(command, cwd=folder, env=os.environ | environment, check=True)
    files = sorted(file for file in out.rglob("*") if file.is_file())
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in files}


@pytest.mark.slow
def test_the_bytes_are_the_same_whatever_the_locale_zone_and_folder(tmp_path, book):
    """A rerunner on another machine must get the repository, not something like it."""
    here = generate(tmp_path / "one", ROOT, LC_ALL="C", TZ="UTC", PYTHONHASHSEED="1")
    there = generate(
        tmp_path / "two", tmp_path, LC_ALL="tr_TR.UTF-8", TZ="Pacific/Apia", PYTHONHASHSEED="2"
    )
    assert here == there
    tables = {f"data/{name}.csv" for name in ("papers", "claims", "lineage", "map")}
    others = tables | {"corpus/facts.csv", "references.bib", "_toc.yml"}
    assert set(here) == others | {f"notebooks/{slug}.ipynb" for slug in book.slugs}
    assert all((ROOT / name).read_bytes() == content for name, content in here.items())
