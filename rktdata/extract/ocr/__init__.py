"""Scanned pages read: from a PDF's picture to the same `Page` as of any other page."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

from rktdata.extract.ocr.decide import ASKED, better, needs_ocr
from rktdata.schemas.errors import (
    BrokenPdfError,
    OcrNotInstalledError,
    PictureTooLargeError,
)
from rktdata.schemas.options import OcrMode
from rktdata.schemas.values import UNREAD, Page

if TYPE_CHECKING:
    from rktdata.extract.ocr.recognise import Cache
    from rktdata.extract.ocr.render import Drawer

NOT_WANTED = "gambar tanpa teks, belum dibaca (--ocr never)"


class Scans:
    """Reads those pages of one PDF that must be read from their pictures.

    Args:
        pdf: The file's bytes.
        mode: Which pages: those that need it, all, or none.
        password: Of the PDF.
        cache: Pages read before; see `recognise.Cache`.

    Attributes:
        unread: Why a page that should have been read so was not, by its number.
    """

    def __init__(
        self,
        pdf: bytes,
        mode: OcrMode = "auto",
        password: str | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._pdf, self._mode, self._password, self._cache = pdf, mode, password, cache
        self._drawer: Drawer | None = None
        self.unread: dict[int, str] = {}

    def __enter__(self) -> Scans:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawer is not None:
            self._drawer.close()

    def reason(self, page: Page) -> str | None:
        """Why a page must be read from its picture (see `decide`), None where it need not."""
        return ASKED if self._mode == "always" else needs_ocr(page)

    def read(self, page: Page, reason: str) -> Page:
        """The page, read from its picture; where that fails it is marked and stays as it is.

        Raises:
            OcrNotInstalledError: All pages are to be read so, and the part that does it
                is not installed.
        """
        if self._mode == "never":
            return self.leave(page, NOT_WANTED)
        try:
            return better(page, self._recognise(page), reason)
        except OcrNotInstalledError as error:
            if self._mode == "always":
                raise
            return self.leave(page, str(error))
        except (PictureTooLargeError, BrokenPdfError) as error:
            return self.leave(page, f"{error.code}: {error}")

    def leave(self, page: Page, why: str) -> Page:
        """The page as it is, marked as not read."""
        self.unread[page.number] = why
        return replace(page, remarks=(*page.remarks, UNREAD))

    def _recognise(self, page: Page) -> Page:
        # Not at the top: what reads pictures may not be installed, and takes time to load.
        try:
            import cv2

            from rktdata.extract.ocr.engines import load_engines
            from rktdata.extract.ocr.recognise import recognise
            from rktdata.extract.ocr.render import Drawer
        except ImportError as error:
            raise OcrNotInstalledError(
                f"scanned pages are read by an optional part that is not installed ({error.name}); "
                'install it: pip install "rktdata[ocr]"'
            ) from error
        engines = load_engines()
        if self._drawer is None:
            self._drawer = Drawer(self._pdf, self._password)
        picture = self._drawer.draw(page.number)
        try:
            return recognise(page, picture, engines, self._cache)
        except cv2.error as error:
            raise BrokenPdfError(f"page {page.number}: its picture cannot be read") from error
