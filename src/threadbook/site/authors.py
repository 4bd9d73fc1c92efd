"""The index of authors: every name of the library, with links to the papers' cards."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from threadbook.book import Book
from threadbook.library.names import Name
from threadbook.library.papers import Paper
from threadbook.site.context import NOTEBOOKS, book_of, climb


@dataclass(frozen=True)
class Author:
    """A name as printed, the letter it is filed under, and the papers that carry it."""

    shown: str
    letter: str
    papers: tuple[Paper, ...]


def index_authors(book: Book) -> tuple[Author, ...]:
    """Return the authors in alphabetical order of their family names.

    Names are filed as they are printed on the papers: nobody knows whether two papers with one
    name have one author, or whether "J. Smith" is "John Smith".
    """
    papers: dict[Name, list[Paper]] = defaultdict(list)
    for paper in sorted(book.papers, key=lambda paper: (paper.first_posted, paper.cite_key)):
        for name in dict.fromkeys(paper.names):
            papers[name].append(paper)
    ordered = sorted(papers, key=_file_name)
    return tuple(
        Author(_show(name), _file_name(name)[0][:1].upper(), tuple(papers[name]))
        for name in ordered
    )


def _file_name(name: Name) -> tuple[str, str]:
    """Return family and given name as the alphabet files them: without accents or case.

    A lower-case particle (van den Berg) is left out of the alphabet.
    """
    return _fold(name.family), _fold(f"{name.given} {name.particle} {name.suffix}")


def _fold(text: str) -> str:
    letters = text.replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("Ł", "L")
    plain = unicodedata.normalize("NFKD", letters)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return kept.casefold().lstrip("'’- ")


def _show(name: Name) -> str:
    family = f"{name.full_family} {name.suffix}".strip()
    return f"{family}, {name.given}" if name.given else family


class AuthorIndex(SphinxDirective):
    """All authors, a section a letter, with links to their papers."""

    def run(self) -> list[nodes.Node]:
        """Return a line of letters, then a list a letter."""
        book = book_of(self.env.app)
        self.env.note_dependency(str(book.root / "data/papers.csv"))
        groups = [
            (letter, list(authors))
            for letter, authors in groupby(index_authors(book), key=lambda author: author.letter)
        ]
        jump = nodes.paragraph(classes=["tb-letters"])
        found: list[nodes.Node] = [jump]
        for letter, authors in groups:
            anchor = f"authors-{letter.lower()}"
            jump += nodes.reference(letter, letter, refuri=f"#{anchor}", internal=True)
            jump += nodes.Text(" ")
            heading = nodes.rubric(letter, letter, ids=[anchor])
            items = nodes.bullet_list(classes=["tb-authors"])
            items += [self._item(book, author) for author in authors]
            found += [heading, items]
        return found

    def _item(self, book: Book, author: Author) -> nodes.list_item:
        line = nodes.paragraph("", f"{author.shown}: ")
        up = climb(self.env.docname)
        for place, paper in enumerate(author.papers):
            label = book.labels[paper.cite_key]
            text = label.parenthetical
            address = f"{up}{NOTEBOOKS}{paper.thread}.html#{paper.cite_key}"
            line += nodes.Text("; " if place else "")
            line += nodes.reference(text, text, refuri=address, reftitle=paper.title, internal=True)
        return nodes.list_item("", line)


def count_authors(book: Book) -> int:
    """Return how many names the index has."""
    return len({name for paper in book.papers for name in paper.names})
