"""Escaping: whatever the corpus holds is typeset as it reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from threadbook.library.latex import clean_text, escape_latex, unescape_latex


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("PA&DA: 80%+ of $5", r"PA\&DA: 80\%+ of \$5"),
        ("x_i #1", r"x\_i \#1"),
        ("{", r"\textbraceleft{}"),
        ("a}b", r"a\textbraceright{}b"),
        ("}{", r"\textbraceright{}\textbraceleft{}"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("~2^10", r"\textasciitilde{}2\textasciicircum{}10"),
        ("DεpS ∼ 𝔼ℓ₁", "DεpS ∼ 𝔼ℓ₁"),
        ("line\r\n  break\u2028here\u00a0", "line break here"),
        ("bell\x07\x00\ud800\ufffe", "bell"),
    ],
)
def test_special_letters_are_escaped(text: str, escaped: str) -> None:
    """One unescaped percent sign comments out the rest of a bibliography."""
    assert escape_latex(text) == escaped


@given(st.text())
def test_escaped_text_reads_back(text: str) -> None:
    """Nothing is lost but what is no text: control characters and the form of white space."""
    assert unescape_latex(escape_latex(text)) == clean_text(text)


# Nor ^, which this reader takes for a circumflex accent.
WITHOUT_BRACES = st.text(st.sampled_from("ab \\~&%$#_é∼"))


@given(WITHOUT_BRACES, WITHOUT_BRACES)
def test_a_latex_reader_of_others_reads_the_same(first: str, second: str) -> None:
    """Our own inverse could share a mistake with the escape; this reader knows paired braces."""
    text = f"{first}{{{second}}}{first}"
    decode = LatexNodes2Text(keep_comments=True, strict_latex_spaces=True).latex_to_text
    assert decode(escape_latex(text)) == clean_text(text)


@given(st.text(), st.text())
def test_cleaning_twice_is_cleaning_once(first: str, second: str) -> None:
    """A file that is read back and written again stays the same."""
    assert clean_text(clean_text(first)) == clean_text(first)
    assert "\n" not in clean_text(f"{first}\n{second}")
