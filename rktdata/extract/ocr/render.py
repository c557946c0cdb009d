"""A PDF's pages drawn as pictures: the only door to the library that draws them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from rktdata.extract.ocr.picture import DPI, PIXEL_LIMIT, Picture
from rktdata.schemas.errors import BrokenPdfError, PictureTooLargeError

# A picture inside a page may have this many pixels: decoded, three bytes each.
LARGEST = 120_000_000
# Forms nested deeper than this are hostile.
DEPTH = 5


class Drawer:
    """An open PDF whose pages can be drawn.

    Args:
        pdf: Its bytes; they open with this password or with none.
    """

    def __init__(self, pdf: bytes, password: str | None = None) -> None:
        try:
            self._document = pypdfium2.PdfDocument(pdf, password=password)
        except pypdfium2.PdfiumError:
            self._document = pypdfium2.PdfDocument(pdf)

    def close(self) -> None:
        """Give the library's memory back."""
        self._document.close()

    def draw(self, number: int) -> Picture:
        """A page as displayed, `number` from 1.

        Raises:
            PictureTooLargeError: It, or a picture in it, has too many pixels.
            BrokenPdfError: It cannot be drawn.
        """
        try:
            page = self._document[number - 1]
            largest = self._largest(page)
            if largest > LARGEST:
                raise PictureTooLargeError(
                    f"page {number} holds a picture of {largest / 1e6:.0f} million pixels; scan "
                    "it anew at 300 dpi"
                )
            width, height = page.get_size()
            per_pt = min(DPI / 72, (PIXEL_LIMIT / max(width * height, 1.0)) ** 0.5)
            drawn = page.render(scale=per_pt, rev_byteorder=True, fill_color=(255, 255, 255, 255))
            pixels = np.array(drawn.to_numpy()[..., :3], copy=True)
        except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
            raise BrokenPdfError(f"page {number} cannot be drawn to be read by OCR") from error
        # The exact scale: pdfium rounds the picture's size up to whole pixels.
        return Picture(pixels, pixels.shape[1] / max(width, 1.0))

    def _largest(self, page: Any) -> int:
        """Pixels of the largest picture of a page."""
        largest = 0
        kinds = [pdfium.FPDF_PAGEOBJ_IMAGE]
        for item in page.get_objects(filter=kinds, max_depth=DEPTH):
            width, height = item.get_px_size()
            largest = max(largest, width * height)
        return largest
