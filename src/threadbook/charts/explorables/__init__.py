"""Figures to play with, one module a thread: `compute` for one place of a slider, `frames` for all.

Each module computes exactly or from a fixed seed, in well under a second for all places, and
gives each place a reading from the same numbers that it draws. A page stays small: at most
`MOST_FRAMES` places, and `MOST_BYTES` of what moves.
"""

MOST_FRAMES = 12
MOST_BYTES = 25_000
