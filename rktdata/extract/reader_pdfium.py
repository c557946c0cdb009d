"""Glyphs and strokes from pdfium, by its C interface.

pdfium has the page's text and paths ready in a few milliseconds; what costs is asking
for them, so each question is put once for all glyphs, objects or paths of a page
(`pdfium_calls`). What holds for a whole text object (font, size, render mode, clipping,
matrix, and for straight text the baseline) is asked once per object, and only box and
object once per glyph.

pdfium leaves out glyphs drawn a second time over themselves (fake bold) on its own, and
writes a ligature out as several characters with one box; here they are one glyph again.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from rktdata.extract.pdfium_calls import Call
from rktdata.extract.pdfium_points import read_points
from rktdata.extract.raw import RawPage
from rktdata.extract.strokes import POINT_LIMIT, THIN_PT, Paths, find_rules, no_rules
from rktdata.schemas.errors import BrokenPdfError, EmptyFileError, LockedPdfError
from rktdata.schemas.values import Bools, Box, Floats, Glyphs, Ints, Rules

# Forms nested deeper than this are hostile or broken.
FORM_DEPTH = 12
# A clipping path with more corners than this is a drawing; it is taken for no clip.
CLIP_POINTS = 400
# Ink may reach this far over a glyph's advance in its own font (font sizes).
OVERHANG_EM = 0.05
# A4, for a page whose boxes make no sense.
A4: Box = (0.0, 0.0, 595.0, 842.0)

_TEXT, _PATH = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH
_IMAGE, _FORM = pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM
_INVISIBLE, _CLIPPING = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP
# Spaces and line breaks are added by pdfium between glyphs; by code point up to a space's.
_IS_BREAK = np.zeros(0x21, dtype=np.bool_)
_IS_BREAK[[0x09, 0x0A, 0x0D, 0x20]] = True
# In whole-page text pdfium writes this where a character needs a closer look.
_HYPHEN_MARK = 0xFFFE
_SHORTS = ctypes.POINTER(ctypes.c_ushort)
_IDENTITY = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
_NOWHERE: Box = (-1e9, -1e9, 1e9, 1e9)


_unicode = Call(pdfium.FPDFText_GetUnicode)
_is_generated = Call(pdfium.FPDFText_IsGenerated)
_text_object = Call(pdfium.FPDFText_GetTextObject, is_address=True)
_loose_box = Call(pdfium.FPDFText_GetLooseCharBox)
_origin = Call(pdfium.FPDFText_GetCharOrigin)
_font_size = Call(pdfium.FPDFTextObj_GetFontSize)
_render_mode = Call(pdfium.FPDFTextObj_GetTextRenderMode)
_font = Call(pdfium.FPDFTextObj_GetFont, is_address=True)
_page_object = Call(pdfium.FPDFPage_GetObject, is_address=True)
_form_object = Call(pdfium.FPDFFormObj_GetObject, is_address=True)
_kind = Call(pdfium.FPDFPageObj_GetType)
_matrix = Call(pdfium.FPDFPageObj_GetMatrix)
_stroke_width = Call(pdfium.FPDFPageObj_GetStrokeWidth)
_draw_mode = Call(pdfium.FPDFPath_GetDrawMode)
_count_points = Call(pdfium.FPDFPath_CountSegments)
_path_point = Call(pdfium.FPDFPath_GetPathSegment, is_address=True)
_clip_path = Call(pdfium.FPDFPageObj_GetClipPath, is_address=True)
_count_clips = Call(pdfium.FPDFClipPath_CountPaths)
_count_clip_points = Call(pdfium.FPDFClipPath_CountPathSegments)
_clip_point = Call(pdfium.FPDFClipPath_GetPathSegment, is_address=True)


class PdfiumReader:
    """An open PDF, read with pdfium."""

    def __init__(self, pdf: bytes, password: str | None = None) -> None:
        self._document = _open(pdf, password)
        self._pages = len(self._document)

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
            content.walk(_address(page.raw))
            glyphs, invisible = content.glyphs(_address(text_page.raw))
            return RawPage(
                size=(right - left, top - bottom),
                rotation=pdfium.FPDFPage_GetRotation(page) % 4,
                glyphs=glyphs,
                invisible=invisible,
                rules=content.rules(),
                images=np.array(content.images, dtype=np.float64).reshape(-1, 4),
                clips=np.array(content.clips, dtype=np.float64).reshape(-1, 4),
                remarks=tuple(content.remarks),
            )
        finally:
            text_page.close()
            page.close()


def _open(pdf: bytes, password: str | None) -> pypdfium2.PdfDocument:
    """Open a PDF with the password, else with the empty one, which many are locked with."""
    try:
        return pypdfium2.PdfDocument(pdf, password=password)
    except pypdfium2.PdfiumError as error:
        if _is_locked(pdf, password):
            if password:
                with suppress(pypdfium2.PdfiumError):  # the password is for other files
                    return pypdfium2.PdfDocument(pdf)
            what = "is wrong" if password else "is needed"
            raise LockedPdfError(
                f"the PDF is locked and a password {what}; give it with --password, or unlock it"
            ) from error
        if _has_no_pages(pdf):
            raise EmptyFileError("the PDF has no pages; ask for a new copy") from error
        raise BrokenPdfError(
            "the PDF is damaged and cannot be opened; ask for a new copy, or repair it"
        ) from error


def _is_locked(pdf: bytes, password: str | None) -> bool:
    """Whether a PDF that does not open lacks the right password.

    pdfium says nothing new where a file is whole but has no pages; then its last error
    is that of an earlier file. So it is asked again, after an error that is no lock.
    """
    with suppress(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(b"%PDF-")
    try:
        pypdfium2.PdfDocument(pdf, password=password).close()
    except pypdfium2.PdfiumError:
        return pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
    return False


def _has_no_pages(pdf: bytes) -> bool:
    """Whether a PDF that pdfium refuses is whole, and says that it has no pages.

    pdfium's error for an empty page tree is that for a damaged file.
    """
    return re.search(rb"/Count\s+0\b", pdf) is not None and b"%%EOF" in pdf[-1024:]


def _address(structure: Any) -> int:
    return ctypes.addressof(structure.contents)


def _page_box(page: pypdfium2.PdfPage) -> Box:
    """The crop box within the media box, inherited ones too; A4 where neither is sane."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, rect):
        return A4
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    if right - left < 1 or top - bottom < 1:
        left, bottom, right, top = page.get_mediabox()
    return A4 if right - left < 1 or top - bottom < 1 else (left, bottom, right, top)


