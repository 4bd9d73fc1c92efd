"""What other rules must not touch: addresses on the web, freed of LaTeX, and lost formulas."""

from __future__ import annotations

import re

# A character of a private plane stands for an address while the other rules run. One that the
# text already holds is shielded in the same way, so it comes back as it was.
_FIRST_SHIELD = 0xF0000
# A brace belongs to an address only as a place-holder inside it: https://x.org/{id}/files.
_ADDRESS = r"https?://(?:[^\s{}<>\"\\“”‘’]|\{[\w-]+\}(?=[/?&#=]))+"
_SHIELDED = re.compile(rf"{_ADDRESS}|[\U000F0000-\U000FFFFD]")

# Where the fraction's command and first braces are lost, the source may have lost more between
# letters that stand side by side (a root, an index), so a formula read from them is a guess.
_UNSURE = re.compile(r"[\w.]+[_^]\{[^{}\U000F0000-\U000FFFFD]*\}\{[A-Za-z]{2,}\}")

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
    return _shield(_SHIELDED, text, links), links


def shield_formulas(text: str, links: list[str]) -> str:
    """Return `text` with a character for each fraction that is too damaged to read.

    The formulas join `links`, so that `unshield_links` brings them back as they were collected.
    """
    return _shield(_UNSURE, text, links) if "}{" in text else text


def _shield(pattern: re.Pattern[str], text: str, links: list[str]) -> str:
    def shield(match: re.Match[str]) -> str:
        links.append(match[0])
        return chr(_FIRST_SHIELD + len(links) - 1)

    return pattern.sub(shield, text)


def unshield_links(text: str, links: list[str]) -> str:
    """Return `text` with the shielded addresses back in their places."""
    return re.sub(
        r"[\U000F0000-\U000FFFFD]", lambda match: links[ord(match[0]) - _FIRST_SHIELD], text
    )
