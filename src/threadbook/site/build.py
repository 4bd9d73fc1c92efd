"""The Jupyter Book build as a stage with progress: pages from executed notebooks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import deque
from pathlib import Path

from threadbook.errors import BuildError
from threadbook.progress import open_stage

HTML = Path("_build/html")
PERCENT = re.compile(r"^(reading sources|writing output|copying images)\.*\s*\[\s*(\d+)%\]\s*(\S*)")
STAGES = ("reading sources", "writing output")
LAST_LINES = 60
"""How much of the build's output is shown when it fails."""


def run_jupyter_book(root: Path) -> None:
    """Build the site of the book in `root`; any warning or broken reference is a failure.

    Raises `BuildError` with the end of the build's output.
    """
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(root)]
    command += ["--path-output", str(root), "--warningiserror", "--nitpick", "--keep-going"]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and arguments)
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=os.environ | {"NO_COLOR": "1", "PYTHONUTF8": "1"},
    ) as process:
        last = _follow(process)
    if process.returncode:
        raise BuildError("jupyter-book build failed:\n" + "".join(last))


def _follow(process: subprocess.Popen[str]) -> deque[str]:
    """Show the build's own percentages as one stage, and return the last lines it printed."""
    last: deque[str] = deque(maxlen=LAST_LINES)
    with open_stage("pages", 100 * len(STAGES)) as stage:
        done = 0
        for line in process.stdout or ():
            match = PERCENT.match(line)
            if match is None or match[1] not in STAGES:
                last.append(line)
                continue
            reached = 100 * STAGES.index(match[1]) + int(match[2])
            for _ in range(done, reached):
                stage.advance(f"{match[1]}: {match[3]}")
            done = max(done, reached)
    return last
