"""Glyphs and strokes from pdfium, by its C interface.

pdfium has the page's text and paths ready in a few milliseconds; what costs is asking
for them, one call each (`pdfium_calls`). What holds for a whole text object (font, size,
render mode, clipping, matrix, and for straight text the baseline) is asked once per
object, and only box and object once per glyph; a path's points are read at once
(`pdfium_points`).

pdfium leaves out glyphs drawn a second time over themselves (fake bold) on its own, and
writes a ligature out as several characters with one box; here they are one glyph again.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, compress, repeat
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from rktdata.extract.pdfium_calls import Handle, Slots, bare, whole_numbers
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
_ONE_EM = ctypes.c_float(1.0)
_IDENTITY = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
_NOWHERE: Box = (-1e9, -1e9, 1e9, 1e9)


_unicode = bare(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
_is_generated = bare(pdfium.FPDFText_IsGenerated, ctypes.c_int)
_text_object = bare(pdfium.FPDFText_GetTextObject, ctypes.c_size_t)
_loose_box = bare(pdfium.FPDFText_GetLooseCharBox)
_origin = bare(pdfium.FPDFText_GetCharOrigin)
_whole_text = bare(pdfium.FPDFText_GetText, ctypes.c_int)
_font_size = bare(pdfium.FPDFTextObj_GetFontSize)
_render_mode = bare(pdfium.FPDFTextObj_GetTextRenderMode, ctypes.c_int)
_font = bare(pdfium.FPDFTextObj_GetFont, ctypes.c_size_t)
_is_embedded = bare(pdfium.FPDFFont_GetIsEmbedded, ctypes.c_int)
_glyph_width = bare(pdfium.FPDFFont_GetGlyphWidth, ctypes.c_int)
_page_object = bare(pdfium.FPDFPage_GetObject, Handle)
_form_object = bare(pdfium.FPDFFormObj_GetObject, Handle)
_kind = bare(pdfium.FPDFPageObj_GetType, ctypes.c_int)
_matrix = bare(pdfium.FPDFPageObj_GetMatrix, ctypes.c_int)
_bounds = bare(pdfium.FPDFPageObj_GetBounds, ctypes.c_int)
_stroke_width = bare(pdfium.FPDFPageObj_GetStrokeWidth)
_draw_mode = bare(pdfium.FPDFPath_GetDrawMode)
_count_points = bare(pdfium.FPDFPath_CountSegments, ctypes.c_int)
_path_point = bare(pdfium.FPDFPath_GetPathSegment, ctypes.c_size_t)
_clip_path = bare(pdfium.FPDFPageObj_GetClipPath, Handle)
_count_clips = bare(pdfium.FPDFClipPath_CountPaths, ctypes.c_int)
_count_clip_points = bare(pdfium.FPDFClipPath_CountPathSegments, ctypes.c_int)
_clip_point = bare(pdfium.FPDFClipPath_GetPathSegment, ctypes.c_size_t)


@dataclass(slots=True)
class _Memory:
    """Slots for every kind of question; kept from page to page."""

    boxes: Slots = field(default_factory=lambda: Slots(np.float32, 4))
    origins: Slots = field(default_factory=lambda: Slots(np.float64, 2, pointers=2))
    matrices: Slots = field(default_factory=lambda: Slots(np.float32, 6))
    sizes: Slots = field(default_factory=lambda: Slots(np.float32, 1))
    modes: Slots = field(default_factory=lambda: Slots(np.int32, 2, pointers=2))


class PdfiumReader:
    """An open PDF, read with pdfium."""

    def __init__(self, pdf: bytes, password: str | None = None) -> None:
        self._document = _open(pdf, password)
        self._pages = len(self._document)
        self._memory = _Memory()

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
            content = _Content((left, bottom), self._memory)
            content.walk(_pointer(page.raw))
            glyphs, invisible = content.glyphs(_pointer(text_page.raw))
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


def _pointer(structure: Any) -> Handle:
    return Handle(ctypes.addressof(structure.contents))


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
    of each form on it; `owners` says in which of them each path stands.
    """

    corner: tuple[float, float]
    memory: _Memory
    images: list[Box] = field(default_factory=list)
    clips: list[Box] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    outers: list[Floats] = field(default_factory=lambda: [_IDENTITY])
    frames: list[Box] = field(default_factory=lambda: [_NOWHERE])
    paths: list[Handle] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    in_forms: dict[int, int] = field(default_factory=dict)

    def walk(self, page: Handle) -> None:
        """Note every path and picture of the page, those inside forms too."""
        count = pdfium.FPDFPage_CountObjects(ctypes.cast(page, pdfium.FPDF_PAGE))
        self._visit(list(map(_page_object, repeat(page), range(count))), 0, 0)

    def _visit(self, items: list[Handle], owner: int, depth: int) -> None:
        """Note some objects, each form's own content where the form stands."""
        kinds = list(map(_kind, items))
        forms = [i for i, kind in enumerate(kinds) if kind == _FORM] if _FORM in kinds else []
        start = 0
        for end in (*forms, len(items)):
            paths = list(compress(items[start:end], map(_PATH.__eq__, kinds[start:end])))
            self.paths += paths
            self.owners += repeat(owner, len(paths))
            if end < len(items) and depth < FORM_DEPTH:
                self._enter(items[end], owner, depth)
            start = end
        for item in compress(items, map(_IMAGE.__eq__, kinds)):
            self._image(item, owner)
        if owner:
            texts = compress(items, map(_TEXT.__eq__, kinds))
            self.in_forms.update((item.value or 0, owner) for item in texts)

    def _enter(self, form: Handle, owner: int, depth: int) -> None:
        """Note a form's content."""
        count = pdfium.FPDFFormObj_CountObjects(ctypes.cast(form, pdfium.FPDF_PAGEOBJECT))
        [matrix] = self._matrices([form])
        self.outers.append(_compose(matrix, self.outers[owner]))
        [frame] = self._clip_boxes([form], np.array([owner])).tolist()
        self.frames.append(tuple(frame))
        inside = list(map(_form_object, repeat(form), range(max(count, 0))))
        self._visit(inside, len(self.outers) - 1, depth + 1)

    def _image(self, item: Handle, owner: int) -> None:
        values = (ctypes.c_float * 4)()
        if _bounds(item, *(ctypes.byref(values, 4 * k) for k in range(4))):
            x0, y0, x1, y1 = values
            self.images.append(self._box(owner, [(x0, y0), (x1, y0), (x0, y1), (x1, y1)]))

    def _box(self, owner: int, points: Sequence[tuple[float, float]]) -> Box:
        """The box round points of the page or a form."""
        a, b, c, d, e, f = self.outers[owner].tolist()
        xs = [a * x + c * y + e - self.corner[0] for x, y in points]
        ys = [b * x + d * y + f - self.corner[1] for x, y in points]
        return (min(xs), min(ys), max(xs), max(ys))

    def _matrices(self, items: Sequence[Handle]) -> Floats:
        """Each object's own matrix, n x 6."""
        return self.memory.matrices.ask(_matrix, items)

    def _placed(self, matrices: Floats, owners: Ints) -> Floats:
        """Matrices of objects composed with those of the forms that they stand in."""
        if owners.any():
            return _compose(matrices, np.array(self.outers)[owners])
        return matrices

    def rules(self) -> Rules:
        """The straight strokes of the paths, y up."""
        counts = list(map(_count_points, self.paths))
        modes = self.memory.modes.ask(_draw_mode, self.paths)
        count = np.array(counts, dtype=np.int64)
        painted = (modes != 0).any(axis=1) & (count > 0)
        over = np.cumsum(np.where(painted, count, 0)) > POINT_LIMIT
        if over.any():
            self.remarks.append("terlalu-banyak-garis")
            painted &= ~over
        if not painted.any():
            return no_rules()
        kept = list(compress(self.paths, painted.tolist()))
        matrices = self._matrices(kept)
        placed = self._placed(matrices, np.array(self.owners, dtype=np.int64)[painted])
        filled, stroked = (modes[painted] != 0).T
        return find_rules(self._points(kept, count[painted], placed, filled, stroked))

    def _points(
        self, paths: list[Handle], count: Ints, matrix: Floats, filled: Bools, stroked: Bools
    ) -> Paths:
        """The points of painted paths, with what holds for each path."""
        points = read_points(_path_point, count, paths)
        path = np.repeat(np.arange(len(paths)), count)
        begins = (points.kind != pdfium.FPDF_SEGMENT_LINETO) | (np.diff(path, prepend=-1) != 0)
        # A subpath is closed at its last point.
        ends = np.append(begins[1:], True) & ~begins & stroked[path]
        x, y = self._placed_points(points.x, points.y, matrix[path])
        width = np.zeros(len(paths))
        drawn = list(compress(paths, stroked.tolist()))
        width[stroked] = self.memory.sizes.ask(_stroke_width, drawn)[:, 0]
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

    def glyphs(self, text_page: Handle) -> tuple[Glyphs, Bools]:
        """Every glyph that the page's content draws, in content order, and which are unseen."""
        codes = _codes(text_page)
        index, address = _owned(text_page, codes)
        codes = codes[index]
        if not codes.all():
            self.remarks.append("tanpa-unicode")
        codes[(codes == 0) | (codes > 0x10FFFF)] = 0xFFFD
        # left, top, right, bottom
        boxes = self.memory.boxes.ask(_loose_box, index.tolist(), text_page)
        objects, item = _objects(address)
        text = self._text(objects)
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
        width = ctypes.c_float()
        em = []
        for pair in pairs.tolist():
            width.value = 0.0
            font = Handle(text.replaced[pair >> 32])
            _glyph_width(font, pair & 0xFFFFFFFF, _ONE_EM, ctypes.byref(width))
            em.append(width.value)
        advance = np.array(em)[which] * text.wide[item[chosen]]
        box = right[chosen] - boxes[chosen, 0]
        narrower = (advance < box - OVERHANG_EM * text.wide[item[chosen]]) & (advance > box / 2)
        # Rounded as pdfium rounds a box that it leaves as it is: whether it widens one depends
        # on what it has read before.
        narrowed = (boxes[chosen, 0] + advance).astype(np.float32)
        right[chosen] = np.where(narrower, narrowed, right[chosen])
        return right

    def _text(self, addresses: list[int]) -> _TextObjects:
        """What holds for all glyphs of each text object."""
        items = [Handle(address) for address in addresses]
        owners = np.array([self.in_forms.get(a, 0) for a in addresses], dtype=np.int64)
        matrix = self._placed(self._matrices(items), owners)
        size = np.abs(self.memory.sizes.ask(_font_size, items)[:, 0])
        high = size * np.hypot(matrix[:, 2], matrix[:, 3])
        mode = whole_numbers(map(_render_mode, items), len(items))
        fonts = list(map(_font, items))
        is_bold = {font: _is_bold(font) for font in dict.fromkeys(fonts)}
        replaced = [font for font in is_bold if font and not _is_embedded(Handle(font))]
        places = {font: place for place, font in enumerate(replaced)}
        return _TextObjects(
            matrix=matrix,
            replaced=replaced,
            font=np.array([places.get(font, -1) for font in fonts], dtype=np.int64),
            wide=size * np.hypot(matrix[:, 0], matrix[:, 1]),
            size=np.where(high == 0, size, high),
            bold=np.array([is_bold[font] for font in fonts], dtype=np.bool_),
            invisible=(mode == _INVISIBLE) | (mode == _CLIPPING),
            # Quarter turns clockwise of the direction in which the text runs.
            turn=np.round(-np.arctan2(matrix[:, 1], matrix[:, 0]) / (np.pi / 2)).astype(np.int64)
            % 4,
            clip=self._clip_indexes(items, owners),
        )

    def _baselines(self, text_page: Handle, index: Ints, item: Ints, text: _TextObjects) -> Floats:
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

    def _stands(self, text_page: Handle, index: Ints) -> Floats:
        return self.memory.origins.ask(_origin, index.tolist(), text_page) - self.corner

    def _clip_indexes(self, items: list[Handle], owners: Ints) -> Ints:
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

    def _clip_boxes(self, items: list[Handle], owners: Ints) -> Floats:
        """The boxes that objects are clipped to, by themselves and by the forms round them."""
        boxes = np.array(self.frames)[owners]
        found = list(map(_clip_path, items))
        count = whole_numbers(map(_count_clips, found), len(items)).clip(0)
        if not count.any():
            return boxes
        # One row for each path that clips an object.
        item = np.repeat(np.arange(len(items)), count)
        clips = [found[i] for i in item.tolist()]
        nth = list(chain.from_iterable(map(range, count.tolist())))
        size = whole_numbers(map(_count_clip_points, clips, nth), len(nth))
        first = whole_numbers(map(_clip_point, clips, nth, repeat(0)), len(nth))
        # Objects under one clip share its points, which are read once.
        keys = zip(first.tolist(), size.tolist(), owners[item].tolist(), strict=True)
        known: dict[tuple[int, int, int], int] = {}
        which = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
        chosen = np.zeros(len(known), dtype=np.int64)
        chosen[which[::-1]] = np.arange(len(nth))[::-1]
        inner = self._boxes_round(
            [clips[i] for i in chosen.tolist()],
            [nth[i] for i in chosen.tolist()],
            size[chosen],
            owners[item[chosen]],
        )[which]
        np.maximum.at(boxes[:, 0], item, inner[:, 0])
        np.maximum.at(boxes[:, 1], item, inner[:, 1])
        np.minimum.at(boxes[:, 2], item, inner[:, 2])
        np.minimum.at(boxes[:, 3], item, inner[:, 3])
        return boxes

    def _boxes_round(
        self, clips: list[Handle], nth: list[int], count: Ints, owners: Ints
    ) -> Floats:
        """The box round each of some clipping paths; one too fine to be a box clips nothing."""
        boxes = np.tile(np.array(_NOWHERE), (len(clips), 1))
        sane = (count > 0) & (count <= CLIP_POINTS)
        if not sane.any():
            return boxes
        chosen = sane.tolist()
        points = read_points(
            _clip_point, count[sane], list(compress(clips, chosen)), list(compress(nth, chosen))
        )
        outer = np.array(self.outers)[np.repeat(owners[sane], count[sane])]
        x, y = self._placed_points(points.x, points.y, outer)
        starts = np.append(0, np.cumsum(count[sane])[:-1])
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


