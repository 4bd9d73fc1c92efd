"""Full names of venues."""

from __future__ import annotations

import pytest

from threadbook.errors import InputError
from threadbook.library.venues import name_venue, read_venues


def test_names_of_the_table_are_used_and_others_stay() -> None:
    """An abbreviation that nobody explained is printed as collected."""
    venues = read_venues("ICML: International Conference\nNO: Norway\n", "venues.yml")
    assert name_venue("ICML", venues) == "International Conference"
    assert name_venue("NO", venues) == "Norway"
    assert name_venue("ICCS", venues) == "ICCS"
    assert name_venue("ICML") == "ICML"


def test_every_name_of_the_table_is_used_by_the_corpus(facts, venues) -> None:
    """A misspelt abbreviation would explain nothing."""
    assert set(venues) <= {fact.venue for fact in facts}


def test_wrong_table_is_refused() -> None:
    """The reading is shared with the family names, whose tests have every case."""
    with pytest.raises(InputError, match=r"venues.yml:2: .*each key once"):
        read_venues("ICML: A\nICML: B\n", "venues.yml")
