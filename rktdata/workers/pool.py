"""Worker processes on this machine: documents in, one outcome each, whatever they do.

A thread stands beside every process: it hands over a document, waits for the outcome as
long as the document may take, and kills and replaces a process that hangs, grows, dies or
talks nonsense. A document whose process dies gets one more try, since the cause may be
another's; the second time it is the document's fault. More tries it gets where the process
was killed from outside while it was small, since a document seldom has that done. One that
hangs on a page inside a library is read again without that page, in the time that is left.

Isolation is not an option: this is the only way in which a run reads documents.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias, cast

from rktdata.outcome import failure
from rktdata.output.dataset import Entry
from rktdata.schemas.errors import (
    BrokenPdfError,
    DocumentError,
    MemoryLimitError,
    TimeLimitError,
    WorkerError,
)
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers.launch import launch
from rktdata.workers.protocol import ProtocolError, decode_entry, read_frame, write_frame

# Documents handed over ahead, per process: enough that none waits, few enough to be held.
AHEAD = 2
# A process that is not ready by then never will be; and how often that may happen in a row.
START_SECONDS = 120
STARTS = 3
TRIES = 2
# One that is killed while it is small is hardly to blame: somebody else ended it.
TRIES_WHEN_KILLED = 5
# A process that has grown to this share of its limit is replaced before the next document.
GROWN = 0.5

# Told of a page (its document's name, its number) that is about to be read by OCR.
OnScan: TypeAlias = Callable[[str, int], None]
# A part of a page: its document, the page's number, its place in points.
Window = tuple[str, int, tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be read.

    Attributes:
        number: The caller's.
        name: The file's name.
        pdf: Its bytes.
    """

    number: int
    name: str
    pdf: bytes = field(repr=False)


class Pool(Protocol):
    """Something that reads documents, several at a time."""

    @property
    def capacity(self) -> int:
        """Documents to hand over before the first outcome is waited for."""

    def submit(self, task: Task) -> None:
        """Hand over a document."""

    def wait(self) -> tuple[Task, Entry]:
        """The next outcome, of whichever document is done first.

        Raises:
            WorkerError: No document can be read.
        """

    def close(self) -> None:
        """End all processes, whatever they are doing."""


