"""The terms that set a thread apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from threadbook.threads.terms import (
    PRIOR_SHARE,
    Term,
    count_words,
    distinctive_terms,
    list_terms,
    log_odds_z,
)

INSIDE = (
    "Rectified flow learns straight paths. An ODE is solved.",
    "We train a rectified flow with one ODE, on straight couplings.",
    "Rectified flows: the ODEs of a student.",
    "A rectified flow for images.",
)
OUTSIDE = tuple(f"Graph networks pass messages over nodes; images of kind {n}." for n in range(40))


def test_z_is_the_published_formula():
    """One term by hand: Monroe, Colaresi & Quinn (2008), equations 16, 20 and 22."""
    inside, outside = np.array([7, 13]), np.array([1, 79])
    a, a0 = PRIOR_SHARE * 8, PRIOR_SHARE * 100
    one = math.log((7 + a) / (20 + a0 - 7 - a))
    two = math.log((1 + a) / (80 + a0 - 1 - a))
    expected = (one - two) / math.sqrt(1 / (7 + a) + 1 / (1 + a))
    assert log_odds_z(inside, outside)[0] == pytest.approx(expected)


def test_exchanging_the_groups_turns_the_sign():
    """A term sets one group apart exactly as far as it is missing in the other."""
    inside, outside = np.array([7, 3, 10]), np.array([1, 30, 49])
    assert log_odds_z(inside, outside) == pytest.approx(-log_odds_z(outside, inside))


def test_equal_use_sets_nothing_apart():
    """Twice the papers with twice the uses is no difference."""
    assert log_odds_z(np.array([5, 15]), np.array([10, 30])) == pytest.approx([0, 0])


def test_terms_come_with_the_papers_that_use_them():
    """Readers can check a count; the words of the other group do not appear."""
    terms = distinctive_terms(INSIDE, OUTSIDE, top=5)
    assert terms[0].text == "rectified flow"
    assert (terms[0].inside, terms[0].outside) == (4, 0)
    assert not {"graph", "node", "images"} & {term.text for term in terms}


def test_a_word_that_lives_inside_a_pair_is_not_repeated():
    """Three rows for "rectified", "flow" and "rectified flow" would say one thing."""
    texts = [term.text for term in distinctive_terms(INSIDE, OUTSIDE, top=10)]
    assert "rectified" not in texts
    assert "flow" not in texts


def test_acronyms_keep_their_capitals_and_plurals_their_singular():
    """An "ode" reads as a poem, and "ODEs" is no other term."""
    terms = {term.text: term for term in distinctive_terms(INSIDE, OUTSIDE, top=10)}
    assert terms["ODE"].inside == 3


def test_one_paper_counts_once_however_often_it_says_a_word():
    """Else one talkative abstract would speak for its thread."""
    talkative = ("bridge " * 30, "a flow one", "a flow two", "a flow three")
    texts = [term.text for term in distinctive_terms(talkative, OUTSIDE, top=5)]
    assert texts == ["flow"]


def test_the_order_of_the_papers_changes_nothing():
    """Equal scores are ordered by the term, so no run differs from another."""
    assert distinctive_terms(INSIDE, OUTSIDE, top=9) == distinctive_terms(
        INSIDE[::-1], OUTSIDE[::-1], top=9
    )


def test_the_first_of_many_are_the_first_of_few():
    """Asking for more terms does not change the ranking of the others."""
    many = distinctive_terms(INSIDE, OUTSIDE, top=9)
    assert distinctive_terms(INSIDE, OUTSIDE, top=1) == many[:1]


@pytest.mark.parametrize(
    ("inside", "outside"), [((), OUTSIDE), (INSIDE, ()), (("a of",), ("the",))]
)
def test_nothing_to_compare_gives_no_terms(inside, outside):
    """The chart then says so in words."""
    assert distinctive_terms(inside, outside, top=5) == ()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Optimal transport", ["optimal", "transport", "optimal transport"]),
        ("flow of models", ["flow", "models"]),
        ("flow, transport", ["flow", "transport"]),
        ("We propose a novel method; results show state-of-the-art", []),
        ("state of the art spaces", ["spaces"]),
        ("score-based SDE", ["score-based", "sde", "score-based sde"]),
        ("Schrödinger bridge", ["schrödinger", "bridge", "schrödinger bridge"]),
        ("graph neural", ["graph", "neural"]),
        ("in 3.5 times x", ["times"]),
    ],
)
def test_terms_of_a_text(text, terms):
    """Pairs respect punctuation and stop words; what every abstract says is no term."""
    assert list_terms(text) == terms


@pytest.mark.parametrize(
    ("corpus", "text", "term"),
    [
        ("one flow, two flows", "flows", "flow"),
        ("a trajectory", "trajectories", "trajectory"),
        ("flows", "flows", "flows"),
        ("dynamic dynamics", "dynamics", "dynamics"),
        ("a los loss", "loss", "loss"),
        ("time series, time series, time-series", "time-series", "time series"),
        ("time series, time-series, time-series", "time-series", "time-series"),
    ],
)
def test_spellings_of_one_term_become_one(corpus, text, term):
    """The corpus decides: a word is folded only into one that occurs, and occurs more."""
    assert term in list_terms(text, count_words([corpus]))


def test_a_term_is_a_record_of_plain_values():
    """Charts and files read it without NumPy's types."""
    term = distinctive_terms(INSIDE, OUTSIDE, top=1)[0]
    assert [type(value) for value in (term.text, term.z, term.inside)] == [str, float, int]
    assert isinstance(term, Term)