@dataclass(slots=True)
class _Content:
    """Collects one page's content; coordinates less the crop box's corner.

    `outers` and `frames` are the matrix and the clipping box of the page itself (0) and
    of each form on it; `owners` says in which of them each of `paths` stands.
    """

    corner: tuple[float, float]
    images: list[Box] = field(default_factory=list)
    clips: list[Box] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    outers: list[Floats] = field(default_factory=lambda: [_IDENTITY])
    frames: list[Box] = field(default_factory=lambda: [_NOWHERE])
    paths: list[Ints] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    in_forms: dict[int, int] = field(default_factory=dict)

    def walk(self, page: int) -> None:
        """Note every path and picture of the page, those inside forms too."""
        count = pdfium.FPDFPage_CountObjects(ctypes.cast(page, pdfium.FPDF_PAGE))
        self._visit(_page_object.answers(page, np.arange(count)), 0, 0)

    def _visit(self, items: Ints, owner: int, depth: int) -> None:
        """Note some objects, each form's own content where the form stands."""
        kinds = _kind.answers(items)
        start = 0
        for end in (*np.flatnonzero(kinds == _FORM).tolist(), len(items)):
            self.paths.append(items[start:end][kinds[start:end] == _PATH])
            self.owners.append(owner)
            if end < len(items) and depth < FORM_DEPTH:
                self._enter(int(items[end]), owner, depth)
            start = end
        for item in items[kinds == _IMAGE].tolist():
            self._image(item, owner)
        if owner:
            self.in_forms.update((item, owner) for item in items[kinds == _TEXT].tolist())

    def _enter(self, form: int, owner: int, depth: int) -> None:
        """Note a form's content."""
        count = pdfium.FPDFFormObj_CountObjects(ctypes.cast(form, pdfium.FPDF_PAGEOBJECT))
        alone = np.array([form])
        [matrix] = _matrices(alone)
        self.outers.append(_compose(matrix, self.outers[owner]))
        [frame] = self._clip_boxes(alone, np.array([owner])).tolist()
        self.frames.append(tuple(frame))
        inside = _form_object.answers(form, np.arange(max(count, 0)))
        self._visit(inside, len(self.outers) - 1, depth + 1)

    def _image(self, item: int, owner: int) -> None:
        edges = [ctypes.c_float() for _ in range(4)]
        if pdfium.FPDFPageObj_GetBounds(ctypes.cast(item, pdfium.FPDF_PAGEOBJECT), *edges):
            x0, y0, x1, y1 = (edge.value for edge in edges)
            self.images.append(self._box(owner, [(x0, y0), (x1, y0), (x0, y1), (x1, y1)]))

    def _box(self, owner: int, points: Sequence[tuple[float, float]]) -> Box:
        """The box round points of the page or a form."""
        a, b, c, d, e, f = self.outers[owner].tolist()
        xs = [a * x + c * y + e - self.corner[0] for x, y in points]
        ys = [b * x + d * y + f - self.corner[1] for x, y in points]
        return (min(xs), min(ys), max(xs), max(ys))

    def _placed(self, matrices: Floats, owners: Ints) -> Floats:
        """Matrices of objects composed with those of the forms that they stand in."""
        if owners.any():
            return _compose(matrices, np.array(self.outers)[owners])
        return matrices

    def rules(self) -> Rules:
        """The straight strokes of the paths, y up."""
        paths = np.concatenate(self.paths)
        owners = np.repeat(self.owners, list(map(len, self.paths)))
        modes = _draw_mode.fill(np.int32, 2, paths, pointers=2)
        count = _count_points.answers(paths)
        painted = (modes != 0).any(axis=1) & (count > 0)
        over = np.cumsum(np.where(painted, count, 0)) > POINT_LIMIT
        if over.any():
            self.remarks.append("terlalu-banyak-garis")
            painted &= ~over
        if not painted.any():
            return no_rules()
        placed = self._placed(_matrices(paths[painted]), owners[painted])
        filled, stroked = (modes[painted] != 0).T
        return find_rules(self._points(paths[painted], count[painted], placed, filled, stroked))

    def _points(
        self, paths: Ints, count: Ints, matrix: Floats, filled: Bools, stroked: Bools
    ) -> Paths:
        """The points of painted paths, with what holds for each path."""
        points = read_points(_path_point, count, paths)
        path = np.repeat(np.arange(len(paths)), count)
        begins = points.kind != pdfium.FPDF_SEGMENT_LINETO
        begins[np.cumsum(count) - count] = True
        # A subpath is closed at its last point.
        ends = np.append(begins[1:], True) & ~begins & stroked[path]
        x, y = self._placed_points(points.x, points.y, matrix[path])
        width = np.zeros(len(paths))
        width[stroked] = _stroke_width.fill(np.float32, 1, paths[stroked])[:, 0]
        scale = np.sqrt(np.abs(matrix[:, 0] * matrix[:, 3] - matrix[:, 1] * matrix[:, 2]))
        return Paths(
            x=x,
            y=y,
            path=path,
            begins=begins,
            closes=points.closes & ends,
            filled=filled,
            stroked=stroked,
            thickness=np.minimum(width * np.where(scale == 0, 1.0, scale), THIN_PT),
        )

    def glyphs(self, text_page: int) -> tuple[Glyphs, Bools]:
        """Every glyph that the page's content draws, in content order, and which are unseen."""
        codes = _codes(text_page)
        index, address = _owned(text_page, codes)
        codes = codes[index]
        if not codes.all():
            self.remarks.append("tanpa-unicode")
        codes[(codes == 0) | (codes > 0x10FFFF)] = 0xFFFD
        # left, top, right, bottom
        boxes = _loose_box.fill(np.float32, 4, text_page, index)
        first, item = _ranks(address)
        text = self._text(address[first])
        baseline = self._baselines(text_page, index, item, text)
        left, low = self.corner
        right = self._true_right(boxes, codes, item, text)
        glyphs = Glyphs(
            text=codes.astype(np.uint32).view(np.dtype("U1")),
            x0=boxes[:, 0] - left,
            top=np.maximum(boxes[:, 1], boxes[:, 3]) - low,
            x1=right - left,
            bottom=np.minimum(boxes[:, 1], boxes[:, 3]) - low,
            baseline=baseline,
            size=text.size[item],
            bold=text.bold[item],
            clip=text.clip[item],
            turn=text.turn[item],
        )
        return _whole_ligatures(glyphs, index, item, text.invisible[item])

    def _true_right(self, boxes: Floats, codes: Ints, item: Ints, text: _TextObjects) -> Floats:
        """Where each glyph ends.

        pdfium widens a glyph's box to the ink of the font that it puts in for one the
        file lacks; that font can be broader, and the gaps between words close.
        """
        right: Floats = boxes[:, 2]
        chosen = np.nonzero(((text.font >= 0) & (text.turn == 0))[item])[0]
        if len(chosen) == 0:
            return right
        pairs, which = np.unique(
            (text.font[item[chosen]] << 32) | codes[chosen], return_inverse=True
        )
        fonts = [ctypes.cast(font, pdfium.FPDF_FONT) for font in text.replaced]
        width = ctypes.c_float()
        em = []
        for pair in pairs.tolist():
            width.value = 0.0
            pdfium.FPDFFont_GetGlyphWidth(fonts[pair >> 32], pair & 0xFFFFFFFF, 1.0, width)
            em.append(width.value)
        advance = np.array(em)[which] * text.wide[item[chosen]]
        box = right[chosen] - boxes[chosen, 0]
        narrower = (advance < box - OVERHANG_EM * text.wide[item[chosen]]) & (advance > box / 2)
        # Rounded as pdfium rounds a box that it leaves as it is: whether it widens one depends
        # on what it has read before.
        narrowed = (boxes[chosen, 0] + advance).astype(np.float32)
        right[chosen] = np.where(narrower, narrowed, right[chosen])
        return right

    def _text(self, items: Ints) -> _TextObjects:
        """What holds for all glyphs of each text object."""
        owners = np.array([self.in_forms.get(item, 0) for item in items.tolist()], dtype=np.int64)
        matrix = self._placed(_matrices(items), owners)
        size = np.abs(_font_size.fill(np.float32, 1, items)[:, 0])
        high = size * np.hypot(matrix[:, 2], matrix[:, 3])
        mode = _render_mode.answers(items)
        fonts, which = np.unique(_font.answers(items), return_inverse=True)
        bold = np.array(list(map(_is_bold, fonts.tolist())), dtype=np.bool_)
        lacking = np.array(list(map(_is_replaced, fonts.tolist())), dtype=np.bool_)
        place = np.where(lacking, np.cumsum(lacking) - 1, -1)
        return _TextObjects(
            matrix=matrix,
            replaced=fonts[lacking].tolist(),
            font=place[which],
            wide=size * np.hypot(matrix[:, 0], matrix[:, 1]),
            size=np.where(high == 0, size, high),
            bold=bold[which],
            invisible=(mode == _INVISIBLE) | (mode == _CLIPPING),
            # Quarter turns clockwise of the direction in which the text runs.
            turn=np.round(-np.arctan2(matrix[:, 1], matrix[:, 0]) / (np.pi / 2)).astype(np.int64)
            % 4,
            clip=self._clip_indexes(items, owners),
        )

    def _baselines(self, text_page: int, index: Ints, item: Ints, text: _TextObjects) -> Floats:
        """Where each glyph stands, across the direction of its text.

        Of a text object that runs straight along or up the page, first and last glyph
        tell; of any other, each glyph is asked.
        """
        upright = text.turn % 2 == 0
        first = np.zeros(len(upright), dtype=np.int64)
        last = np.zeros(len(upright), dtype=np.int64)
        place = np.arange(len(item))
        first[item[::-1]] = place[::-1]
        last[item] = place
        low, high = np.split(self._stands(text_page, index[np.append(first, last)]), 2)
        low, high = (np.where(upright, p[:, 1], p[:, 0]) for p in (low, high))
        slope = np.where(upright, text.matrix[:, 1], text.matrix[:, 0])
        baseline: Floats = low[item]
        leaning = ((low != high) | ((slope != 0) & (first != last)))[item]
        if leaning.any():
            stands = self._stands(text_page, index[leaning])
            baseline[leaning] = np.where(upright[item[leaning]], stands[:, 1], stands[:, 0])
        return baseline

    def _stands(self, text_page: int, index: Ints) -> Floats:
        return _origin.fill(np.float64, 2, text_page, index, pointers=2) - self.corner

    def _clip_indexes(self, items: Ints, owners: Ints) -> Ints:
        """Index of the box that each text object is clipped to, -1 for none."""
        boxes = self._clip_boxes(items, owners)
        clipped = np.nonzero((boxes != _NOWHERE).any(axis=1))[0]
        known: dict[Box, int] = {}
        indexes = np.full(len(items), -1, dtype=np.int64)
        indexes[clipped] = [
            known.setdefault((a, b, c, d), len(known)) for a, b, c, d in boxes[clipped].tolist()
        ]
        self.clips.extend(known)
        return indexes

    def _clip_boxes(self, items: Ints, owners: Ints) -> Floats:
        """The boxes that objects are clipped to, by themselves and by the forms round them."""
        boxes = np.array(self.frames)[owners]
        found = _clip_path.answers(items)
        count = _count_clips.answers(found).clip(0)
        if not count.any():
            return boxes
        # One row for each path that clips an object.
        item = np.repeat(np.arange(len(items)), count)
        clips = found[item]
        nth = np.arange(len(item)) - np.repeat(np.cumsum(count) - count, count)
        size = _count_clip_points.answers(clips, nth)
        first = _clip_point.answers(clips, nth, 0)
        # Objects under one clip share its points, which are read once.
        keys = _ranks(first)[1] * len(self.frames) + owners[item]
        chosen, which = _ranks(keys)
        inner = self._boxes_round(clips[chosen], nth[chosen], size[chosen], owners[item[chosen]])
        inner = inner[which]
        np.maximum.at(boxes[:, 0], item, inner[:, 0])
        np.maximum.at(boxes[:, 1], item, inner[:, 1])
        np.minimum.at(boxes[:, 2], item, inner[:, 2])
        np.minimum.at(boxes[:, 3], item, inner[:, 3])
        return boxes

    def _boxes_round(self, clips: Ints, nth: Ints, count: Ints, owners: Ints) -> Floats:
        """The box round each of some clipping paths; one too fine to be a box clips nothing."""
        boxes = np.tile(np.array(_NOWHERE), (len(clips), 1))
        sane = (count > 0) & (count <= CLIP_POINTS)
        if not sane.any():
            return boxes
        points = read_points(_clip_point, count[sane], clips[sane], nth[sane])
        outer = np.array(self.outers)[np.repeat(owners[sane], count[sane])]
        x, y = self._placed_points(points.x, points.y, outer)
        starts = np.cumsum(count[sane]) - count[sane]
        boxes[sane] = np.column_stack(
            [
                np.minimum.reduceat(x, starts),
                np.minimum.reduceat(y, starts),
                np.maximum.reduceat(x, starts),
                np.maximum.reduceat(y, starts),
            ]
        )
        return boxes

    def _placed_points(self, x: Floats, y: Floats, matrix: Floats) -> Floats:
        """Path points less the crop box's corner, 2 x n; `matrix` is n x 6."""
        a, b, c, d, e, f = matrix.T
        left, low = self.corner
        return np.stack([a * x + c * y + e - left, b * x + d * y + f - low])


