"""The one normal form in which titles and texts are compared."""

from __future__ import annotations

import string
import unicodedata

# "+" and "#" tell names apart (C, C++, C#), so they are not folded away as punctuation.
_KEPT_SIGNS = frozenset("+#")
_ASCII_FOLD = str.maketrans(dict.fromkeys(set(string.punctuation) - _KEPT_SIGNS, " "))
_KEPT_CATEGORIES = frozenset("LNM")  # letters, numbers, and the marks that belong to letters


def normalise_title(title: str) -> str:
    """Return `title` in NFKC, casefolded, with every run of punctuation and space as one space.

    A title of punctuation alone keeps it: an empty key would make all such titles equal.
    """
    text = _fold_case(title)
    if text.isascii():
        folded = text.translate(_ASCII_FOLD)
    else:
        folded = "".join(char if _is_kept(char) else " " for char in text)
    return " ".join(folded.split()) or " ".join(text.split())


def _fold_case(text: str) -> str:
    # Casefolding can undo NFKC ("ǰ" becomes two characters) and the other way round.
    text = unicodedata.normalize("NFKC", text)
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text.casefold())
    return text


def _is_kept(char: str) -> bool:
    return char in _KEPT_SIGNS or unicodedata.category(char)[0] in _KEPT_CATEGORIES
