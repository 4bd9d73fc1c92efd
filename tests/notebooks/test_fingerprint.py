"""What changes a notebook's fingerprint, and what does not."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from nbformat import v4

from threadbook.errors import InputError
from threadbook.notebooks.fingerprint import fingerprint, survey

FILES = {
    "house/__init__.py": "from house.book import Book\n",
    "house/book.py": "from . import files\n",
    "house/files.py": "",
    "house/charts/__init__.py": "",
    "house/charts/bars.py": "def draw():\n    from ..colours import pick\n",
    "house/charts/book.mplstyle": "axes.grid: True\n",
    "house/charts/assets/logo.svg": "<svg/>",
    "house/colours.py": "",
    "house/labs/__init__.py": "",
    "house/labs/flow.py": "",
    "house/labs/diffusion.py": "import house.labs.flow\n",
    "house/site/__init__.py": "",
    "house/site/page.html": "<html>",
    "data/papers.csv": "citekey\n",
    "data/claims.csv": "value\n",
    "requirements.lock": "numpy==2\n",
}


@pytest.fixture
def clone(tmp_path):
    """A small project: a package, data, a lock file."""
    return write_clone(tmp_path / "clone")


def write_clone(root: Path) -> Path:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def notebook(*sources: str, **metadata: object):
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources], **metadata)


def print_of(clone: Path, cells, data=("data/papers.csv", "data/claims.csv")) -> str:
    around = survey(
        clone / "house",
        data_files=[clone / name for name in data],
        lock_file=clone / "requirements.lock",
    )
    return fingerprint(cells, around)


def print_after_change(clone: Path, name: str, cells) -> str:
    """Return the fingerprint after a change of the file `name`; the file is put back."""
    (clone / name).write_text(FILES[name] + "\n# changed\n")
    changed = print_of(clone, cells)
    (clone / name).write_text(FILES[name])
    return changed


def modules_seen(clone: Path, source: str) -> set[str]:
    """Return the files of the package that the fingerprint of a cell covers."""
    cells = notebook(source)
    before = print_of(clone, cells)
    return {name for name in PACKAGE if print_after_change(clone, name, cells) != before}


FACE = {"house/__init__.py", "house/book.py", "house/files.py"}
CHARTS = {"house/charts/__init__.py", "house/charts/book.mplstyle", "house/charts/assets/logo.svg"}
BARS = {*CHARTS, "house/charts/bars.py", "house/colours.py"}
LABS = {"house/labs/__init__.py"}
FLOW = {*LABS, "house/labs/flow.py"}
PACKAGE = {name for name in FILES if name.startswith("house/")}


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("x = 1", set()),
        ("import numpy as house", set()),
        ("import house as tb", FACE),
        ("import house.labs.flow", FACE | FLOW),
        ("from house.labs import flow as lab", FACE | FLOW),
        ("from house.labs.flow import train", FACE | FLOW),
        ("from house.labs import diffusion", FACE | FLOW | {"house/labs/diffusion.py"}),
        ("from house.labs import *", FACE | FLOW | {"house/labs/diffusion.py"}),
        ("def f():\n    import house.labs.flow", FACE | FLOW),
        ("from house.charts import bars", FACE | BARS),
        ("%matplotlib inline\nimport house.labs.flow", FACE | FLOW),
        ("%%time\nimport house.labs.flow", FACE | FLOW),
        ("if True:\n    !ls\nimport house.labs.flow", FACE | FLOW),
        ("importlib.import_module('house.labs.flow')", FACE | FLOW),
        ("importlib.import_module('numpy')", set()),
        ("import_module(f'house.labs.{slug}')", PACKAGE),
        ("files = !ls", PACKAGE),
        ("%%bash\necho $((1 + 1)", PACKAGE),
    ],
)
def test_modules_that_cells_import_count_and_no_others(clone, source, seen):
    """Too few would show stale outputs; all would run each notebook after every change."""
    assert modules_seen(clone, source) == seen


@pytest.mark.parametrize(
    ("face", "also"),
    [
        ("def __getattr__(name):\n    from house.colours import pick\n", {"house/colours.py"}),
        (
            "from importlib import import_module\nPLACES = {'flow': '.labs.flow'}\n"
            "def __getattr__(name):\n    return import_module(PLACES[name], __name__)\n",
            FLOW,
        ),
        (
            "import importlib\n"
            "def __getattr__(name):\n    return importlib.import_module(f'.{name}', __name__)\n",
            PACKAGE - {"house/__init__.py"},
        ),
    ],
)
def test_face_that_imports_lazily_counts_what_it_may_import(clone, monkeypatch, face, also):
    """`tb.flow` loads a module that no import statement of the notebook names."""
    monkeypatch.setitem(FILES, "house/__init__.py", face)
    write_clone(clone)
    assert modules_seen(clone, "import house as tb") == {"house/__init__.py"} | also


@pytest.mark.parametrize("name", ["data/papers.csv", "data/claims.csv", "requirements.lock"])
def test_data_and_lock_file_count(clone, name):
    """They decide what a cell prints as much as its code does."""
    cells = notebook("x = 1")
    assert print_after_change(clone, name, cells) != print_of(clone, cells)


def test_data_files_that_change_places_are_noticed(clone):
    """The bytes are the same together; what each notebook reads is not."""
    before = print_of(clone, notebook("x = 1"))
    (clone / "data/papers.csv").write_text(FILES["data/claims.csv"])
    (clone / "data/claims.csv").write_text(FILES["data/papers.csv"])
    assert print_of(clone, notebook("x = 1")) != before


def test_code_counts_and_prose_does_not(clone):
    """A corrected sentence must not cost a run; a corrected number must."""
    before = print_of(clone, notebook("x = 1", "y = 2"))
    told = notebook("x = 1", "y = 2", metadata={"title": "told"})
    told.cells.insert(0, v4.new_markdown_cell("# Prose"))
    told.cells[1].metadata["tags"] = ["hide-input"]
    assert print_of(clone, told) == before
    assert print_of(clone, notebook("x = 1", "y = 3")) != before
    assert print_of(clone, notebook("x = 1\ny = 2")) != before
    assert print_of(clone, notebook("y = 2", "x = 1")) != before


@pytest.mark.parametrize("tag", ["raises-exception", "skip-execution"])
def test_tags_that_change_how_a_cell_runs_count(clone, tag):
    """They are metadata, but a cell that is skipped has no outputs."""
    tagged = notebook("x = 1")
    tagged.cells[0].metadata["tags"] = [tag]
    assert print_of(clone, tagged) != print_of(clone, notebook("x = 1"))


def test_a_cell_that_is_not_run_does_not_count(clone):
    """The first cell has the repository's address: moving the book must run no notebook again."""
    told = notebook("x = 1")
    told.cells.insert(0, v4.new_code_cell("import house", metadata={"tags": ["skip-execution"]}))
    assert print_of(clone, told) == print_of(clone, notebook("x = 1"))


