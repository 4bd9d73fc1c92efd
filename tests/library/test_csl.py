"""CSL-JSON: valid by the data model of CSL 1.0.2, and the same papers when read back."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from threadbook.library.csl import make_item, to_csl

# The data model of CSL 1.0.2, stated here from its specification (types: appendix III,
# variables: appendix IV) rather than copied; kept to what CSL itself names, so that a
# misspelt variable is refused.
TYPES = """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic
    hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet
    paper-conference patent performance periodical personal_communication post post-weblog
    regulation report review review-book software song speech standard thesis treaty webpage
"""
STRINGS = """
    abstract annote archive archive_collection archive_location archive-place authority
    call-number citation-key citation-label collection-title container-title
    container-title-short dimensions division DOI event-title event-place genre ISBN ISSN
    jurisdiction keyword language license medium note original-publisher
    original-publisher-place original-title part-title PMCID PMID publisher publisher-place
    references reviewed-genre reviewed-title scale source status title title-short URL
    volume-title year-suffix
"""
NUMBERS = """
    chapter-number citation-number collection-number edition first-reference-note-number issue
    locator number number-of-pages number-of-volumes page page-first part-number printing-number
    section supplement-number version volume
"""
DATES = "accessed available-date event-date issued original-date submitted"
NAMES = """
    author chair collection-editor compiler composer container-author contributor curator director
    editor editorial-director executive-producer guest host illustrator interviewer narrator
    organizer original-author performer producer recipient reviewed-author script-writer
    series-creator translator
"""
PARTS_OF_NAMES = "family given dropping-particle non-dropping-particle suffix literal"
TEXT = {"type": "string", "minLength": 1}
STRING_OR_NUMBER = {"type": ["string", "number"]}
NAME = {
    "type": "object",
    "properties": dict.fromkeys(PARTS_OF_NAMES.split(), TEXT),
    "additionalProperties": False,
    "anyOf": [{"required": ["family"]}, {"required": ["literal"]}],
}
PEOPLE = {"type": "array", "items": NAME, "minItems": 1}
DATE_PARTS = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
DATE = {
    "type": "object",
    "properties": {
        "date-parts": {"type": "array", "items": DATE_PARTS, "minItems": 1, "maxItems": 2}
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": TEXT,
            "type": {"enum": TYPES.split()},
            **dict.fromkeys(STRINGS.split(), TEXT),
            **dict.fromkeys(NUMBERS.split(), STRING_OR_NUMBER),
            **dict.fromkeys(DATES.split(), DATE),
            **dict.fromkeys(NAMES.split(), PEOPLE),
        },
        "required": ["id", "type"],
        "additionalProperties": False,
    },
}


def test_item_of_a_preprint(make_paper) -> None:
    """The whole form of an item."""
    paper = make_paper(thread="rectified-flow", authors=("Rianne van den Berg", "A Lee Jr."))
    assert make_item(paper) == {
        "id": "liu2022flow",
        "type": "article",
        "title": "Flow Straight and Fast",
        "author": [
            {"family": "Berg", "given": "Rianne", "non-dropping-particle": "van den"},
            {"family": "Lee", "given": "A", "suffix": "Jr."},
        ],
        "issued": {"date-parts": [[2022]]},
        "URL": "https://arxiv.org/abs/2209.03003",
        "archive": "arXiv",
        "archive_location": "2209.03003",
        "number": "arXiv:2209.03003",
        "keyword": "rectified-flow",
        "abstract": "We present rectified flow.",
    }


@pytest.mark.parametrize(
    ("kind", "csl_type", "container"),
    [
        ("conference", "paper-conference", "container-title"),
        ("workshop", "paper-conference", "container-title"),
        ("journal", "article-journal", "container-title"),
        ("book", "book", "publisher"),
    ],
)
def test_kind_of_venue_gives_the_type(make_paper, kind, csl_type, container) -> None:
    """Citation styles print by type."""
    paper = make_paper(venue="ABC", venue_year=2022, venue_kind=kind, authors_confirmed=False)
    item = make_item(paper, venues={"ABC": "A Big Conference"})
    assert (item["type"], item[container]) == (csl_type, "A Big Conference")
    assert "number" not in item
    assert item["note"] == "Authors not confirmed"


def test_group_is_printed_whole(make_paper) -> None:
    """A style would shorten the first words of a group's name to initials."""
    (author,) = make_item(make_paper(authors=("The ATLAS Collaboration",)))["author"]
    assert author == {"literal": "The ATLAS Collaboration"}


def test_text_is_valid_and_sorted(make_paper) -> None:
    """The same papers give the same bytes, and any reader of CSL takes them."""
    papers = [make_paper(cite_key=key, title="a\n\x07b") for key in ("b2020x", "a2020x")]
    text = to_csl(papers)
    items = json.loads(text)
    jsonschema.Draft7Validator(SCHEMA).validate(items)
    assert [item["id"] for item in items] == ["a2020x", "b2020x"]
    assert items[0]["title"] == "a b"
    assert text == to_csl(papers[::-1])


def test_schema_refuses_what_csl_does_not_name() -> None:
    """A schema that accepts everything would prove nothing."""
    good = {"id": "a", "type": "book"}
    validator = jsonschema.Draft7Validator(SCHEMA)
    assert validator.is_valid([good])
    wrong: list[dict[str, Any]] = [
        {"type": "misc"},
        {"doi": "10.1/2"},
        {"issued": "2020"},
        {"author": ["Lee"]},
        {"title": ""},
    ]
    assert [change for change in wrong if validator.is_valid([good | change])] == []
    assert not validator.is_valid([{"id": "a"}])


@pytest.mark.slow
def test_corpus_is_schema_valid_and_reads_back(corpus_papers, venues) -> None:
    """431 items that hold what the papers hold."""
    items = json.loads(to_csl(corpus_papers, venues=venues))
    jsonschema.Draft7Validator(SCHEMA).validate(items)
    found = [
        (
            item["id"],
            item["title"],
            [
                " ".join(filter(None, (name.get("non-dropping-particle"), name["family"])))
                + ", "
                + name["given"]
                for name in item["author"]
            ],
            item["issued"]["date-parts"],
            item.get("DOI", ""),
            item["archive_location"],
            item.get("container-title", item.get("publisher", "")),
        )
        for item in items
    ]
    assert found == [
        (
            paper.cite_key,
            paper.title,
            [name.family_first() for name in paper.names],
            [[paper.year]],
            paper.doi,
            paper.arxiv_id,
            venues.get(paper.venue, paper.venue),
        )
        for paper in corpus_papers
    ]
    assert len(found) == 431