@dataclass(frozen=True, slots=True, eq=False)
class _TextObjects:
    """Text objects as parallel columns.

    Attributes:
        matrix: n x 6.
        replaced: Addresses of fonts that the file lacks, another one being put in.
        font: Place of the font in `replaced`, -1 for one that the file has.
        wide: How wide one em is, points.
    """

    matrix: Floats
    replaced: list[int]
    font: Ints
    wide: Floats
    size: Floats
    bold: Bools
    invisible: Bools
    turn: Ints
    clip: Ints


def _matrices(items: Ints) -> Floats:
    """Each object's own matrix, n x 6."""
    return _matrix.fill(np.float32, 6, items)


def _compose(inner: Floats, outer: Floats) -> Floats:
    """The matrices that apply `inner`, then `outer`; each 6 numbers or n x 6."""
    a, b, c, d, e, f = inner.T
    g, h, i, j, k, m = outer.T
    return np.stack(
        [
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + m,
        ],
        axis=-1,
    )


def _codes(text_page: int) -> Ints:
    """The code point of each of pdfium's characters.

    The whole page's text has them, unless some have none (then the numbers differ).
    """
    page = ctypes.cast(text_page, pdfium.FPDF_TEXTPAGE)
    count = pdfium.FPDFText_CountChars(page)
    if count <= 0:
        return np.zeros(0, dtype=np.int64)
    memory = np.zeros(count + 1, dtype=np.uint16)
    # Not a ctypes array, of which each length is a class of its own that is never let go.
    written = pdfium.FPDFText_GetText(page, 0, count, ctypes.cast(memory.ctypes.data, _SHORTS))
    text = memory[: max(written - 1, 0)].tobytes().decode("utf-16-le", "surrogatepass")
    if len(text) != count:
        return _unicode.answers(text_page, np.arange(count)) & 0xFFFFFFFF
    wide = text.encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(wide, dtype="<u4").astype(np.int64)
    marks = np.flatnonzero(codes == _HYPHEN_MARK)
    codes[marks] = _unicode.answers(text_page, marks) & 0xFFFFFFFF
    return codes


