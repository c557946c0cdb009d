"""Crops of pages as small pictures, each window rendered once.

Print is black on white: sixteen greys, losslessly, are both smaller and sharper than a
photograph's compression. A scanned page is a photograph, and is stored as one.
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rktdata.schemas.values import Box

if TYPE_CHECKING:
    from PIL.Image import Image

    from rktdata.output.report.model import Crop

SCALE = 2.0  # pixels per point: 144 dpi
# From this many pictures on they are smaller, so that there is room for more of them.
MANY, SCALE_OF_MANY = 500, 1.3
GREYS = 16
# Of all pictures together; base64 makes a third more of it.
MAX_BYTES = 7_500_000
THREADS = 4
_PHOTO_QUALITY = 40
# Bytes per pixel above which a picture is no plain print.
_LARGE = 0.1

Window = tuple[str, int, Box]
Draw = Callable[[bytes, Sequence[Window], str | None, float], dict[Window, bytes]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered window; `data` is WebP."""

    id: str
    window: Window
    data: bytes


@dataclass(frozen=True, slots=True)
class Pictures:
    """What could be rendered.

    Attributes:
        by_window: The pictures, in the order asked for.
        gone: Documents whose PDF is not there, or cannot be drawn.
        left_out: Windows for which the file would have become too large.
    """

    by_window: dict[Window, Picture]
    gone: frozenset[str]
    left_out: int


def window_of(crop: Crop) -> Window:
    """What tells pictures apart."""
    return (crop.document_id, crop.page, crop.window)


def render_crops(
    crops: Iterable[Crop],
    read_pdf: Callable[[str], bytes | None],
    password: str | None = None,
    max_bytes: int = MAX_BYTES,
    draw: Draw | None = None,
) -> Pictures:
    """Render windows, the first ones first where not all of them find room.

    Args:
        crops: In order of weight.
        read_pdf: A document's bytes by its id, None when they are not to be had.
        password: For locked PDFs.
        max_bytes: Of all pictures together.
        draw: What draws a document's windows: `draw_windows` in a process of its own, for
            files that are not trusted; here if left out.
    """
    windows = list(dict.fromkeys(window_of(crop) for crop in crops))
    by_document: dict[str, list[Window]] = defaultdict(list)
    for window in windows:
        by_document[window[0]].append(window)
    scale = SCALE if len(windows) < MANY else SCALE_OF_MANY
    drawn: dict[Window, bytes] = {}
    gone: set[str] = set()
    for document_id, wanted in by_document.items():
        pdf = read_pdf(document_id)
        if pdf is None or hashlib.sha256(pdf).hexdigest()[:16] != document_id:
            gone.add(document_id)
            continue
        drawn |= (draw or draw_windows)(pdf, wanted, password, scale)
        if not any(window in drawn for window in wanted):
            gone.add(document_id)
    room = max_bytes
    kept: dict[Window, Picture] = {}
    left_out = 0
    for window in windows:
        data = drawn.get(window)
        if data is None:
            continue
        if len(data) > room:
            left_out += 1
            continue
        room -= len(data)
        kept[window] = Picture(f"p{len(kept) + 1}", window, data)
    return Pictures(kept, frozenset(gone), left_out)


def draw_windows(
    pdf: bytes, windows: Sequence[Window], password: str | None, scale: float
) -> dict[Window, bytes]:
    """Windows of one PDF; pages that the library cannot draw are left out."""
    import pypdfium2
    from PIL import WebPImagePlugin  # noqa: F401 (else Pillow loads all formats to find this)

    drawn: dict[Window, bytes] = {}
    try:
        document = pypdfium2.PdfDocument(pdf, password=password)
    except pypdfium2.PdfiumError:
        return drawn
    try:
        for number in sorted({page for _, page, _ in windows}):
            if not 1 <= number <= len(document):
                continue
            try:
                page = document[number - 1]
                image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
            except pypdfium2.PdfiumError:
                continue
            wanted = [window for window in windows if window[1] == number]
            pieces = [image.crop(_pixels(window[2], scale)) for window in wanted]
            # The encoder lets go of Python's lock, so threads are enough.
            with ThreadPoolExecutor(THREADS) as threads:
                drawn |= zip(wanted, threads.map(encode, pieces), strict=True)
    finally:
        document.close()
    return drawn


def _pixels(box: Box, scale: float) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = (round(edge * scale) for edge in box)
    return (x0, top, max(x1, x0 + 1), max(bottom, top + 1))


def encode(image: Image) -> bytes:
    """A grey picture as WebP, in whichever way is smaller."""
    step = 255 / (GREYS - 1)
    flat = image.point([round(round(level / step) * step) for level in range(256)])
    texts, photo = io.BytesIO(), io.BytesIO()
    flat.save(texts, format="WEBP", lossless=True, quality=70, method=0)
    if texts.tell() > _LARGE * image.width * image.height:
        image.save(photo, format="WEBP", quality=_PHOTO_QUALITY)
        if photo.tell() < texts.tell():
            return photo.getvalue()
    return texts.getvalue()
