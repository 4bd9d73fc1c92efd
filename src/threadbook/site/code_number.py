"""A number for the package's code: with another one, Sphinx makes all pages anew."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
CODE = {".py", ".js", ".css", ".html"}
"""Scripts, style sheets and templates count, since a page names the version that it loads."""


def number_code(package: Path = PACKAGE) -> int:
    """Return the number of the code in a folder, never 0."""
    digest = sha256()
    for file in sorted(package.rglob("*.*")):
        if file.suffix in CODE:
            digest.update(file.read_bytes())
    return int.from_bytes(digest.digest()[:4]) or 1