def _owned(text_page: int, codes: Ints) -> tuple[Ints, Ints]:
    """Indexes of the characters that the content draws, and the object that draws each."""
    breaks = np.flatnonzero(codes < len(_IS_BREAK))
    breaks = breaks[_IS_BREAK[codes[breaks]]]
    drawn = np.ones(len(codes), dtype=np.bool_)
    drawn[breaks[_is_generated.answers(text_page, breaks) != 0]] = False
    index = np.flatnonzero(drawn)
    address = _text_object.answers(text_page, index)
    # A character without an object belongs to the one before it.
    last_known = np.maximum.accumulate(np.where(address != 0, np.arange(len(address)), -1))
    owned = last_known >= 0
    return index[owned], address[last_known[owned]]


def _ranks(values: Ints) -> tuple[Ints, Ints]:
    """Where each different value stands first, and for each value its place among those.

    Equal values mostly follow each other, so only the first of a run is looked up.
    """
    begins = np.ones(len(values), dtype=np.bool_)
    begins[1:] = values[1:] != values[:-1]
    starts = np.flatnonzero(begins)
    known: dict[int, int] = {}
    found = [known.setdefault(value, len(known)) for value in values[starts].tolist()]
    places = np.array(found, dtype=np.int64)
    first = np.zeros(len(known), dtype=np.int64)
    first[places[::-1]] = starts[::-1]
    return first, np.repeat(places, np.append(starts[1:], len(values)) - starts)


