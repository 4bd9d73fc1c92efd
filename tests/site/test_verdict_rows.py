"""Verdicts travel in the outputs of the notebooks; the build collects them."""

from __future__ import annotations

import csv
import io

import pytest

from threadbook.labs.verdicts import VERDICT_MIME, make_verdict
from threadbook.site.verdict_rows import (
    COLUMNS,
    collect_verdicts,
    lab_seconds,
    render_verdicts,
)

ROW = {
    "lab": "reflow",
    "citekeys": ["ash2022straight"],
    "claim": "Straight paths need fewer steps.",
    "prediction": "half",
    "criterion": "at most 0.5",
    "measured": 0.4,
    "spread": "0.38 to 0.43",
    "seeds": 5,
}


def cell(source: str, seconds: float, *outputs: dict[str, object]) -> dict[str, object]:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {"threadbook": {"seconds": seconds}},
        "outputs": [{"data": output} for output in outputs],
    }


def prose(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def test_a_row_has_the_columns_of_the_contract_and_the_seconds_of_its_lab():
    """Verdicts under one heading share their run; a row of 0 s would claim to have cost nothing."""
    row = make_verdict(**ROW, holds=True)._repr_mimebundle_()
    cells = [
        cell("tb.timeline_figure(thread)", 9.0),
        prose("## Lab"),
        cell("from threadbook.labs import flows", 1.0),
        prose("### Does it hold?"),
        cell("run()", 2.0),
        cell("tb.verdict(...)", 0.5, row),
        prose("And in another respect?"),
        cell("tb.verdict(...)", 0.25, row),
        cell("tb.say(...)", 0.05),
        prose("The end of it.\n\n### Another one\n\nNo run of its own."),
        cell("tb.verdict(...)", 0.25, row),
        prose("## The thread in figures"),
        cell("tb.gains_figure(thread)", 5.0),
    ]
    text = render_verdicts(collect_verdicts("paths", {"cells": cells}))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["seconds"] for row in rows] == ["1.90", "1.90", "0.25"]
    assert lab_seconds({"cells": cells}) == pytest.approx(4.05)
    assert rows[0]["thread"] == "paths"
    assert rows[0]["citekeys"] == "ash2022straight"
    assert rows[0]["measured"] == "0.4"


@pytest.mark.parametrize(
    ("holds", "expected"), [(True, "holds"), (False, "fails"), ("mixed", "mixed")]
)
def test_the_outcome_follows_the_computed_value(holds, expected):
    bundle = make_verdict(**ROW, holds=holds)._repr_mimebundle_()
    assert bundle[VERDICT_MIME]["verdict"] == expected
    assert f"tb-{expected}" in bundle["text/html"]


def test_an_outcome_that_is_no_outcome_is_refused():
    with pytest.raises(ValueError, match="'maybe'; expected one of holds, fails, mixed"):
        make_verdict(**ROW, holds="maybe")


def test_a_verdict_about_nobody_is_refused():
    """A claim has authors; a row without keys could not be shown on any card."""
    with pytest.raises(ValueError, match="names no paper"):
        make_verdict(**ROW | {"citekeys": []}, holds=True)


def test_a_claim_is_escaped_on_the_badge():
    html = make_verdict(**ROW | {"claim": "a < b & c"}, holds=True).to_html()
    assert "a &lt; b &amp; c" in html