def _codes(text_page: Handle) -> Ints:
    """The code point of each of pdfium's characters.

    The whole page's text has them, unless some have none (then the numbers differ).
    """
    count = pdfium.FPDFText_CountChars(ctypes.cast(text_page, pdfium.FPDF_TEXTPAGE))
    if count <= 0:
        return np.zeros(0, dtype=np.int64)
    memory = ctypes.create_string_buffer(2 * (count + 1))
    written = _whole_text(text_page, 0, count, memory)
    text = memory.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "surrogatepass")
    if len(text) != count:
        return whole_numbers(map(_unicode, repeat(text_page), range(count)), count)
    wide = text.encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(wide, dtype="<u4").astype(np.int64)
    marks = np.nonzero(codes == _HYPHEN_MARK)[0]
    codes[marks] = whole_numbers(map(_unicode, repeat(text_page), marks.tolist()), len(marks))
    return codes


def _owned(text_page: Handle, codes: Ints) -> tuple[Ints, Ints]:
    """Indexes of the characters that the content draws, and the object that draws each."""
    breaks = np.nonzero(codes < len(_IS_BREAK))[0]
    breaks = breaks[_IS_BREAK[codes[breaks]]]
    added = whole_numbers(map(_is_generated, repeat(text_page), breaks.tolist()), len(breaks))
    drawn = np.ones(len(codes), dtype=np.bool_)
    drawn[breaks[added != 0]] = False
    index = np.nonzero(drawn)[0]
    address = whole_numbers(map(_text_object, repeat(text_page), index.tolist()), len(index))
    # A character without an object belongs to the one before it.
    last_known = np.maximum.accumulate(np.where(address != 0, np.arange(len(address)), -1))
    owned = last_known >= 0
    return index[owned], address[last_known[owned]]


def _objects(address: Ints) -> tuple[list[int], Ints]:
    """The different objects, in order, and for each glyph the place of its object there."""
    starts = np.nonzero(np.diff(address, prepend=-1))[0]
    known: dict[int, int] = {}
    places = [known.setdefault(a, len(known)) for a in address[starts].tolist()]
    lengths = np.diff(np.append(starts, len(address)))
    return list(known), np.repeat(np.array(places, dtype=np.int64), lengths)


def _is_bold(address: int) -> bool:
    if not address:
        return False
    font = ctypes.cast(address, pdfium.FPDF_FONT)
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, 128)
    plain = name.value.decode("latin-1").lower()
    bold = "bold" in plain or "black" in plain or "heavy" in plain
    return bold or pdfium.FPDFFont_GetWeight(font) >= 600


def _whole_ligatures(
    glyphs: Glyphs, index: Ints, item: Ints, invisible: Bools
) -> tuple[Glyphs, Bools]:
    """Characters that pdfium made of one glyph, put together to one again.

    They follow each other, of one text object and with one box; a glyph overprinted in
    the same place is not among them, since pdfium leaves that out.
    """
    same = (np.diff(glyphs.x0) == 0) & (glyphs.x1 > glyphs.x0)[1:]
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
