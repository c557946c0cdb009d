"""Starting a worker process; by itself, so that it can be done before anything is loaded.

What a worker loads takes longer than most documents. A command that knows that it will
read some has `prepare` called first, and loads its own modules meanwhile.
"""

from __future__ import annotations

import os
import subprocess
import sys

# What a worker needs of its parent's environment: no credentials among it.
_KEPT = ("PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "TZ", "LANG")
_KEPT_BEGINNINGS = ("LC_", "PYTHON", "MALLOC_")
# One thread a process: cores are shared out by processes, and threads cost address space.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

_spare: list[subprocess.Popen[bytes]] = []


def prepare() -> None:
    """Start a process for the first pool that asks for one."""
    if not _spare:
        _spare.append(_start())


def launch() -> subprocess.Popen[bytes]:
    """A worker process, which knows nothing yet."""
    return _spare.pop() if _spare else _start()


def discard() -> None:
    """End the process that was prepared, if nobody took it."""
    while _spare:
        process = _spare.pop()
        process.kill()
        process.communicate()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # -P: the current folder, which may hold anything, is no place for modules.
        [sys.executable, "-P", "-m", "rktdata.workers.child", str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        # A group of its own: Ctrl-C is the parent's to answer, and what the worker
        # starts is ended with it.
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_BEGINNINGS)
    }
    kept.update(dict.fromkeys(_ONE_THREAD, "1"))
    # What else is installed has no business here, and looking for it takes time.
    kept["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # What the parent can import, whatever the folder it was started in.
    kept["PYTHONPATH"] = os.pathsep.join(os.path.abspath(part) for part in sys.path if part)  # noqa: PTH100
    return kept
