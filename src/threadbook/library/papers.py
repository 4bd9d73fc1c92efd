"""The record of a paper, which every room above the corpus works with."""

from __future__ import annotations

from dataclasses import dataclass

from threadbook.library.names import Name, parse_name

VENUE_KINDS = ("conference", "workshop", "journal", "book")


@dataclass(frozen=True)
class Paper:
    """One paper: facts, text and place in the book.

    Unknown text facts are "" (never a guess). `first_posted` is "YYYY-MM". `year` is the one
    that a bibliography prints: of the venue where known, else of the first posting.
    `authors` are (given-first) full names in order, as collected; `names` the same in parts,
    by the rules of `parse_name` unless given. `venue`, `venue_year` and `venue_kind` are empty
    unless the venue is confirmed. `also` holds secondary thread slugs; `listings` the
    "page:line" of every occurrence.
    """

    cite_key: str
    title: str
    authors: tuple[str, ...]
    year: int
    first_posted: str
    abstract: str
    abstract_raw: str
    listings: tuple[str, ...]
    arxiv_id: str = ""
    doi: str = ""
    code_url: str = ""
    venue: str = ""
    venue_year: int | None = None
    venue_kind: str = ""
    thread: str = ""
    subthread: str = ""
    also: tuple[str, ...] = ()
    gist: str = ""
    names: tuple[Name, ...] = ()
    authors_confirmed: bool = True

    def __post_init__(self) -> None:
        """Parse the authors where no names are given, so that nobody parses them elsewhere."""
        if not self.names:
            object.__setattr__(self, "names", tuple(map(parse_name, self.authors)))

    @property
    def posted_year(self) -> int:
        """The year of the first posting, which keys and citation labels carry."""
        return int(self.first_posted[:4])

    @property
    def kind(self) -> str:
        """The kind of the venue, or "preprint"; a venue of unknown kind is refused, not guessed."""
        if not self.venue:
            return "preprint"
        if self.venue_kind not in VENUE_KINDS:
            raise ValueError(
                f"{self.cite_key}: venue {self.venue!r} is of kind {self.venue_kind!r},"
                f" expected one of {', '.join(VENUE_KINDS)}"
            )
        return self.venue_kind

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the entry must know about facts that could not be confirmed."""
        doubts = {
            "Authors not confirmed": not self.authors_confirmed,
            "Year of first posting, year of publication not known": bool(self.venue)
            and self.venue_year is None,
        }
        return tuple(text for text, holds in doubts.items() if holds)

    @property
    def url(self) -> str:
        """Where to read the paper: its arXiv page, else what its DOI resolves to, else ""."""
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def threads(self) -> tuple[str, ...]:
        """All thread slugs, the primary one first."""
        return tuple(slug for slug in (self.thread, *self.also) if slug)
