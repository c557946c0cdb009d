"""The first half of a document's journey: each page by itself, read and laid out.

No page needs another one to be read. So they may be read in any order, and by several
processes; `Parts` is what any division of the work comes to, put together again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rktdata.extract.layout import find_layout
from rktdata.extract.ocr import Scans
from rktdata.extract.pages import Reader, as_displayed, open_pdf
from rktdata.intake.integrity import check_file
from rktdata.packed import Packed
from rktdata.schemas.document import PageLayout, PageReading
from rktdata.schemas.errors import (
    BombError,
    BrokenPdfError,
    DocumentError,
    MemoryLimitError,
    TimeLimitError,
)
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.schemas.values import Page

if TYPE_CHECKING:
    from rktdata.extract.ocr.recognise import Cache

# Grids of the pages after these are held packed: 4 kB a page instead of 90, for 0.4 ms of 7.
PLAIN_PAGES = 64
PageWatch = Callable[[int, bool], AbstractContextManager[None]]
# What costs a page and not its document, by the code that a reading keeps of it.
PAGE_ERRORS: Mapping[str, type[DocumentError]] = {
    error.code: error for error in (BrokenPdfError, BombError, TimeLimitError, MemoryLimitError)
}


def unwatched(_: int, __: bool) -> AbstractContextManager[None]:
    """Nobody watches over a page."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Parts:
    """All pages of a document, read.

    Attributes:
        damage: What its check found, in plain words.
        count: Pages that the PDF has.
        readings: One for each page up to `Limits.pages`, in order.
    """

    damage: tuple[str, ...]
    count: int
    readings: Iterable[PageReading]


class OpenPages:
    """The pages of an open PDF, each read when it is asked for."""

    def __init__(
        self, reader: Reader, scans: Scans, options: Options, limits: Limits, watch: PageWatch
    ) -> None:
        self._reader, self._scans, self._watch = reader, scans, watch
        self._library, self._glyphs = options.reader, limits.glyphs
        self.count = len(reader)
        self.numbers = range(1, min(self.count, limits.pages) + 1)

    def read(self, number: int, kept: Callable[[Page], Page] = Page.emptied) -> PageReading:
        """Read one page.

        Args:
            number: From 1.
            kept: What is kept of the page once it is laid out.

        Raises:
            DocumentError: No page of this document can be read so.
        """
        page = layout = error = None
        try:
            page = self._page(number)
            with self._watch(number, False):
                layout = find_layout(page)
                if number > PLAIN_PAGES:
                    layout = replace(layout, grids=Packed(layout.grids))
            page = kept(page)
        except tuple(PAGE_ERRORS.values()) as caught:
            page, error = None, (caught.code, str(caught))
        return PageReading(number, page, layout, error, self._scans.unread.get(number))

    def _page(self, number: int) -> Page:
        with self._watch(number, False):
            raw = self._reader.read(number - 1)
            if len(raw.glyphs) > self._glyphs:
                raise BombError(f"page {number} has {len(raw.glyphs)} glyphs; it is left out")
            page = as_displayed(raw, number, self._library)
        reason = self._scans.reason(page)
        if reason is None:
            return page
        try:
            with self._watch(number, True):
                return self._scans.read(page, reason)
        except (TimeLimitError, MemoryLimitError) as error:
            return self._scans.leave(page, f"{error.code}: {error}")


@contextmanager
def open_pages(
    pdf: bytes,
    options: Options,
    limits: Limits,
    watch: PageWatch = unwatched,
    cache: Cache | None = None,
) -> Iterator[OpenPages]:
    """Open a PDF for reading its pages; see `read_document`.

    Raises:
        DocumentError: It cannot be opened.
    """
    with (
        open_pdf(pdf, options.reader, options.password) as reader,
        Scans(pdf, options.ocr, options.password, cache) as scans,
    ):
        yield OpenPages(reader, scans, options, limits, watch)


def read_parts(
    pdf: bytes,
    options: Options,
    limits: Limits,
    watch: PageWatch = unwatched,
    cache: Cache | None = None,
) -> Parts:
    """Check a PDF and read all its pages, one after the other; see `read_document`.

    Raises:
        DocumentError: It cannot be read.
    """
    damage = tuple(check_file(pdf, limits))
    with open_pages(pdf, options, limits, watch, cache) as pages:
        return Parts(damage, pages.count, [pages.read(number) for number in pages.numbers])


def put_together(parts: Parts, limits: Limits) -> tuple[list[Page], list[PageLayout], list[str]]:
    """The pages that could be read, laid out, and a message for each that could not.

    Raises:
        DocumentError: None could be read.
    """
    pages: list[Page] = []
    layouts: list[PageLayout] = []
    errors: list[tuple[str, str]] = []
    unread: dict[int, str] = {}
    for reading in parts.readings:
        if reading.unread is not None:
            unread[reading.number] = reading.unread
        if reading.error is not None:
            errors.append(reading.error)
        elif reading.page is not None and reading.layout is not None:
            pages.append(reading.page)
            layouts.append(reading.layout)
    if not pages:
        code, message = errors[0]
        if code == BrokenPdfError.code:
            raise BrokenPdfError("no page of the PDF can be read; ask for a new copy")
        raise PAGE_ERRORS[code](message)
    messages = list(parts.damage)
    messages += [
        text if code == BrokenPdfError.code else f"{code}: {text}" for code, text in errors
    ]
    if (more := parts.count - limits.pages) > 0:
        messages.append(f"bom: {more} pages beyond the first {limits.pages} are left out")
    return pages, layouts, messages + _unread_messages(unread)


def _unread_messages(unread: Mapping[int, str]) -> list[str]:
    """One message for all pages that were not read for the same reason."""
    by_reason: dict[str, list[str]] = {}
    for number, why in unread.items():
        by_reason.setdefault(why, []).append(str(number))
    return [f"halaman {', '.join(numbers)}: {why}" for why, numbers in by_reason.items()]
