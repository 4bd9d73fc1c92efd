"""Notebooks executed side by side, each in its own kernel, and only where something changed.

    around = survey(Path("src/threadbook"), data_files=files, lock_file=lock)
    report = execute_all(notebooks, out=Path("_build/notebooks"), surroundings=around)

writes `out/<name>.ipynb` for each notebook. One whose fingerprint is the stored one
is not run: it gets the outputs it had, under its present prose. The outputs are
the same whatever the number of jobs; only the recorded seconds differ.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from threadbook.errors import InputError
from threadbook.notebooks.cache import (
    cells_that_run,
    read_executed,
    read_source,
    record_seconds,
    record_versions,
    recorded_seconds,
    stored_fingerprint,
    transplant,
    write_executed,
)
from threadbook.notebooks.fingerprint import Surroundings, fingerprint
from threadbook.notebooks.kernel import Kernel, open_kernel
from threadbook.notebooks.versions import loaded_versions
from threadbook.progress import Stage, open_stage

CELL_SECONDS = 120
EXCERPT_LINES = 8
ANSI_CODE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def count_cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """How to execute: kernels at a time, seconds a cell may take, how to show the progress."""

    jobs: int = field(default_factory=count_cores)
    timeout: int = CELL_SECONDS
    show: Callable[[str, int], AbstractContextManager[Stage]] = open_stage

    def __post_init__(self) -> None:
        if self.jobs < 1 or self.timeout < 1:
            raise ValueError(f"jobs={self.jobs}, timeout={self.timeout}; both must be at least 1")


@dataclass(frozen=True)
class StderrText:
    """What a cell wrote on standard error, in most cases a Python warning."""

    notebook: str
    cell: int
    text: str


@dataclass(frozen=True)
class ExecutionReport:
    """Names of the notebooks that ran and that did not need to, and what they warned of.

    The warnings of notebooks that did not run are among them: otherwise a second
    build would hide what the first one complained about.
    """

    executed: tuple[str, ...]
    reused: tuple[str, ...]
    warnings: tuple[StderrText, ...]


class NotebookFailed(Exception):  # noqa: N818 (it names what happened, as a build log says it)
    """A notebook did not run to its end: which, in which cell, and why.

    `cell` counts code cells from 1, empty ones left out, as `In [3]` in a traceback
    does; None where the kernel did not even start.
    """

    def __init__(self, notebook: str, cell: int | None, excerpt: str, traceback: str) -> None:
        self.notebook, self.cell, self.excerpt, self.traceback = notebook, cell, excerpt, traceback
        place = "its kernel did not start" if cell is None else f"code cell {cell} failed"
        shown = "".join(f"    {line}\n" for line in excerpt.splitlines())
        super().__init__(f"{notebook}: {place}\n{shown}{traceback}")


@dataclass(frozen=True)
class _Task:
    """A notebook as it is to be, and what an earlier build left of it."""

    path: Path
    source: NotebookNode
    fingerprint: str
    earlier: NotebookNode | None

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def is_fresh(self) -> bool:
        return self.earlier is not None and stored_fingerprint(self.earlier) == self.fingerprint

    @property
    def expected_seconds(self) -> float:
        """Return the seconds of the last run; one never run may take any time."""
        return math.inf if self.earlier is None else recorded_seconds(self.earlier)


def execute_all(
    notebooks: Sequence[Path],
    *,
    out: Path,
    surroundings: Surroundings,
    settings: Settings | None = None,
) -> ExecutionReport:
    """Write every notebook with its outputs into `out`, and return what was done.

    Raises `NotebookFailed` at the first that fails: kernels that run are killed and
    no further one starts. Each file is written whole, when its notebook has run to
    the end, so what was finished before is not run again by the next build.
    """
    settings = settings or Settings()
    _refuse_clashes(notebooks, out)
    tasks = [_make_task(path, out, surroundings) for path in notebooks]
    stale = [task for task in tasks if not task.is_fresh]
    with settings.show("notebooks", len(tasks)) as stage:
        for task in tasks:
            if task.earlier is not None and task.is_fresh:
                notebook = transplant(outputs_from=task.earlier, cells_of=task.source)
                write_executed(out / task.path.name, notebook, task.fingerprint)
                stage.advance(f"{task.name}, unchanged")
        if stale:
            _run_all(_Crew(sorted(stale, key=_longest_first), out, settings, stage))
    return _report(tasks, stale, out)


def _refuse_clashes(notebooks: Sequence[Path], out: Path) -> None:
    """Refuse two notebooks of one name, and an output that would replace its source."""
    seen: dict[str, Path] = {}
    for path in notebooks:
        if path.stem in seen:
            raise InputError(path, None, f"the name of {seen[path.stem]}", "a name of its own")
        if path.parent.resolve() == out.resolve():
            raise InputError(path, None, "a notebook in the output folder", "another folder")
        seen[path.stem] = path


def _make_task(path: Path, out: Path, surroundings: Surroundings) -> _Task:
    source = read_source(path)
    return _Task(path, source, fingerprint(source, surroundings), read_executed(out / path.name))


def _longest_first(task: _Task) -> tuple[float, str]:
    """Sort by time: a long notebook begun last would keep one kernel busy, the others idle."""
    return -task.expected_seconds, task.name


def _report(tasks: Sequence[_Task], stale: Sequence[_Task], out: Path) -> ExecutionReport:
    ran = {task.name for task in stale}
    written = {task.name: read_executed(out / task.path.name) for task in tasks}
    return ExecutionReport(
        executed=tuple(task.name for task in tasks if task.name in ran),
        reused=tuple(task.name for task in tasks if task.name not in ran),
        warnings=tuple(
            text
            for name, notebook in written.items()
            if notebook is not None
            for text in collect_stderr(name, notebook)
        ),
    )


def collect_stderr(name: str, notebook: NotebookNode) -> Iterator[StderrText]:
    """Yield what the cells of an executed notebook wrote on standard error."""
    for number, cell in _numbered_cells(notebook):
        text = "".join(
            output.text
            for output in cell.outputs
            if output.output_type == "stream" and output.name == "stderr"
        )
        if text:
            yield StderrText(name, number, text)


def _numbered_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield the cells that run with the number that the kernel gives them."""
    return enumerate((c for c in cells_that_run(notebook) if c.source.strip()), start=1)


