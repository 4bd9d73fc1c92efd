"""The bibliography of the whole corpus, as the programs read it that people use."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import bibtexparser
import pytest
from pybtex.database import parse_string

from threadbook.library.bibtex import entry_bibtex, to_bibtex
from threadbook.library.latex import unescape_latex
from threadbook.library.table import format_papers, parse_papers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def references(corpus_papers, venues) -> str:
    return to_bibtex(corpus_papers, venues=venues)


@pytest.fixture
def folder(tmp_path: Path, references: str) -> Path:
    """Return a folder with references.bib in it."""
    (tmp_path / "references.bib").write_text(references, encoding="utf-8")
    return tmp_path


def run(*command: str, folder: Path) -> str:
    """Return what a program prints; its failing is ours."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_entries_are_of_the_right_types(corpus_papers) -> None:
    """The numbers are those of the confirmed venues in the facts."""
    kinds = Counter(paper.kind for paper in corpus_papers)
    assert kinds == {"conference": 261, "workshop": 3, "journal": 38, "book": 1, "preprint": 128}
    assert kinds.total() == 431


def test_unconfirmed_venues_are_not_printed(corpus_papers, facts) -> None:
    """31 venues were recalled and not seen."""
    unconfirmed = {fact.citekey for fact in facts if fact.venue_status == "unconfirmed"}
    assert len(unconfirmed) == 31
    assert {p.kind for p in corpus_papers if p.cite_key in unconfirmed} == {"preprint"}


def test_parsers_agree_with_the_papers(references: str, corpus_papers, venues) -> None:
    """Both parsers find 431 entries with the same fields, and nothing to warn of."""
    library = bibtexparser.parse_string(references)
    assert not library.failed_blocks
    assert not library.comments
    parsed = parse_string(references, "bibtex").entries
    assert len(library.entries) == len(parsed) == len(corpus_papers) == 431
    for entry, paper in zip(library.entries, corpus_papers, strict=True):
        fields = {field.key: field.value for field in entry.fields}
        other = parsed[entry.key]
        assert other.type == entry.entry_type
        assert dict(other.fields) == {k: v for k, v in fields.items() if k != "author"}
        assert [person.last_names for person in other.persons["author"]] == [
            name.family.split() for name in paper.names
        ]
        venue = next((fields[k] for k in ("booktitle", "journal", "publisher") if k in fields), "")
        assert (
            entry.key,
            unescape_latex(fields["title"]),
            fields["author"],
            fields["year"],
            fields.get("doi", ""),
            fields["eprint"],
            unescape_latex(venue),
            unescape_latex(fields["abstract"]),
            fields["keywords"],
        ) == (
            paper.cite_key,
            "{" + paper.title + "}",
            " and ".join(name.family_first() for name in paper.names),
            str(paper.year),
            paper.doi,
            paper.arxiv_id,
            venues.get(paper.venue, paper.venue),
            " ".join(paper.abstract.split()),
            "first-thread, second",
        )


def test_entry_of_a_card_stands_in_the_file(references: str, corpus_papers, venues) -> None:
    """What a reader copies from a card is what the bibliography has."""
    for paper in corpus_papers:
        assert entry_bibtex(paper, venues=venues) in references


def test_table_gives_the_same_papers_back(corpus_papers, facts, families) -> None:
    """Notebooks read the table, so nothing may be lost on the way."""
    text = format_papers(corpus_papers)
    assert parse_papers(text, "papers.csv", facts=facts, families=families) == corpus_papers


@pytest.mark.parametrize("style", ["plain", "abbrv", "alpha", "ieeetr"])
def test_bibtex_has_nothing_to_warn_of(folder: Path, requires_tool, style: str) -> None:
    """A field that a style requires and an entry lacks is a warning."""
    auxiliary = f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{references}}\n"
    (folder / "book.aux").write_text(auxiliary, encoding="ascii")
    said = run(requires_tool("bibtex"), "book", folder=folder)
    assert "warning" not in said.lower()
    assert "error" not in said.lower()
    assert (folder / "book.bbl").read_bytes().count(b"\\bibitem") == 431


def test_biber_finds_the_data_model_kept(folder: Path, requires_tool) -> None:
    """BibLaTeX knows which fields a type may have and of what form they are."""
    command = (requires_tool("biber"), "--tool", "--validate-datamodel", "references.bib")
    said = run(*command, "--output-file", "checked.bib", folder=folder)
    assert [line for line in said.splitlines() if "WARN" in line or "ERROR" in line] == []
    checked = (folder / "checked.bib").read_text(encoding="utf-8")
    assert sum(line.startswith("@") for line in checked.splitlines()) == 431


def test_pandoc_cites_every_entry(folder: Path, requires_tool, corpus_papers) -> None:
    """Of all readers of BibTeX it is the one that is strictest about names and braces."""
    page = '---\nbibliography: references.bib\nnocite: "@*"\n---\n'
    (folder / "page.md").write_text(page, encoding="utf-8")
    command = (requires_tool("pandoc"), "--citeproc", "--fail-if-warnings", "page.md")
    html = run(*command, "--to", "html", folder=folder)
    assert [p.cite_key for p in corpus_papers if f'id="ref-{p.cite_key}"' not in html] == []
    said = run(command[0], "references.bib", "--to", "csljson", folder=folder)
    titles = {item["id"]: item["title"] for item in json.loads(said)}
    # Quotes come out curled; all else as the paper has it.
    curled = str.maketrans("‘’“”", "''\"\"")
    found = {key: title.translate(curled) for key, title in titles.items()}
    assert found == {p.cite_key: p.title.translate(curled) for p in corpus_papers}
