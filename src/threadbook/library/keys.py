"""Citation keys: family name, year and first significant title word (`liu2022flow`).

A key is made once, stored in corpus/facts.csv and never computed again: a reader's own
bibliography cites it. The rules, for ASCII lower-case letters and digits only:

- particles and all words of a family name are joined (`vandermeulen`, `garciatrillos`);
- accents are dropped (ü → u, ø → o, ß → ss); a Greek letter becomes the first of its name;
- stop-words and words that begin with a digit are skipped ("3D" after a year is unreadable);
- a hyphenated word is one word (`dpmsolver`);
- where a key is taken, the next significant word replaces the first; where no word is left,
  the letters b, c, … follow the first candidate. Rows are served in the order of the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import chain, product
from string import ascii_lowercase, digits

_STOP_WORDS = """
    a an and any are as at be been between beyond both but by can could do does during each even
    for from had has have how if in into is it its let make may much must need no nor not of off
    on or our out over per should so some such than that the their them then there these they
    this those through to too toward towards under until up upon using versus via vs was we were
    what when where whether which while who whom whose why will with within without would yet
    you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
# Letters that Unicode does not take apart into a base letter and an accent.
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
BREAKS = re.compile(r"[\s/–—]+|-{2,}")
POSSESSIVE = re.compile(r"['’]\w*$")


def fold(text: str) -> str:
    """Return the letters and digits of `text` as ASCII lower case; what has no such form goes."""
    # Compatibility forms (𝕊) have no lower case, so they are taken apart before as well.
    lower = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFKD", lower).translate(LETTERS)
    return "".join(_fold_letter(letter) for letter in plain)


def significant_words(title: str) -> tuple[str, ...]:
    """Return the folded title words that may stand in a key, in order."""
    words = (
        word for word in BREAKS.split(title) if fold(POSSESSIVE.sub("", word)) not in STOP_WORDS
    )
    return tuple(folded for folded in map(fold, words) if folded and not folded[0].isdigit())


def make_key(family: str, year: int, title: str, taken: Collection[str]) -> str:
    """Return the first key of this paper that is not among `taken`.

    A family name without a Latin or Greek letter gives "anon", a title without one "untitled".
    """
    stem = f"{fold(family).lstrip(digits) or 'anon'}{year}"
    words = significant_words(title) or ("untitled",)
    candidates = chain((stem + word for word in words), _lettered(stem + words[0]))
    return next(key for key in candidates if key not in taken)


def _lettered(key: str) -> Iterator[str]:
    """Yield the key with b, c, …, z, then aa, ab, … after it."""
    yield from (key + letter for letter in ascii_lowercase[1:])
    size = 2
    while True:
        yield from (key + "".join(letters) for letters in product(ascii_lowercase, repeat=size))
        size += 1


def _fold_letter(letter: str) -> str:
    """Return an ASCII letter or digit for one decomposed character, or ""."""
    if letter.isascii():
        return letter if letter.isalnum() else ""
    name = unicodedata.name(letter, "")
    if name.startswith("GREEK SMALL LETTER "):
        return name.removeprefix("GREEK SMALL LETTER ")[0].lower()
    return ""
