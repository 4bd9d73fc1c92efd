"""Files replaced whole or not at all, with the same bytes on every machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from threadbook.errors import InputError


def write_text(path: Path, text: str) -> None:
    """Replace `path` by `text` (UTF-8, LF) in one step, so a killed build leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    scratch = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        scratch.chmod(0o644)
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def write_all(texts: Mapping[Path, str]) -> list[Path]:
    """Write the texts whose file differs, and return the paths that changed, sorted.

    Leaving equal files alone keeps their time stamps, so later stages see no change.
    """
    changed = [path for path, text in sorted(texts.items()) if read_or_none(path) != text]
    for path in changed:
        write_text(path, texts[path])
    return changed


def read_or_none(path: Path) -> str | None:
    """Return the text of `path` with its line ends as they are, or None where there is no file."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def read_input(path: Path) -> str:
    """Return the text of an input file; one that is missing or not UTF-8 is refused."""
    try:
        text = read_or_none(path)
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError(path, line, f"byte {error.object[error.start]:#04x}", "UTF-8") from error
    if text is None:
        raise InputError(path, None, "no such file", "an input of the book")
    return text
