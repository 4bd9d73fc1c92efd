"""The rows of verdicts.csv, collected from the outputs of executed notebooks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from threadbook.labs.verdicts import VERDICT_MIME

COLUMNS = (
    "thread",
    "lab",
    "citekeys",
    "claim",
    "prediction",
    "measured",
    "spread",
    "seeds",
    "criterion",
    "verdict",
    "seconds",
)
HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


def collect_verdicts(slug: str, notebook: Any) -> Iterator[dict[str, str]]:
    """Yield the verdict rows of the thread `slug`, in the order of its executed notebook.

    The verdicts under one heading come out of the same run and share its `seconds` evenly, so
    that the rows of a thread add up to what its labs cost.
    """
    for row, seconds in _time_verdicts(notebook):
        texts = {name: str(value) for name, value in row.items()}
        texts |= {"thread": slug, "citekeys": "; ".join(row["citekeys"])}
        yield texts | {"seconds": f"{seconds:.2f}"}


def lab_seconds(notebook: Any) -> float:
    """Return how long the labs of an executed notebook took; 0 where there is none."""
    return sum(seconds for _, seconds in _time_verdicts(notebook))


def _time_verdicts(notebook: Any) -> Iterator[tuple[dict[str, Any], float]]:
    """Yield each verdict with its share of the time.

    Time counts from the cell that imports a lab. A heading that no verdict stands under leaves
    its time to the next one.
    """
    seconds, in_lab = 0.0, False
    waiting: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            in_lab = in_lab or "threadbook.labs" in cell["source"]
            own = cell["metadata"].get("threadbook", {}).get("seconds", 0.0)
            seconds += own if in_lab else 0.0
            waiting += _verdicts_of(cell)
        elif waiting and HEADING.search(cell["source"]):
            yield from ((row, seconds / len(waiting)) for row in waiting)
            seconds, waiting = 0.0, []
    yield from ((row, seconds / len(waiting)) for row in waiting)


def _verdicts_of(cell: Any) -> list[dict[str, Any]]:
    records = (output.get("data", {}).get(VERDICT_MIME) for output in cell["outputs"])
    return [record for record in records if record is not None]


def render_verdicts(rows: Iterable[dict[str, str]]) -> str:
    """Return the text of verdicts.csv."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
