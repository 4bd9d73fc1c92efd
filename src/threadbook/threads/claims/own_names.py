"""Quantities that keep the name that abstracts give them, by which way is better."""

from __future__ import annotations

from itertools import product

_SHARES = ("rate", "probability", "ratio")
_WANTED = (
    *("detection", "hit", "acceptance", "recognition", "recovery", "completion", "pass"),
    *("delivery", "coverage", "compliance", "decoding", "retention", "survival", "solve"),
    *("refusal", "click-through", "conversion", "identification", "retrieval", "reconstruction"),
)
_UNWANTED = (
    *("outage", "blocking", "collision", "violation", "failure", "miss", "rejection", "crash"),
    *("misclassification", "hallucination", "false alarm", "false positive", "false negative"),
    *("fooling", "packet loss", "attack", "rebuffering", "toxicity"),
)

SCORES = (
    *("generalization", "generalisation", "sensitivity", "specificity", "NDCG", "MRR"),
    *("similarity", "Elo", "sum rate", "spectral efficiency", "reward", "backward transfer"),
    *("forward transfer", "calibration", "regret"),
    *(" ".join(pair) for pair in product(_WANTED, _SHARES)),
)
"""Plain numbers of which more is better."""
LOW_SCORES = tuple(" ".join(pair) for pair in product(_UNWANTED, _SHARES))
"""Plain numbers of which less is better."""
GAINS = (*("sequence length", "context length", "utilization", "utilisation", "sample size"),)
"""What needs a unit and is better when higher."""
COSTS = ("carbon emission", "path loss", "packet loss", "power draw", "jitter", "area", "delay")
"""What needs a unit and is better when lower."""
