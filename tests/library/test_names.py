"""Names: where the family name begins, and that BibTeX's own readers agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Person

from threadbook.errors import InputError
from threadbook.library.bibtex import name_bibtex
from threadbook.library.latex import unescape_latex
from threadbook.library.names import Name, parse_family_first, parse_name, read_families

SPLIT = {
    "Xingchao Liu": "Liu, Xingchao",
    "Rianne van den Berg": "van den Berg, Rianne",
    "Gido M. van de Ven": "van de Ven, Gido M.",
    "Johannes von Oswald": "von Oswald, Johannes",
    "Philipp del Hougne": "del Hougne, Philipp",
    "Valentin De Bortoli": "De Bortoli, Valentin",
    "Francesco Di Giovanni": "Di Giovanni, Francesco",
    "Nicolas Le Roux": "Le Roux, Nicolas",
    "Laurent El Ghaoui": "El Ghaoui, Laurent",
    "Maria de la Cruz": "de la Cruz, Maria",
    "Santiago Ramón y Cajal": "Ramón y Cajal, Santiago",
    "Eric Vanden-Eijnden": "Vanden-Eijnden, Eric",
    "Stéphane d'Ascoli": "d'Ascoli, Stéphane",
    "Martin Luther King, Jr.": "King, Jr., Martin Luther",
    "Frank E. Curtis III": "Curtis, III, Frank E.",
    "Chang D Yoo": "Yoo, Chang D",
    "Jörg K.H. Franke": "Franke, Jörg K. H.",
    "Hong-Yuan Mark Liao": "Liao, Hong-Yuan Mark",
    "Plato": "Plato",
    "The ATLAS Collaboration": "The ATLAS Collaboration",
}
# Words that are particles elsewhere and given or family names here.
TRAPS = {
    "Quoc Le": "Le, Quoc",
    "Soham De": "De, Soham",
    "Yilun Du": "Du, Yilun",
    "Van Minh Nguyen": "Nguyen, Van Minh",
    "Minh Van Nguyen": "Nguyen, Minh Van",
    "El Mehdi Achour": "Achour, El Mehdi",
    "Bin Bin Chen": "Chen, Bin Bin",
    "Di He": "He, Di",
    "Dharma Raj KC": "KC, Dharma Raj",
    "Matt Le": "Le, Matt",
}


@pytest.mark.parametrize(("full", "family_first"), [*SPLIT.items(), *TRAPS.items()])
def test_family_name_is_found(full: str, family_first: str) -> None:
    """A particle taken for a given name puts van den Berg under B in some lists and V in others."""
    assert parse_name(full).family_first() == family_first


@pytest.mark.parametrize("full", [*SPLIT, *TRAPS])
def test_name_reads_back_from_its_family_first_form(full: str) -> None:
    """RIS and BibTeX hold only this form, so it must say as much as the parts do."""
    name = parse_name(full)
    if not name.is_group:
        assert parse_family_first(name.family_first()) == name


@pytest.mark.parametrize("full", [*SPLIT, *TRAPS])
def test_pybtex_takes_the_same_name_apart(full: str) -> None:
    """The bibliography on the site is made by pybtex, from the text and not from our parts."""
    name = parse_name(full)
    assert read_person(name_bibtex(name)) == name


def test_every_name_of_the_corpus_survives_pybtex(facts, families) -> None:
    """One misread name among two thousand would be wrong in every bibliography that has it."""
    names = {parse_name(author, families) for fact in facts for author in fact.authors}
    assert len(names) > 1_800
    assert [name for name in names if read_person(name_bibtex(name)) != name] == []


def test_names_of_the_exception_file_stand_in_the_corpus(facts, families) -> None:
    """An exception for a name that nobody has is a typing error that helps nobody."""
    authors = {author for fact in facts for author in fact.authors}
    assert set(families) <= authors


def test_exception_overrules_the_rules() -> None:
    """Family names of two words, and names written family first, can only be known."""
    families = {
        "Nicolás García Trillos": "García Trillos",
        "Li Ji-An": "Li",
        "Prathosh A.P.": "Prathosh",
        "Shahraam Afshar V": "Afshar V",
        "OpenAI Five": "OpenAI Five",
        "John da Silva Souza Jr.": "da Silva Souza",
    }
    found = {full: parse_name(full, families) for full in families}
    assert found == {
        "Nicolás García Trillos": Name("Nicolás", "", "García Trillos"),
        "Li Ji-An": Name("Ji-An", "", "Li"),
        "Prathosh A.P.": Name("A. P.", "", "Prathosh"),
        "Shahraam Afshar V": Name("Shahraam", "", "Afshar V"),
        "OpenAI Five": Name("", "", "OpenAI Five"),
        "John da Silva Souza Jr.": Name("John", "da", "Silva Souza", "Jr."),
    }


def test_exception_that_does_not_fit_its_name_is_refused() -> None:
    """Handed over by code instead of a file, it would drop words of the name."""
    with pytest.raises(ValueError, match="'Berg' is not part of 'Xingchao Liu'"):
        parse_name("Xingchao Liu", {"Xingchao Liu": "Berg"})


def test_given_first_form_keeps_every_part() -> None:
    """Cards print names as they are spoken."""
    assert parse_name("Frans de van Berg Jr.").given_first() == "Frans de van Berg Jr."


def test_group_is_braced_for_bibtex() -> None:
    """Unbraced, BibTeX would shorten The ATLAS Collaboration to T. A. Collaboration."""
    assert name_bibtex(parse_name("The ATLAS Collaboration")) == "{The ATLAS Collaboration}"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Ann Lee: Lee\nAnn Lee: Ann\n", 2, "each key once"),
        ("Ann Lee: Lee\n' Ann  Lee': Ann\n", 2, "each name once"),
        ("\nAnn Lee: Berg\n", 2, "words out of 'Ann Lee'"),
        ("- Ann Lee\n", 1, "mapping"),
        ("Ann Lee: [Lee]\n", 1, "one string for one string"),
        ("Ann Lee:\n", 1, "no empty string"),
        ("Ann Lee: Lee\nBo: {\n", 3, "YAML"),
    ],
)
def test_wrong_exception_file_is_refused(text: str, line: int, message: str) -> None:
    """A mistake in this file would misname a person without any other sign."""
    with pytest.raises(InputError, match=message) as caught:
        read_families(text, "names.yml")
    assert (caught.value.file, caught.value.line) == ("names.yml", line)


def test_exception_file_may_be_empty() -> None:
    """A corpus of one's own starts without exceptions."""
    assert read_families("# none yet\n", "names.yml") == {}


WORD = st.text("abcdeXYZéüŁ'-.{}\\%#", min_size=1, max_size=8)


@given(st.lists(WORD, min_size=1, max_size=5))
def test_no_letter_of_a_name_is_lost(words: list[str]) -> None:
    """Whatever a corpus holds as a name, its letters reach the bibliography."""
    full = " ".join(words)
    spoken = parse_name(full).given_first()
    assert spoken.replace(" ", "") == full.replace(" ", "")


def read_person(text: str) -> Name:
    """Return the name that pybtex reads, braces and escapes taken off."""
    person = Person(text)
    parts = (
        [*person.first_names, *person.middle_names],
        person.prelast_names,
        person.last_names,
        person.lineage_names,
    )
    given_name, particle, family, suffix = (
        " ".join(unescape_latex(word.replace("{", "").replace("}", "")) for word in part)
        for part in parts
    )
    return Name(given_name, particle, family, suffix)
