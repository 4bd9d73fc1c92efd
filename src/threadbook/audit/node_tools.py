"""Lighthouse and html-validate, which run on Node from `scripts/audit/node_modules`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from typing import Any

from threadbook.audit.chromium import FLAGS, find_chromium
from threadbook.errors import BuildError

TOOLS = Path("scripts/audit")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def find_tool(root: Path, name: str) -> list[str]:
    """Return the words that start a tool; raises `BuildError` where Node or the tool is missing."""
    node = shutil.which("node")
    tool = root / TOOLS / "node_modules" / ".bin" / name
    if node is None or not tool.exists():
        missing = "Node" if node is None else tool
        raise BuildError(f"found no {missing}; expected Node 20.19 or newer, and make audit")
    return [node, str(tool.resolve())]


def run_lighthouse(root: Path, address: str) -> dict[str, float]:
    """Return Lighthouse's mobile scores of the page at `address`, by category, from 0 to 1."""
    words = [*find_tool(root, "lighthouse"), address, "--output=json", "--quiet"]
    words += [f"--only-categories={','.join(CATEGORIES)}"]
    words += [f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    done = _run(words, os.environ | {"CHROME_PATH": find_chromium()})
    report = _parse(done.stdout, done)
    return {name: float(report["categories"][name]["score"] or 0) for name in CATEGORIES}


def list_failed_audits(report: dict[str, Any]) -> list[str]:
    """Return the ids of the audits of a Lighthouse report that did not reach their full score."""
    return sorted(name for name, row in report["audits"].items() if row["score"] not in (None, 1))


def validate_html(root: Path, files: Sequence[Path]) -> list[str]:
    """Return one line for each error that html-validate finds in `files`."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"  # through a pipe, a long report arrives cut short
        words = [*find_tool(root, "html-validate"), f"--formatter=json={report}"]
        words += [f"--config={root / TOOLS / 'html-validate.json'}", *map(str, files)]
        done = _run(words, os.environ)
        pages = _parse(report.read_text(encoding="utf-8") if report.exists() else "", done)
    return [
        f"{Path(page['filePath']).name}:{error['line']}: {error['ruleId']}: {error['message']}"
        for page in pages
        for error in page["messages"]
        if error["severity"] > 1
    ]


def _run(words: Sequence[str], environment: Mapping[str, str]) -> CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own words)
        words, capture_output=True, text=True, encoding="utf-8", env=environment, check=False
    )


def _parse(text: str, done: CompletedProcess[str]) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        tool = Path(done.args[1]).name
        raise BuildError(f"{tool} gave no report:\n{done.stderr[-2000:]}") from error
