"""Notebooks that run, that need not run, and that fail; tiny ones, each with a real kernel."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import pytest
import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import HBChannel
from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient
from nbformat import v4

from threadbook.errors import InputError
from threadbook.notebooks import execute
from threadbook.notebooks.cache import (
    read_executed,
    recorded_versions,
    transplant,
    write_executed,
)
from threadbook.notebooks.execute import NotebookFailed, Settings, StderrText, execute_all
from threadbook.notebooks.fingerprint import Surroundings
from threadbook.notebooks.kernel import Kernel, kernel_environment, open_kernel

AROUND = Surroundings("house", {}, "data and lock file")
FIGURE = """\
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
_ = ax.plot([0, 1])"""
PROSE_WITHOUT_ID = """\
{"nbformat": 4, "nbformat_minor": 4, "metadata": {},
 "cells": [{"cell_type": "markdown", "metadata": {}, "source": "Prose."}]}"""
KEEP_PID = "import os, pathlib\n_ = pathlib.Path('pid').write_text(str(os.getpid()))"


@dataclass
class Witness:
    """A stage that remembers what it was told."""

    told: list[str] = field(default_factory=list)

    @contextmanager
    def show(self, title: str, total: int) -> Iterator[Witness]:
        """Stand in for `open_stage`."""
        self.told.append(f"{title}, {total} steps")
        yield self

    def advance(self, text: str) -> None:
        """Remember a step that is done, without its seconds."""
        self.told.append(text.partition(",")[0] if text.endswith(" s") else text)

    def note(self, text: str) -> None:
        """Forget what is under way."""


@dataclass(frozen=True)
class Desk:
    """A folder of notebooks and the folder of their outputs."""

    root: Path

    def write(self, name: str, *sources: str) -> Path:
        """Write a notebook with a line of prose and the code cells `sources`."""
        cells = [v4.new_markdown_cell("Prose.", id="prose")]
        cells += [v4.new_code_cell(text, id=f"code-{at}") for at, text in enumerate(sources)]
        return self.save(name, v4.new_notebook(cells=cells))

    def save(self, name: str, notebook) -> Path:
        """Write `notebook` under `name`."""
        path = self.root / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    @property
    def out(self) -> Path:
        """Where executed notebooks go."""
        return self.root / "out"

    def run(self, *notebooks: Path, witness: Witness | None = None, **settings: int):
        """Execute notebooks, one at a time unless told otherwise, silently."""
        chosen = Settings(**{"jobs": 1, **settings}, show=(witness or Witness()).show)
        return execute_all(notebooks, out=self.out, surroundings=AROUND, settings=chosen)

    def printed(self, name: str) -> list[str]:
        """Return the text that each code cell of an executed notebook printed."""
        cells = [cell for cell in self.executed(name).cells if cell.cell_type == "code"]
        return ["".join(output.get("text", "") for output in cell.outputs) for cell in cells]

    def executed(self, name: str):
        """Return the executed notebook `name`."""
        return nbformat.read(self.out / f"{name}.ipynb", as_version=4)


@pytest.fixture
def desk(tmp_path):
    """An empty desk."""
    return Desk(tmp_path)


def is_running(folder: Path) -> bool:
    """Say whether the kernel that left its number in `folder` still runs."""
    try:
        os.kill(int((folder / "pid").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def test_executed_notebook_has_outputs_seconds_and_fingerprint_and_no_date(desk):
    """What a build adds is what the site needs; a date would make each build another one."""
    report = desk.run(desk.write("sum", "x = 1 + 1", "print(x)", "", "x"))
    notebook = desk.executed("sum")
    assert (report.executed, report.reused, report.warnings) == (("sum",), (), ())
    assert desk.printed("sum") == ["", "2\n", "", ""]
    assert notebook.cells[4].outputs[0].data == {"text/plain": "2"}
    assert [cell.execution_count for cell in notebook.cells[1:]] == [1, 2, None, 3]
    assert set(notebook.metadata) == {"language_info", "threadbook"}
    assert set(notebook.metadata.threadbook) == {"fingerprint"}
    assert [dict(cell.metadata) for cell in (notebook.cells[0], notebook.cells[3])] == [{}, {}]
    assert list(notebook.cells[1].metadata) == ["threadbook"]
    assert 0 <= notebook.cells[1].metadata.threadbook.seconds < 60


def test_notebook_runs_only_after_its_code_changed(desk):
    """New prose gets the old outputs without a run; new code gets a run."""
    count = "with open('runs', 'a') as file:\n    file.write('x')"
    path, runs = desk.write("count", count, "print('one')"), desk.root / "notebooks" / "runs"
    desk.run(path)
    first = (desk.out / "count.ipynb").read_bytes()
    assert desk.run(path).reused == ("count",)
    assert (desk.out / "count.ipynb").read_bytes() == first

    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "Better prose."
    notebook.cells.append(v4.new_markdown_cell("More of it.", id="more"))
    notebook.metadata["title"] = "Count"
    desk.save("count", notebook)
    witness = Witness()
    assert desk.run(path, witness=witness).reused == ("count",)
    assert witness.told == ["notebooks, 1 steps", "count, unchanged"]
    assert runs.read_text() == "x"
    assert desk.printed("count") == ["", "one\n"]
    told = desk.executed("count")
    assert [told.cells[0].source, told.cells[3].source] == ["Better prose.", "More of it."]
    assert told.metadata.title == "Count"
    assert told.metadata.language_info.name == "python"

    assert desk.run(desk.write("count", count, "print('two')")).executed == ("count",)
    assert runs.read_text() == "xx"
    assert desk.printed("count") == ["", "two\n"]


@pytest.mark.slow
def test_number_of_jobs_changes_no_byte(desk):
    """Were the results a matter of how busy the machine is, no verdict could be trusted.

    The second cell is a product that XLA splits by the number of its threads.
    """
    product = (
        "import hashlib, jax, numpy\n"
        "x = jax.random.normal(jax.random.key(0), (501, 501))\n"
        "y = jax.jit(lambda x: jax.numpy.tanh(x @ x / 30).sum(0))(x)\n"
        "print(hashlib.sha256(numpy.asarray(y).tobytes()).hexdigest())"
    )
    paths = [
        desk.write("a", FIGURE, product),
        desk.write("b", product, "print({'set', 'of', 'words'})"),
        desk.write("c", FIGURE),
    ]
    results = []
    for jobs in (1, 2):
        place = Desk(desk.root / str(jobs))
        execute_all(
            paths,
            out=place.out,
            surroundings=AROUND,
            settings=Settings(jobs=jobs, show=Witness().show),
        )
        executed = [place.executed(path.stem) for path in paths]
        for cell in (cell for notebook in executed for cell in notebook.cells):
            cell.metadata.pop("threadbook", None)  # the seconds
        results.append([v4.writes(notebook) for notebook in executed])
    assert results[0] == results[1]
    assert "image/png" in results[0][0]


def test_first_failure_is_named_with_cell_and_traceback(desk):
    """The author needs the notebook, the cell and the error, in a log without colours."""
    old = desk.run(desk.write("bad", "print('old')"))
    assert old.executed == ("bad",)
    kept = (desk.out / "bad.ipynb").read_bytes()
    failing = "\n".join(["def divide(x):", "    return 1 / x", *["x = 0"] * 8, "divide(x)"])
    bad, never = desk.write("bad", "x = 0", "", failing, "print('on')"), desk.write("never", "1")
    write_executed(desk.out / "never.ipynb", nbformat.read(never, as_version=4), "of before")
    with pytest.raises(NotebookFailed) as caught:
        desk.run(desk.write("good", "print('done')"), bad, never)
    error = caught.value
    assert (error.notebook, error.cell) == ("bad", 2)
    assert error.excerpt == "\n".join([*failing.splitlines()[:8], "… and 3 more lines"])
    assert error.traceback.endswith("ZeroDivisionError: division by zero")
    assert "Cell In[2], line 2, in divide(x)" in error.traceback.replace("line:", "line ")
    assert "\x1b" not in str(error)
    assert str(error).startswith(
        "bad: code cell 2 failed\n    def divide(x):\n        return 1 / x"
    )
    assert (desk.out / "bad.ipynb").read_bytes() == kept
    assert desk.printed("good") == ["done\n"]
    assert desk.executed("never").metadata.threadbook.fingerprint == "of before"


@pytest.mark.slow
def test_failure_stops_the_other_kernels(desk):
    """A build that has failed must not keep the machine busy for minutes more."""
    slow = desk.write("slow", KEEP_PID, "import time; time.sleep(100)")
    wait = "import pathlib, time\nwhile not pathlib.Path('pid').exists():\n    time.sleep(0.05)"
    bad = desk.write("bad", wait, "raise ValueError('stop')")
    started = time.monotonic()
    with pytest.raises(NotebookFailed, match=r"bad: code cell 2(.|\n)*ValueError: stop"):
        desk.run(slow, bad, jobs=2)
    assert time.monotonic() - started < 50
    assert not is_running(desk.root / "notebooks")
    assert list(desk.out.glob("*.ipynb")) == []


def open_resources() -> set[object]:
    """Return the open sockets of this process, and its child processes, zombies included."""
    found = (item for item in gc.get_objects() if issubclass(type(item), zmq.Socket))
    return {item for item in found if not item.closed} | set(psutil.Process().children())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (LocalProvisioner, "launch_kernel"),
        (AsyncKernelClient, "wait_for_ready"),
        (NotebookClient, "async_wait_for_reply"),
        (NotebookClient, "async_execute_cell"),
        (LocalProvisioner, "kill"),
    ],
)
def test_failure_leaves_nothing_of_the_other_kernel_at_any_step(desk, monkeypatch, owner, step):
    """The step may be the last one: a notebook that is done is cancelled as its kernel ends."""
    reached, original = asyncio.Event(), getattr(owner, step)

    async def announce(*args, **kwargs):
        reached.set()
        result = await original(*args, **kwargs)
        await asyncio.sleep(0.1)  # steps that do not wait by themselves are cancelled here
        return result

    @asynccontextmanager
    async def fail_when_reached(notebook, **settings) -> AsyncIterator[Kernel]:
        if notebook.cells[-1].source == "fail":
            await reached.wait()
            raise NotebookFailed("bad", None, "", "")
        async with open_kernel(notebook, **settings) as kernel:
            yield kernel

    def begin_late(thread, run=HBChannel.run):
        time.sleep(0.2)  # as on a busy machine
        run(thread)

    monkeypatch.setattr(HBChannel, "run", begin_late)
    monkeypatch.setattr(owner, step, announce)
    monkeypatch.setattr(execute, "open_kernel", fail_when_reached)
    before = open_resources()
    with pytest.raises(NotebookFailed, match="bad"):
        desk.run(desk.write("bad", "fail"), desk.write("other", "1"), jobs=2)
    assert reached.is_set()
    assert open_resources() <= before


def test_kernel_that_does_not_start_is_told_with_its_last_words(desk, monkeypatch):
    """What the process wrote, such as a missing package, is all that explains it."""
    broken = desk.root / "python"
    broken.write_text("#!/bin/sh\necho no ipykernel here >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    before = open_resources()
    with pytest.raises(NotebookFailed, match=r"its kernel did not start\n(.|\n)*no ipykernel here"):
        desk.run(desk.write("any", "1"))
    assert open_resources() <= before


def test_dead_kernel_is_told_with_its_exit_code(desk):
    """A crash leaves no traceback; the exit code is all there is to go by."""
    path = desk.write("crash", "1", "import os; os._exit(3)")
    with pytest.raises(NotebookFailed, match="the kernel died: exit code 3") as caught:
        desk.run(path)
    assert (caught.value.notebook, caught.value.cell) == ("crash", 2)


@pytest.mark.slow
def test_killed_kernel_is_told_with_a_hint_at_memory(desk):
    """The system kills what takes too much memory, and tells nobody why."""
    path = desk.write("greedy", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(NotebookFailed, match=r"signal 9 \(Killed\), often for lack of memory"):
        desk.run(path)


def test_cell_that_takes_too_long_is_stopped(desk):
    """One endless loop must not hold up the build for ever, nor outlive it."""
    path = desk.write("endless", KEEP_PID, "while True: pass")
    with pytest.raises(NotebookFailed, match="ran for more than 1 s and was stopped") as caught:
        desk.run(path, timeout=1)
    assert caught.value.cell == 2
    assert not is_running(desk.root / "notebooks")


@pytest.mark.slow
def test_interrupt_ends_the_kernels_and_leaves_nothing_half_written(desk):
    """Kernels have a session of their own: Ctrl-C on the terminal does not reach them."""
    path = desk.write("slow", KEEP_PID, "import time; time.sleep(100)")
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from threadbook.notebooks.execute import execute_all\n"
        "from threadbook.notebooks.fingerprint import Surroundings\n"
        "try:\n    execute_all([Path(sys.argv[1])], out=Path(sys.argv[2]),"
        " surroundings=Surroundings('house', {}, ''))\n"
        "except KeyboardInterrupt:\n    sys.exit('interrupted')\n"
    )
    command = [sys.executable, "-W", "error", "-c", script, str(path), str(desk.out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not (path.parent / "pid").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (1, "interrupted\n")
    assert not is_running(path.parent)
    assert not desk.out.exists() or list(desk.out.glob("*.ipynb")) == []


def test_stderr_is_reported_and_no_failure(desk):
    """A warning on a page is an embarrassment, also in the builds after the first."""
    path = desk.write("warns", "1", "import warnings; warnings.warn('old name')", "print('on')")
    first = desk.run(path)
    (warning,) = first.warnings
    assert (warning.notebook, warning.cell) == ("warns", 2)
    assert "UserWarning: old name" in warning.text
    assert desk.printed("warns")[2] == "on\n"
    assert desk.run(path).warnings == (StderrText("warns", 2, warning.text),)


def test_cell_tags_of_jupyter_book_are_obeyed(desk):
    """A chapter may show an error on purpose, or code that is not to be run."""
    path = desk.write("tags", "raise ValueError('shown')", "1 / 0", "print('on')")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata["tags"] = ["raises-exception"]
    notebook.cells[2].metadata["tags"] = ["skip-execution"]
    desk.run(desk.save("tags", notebook))
    cells = desk.executed("tags").cells
    assert cells[1].outputs[0].evalue == "shown"
    assert (cells[2].outputs, cells[2].execution_count) == ([], None)
    assert cells[3].outputs[0].text == "on\n"


def test_outputs_outlive_a_change_in_a_cell_that_is_not_run(desk):
    """Only what runs has outputs; the set-up cell may come, change and go."""
    path = desk.write("set-up", "print('on')")
    desk.run(path)
    notebook = nbformat.read(path, as_version=4)
    skipped = v4.new_code_cell("1 / 0", id="skipped", metadata={"tags": ["skip-execution"]})
    notebook.cells.insert(0, skipped)
    assert desk.run(desk.save("set-up", notebook)).reused == ("set-up",)
    assert desk.printed("set-up") == ["", "on\n"]


def test_versions_of_the_packages_that_were_loaded_are_kept(desk):
    """A reader wants to know what ran, not what was installed beside it."""
    path = desk.write("versions", "import numpy, yaml\nprint(numpy.__version__)")
    desk.run(path)
    first = recorded_versions(desk.executed("versions"))
    assert first == {"numpy": desk.printed("versions")[0].strip()}
    assert desk.run(path).reused == ("versions",)
    assert recorded_versions(desk.executed("versions")) == first


@pytest.mark.slow
def test_kernel_is_ours_and_leaves_the_home_folder_alone(desk, monkeypatch):
    """A reader's own kernel list, profile or backend must not change the book, nor it them."""
    home = desk.root / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("JAX_ENABLE_X64", "1")
    look = "import os, sys\nprint(sys.executable, os.getcwd(), os.environ.get('JAX_ENABLE_X64'))"
    path = desk.write("look", look, FIGURE)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = {"name": "julia-1.9", "display_name": "Julia"}
    desk.run(desk.save("look", notebook))
    folder = path.parent.resolve()
    assert desk.printed("look")[0] == f"{sys.executable} {folder} None\n"
    assert "image/png" in desk.executed("look").cells[2].outputs[0].data
    assert list(home.iterdir()) == []


