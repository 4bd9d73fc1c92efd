"""How a benchmark names the machine and reports a ratio."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path


def name_machine() -> str:
    """Return processor, cores and Python of this machine."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def best_seconds(work: Callable[[], object], repeats: int) -> float:
    """Return the shortest time of `repeats` runs: the one that other work disturbed least."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def report(what: str, ours: float, theirs: float) -> str:
    """Return the line of a benchmark: what was compared, the ratio, both times, the machine."""
    return f"{what}: {theirs / ours:.1f}x ({ours:.2f} s against {theirs:.2f} s), {name_machine()}"
