"""Citation keys: made by rule once, then never again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbook.library.facts import assign_keys, parse_facts
from threadbook.library.keys import fold, make_key, significant_words


@pytest.mark.parametrize(
    ("family", "year", "title", "key"),
    [
        ("Liu", 2022, "Flow Straight and Fast", "liu2022flow"),
        ("Baydin", 2022, "Gradients without Backpropagation", "baydin2022gradients"),
        ("De Bortoli", 2021, "Diffusion Schrödinger Bridge", "debortoli2021diffusion"),
        ("van den Berg", 2018, "Sylvester Flows", "vandenberg2018sylvester"),
        ("García Trillos", 2020, "Adversarial Classification", "garciatrillos2020adversarial"),
        ("Müller", 2021, "Transformers Can Do", "muller2021transformers"),
        ("Sørensen", 2020, "The Łojasiewicz Inequality", "sorensen2020lojasiewicz"),
        ("Weiß", 2020, "A Note on Notes", "weiss2020note"),
        ("Lu", 2022, "DPM-Solver: A Fast Solver", "lu2022dpmsolver"),
        ("Xu", 2023, "PFGM++: Unlocking the Potential", "xu2023pfgm"),
        ("Annavajjala", 2024, "DεpS: Delayed ε-Shrinking", "annavajjala2024deps"),
        ("Fang", 2023, "What's in a Prior?", "fang2023prior"),
        ("Doshi", 2023, "To grok or not to grok: Disentangling", "doshi2023grok"),
        ("Hu", 2020, "3D Human Pose", "hu2020human"),
        ("Hu", 2020, '"Why?" -- Answers', "hu2020answers"),
        ("Hu", 2020, "What is it?", "hu2020untitled"),
        ("王", 2020, "深度 Learning", "anon2020learning"),
    ],
)
def test_key_is_family_year_and_first_significant_word(family, year, title, key) -> None:
    """The form is a contract: it is cited in chapters, by readers and by other corpora."""
    assert make_key(family, year, title, ()) == key


def test_taken_key_goes_on_to_the_next_word_then_to_letters() -> None:
    """Two papers never share a key, and the same papers in the same order get the same ones."""
    taken: list[str] = []
    for _ in range(28):
        taken.append(make_key("Liu", 2022, "Flow Straight", taken))
    assert taken[:4] == ["liu2022flow", "liu2022straight", "liu2022flowb", "liu2022flowc"]
    assert taken[-2:] == ["liu2022flowz", "liu2022flowaa"]
    assert len(set(taken)) == 28


def test_words_of_a_dash_or_slash_are_apart_and_of_a_hyphen_together() -> None:
    """A hyphenated acronym is one name (DPM-Solver); a slash joins two words."""
    words = significant_words("AutoDiff--Unlocking sensor/actuator zero-shot")
    assert words == ("autodiff", "unlocking", "sensor", "actuator", "zeroshot")


def test_stored_keys_of_the_corpus_are_those_of_the_rules(facts, families) -> None:
    """Nothing was typed by hand, so the documented rules explain every key."""
    unkeyed = tuple(replace(fact, citekey="") for fact in facts)
    assert [fact.citekey for fact in assign_keys(unkeyed, families)] == [
        fact.citekey for fact in facts
    ]


def test_new_paper_changes_no_stored_key(facts, families) -> None:
    """A key is cited outside the book; even one that no rule would make now must stay."""
    odd = (replace(facts[0], citekey="kang2023odd"), *facts[1:])
    new = replace(facts[0], citekey="", title="Odd Words: A New Paper")
    again = replace(facts[0], citekey="", title="Odd Words: Another")
    keys = [fact.citekey for fact in assign_keys((new, *odd, again), families)]
    assert keys[1:-1] == [fact.citekey for fact in odd]
    assert (keys[0], keys[-1]) == ("kang2023words", "kang2023another")


def test_empty_key_is_read_as_not_yet_assigned(facts_text: str) -> None:
    """A contributor adds a row without inventing a key."""
    lines = facts_text.splitlines()
    row = lines[1].partition(",")[2]
    (fact,) = parse_facts(f"{lines[0]}\n,{row}\n", "facts.csv")
    assert fact.citekey == ""
    assert assign_keys([fact])[0].citekey == lines[1].partition(",")[0]


@given(st.text(), st.integers(1000, 9999), st.text())
def test_key_is_always_plain_ascii(family: str, year: int, title: str) -> None:
    """A key becomes a file name, an anchor and a BibTeX key, whatever the title holds."""
    key = make_key(family, year, title, ())
    assert key.isascii()
    assert key.isalnum()
    assert key == key.lower()
    assert key[0].isalpha()


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """Otherwise a key could depend on how often it passed through."""
    assert fold(fold(text)) == fold(text)
