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

import math
import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rktdata.outcome import failure
from rktdata.output.dataset import Entry
from rktdata.schemas.errors import WorkerError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers.board import Board, GivenUpError, Split
from rktdata.workers.process import WORTH_SECONDS, OnScan, Process, Window
from rktdata.workers.task import Account, DiedError, HangsError, Rest, Run, SpoiltError, Task

# Documents handed over ahead, per process: enough that none waits, few enough to be held.
AHEAD = 2
# A document of so many bytes is likely to be long, or scanned, and to be shared out: a
# further process is started at once, which takes longer than finding out.
LIKELY_LONG = 512 << 10
# How often in a row a process may fail to start, and windows be asked for.
STARTS = 3
DRAWN = 2


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
        self._board = Board(jobs, self._on_rest)
        self._done: queue.SimpleQueue[tuple[Task, Entry] | WorkerError] = queue.SimpleQueue()
        self._options, self._limits = options, limits
        self._cache, self._on_scan = cache, on_scan
        self._lock = threading.Lock()  # over what follows: any thread may add a process
        self._slots: list[Slot] = []
        self._threads: list[threading.Thread] = []
        self._closed = False

    @property
    def capacity(self) -> int:
        """Documents to hand over before the first outcome is waited for."""
        return self._capacity

    def warm(self) -> None:
        """Start a process before there is a document, to save its start-up time."""
        self._add_slots(1)

    def submit(self, task: Task) -> None:
        """Hand over a document; a further process is started while there may be more."""
        self._board.put(task)
        self._under_way += 1
        self._add_slots(self._under_way + (len(task.pdf) >= LIKELY_LONG))

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
        with self._lock:
            self._closed = True
        self._board.close()
        for slot in self._slots:
            slot.stop()
        for thread in self._threads:
            thread.join()

    def _add_slots(self, wanted: int) -> None:
        """Have at least so many processes, as far as there may be."""
        with self._lock:
            while not self._closed and len(self._threads) < min(self._jobs, wanted):
                slot = Slot(self._options, self._limits, self._cache, self._on_scan)
                self._slots.append(slot)
                thread = threading.Thread(target=self._serve, args=(slot,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _on_rest(self, rest: Rest) -> None:
        """Have hands for what is left of a document, as many as it is worth."""
        hands = min(rest.seconds / WORTH_SECONDS, len(rest.run), self._jobs)
        self._add_slots(math.ceil(hands))

    def _serve(self, slot: Slot) -> None:
        """One thread's work: documents for its process, and pages of others' long ones."""
        try:
            slot.ready()
            while (work := self._board.next()) is not None and not slot.stopped:
                if isinstance(work, Task):
                    board = self._board if self._jobs > 1 else None
                    self._done.put((work, slot.read(work, board)))
                else:
                    slot.helping = True
                    slot.help(*work)
                    slot.helping = False
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
        self._process: Process | None = None
        self._lock = threading.Lock()
        self.stopped = False
        self.helping = False  # reads pages, perhaps of a document that is given up meanwhile

    def read(self, task: Task, board: Board | None = None) -> Entry:
        """The outcome of a document.

        Args:
            task: The document.
            board: Where the pages of a long one are offered to others; None where it is
                read by this process alone.
        """
        if self._options.searchable:  # the copy is made of all that was read, in one place
            board = None
        account = Account(self._limits)
        while True:
            process = self.ready()
            try:
                if board is None:
                    entry = process.read(task, account)
                else:
                    entry = self._read_shared(process, task, account, board)
            except SpoiltError:
                board, account = None, Account(self._limits)
            except GivenUpError as given_up:
                return failure(task.name, task.pdf, given_up.error)
            except HangsError as hangs:
                self._drop()
                account.hung(hangs)
            except DiedError as died:
                self._drop()
                if self.stopped:
                    raise WorkerError("stopped") from died
                if account.died(died):
                    return failure(task.name, task.pdf, died.error)
            else:
                if process.worn:
                    self._drop()
                return entry

    def _read_shared(self, process: Process, task: Task, account: Account, board: Board) -> Entry:
        """The outcome of a document whose pages others may read too, if it is long."""
        answer = process.begin(task, account)
        if isinstance(answer, Entry):
            return answer
        with board.split(task, account, answer) as split:
            while (run := split.take()) is not None:
                process.read_run(task, run, account, keep=True)
                split.kept(process.granted)
        return process.finish(task, split.parts, account)

    def help(self, split: Split, run: Run) -> None:
        """Read some pages of a document that another process has begun."""
        try:
            process = self.ready()
        except WorkerError:
            split.give_back(run)
            raise
        try:
            part = process.read_run(split.task, run, split.account, keep=False)
        except SpoiltError:
            split.spoil()
        except HangsError as hangs:
            self._drop()
            split.hung(run, hangs)
        except DiedError as died:
            self._drop()
            if self.stopped:
                raise WorkerError("stopped") from died
            split.died(run, died)
        else:
            if part is None:
                split.too_large(run)
            else:
                split.done(part, process.granted)
            if process.worn:
                self._drop()

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
        for _ in range(DRAWN):
            try:
                return self.ready().draw(pdf, windows, scale)
            except DiedError:
                self._drop()
        return {}

    def ready(self) -> Process:
        """A process that waits for a document."""
        for last in (False,) * (STARTS - 1) + (True,):
            if self._process is not None:
                return self._process
            with self._lock:  # lest one is started that nobody stops
                if self.stopped:
                    raise WorkerError("stopped")
                self._process = Process(self._options, self._limits, self._cache, self._on_scan)
            try:
                self._process.start()
            except DiedError as died:
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
            return self._process is not None and self._process.ready and not self.helping

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
