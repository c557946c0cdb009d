"""What a run tells while it goes on: a bar in a terminal, lines elsewhere, JSON for machines.

Nothing is printed here: lines go to the function that is handed in, the bar to a console
of rich, which is loaded only where there is one to draw.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rktdata.batch import Outcome, Summary

Say = Callable[[str], None]
DEFECT = "this is a defect of rktdata; please report it with the file"


class Teller(Protocol):
    """Somebody who is told of a run."""

    done: int
    total: int

    def listed(self, total: int) -> None:
        """The inputs were counted."""

    def scanning(self, name: str, page: int) -> None:
        """A page of a document is about to be read by OCR; told from any thread."""

    def advance(self, outcome: Outcome) -> None:
        """A document is done, whichever."""

    def tell(self, outcome: Outcome) -> None:
        """The next document, in order, is done."""

    def finished(self, summary: Summary) -> None:
        """The dataset is there."""


class Lines:
    """One line on each document; when quiet, only where something is the matter."""

    def __init__(self, say: Say, quiet: bool) -> None:
        self.done = self.total = 0
        self._say, self._quiet = say, quiet

    def listed(self, total: int) -> None:
        """Nothing to say."""
        self.total = total

    def scanning(self, name: str, page: int) -> None:
        """Nothing to say."""

    def advance(self, outcome: Outcome) -> None:
        """Count it."""
        self.done += 1

    def tell(self, outcome: Outcome) -> None:
        """The line."""
        entry = outcome.entry
        if entry is None:
            self._say(f"{outcome.label}: left out, its content is that of an earlier file")
        elif entry.row.status != "lengkap":
            self._say(f"{outcome.label}: {entry.row.status}, {entry.row.galat}")
            if entry.trace:
                for text in [*entry.trace.splitlines(), DEFECT]:
                    self._say(text)
        elif not self._quiet:
            self._say(f"{outcome.label}: {_counted(outcome)}")

    def finished(self, summary: Summary) -> None:
        """Nothing to say: the table of what was written follows."""


class JsonLines:
    """One JSON object a line: the number of inputs, each document, what all came to."""

    def __init__(self, say: Say) -> None:
        self.done = self.total = 0
        self._say = say
        self._began = time.monotonic()

    def listed(self, total: int) -> None:
        """How many there are."""
        self.total = total
        self._say(json.dumps({"event": "listed", "documents": total}))

    def scanning(self, name: str, page: int) -> None:
        """Which page, so that a long scan is seen to go on."""
        self._say(json.dumps({"event": "scan", "document": name, "page": page}))

    def advance(self, outcome: Outcome) -> None:
        """Count it."""
        self.done += 1

    def tell(self, outcome: Outcome) -> None:
        """What became of one."""
        entry = outcome.entry
        record: dict[str, object] = {
            "event": "document",
            "seconds": round(time.monotonic() - self._began, 3),
            "input": outcome.label,
            "duplicate": outcome.duplicate,
            "known": outcome.known,
        }
        if entry is not None:
            row = entry.row
            record |= {
                "dokumen_id": row.dokumen_id,
                "status": row.status,
                "galat": row.galat,
                "halaman": row.halaman,
                "rows": entry.counts,
                "trace": entry.trace or None,
            }
        self._say(json.dumps(record))

    def finished(self, summary: Summary) -> None:
        """What all came to."""
        record = {
            "event": "finished",
            "seconds": round(time.monotonic() - self._began, 3),
            "dataset": str(summary.folder),
            "documents": summary.statuses,
            "failures": summary.failures,
            "duplicates": summary.duplicates,
            "known": summary.known,
            "pages": summary.pages,
            "pages_read": summary.pages_read,
            "seconds_reading": round(summary.seconds, 3),
            "rows": summary.rows,
            "findings": None if summary.review is None else dict(summary.review.open),
        }
        self._say(json.dumps(record))


@contextmanager
def bar(say: Say) -> Iterator[Teller]:
    """A bar with documents, pages a second, failures and the time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]} pages/s  {task.fields[failed]} failed"),
        TextColumn("{task.fields[scan]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, speed="-", failed=0, scan="")
        lines = Lines(say, quiet=True)
        yield _Bar(
            lines,
            on_listed=lambda total: progress.update(task, total=total),
            on_told=lambda speed, failed: progress.update(
                task, advance=1, speed=speed, failed=failed, scan=""
            ),
            on_scan=lambda text: progress.update(task, scan=text),
        )


class _Bar:
    """Moves a bar, and passes on what goes wrong."""

    def __init__(
        self,
        lines: Lines,
        on_listed: Callable[[int], None],
        on_told: Callable[[str, int], None],
        on_scan: Callable[[str], None],
    ) -> None:
        self.done = self.total = 0
        self._on_scan = on_scan
        self._lines, self._on_listed, self._on_told = lines, on_listed, on_told
        self._began = time.monotonic()
        self._pages = self._failed = 0

    def listed(self, total: int) -> None:
        self.total = total
        self._on_listed(total)

    def scanning(self, name: str, page: int) -> None:
        self._on_scan(f"OCR {name[-30:]} {page}")

    def tell(self, outcome: Outcome) -> None:
        self._lines.tell(outcome)

    def advance(self, outcome: Outcome) -> None:
        self.done += 1
        if outcome.entry is not None and not outcome.known:
            self._pages += outcome.entry.row.halaman or 0
            self._failed += outcome.entry.row.status == "gagal"
        speed = self._pages / max(time.monotonic() - self._began, 0.001)
        self._on_told(f"{speed:.1f}", self._failed)

    def finished(self, summary: Summary) -> None:
        pass


def _counted(outcome: Outcome) -> str:
    entry = outcome.entry
    if entry is None:
        return ""
    rows = ", ".join(f"{count} {name}" for name, count in entry.counts.items() if name != "dokumen")
    return f"{entry.row.halaman} halaman, {rows}" + (", as read before" if outcome.known else "")
