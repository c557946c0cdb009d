"""What a worker may not do: outlive its parent, eat the machine, or call home.

Every measure is one that the system can enforce on the process itself, without root and
without another program: resource limits (POSIX), a system call filter for sockets
(Linux, x86-64 and arm64) and, everywhere, Python's audit hook. Where a system lacks one,
the others stand; the parent's own clock works on all of them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
from pathlib import Path
from types import ModuleType

from rktdata.schemas.limits import Limits

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows
    resource = None

MB = 1 << 20
# Files that a worker may have open, and the size to which it may write one.
OPEN_FILES = 256
WRITTEN_MB = 64
# Processor time over the wall-clock limit, for libraries that use several threads.
THREADS = 4

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_SECCOMP_MODE_FILTER = 2
_SECCOMP_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # EPERM
# Architecture as the kernel names it; the calls socket, io_uring_setup and seccomp, and
# the first number of those that belong to another calling convention (x32).
_CALLS = {
    "x86_64": (0xC000003E, 41, 425, 317, 0x40000000),
    "aarch64": (0xC00000B7, 198, 425, 277, 0xFFFFFFFF),
}
_AF_UNIX = 1


def die_with_parent(parent: int) -> None:
    """Have the system kill this process when the one that started it ends (Linux)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)


def as_helper(parent: int) -> None:
    """Make this a process that computes for its parent: it ends with it, and Ctrl-C is not its."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(parent)


def confine(limits: Limits) -> None:
    """Bound memory, files and processor time, and cut this process off the network."""
    with contextlib.suppress(OSError):  # where the machine is full, this ends, not its parent
        Path("/proc/self/oom_score_adj").write_text("1000")
    if resource is not None:
        _bound(resource.RLIMIT_CORE, 0)
        _bound(resource.RLIMIT_NOFILE, OPEN_FILES)
        _bound(resource.RLIMIT_FSIZE, WRITTEN_MB * MB)
        _bound(resource.RLIMIT_AS, limits.memory_mb * MB)
    _refuse_sockets()
    sys.addaudithook(_audit)


def grant_time(limits: Limits) -> None:
    """Processor time for the next document; used up, the system kills the process."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _allow(used.ru_utime + used.ru_stime + THREADS * limits.seconds)


def grant_scan(limits: Limits) -> None:
    """More processor time, for a page that is read by OCR."""
    if resource is not None:
        granted, _ = resource.getrlimit(resource.RLIMIT_CPU)
        if granted != resource.RLIM_INFINITY:
            _allow(granted + THREADS * limits.scan_seconds)


def _allow(seconds: float) -> None:
    """Set the limit of processor time, counted from the process's start."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        if hard == resource.RLIM_INFINITY or seconds + 2 < hard:
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 2, hard))


def memory_mb() -> int:
    """The most memory that this process ever had in use; 0 where that is not known."""
    if resource is None:
        return 0
    size: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size // (MB if sys.platform == "darwin" else 1024)


def _bound(kind: int, value: int) -> None:
    if resource is None:
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _audit(event: str, _: object) -> None:
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        raise PermissionError("a worker has no network")


def _prctl(*arguments: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [*arguments, 0, 0, 0, 0][:5]
    return int(libc.prctl(*(ctypes.c_ulong(value) for value in padded)))


def _refuse_sockets() -> None:
    """Refuse sockets other than local ones, in the kernel; no error where it has no filter."""
    calls = _CALLS.get(platform.machine())
    if sys.platform != "linux" or calls is None:
        return
    arch, socket_call, ring_call, seccomp_call, foreign = calls
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    # (code, steps on yes, steps on no, value); data: number at 0, arch at 4, argument at 16.
    program = [
        (load, 0, 0, 4),
        (equal, 0, 6, arch),
        (load, 0, 0, 0),
        (at_least, 4, 0, foreign),
        (equal, 3, 0, ring_call),
        (equal, 0, 3, socket_call),
        (load, 0, 0, 16),
        (equal, 1, 0, _AF_UNIX),
        (give, 0, 0, _REFUSE),
        (give, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    address = ctypes.addressof(code)
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), address))
    if _prctl(_PR_SET_NO_NEW_PRIVS, 1) != 0:
        return
    # For threads that a library has started too; kernels before 3.17: for this one only.
    asked = (seccomp_call, _SECCOMP_SET_MODE_FILTER, _ALL_THREADS, ctypes.addressof(filter_))
    if ctypes.CDLL(None).syscall(*(ctypes.c_ulong(value) for value in asked)) != 0:
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(filter_))
