"""What the roles of a chapter become in a notebook, and which of them are refused."""

from __future__ import annotations

import re

import pytest

from threadbook.book import Book
from threadbook.errors import InputError
from threadbook.notebooks.roles import References, check_roles, rewrite_roles, split_prose


@pytest.fixture
def references(small_book: Book) -> References:
    return References(small_book.by_key, small_book.labels, {"fig-cost": 2})


def test_a_citation_in_a_sentence_links_the_label_to_the_paper(references):
    """Without the site, the reader of a notebook gets author, year and the paper itself."""
    text = rewrite_roles("{cite:t}`ash2022curved` say so.", references)
    assert text == (
        "[Ash (2022)](https://arxiv.org/abs/2202.00002 "
        '"ash2022curved: Curved Paths Considered") say so.'
    )


def test_a_citation_in_parentheses_joins_its_papers_with_semicolons(references):
    text = rewrite_roles("({cite:p}`fir2021rounding, ash2022curved`)", references)
    assert re.findall(r"\[(.*?)\]", text) == ["Fir, 2021", "Ash, 2022"]
    assert text.startswith("(([")
    assert '"); [' in text


def test_several_papers_in_a_sentence_are_joined_as_words(references):
    text = rewrite_roles("{cite:t}`fir2021rounding,ash2022curved,ash2022straight`", references)
    assert (
        re.sub(r"\(http[^)]*\)", "", text) == "[Fir (2021)], [Ash (2022)] and [Ash et al. (2022)]"
    )


def test_a_figure_is_named_by_its_number_and_linked(references):
    """Inline HTML works in Jupyter and on the site alike; a role works only on the site."""
    assert rewrite_roles("see {numref}`fig-cost`", references) == (
        'see <a href="#fig-cost">Figure 2</a>'
    )


def test_roles_in_code_blocks_stay(references):
    """A page that explains the roles must be able to show them."""
    text = "```\n{cite:t}`nobody2000nothing`\n```"
    check_roles(text, references, "chapter.md")
    assert rewrite_roles(text, references) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "fine\n\n{cite:t}`ash2022curve`",
            r"chapter.md:3: found citation key 'ash2022curve'.*ash2022curved",
        ),
        ("{numref}`fig-coast`", r"chapter.md:1: found figure 'fig-coast'.*fig-cost"),
        ("a\n{doc}`x`", r"chapter.md:2: found role \{doc\}; expected one of cite:t"),
    ],
)
def test_what_a_notebook_cannot_show_is_refused_with_its_line(references, text, message):
    """An author who mistypes a key wants the line and the nearest key, not a traceback."""
    with pytest.raises(InputError, match=message):
        check_roles(text, references, "chapter.md")


def test_only_paragraphs_with_glued_values_are_computed():
    """Static prose stays Markdown, so that it can be read before anything has run."""
    text = "one\n\ntwo {glue:text}`x:.1f`\n\nthree\n\n```\n{glue:text}`y`\n```\n\nfour"
    assert split_prose(text) == [
        ("one", False),
        ("two {glue:text}`x:.1f`", True),
        ("three\n\n```\n{glue:text}`y`\n```\n\nfour", False),
    ]
