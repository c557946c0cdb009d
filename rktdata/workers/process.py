"""One worker process, as its parent sees it: asked, waited for, killed where need be.

What a process says is checked here. One that is silent for too long, ends, or says what
it was not asked is gone, and what that means for its document is told.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

from rktdata.output.dataset import Entry
from rktdata.schemas.errors import (
    BrokenPdfError,
    DocumentError,
    MemoryLimitError,
    TimeLimitError,
)
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers.launch import launch
from rktdata.workers.protocol import (
    LARGEST_BODY,
    LARGEST_PART,
    ProtocolError,
    decode_entry,
    decode_rest,
    read_frame,
    write_frame,
)
from rktdata.workers.task import Account, DiedError, HangsError, Rest, Run, SpoiltError, Task
from rktdata.workers.watch import PAGES_SHARE

# A process that is not ready by then never will be.
START_SECONDS = 120
# How often an alarm that does not ring looks up, seconds.
LOOKS_UP = 1.0
# A process that has grown to this share of its limit is replaced before the next document.
GROWN = 0.5
# A document of which more than WORTH_SECONDS of reading seem to be left, when it was read
# for AFTER_SECONDS or a page is about to be read by OCR, is worth being shared out: as much
# as it takes to start a process.
AFTER_SECONDS = 0.1
WORTH_SECONDS = 0.5

# Told of a page (its document's name, its number) that is about to be read by OCR.
OnScan: TypeAlias = Callable[[str, int], None]
# A part of a page: its document, the page's number, its place in points.
Window = tuple[str, int, tuple[float, float, float, float]]


class _Alarm:
    """Rings when its time is up, unless it is stopped before; may be set again.

    One thread does for all of a process's documents: to start one for each would cost
    more than all else that the parent does with a small one. It looks up every now and
    then, and is woken only for a time that ends sooner.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._changed = threading.Condition()
        self._ends: float | None = None
        self._looks = 0.0  # when the thread looks up next
        self._over = False
        self._thread: threading.Thread | None = None

    def set(self, seconds: float) -> None:
        """Ring after so much time."""
        with self._changed:
            self._ends = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait, daemon=True)
                self._thread.start()
            elif self._ends < self._looks:
                self._changed.notify()

    def put_off(self, seconds: float) -> None:
        """Give so much more time."""
        with self._changed:
            if self._ends is not None:
                self._ends += seconds

    def stop(self) -> None:
        """It will not ring."""
        with self._changed:
            self._ends = None

    def end(self) -> None:
        """It is needed no more."""
        with self._changed:
            self._over = True
            self._changed.notify()

    def _wait(self) -> None:
        with self._changed:
            while not self._over:
                now = time.monotonic()
                left = LOOKS_UP if self._ends is None else min(self._ends - now, LOOKS_UP)
                if left <= 0:
                    self._ends = None
                    self._ring()
                    continue
                self._looks = now + left
                self._changed.wait(left)


