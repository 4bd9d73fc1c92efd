"""Where the system's Chromium is, and how it is started without a screen."""

from __future__ import annotations

import shutil

from threadbook.errors import BuildError

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def find_chromium() -> str:
    """Return the path of Chromium; raises `BuildError` that says how to get it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise BuildError("found no Chromium; expected one of " + ", ".join(NAMES) + " on the path")
    return found