@dataclass
class _Crew:
    """The notebooks that wait, and where their results and news go."""

    waiting: list[_Task]
    out: Path
    settings: Settings
    stage: Stage
    running: list[str] = field(default_factory=list)

    async def work(self) -> None:
        """Run one notebook after the other until none waits."""
        while self.waiting:
            task = self.waiting.pop(0)
            self.running.append(task.name)
            self.stage.note(", ".join(self.running))
            started = time.perf_counter()
            notebook = await self.run(task)
            write_executed(self.out / task.path.name, notebook, task.fingerprint)
            self.running.remove(task.name)
            self.stage.advance(f"{task.name}, {time.perf_counter() - started:.1f} s")

    async def run(self, task: _Task) -> NotebookNode:
        """Return the notebook of `task` with its outputs, from a kernel of its own."""
        notebook, timeout = task.source, self.settings.timeout
        folder, state = task.path.parent.resolve(), self.out.resolve() / ".state"
        async with open_kernel(notebook, folder=folder, state=state, timeout=timeout) as kernel:
            await _connect(kernel, task.name)
            for number, cell in _numbered_cells(notebook):
                await _run_cell(kernel, cell, (task.name, number))
            record_versions(notebook, await loaded_versions(kernel))
        return notebook


def _run_all(crew: _Crew) -> None:
    """Run all that waits; the first failure stops the rest and is the one that is raised."""
    try:
        asyncio.run(_work_together(crew))
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


async def _work_together(crew: _Crew) -> None:
    # One event loop for all kernels, in the main thread: it only waits for messages, and
    # Ctrl-C cancels every worker, whose kernel is killed on the way out.
    async with asyncio.TaskGroup() as group:
        for _ in range(min(crew.settings.jobs, len(crew.waiting))):
            group.create_task(crew.work())


async def _connect(kernel: Kernel, name: str) -> None:
    """Wait until the kernel answers, and keep what it says of its language."""
    client, channels = kernel.client, kernel.manager.client()
    client.kc = channels  # known before it opens sockets, so that they are closed in any case
    # The manager watches the process itself. A heartbeat would add a thread that, stopped
    # before it has begun, opens sockets without end ("Too many open files").
    channels.start_channels(stdin=False, hb=False)
    try:
        await channels.wait_for_ready(timeout=client.startup_timeout)
    except RuntimeError as error:  # no narrower error exists for a kernel without answer
        raise NotebookFailed(name, None, "", f"{error}\n{kernel.last_words()}") from error
    reply = await client.async_wait_for_reply(channels.kernel_info())
    if reply is not None:
        client.nb.metadata["language_info"] = reply["content"]["language_info"]


async def _run_cell(kernel: Kernel, cell: NotebookNode, place: tuple[str, int]) -> None:
    """Run one cell in place, outputs and seconds included; `place` is for the error."""
    index = next(at for at, other in enumerate(kernel.client.nb.cells) if other is cell)
    started = time.perf_counter()
    try:
        await kernel.client.async_execute_cell(cell, index)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        if _is_cancelled():
            raise asyncio.CancelledError from error
        reason = await _reason(kernel, cell, error)
        raise NotebookFailed(*place, _excerpt(cell.source), reason) from None
    record_seconds(cell, time.perf_counter() - started)


def _is_cancelled() -> bool:
    """Say whether this worker is being stopped: nbclient reports that as a dead kernel."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _reason(kernel: Kernel, cell: NotebookNode, error: Exception) -> str:
    """Return why a cell failed, as text without colour codes."""
    if isinstance(error, CellTimeoutError):
        return f"it ran for more than {kernel.client.timeout} s and was stopped"
    if isinstance(error, CellExecutionError):
        raised = [output for output in cell.outputs if output.output_type == "error"]
        lines = raised[-1].traceback if raised else [f"{error.ename}: {error.evalue}"]
        return ANSI_CODE.sub("", "\n".join(lines))
    words = kernel.last_words()
    return f"the kernel died: {_describe_exit(await kernel.exit_code())}" + (words and f"\n{words}")


def _describe_exit(code: int | None) -> str:
    """Return an exit code in words; what kills without a trace is mostly a lack of memory."""
    if code is None or code >= 0:
        return f"exit code {code}"
    hint = ", often for lack of memory" if code == -signal.SIGKILL else ""
    return f"signal {-code} ({signal.strsignal(-code)}){hint}"


def _excerpt(source: str) -> str:
    """Return the first lines of a cell."""
    lines = source.splitlines()
    more = [f"… and {len(lines) - EXCERPT_LINES} more lines"] if len(lines) > EXCERPT_LINES else []
    return "\n".join([*lines[:EXCERPT_LINES], *more])