class LocalPool:
    """Processes on this machine."""

    def __init__(
        self,
        jobs: int,
        options: Options,
        limits: Limits,
        cache: Path | None = None,
        on_scan: OnScan | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            jobs: How many processes.
            options: How each document is read.
            limits: Bounds of each.
            cache: The folder that keeps what was read by OCR.
            on_scan: Told, from any thread, of each page before it is read by OCR.
        """
        self._capacity = jobs * AHEAD
        self._jobs = jobs
        self._under_way = 0
        self._todo: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Task, Entry] | WorkerError] = queue.SimpleQueue()
        self._options, self._limits = options, limits
        self._cache, self._on_scan = cache, on_scan
        self._slots: list[Slot] = []
        self._threads: list[threading.Thread] = []

    @property
    def capacity(self) -> int:
        """Documents to hand over before the first outcome is waited for."""
        return self._capacity

    def warm(self) -> None:
        """Start a process before there is a document, to save its start-up time."""
        if not self._threads:
            self._add_slot()

    def submit(self, task: Task) -> None:
        """Hand over a document; a further process is started while there may be more."""
        self._todo.put(task)
        self._under_way += 1
        if len(self._threads) < min(self._jobs, self._under_way):
            self._add_slot()

    def wait(self) -> tuple[Task, Entry]:
        """The next outcome."""
        done = self._done.get()
        self._under_way -= 1
        if isinstance(done, WorkerError):
            raise done
        return done

    def drawer(self) -> Slot | None:
        """The slot of a process that is idle, for pictures; all other processes are ended.

        To be asked for when all outcomes are there. None where no process is idle.
        """
        idle = next((slot for slot in self._slots if slot.idle), None)
        for slot in self._slots:
            if slot is not idle:
                slot.stop()
        return idle

    def close(self) -> None:
        """End all processes."""
        for slot in self._slots:
            slot.stop()
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def _add_slot(self) -> None:
        slot = Slot(self._options, self._limits, self._cache, self._on_scan)
        self._slots.append(slot)
        thread = threading.Thread(target=self._serve, args=(slot,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, slot: Slot) -> None:
        """One thread's work: its process's documents, one after the other."""
        try:
            slot.ready()
            while (task := self._todo.get()) is not None and not slot.stopped:
                self._done.put((task, slot.read(task)))
        except WorkerError as error:
            self._done.put(error)
        except Exception as error:  # a defect here must not leave the run waiting
            self._done.put(WorkerError(f"{type(error).__name__}: {error}"))
        finally:
            slot.stop()


class Slot:
    """One process after another, each used until it is worn out or dead."""

    def __init__(
        self,
        options: Options,
        limits: Limits,
        cache: Path | None = None,
        on_scan: OnScan | None = None,
    ) -> None:
        self._options, self._limits = options, limits
        self._cache, self._on_scan = cache, on_scan
        self._process: _Process | None = None
        self._lock = threading.Lock()
        self.stopped = False

    def read(self, task: Task) -> Entry:
        """The outcome of a document."""
        tries = deaths = 0
        left_out: list[int] = []
        ends = time.monotonic() + self._limits.seconds
        while True:
            process = self.ready()
            try:
                entry = process.read(task, left_out, ends)
            except _HangsError as hangs:
                self._drop()
                left_out.append(hangs.page)
                ends += process.granted
                continue
            except _DiedError as died:
                self._drop()
                if self.stopped:
                    raise WorkerError("stopped") from died
                tries += not died.from_outside
                deaths += 1
                late = isinstance(died.error, TimeLimitError)
                if late or tries == TRIES or deaths == TRIES_WHEN_KILLED:
                    return failure(task.name, task.pdf, died.error)
                ends = time.monotonic() + self._limits.seconds
                continue
            if process.worn:
                self._drop()
            return entry

    def draw(
        self, pdf: bytes, windows: Sequence[Window], password: str | None, scale: float
    ) -> dict[Window, bytes]:
        """Pictures of parts of pages; those that cannot be drawn are left out.

        Args:
            pdf: The document's bytes.
            windows: What to draw, of one document.
            password: Not used; the process has that of its options.
            scale: Pixels per point.
        """
        for _ in range(TRIES):
            try:
                return self.ready().draw(pdf, windows, scale)
            except _DiedError:
                self._drop()
        return {}

    def ready(self) -> _Process:
        """A process that waits for a document."""
        for last in (False,) * (STARTS - 1) + (True,):
            if self._process is not None:
                return self._process
            with self._lock:  # lest one is started that nobody stops
                if self.stopped:
                    raise WorkerError("stopped")
                self._process = _Process(self._options, self._limits, self._cache, self._on_scan)
            try:
                self._process.start()
            except _DiedError as died:
                self._drop()
                if last or self.stopped:
                    raise WorkerError(
                        f"no worker process can be started: {died.error}; "
                        "is memory_mb too small, or the machine full?"
                    ) from died
        raise WorkerError("no start is left")

    @property
    def idle(self) -> bool:
        """Whether it has a process that waits, if no document is being read."""
        with self._lock:
            return self._process is not None and self._process.ready

    def stop(self) -> None:
        """Kill the process, for good; called from any thread."""
        with self._lock:
            self.stopped = True
            if self._process is not None:
                self._process.kill()

    def _drop(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.end()
            self._process = None


class _Alarm:
    """Rings once its time is up; more time can be given."""

    def __init__(self, seconds: float, ring: Callable[[], None]) -> None:
        self._ring, self._ends = ring, time.monotonic() + seconds
        self._timer = self._started()

    def put_off(self, seconds: float) -> None:
        """Give so much more time."""
        self._ends += seconds
        self._timer.cancel()
        self._timer = self._started()

    def stop(self) -> None:
        """It will not ring."""
        self._timer.cancel()

    def _started(self) -> threading.Timer:
        timer = threading.Timer(max(0.0, self._ends - time.monotonic()), self._ring)
        timer.daemon = True
        timer.start()
        return timer


class _DiedError(Exception):
    """A process is gone.

    Attributes:
        error: What that means for its document.
        from_outside: Whether somebody else seems to have ended it.
    """

    def __init__(self, error: DocumentError, from_outside: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.from_outside = from_outside


class _HangsError(Exception):
    """A library hangs on a page; the process is gone."""

    def __init__(self, page: int) -> None:
        super().__init__(f"page {page}")
        self.page = page


class _Process:
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
        self._late = False
        self._grown = False
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
            raise _DiedError(BrokenPdfError(str(header.get("broken", "no answer"))[:500]))
        self.ready = True

    def read(self, task: Task, left_out: Sequence[int], ends: float) -> Entry:
        """The outcome of a document.

        Args:
            task: The document.
            left_out: Pages not to be read.
            ends: When it is to be there, by the monotonic clock.

        Raises:
            _HangsError: A library hangs on a page.
            _DiedError: The process is gone.
        """
        self._left -= 1
        seconds = max(ends - time.monotonic(), 0.01)
        asked = {"name": task.name, "left_out": list(left_out), "seconds": seconds}
        header, body = self._ask(asked, task.pdf, seconds)
        page = header.get("hangs")
        if isinstance(page, int) and page not in left_out:
            raise _HangsError(page)
        try:
            entry = decode_entry(header, body)
        except ProtocolError as error:
            raise self._raved(error) from error
        self._grown = float(header.get("memory_mb") or 0) > GROWN * self._limits.memory_mb
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
        self, header: Mapping[str, Any], body: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send a frame and wait for the answer.

        Raises:
            _DiedError: None comes.
        """
        requests = cast(BinaryIO, self._popen.stdin)
        replies = cast(BinaryIO, self._popen.stdout)
        alarm = _Alarm(seconds, self._too_late)
        answer, reason = None, None
        scans, self.granted = 0, 0.0
        try:
            write_frame(requests, header, body)
            while (answer := read_frame(replies)) is not None and "scan" in answer[0]:
                scans += 1
                if scans > 2 * self._limits.pages:  # each page is read twice for a copy
                    raise ProtocolError("more scanned pages than there may be")
                alarm.put_off(self._limits.scan_seconds)
                self.granted += self._limits.scan_seconds
                self._on_scan(str(header.get("name")), int(answer[0]["scan"]))
        except (ProtocolError, TypeError) as error:
            raise self._raved(ProtocolError(str(error))) from error
        except (OSError, ValueError) as error:  # ValueError: closed by kill()
            reason = error
        finally:
            alarm.stop()
        if answer is None:
            raise self._died() from reason
        return answer

    def _too_late(self) -> None:
        self._late = True
        self.kill()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
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

    def _raved(self, error: ProtocolError) -> _DiedError:
        """What it means that it talks nonsense."""
        self.end()
        return _DiedError(BrokenPdfError(f"reading it makes the process rave ({error})"[:500]))

    def _died(self) -> _DiedError:
        """What it means that there is no answer."""
        self._give_a_moment()
        self.kill()
        size = self._reap()
        if self._late:
            return _DiedError(
                TimeLimitError(f"the document takes longer than {self._limits.seconds:g} s")
            )
        code = self._popen.returncode or 0
        killed = _signal_name(code) == "SIGKILL" and 0 < size < GROWN * self._limits.memory_mb
        return _DiedError(meaning(code, size, self._limits), from_outside=killed)

    def _give_a_moment(self) -> None:
        """Let a process that hung up die its own death, which says more than ours."""
        timer = threading.Timer(2, self.kill)
        timer.start()
        with contextlib.suppress(ChildProcessError):
            if hasattr(os, "waitid"):
                os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOWAIT)
        timer.cancel()


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
