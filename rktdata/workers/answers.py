"""What a worker answers: a document, or the pages of a long one, run by run.

A worker that has begun a long document is asked to read its pages a run at a time, since
others that are idle may read some of them meanwhile. It keeps what it reads; the others
hand theirs over, packed; in the end it makes the document of all. Where a page, or what
somebody has handed over, does not fit into that, it says so, and is asked to read the
document whole: any fault is then met, and told, as if nothing had been shared out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from rktdata.collecting import collector_held_back
from rktdata.extract.ocr.cache import FolderCache
from rktdata.intake.integrity import check_file
from rktdata.outcome import failure, outcome_of, read_outcome
from rktdata.output.dataset import Entry, document_entry
from rktdata.packed import PackedError, pack, unpack
from rktdata.page_by_page import PAGE_ERRORS, OpenPages, Parts, open_pages
from rktdata.pipeline import read_by_table
from rktdata.schemas.document import PageLayout, PageReading
from rktdata.schemas.errors import DocumentError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.schemas.values import Page
from rktdata.workers.protocol import LARGEST_PART, encode_entry
from rktdata.workers.task import Rest, Run
from rktdata.workers.watch import Watch

# What a page takes that is read by OCR, as far as is known before the first.
SCAN_SECONDS = 2.0


class _EnoughError(Exception):
    """So much is left of the document that others may be asked to help."""


class Answers:
    """One worker's answers about documents."""

    def __init__(self, options: Options, limits: Limits, cache: Path | None) -> None:
        """Know of no document yet.

        Args:
            options: How each is read.
            limits: Bounds of each.
            cache: A folder that keeps what was read by OCR.
        """
        self._options, self._limits, self._cache = options, limits, cache
        self._held: _Held | None = None

    def answer(
        self, header: Mapping[str, Any], body: bytes, watch: Watch
    ) -> tuple[dict[str, Any], bytes]:
        """The answer to a request; see `process.Process`.

        Args:
            header: What is asked.
            body: A document's bytes, where this is not the one that was asked about last,
                or what others have read of it.
            watch: Over its pages.
        """
        if "finish" in header:
            return self._finished(header["name"], header["finish"], body)
        if "run" in header:
            return self._run(Run(*header["run"]), bool(header["keep"]), body, watch)
        self._let_go()
        if "worth" not in header:
            args = (body, header["name"], self._options, self._limits, watch, self._cache)
            return encode_entry(read_outcome(*args))
        return self._begun(header, body, watch)

    def _begun(
        self, header: Mapping[str, Any], pdf: bytes, watch: Watch
    ) -> tuple[dict[str, Any], bytes]:
        """A document, or what is left of it."""
        name = header["name"]
        held = self._held = _Held(pdf, self._options, self._limits, self._cache)
        patience = (float(header["after"]), float(header["worth"]))
        answer = outcome_of(pdf, name, self._limits, lambda: held.begin(name, watch, *patience))
        if isinstance(answer, Rest):
            run = answer.run
            return {"rest": [run.first, run.last], "seconds": answer.seconds}, b""
        self._let_go()
        return encode_entry(answer)

    def _run(self, run: Run, keep: bool, pdf: bytes, watch: Watch) -> tuple[dict[str, Any], bytes]:
        """Some pages of the document that is held."""
        if pdf:
            self._let_go()
            self._held = _Held(pdf, self._options, self._limits, self._cache)
        if self._held is None:
            return {"spoilt": "no document is held"}, b""
        try:
            part = self._held.read(run, keep, watch)
        except Exception as error:  # it will be told when the document is read whole
            return self._spoilt(error)
        if keep:
            return {"read": "kept"}, b""
        return ({"read": "packed"}, part) if len(part) <= LARGEST_PART else ({"read": "large"}, b"")

    def _finished(
        self, name: str, sizes: Sequence[int], body: bytes
    ) -> tuple[dict[str, Any], bytes]:
        """The outcome of the document that is held."""
        if self._held is None:
            return {"spoilt": "no document is held"}, b""
        parts, at = [], 0
        for size in sizes:
            parts.append(body[at : at + size])
            at += size
        try:
            entry = self._held.finish(name, parts)
        except DocumentError as error:
            entry = failure(name, self._held.pdf, error)
        except Exception as error:  # a defect, or parts made up: to be read whole, and told then
            return self._spoilt(error)
        self._let_go()
        return encode_entry(entry)

    def _spoilt(self, error: Exception) -> tuple[dict[str, Any], bytes]:
        self._let_go()
        return {"spoilt": f"{type(error).__name__}: {error}"[:500]}, b""

    def _let_go(self) -> None:
        """Hold no document any more."""
        if self._held is not None:
            self._held.close()
        self._held = None


