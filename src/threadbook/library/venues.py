"""Full names of venues, for the abbreviations under which they are collected."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from threadbook.library.string_maps import read_pairs

NO_VENUES: Mapping[str, str] = MappingProxyType({})


def read_venues(text: str, file: str) -> dict[str, str]:
    """Return full venue names by abbreviation from YAML (`ICML: International Conference …`)."""
    return {short: full for _, short, full in read_pairs(text, file)}


def name_venue(venue: str, venues: Mapping[str, str] = NO_VENUES) -> str:
    """Return the full name of a venue; one that the table does not know stays as it is."""
    return venues.get(venue, venue)
