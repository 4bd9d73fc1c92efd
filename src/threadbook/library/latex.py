"""Text of the corpus as LaTeX text inside a BibTeX field, and back."""

from __future__ import annotations

import re

# BibTeX counts braces whether escaped or not: `\{` is right as long as a `\}` follows. A brace
# without its partner would swallow the rest of the file and becomes a command, which fewer
# readers know.
PAIRED = {"{": r"\{", "}": r"\}"}
SINGLE = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
OTHERS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: "\\" + letter for letter in "&%$#_"},
}
LETTERS = {
    command: letter for commands in (PAIRED, SINGLE, OTHERS) for letter, command in commands.items()
}
COMMAND = re.compile("|".join(map(re.escape, LETTERS)))
ESCAPES_PAIRED = str.maketrans(OTHERS | PAIRED)
ESCAPES_SINGLE = str.maketrans(OTHERS | SINGLE)
BRACE = re.compile("[{}]")
# Control characters that are no white space, surrogates, and the code points that Unicode keeps
# for no character: XML, and so biber, reads none of them. Unassigned code points stay, since
# which they are differs from one Python to the next.
_PLANE_ENDS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
NOT_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef" + _PLANE_ENDS + "]"
)


def escape_latex(text: str) -> str:
    """Return `text` on one line, safe inside braces in BibTeX and typeset by LaTeX as it reads.

    Letters beyond ASCII stay in UTF-8, which biber and every LaTeX of today read.
    """
    text = clean_text(text)
    return text.translate(ESCAPES_PAIRED if has_paired_braces(text) else ESCAPES_SINGLE)


def unescape_latex(text: str) -> str:
    """Return the text whose escaped form is `text`; other commands stay as they are."""
    return COMMAND.sub(lambda match: LETTERS[match.group()], text)


def has_paired_braces(text: str) -> bool:
    """Whether every brace that closes in `text` was opened before, and every opened one closes."""
    depth = 0
    for brace in BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def clean_text(text: str) -> str:
    """Return `text` with single spaces, without control characters, surrogates, non-characters.

    A line break would let text of the corpus begin a line of its own, and so a field.
    """
    # What is printable holds none of these; asking first halves the time of writing.
    kept = text if text.isprintable() else NOT_TEXT.sub("", text)
    return " ".join(kept.split())
