"""How a reported figure is said: "5× (speed-up)", on cards, in tables and in charts."""

from __future__ import annotations

import re

from threadbook.threads.claims.extract import Claim

JOINED_UNITS = ("%", "×", "°", "°C")
"""Units that stand right behind their number."""
# "passes" but not "ms", "samples/s" or "images per class"
_PLURAL = re.compile(r"(?<=ss)es$|(?<=[a-z]{2})(?<!s)(?<!sse)s$|(?<=^order)s(?= of)")


def name_figure(claim: Claim) -> str:
    """Return the number with its unit and what it measures: "5× (speed-up)"."""
    value = name_value(claim)
    return f"{value} ({claim.metric})" if claim.metric not in ("", claim.unit) else value


def name_value(claim: Claim) -> str:
    """Return the number with its unit: "5×", "25 passes", "1 pass"."""
    if not claim.unit or claim.unit in JOINED_UNITS:
        return claim.value + claim.unit
    unit = _PLURAL.sub("", claim.unit) if claim.value == "1" else claim.unit
    return f"{claim.value} {unit}"
