"""Lines of a listing page cut into paragraphs: title, abstract, title, abstract …

A *spaced* page sets blank lines between paragraphs, so a run of lines is one paragraph.
A *dense* page has none. There a title is one line, and what must be found is where an
abstract that was wrapped over lines ends. Two laws of wrapped text tell it:

- mid-sentence: a line that ends no sentence, before one that starts in lower case, goes on;
- full lines: every line of a wrapped paragraph but its last has no room for the next word.

Measured on the 469 listings of the corpus that ships with the book (no abstract is wrapped):

| | words | ends with "." | starts in lower case |
|---|---|---|---|
| titles | 2 to 19 | 0 | 0 |
| abstracts | 54 to 305 | 440 | 0 |

A dense page on which one abstract is wrapped, tried with each of them at twelve widths from 40 to
900, is read right in 94 to 99.8 % of tries (99 % at 60 to 120) and refused in the rest, never
misread. Its limits: where all abstracts are wrapped (at 80) *and* an abstract or a title is
missing, the neighbour passes for it in 7 and 30 of 469 tries (in none where abstracts stand on
one line, in none on a spaced page); and an abstract broken at two random places, not at a width,
is misread in 32 of 1,876. A blank line above each title removes the doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from threadbook.errors import InputError

# Halfway, by ratio, between the longest title (19 words) and the shortest abstract (54): either
# could be off by a factor of 1.7 and would still be told.
TITLE_MOST_WORDS = 32
# The site lists arXiv papers, whose abstracts end at 1,920 characters (corpus: at most 1,918). A
# longer paragraph that was joined from lines is two abstracts with a title lost between them.
JOINED_MOST_CHARACTERS = 1_920
# Among full lines after a sentence's end, with every abstract wrapped at each of twelve widths, no
# line of an abstract has this share of capitals, and most titles have.
SURE_TITLE_CASE = 0.8

_SENTENCE_END = re.compile(r"[.?!]['\"”’)\]]*$")
_FULL_STOP = re.compile(r"\.['\"”’)\]]*(?:\s+[A-Z]|$)")
_MID_SENTENCE_START = re.compile(r"[,;:)\]}%]")
_ADDRESS = re.compile(r"://|\bwww\.")


@dataclass(frozen=True)
class Line:
    """A non-blank line: number from 1, clean text, and whether a blank line precedes it."""

    number: int
    text: str
    after_blank: bool


@dataclass(frozen=True)
class Paragraph:
    """Consecutive lines that belong together, joined with spaces."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines joined with spaces."""
        return " ".join(line.text for line in self.lines)

    @property
    def number(self) -> int:
        """The number of the first line."""
        return self.lines[0].number


def can_be_title(text: str) -> bool:
    """Say whether `text` is short enough for a title."""
    return count_words(text) <= TITLE_MOST_WORDS


def can_be_abstract(text: str) -> bool:
    """Say whether `text` is longer than a title, or short but written in sentences.

    A short text with a full stop can be either ("We prove a bound."): alternation decides.
    """
    return not can_be_title(text) or _FULL_STOP.search(text) is not None


def count_words(text: str) -> int:
    """Count the words of `text`."""
    return len(text.split())


def cut_paragraphs(lines: Sequence[Line], page: str) -> tuple[Paragraph, ...]:
    """Cut the lines below a page's head into paragraphs, in the layout that the page has.

    A page is spaced if its first run of lines is a title by itself; otherwise title and
    abstract share the run, and the page is dense: blank lines still part paragraphs, but need
    not. A line of a dense page that reads equally well as a title and as a wrapped line is
    refused.
    """
    blocks = _cut_at_blanks(lines)
    is_spaced = len(blocks) > 1 and can_be_title(" ".join(line.text for line in blocks[0]))
    return tuple(
        Paragraph(tuple(run)) for run in (blocks if is_spaced else _cut_dense(lines, page))
    )


