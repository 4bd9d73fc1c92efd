"""Spaces that were lost or came in between words and stops: `this.We`, `ZeroQ , a`."""

from __future__ import annotations

import re

# A list, for a capitalised word after a point is as often a name: `Node.js`, `TF.Keras`.
_OPENERS = (
    "Additionally|After|All|Also|Although|Altogether|An|And|As|At|Based|Both|But|By|Code"
    "|Compared|Despite|Each|Existing|Experiments|Extensive|Finally|First|For|From|Furthermore"
    "|Given|Here|Hence|However|If|In|Inspired|Instead|It|Its|Many|Moreover|Most|Nevertheless"
    "|Next|Notably|On|One|Our|Over|Recent|Recently|Results|Second|Several|Since|Some"
    "|Specifically|Such|That|The|Then|There|Therefore|These|They|This|Those|Thus|To|Under"
    "|Unlike|Using|We|What|When|While|With|Without|Yet"
)
_GLUED_STOP = re.compile(rf"((?<![\w./@])[A-Za-z]?[a-z]{{3,}}|(?<=\w)\))\.(?=(?:{_OPENERS})[ ,])")
# An address ends in a shield while the rules run. Dots in a row and `.NET` are no stops.
_LOOSE_STOP = re.compile(r"(?<=[\w)\U000F0000-\U000FFFFD]) +(?=[.,](?:\s|$))")


def read_stops(text: str) -> str:
    """Return `text` with one space after a full stop that lost it, and none before a stop."""
    if " ." in text or " ," in text:
        text = _LOOSE_STOP.sub("", text)
    return _GLUED_STOP.sub(r"\1. ", text)
