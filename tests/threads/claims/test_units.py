"""Units behind and before numbers, and those that neighbours share."""

from __future__ import annotations

import pytest

from threadbook.threads.claims.quantities import read_quantities


def read(sentence: str) -> list[tuple[str, str]]:
    return [(q.numeral.value, q.unit.name) for q in read_quantities(sentence)]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("3%", "%"),
        ("3 percent", "%"),
        ("3 percentage points", "points"),
        ("3% absolute", "points"),
        ("3x faster", "×"),
        ("3 times faster", "×"),
        ("3-fold", "×"),
        ("3 orders of magnitude", "orders of magnitude"),
        ("3 dB", "dB"),
        ("3ms", "ms"),
        ("3 seconds", "s"),
        ("3s", "s"),
        ("3 min", "minutes"),
        ("3 A100 GPU days", "GPU days"),
        ("3 GPU-hours", "GPU hours"),
        ("3fps", "FPS"),
        ("3 frames per second", "FPS"),
        ("3 bits/dim", "bits/dim"),
        ("3KB", "KB"),
        ("3 GFLOPs", "GFLOPs"),
        ("3 mJ", "mJ"),
        ("3-bit", "bits"),
        ("3 NFEs", "evaluations"),
        ("3 function evaluations", "evaluations"),
        ("3 forward passes", "passes"),
        ("3 sampling steps", "steps"),
        ("3 simulation samples per second (SPS)", "SPS"),
        ("3 m/s", "m/s"),
        ("3 mm²", "mm²"),
        ("3-step", "steps"),
        ("3 epochs", "epochs"),
        ("3M trainable parameters", "parameters"),
        ("300s of layers", "layers"),
        ("3 MAC/clk", "MAC/clk"),
        ("3 operations per clock cycle (MAC/clk)", "MAC/clk"),
        ("a speed-up of 3", "×"),
        ("by a factor of 3", "×"),
        ("the number of sampling steps to 3", "steps"),
        ("3 of the 4 settings", "settings"),
        ("three out of four hard problems", "problems"),
        ("3 datasets", ""),
        ("3 of them", ""),
        ("an FID of 3.2", ""),
    ],
)
def test_unit(text, unit):
    assert read(text)[0][1] == unit


def test_neighbours_share_the_unit_that_is_said_once():
    assert read("in 3 and 4 ms") == [("3", "ms"), ("4", "ms")]
    assert read("(108.8 → 3.8 GPU days)") == [("108.8", "GPU days"), ("3.8", "GPU days")]
    assert read("by 3% and 2% absolute") == [("3", "points"), ("2", "points")]
    assert read("parameters (7M → 3M)") == [("7M", "parameters"), ("3M", "parameters")]


def test_a_score_takes_no_count_for_its_unit():
    """In "an FID of 3.2 and 50 steps" each number has its own."""
    assert read("an FID of 3.2 and 50 steps") == [("3.2", ""), ("50", "steps")]
    assert read("an FID of 5.0 and 15.7M parameters") == [("5.0", ""), ("15.7M", "parameters")]


def test_an_abbreviated_unit_is_known_from_where_it_is_explained():
    text = "48,500 tokens per second (TPS) on one and 62,000 TPS on eight"
    assert read(text)[:2] == [("48500", "tokens/s"), ("62000", "tokens/s")]


@pytest.mark.parametrize("text", ["one can show", "between two points", "1M image layer pairs"])
def test_what_only_looks_like_a_count_has_no_unit(text):
    assert [pair for pair in read(text) if pair[1]] == []
