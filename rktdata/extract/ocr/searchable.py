"""A copy of a PDF whose scanned pages carry their recognised text as an invisible layer.

The picture stays as it is; each word is set, invisible, where its ink stands: along the
line's own slope on a page that lay askew, and down the page on one that lies on its side.

Rules followed: ISO 32000-1, 9.3.6 (text render mode 3 draws nothing), 9.4.2 (text matrix).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rktdata.extract.ocr.decide import USED_LAYER
from rktdata.extract.words import make_lines
from rktdata.schemas.errors import OcrNotInstalledError
from rktdata.schemas.values import Page, Word

FONT = "/RktOcr"
# Helvetica's usual width of a character (font sizes); each word is stretched to its own.
CHARACTER_EM = 0.5


def searchable(pdf: bytes, pages: Iterable[Page], password: str | None = None) -> bytes:
    """The PDF with a text layer on each of the pages that was read by OCR.

    Args:
        pdf: The file.
        pages: As read; those that were not recognised are left as they are.
        password: Of the PDF; the copy has none.

    Raises:
        OcrNotInstalledError: `pikepdf` is not installed.
    """
    try:
        import pikepdf
    except ImportError as error:
        raise OcrNotInstalledError(
            'a searchable copy needs pikepdf; install it: pip install "rktdata[ocr]"'
        ) from error
    with pikepdf.open(io.BytesIO(pdf), password=password or "") as document:
        font = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        for page in pages:
            if page.reader == "ocr" and USED_LAYER not in page.remarks:
                sheet = document.pages[page.number - 1]
                _without_old_layer(sheet, pikepdf)
                sheet.add_resource(font, pikepdf.Name.Font, pikepdf.Name(FONT))
                sheet.contents_add(b"q\n", prepend=True)
                sheet.contents_add(b"\nQ\n" + _layer(page, sheet))
        with io.BytesIO() as file:
            document.save(file, deterministic_id=True)
            return file.getvalue()


def _without_old_layer(sheet: Any, pikepdf: Any) -> None:
    """Take out the page's own invisible text, which would be found beside ours."""
    mode, kept, dropped = 0, [], False
    modes: list[int] = []
    for operands, operator in pikepdf.parse_content_stream(sheet):
        name = str(operator)
        if name == "Tr":
            mode = int(operands[0])
        elif name == "q":
            modes.append(mode)
        elif name == "Q" and modes:
            mode = modes.pop()
        if name in ("Tj", "TJ", "'", '"') and mode == 3:
            dropped = True
        else:
            kept.append((operands, operator))
    if dropped:
        sheet.contents_coalesce()
        sheet.obj.Contents.write(pikepdf.unparse_content_stream(kept))


def _layer(page: Page, sheet: Any) -> bytes:
    """The content that sets the page's words, in PDF user space."""
    group = np.zeros(len(page.glyphs), dtype=np.int64)
    lines = make_lines(page.glyphs, group, page.number).get(0, [])
    box = [float(v) for v in sheet.cropbox]
    left, bottom = min(box[0], box[2]), min(box[1], box[3])
    size = (abs(box[2] - box[0]), abs(box[3] - box[1]))
    rotation = int(sheet.obj.get("/Rotate", _inherited_rotation(sheet))) // 90 % 4
    parts = ["BT 3 Tr"]
    for line in lines:
        for word in line.words:
            start, end = (
                _in_user_space(page, x, word.baseline, size, rotation)
                for x in (word.box[0], word.box[2])
            )
            parts.append(_set(word, start, end, (left, bottom)))
    parts.append("ET")
    return "\n".join(parts).encode("ascii")


def _inherited_rotation(sheet: Any) -> int:
    node = sheet.obj.get("/Parent")
    while node is not None:
        if "/Rotate" in node:
            return int(node["/Rotate"])
        node = node.get("/Parent")
    return 0


def _set(
    word: Word,
    start: tuple[float, float],
    end: tuple[float, float],
    corner: tuple[float, float],
) -> str:
    """One word from start to end, with a space behind it."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    cos, sin = ((end[0] - start[0]) / length, (end[1] - start[1]) / length) if length else (1, 0)
    text = word.text.encode("cp1252", errors="replace")
    stretch = 100 * length / max(CHARACTER_EM * word.size * len(text), 0.1)
    x, y = start[0] + corner[0], start[1] + corner[1]
    return (
        f"{FONT} {word.size:.1f} Tf {stretch:.1f} Tz "
        f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {x:.2f} {y:.2f} Tm <{text.hex()}20> Tj"
    )


def _in_user_space(
    page: Page, x: float, y: float, size: Sequence[float], rotation: int
) -> tuple[float, float]:
    """A place on the page as read, in PDF user space less the crop box's corner."""
    if page.bend is not None:
        a, b, c, d, e, f = page.bend
        x, y = a * x + c * y + e, b * x + d * y + f
    wide, high = (size[1], size[0]) if rotation % 2 else (size[0], size[1])
    x, y = _turned_back(x, y, page.turn, wide, high)
    x, y = _turned_back(x, y, rotation, size[0], size[1])
    return x, size[1] - y


def _turned_back(x: float, y: float, turn: int, width: float, height: float) -> tuple[float, float]:
    """A place on a page turned clockwise, on the page before; width and height are its."""
    if turn == 1:
        return y, height - x
    if turn == 2:
        return width - x, height - y
    if turn == 3:
        return width - y, x
    return x, y
