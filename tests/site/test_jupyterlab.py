"""A notebook of the book in JupyterLab, as `make lab` opens it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import build_library
import build_notebooks
import pytest
from playwright.sync_api import Browser

MAKEFILE = Path(__file__).parents[2] / "Makefile"
TOKEN = "reader"
SECONDS = 120
RUN_ALL = """async () => {
  await jupyterapp.restored;
  const { context } = jupyterapp.shell.currentWidget;
  await context.sessionContext.ready;
  await context.sessionContext.session.kernel.info;
  await jupyterapp.commands.execute("notebook:run-all-cells");
}"""

pytestmark = pytest.mark.slow


def lab_options() -> list[str]:
    """Return what `make lab` asks of JupyterLab."""
    recipe = re.search(r"^\t\$\(BIN\)/jupyter lab (.*)$", MAKEFILE.read_text("utf-8"), re.MULTILINE)
    assert recipe is not None
    return [option for option in recipe[1].split() if not option.startswith("$(")]


@pytest.fixture
def lab(book_folder: Path, tmp_path: Path) -> Iterator[str]:
    """The address of JupyterLab in the small book, with nobody's settings."""
    chapter = book_folder / "chapters/threads/paths.md"
    with chapter.open("a", encoding="utf-8") as file:
        file.write("\n```{code-cell} ipython3\ntb.timeline_figure(thread)\n```\n")
    build_library.main(["--book", str(book_folder)])
    build_notebooks.main(["--book", str(book_folder)])
    command = [sys.executable, "-m", "jupyterlab", *lab_options(), "--allow-root", "--no-browser"]
    command += ["--port=0", f"--IdentityProvider.token={TOKEN}", "--expose-app-in-browser"]
    home = {name: str(tmp_path / name) for name in ("HOME", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    home |= {name: str(tmp_path / name) for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    log = tmp_path / "lab.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=book_folder, env=os.environ | home, stdout=file, stderr=file
        )
    try:
        yield find_address(log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def find_address(log: Path) -> str:
    """Wait until the server has said where it listens, and answers there."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        text = log.read_text(encoding="utf-8", errors="replace")
        if match := re.search(r"http://127\.0\.0\.1:\d+", text):
            try:
                urlopen(f"{match[0]}/api?token={TOKEN}", timeout=5).close()
            except URLError:
                pass
            else:
                return match[0]
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def test_a_notebook_runs_in_jupyterlab_and_reads_well(
    lab: str, browser: Browser, book_folder: Path
):
    """Mathematics and links by MyST, figures as figures, prose with its values filled in."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(1000 * SECONDS)
    page.route(lambda url: not url.startswith(lab), lambda route: route.abort())
    page.goto(f"{lab}/lab/tree/notebooks/paths.ipynb?token={TOKEN}")
    page.locator(".jp-Notebook .jp-MarkdownCell a.link").first.wait_for()  # made by jupyterlab-myst
    assert not re.search(r"\{[a-z:]+\}`", page.locator(".jp-Notebook").inner_text())
    page.evaluate(RUN_ALL)
    page.get_by_text("It takes 4.0 steps.").wait_for(state="attached")
    # In the frame of HTML; JupyterLab moves one that it fails on into that of an error.
    figure = page.locator(".jp-RenderedHTML figure#fig-timeline")
    figure.locator("a").first.wait_for(state="attached")
    assert "Figure 1." in (figure.locator("figcaption").text_content() or "")
    assert page.get_by_text("Javascript Error").count() == 0
    page.close()
