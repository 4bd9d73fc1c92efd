"""Which claims report by how much a score moved, and which the score itself."""

from __future__ import annotations

import pytest

from threadbook.threads.claims.changes import find_changes
from threadbook.threads.claims.extract import extract_claims


@pytest.mark.parametrize(
    ("abstract", "changes"),
    [
        ("Our method improves accuracy by 2.7% on ImageNet.", ["2.7"]),
        ("Our method improves accuracy by up to 15% compared to FedAvg.", ["15"]),
        ("We achieve a top-1 accuracy of 93.05% on CIFAR-10.", []),
        ("Our model reaches 27.9% accuracy, a remarkable +18.2% margin over others.", ["18.2"]),
        ("It achieves 1.83% higher accuracy on ImageNet.", ["1.83"]),
        ("We improve mAP from 49.0% to 51.9% (+2.9% mAP).", ["2.9"]),
        ("We achieve up to 4.7% and 4.6% higher accuracy than before.", ["4.7", "4.6"]),
        (
            "We outperform others in accuracy by up to 1.0% for ResNet-32, 0.5% for VGG-16, and 0.7% "
            "for DenseNet.",
            ["1.0", "0.5", "0.7"],
        ),
        ("Our method improves the baseline by 2.2 mAP and achieves 44.8 mAP.", ["2.2"]),
        ("Our method is 3 times faster and saves memory by 40%.", []),
        ("We achieve an FID of 2.82 with 0.37 improvement in FID over DDIM.", ["0.37"]),
    ],
)
def test_changes_are_told_from_levels(abstract, changes):
    claims = extract_claims("key", abstract)
    found = find_changes(claims, {"key": abstract})
    assert [claim.value for claim in claims if claim in found] == changes


def test_a_list_ends_with_its_sentence_and_its_metric():
    abstract = "Our method improves accuracy by 3%. Our method has an error of 4%, and 5% accuracy."
    claims = extract_claims("key", abstract)
    assert [claim.value for claim in find_changes(claims, {"key": abstract})] == ["3"]
