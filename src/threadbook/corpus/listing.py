"""The reader of listing pages: search results of a papers index, saved as text.

A page is a head of site furniture, then title, abstract, title, abstract … to its end. The
reader goes by that alternation: a paragraph that breaks it stops the run with its line.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from threadbook.corpus.ledger import LedgerLine, Page, PageMetadata, Role
from threadbook.corpus.paragraphs import (
    JOINED_MOST_CHARACTERS,
    Line,
    Paragraph,
    can_be_abstract,
    can_be_title,
    count_words,
    cut_paragraphs,
)
from threadbook.corpus.records import Entry, Occurrence
from threadbook.errors import InputError

# The lines that the site prints above the first title, in any order and number.
FURNITURE = re.compile(
    r"new"
    r"|Get trending papers in your email inbox(?: once a day)?!"
    r"|Subscribe"
    r"|by ?AK and the research community"
)
COLLECTED = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (?:[12]?\d|3[01])(?:, \d{4})?"
)
# The button glued to the first title. "Subscriber churn" is a title, "SubscribeiCaRL" is not.
GLUED_BUTTON = re.compile(r"Subscribe(?=[^\Wa-z_]|[\"'“‘(\[$]|[a-z]+[A-Z0-9])")

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_NO_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# Named references only with their semicolon: "PA&DA" and "R&D" are text.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")


@dataclass(frozen=True)
class _Head:
    """The furniture above the first title: its texts by line, and the glued title's line."""

    texts: tuple[tuple[int, str], ...]
    glued: int | None


def read_listings(paths: Iterable[Path]) -> tuple[Page, ...]:
    """Read pages from files, sorted by file name; two files of one name are refused.

    An occurrence names its page by file name alone, so names must tell pages apart.
    """
    ordered = sorted(paths, key=lambda path: (path.name, path))
    for first, second in pairwise(ordered):
        if first.name == second.name:
            raise InputError(second, None, f"the file name of {first} again", "one page a name")
    return tuple(read_listing(path) for path in ordered)


def read_listing(path: Path) -> Page:
    """Read one page from a UTF-8 file, with or without a byte order mark."""
    if not path.is_file():
        raise InputError(path, None, "no file", "a listing page")
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Latin-1 reads any bytes, which is enough to count the lines before the wrong one.
        line = len(_LINE_BREAK.findall(data[: error.start].decode("latin-1"))) + 1
        found = f"the byte 0x{data[error.start]:02X}"
        raise InputError(path, line, found, "text in UTF-8") from None
    try:
        return parse_listing(text, path.name)
    except InputError as error:
        raise InputError(path, error.line, error.found, error.expected) from None


def parse_listing(text: str, page: str) -> Page:
    """Read the entries of a page, its metadata, and a ledger of every non-blank line.

    Refused: a missing title or abstract, furniture below the head, a page without papers,
    control characters.
    """
    lines = tuple(_clean_lines(text, page))
    if not lines:
        raise InputError(page, None, "an empty page", "titles and abstracts")
    head, body = _split_head(lines)
    if not body:
        raise InputError(page, lines[-1].number, "the end of a page of furniture", "a title")
    metadata = _read_metadata(head, page)
    paragraphs = cut_paragraphs(body, page)
    entries = tuple(_pair(paragraphs, page))
    return Page(page, entries, tuple(_write_ledger(head, paragraphs, page)), metadata)


def clean_line(raw: str) -> str:
    """Return `raw` with entities unescaped once, and every run of spaces of any kind as one.

    Characters without width (zero-width space, soft hyphen, inner byte order mark) go: in place
    of a space they would split words.
    """
    unescaped = _ENTITY.sub(lambda match: html.unescape(match.group()), raw)
    return " ".join(unescaped.translate(_NO_WIDTH).split())


def _clean_lines(text: str, page: str) -> Iterator[Line]:
    after_blank = False
    # Not str.splitlines, which also breaks at form feeds and U+2028 and would misnumber lines.
    for number, raw in enumerate(_LINE_BREAK.split(text), start=1):
        clean = clean_line(raw)
        control = next((char for char in clean if unicodedata.category(char) == "Cc"), None)
        if control is not None:
            found = f"the control character U+{ord(control):04X}"
            raise InputError(page, number, found, "printable text")
        if clean:
            yield Line(number, clean, after_blank)
        after_blank = not clean