def test_environment_drops_the_users_settings_and_keeps_the_rest():
    """What is not named here still comes from the shell: PATH, proxies, library paths."""
    inherited = {"PATH": "/bin", "PYTHONPATH": "src", "XLA_FLAGS": "x", "TZ": "Asia/Tokyo"}
    environment = kernel_environment(inherited, home=Path("home"), state=Path("state"))
    assert environment["PATH"] == "/bin"
    assert environment["PYTHONPATH"] == "src"
    assert environment["TZ"] == "UTC"
    assert environment["NPROC"] == environment["OMP_NUM_THREADS"] == "1"
    assert "XLA_FLAGS" not in environment


@pytest.mark.slow
def test_longest_notebook_starts_first(desk):
    """Begun last it would run alone at the end; one never run may be the longest of all."""
    paths = {name: desk.write(name, "1") for name in ("quick", "long", "new")}
    for name, seconds in (("quick", 1.0), ("long", 9.0)):
        earlier = nbformat.read(paths[name], as_version=4)
        earlier.cells[1].metadata["threadbook"] = {"seconds": seconds}
        write_executed(desk.out / f"{name}.ipynb", earlier, "of another day")
    witness = Witness()
    report = desk.run(*paths.values(), witness=witness)
    assert witness.told == ["notebooks, 3 steps", "new", "long", "quick"]
    assert report.executed == ("quick", "long", "new")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nbformat": 4, "cells": []}', "\udcff"])
