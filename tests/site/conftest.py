"""A browser for the tests that open pages, and a server for the pages that need one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from threadbook.audit.browser import open_browser
from threadbook.audit.chromium import find_chromium
from threadbook.audit.serve import serve as serve_folder
from threadbook.errors import BuildError


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one, the tests that need it are skipped and say so."""
    try:
        find_chromium()
    except BuildError as error:
        pytest.skip(f"pages were not opened: {error}")
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves a folder while the tests of a module run, and returns its address."""
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(serve_folder(folder)).rstrip("/")