def _is_furniture(text: str) -> bool:
    return FURNITURE.fullmatch(text) is not None or COLLECTED.fullmatch(text) is not None


def _split_head(lines: Sequence[Line]) -> tuple[_Head, tuple[Line, ...]]:
    """Part the furniture at the head from the lines of papers, cutting a glued button off."""
    count = next((i for i, line in enumerate(lines) if not _is_furniture(line.text)), len(lines))
    texts = [(line.number, line.text) for line in lines[:count]]
    body = tuple(lines[count:])
    glued = GLUED_BUTTON.match(body[0].text) if body else None
    if glued is None:
        return _Head(tuple(texts), None), body
    first = body[0]
    texts.append((first.number, glued.group()))
    title = Line(first.number, first.text[glued.end() :], first.after_blank)
    return _Head(tuple(texts), first.number), (title, *body[1:])


def _read_metadata(head: _Head, page: str) -> PageMetadata:
    dates = [(number, text) for number, text in head.texts if COLLECTED.fullmatch(text)]
    for number, text in dates[1:]:
        if text != dates[0][1]:
            expected = f"one date of collection, {dates[0][1]!r} as in line {dates[0][0]}"
            raise InputError(page, number, f"the date {text!r}", expected)
    banner = tuple(text for _, text in head.texts if not COLLECTED.fullmatch(text))
    return PageMetadata(dates[0][1] if dates else None, banner)


def _pair(paragraphs: Sequence[Paragraph], page: str) -> Iterator[Entry]:
    """Pair titles with abstracts, refusing the first paragraph that is not what its place asks."""
    for position, paragraph in enumerate(paragraphs):
        before = paragraphs[position - 1] if position else None
        _refuse_furniture(paragraph, page)
        if position % 2 == 0:
            _check_title(paragraph, before, page)
        elif before is not None:
            _check_abstract(paragraph, before, page)
            place = Occurrence(page, before.number)
            yield Entry(before.text, paragraph.text, (place,))
    if len(paragraphs) % 2:
        last = paragraphs[-1]
        found = f"the end of the page after the title {_quote(last.text)}"
        raise InputError(page, last.number, found, "its abstract")


def _refuse_furniture(paragraph: Paragraph, page: str) -> None:
    if all(_is_furniture(line.text) for line in paragraph.lines):
        found = f"the site's line {_quote(paragraph.lines[0].text)} among the papers"
        raise InputError(page, paragraph.number, found, "such lines above the first title only")


def _check_title(paragraph: Paragraph, before: Paragraph | None, page: str) -> None:
    if can_be_title(paragraph.text):
        return
    place = f"after the abstract of line {before.number}" if before else "at the head of the page"
    found = f"an abstract of {count_words(paragraph.text)} words {_quote(paragraph.text)}"
    raise InputError(page, paragraph.number, found, f"a title {place}")


def _check_abstract(paragraph: Paragraph, title: Paragraph, page: str) -> None:
    if not can_be_abstract(paragraph.text):
        found = f"a second title {_quote(paragraph.text)}"
        raise InputError(
            page, paragraph.number, found, f"an abstract to the title of line {title.number}"
        )
    if len(paragraph.lines) > 1 and len(paragraph.text) > JOINED_MOST_CHARACTERS:
        found = f"{len(paragraph.text)} characters up to line {paragraph.lines[-1].number}"
        expected = f"one abstract of at most {JOINED_MOST_CHARACTERS} characters, then a title"
        raise InputError(page, paragraph.number, found, expected)


def _quote(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def _write_ledger(head: _Head, paragraphs: Sequence[Paragraph], page: str) -> Iterator[LedgerLine]:
    for number, _ in head.texts:
        if number != head.glued:
            yield LedgerLine(page, number, ("furniture",))
    for position, paragraph in enumerate(paragraphs):
        role: Role = "abstract" if position % 2 else "title"
        for line in paragraph.lines:
            roles: tuple[Role, ...] = ("furniture", role) if line.number == head.glued else (role,)
            yield LedgerLine(page, line.number, roles)
