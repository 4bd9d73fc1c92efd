"""What reading a listing page returns, and the ledger that accounts for each of its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from threadbook.corpus.records import Entry

Role = Literal["title", "abstract", "furniture"]
ROLES: tuple[Role, ...] = ("title", "abstract", "furniture")


@dataclass(frozen=True, order=True)
class LedgerLine:
    """One non-blank line of a page and what it was read as, in the order of the line.

    A line has two roles where the site glued a button to a title ("SubscribeHarsanyiNet").
    """

    page: str
    line: int
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class PageMetadata:
    """What a page says of itself: the day it was collected, and the site's own lines.

    `collected` stands as printed ("Mar 11", no year is given), None where no date is printed.
    `banner` holds the other furniture in order, repeats included.
    """

    collected: str | None
    banner: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A listing page as read: one entry a listing, and a ledger of every non-blank line."""

    name: str
    entries: tuple[Entry, ...]
    ledger: tuple[LedgerLine, ...]
    metadata: PageMetadata


def ledger_totals(pages: Iterable[Page]) -> dict[str, int]:
    """Count the lines of all pages by role, and under "lines" the non-blank lines themselves.

    A line with two roles counts once under each, so the roles may add up to more than "lines".
    """
    ledger = [line for page in pages for line in page.ledger]
    counts = Counter(role for line in ledger for role in line.roles)
    return {role: counts[role] for role in ROLES} | {"lines": len(ledger)}
