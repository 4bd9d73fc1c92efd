"""The rows of verdicts.csv, collected from the outputs of executed notebooks."""

from __future__ import annotations

import csv
import io
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


def collect_verdicts(slug: str, notebook: Any) -> Iterator[dict[str, str]]:
    """Yield the verdict rows of the thread `slug`, in the order of its executed notebook.

    `seconds` is the time of the lab's cells since the verdict before it, or since the cell that
    imports a lab, so that the rows of a thread add up to what its labs cost.
    """
    seconds, in_lab = 0.0, False
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        in_lab = in_lab or "threadbook.labs" in cell["source"]
        if in_lab:
            seconds += cell["metadata"].get("threadbook", {}).get("seconds", 0.0)
        for output in cell["outputs"]:
            row = output.get("data", {}).get(VERDICT_MIME)
            if row is not None:
                texts = {name: str(value) for name, value in row.items()}
                texts |= {"thread": slug, "citekeys": "; ".join(row["citekeys"])}
                yield texts | {"seconds": f"{seconds:.1f}"}
                seconds = 0.0


def render_verdicts(rows: Iterable[dict[str, str]]) -> str:
    """Return the text of verdicts.csv."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
