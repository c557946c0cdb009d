"""Scanned pages read: from a PDF's picture to the same `Page` as of any other page."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Literal, TypeAlias

from rktdata.extract.ocr.decide import ASKED, better, needs_ocr
from rktdata.schemas.errors import OcrNotInstalledError, PictureTooLargeError
from rktdata.schemas.values import Page

Mode: TypeAlias = Literal["auto", "always", "never"]
# A page that should have been read from its picture, and was not.
UNREAD = "belum-dibaca"


class Scans:
    """Reads those pages of one PDF that must be read from their pictures.

    Args:
        pdf: The file's bytes.
        mode: Which pages: those that need it, all, or none.
        password: Of the PDF.
        cache: Pages read before; see `recognise.Cache`.
        threads: How many lines of text are read at a time.
    """

    def __init__(
        self,
        pdf: bytes,
        mode: Mode = "auto",
        password: str | None = None,
        cache: object | None = None,
        threads: int = 2,
    ) -> None:
        self._pdf, self._mode, self._password = pdf, mode, password
        self._cache, self._threads = cache, threads
        self._drawer: object | None = None
        self.messages: list[str] = []

    def __enter__(self) -> Scans:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawer is not None:
            self._drawer.close()  # type: ignore[attr-defined]

    def read(self, page: Page) -> Page:
        """The page, read from its picture if it must be; what went wrong is a message.

        Raises:
            OcrNotInstalledError: All pages are to be read so, and the part that does it
                is not installed.
        """
        reason = ASKED if self._mode == "always" else needs_ocr(page)
        if self._mode == "never" or reason is None:
            return page
        try:
            return better(page, self._recognise(page), reason)
        except OcrNotInstalledError as error:
            if self._mode == "always":
                raise
            self.messages.append(f"halaman {page.number}: {error}")
        except PictureTooLargeError as error:
            self.messages.append(f"halaman {page.number}: {error.code}: {error}")
        return replace(page, remarks=(*page.remarks, UNREAD))

    def _recognise(self, page: Page) -> Page:
        # Not at the top: what reads pictures may not be installed.
        try:
            from rktdata.extract.ocr.engines import load_engines
            from rktdata.extract.ocr.recognise import recognise
            from rktdata.extract.ocr.render import Drawer
        except ImportError as error:
            raise OcrNotInstalledError(
                f"page {page.number} must be read by OCR, and {error.name} is not installed; "
                'install it: pip install "rktdata[ocr]"'
            ) from error
        engines = load_engines(self._threads)
        if self._drawer is None:
            self._drawer = Drawer(self._pdf, self._password)
        assert isinstance(self._drawer, Drawer)
        picture = self._drawer.draw(page.number)
        return recognise(page, picture, engines, self._cache)  # type: ignore[arg-type]
