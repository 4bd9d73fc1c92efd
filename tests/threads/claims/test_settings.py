"""On which data set a figure was measured: lists by their order, else the nearest that fits."""

from __future__ import annotations

import pytest

from threadbook.threads.claims.extract import extract_claims
from threadbook.threads.claims.settings import find_settings


@pytest.mark.parametrize(
    ("abstract", "settings"),
    [
        ("We achieve an FID of 2.5 on CIFAR10.", {"2.5": "CIFAR-10"}),
        ("On ImageNet 64×64 we achieve an FID of 2.5.", {"2.5": "ImageNet 64"}),
        (
            "We achieve FID scores of 2.51 and 3.25 on CIFAR-10 and ImageNet 64×64.",
            {"2.51": "CIFAR-10", "3.25": "ImageNet 64"},
        ),
        (
            "We are best on CIFAR-10/FFHQ 64×64, with FID scores of 1.91/2.43.",
            {"1.91": "CIFAR-10", "2.43": "FFHQ"},
        ),
        (
            "We achieve an FID of 2.97 on LSUN, and 7.72 on FFHQ.",
            {"2.97": "LSUN", "7.72": "FFHQ"},
        ),
        (
            "Our model reaches 90.0% accuracy on ImageNet-1K, 63.8% mAP on COCO.",
            {"90.0": "ImageNet-1K", "63.8": "COCO"},
        ),
        (
            "We achieve new F1 scores for PPI (0.995) and Reddit (0.970).",
            {"0.995": "PPI", "0.970": "Reddit"},
        ),
        ("We improve accuracy (+0.8%) on Kinetics-400.", {"0.8": "Kinetics-400"}),
        ("We improve accuracy by 2% on CIFAR-100 and ImageNet.", {"2": ""}),
        ("We achieve an FID of 2.5 on our own data.", {"2.5": ""}),
    ],
)
def test_each_figure_has_the_data_set_of_its_clause(abstract, settings):
    claims = extract_claims("key", abstract)
    found = find_settings(claims, {"key": abstract})
    assert {claim.value: setting for claim, setting in found.items()} == settings