def _cut_at_blanks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for line in lines:
        if not blocks or line.after_blank:
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _cut_dense(lines: Sequence[Line], page: str) -> list[list[Line]]:
    paragraphs: list[list[Line]] = []
    texts = [line.text for line in lines]
    for index, line in enumerate(lines):
        in_abstract = bool(paragraphs) and len(paragraphs) % 2 == 0
        if in_abstract and not line.after_blank:
            start = index - len(paragraphs[-1])
            following = texts[index + 1] if index + 1 < len(texts) else ""
            goes_on = _continues(texts[start:index], line.text, following)
            if goes_on is None:
                expected = "a title or a line of an abstract; a blank line above a title tells them"
                raise InputError(page, line.number, "a line that reads as either", expected)
            if goes_on:
                paragraphs[-1].append(line)
                continue
        paragraphs.append([line])
    for run in paragraphs[1::2]:
        _check_start(run, page)
    return paragraphs


def _check_start(abstract: Sequence[Line], page: str) -> None:
    """Refuse an abstract in narrow lines whose first line is a title or half a sentence."""
    texts = [line.text for line in abstract]
    if len(texts) == 1 or not can_be_title(texts[0]):
        return
    if texts[0][0].islower():
        found = "an abstract that starts in mid-sentence"
        raise InputError(page, abstract[0].number, found, "the line after a title")
    if _SENTENCE_END.search(texts[0]) or _is_mid_sentence(texts[0], texts[1]):
        return
    is_filled = all(_is_full(line, after, texts[:1]) for line, after in pairwise(texts[1:]))
    if _has_title_case(texts[0]) or not is_filled:
        raise InputError(page, abstract[0].number, "a second title", "an abstract")


def _continues(abstract: Sequence[str], line: str, following: str) -> bool | None:
    """Say whether `line` goes on with the lines of `abstract`, None where it cannot be told.

    `following` is the line after it, "" at the end of the page.
    """
    last = abstract[-1]
    if _is_mid_sentence(last, line):
        return True
    line_is_full = _is_full(line, following, [*abstract, following])
    is_mid_sentence = _is_mid_sentence(line, following)
    is_wrapped = len(abstract) > 1 or can_be_title(last) or (line_is_full and is_mid_sentence)
    last_is_full = is_wrapped and _is_full(last, line, [*abstract, line])
    if not can_be_title(line):
        # A long line is either more of a wrapped abstract, or an abstract without its title.
        return last_is_full or line[0].islower()
    if _ADDRESS.search(line):
        return True
    if line.endswith(".") or is_mid_sentence:
        # The end of the abstract rather than a title, unless a whole abstract follows it.
        return last_is_full or (not is_wrapped and can_be_title(following))
    return last_is_full and _continues_full(last, line, line_is_full)


def _continues_full(last: str, line: str, line_is_full: bool) -> bool | None:
    """Decide on a line that could be a title, below a line as full as in wrapped text."""
    if line_is_full:
        share = _measure_title_case(line)
        if not _has_ended(last) or share <= 0.5:
            return True
        return False if share >= SURE_TITLE_CASE else None
    return False if _has_ended(last) else None


def _has_ended(line: str) -> bool:
    return _SENTENCE_END.search(line) is not None or _ADDRESS.search(line) is not None


def _is_mid_sentence(line: str, following: str) -> bool:
    if not following or _SENTENCE_END.search(line):
        return False
    if line.endswith((",", ";", ":")):
        return True
    return following[0].islower() or _MID_SENTENCE_START.match(following) is not None


def _is_full(line: str, following: str, others: Sequence[str]) -> bool:
    """Say whether the first word of `following` would have made `line` the longest by far."""
    if not following:
        return False
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > max(map(len, others))


def _has_title_case(line: str) -> bool:
    return _measure_title_case(line) > 0.5


def _measure_title_case(line: str) -> float:
    """Return the share of capitalised words among those of four letters and more."""
    words: list[str] = re.findall(r"[^\W\d_]{4,}", line)
    return sum(word[0].isupper() for word in words) / max(1, len(words))
