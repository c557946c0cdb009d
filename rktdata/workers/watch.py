"""The clock and the scales beside one document's reading, inside the worker.

A page that takes too long or too much memory is left out and the others go on; that is
only possible between two steps of Python. What hangs inside a library is ended by the
parent, which kills the process.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rktdata.schemas.errors import MemoryLimitError, TimeLimitError
from rktdata.schemas.limits import Limits

# Of a document's time, what its pages may take, so that some is left for the rest.
PAGES_SHARE = 0.6


class _Alarm(BaseException):  # noqa: N818 (no error of anybody's; nothing but us may catch it)
    """Time is up."""


class Watch:
    """Watches over the pages of one document."""

    def __init__(self, limits: Limits, on_scan: Callable[[int], None] | None = None) -> None:
        """Start the document's clock.

        Args:
            limits: How long it may take.
            on_scan: Told of each page before it is read by OCR.
        """
        self._limits = limits
        self._on_scan = on_scan or (lambda number: None)
        self._ends = time.monotonic() + PAGES_SHARE * limits.seconds
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
        begins = time.monotonic()
        if scan:
            self._on_scan(number)
            seconds = self._limits.scan_seconds
        else:
            seconds = min(self._ends - begins, self._limits.page_seconds)
        if seconds <= 0:
            raise TimeLimitError(f"page {number} was not reached in the document's time")
        try:
            with self._alarm(seconds):
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
