"""People's names: parsed from "Given Family", printed as bibliographies want them.

No rule knows where a family name of two words begins ("Amir Barati Farimani"); such names
come in as data, a mapping from the full name to its family name (`read_families`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from threadbook.errors import InputError
from threadbook.library.string_maps import read_pairs

NO_FAMILIES: Mapping[str, str] = MappingProxyType({})

# Words that open a family name when they are written in lower case.
_PARTICLES = """
    af al auf av bin bint d da dal dalla das de degli dei del della delle dello den der des di do
    dos du el ibn in la las le lo los op t 't ten ter tot van vande vander vom von zu zum zur
"""
PARTICLES = frozenset(_PARTICLES.split())
# Those that open one in upper case as well. Not among them: Bin, Das, Do, Den and Ten, which
# are given or whole family names in Chinese, Bengali, Vietnamese, Japanese.
_CAPITAL_PARTICLES = """
    Ben Da Dal Dalla De Del Della Der Des Di Dos Du El La Las Le Los Van Vande Vander Von Zu
"""
CAPITAL_PARTICLES = frozenset(_CAPITAL_PARTICLES.split())
# Before one of these, a capital "Van" or "Le" is a middle name.
_VIETNAMESE = """
    Bui Dang Dao Dinh Do Doan Duong Ha Ho Hoang Huynh Lam Le Luong Luu Ly Mai Ngo Nguyen Nguyễn
    Pham Phan Phung Ta Thai To Tran Trinh Truong Vo Vu Vuong
"""
VIETNAMESE = frozenset(_VIETNAMESE.split())
JOINS = frozenset(("e", "y"))  # "Ramón y Cajal": the family name begins a word earlier
SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))  # not V: "Shahraam Afshar V"
GROUP = re.compile(r"\b(Collaboration|Consortium|Team|Working Group|Initiative|Inc\.|Contributors)")
INITIALS = re.compile(r"(?<=\w\.)(?=\w\.)")


@dataclass(frozen=True)
class Name:
    """A name in parts; a group, and a person known by one name, is a family name alone.

    `particle` is the lower-case opening of a family name that many styles leave out of
    the alphabet (van den Berg); a capital one is part of `family` (De Lange).
    """

    given: str
    particle: str
    family: str
    suffix: str = ""

    @property
    def full_family(self) -> str:
        """The family name as printed in running text, with its particle."""
        return f"{self.particle} {self.family}".strip()

    @property
    def is_group(self) -> bool:
        """Whether this is a group's name, which is printed whole everywhere."""
        return not self.given and " " in self.family

    def given_first(self) -> str:
        """Return the name as it is spoken: given name, particle, family name, suffix."""
        return " ".join(filter(None, (self.given, self.particle, self.family, self.suffix)))

    def family_first(self) -> str:
        """Return `Family, Given` or `Family, Jr., Given`, as bibliographies sort it."""
        return ", ".join(filter(None, (self.full_family, self.suffix, self.given)))


def parse_name(full: str, families: Mapping[str, str] = NO_FAMILIES) -> Name:
    """Return the parts of a name written given name first; `families` overrules the rules.

    Initials that stick together are spaced ("K.H." is two), since BibTeX shortens words.
    """
    full = clean_name(full)
    if full in families:
        return _with_family(full, families[full])
    if GROUP.search(full):
        return Name("", "", full)
    words = full.replace(",", " ").split()
    suffix = words.pop() if len(words) > 2 and words[-1] in SUFFIXES else ""
    start = _family_start(words)
    return _make_name(words[:start], words[start:], suffix)


def parse_family_first(text: str) -> Name:
    """Return the parts of `Family, Given` or `Family, Jr., Given`; without comma, a family name."""
    family, *rest = (part.strip() for part in text.split(","))
    if not rest:
        return Name("", "", family)
    suffix = rest[0] if len(rest) > 1 else ""
    return _make_name(rest[-1].split(), family.split(), suffix)


def clean_name(full: str) -> str:
    """Return the name in composed Unicode with single spaces."""
    return " ".join(unicodedata.normalize("NFC", full).split())


def read_families(text: str, file: str) -> dict[str, str]:
    """Return family names by full name from YAML (`Amir Barati Farimani: Barati Farimani`).

    Refused: a repeated name, and a family name whose words do not stand in the name.
    """
    families: dict[str, str] = {}
    for line, key, value in read_pairs(text, file):
        full, family = clean_name(key), clean_name(value)
        if full in families:
            raise InputError(file, line, f"{full!r} again", "each name once")
        if _find_run(full.split(), family.split()) is None:
            raise InputError(file, line, f"family name {family!r}", f"words out of {full!r}")
        families[full] = family
    return families


def _family_start(words: Sequence[str]) -> int:
    """Return the index of the word where the family name begins; the first word is given."""
    last = len(words) - 1
    for index in range(1, last):
        word = words[index]
        if word in JOINS:
            return max(index - 1, 1)
        if word in PARTICLES:
            return index
        if word in CAPITAL_PARTICLES and words[last] not in VIETNAMESE:
            return index
    return max(last, 0)


def _make_name(given: Sequence[str], family: Sequence[str], suffix: str) -> Name:
    """Return a name whose lower-case opening words of the family name are its particle."""
    split = 0
    while split < len(family) - 1 and family[split] in PARTICLES:
        split += 1
    spaced = INITIALS.sub(" ", " ".join(given))
    return Name(spaced, " ".join(family[:split]), " ".join(family[split:]), suffix)


def _with_family(full: str, family: str) -> Name:
    """Return a name whose family name is known; the other words, in order, are given."""
    words, wanted = full.split(), family.split()
    start = _find_run(words, wanted)
    if start is None:
        raise ValueError(f"family name {family!r} is not part of {full!r}")
    if wanted == words:
        return Name("", "", full)
    rest = [*words[:start], *words[start + len(wanted) :]]
    suffix = rest.pop() if len(rest) > 1 and rest[-1] in SUFFIXES else ""
    return _make_name(rest, wanted, suffix)


def _find_run(words: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Return where `wanted` stands in `words` as a run, the last such place, or None."""
    size = len(wanted)
    starts = range(len(words) - size, -1, -1) if size else ()
    return next((i for i in starts if list(words[i : i + size]) == list(wanted)), None)
