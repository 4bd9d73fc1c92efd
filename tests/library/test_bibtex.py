"""BibTeX: entries of the right type, and every field as it was when parsed again."""

from __future__ import annotations

import bibtexparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from threadbook.library.bibtex import entry_bibtex, to_bibtex
from threadbook.library.latex import clean_text, unescape_latex

HOSTILE = r"}} @article{x, title={ \ $ % # & _ ~ ^ { '\"' " ""


def read_fields(text: str) -> dict[str, str]:
    """Return the fields of the only entry, as bibtexparser and pybtex both read them."""
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    (entry,) = library.entries
    fields = {field.key.lower(): field.value for field in entry.fields}
    (other,) = parse_string(text, "bibtex").entries.values()
    pybtex_fields = {key.lower(): value for key, value in other.fields.items()}
    assert {key: value for key, value in fields.items() if key != "author"} == pybtex_fields
    return fields


def read_text(field: str) -> str:
    """Return the text of a field, with the braces that protect a title taken off."""
    return unescape_latex(field.removeprefix("{").removesuffix("}"))


def test_preprint_is_misc_with_its_eprint(make_paper) -> None:
    """The whole form of an entry, in the order in which the file has it."""
    paper = make_paper(thread="rectified-flow", also=("distillation",))
    assert entry_bibtex(paper) == (
        "@misc{liu2022flow,\n"
        "  author = {Liu, Xingchao and van den Berg, Rianne},\n"
        "  title = {{Flow Straight and Fast}},\n"
        "  year = {2022},\n"
        "  eprint = {2209.03003},\n"
        "  archivePrefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2209.03003},\n"
        "  keywords = {rectified-flow, distillation},\n"
        "  abstract = {We present rectified flow.},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("kind", "start", "field"),
    [
        ("conference", "@inproceedings{", "booktitle"),
        ("workshop", "@inproceedings{", "booktitle"),
        ("journal", "@article{", "journal"),
        ("book", "@book{", "publisher"),
    ],
)
def test_kind_of_venue_gives_the_type_of_entry(make_paper, kind, start, field) -> None:
    """Styles print by type: a conference in a journal's field comes out in italics."""
    paper = make_paper(venue="ABC", venue_year=2023, year=2023, venue_kind=kind)
    text = entry_bibtex(paper, venues={"ABC": "A Big Conference (ABC)"})
    fields = read_fields(text)
    assert text.startswith(start)
    assert fields[field] == "A Big Conference (ABC)"
    assert fields["year"] == "2023"
    assert fields["archiveprefix"] == "arXiv"


def test_a_year_that_is_only_that_of_the_posting_is_noted(make_paper) -> None:
    """A journal beside the year of the preprint would be a false reference without a word."""
    paper = make_paper(venue="ABC", venue_kind="journal")
    note = read_fields(entry_bibtex(paper))["note"]
    assert note == "Year of first posting, year of publication not known"


def test_venue_that_the_table_does_not_know_stays(make_paper) -> None:
    """A guess at what an abbreviation means would be a false fact."""
    paper = make_paper(venue="ICCS", venue_kind="conference")
    assert read_fields(entry_bibtex(paper))["booktitle"] == "ICCS"


def test_venue_of_unknown_kind_is_refused(make_paper) -> None:
    """The table of papers alone does not know the kind; an entry needs the facts too."""
    with pytest.raises(ValueError, match=r"liu2022flow: venue 'ICLR' is of kind ''"):
        entry_bibtex(make_paper(venue="ICLR"))


def test_identifiers_are_not_escaped(make_paper) -> None:
    """BibLaTeX, pybtex and pandoc take them as they stand: an escape would break the link."""
    fields = read_fields(entry_bibtex(make_paper(doi="10.1007/978-3_26#%a")))
    assert fields["doi"] == "10.1007/978-3_26#%a"


@pytest.mark.parametrize("doi", ["10.1/a}b", "10.1/a\\b", "10.1/a b", "10.1/a\n"])
def test_identifier_that_cannot_stand_unescaped_is_refused(make_paper, doi: str) -> None:
    """It would end its field, or the entry."""
    with pytest.raises(ValueError, match="holds a brace"):
        entry_bibtex(make_paper(doi=doi))


def test_paper_without_arxiv_id_has_neither_eprint_nor_archive(make_paper) -> None:
    """An archive without an identifier is a field that leads nowhere."""
    fields = read_fields(entry_bibtex(make_paper(arxiv_id="", doi="10.1000/182")))
    assert fields.keys() >= {"doi", "url"}
    assert fields.keys().isdisjoint({"eprint", "archiveprefix", "keywords", "note"})
    assert fields["url"] == "https://doi.org/10.1000/182"


def test_unconfirmed_authors_are_noted(make_paper) -> None:
    """Every bibliography prints the note, so every reader is told."""
    fields = read_fields(entry_bibtex(make_paper(authors_confirmed=False)))
    assert fields["note"] == "Authors not confirmed"


def test_entries_are_sorted_and_a_repeated_key_is_refused(make_paper) -> None:
    """Two entries of one key: BibTeX takes the first, biber the last."""
    papers = [make_paper(cite_key=key) for key in ("b2020x", "a2020x")]
    assert to_bibtex(papers) == to_bibtex(papers[::-1])
    assert to_bibtex(papers).count("\n\n@") == 1
    with pytest.raises(ValueError, match="a2020x"):
        to_bibtex([*papers, papers[1]])


def test_no_papers_give_an_empty_file() -> None:
    """A thread of which no paper is left still has a download."""
    assert to_bibtex([]) == ""


def test_hostile_text_stays_in_its_field(make_paper) -> None:
    """A corpus may hold BibTeX that wants to end its entry and begin another."""
    paper = make_paper(title=HOSTILE, abstract=HOSTILE, venue=HOSTILE, venue_kind="journal")
    fields = read_fields(entry_bibtex(paper))
    for field in ("title", "abstract", "journal"):
        assert read_text(fields[field]) == clean_text(HOSTILE)


TEXT = st.text().filter(lambda text: clean_text(text) != "")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXT, abstract=TEXT, venue=TEXT)
def test_any_text_reads_back(make_paper, title: str, abstract: str, venue: str) -> None:
    """One escaping function for all text: what the parsers give back is what was collected."""
    paper = make_paper(title=title, abstract=abstract, venue=venue, venue_kind="conference")
    fields = read_fields(entry_bibtex(paper))
    assert read_text(fields["title"]) == clean_text(title)
    assert unescape_latex(fields["abstract"]) == clean_text(abstract)
    assert unescape_latex(fields["booktitle"]) == clean_text(venue)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, min_size=1, max_size=3))
def test_any_author_names_leave_the_entry_whole(make_paper, authors: list[str]) -> None:
    """Names are text of the corpus as well, and BibTeX gives commas and `and` a meaning."""
    text = entry_bibtex(make_paper(authors=tuple(authors)))
    assert read_fields(text)["year"] == "2022"
    (entry,) = parse_string(text, "bibtex").entries.values()
    assert len(entry.persons["author"]) == len(authors)
