"""What the book says of itself, in CITATION.cff: title, authors, year, address, licences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from sphinx.application import Sphinx

from threadbook.book import BookThread
from threadbook.errors import InputError
from threadbook.files import read_or_none
from threadbook.site.context import NOTEBOOKS, book_of

CITATION = Path("CITATION.cff")


@dataclass(frozen=True)
class BookFacts:
    """What the book says of itself: who made it, its title, and the year of this edition.

    `address` is where it stands, ending in a slash; like the rest it is empty where not known.
    """

    authors: tuple[str, ...]
    title: str
    year: str
    address: str = ""
    abstract: str = ""
    licences: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The citation key of the book."""
        word = "".join(letter for letter in self.title.split()[0].lower() if letter.isalnum())
        return f"{word}{self.year}"

    def key_of(self, thread: BookThread) -> str:
        """Return the citation key of a thread as a chapter of the book."""
        return f"{self.key}-{thread.slug}"

    def address_of(self, thread: BookThread) -> str:
        """Return where the thread's page stands; "" for a book without an address."""
        return f"{self.address}{NOTEBOOKS}{thread.slug}.html" if self.address else ""


def facts_of(app: Sphinx) -> BookFacts:
    """Return the facts of the book that is built; from its configuration without a CITATION.cff."""
    root, year = book_of(app).root, str(app.config.copyright)[:4]
    if not (root / CITATION).exists():
        return BookFacts((app.config.author,), app.config.html_title, year)
    return read_book_facts(root, year)


def read_book_facts(root: Path, year: str) -> BookFacts:
    """Return the facts of the book's CITATION.cff; without that file, or a title, it is refused."""
    text = read_or_none(root / CITATION)
    fields = yaml.safe_load(text) if text else None
    if not isinstance(fields, dict) or not fields.get("title") or not fields.get("authors"):
        raise InputError(root / CITATION, None, "no title and authors", "a citation file with both")
    names = [
        person.get("name") or f"{person.get('family-names', '')}, {person.get('given-names', '')}"
        for person in fields["authors"]
    ]
    address = str(fields.get("url", ""))
    licences = fields.get("license", [])
    return BookFacts(
        tuple(names),
        str(fields["title"]),
        year,
        address=f"{address.rstrip('/')}/" if address else "",
        abstract=str(fields.get("abstract", "")).strip(),
        licences=(licences,) if isinstance(licences, str) else tuple(licences),
    )