def test_damaged_output_is_no_cache(desk, text):
    """The folder of outputs may hold anything after a crash or an older version."""
    desk.out.mkdir()
    path = desk.out / "a.ipynb"
    path.write_bytes(text.encode(errors="surrogateescape"))
    assert read_executed(path) is None


def test_outputs_are_not_put_under_other_code():
    """The page would show a number that its code does not give."""
    old, new = (v4.new_notebook(cells=[v4.new_code_cell(text)]) for text in ("x = 1", "x = 2"))
    with pytest.raises(ValueError, match="code cells differ"):
        transplant(outputs_from=old, cells_of=new)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, "no such file"),
        ("{", "Expecting property name"),
        ('{"nbformat": 3, "worksheets": []}', "Additional properties"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}', "{} is not valid"),
        (PROSE_WITHOUT_ID, "4 is less than the minimum of 5"),
    ],
)
def test_file_that_is_no_notebook_is_refused(desk, text, found):
    """It is named before any kernel starts."""
    path = desk.write("good", "1").with_name("bad.ipynb")
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=rf"bad\.ipynb: found .*{found}"):
        desk.run(path)


def test_two_notebooks_of_one_name_are_refused(desk):
    """The second would replace the outputs of the first."""
    path = desk.write("same", "1")
    other = Desk(desk.root / "notebooks").write("same", "2")
    with pytest.raises(InputError, match=r"found the name of .*same\.ipynb; expected a name"):
        desk.run(path, other)


def test_outputs_beside_their_sources_are_refused(desk):
    """The source would be replaced by its executed self."""
    path = desk.write("a", "1")
    with pytest.raises(InputError, match="found a notebook in the output folder"):
        execute_all([path], out=path.parent, surroundings=AROUND)


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"timeout": 0}])
def test_settings_that_run_nothing_are_refused(wrong):
    """No kernel at a time would wait for ever; no second would mean no limit."""
    with pytest.raises(ValueError, match="both must be at least 1"):
        Settings(**wrong)
