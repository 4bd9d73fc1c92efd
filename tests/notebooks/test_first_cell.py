"""The cell that makes a notebook run where there is nothing but Python and git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from threadbook.notebooks.first_cell import fetch_book, first_cell
from threadbook.notebooks.repository import Repository

HOME = Repository("github.com", "owner/threadbook", "dev", "book")
LOCK = "src/threadbook/notebooks/lock.py"
STUB = "import json, pathlib\ndef install_packages(file):\n    pathlib.Path('asked').write_text(file)\n"


def run(source: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a cell in an interpreter that has the standard library alone, in `folder`."""
    report = "\nimport json, os, sys\nprint(json.dumps([os.getcwd(), sys.path[0]]))"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, "-S", "-c", source + report],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository with a book in the folder `book` of the branch `dev`."""
    files = {LOCK: STUB, "src/threadbook/__init__.py": "", "requirements.lock": "numpy==2\n"}
    for name, text in files.items():
        file = tmp_path / "remote/book" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q", "-b", "dev"], ["add", "."], [*author, "commit", "-qm", "Book"]):
        subprocess.run(["git", *command], cwd=tmp_path / "remote", check=True)
    return tmp_path / "remote"


def test_it_fetches_the_book_and_goes_there(remote, tmp_path):
    """A notebook opened on Colab stands alone in an empty folder."""
    config = tmp_path / "gitconfig"
    config.write_text(f'[url "file://{remote}"]\n  insteadOf = {HOME.url}\n', encoding="utf-8")
    place = tmp_path / "content"
    place.mkdir()
    for _ in range(2):  # again, as after the restart of a session
        result = run(first_cell(HOME), place, GIT_CONFIG_GLOBAL=str(config))
        assert result.returncode == 0, result.stderr
        folder = place / "threadbook-clone/book"
        assert json.loads(result.stdout) == [str(folder), str(folder / "src")]
        assert (folder / "asked").read_text(encoding="utf-8") == "requirements.lock"


def test_where_threadbook_is_installed_it_does_nothing(tmp_path):
    """On an ordinary machine it must not cost a second, nor touch the folder."""
    (tmp_path / "threadbook.py").write_text("", encoding="utf-8")
    result = run(first_cell(HOME), tmp_path)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == [str(tmp_path), ""]
    assert [file.name for file in tmp_path.iterdir()] == ["threadbook.py"]


def test_without_an_address_it_says_so_in_one_line(tmp_path):
    """The import that follows would only say that there is no such module."""
    result = run(first_cell(None), tmp_path)
    told, place = result.stdout.splitlines()
    assert "names no repository" in told
    assert "repository.url in _config.yml" in told
    assert json.loads(place) == [str(tmp_path), ""]


def test_a_repository_that_cannot_be_cloned_is_an_error(tmp_path):
    """Going on would install something else, or fail further down."""
    config = tmp_path / "gitconfig"
    config.write_text(f'[url "file://{tmp_path}/no"]\n  insteadOf = {HOME.url}\n', encoding="utf-8")
    result = run(first_cell(HOME), tmp_path, GIT_CONFIG_GLOBAL=str(config))
    assert result.returncode != 0
    assert "CalledProcessError" in result.stderr


def test_the_address_is_quoted_as_python_does():
    """Nothing from the configuration can end the string that it stands in."""
    odd = Repository("github.com", "owner/na'me", "main", "")
    assert """fetch_book("https://github.com/owner/na'me", 'main', '')""" in first_cell(odd)
    assert "noqa" not in first_cell(odd)
    assert fetch_book.__doc__ in first_cell(odd)
