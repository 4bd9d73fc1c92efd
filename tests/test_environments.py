"""What sets the book up elsewhere: Binder, and a dev container."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
BINDER = ROOT / "binder"


@pytest.fixture(scope="module")
def supported() -> SpecifierSet:
    """The Python versions that the project takes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return SpecifierSet(project["requires-python"])


def test_binder_installs_the_lock_file(supported):
    """Binder reads these names and no others; once there is a binder/, nothing outside of it."""
    assert {file.name for file in BINDER.iterdir()} == {
        "requirements.txt",
        "runtime.txt",
        "postBuild",
    }
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    (included,) = (line.removeprefix("-r ") for line in lines if not line.startswith("#"))
    assert (BINDER / included).resolve() == ROOT / "requirements.lock"
    name, version = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().split("-")
    assert name == "python"
    assert f"{version}.0" in supported


def test_binder_installs_threadbook_with_what_the_lock_file_has():
    """Without isolation the build needs its tools from the lock file; downloads are not pinned."""
    script = BINDER / "postBuild"
    assert os.access(script, os.X_OK)
    assert "--no-deps --no-build-isolation --editable ." in script.read_text(encoding="utf-8")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(r"^hatchling==", lock, re.MULTILINE)
    assert re.search(r"^editables==", lock, re.MULTILINE)


def test_the_dev_container_sets_itself_up(supported):
    """Its image has a Python that the book takes, git and make; its set-up is one of make's."""
    text = (ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8")
    container = json.loads(text)
    image, _, tag = container["image"].partition(":")
    assert image == "python"
    assert "slim" not in tag  # which has neither git nor make
    assert f"{tag.partition('-')[0]}.0" in supported
    tool, target = container["postCreateCommand"].split()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert tool == "make"
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    settings = container["customizations"]["vscode"]["settings"]
    assert settings["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    assert set(container["portsAttributes"]) == {str(port) for port in container["forwardPorts"]}
