"""The rows of the audit: what was asked, what was measured, and whether it was reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from threadbook.audit.browser import Look, Sight

TARGETS = {"performance": 0.95, "accessibility": 1.0, "best-practices": 0.95, "seo": 1.0}
MOST_BYTES = 300_000
"""What a thread's page may move, compressed, without its figures."""


@dataclass(frozen=True)
class Row:
    """One line of the report; `details` are shown where the target was missed."""

    what: str
    asked: str
    measured: str
    reached: bool
    details: tuple[str, ...] = ()


def count_row(what: str, problems: Sequence[str]) -> Row:
    """Return the row of something of which there should be none."""
    return Row(what, "0", str(len(problems)), not problems, tuple(problems))


def browser_rows(sights: Mapping[tuple[str, Look], Sight]) -> list[Row]:
    """Return what the looks at all pages came to: strangers, access, overflow, errors."""

    def gather(field: str) -> list[str]:
        return [
            f"{kind}, {look.scheme}, {look.width}: {item}"
            for (kind, look), sight in sights.items()
            for item in getattr(sight, field)
        ]

    wider = [
        f"{kind}, {look.scheme}, {look.width}: {sight.overflow} px"
        for (kind, look), sight in sights.items()
        if sight.overflow
    ]
    return [
        count_row("requests to other hosts", gather("strangers")),
        count_row("axe-core violations, light and dark, wide and phone", gather("violations")),
        count_row("pages wider than the window", wider),
        count_row("errors of scripts", gather("errors")),
    ]


def weight_row(kind: str, moved: int, figures: int, requests: int) -> Row:
    """Return the row of a page's weight: bytes moved less those of the figures in it."""
    net = moved - figures
    measured = f"{net / 1000:.0f} KB in {requests} requests ({figures / 1000:.0f} KB of figures)"
    return Row(f"bytes moved by the {kind} page", "300 KB", measured, net <= MOST_BYTES)


def lighthouse_rows(scores: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """Return one row a page and category."""
    return [
        Row(
            f"Lighthouse, {kind}: {name}",
            f"{TARGETS[name]:.2f}",
            f"{score:.2f}",
            score >= TARGETS[name],
        )
        for kind, found in scores.items()
        for name, score in found.items()
    ]


def render(rows: Sequence[Row], *, most: int = 12) -> str:
    """Return the report as a table, with what was wrong below the rows that were missed."""
    width = max(len(row.what) for row in rows)
    lines = []
    for row in rows:
        sign = "ok  " if row.reached else "MISS"
        lines.append(f"{sign} {row.what:{width}}  asked {row.asked}, measured {row.measured}")
        lines += [f"       {detail}" for detail in row.details[:most]]
        if len(row.details) > most:
            lines.append(f"       and {len(row.details) - most} more")
    return "\n".join(lines)
