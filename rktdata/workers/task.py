"""A document that is to be read, and what reading it has cost so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from rktdata.schemas.errors import DocumentError, TimeLimitError
from rktdata.schemas.limits import Limits

TRIES = 2
# One that is killed while it is small is hardly to blame: somebody else ended it.
TRIES_WHEN_KILLED = 5


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


@dataclass(frozen=True, slots=True)
class Run:
    """Pages of a document that are read together, both ends included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a document that a process has begun.

    Attributes:
        run: Its pages.
        seconds: What reading them may take one process, as far as it can tell.
    """

    run: Run
    seconds: float


class DiedError(Exception):
    """A process is gone.

    Attributes:
        error: What that means for its document.
        from_outside: Whether somebody else seems to have ended it.
    """

    def __init__(self, error: DocumentError, from_outside: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.from_outside = from_outside


class HangsError(Exception):
    """A library hangs on a page; the process is gone.

    Attributes:
        page: Its number.
        granted: Seconds that the process had more, for pages read by OCR.
    """

    def __init__(self, page: int, granted: float) -> None:
        super().__init__(f"page {page}")
        self.page = page
        self.granted = granted


class SpoiltError(Exception):
    """The parts of a document cannot be read or put together; it may be read whole."""


class Account:
    """What the reading of one document has cost, whichever processes did it.

    Attributes:
        left_out: Pages on which an earlier try hung.
        ends: When the document is to be there, by the monotonic clock.
    """

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.seconds
        self._tries = self._deaths = 0
        self.left_out: tuple[int, ...] = ()
        self.ends = time.monotonic() + limits.seconds

    @property
    def seconds(self) -> float:
        """What is left, a little at least."""
        return max(self.ends - time.monotonic(), 0.01)

    def hung(self, hangs: HangsError) -> None:
        """The page is left out from now on."""
        self.left_out = (*self.left_out, hangs.page)
        self.ends += hangs.granted

    def died(self, died: DiedError) -> bool:
        """Whether the document is given up; else it gets its time anew."""
        self._tries += not died.from_outside
        self._deaths += 1
        late = isinstance(died.error, TimeLimitError)
        if late or self._tries >= TRIES or self._deaths >= TRIES_WHEN_KILLED:
            return True
        self.ends = time.monotonic() + self._seconds
        return False
