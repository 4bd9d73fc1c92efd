"""A kernel of the running interpreter, in surroundings that are the same on every machine.

The kernel is `sys.executable -m ipykernel_launcher`, not whichever kernel the
user has registered as "python3". What the user's own settings could change
(matplotlibrc, IPython profile, JAX flags, locale, time zone) is shut out, and
nothing is written into the home folder.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

# One thread a kernel, however many kernels run: XLA splits its loops by the number of
# threads and the last bits of a sum follow the split (a matrix product differs between
# one thread and two), so a count taken from the machine would change the results.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NPROC",  # read by XLA as the number of processors
    "PJRT_NPROC",
)

SETTINGS: Mapping[str, str] = {
    **dict.fromkeys(THREAD_VARIABLES, "1"),
    "JAX_PLATFORMS": "cpu",
    "LC_ALL": "C.UTF-8",
    # Agg here would lose every figure: the inline backend is what shows them in the page,
    # and a kernel chooses it only where the variable is unset.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": "315532800",  # 1980-01-01, the date inside SVG and PDF figures
    "TZ": "UTC",
}

USER_PREFIXES = ("IPYTHON", "JAX_", "JPY_", "JUPYTER_", "LC_", "MATPLOTLIB", "MPL", "PYTHON", "XLA")
KEPT = frozenset({"PYTHONHOME", "PYTHONPATH"})  # where the packages are

LONGEST_SOCKET_PATH = 90  # systems take 104 to 108 bytes; "-ipc-5" and the like are added
START_SECONDS = 120  # a kernel starts in one second; a busy machine may take many


def kernel_environment(inherited: Mapping[str, str], *, home: Path, state: Path) -> dict[str, str]:
    """Return a kernel's environment: what is inherited, less the user's settings, plus ours.

    `home` lives as long as the kernel and takes its temporary files; `state` stays
    from build to build, since matplotlib's list of fonts takes seconds to make.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if name in KEPT or not name.startswith(USER_PREFIXES)
    }
    own = {
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(state / "matplotlib"),
        "TMPDIR": str(home),
    }
    return kept | dict(SETTINGS) | own


@dataclass(frozen=True)
class Kernel:
    """A running kernel: the client that speaks to it, its manager, and the file it writes to."""

    client: NotebookClient
    manager: AsyncKernelManager
    log: Path

    async def exit_code(self) -> int | None:
        """Return the code with which the kernel ended (negative: a signal), None if it runs."""
        provisioner = self.manager.provisioner
        return None if provisioner is None else await provisioner.poll()

    def last_words(self, *, count: int = 20) -> str:
        """Return the end of what the process itself wrote, such as the report of a crash."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-count:])


@asynccontextmanager
async def open_kernel(
    notebook: NotebookNode, *, folder: Path, state: Path, timeout: int
) -> AsyncIterator[Kernel]:
    """Yield a started kernel that runs `notebook` in `folder`; it is killed at the end.

    Killed, not asked to leave: that saves half a second a notebook, and what exit
    hooks would clear away is in the kernel's temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="threadbook-", ignore_cleanup_errors=True) as name:
        home = Path(name).resolve()
        manager = _make_manager(home)
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=timeout,
            startup_timeout=START_SECONDS,
            record_timing=False,
            coalesce_streams=True,  # how output is cut into messages is a matter of timing
        )
        kernel = Kernel(client, manager, home / "kernel.log")
        environment = kernel_environment(os.environ, home=home, state=state)
        try:
            with kernel.log.open("wb") as log:
                await client.async_start_new_kernel(
                    cwd=str(folder), env=environment, stdout=log, stderr=log
                )
            yield kernel
        finally:
            await _to_the_end(_kill(kernel))


async def _to_the_end(work: Awaitable[None]) -> None:
    """Wait for `work` even if cancelled meanwhile, then let the cancellation go on.

    A notebook that has run well is cancelled while its kernel is being killed, if another
    fails just then; half done, the killing leaves a process that nobody waits for, and
    open sockets. A task group cancels a task only once, so the second wait is not disturbed.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _make_manager(home: Path) -> AsyncKernelManager:
    """Return a manager whose sockets are files in `home`, where the system has such sockets.

    Kernels started together can be given the same network port; files are private.
    """
    connection = home / "kernel.json"
    local = os.name == "posix" and len(os.fsencode(connection)) < LONGEST_SOCKET_PATH
    return AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=_RunningInterpreter(),
        connection_file=str(connection),
        transport="ipc" if local else "tcp",
    )


class _RunningInterpreter(KernelSpecManager):
    """Knows one kernel, the interpreter that asks, whatever name it is asked for."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=launch, display_name=kernel_name, language="python")


async def _kill(kernel: Kernel) -> None:
    """End the kernel and its children, and close the sockets to it.

    The sockets go first: they close at once, whatever happens while the process is ended.
    """
    if kernel.client.kc is not None:
        kernel.client.kc.stop_channels()
    try:
        if kernel.manager.has_kernel:
            await kernel.manager.shutdown_kernel(now=True)
    finally:
        await kernel.manager.cleanup_resources()
