"""MyST roles of a chapter rewritten into Markdown that reads cleanly in any notebook viewer.

A citation becomes an author-year link to the paper, titled "key: title"; the site turns that
link into one to the paper's card. A reference to a figure becomes a link to its anchor. A
paragraph with glued values becomes a cell that computes its prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rapidfuzz import process

from threadbook.errors import InputError
from threadbook.library.labels import Label
from threadbook.library.papers import Paper

ROLE = re.compile(r"\{(?P<role>[a-z][a-z:]*)\}`(?P<body>[^`\n]+(?:\n[^`\n]+)*)`")
GLUE = re.compile(r"\{glue:text\}`([A-Za-z_]\w*)(:[^`]*)?`")
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1[`~]*\s*$", re.M | re.S)
ROLES = ("cite:t", "cite:p", "numref", "glue:text")


@dataclass(frozen=True)
class References:
    """What a chapter may refer to: the papers and labels by key, and the figures by name."""

    papers: Mapping[str, Paper]
    labels: Mapping[str, Label]
    figures: Mapping[str, int]


def rewrite_roles(text: str, references: References) -> str:
    """Return Markdown in which citations and figure references are plain links.

    Code blocks stay as they are. Roles are checked beforehand by `check_roles`.
    """
    return "".join(
        part if is_code else ROLE.sub(lambda match: _rewrite(match, references), part)
        for part, is_code in _split_code(text)
    )


def _rewrite(match: re.Match[str], references: References) -> str:
    role, body = match["role"], match["body"]
    if role == "glue:text":
        return "{{" + body + "}}"
    if role == "numref":
        return f'<a href="#{escape(body)}">Figure {references.figures[body]}</a>'
    return cite(role, split_keys(body), references.papers, references.labels)


def cite(
    role: str, keys: Sequence[str], papers: Mapping[str, Paper], labels: Mapping[str, Label]
) -> str:
    """Return the Markdown of a citation: `cite:t` within a sentence, `cite:p` in parentheses."""
    first, *after = frame_citation(role, len(keys))
    links = [_link(label_text(role, labels[key]), papers[key]) for key in keys]
    return first + "".join(link + text for link, text in zip(links, after, strict=True))


def label_text(role: str, label: Label) -> str:
    """Return the label as the role prints it."""
    return label.parenthetical if role == "cite:p" else label.textual


def frame_citation(role: str, count: int) -> list[str]:
    """Return the text before, between and after the `count` links of a citation."""
    if role == "cite:p":
        return ["(", *["; "] * (count - 1), ")"]
    return ["", *[", "] * (count - 2), *[" and "] * (count > 1), ""]


def _link(text: str, paper: Paper) -> str:
    title = re.sub(r'(["\\<>&*_`$\[\]])', r"\\\1", f"{paper.cite_key}: {paper.title}")
    return f'[{text}]({paper_address(paper)} "{title}")'


def paper_address(paper: Paper) -> str:
    """Return where the paper can be read: on arXiv, by its DOI, else in the book's library."""
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return f"https://doi.org/{paper.doi}" if paper.doi else "../references.bib"


def split_keys(body: str) -> list[str]:
    """Return the keys of a citation role's body, in order."""
    return [key.strip() for key in body.split(",")]


def check_roles(text: str, references: References, file: Path | str) -> None:
    """Refuse an unknown role, citation key or figure, naming its line in the chapter."""
    for role, body, line in find_roles(text):
        if role not in ROLES:
            raise InputError(file, line, f"role {{{role}}}", f"one of {', '.join(ROLES)}")
        if role == "numref":
            _check_name(body, references.figures, "figure", file, line)
        elif role.startswith("cite:"):
            for key in split_keys(body):
                _check_name(key, references.papers, "citation key", file, line)


def find_roles(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield (role, body, line) of each role outside code blocks, in order."""
    offset = 0
    for part, is_code in _split_code(text):
        if not is_code:
            for match in ROLE.finditer(part):
                line = text.count("\n", 0, offset + match.start()) + 1
                yield match["role"], match["body"], line
        offset += len(part)


def _check_name(
    name: str, known: Mapping[str, object], kind: str, file: Path | str, line: int
) -> None:
    if name in known:
        return
    nearest = process.extractOne(name, list(known))
    hint = f"a known one (nearest: {nearest[0]})" if nearest else "a known one, but there is none"
    raise InputError(file, line, f"{kind} {name!r}", hint)


def _split_code(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the stretches of `text` in order, each with whether it is a fenced code block."""
    start = 0
    for fence in FENCE.finditer(text):
        yield text[start : fence.start()], False
        yield fence.group(), True
        start = fence.end()
    yield text[start:], False


def split_prose(text: str) -> list[tuple[str, bool]]:
    """Split Markdown into stretches and whether each is computed, in order.

    A block between blank lines that holds a glued value is computed; all else is joined.
    Code blocks stay whole.
    """
    pieces: list[tuple[str, bool]] = []
    for part, is_code in _split_code(text):
        blocks = [part] if is_code else re.split(r"\n[ \t]*\n", part)
        for block in (block.strip("\n") for block in blocks):
            if not block.strip():
                continue
            computed = not is_code and GLUE.search(block) is not None
            if pieces and not computed and not pieces[-1][1]:
                pieces[-1] = (f"{pieces[-1][0]}\n\n{block}", False)
            else:
                pieces.append((block, computed))
    return pieces
