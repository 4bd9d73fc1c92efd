"""A lab's verdict on a claim: what was predicted, what was measured, and which way it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Literal

VERDICT_MIME = "application/vnd.threadbook.verdict+json"
"""Rides along in a notebook's output, so that the site build can collect the rows."""

Outcome = Literal["holds", "fails", "mixed"]
SIGNS: dict[Outcome, str] = {"holds": "✓", "fails": "✗", "mixed": "±"}


@dataclass(frozen=True)
class Verdict:
    """One row of `verdicts.csv`, without what only the build knows (thread and seconds).

    `criterion` was fixed before the run; `measured` and `spread` are text with units.
    """

    lab: str
    citekeys: tuple[str, ...]
    claim: str
    prediction: str
    criterion: str
    measured: str
    spread: str
    seeds: int
    verdict: Outcome

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {
            VERDICT_MIME: asdict(self),
            "text/html": self.to_html(),
            "text/plain": f"{self.lab} {self.verdict}: {self.measured} ({self.criterion})",
        }

    def to_html(self) -> str:
        """Return the badge with the claim, the criterion and the measured value, escaped."""
        rows = {
            "Predicted": self.prediction,
            "Criterion": self.criterion,
            "Measured": f"{self.measured} ({self.spread}; {_count_seeds(self.seeds)})",
        }
        cells = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows.items())
        badge = f'<span class="tb-badge">{SIGNS[self.verdict]} {self.verdict}</span>'
        return (
            f'<div class="tb-verdict tb-{self.verdict}"><p>{badge} '
            f"<strong>{escape(self.claim)}</strong></p><dl>{cells}</dl></div>"
        )


def judge(holds: bool | Outcome) -> Outcome:
    """Return the outcome for a computed truth value, or for an outcome given by name."""
    if isinstance(holds, str):
        if holds not in SIGNS:
            raise ValueError(f"verdict {holds!r}; expected one of {', '.join(SIGNS)}")
        return holds
    return "holds" if holds else "fails"


def make_verdict(
    *,
    lab: str,
    citekeys: Sequence[str],
    claim: str,
    holds: bool | Outcome,
    **details: Any,
) -> Verdict:
    """Return the verdict of `lab` on `claim`; `details` are the other fields of `Verdict`."""
    if not citekeys:
        raise ValueError(f"lab {lab!r} names no paper; a verdict is about somebody's claim")
    texts = {name: str(value) for name, value in details.items() if name != "seeds"}
    return Verdict(
        lab=lab,
        citekeys=tuple(citekeys),
        claim=claim,
        verdict=judge(bool(holds) if not isinstance(holds, str) else holds),
        seeds=int(details["seeds"]),
        **texts,
    )


def _count_seeds(seeds: int) -> str:
    return "exact" if seeds == 0 else f"{seeds} seed{'s' * (seeds != 1)}"
