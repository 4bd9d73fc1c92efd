"""Everything that a notebook's outputs depend on, as one number.

A cache that knew only a notebook's cells would keep outputs of code or data that
have changed since. The fingerprint covers the code cells that run, the modules of the
package that they import, directly or through others, the data, the lock file,
the Python version and the kernel's settings; not prose, not metadata, no path of
this machine, no date.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from threadbook.errors import InputError
from threadbook.notebooks.cache import cells_that_run
from threadbook.notebooks.kernel import SETTINGS

RUN_TAGS = ("raises-exception",)  # the metadata that changes how a cell runs


@dataclass(frozen=True)
class Module:
    """One module of the package: the digest of its files, and the modules it imports."""

    digest: str
    imports: frozenset[str]


@dataclass(frozen=True)
class Surroundings:
    """What all notebooks of a book stand on: the package's modules, and the rest as one digest."""

    package: str
    modules: Mapping[str, Module]
    digest: str


def survey(package_root: Path, *, data_files: Sequence[Path], lock_file: Path) -> Surroundings:
    """Return the surroundings of the notebooks, read once for all of them.

    Data files are named by their place relative to the lock file, so that clones
    at two places agree and two files that change places are noticed.
    """
    root = lock_file.parent
    files = {Path(os.path.relpath(file, root)).as_posix(): _digest(file) for file in data_files}
    rest = {
        "data": files,
        "lock": _digest(lock_file),
        "python": list(sys.version_info[:2]),
        "settings": dict(SETTINGS),
    }
    return Surroundings(package_root.name, _read_modules(package_root), _hash(rest))


def fingerprint(notebook: NotebookNode, surroundings: Surroundings) -> str:
    """Return the SHA-256 of all that the outputs of `notebook` depend on."""
    cells = cells_that_run(notebook)
    sources = [[cell.source, _run_tags(cell)] for cell in cells]
    known = frozenset(surroundings.modules)
    start = {
        name for cell in cells for name in _cell_imports(cell.source, surroundings.package, known)
    }
    modules = {name: surroundings.modules[name].digest for name in _reach(start, surroundings)}
    return _hash({"cells": sources, "modules": modules, "rest": surroundings.digest})


def _run_tags(cell: NotebookNode) -> list[str]:
    return [tag for tag in RUN_TAGS if tag in cell.metadata.get("tags", [])]


def _reach(start: Iterable[str], surroundings: Surroundings) -> frozenset[str]:
    """Return the modules in `start` and all that they import, transitively."""
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(surroundings.modules[name].imports)
    return frozenset(reached)


def _cell_imports(source: str, package: str, known: frozenset[str]) -> frozenset[str]:
    """Return the modules that a cell imports; all of them where it cannot be told.

    Lines of IPython's own (`%matplotlib`, `!ls`) are no Python and import nothing;
    the body of a `%%time` cell is read like any other.
    """
    lines = (_without_magic(line) for line in source.splitlines())
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return known
    return _imports(tree, _Place("", package, known))


def _without_magic(line: str) -> str:
    code = line.lstrip()
    return line[: len(line) - len(code)] + "pass" if code.startswith(("%", "!")) else line


def _read_modules(package_root: Path) -> dict[str, Module]:
    """Return every module of the package by its dotted name.

    The digest of a package covers the other files in its folder too (a matplotlib
    style, a template), down to the next package.
    """
    if not (package_root / "__init__.py").is_file():
        raise InputError(package_root, None, "no __init__.py", "the folder of a Python package")
    files = sorted(file for file in package_root.rglob("*") if _counts(file, package_root))
    names = {file: _module_name(file, package_root) for file in files if file.suffix == ".py"}
    extras: dict[Path, dict[str, str]] = {}
    for file in files:
        if file not in names:
            home = next(folder for folder in file.parents if folder / "__init__.py" in names)
            extras.setdefault(home, {})[file.relative_to(home).as_posix()] = _digest(file)
    known = frozenset(names.values())
    modules = {}
    for file, name in names.items():
        others = extras.get(file.parent, {}) if file.name == "__init__.py" else {}
        own = name if file.name == "__init__.py" else name.rpartition(".")[0]
        imports = _imports(_parse(file), _Place(own, package_root.name, known))
        modules[name] = Module(_hash([_digest(file), others]), imports | (_ancestors(name) & known))
    return modules


def _counts(file: Path, root: Path) -> bool:
    """Say whether `file` is a source: not compiled, not hidden, not an editor's backup."""
    parts = file.relative_to(root).parts
    hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
    return file.is_file() and not hidden and not file.name.endswith((".pyc", "~"))


def _module_name(file: Path, root: Path) -> str:
    path = file.parent if file.name == "__init__.py" else file.with_suffix("")
    return ".".join((root.name, *path.relative_to(root).parts))


def _parse(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_bytes())
    except SyntaxError as error:
        raise InputError(file, error.lineno, error.msg, "a module that Python can read") from error


@dataclass(frozen=True)
class _Place:
    """Where code stands: the package around it ("" for a cell), and what can be imported."""

    own: str
    package: str
    known: frozenset[str]

    def resolve(self, name: str) -> Iterator[str]:
        """Yield the known modules that importing `name` runs; `x.*` is all of `x`."""
        if name.endswith(".*"):
            yield from (module for module in self.known if module.startswith(name[:-1]))
            name = name[:-2]
        yield from (_ancestors(name) | {name}) & self.known


def _imports(tree: ast.Module, place: _Place) -> frozenset[str]:
    """Return the modules that the code can import, wherever in it the import stands.

    Imports inside functions and under TYPE_CHECKING count, and so does a string that
    is a module's full name: rather run a notebook once too often than once too rarely.
    """
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, place.own)
            names.update(f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and node.value in place.known:
            names.add(str(node.value))
        elif isinstance(node, ast.Call) and _imports_by_name(node):
            names.update(_named_modules(tree, place))
    return frozenset(module for name in names for module in place.resolve(name))


def _base(node: ast.ImportFrom, own: str) -> str:
    """Return the absolute name of the module that a `from … import` reads."""
    if not node.level:
        return node.module or ""
    parts = own.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _imports_by_name(call: ast.Call) -> bool:
    """Say whether the call is `import_module(…)` or `__import__(…)` of a computed name.

    A full name written out is no matter: it is a string that names its module.
    """
    called = call.func.attr if isinstance(call.func, ast.Attribute) else None
    called = call.func.id if isinstance(call.func, ast.Name) else called
    name = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else "."
    return called in {"import_module", "__import__"} and str(name).startswith(".")


def _named_modules(tree: ast.Module, place: _Place) -> set[str]:
    """Return what a computed import may load: the modules named by strings, else all.

    A face that exports lazily keeps a table of names (`{"Book": ".book"}`) and imports
    from it on demand; the table is what can be read without running it.
    """
    strings = {
        node.value.lstrip(".")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    bases = (place.package, place.own)
    named = {f"{base}.{text}" for base in bases for text in strings} & place.known
    return named or {f"{place.package}.*"}


def _ancestors(name: str) -> set[str]:
    """Return the packages around a module: their `__init__` runs first."""
    parts = name.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


def _digest(file: Path) -> str:
    if not file.is_file():
        raise InputError(file, None, "no such file", "a file that the notebooks depend on")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
