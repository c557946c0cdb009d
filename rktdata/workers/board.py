"""What there is to do in a run: documents, and pages of long ones for whoever is idle.

Threads take from the board, each for its process. Documents come first: pages of a long
one are read by the process that began it, and handed to others only while no document
waits for them. What the others read is bytes here, which only a worker opens. Where
anything is the matter with the parts, the document is read whole, by one process, as if
it had not been split: so what becomes of it does not depend on who read which page.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rktdata.schemas.errors import DocumentError, WorkerError
from rktdata.workers.task import (
    TRIES_WHEN_KILLED,
    Account,
    DiedError,
    HangsError,
    Rest,
    Run,
    SpoiltError,
    Task,
)

# Runs become shorter towards a document's end, lest all wait for one; the longest is a
# fraction of a second of printed pages, and half a minute of scans.
LONGEST_RUN = 16
RUNS_EACH = 2
# Bytes of a document's parts that are held here, some 10,000 pages; what is more is left to
# its own process.
HELD_PARTS = 64 << 20


class GivenUpError(Exception):
    """A document is given up, by what its pages did to the processes of others."""

    def __init__(self, error: DocumentError) -> None:
        super().__init__(str(error))
        self.error = error


class Board:
    """Documents and runs of pages, for the threads of a pool."""

    def __init__(self, hands: int, on_rest: Callable[[Rest], None]) -> None:
        """Begin.

        Args:
            hands: How many threads there may be.
            on_rest: Told what is left of a document, before it is offered.
        """
        self._hands, self._on_rest = hands, on_rest
        self._tasks: deque[Task] = deque()
        self._splits: list[Split] = []
        self._changed = threading.Condition()
        self._closed = False

    def put(self, task: Task) -> None:
        """One more document."""
        with self._changed:
            self._tasks.append(task)
            self._changed.notify_all()

    def next(self) -> Task | tuple[Split, Run] | None:
        """What to do next, waited for; None when all is over."""
        with self._changed:
            while not self._closed:
                if self._tasks:
                    return self._tasks.popleft()
                for split in self._splits:
                    if (run := split.offered()) is not None:
                        return split, run
                self._changed.wait()
        return None

    @contextmanager
    def split(self, task: Task, account: Account, rest: Rest) -> Iterator[Split]:
        """Offer the rest of a document's pages to the others, for as long as this lasts."""
        self._on_rest(rest)
        split = Split(task, account, rest.run, self._hands, self._changed)
        with self._changed:
            if self._closed:
                raise WorkerError("stopped")
            self._splits.append(split)
            self._changed.notify_all()
        try:
            yield split
        finally:
            with self._changed:
                self._splits.remove(split)
                split.over = True

    def close(self) -> None:
        """Nothing is to be done any more."""
        with self._changed:
            self._closed = True
            for split in self._splits:
                split.stopped = True
            self._changed.notify_all()


class Split:
    """The rest of one document's pages, and what was read of them by others.

    All of it is used under the board's lock.

    Attributes:
        task: The document.
        account: What it has cost.
        parts: What others have read, packed.
        over: Whether nobody waits for it any more.
        stopped: Whether the board is closed.
    """

    def __init__(
        self, task: Task, account: Account, rest: Run, hands: int, changed: threading.Condition
    ) -> None:
        self.task, self.account = task, account
        self.parts: list[bytes] = []
        self.over = self.stopped = False
        self._left = deque([rest])
        self._killed = 0  # how many of the others' processes were
        self._out = 0  # runs that others are reading
        self._hands, self._changed = hands, changed
        self._alone = False  # whether others are to read no more of it
        self._error: DocumentError | None = None
        self._spoilt = False

    def take(self) -> Run | None:
        """A run for the document's own process; None when all pages are read.

        Waits while the others are still reading the last ones.

        Raises:
            GivenUpError: The document is given up.
            SpoiltError: It is to be read whole.
            WorkerError: The board is closed.
        """
        with self._changed:
            while True:
                if self.stopped:
                    raise WorkerError("stopped")
                if self._error is not None:
                    raise GivenUpError(self._error)
                if self._spoilt:
                    raise SpoiltError(self.task.name)
                if self._left:
                    return self._run()
                if not self._out:
                    return None
                self._changed.wait()

    def offered(self) -> Run | None:
        """A run for somebody else's process, None where there is none; under the lock."""
        if not self._left or self._alone or self._spoilt or self._error is not None:
            return None
        self._out += 1
        return self._run()

    def _run(self) -> Run:
        """The next pages, fewer the fewer are left."""
        left = sum(map(len, self._left))
        size = max(1, min(LONGEST_RUN, left // (RUNS_EACH * self._hands)))
        run = self._left.popleft()
        if len(run) <= size:
            return run
        self._left.appendleft(Run(run.first + size, run.last))
        return Run(run.first, run.first + size - 1)

    def kept(self, granted: float) -> None:
        """The document's own process has read a run, and keeps it."""
        with self._changed:
            self.account.ends += granted

    def done(self, part: bytes, granted: float) -> None:
        """Somebody else has read a run."""

        def note() -> None:
            self.parts.append(part)
            self.account.ends += granted
            self._alone = self._alone or sum(map(len, self.parts)) > HELD_PARTS

        self._came_back(note)

    def too_large(self, run: Run) -> None:
        """What is read of a run is too much to be handed about."""

        def note() -> None:
            self._alone = True
            self._left.appendleft(run)

        self._came_back(note)

    def hung(self, run: Run, hangs: HangsError) -> None:
        """A page of the run is to be left out."""

        def note() -> None:
            self.account.hung(hangs)
            self._left.appendleft(run)

        self._came_back(note)

    def died(self, run: Run, died: DiedError) -> None:
        """Somebody else's process died: once more, or the document is given up.

        One that was killed from outside is not counted: the more processes there are for
        a document, the more of them are met by what kills any. After some of them the
        document is left to its own process.
        """

        def note() -> None:
            self._killed += died.from_outside
            self._alone = self._alone or self._killed >= TRIES_WHEN_KILLED
            if not died.from_outside and self.account.died(died):
                self._error = self._error or died.error
            else:
                self._left.appendleft(run)

        self._came_back(note)

    def spoil(self) -> None:
        """The document is to be read whole."""

        def note() -> None:
            self._spoilt = True

        self._came_back(note)

    def give_back(self, run: Run) -> None:
        """The run was not begun."""
        self._came_back(lambda: self._left.appendleft(run))

    def _came_back(self, note: Callable[[], None]) -> None:
        """A run that somebody else had is in their hands no more."""
        with self._changed:
            self._out -= 1
            if not self.over:
                note()
            self._changed.notify_all()
