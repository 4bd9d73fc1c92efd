"""Executed notebooks as their own cache: outputs, seconds and fingerprint in one file.

What a run adds stands under `threadbook` in the metadata: the `fingerprint` of the
notebook, the `versions` of the packages that it loaded, the `seconds` of each code cell.
Nothing else tells when or where it ran.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.validator import iter_validate

from threadbook.errors import InputError
from threadbook.files import write_all

NAMESPACE = "threadbook"
RUN_METADATA = ("language_info", "widgets")  # what the kernel adds to the notebook's metadata
SKIPPED = "skip-execution"  # the tag of a cell that the build does not run


def read_source(path: Path) -> NotebookNode:
    """Return the notebook at `path` without the outputs it may carry.

    Before nbformat 4.5 cells had no ids; nbformat would invent some, at random.
    """
    expected = "a notebook in nbformat 4.5"
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise InputError(path, None, "no such file", expected) from error
    except ValueError as error:
        raise InputError(path, None, str(error), expected) from error
    for wrong in iter_validate(data, version=4, version_minor=5):
        raise InputError(path, None, str(wrong).partition("\n")[0], expected)
    notebook = _to_node(data)
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    return notebook


def read_executed(path: Path) -> NotebookNode | None:
    """Return the notebook that a run left at `path`, or None where there is none.

    The file is only a cache: a foreign or damaged one is made anew, not refused.
    What carries our fingerprint was written whole, by us, and is not validated again.
    """
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    own = isinstance(data, dict) and isinstance(stored_fingerprint(data), str)
    return _to_node(data) if own else None


def write_executed(path: Path, notebook: NotebookNode, fingerprint: str) -> None:
    """Write an executed notebook in one step, unless the same bytes are there."""
    stamped = copy.deepcopy(notebook)
    _own(stamped)["fingerprint"] = fingerprint
    text = nbformat.v4.writes(stamped)
    write_all({path: text + "\n"})


def stored_fingerprint(executed: Mapping[str, Any]) -> str | None:
    """Return the fingerprint that a run left in the notebook, None if it was never run."""
    fingerprint: str | None = executed.get("metadata", {}).get(NAMESPACE, {}).get("fingerprint")
    return fingerprint


def record_seconds(cell: NotebookNode, seconds: float) -> None:
    """Keep in the cell's metadata how long it ran."""
    _own(cell)["seconds"] = round(seconds, 3)


def recorded_seconds(executed: NotebookNode) -> float:
    """Return the seconds that all code cells together took when they last ran."""
    cells = code_cells(executed)
    return float(sum(cell.metadata.get(NAMESPACE, {}).get("seconds", 0.0) for cell in cells))


def record_versions(notebook: NotebookNode, versions: Mapping[str, str]) -> None:
    """Keep in the notebook's metadata which version of each package it ran with, if any."""
    if versions:
        _own(notebook)["versions"] = dict(versions)


def recorded_versions(executed: Mapping[str, Any]) -> dict[str, str]:
    """Return the version of each main package that the notebook loaded, by the package's name."""
    return dict(executed.get("metadata", {}).get(NAMESPACE, {}).get("versions", {}))


def transplant(*, outputs_from: NotebookNode, cells_of: NotebookNode) -> NotebookNode:
    """Return the notebook `cells_of` with the outputs that the same code gave before.

    Prose may differ between the two, and move, and so may cells that are not run; the others
    must be the same ones in the same order, which equal fingerprints guarantee.
    """
    result = copy.deepcopy(cells_of)
    given, taken = cells_that_run(outputs_from), cells_that_run(result)
    if [cell.source for cell in given] != [cell.source for cell in taken]:
        raise ValueError("the code cells differ: outputs of one code under another would be false")
    for old, new in zip(given, taken, strict=True):
        new.outputs = copy.deepcopy(old.outputs)
        new.execution_count = old.execution_count
        if "seconds" in old.metadata.get(NAMESPACE, {}):
            record_seconds(new, old.metadata[NAMESPACE]["seconds"])
    for name in RUN_METADATA:
        if name in outputs_from.metadata:
            result.metadata[name] = copy.deepcopy(outputs_from.metadata[name])
    record_versions(result, recorded_versions(outputs_from))
    return result


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells in their order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cells_that_run(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells without those that the build skips."""
    return [c for c in code_cells(notebook) if SKIPPED not in c.metadata.get("tags", [])]


def _to_node(data: dict[str, Any]) -> NotebookNode:
    """Return a notebook from its JSON, in which long texts are lists of lines."""
    notebook: NotebookNode = nbformat.v4.to_notebook_json(data)
    return notebook


def _own(node: NotebookNode) -> dict[str, Any]:
    """Return the node's metadata under our name, made if need be."""
    own: dict[str, Any] = node.metadata.setdefault(NAMESPACE, {})
    return own
