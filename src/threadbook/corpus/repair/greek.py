"""Greek letters that lost their backslash, told from the English words that look the same."""

from __future__ import annotations

import re

from threadbook.corpus.repair.symbols import (
    GREEK,
    GREEK_CAPITALS,
    GREEK_VARIANTS,
    UNMISTAKABLE,
    any_of,
    pick_symbols,
    split_names,
)

_LETTERS = pick_symbols(name for name in (*GREEK, *GREEK_CAPITALS, *GREEK_VARIANTS))
_NAME = any_of(GREEK)
# Long enough that no camel-case name begins with them by chance (nuScenes, muParser, piRNA do).
_LONG = any_of(name for name in GREEK if len(name) >= 5)

# A quantity is compared, raised, indexed, divided by, counted, or stands in a bracket.
_FREE = rf"(?<![\w\\-])({_NAME})"
_IN_FORMULA = re.compile(
    "|".join(
        (
            rf"{_FREE}(?=\s?[=<>≤≥∈→≈]|[_^]| in [(\[]\d)",
            rf"{_FREE}(?=(?:in|to|sim|times|leq|geq|ll|gg)\s?[(\[{{\d∞])",
            rf"{_FREE}(?=\s?to\s?(?:infty|∞)|\s?(?:{any_of(UNMISTAKABLE)})(?![a-z]))",
            rf"(?<=[\d)]/)({_NAME})(?![\w-])",
            r"(?<=\d)(pi|mu|sigma|lambda|theta|epsilon|tau)(?![\w-])",
            rf"(?<=\(\d[+−-])({_NAME})(?=\))|(?<=\(\d [+−-] )({_NAME})(?=\))",
            rf"(?<=\()({_NAME})(?=, ?[A-Z]\))",
            rf"(?<=(?<![A-Za-z])[A-Za-z])({_LONG})(?=[_^])",
        )
    )
)
# A cheap look at the whole text first: nearly every text has no such name.
_ANY = re.compile(
    rf"(?<![A-Za-z])(?:{_NAME}|{any_of(GREEK_CAPITALS)})(?:in|to|sim|times|leq|geq|ll|gg|s)?(?![a-z])"
    rf"|{_LONG}|{any_of(GREEK_VARIANTS)}"
)
_PAIR = re.compile(rf"\(({_NAME}), ?({_NAME})\)(?=-)")
_GLUED = re.compile(
    rf"(?<![A-Za-z-])({_LONG})(?=[A-Z])|(?<=(?<![A-Za-z])[A-Z])({_LONG})(?=[a-z]?[A-Z])"
)
_VARIANT = re.compile(rf"(?<![A-Za-z]{{2}})({any_of(GREEK_VARIANTS)})(?![a-z])")
_CAPITAL = re.compile(
    rf"(?<![\w\\])(?<!\w-)(?:({any_of(GREEK_CAPITALS)})(?=\s?[_^])|(Theta|Omega)(?=\())"
    # "Theta (4-8 Hz)" is a rhythm: with a space before it, the bracket must hold a formula.
    r"|(?<![\w\\])(?<!\w-)(Theta|Omega) (?=\((?:\d/|[A-Za-z][)_^]))"
)

# Names whose bare form is no English term, so that standing like a noun makes them a letter.
_NOUN_LIKE = any_of(split_names("epsilon theta mu nu xi pi rho sigma tau phi psi omega eta"))
_FUNCTION_WORDS = split_names(
    "is are was to in of on over by with for as at from that which such we when while be varies"
)
_STANDS_ALONE = re.compile(
    rf"(?<![\w\\/-])(?<!\d )({_NOUN_LIKE})(?:[.,;)](?!\w)| (?:{any_of(_FUNCTION_WORDS)})\b)"
)
_TERMS = any_of(
    split_names(
        "distribution prior process function test version protein pathology lepton rhythm wave "
        "oscillation band correction ray channel matte rule method calculus expression statistic "
        "particle helix decay algebra point divergence"
    )
)
_AS_TERM = r"(?<![\w\\]){name}[ -](?:{terms})(?:s|es)?\b"


def read_greek(text: str) -> str:
    """Return `text` with Greek names that are letters as letters, and all others as they are.

    A name in a formula (`1/delta`, `epsilon=8`, `omegaGNN`) proves that the text lost its
    backslashes, so the same name is a letter wherever it stands alone in this text.
    """
    if not _ANY.search(text):
        return text
    proven = {name for match in _find_proofs(text) for name in match.groups() if name}
    proven &= set(GREEK)
    for pattern in (_VARIANT, _PAIR, _GLUED, _IN_FORMULA, _CAPITAL):
        text = pattern.sub(_to_letters, text)
    for name in filter(text.__contains__, GREEK):
        if name in proven:
            text = _replace_word(text, name, after=r"(?!\w)")
        elif _is_noun(text, name):
            text = _replace_word(text, name, after=r"(?![\w-])")
    return text


def _find_proofs(text: str) -> list[re.Match[str]]:
    return [match for pattern in (_PAIR, _GLUED, _IN_FORMULA) for match in pattern.finditer(text)]


def _to_letters(match: re.Match[str]) -> str:
    written = match[0]
    for name in filter(None, match.groups()):
        written = written.replace(name, _LETTERS[name], 1)
    return written.rstrip()  # of "Omega (n)" the match holds the space, which goes


def _is_noun(text: str, name: str) -> bool:
    """Tell whether `name` stands alone at least twice, once before a function word or a stop.

    One bare word could be a product's name; a letter that is never used again is rare.
    """
    if all(match[1] != name for match in _STANDS_ALONE.finditer(text)):
        return False
    often = len(re.findall(rf"(?<![\w\\/-]){name}s?(?![\w-])", text)) >= 2
    return often and _LETTERS[name] not in text and not _names_a_term(text, name)


def _names_a_term(text: str, name: str) -> bool:
    return bool(re.search(_AS_TERM.format(name=name, terms=_TERMS), text))


def _replace_word(text: str, name: str, *, after: str) -> str:
    term = rf"(?![ -](?:{_TERMS})(?:s|es)?\b)"
    return re.sub(rf"(?<![\w\\-]){name}(?={term}{after}|s(?![\w-]))", _LETTERS[name], text)
