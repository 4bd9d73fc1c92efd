"""The first cell of every notebook: where threadbook is missing, it fetches the book.

On Colab a notebook stands alone; there the cell clones the repository, installs the packages
that notebooks need, and goes to the book's folder. Where threadbook can be imported it does
nothing, so the build skips it, and a change of the repository's address runs no notebook again.
"""

from __future__ import annotations

import inspect

from threadbook.notebooks.repository import Repository

TAGS = ("remove-cell", "skip-execution")
HEAD = """\
# @title Set-up: fetches the book where it is not installed, as on Colab; elsewhere does nothing
import importlib.util
"""
GUARD = 'if importlib.util.find_spec("threadbook") is None:'
NO_ADDRESS = """\
    print(
        "threadbook is not installed here, and this book names no repository to fetch it from "
        "(repository.url in _config.yml): clone the book and run `make lab` in it."
    )"""


def first_cell(repository: Repository | None) -> str:
    """Return the source of the first cell of a notebook of the book in `repository`."""
    if repository is None:
        return "\n".join([HEAD, GUARD, NO_ADDRESS])
    arguments = (repository.url, repository.branch, repository.folder)
    call = f"    fetch_book({', '.join(map(repr, arguments))})"
    function = inspect.getsource(fetch_book).replace("  # noqa: S603", "")
    return "\n".join([HEAD, "", function, "", GUARD, call])


def fetch_book(address: str, branch: str, folder: str) -> None:
    """Clone the book, go there, install its packages, and let Python find threadbook."""
    import os
    import runpy
    import subprocess
    import sys
    from pathlib import Path

    # No name that Python could take for a package: it would hide the one inside.
    clone = Path("threadbook-clone")
    if not clone.exists():
        command = ["git", "clone", "--quiet", "--depth=1", f"--branch={branch}"]
        subprocess.run([*command, address, str(clone)], check=True)  # noqa: S603
    os.chdir(clone / folder)
    lock = runpy.run_path("src/threadbook/notebooks/lock.py")
    lock["install_packages"]("requirements.lock")
    sys.path.insert(0, str(Path("src").resolve()))