def test_place_and_order_of_files_do_not_count(clone, tmp_path):
    """A clone elsewhere, or one whose files were written in another order, has the same outputs."""
    other = tmp_path / "elsewhere" / "deep"
    for name in reversed(FILES):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(clone / name, other / name)
    (other / "house" / "__pycache__").mkdir()
    (other / "house" / "__pycache__" / "book.cpython-311.pyc").write_bytes(b"\0")
    (other / "house" / ".book.py.swp").write_bytes(b"\0")
    (other / "house" / "book.py~").write_text("old")
    cells = notebook("from house.charts import bars")
    data = ("data/claims.csv", "data/papers.csv")
    assert print_of(other, cells, data) == print_of(clone, cells)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("data/papers.csv", None, "papers.csv: found no such file"),
        ("requirements.lock", None, "requirements.lock: found no such file"),
        ("house/__init__.py", None, "house: found no __init__.py"),
        ("house/book.py", "x = 1\ndef f(:\n", "book.py:2: found invalid syntax"),
    ],
)
def test_surroundings_that_cannot_be_read_are_refused(clone, name, text, found):
    """A fingerprint over less than everything would keep outputs that are stale."""
    (clone / name).unlink() if text is None else (clone / name).write_text(text)
    with pytest.raises(InputError, match=found):
        print_of(clone, notebook("x = 1"))


def test_fingerprints_of_the_whole_book_take_half_a_second():
    """They are taken before every build, also before one in which nothing changed."""
    package = Path(__file__).parents[2] / "src" / "threadbook"
    cells = notebook("import threadbook as tb", "import matplotlib.pyplot as plt")
    started = time.process_time()
    around = survey(package, data_files=[], lock_file=package.parents[1] / "requirements.lock")
    assert len({fingerprint(cells, around) for _ in range(26)}) == 1
    # Processor time, which other work on the machine hardly stretches; 0.25 s when written.
    assert time.process_time() - started < 1.0
