"""The glossary: terms with their other names and a definition, from `chapters/glossary.md`.

The page is a Sphinx glossary, so the site makes its anchors and its index; this reader knows just
enough of the format for chapters to link to terms and for a check to find those that do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from threadbook.errors import InputError
from threadbook.files import read_or_none

GLOSSARY = Path("chapters/glossary.md")
_BLOCK = re.compile(r"^(`{3,}|:{3,})\{glossary\}[^\n]*\n(?P<body>.*?)^\1\s*$", re.M | re.S)


@dataclass(frozen=True)
class Term:
    """One entry: its names, the one it is listed under first, and its definition."""

    names: tuple[str, ...]
    definition: str
    line: int


@dataclass(frozen=True)
class Glossary:
    """The terms of a book; case, hyphens and a plural make no other name."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Term]:
        """Each term by each of its names, folded."""
        return {fold_name(name): term for term in self.terms for name in term.names}

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds any name as whole words, the longest first; None when there are no terms."""
        names = sorted(
            (name for term in self.terms for name in term.names),
            key=lambda name: (-len(name), name),
        )
        if not names:
            return None
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(_any_form, names))})(?![\w-])", re.I)

    def find(self, name: str) -> Term | None:
        """Return the term with this name, however it is broken, capitalised or counted."""
        return self.by_name.get(fold_name(name))


def fold_name(name: str) -> str:
    """Return a name in the form in which names are compared: lower case, no hyphens, singular."""
    return " ".join(map(_singular, re.split(r"[\s-]+", name.strip().lower())))


def _singular(word: str) -> str:
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word if word.endswith("ss") else word.removesuffix("s")


def _any_form(name: str) -> str:
    """Return the pattern of a name in the singular or plural, broken over lines or hyphenated."""
    words = (re.escape(_singular(word)) + "(?:e?s)?" for word in re.split(r"[\s-]+", name))
    return r"[\s-]+".join(words)


def anchor_of(name: str) -> str:
    """Return the anchor that Sphinx gives the entry of this name on the page of the glossary."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"term-{re.sub(r'[^A-Za-z0-9]+', '-', plain).strip('-')}"


def read_glossary(root: Path) -> Glossary:
    """Return the glossary of the book in `root`, empty where there is no such page.

    Refused: a term without definition, a definition without term, a name that stands twice.
    """
    path = root / GLOSSARY
    text = read_or_none(path) or ""
    terms: list[Term] = []
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start("body")) + 1
        terms += _read_block(block["body"], first, path)
    seen: set[str] = set()
    for term in terms:
        for name in term.names:
            if fold_name(name) in seen:
                raise InputError(path, term.line, f"the name {name!r} twice", "each name once")
            seen.add(fold_name(name))
    return Glossary(tuple(terms))


def _read_block(body: str, first: int, path: Path) -> list[Term]:
    terms: list[Term] = []
    names: list[str] = []
    words: list[str] = []
    start = first

    def close() -> None:
        if names and not words:
            raise InputError(path, start, f"the term {names[0]!r} alone", "a definition below it")
        if names:
            terms.append(Term(tuple(names), " ".join(words), start))
        names.clear()
        words.clear()

    for line, text in enumerate(body.splitlines(), start=first):
        if not text.strip():
            close()
            continue
        if text.startswith(":"):
            continue
        if text[0].isspace():
            if not names:
                raise InputError(path, line, f"{text.strip()!r}", "a term above its definition")
            words.extend(text.split())
            continue
        if words or not names:
            close()
            start = line
        names.append(text.strip())
    close()
    return terms
