"""Glyphs and strokes from pdfium, by its C interface.

Every call into the library costs about half a microsecond, so what holds for a whole
text object (font, size, render mode, clipping, matrix) is asked once per object, and
only code, box, origin and object once per glyph.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from rktdata.extract.raw import RawPage
from rktdata.schemas.errors import BrokenPdfError, LockedPdfError
from rktdata.schemas.values import Glyphs, Rules

# A filled box this thin is a drawn line (points): Excel draws walls as 0.5 pt boxes,
# Word and LibreOffice up to 2.25 pt.
THIN_PT = 3.2
# A stroke may lean this much over its length and still be a straight rule (points).
LEAN_PT = 1.0
# Forms nested deeper than this are hostile or broken.
FORM_DEPTH = 12
# Beyond this many path points a page is a drawing (a map), not a table.
POINT_LIMIT = 400_000

type_text, type_path, type_image, type_form = (
    pdfium.FPDF_PAGEOBJ_TEXT,
    pdfium.FPDF_PAGEOBJ_PATH,
    pdfium.FPDF_PAGEOBJ_IMAGE,
    pdfium.FPDF_PAGEOBJ_FORM,
)
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PdfiumReader:
    """An open PDF, read with pdfium."""

    def __init__(self, pdf: bytes, password: str | None = None) -> None:
        try:
            self._document = pypdfium2.PdfDocument(pdf, password=password)
            self._pages = len(self._document)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                what = "is wrong" if password else "is needed"
                raise LockedPdfError(
                    f"the PDF is locked and a password {what}; give it with --password, or unlock it"
                ) from error
            raise BrokenPdfError(
                "the PDF is damaged and cannot be opened; ask for a new copy, or repair it"
            ) from error

    def __len__(self) -> int:
        return self._pages

    def close(self) -> None:
        """Give the library's memory back."""
        self._document.close()

    def read(self, index: int) -> RawPage:
        """One page, `index` from 0.

        Raises:
            BrokenPdfError: pdfium cannot load the page.
        """
        try:
            page = self._document[index]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise BrokenPdfError(f"page {index + 1} is damaged and cannot be read") from error
        try:
            left, bottom, right, top = _page_box(page)
            content = _Content((left, bottom))
            content.walk(page)
            glyphs, origin_x, origin_y, invisible, clips = content.glyphs(text_page)
            return RawPage(
                size=(right - left, top - bottom),
                rotation=pdfium.FPDFPage_GetRotation(page) % 4,
                glyphs=glyphs,
                origin_x=origin_x,
                origin_y=origin_y,
                invisible=invisible,
                rules=content.rules(),
                images=np.array(content.images, dtype=np.float64).reshape(-1, 4),
                clips=clips,
                remarks=tuple(content.remarks),
            )
        finally:
            text_page.close()
            page.close()


