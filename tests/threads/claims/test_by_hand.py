"""Corrections of the claims: each is about one claim, and says what it does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threadbook.errors import InputError
from threadbook.library.papers import Paper
from threadbook.threads.claims.by_hand import count_corrections, find_rivals, make_claims
from threadbook.threads.claims.table import find_all_claims

ABSTRACT = "We are fast. It is 3 times faster. It cuts the memory by 40%, with an FID of 3.2."
PAPERS = [Paper("ash2022straight", "T", ("Ann Ash",), 2022, "2022-01", ABSTRACT, "", ())]
READ = """corrections:
  - citekey: ash2022straight
    quote: "is 3 times faster"
    strike: no measurement
  - citekey: ash2022straight
    quote: "the memory by 40%"
    metric: size
    direction: none
"""


def write(folder, text):
    (folder / "chapters").mkdir()
    (folder / "chapters/claims.yml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_the_found_claims_stand(tmp_path):
    assert make_claims(tmp_path, PAPERS) == find_all_claims(PAPERS)


def test_a_correction_strikes_a_claim_or_changes_it(tmp_path):
    speed, memory, score = find_all_claims(PAPERS)
    assert speed.metric == "speed-up"
    changed = replace(memory, metric="size", direction="")
    assert make_claims(write(tmp_path, READ), PAPERS) == (changed, score)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("is 3 times faster", "is 4 times faster", r"claims.yml:2: found 0 claims"),
        ("the memory by 40%", "by 40%, with an FID of 3.2", r"claims.yml:5: found 2 claims"),
        ("citekey: ash2022straight", "citekey: elm2022straight", r":2: .*'elm2022straight'"),
        ("metric: size", "metric: charm", r"claims.yml:5: found metric 'charm'"),
        ("direction: none", "direction: up", r"claims.yml:5: found direction 'up'"),
        ("strike: no measurement", "unit: s\n    strike: both", r":2: .*both a change and"),
        ("    strike: no measurement\n", "", r"claims.yml:2: .*neither"),
        ("strike", "delete", "the field 'delete'"),
    ],
)
def test_a_wrong_correction_is_refused_with_its_line(tmp_path, old, new, message):
    with pytest.raises(InputError, match=message):
        make_claims(write(tmp_path, READ.replace(old, new, 1)), PAPERS)


RIVALS = """rivals:
  - citekey: ash2022straight
    quote: "an FID of 3.2"
"""


def test_a_rivals_number_is_marked_and_stays(tmp_path):
    claims = find_all_claims(PAPERS)
    papers = {paper.cite_key: paper for paper in PAPERS}
    root = write(tmp_path, RIVALS)
    assert {claim.value for claim in find_rivals(root, claims, papers)} == {"3.2"}
    assert make_claims(root, PAPERS) == claims
    assert count_corrections(root) == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3.2", "4.2", r"claims.yml:2: found no claim of ash2022straight"),
        ("ash2022straight", "elm2022straight", r"claims.yml:2: .*'elm2022straight'"),
        ("quote", "words", "the field 'words'"),
    ],
)
def test_a_wrong_rival_is_refused_with_its_line(tmp_path, old, new, message):
    with pytest.raises(InputError, match=message):
        make_claims(write(tmp_path, RIVALS.replace(old, new, 1)), PAPERS)
