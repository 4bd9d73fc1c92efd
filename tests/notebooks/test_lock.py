"""The packages that the first cell installs: enough for every notebook, and not Jupyter."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import pytest

from threadbook.notebooks import lock
from threadbook.notebooks.lock import NEEDED, find_stale_modules, read_pins, select_pins

ROOT = Path(__file__).parents[2]
SEEN_BY_NOTEBOOKS = ("charts", "labs", "library", "threads")
SAMPLE = """\
alpha==1.0 \\
    --hash=sha256:aa
    # via
    #   beta
    #   -r requirements.in
beta==2.0 ; python_full_version < '3.13' \\
    --hash=sha256:bb \\
    --hash=sha256:bc
    # via gamma
beta==2.1 ; python_full_version >= '3.13' \\
    --hash=sha256:bd
    # via gamma
gamma==3.0 \\
    --hash=sha256:cc
delta==4.0 \\
    --hash=sha256:dd
    # via alpha-of-another-name
"""


@pytest.fixture(scope="module")
def chosen() -> dict[str, str]:
    """What the first cell installs of this book's lock file: name and lines."""
    pins = read_pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    return {pin.name: pin.text for pin in select_pins(pins, NEEDED)}


def test_a_package_comes_with_all_that_it_needs():
    """Hashes are checked, so pip refuses a dependency that the file does not pin."""
    pins = read_pins(SAMPLE)
    assert [(pin.name, pin.version) for pin in pins] == [
        ("alpha", "1.0"),
        ("beta", "2.0"),
        ("beta", "2.1"),
        ("gamma", "3.0"),
        ("delta", "4.0"),
    ]
    assert [pin.version for pin in select_pins(pins, ["gamma"])] == ["1.0", "2.0", "2.1", "3.0"]
    assert [pin.name for pin in select_pins(pins, ["delta"])] == ["delta"]
    assert "\n".join(pin.text for pin in pins) == SAMPLE


def test_every_module_that_a_notebook_may_import_is_covered(chosen):
    """A lab that uses one package more must not fail on Colab alone."""
    files = [file for room in SEEN_BY_NOTEBOOKS for file in (ROOT / "src/threadbook" / room).rglob("*.py")]
    files += (ROOT / "src/threadbook").glob("*.py")
    names = {name for file in files for name in imported_names(file)} - {"threadbook"}
    packages = {
        package.lower() for name in names for package in packages_distributions().get(name, [name])
    }
    only_the_library = {"bibtexparser", "pybtex", "pylatexenc", "rispy", "tqdm"}
    assert packages - only_the_library <= chosen.keys()


def imported_names(file: Path) -> set[str]:
    """Return the top-level names outside the standard library that a module imports."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)


def test_jupyter_stays_as_it_is(chosen):
    """Replacing the packages of the kernel that runs would break a Colab session."""
    assert not {"ipykernel", "ipython", "jupyterlab", "tornado", "pyzmq"} & chosen.keys()
    assert all("--hash=sha256:" in text for text in chosen.values())


def test_pip_gets_the_pins_with_their_hashes(tmp_path, monkeypatch):
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    asked = []

    def answer(command: list[str], *, check: bool) -> None:
        asked.append((command, Path(command[-1]).read_text(encoding="utf-8"), check))

    monkeypatch.setattr(subprocess, "run", answer)
    (tmp_path / "requirements.lock").write_text("numpy==2.0 \\\n    --hash=sha256:aa\n" + SAMPLE)
    lock.install_packages(str(tmp_path / "requirements.lock"))
    ((command, text, check),) = asked
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert "--require-hashes" in command
    assert text == "numpy==2.0 \\\n    --hash=sha256:aa"
    assert check


def test_a_package_loaded_in_another_version_is_named(monkeypatch):
    """Half of an old numpy and half of a new one fail in ways that nobody understands."""
    assert find_stale_modules() == []
    monkeypatch.setitem(sys.modules, "numpy", SimpleNamespace(__version__="1.0"))
    assert find_stale_modules() == ["numpy"]
    monkeypatch.setattr(lock, "read_pins", lambda _text: [])
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    with pytest.raises(RuntimeError, match=r"restart the session .*: numpy had been loaded"):
        lock.install_packages(str(ROOT / "requirements.lock"))


def test_the_file_runs_by_itself():
    """The first cell runs it before anything is installed."""
    names = imported_names(Path(lock.__file__))
    assert names == set()
    assert "install_packages" in runpy.run_path(lock.__file__)