def _page_box(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """The crop box within the media box, (left, bottom, right, top); A4 where neither is sane."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right - left < 1 or top - bottom < 1:
        left, bottom, right, top = media
    if right - left < 1 or top - bottom < 1:
        return (0.0, 0.0, 595.0, 842.0)
    return (left, bottom, right, top)


@dataclass(slots=True)
class _TextObject:
    """What holds for all glyphs of one text object."""

    size: float
    bold: bool
    invisible: bool
    turn: int
    clip: int


@dataclass(slots=True)
class _Content:
    """Collects one page's content; coordinates less the crop box's corner."""

    corner: tuple[float, float]
    horizontal: list[tuple[float, float, float, float]] = field(default_factory=list)
    vertical: list[tuple[float, float, float, float]] = field(default_factory=list)
    fills: list[tuple[float, float, float, float]] = field(default_factory=list)
    images: list[tuple[float, float, float, float]] = field(default_factory=list)
    clips: list[tuple[float, float, float, float]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    in_forms: dict[int, Matrix] = field(default_factory=dict)
    points: int = 0
    fonts: dict[int, bool] = field(default_factory=dict)

    def walk(self, page: pypdfium2.PdfPage) -> None:
        """Every path and picture of the page, those inside forms too."""
        for i in range(pdfium.FPDFPage_CountObjects(page)):
            self._visit(pdfium.FPDFPage_GetObject(page, i), _IDENTITY, 0)

    def _visit(self, item: object, outer: Matrix, depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == type_path:
            self._path(item, outer)
        elif kind == type_image:
            box = self._bounds(item, outer)
            if box:
                self.images.append(box)
        elif kind == type_text and depth:
            self.in_forms[ctypes.addressof(item.contents)] = outer  # type: ignore[attr-defined]
        elif kind == type_form and depth < FORM_DEPTH:
            inner = _compose(_matrix(item), outer)
            for i in range(pdfium.FPDFFormObj_CountObjects(item)):
                self._visit(pdfium.FPDFFormObj_GetObject(item, i), inner, depth + 1)

    def _bounds(self, item: object, outer: Matrix) -> tuple[float, float, float, float] | None:
        values = [ctypes.c_float() for _ in range(4)]
        if not pdfium.FPDFPageObj_GetBounds(item, *values):
            return None
        x0, y0, x1, y1 = (v.value for v in values)
        corners = [self._place(outer, x, y) for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return (min(xs), min(ys), max(xs), max(ys))

    def _place(self, m: Matrix, x: float, y: float) -> tuple[float, float]:
        return (
            m[0] * x + m[2] * y + m[4] - self.corner[0],
            m[1] * x + m[3] * y + m[5] - self.corner[1],
        )

    def _path(self, item: object, outer: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke):
            return
        if not fill.value and not stroke.value:
            return
        count = pdfium.FPDFPath_CountSegments(item)
        self.points += count
        if self.points > POINT_LIMIT:
            if "terlalu-banyak-garis" not in self.remarks:
                self.remarks.append("terlalu-banyak-garis")
            return
        matrix = _compose(_matrix(item), outer)
        width = ctypes.c_float()
        pdfium.FPDFPageObj_GetStrokeWidth(item, width)
        scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) or 1.0
        thickness = min(width.value * scale, THIN_PT)
        for points, closed in _subpaths(item, count):
            placed = [self._place(matrix, x, y) for x, y in points]
            if fill.value and len(placed) >= 3:
                self._filled(placed, bool(stroke.value))
            if stroke.value:
                if closed and placed[0] != placed[-1]:
                    placed.append(placed[0])
                for (xa, ya), (xb, yb) in zip(placed, placed[1:], strict=False):
                    self._stroke(xa, ya, xb, yb, thickness)

    def _stroke(self, xa: float, ya: float, xb: float, yb: float, thickness: float) -> None:
        dx, dy = abs(xa - xb), abs(ya - yb)
        if dy <= LEAN_PT and dx > dy:
            self.horizontal.append((min(xa, xb), max(xa, xb), (ya + yb) / 2, thickness))
        elif dx <= LEAN_PT and dy > dx:
            self.vertical.append((min(ya, yb), max(ya, yb), (xa + xb) / 2, thickness))

    def _filled(self, placed: list[tuple[float, float]], stroked: bool) -> None:
        """A filled area: a thin one is a line, any other a shading."""
        xs, ys = [p[0] for p in placed], [p[1] for p in placed]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        width, height = x1 - x0, y1 - y0
        if height <= THIN_PT and width > height:
            self.horizontal.append((x0, x1, (y0 + y1) / 2, height))
        elif width <= THIN_PT and height > width:
            self.vertical.append((y0, y1, (x0 + x1) / 2, width))
        elif width > THIN_PT and not stroked and len(placed) <= 6:
            self.fills.append((x0, y0, x1, y1))

    def rules(self) -> Rules:
        """The collected strokes, y up."""
        return Rules(
            horizontal=np.array(self.horizontal, dtype=np.float64).reshape(-1, 4),
            vertical=np.array(self.vertical, dtype=np.float64).reshape(-1, 4),
            fills=np.array(self.fills, dtype=np.float64).reshape(-1, 4),
        )

    def glyphs(
        self, text_page: pypdfium2.PdfTextpage
    ) -> tuple[Glyphs, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Every glyph that the page's content draws, in content order."""
        handle = text_page.raw
        rect, rect_ref = _with_reference(pdfium.FS_RECTF())
        x, x_ref = _with_reference(ctypes.c_double())
        y, y_ref = _with_reference(ctypes.c_double())
        code_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
        origin_of, object_of = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetTextObject
        is_generated = pdfium.FPDFText_IsGenerated
        left, low = self.corner
        texts: list[str] = []
        numbers: list[tuple[float, float, float, float, float, float]] = []
        objects: list[_TextObject] = []
        known: dict[int, _TextObject] = {}
        address, current = 0, None
        unmapped = 0
        for i in range(pdfium.FPDFText_CountChars(handle)):
            code = code_of(handle, i)
            if code in _BREAKS and is_generated(handle, i):
                continue
            item = object_of(handle, i)
            if item:
                here = ctypes.addressof(item.contents)
                if here != address or current is None:
                    address = here
                    current = known.get(here)
                    if current is None:
                        current = known[here] = self._text_object(item, here)
            elif current is None:
                continue
            box_of(handle, i, rect_ref)
            origin_of(handle, i, x_ref, y_ref)
            if code == 0:
                unmapped += 1
                code = 0xFFFD
            texts.append(chr(code) if code < 0x110000 else "\ufffd")
            numbers.append(
                (rect.left, rect.bottom, rect.right, rect.top, x.value, y.value)
            )
            objects.append(current)
        if unmapped:
            self.remarks.append("tanpa-unicode")
        table = np.array(numbers, dtype=np.float64).reshape(-1, 6)
        glyphs = Glyphs(
            text=np.array(texts, dtype=np.str_),
            x0=table[:, 0] - left,
            top=np.maximum(table[:, 3], table[:, 1]) - low,
            x1=table[:, 2] - left,
            bottom=np.minimum(table[:, 3], table[:, 1]) - low,
            baseline=table[:, 5] - low,
            size=np.array([o.size for o in objects], dtype=np.float64),
            bold=np.array([o.bold for o in objects], dtype=np.bool_),
            clip=np.array([o.clip for o in objects], dtype=np.int64),
            turn=np.array([o.turn for o in objects], dtype=np.int64),
        )
        invisible = np.array([o.invisible for o in objects], dtype=np.bool_)
        clips = np.array(self.clips, dtype=np.float64).reshape(-1, 4)
        return glyphs, table[:, 4] - left, table[:, 5] - low, invisible, clips

    def _text_object(self, item: object, address: int) -> _TextObject:
        outer = self.in_forms.get(address, _IDENTITY)
        a, b, c, d, _, _ = _compose(_matrix(item), outer)
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(item, size)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        # Quarter turns clockwise of the direction in which the text runs.
        turn = round(-math.atan2(b, a) / (math.pi / 2)) % 4
        return _TextObject(
            size=abs(size.value) * math.hypot(c, d) or abs(size.value),
            bold=self._is_bold(pdfium.FPDFTextObj_GetFont(item)),
            invisible=mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP),
            turn=turn,
            clip=-1 if address in self.in_forms else self._clip(item),
        )

    def _is_bold(self, font: object) -> bool:
        if not font:
            return False
        address = ctypes.addressof(font.contents)  # type: ignore[attr-defined]
        bold = self.fonts.get(address)
        if bold is None:
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, 128)
            plain = name.value.decode("latin-1").lower()
            bold = "bold" in plain or "black" in plain or "heavy" in plain
            bold = bold or pdfium.FPDFFont_GetWeight(font) >= 600
            self.fonts[address] = bold
        return bold

    def _clip(self, item: object) -> int:
        """Index of the box that the text object is clipped to, -1 for none."""
        clip = pdfium.FPDFPageObj_GetClipPath(item)
        count = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
        if count <= 0:
            return -1
        box = [-1e9, -1e9, 1e9, 1e9]
        fx, fy = ctypes.c_float(), ctypes.c_float()
        for path in range(min(count, 8)):
            xs, ys = [], []
            for i in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 16)):
                segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, i)
                if pdfium.FPDFPathSegment_GetPoint(segment, fx, fy):
                    xs.append(fx.value - self.corner[0])
                    ys.append(fy.value - self.corner[1])
            if xs:
                box[0], box[1] = max(box[0], min(xs)), max(box[1], min(ys))
                box[2], box[3] = min(box[2], max(xs)), min(box[3], max(ys))
        if box[2] - box[0] > 1e8:
            return -1
        self.clips.append((box[0], box[1], box[2], box[3]))
        return len(self.clips) - 1


# Spaces and line breaks that pdfium adds between glyphs; none is in the content.
_BREAKS = frozenset((0x20, 0x0D, 0x0A, 0x09))


def _with_reference(value: ctypes._CData) -> tuple[object, object]:  # type: ignore[name-defined]
    return value, ctypes.byref(value)  # type: ignore[arg-type]


def _matrix(item: object) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _compose(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    if outer is _IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _subpaths(item: object, count: int) -> list[tuple[list[tuple[float, float]], bool]]:
    """A path's straight subpaths: points in path space, and whether each is closed."""
    fx, fy = ctypes.c_float(), ctypes.c_float()
    subpaths: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    closed = False
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        pdfium.FPDFPathSegment_GetPoint(segment, fx, fy)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                subpaths.append((points, closed))
            points, closed = [(fx.value, fy.value)], False
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            points.append((fx.value, fy.value))
        else:  # a curve is no rule: break the path there
            if len(points) > 1:
                subpaths.append((points, closed))
            points, closed = [(fx.value, fy.value)], False
        if pdfium.FPDFPathSegment_GetClose(segment):
            closed = True
    if len(points) > 1:
        subpaths.append((points, closed))
    return subpaths
