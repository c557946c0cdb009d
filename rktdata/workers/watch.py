"""The clock and the scales beside one document's reading, inside the worker.

A page that takes too long or too much memory is left out and the others go on; that is
only possible between two steps of Python. What hangs inside a library is noticed by a
thread beside it, which tells the parent the page and ends the process: the document is
read again without that page. What lets no thread run is ended by the parent's own clock.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType

from rktdata.schemas.errors import MemoryLimitError, TimeLimitError
from rktdata.schemas.limits import Limits

# Of a document's time, what its pages may take, so that some is left for the rest.
PAGES_SHARE = 0.6
# Of a page's time, how much longer it may take until it is held to hang in a library, and
# how often that is looked at.
PATIENCE = 1.25
LOOK_SECONDS = 0.2


class _Alarm(BaseException):  # noqa: N818 (no error of anybody's; nothing but us may catch it)
    """Time is up."""


class Watch:
    """Watches over the pages of one document."""

    def __init__(
        self,
        limits: Limits,
        left_out: frozenset[int] = frozenset(),
        hangs: HangWatch | None = None,
        on_scan: Callable[[int], None] | None = None,
    ) -> None:
        """Begin.

        Args:
            limits: Bounds of the document.
            left_out: Pages on which an earlier try hung.
            hangs: Who is told when a page is begun and done.
            on_scan: Told of each page before it is read by OCR.
        """
        self._limits = limits
        self._on_scan = on_scan or (lambda number: None)
        self._ends = time.monotonic() + PAGES_SHARE * limits.seconds
        self._left_out = left_out
        self._hangs = hangs
        self._armed = False

    @contextmanager
    def page(self, number: int, scan: bool = False) -> Iterator[None]:
        """Read a page inside.

        Args:
            number: Of the page.
            scan: Whether that is by OCR, which has a time of its own.

        Raises:
            TimeLimitError: The page, or all pages so far, took too long.
            MemoryLimitError: The page needs more memory than there is.
        """
        if number in self._left_out:
            raise TimeLimitError(f"page {number} takes longer than it may")
        begins = time.monotonic()
        if scan:
            self._on_scan(number)
            seconds = self._limits.scan_seconds
        else:
            seconds = min(self._ends - begins, self._limits.page_seconds)
        if seconds <= 0:
            raise TimeLimitError(f"page {number} was not reached in the document's time")
        try:
            with self._alarm(seconds), self._noted(number, seconds):
                yield
        except _Alarm:
            raise TimeLimitError(f"page {number} takes longer than {seconds:.0f} s") from None
        except MemoryError as error:
            raise MemoryLimitError(
                f"page {number} needs more than {self._limits.memory_mb} MB"
            ) from error
        finally:
            if scan:
                self._ends += time.monotonic() - begins

    def _noted(self, number: int, seconds: float) -> AbstractContextManager[None]:
        return self._hangs.page(number, seconds) if self._hangs else nullcontext()

    @contextmanager
    def _alarm(self, seconds: float) -> Iterator[None]:
        in_main = threading.current_thread() is threading.main_thread()
        if not in_main or not hasattr(signal, "setitimer"):
            yield
            return
        before = signal.signal(signal.SIGALRM, self._ring)
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _ring(self, _: int, __: FrameType | None) -> None:
        if self._armed:
            self._armed = False
            raise _Alarm


class HangWatch:
    """A thread that notices when a page is not done long after its time."""

    def __init__(self, on_hang: Callable[[int], None]) -> None:
        """Begin.

        Args:
            on_hang: Told the page's number, in the thread; is to end the process.
        """
        self._on_hang = on_hang
        self._lock = threading.Lock()
        self._page, self._until = 0, float("inf")
        threading.Thread(target=self._look, daemon=True).start()

    @contextmanager
    def page(self, number: int, seconds: float) -> Iterator[None]:
        """Read a page inside."""
        self._page, self._until = number, time.monotonic() + PATIENCE * seconds + LOOK_SECONDS
        try:
            yield
        finally:
            with self._lock:  # nothing is answered while the thread is speaking
                self._until = float("inf")

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                if time.monotonic() > self._until:
                    self._on_hang(self._page)
                    return