def _is_bold(address: int) -> bool:
    if not address:
        return False
    font = ctypes.cast(address, pdfium.FPDF_FONT)
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, 128)
    plain = name.value.decode("latin-1").lower()
    bold = "bold" in plain or "black" in plain or "heavy" in plain
    return bold or pdfium.FPDFFont_GetWeight(font) >= 600


def _is_replaced(address: int) -> bool:
    """Whether the file lacks the font, so that pdfium puts in another."""
    font = ctypes.cast(address, pdfium.FPDF_FONT)
    return bool(address) and not pdfium.FPDFFont_GetIsEmbedded(font)


def _whole_ligatures(
    glyphs: Glyphs, index: Ints, item: Ints, invisible: Bools
) -> tuple[Glyphs, Bools]:
    """Characters that pdfium made of one glyph, put together to one again.

    They follow each other, of one text object and with one box; a glyph overprinted in
    the same place is not among them, since pdfium leaves that out.
    """
    same = (glyphs.x0[1:] == glyphs.x0[:-1]) & (glyphs.x1 > glyphs.x0)[1:]
    if same.any():
        columns = np.column_stack([index, item, glyphs.top, glyphs.x1, glyphs.bottom])
        same &= (np.diff(columns, axis=0) == [1, 0, 0, 0, 0]).all(axis=1)
        same &= glyphs.text[1:] != " "
    if not same.any():
        return glyphs, invisible
    first = np.append(True, ~same)
    starts = np.nonzero(first)[0].tolist()
    ends = [*starts[1:], len(index)]
    texts = glyphs.text.tolist()
    whole = np.array(["".join(texts[a:b]) for a, b in zip(starts, ends, strict=True)], np.str_)
    rest = {name: getattr(glyphs, name)[first] for name in Glyphs.__slots__ if name != "text"}
    return Glyphs(text=whole, **rest), invisible[first]
