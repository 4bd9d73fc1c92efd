"""The packages that notebooks need, picked out of requirements.lock with their pins and hashes.

The whole lock file also pins Jupyter; on Colab that would pull the running kernel from under
itself. So only what the notebooks import is installed there, with what that needs in turn. The
first cell of a notebook runs this file by itself, before threadbook can be imported: it may
import the standard library alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

NEEDED = (
    "diffrax",
    "equinox",
    "jax",
    "jaxtyping",
    "matplotlib",
    "numpy",
    "optax",
    "ott-jax",
    "pandas",
    "pyyaml",
    "rapidfuzz",
    "scikit-learn",
    "scipy",
)
"""What notebooks import, directly or through threadbook."""
COMPILED = {"PIL": "pillow"} | {name: name for name in ("jax", "matplotlib", "numpy", "pandas")}
"""Modules of which a kernel may have loaded an older version, and that would break if mixed."""
PIN = re.compile(r"(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;\\]+)")
NEEDED_BY = re.compile(r"^ +#(?: +via)? +(?P<name>[a-z0-9._-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    """One package of a lock file: name, version, who needs it, and its lines in the file."""

    name: str
    version: str
    needed_by: frozenset[str]
    text: str


def read_pins(text: str) -> list[Pin]:
    """Return the pins of a lock file that uv wrote; a package may have one for each Python."""
    return [pin for block in re.split(r"\n(?=[a-z0-9])", text) for pin in _read_pin(block)]


def select_pins(pins: Collection[Pin], names: Collection[str]) -> list[Pin]:
    """Return the pins of `names` and of all that they need in turn."""
    chosen, before = set(names), 0
    while len(chosen) > before:
        before = len(chosen)
        chosen |= {pin.name for pin in pins if pin.needed_by & chosen}
    return [pin for pin in pins if pin.name in chosen]


def install_packages(lock_file: str) -> None:
    """Install what notebooks need into this Python, and keep JAX to the processor.

    Raises RuntimeError where this process has loaded another version of a package already.
    """
    pins = select_pins(read_pins(Path(lock_file).read_text(encoding="utf-8")), NEEDED)
    with tempfile.TemporaryDirectory() as folder:
        chosen = Path(folder, "requirements.txt")
        chosen.write_text("\n".join(pin.text for pin in pins), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*command, "-r", str(chosen)], check=True)  # noqa: S603
    if stale := find_stale_modules():
        raise RuntimeError(
            f"restart the session (in Colab: Runtime, Restart session), then run all cells again: "
            f"{', '.join(stale)} had been loaded in another version before this cell ran"
        )
    os.environ.setdefault("JAX_PLATFORMS", "cpu")


def find_stale_modules() -> list[str]:
    """Return the modules that this process has loaded in another version than is installed."""
    return [
        name
        for name, package in COMPILED.items()
        if name in sys.modules and sys.modules[name].__version__ != version(package)
    ]


def _read_pin(block: str) -> list[Pin]:
    match = PIN.match(block)
    if match is None:
        return []
    names = frozenset(found["name"] for found in NEEDED_BY.finditer(block))
    return [Pin(match["name"], match["version"], names, block)]
