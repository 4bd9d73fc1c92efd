"""Addresses on the web: freed of their LaTeX commands, and shielded from every other rule."""

from __future__ import annotations

import re

# A character of a private plane stands for an address while the other rules run. One that the
# text already holds is shielded in the same way, so it comes back as it was.
_FIRST_SHIELD = 0xF0000
# A brace belongs to an address only as a place-holder inside it: https://x.org/{id}/files.
_ADDRESS = r"https?://(?:[^\s{}<>\"\\“”‘’]|\{[\w-]+\}(?=[/?&#=]))+"
_SHIELDED = re.compile(rf"{_ADDRESS}|[\U000F0000-\U000FFFFD]")

_COMMAND = re.compile(r"\\?\burl\s*\{\s*([^{}]*?)\s*\}")
_HREF = re.compile(r"\\?\bhref\s*\{\s*([^{}]*?)\s*\}\s*\{\s*([^{}]*?)\s*\}")
_LOST_HREF = re.compile(rf"({_ADDRESS})\{{\s*([^{{}}]*?)\s*\}}(?![\w/?&#=])")
_GLUED = re.compile(r"(?<=[A-Za-z])(?=https?://)")


def free_links(text: str) -> str:
    r"""Return `text` with `\url{u}` as u and `\href{u}{x}` as x (u), also where `\href` was lost.

    A word glued to the address (a lost footnote or `\url`) is set apart from it.
    """
    if "http" not in text and "{" not in text:
        return text
    text = _HREF.sub(_name_link, text)
    text = _LOST_HREF.sub(_name_link, text)
    text = _COMMAND.sub(r"\1", text)
    return _GLUED.sub(" ", text)


def _name_link(match: re.Match[str]) -> str:
    address, name = match.groups()
    return str(address) if name in ("", address) else f"{name} ({address})"


def shield_links(text: str) -> tuple[str, list[str]]:
    """Return `text` with one private character for each address, and the addresses in order."""
    links: list[str] = []

    def shield(match: re.Match[str]) -> str:
        links.append(match[0])
        return chr(_FIRST_SHIELD + len(links) - 1)

    return _SHIELDED.sub(shield, text), links


def unshield_links(text: str, links: list[str]) -> str:
    """Return `text` with the shielded addresses back in their places."""
    return re.sub(
        r"[\U000F0000-\U000FFFFD]", lambda match: links[ord(match[0]) - _FIRST_SHIELD], text
    )