class Process:
    """One worker process."""

    def __init__(
        self, options: Options, limits: Limits, cache: Path | None, on_scan: OnScan | None
    ) -> None:
        self._limits = limits
        self._on_scan = on_scan or (lambda name, page: None)
        self._settings = {
            "options": options.model_dump(mode="json"),
            "limits": limits.model_dump(mode="json"),
            "cache": None if cache is None else os.fspath(cache),
        }
        self._left = limits.documents
        self.ready = False
        self._alarm = _Alarm(self._too_late)
        self._late = False
        self._grown = False
        self._holds: Task | None = None  # the document that it was given last, if it is long
        self.granted = 0.0  # more time than its document had, for pages read by OCR
        self._popen = launch()

    @property
    def worn(self) -> bool:
        """Whether it is to be replaced."""
        return self._left <= 0 or self._grown

    def start(self) -> None:
        """Wait until it is ready."""
        header, _ = self._ask(self._settings, b"", START_SECONDS)
        if not header.get("ready"):
            self.kill()
            raise DiedError(BrokenPdfError(str(header.get("broken", "no answer"))[:500]))
        self.ready = True

    def read(self, task: Task, account: Account) -> Entry:
        """The outcome of a document.

        Args:
            task: The document.
            account: What it has cost so far.

        Raises:
            HangsError: A library hangs on a page.
            DiedError: The process is gone.
        """
        return self._entry(*self._given(task, account))

    def begin(self, task: Task, account: Account) -> Entry | Rest:
        """The outcome of a document, or, of a long one, what is left to read of it.

        Args:
            task: The document.
            account: What it has cost so far.

        Raises:
            HangsError: A library hangs on a page.
            DiedError: The process is gone.
        """
        header, body = self._given(task, account, after=AFTER_SECONDS, worth=WORTH_SECONDS)
        if "rest" not in header:
            return self._entry(header, body)
        try:
            rest = decode_rest(header, self._limits.pages)
        except ProtocolError as error:
            raise self._raved(error) from error
        self._holds = task
        return rest

    def read_run(self, task: Task, run: Run, account: Account, keep: bool) -> bytes | None:
        """Read some pages of a document.

        Args:
            task: The document.
            run: Which.
            account: What it has cost so far.
            keep: Whether the process, which began it, keeps what it reads.

        Returns:
            What was read, packed; None where it is kept, or too large.

        Raises:
            SpoiltError: They cannot be read apart.
            HangsError: A library hangs on one of them.
            DiedError: The process is gone.
        """
        rest_of_work = (1 - PAGES_SHARE) * self._limits.seconds
        asked = {
            "run": [run.first, run.last],
            "keep": keep,
            # The pages' share of this is what they have until the document is to be finished.
            "seconds": max((account.seconds - rest_of_work) / PAGES_SHARE, 0.01),
        }
        known = self._holds is task
        if not known:
            self._left -= 1
            self._holds = task
        pdf = b"" if known else task.pdf
        header, body = self._ask_of(task, asked, account, pdf, LARGEST_PART)
        self._grown = _size_told(header) > GROWN * self._limits.memory_mb
        kind = header.get("read")
        if kind not in ("packed", "kept", "large"):
            raise self._raved(ProtocolError("no run of pages"))
        return body if kind == "packed" else None

    def finish(self, task: Task, parts: Sequence[bytes], account: Account) -> Entry:
        """The outcome of a document whose pages are read.

        Args:
            task: The document, begun by this process.
            parts: What others have read of it.
            account: What it has cost so far.

        Raises:
            SpoiltError: They cannot be put together.
            DiedError: The process is gone.
        """
        asked = {"finish": list(map(len, parts)), "seconds": account.seconds}
        self._holds = None
        return self._entry(*self._ask_of(task, asked, account, b"".join(parts)))

    def _given(self, task: Task, account: Account, **asked: float) -> tuple[dict[str, Any], bytes]:
        """The answer to a document."""
        self._left -= 1
        self._holds = None
        return self._ask_of(task, {"seconds": account.seconds, **asked}, account, task.pdf)

    def _ask_of(
        self,
        task: Task,
        asked: dict[str, Any],
        account: Account,
        body: bytes,
        largest: int = LARGEST_BODY,
    ) -> tuple[dict[str, Any], bytes]:
        """Ask about a document."""
        left_out = account.left_out
        asked |= {"name": task.name, "left_out": left_out}
        header, answer = self._ask(asked, body, account.seconds, largest)
        page = header.get("hangs")
        if isinstance(page, int) and page not in left_out:
            raise HangsError(page, self.granted)
        if "spoilt" in header and ("run" in asked or "finish" in asked):
            raise SpoiltError(str(header["spoilt"]))
        return header, answer

    def _entry(self, header: Mapping[str, Any], body: bytes) -> Entry:
        try:
            entry = decode_entry(header, body)
        except ProtocolError as error:
            raise self._raved(error) from error
        self._grown = _size_told(header) > GROWN * self._limits.memory_mb
        return entry

    def draw(self, pdf: bytes, windows: Sequence[Window], scale: float) -> dict[Window, bytes]:
        """Pictures of parts of pages."""
        wanted = {"draw": [[page, list(box)] for _, page, box in windows], "scale": scale}
        header, body = self._ask(wanted, pdf, self._limits.seconds)
        drawn: dict[Window, bytes] = {}
        at = 0
        try:
            for number, size in header["drawn"]:
                drawn[windows[number]] = body[at : at + size]
                at += size
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise self._raved(ProtocolError(str(error))) from error
        return drawn

    def _ask(
        self,
        header: Mapping[str, Any],
        body: bytes,
        seconds: float,
        largest: int = LARGEST_BODY,
    ) -> tuple[dict[str, Any], bytes]:
        """Send a frame and wait for the answer, whose body has a largest size.

        Raises:
            DiedError: None comes.
        """
        requests = cast(BinaryIO, self._popen.stdin)
        replies = cast(BinaryIO, self._popen.stdout)
        answer, reason = None, None
        scans, self.granted = 0, 0.0
        self._alarm.set(seconds)
        try:
            write_frame(requests, header, body)
            while (answer := read_frame(replies, largest)) and "scan" in answer[0]:
                scans += 1
                if scans > 2 * self._limits.pages:  # each page is read twice for a copy
                    raise ProtocolError("more scanned pages than there may be")
                self._alarm.put_off(self._limits.scan_seconds)
                self.granted += self._limits.scan_seconds
                self._on_scan(str(header.get("name")), int(answer[0]["scan"]))
        except (ProtocolError, TypeError) as error:
            raise self._raved(ProtocolError(str(error))) from error
        except (OSError, ValueError) as error:  # ValueError: closed by kill()
            reason = error
        finally:
            self._alarm.stop()
        if answer is None:
            raise self._died() from reason
        return answer

    def _too_late(self) -> None:
        self._late = True
        self.kill()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        self._alarm.end()
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                if self._popen.returncode is None:  # else the number may be another's by now
                    os.killpg(self._popen.pid, signal.SIGKILL)
            else:
                self._popen.kill()

    def end(self) -> None:
        """End it and tidy up; only its own thread may call this."""
        self.kill()
        self._reap()

    def _reap(self) -> float:
        """Wait for its end; its largest size in MB, 0 where that is not known."""
        size = 0.0
        if self._popen.returncode is None:
            if hasattr(os, "wait4"):
                _, status, usage = os.wait4(self._popen.pid, 0)
                self._popen.returncode = os.waitstatus_to_exitcode(status)
                size = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
            else:
                self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return size

    def _raved(self, error: ProtocolError) -> DiedError:
        """What it means that it talks nonsense."""
        self.end()
        return DiedError(BrokenPdfError(f"reading it makes the process rave ({error})"[:500]))

    def _died(self) -> DiedError:
        """What it means that there is no answer."""
        self._give_a_moment()
        self.kill()
        size = self._reap()
        if self._late:
            return DiedError(
                TimeLimitError(f"the document takes longer than {self._limits.seconds:g} s")
            )
        code = self._popen.returncode or 0
        killed = _signal_name(code) == "SIGKILL" and 0 < size < GROWN * self._limits.memory_mb
        return DiedError(meaning(code, size, self._limits), from_outside=killed)

    def _give_a_moment(self) -> None:
        """Let a process that hung up die its own death, which says more than ours."""
        timer = threading.Timer(2, self.kill)
        timer.start()
        with contextlib.suppress(ChildProcessError):
            if hasattr(os, "waitid"):
                os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOWAIT)
        timer.cancel()


def _size_told(header: Mapping[str, Any]) -> float:
    """The size that a process says it has had, MB."""
    size = header.get("memory_mb")
    return float(size) if isinstance(size, int | float) else 0.0


def meaning(code: int, size_mb: float, limits: Limits) -> DocumentError:
    """What the end of a worker says about its document.

    Args:
        code: Exit code; a signal's number negative.
        size_mb: The most memory it had in use.
        limits: What it was allowed.
    """
    name = _signal_name(code)
    if name == "SIGXCPU":
        return TimeLimitError("the document takes more processor time than it may")
    if name in ("SIGKILL", "SIGABRT") or size_mb > GROWN * limits.memory_mb:
        return MemoryLimitError(
            f"the document needs more than {limits.memory_mb} MB or than the machine has ({name})"
        )
    return BrokenPdfError(f"reading it ends the process that does so ({name}); ask for a new copy")


def _signal_name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"