class _Held:
    """A document that is read run by run."""

    def __init__(self, pdf: bytes, options: Options, limits: Limits, cache: Path | None) -> None:
        self.pdf, self._options, self._limits = pdf, options, limits
        self._cache = None if cache is None else FolderCache(cache)
        self._damage: tuple[str, ...] = ()
        self._kept: list[PageReading] = []
        self._opened: OpenPages | None = None
        self._stack = ExitStack()
        self._watch: Watch | None = None
        self._enough_at_scan = False

    def close(self) -> None:
        """Give the document's memory back."""
        self._shut()
        self._kept = []

    def begin(self, name: str, watch: Watch, after: float, worth: float) -> Rest | Entry:
        """Read the document, or begin it, where much is left.

        Args:
            name: Its name.
            watch: Over its pages.
            after: For how many seconds to read before asking how much is left.
            worth: How many seconds that must take at least.
        """
        self._damage = tuple(check_file(self.pdf, self._limits))
        pages = self._pages(watch)
        began, last = time.monotonic(), pages.numbers[-1]
        for number in pages.numbers:
            seconds = SCAN_SECONDS * (last - number + 1)
            more = number < last and self._options.ocr != "never"
            self._enough_at_scan = more and seconds >= worth
            try:
                self._kept.append(pages.read(number))
            except _EnoughError:
                return Rest(Run(number, last), seconds)
            spent = time.monotonic() - began
            seconds = spent / number * (last - number)
            if spent >= after and seconds >= worth and number + 1 < last:
                return Rest(Run(number + 1, last), seconds)
        return self.finish(name, ())

    def read(self, run: Run, keep: bool, watch: Watch) -> bytes:
        """Read a run of pages.

        Args:
            run: Which.
            keep: Whether they are kept here.
            watch: Over them.

        Returns:
            The readings, packed; nothing where they are kept.
        """
        pages = self._pages(watch)
        self._enough_at_scan = False
        read = [pages.read(number) for number in range(run.first, run.last + 1)]
        if not keep:
            return pack(read)
        self._kept += read
        return b""

    def finish(self, name: str, parts: Sequence[bytes]) -> Entry:
        """Make the document of what is kept and what others have read.

        Raises:
            DocumentError: It holds nothing that can be read.
            PackedError: What others have read is not the pages that are missing.
        """
        pages = self._pages(None)
        readings = sorted([*self._kept, *_unpacked(parts)], key=lambda reading: reading.number)
        if [reading.number for reading in readings] != list(pages.numbers):
            raise PackedError("the parts are not the pages of the document")
        whole = Parts(self._damage, pages.count, readings)
        self.close()
        return document_entry(
            read_by_table(self.pdf, name, self._options, self._limits, parts=whole)
        )

    def _pages(self, watch: Watch | None) -> OpenPages:
        """The open document, a page of which is watched over so."""
        self._watch = watch or self._watch
        if self._opened is None:
            self._stack.enter_context(collector_held_back())
            opened = open_pages(self.pdf, self._options, self._limits, self._page, self._cache)
            self._opened = self._stack.enter_context(opened)
        return self._opened

    def _shut(self) -> None:
        self._stack.close()
        self._opened = None

    def _page(self, number: int, scan: bool) -> AbstractContextManager[None]:
        if scan and self._enough_at_scan:
            raise _EnoughError
        if self._watch is None:
            raise RuntimeError("no watch over the pages")
        return self._watch.page(number, scan)


def _unpacked(parts: Sequence[bytes]) -> Iterator[PageReading]:
    """What others have read, if it is that.

    Raises:
        PackedError: It is something else.
    """
    for part in parts:
        readings = unpack(part)
        if not isinstance(readings, list):
            raise PackedError("a part that is no list")
        for reading in readings:
            if not _is_sound(reading):
                raise PackedError("a part that holds no pages")
            yield reading


def _is_sound(reading: object) -> bool:
    """Whether it is a page's reading in itself; what is on the page is anybody's guess."""
    if not isinstance(reading, PageReading) or type(reading.number) is not int:
        return False
    if reading.unread is not None and type(reading.unread) is not str:
        return False
    if reading.error is None:
        return isinstance(reading.page, Page) and isinstance(reading.layout, PageLayout)
    return (
        type(reading.error) is tuple
        and [type(part) for part in reading.error] == [str, str]
        and reading.error[0] in PAGE_ERRORS
    )
