"""Drawn pages for the tests: a table as a scanner gives it, and a replay of the engines."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray

from rktdata.extract.ocr.engines import Reading
from rktdata.extract.ocr.picture import Picture
from rktdata.extract.strokes import no_rules
from rktdata.schemas.values import Glyphs, Page

PER_PT = 200 / 72
ROWS = [
    ["No", "Indikator", "Target"],
    ["1", "Jumlah dokumen", "12"],
    ["2", "Persentase data", "75"],
]
WIDTHS = [60, 260, 120]
HIGH = 40


class Replay:
    """Engines that give recorded answers, in the order of the lines."""

    version = "replay"

    def __init__(self, answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.calls = 0

    def glance(self, crops: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        return [_reading("tegak", crop) for crop in crops]

    def read(
        self, crops: Sequence[NDArray[np.uint8]], glanced: Mapping[int, Reading] | None = None
    ) -> list[tuple[Reading, Reading]]:
        self.calls += 1
        assert len(crops) == len(self.answers), "the picture's lines are not those recorded"
        pairs = zip(self.answers, crops, strict=True)
        return [(_reading(text, crop), _reading(text, crop)) for text, crop in pairs]


class Anything(Replay):
    """Engines that read the same word in every line."""

    def __init__(self) -> None:
        super().__init__([])

    def read(
        self, crops: Sequence[NDArray[np.uint8]], glanced: Mapping[int, Reading] | None = None
    ) -> list[tuple[Reading, Reading]]:
        return [(_reading("kata", crop), _reading("kata", crop)) for crop in crops]


def _reading(text: str, crop: NDArray[np.uint8]) -> Reading:
    plain = text.replace(" ", "")
    spaced = tuple(i > 0 and text[i - 1] == " " for i, c in enumerate(text) if c != " ")
    step = crop.shape[1] / max(len(text), 1)
    places = tuple((i + 0.5) * step for i, c in enumerate(text) if c != " ")
    return Reading(plain, spaced, (1.0,) * len(plain), places)


def table() -> NDArray[np.uint8]:
    """ROWS as a ruled table on the upper part of an A4 page at 200 dpi, black on white."""
    paper = np.full((900, 1654, 3), 255, dtype=np.uint8)
    y = 300
    for row in ROWS:
        x = 200
        for text, width in zip(row, WIDTHS, strict=True):
            right, bottom = x + round(width * PER_PT), y + round(HIGH * PER_PT)
            cv2.rectangle(paper, (x, y), (right, bottom), (0, 0, 0), 2)
            at = (x + 20, y + 65)
            cv2.putText(paper, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0, 0, 0), 3, cv2.LINE_AA)
            x = right
        y += round(HIGH * PER_PT)
    return paper


def picture(pixels: NDArray[np.uint8]) -> Picture:
    return Picture(np.ascontiguousarray(pixels), PER_PT)


def empty_page(width: float = 595.0, height: float = 324.0) -> Page:
    none = np.zeros(0)
    flags, numbers = np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)
    glyphs = Glyphs(
        np.array([], dtype="<U1"), none, none, none, none, none, none, flags, numbers, numbers
    )
    return Page(
        number=1,
        width=width,
        height=height,
        turn=0,
        glyphs=glyphs,
        rules=no_rules(),
        images=((0.0, 0.0, width, height),),
        clips=np.zeros((0, 4)),
        set_aside={},
        found=0,
        reader="pdfium",
    )


def scan(pixels: np.ndarray | None = None, side: int = 0, rotate: int = 0) -> bytes:
    """A page-wide picture: the pixels given, or a white square of `side` pixels, one bit each."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 324))
        if pixels is None:
            data, size, colours, bits = (
                zlib.compress(b"\xff" * (side // 8) * side),
                (side,) * 2,
                1,
                1,
            )
        else:
            height, width = pixels.shape[:2]
            data, size, colours, bits = zlib.compress(pixels.tobytes()), (width, height), 3, 8
        image = pikepdf.Stream(
            pdf,
            data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=size[0],
            Height=size[1],
            BitsPerComponent=bits,
            ColorSpace=pikepdf.Name.DeviceGray if colours == 1 else pikepdf.Name.DeviceRGB,
            Filter=pikepdf.Name.FlateDecode,
        )
        name = page.add_resource(image, pikepdf.Name.XObject)
        page.contents_add(f"595 0 0 324 0 0 cm {name} Do".encode())
        page.Rotate = rotate
        with io.BytesIO() as file:
            pdf.save(file)
            return file.getvalue()
