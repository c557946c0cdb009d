"""Glyphs and strokes from pdfplumber (and pdfminer.six under it): the second reader.

It shares no code with pdfium, so that where both agree the page is likely read as it
is; it reads some pages that pdfium cannot, some fifty times slower. Glyphs and paths
are taken as its interpreter meets them, before any layout analysis; doubled (fake bold)
glyphs are all there.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfplumber.page import PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from rktdata.extract.raw import RawPage
from rktdata.extract.strokes import POINT_LIMIT, THIN_PT, Paths, find_rules
from rktdata.schemas.errors import BrokenPdfError, LockedPdfError
from rktdata.schemas.values import Box, Glyphs, Rules

# What pdfminer.six raises on damaged files: its own errors, and whatever a wrong object
# in a wrong place leads to.
_DAMAGE = (
    PSException,
    PdfminerException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
_LOCKS = (PDFPasswordIncorrect, PDFEncryptionError)
_INVISIBLE = (3, 7)
# The one-byte code that word spacing is for.
_SPACE = 32
_NOWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
_LETTER: Box = (0.0, 0.0, 612.0, 792.0)

Matrix = tuple[float, float, float, float, float, float]


class PdfplumberReader:
    """An open PDF, read with pdfplumber."""

    def __init__(self, pdf: bytes, password: str | None = None) -> None:
        self._pdf = _open(pdf, password)
        self._fonts = _Fonts()
        try:
            # Not pdfplumber's own pages, which fail on a media box without numbers.
            self._pages = list(PDFPage.create_pages(self._pdf.doc))
        except _DAMAGE as error:
            raise _broken() from error

    def __len__(self) -> int:
        return len(self._pages)

    def close(self) -> None:
        """Give the library's memory back."""
        self._pages = []
        self._pdf.stream.close()

    def read(self, index: int) -> RawPage:
        """One page, `index` from 0.

        Raises:
            BrokenPdfError: pdfplumber cannot make sense of the page.
        """
        page = self._pages[index]
        try:
            rotation = int(page.rotate) // 90 % 4
            left, bottom, right, top = _page_box(page.mediabox, page.cropbox)
            content = _Content(self._fonts, pageno=index + 1, laparams=None)
            _Interpreter(self._fonts, content, (-left, -bottom)).process_page(page)
        except _DAMAGE as error:
            raise BrokenPdfError(f"page {index + 1} is damaged and cannot be read") from error
        glyphs = content.glyphs()
        return RawPage(
            size=(right - left, top - bottom),
            rotation=rotation,
            glyphs=glyphs,
            invisible=np.array([g.invisible for g in content.drawn], dtype=np.bool_),
            rules=content.rules(),
            images=np.array(content.images, dtype=np.float64).reshape(-1, 4),
            clips=np.array(list(content.clips), dtype=np.float64).reshape(-1, 4),
            remarks=tuple(content.remarks),
        )


def _open(pdf: bytes, password: str | None) -> Any:
    """Open a PDF with the password, else with the empty one, which many are locked with."""
    try:
        return pdfplumber.open(io.BytesIO(pdf), password=password)
    except _DAMAGE as error:
        if not _is_lock(error):
            raise _broken() from error
        if password:
            try:
                return pdfplumber.open(io.BytesIO(pdf))
            except _DAMAGE:
                pass  # it asks for a password; the one given is wrong
        what = "is wrong" if password else "is needed"
        raise LockedPdfError(
            f"the PDF is locked and a password {what}; give it with --password, or unlock it"
        ) from error


def _is_lock(error: Exception) -> bool:
    """Whether a password is what is missing; pdfplumber wraps pdfminer's errors."""
    return isinstance(error, _LOCKS) or any(isinstance(arg, _LOCKS) for arg in error.args)


def _broken() -> BrokenPdfError:
    return BrokenPdfError(
        "the PDF is damaged and cannot be opened; ask for a new copy, or repair it"
    )


def _page_box(media: Sequence[float], crop: Sequence[float]) -> Box:
    """The crop box within the media box; US Letter where the media box makes no sense.

    This is what pdfium does.
    """
    x0, y0, x1, y1 = _sorted(media)
    if x1 - x0 < 1 or y1 - y0 < 1:
        x0, y0, x1, y1 = _LETTER
    a, b, c, d = _sorted(crop)
    a, b, c, d = max(a, x0), max(b, y0), min(c, x1), min(d, y1)
    return (x0, y0, x1, y1) if c - a < 1 or d - b < 1 else (a, b, c, d)


def _sorted(box: Sequence[float]) -> Box:
    a, b, c, d = (float(v) for v in box)
    return (min(a, c), min(b, d), max(a, c), max(b, d))


class _Fonts(PDFResourceManager):
    """Fonts with the widths that the document gives.

    pdfminer takes the standard ones for every font that bears a standard font's name,
    and finds a standard font's widths by what a glyph says, not by its code.
    """

    def get_font(self, objid: object, spec: Any) -> Any:
        """The font of a resource."""
        font = super().get_font(objid, spec)
        # A copy: the standard fonts' widths are shared by all documents.
        known = dict(font.widths)
        for code, char in getattr(font, "cid2unicode", {}).items():
            if code not in known and char in known:
                known[code] = known[char]
        widths, first = resolve1(spec.get("Widths")), resolve1(spec.get("FirstChar", 0))
        if isinstance(widths, list) and isinstance(first, int):
            known.update({first + i: resolve1(width) for i, width in enumerate(widths)})
        font.widths = known
        return font


class _Interpreter(PDFPageInterpreter):
    """Draws a page moved, but not turned as /Rotate says."""

    device: _Content

    def __init__(self, resources: Any, device: _Content, move: tuple[float, float]) -> None:
        super().__init__(resources, device)
        self._ctm: Matrix = (1.0, 0.0, 0.0, 1.0, *move)

        self._clips: list[Box] = []

    def dup(self) -> PDFPageInterpreter:
        """An interpreter for a form on the page."""
        return _Interpreter(self.rsrcmgr, self.device, self._ctm[4:])

    def do_q(self) -> None:
        """Save the graphics state, clipping included."""
        self._clips.append(self.device.clip)
        super().do_q()

    def do_Q(self) -> None:  # noqa: N802, the operator's name
        """Restore the graphics state, clipping included."""
        if self._clips:
            self.device.clip = self._clips.pop()
        super().do_Q()

    def do_W(self) -> None:  # noqa: N802, the operator's name
        """Clip what follows to the path."""
        self.device.clip_to([(float(p[-2]), float(p[-1])) for p in self.curpath if len(p) > 2])

    def do_W_a(self) -> None:  # noqa: N802, the operator's name (W*)
        """Clip what follows to the path."""
        self.do_W()

    def process_page(self, page: Any) -> None:
        """Draw the page."""
        self.device.begin_page(page, self._ctm)
        self.render_contents(page.resources, page.contents, ctm=self._ctm)
        self.device.end_page(page)


@dataclass(slots=True)
class _Drawn:
    """A glyph as drawn: box, baseline and turn as in `RawPage`."""

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    turn: int
    invisible: bool
    clip: Box


@dataclass(slots=True)
class _Path:
    """A painted path: its points, which of them begin a run, and which close one."""

    points: list[tuple[float, float]] = field(default_factory=list)
    begins: list[bool] = field(default_factory=list)
    closes: list[bool] = field(default_factory=list)
    filled: bool = False
    stroked: bool = False
    thickness: float = 0.0


class _Content(PDFPageAggregatorWithMarkedContent):
    """Takes down what the interpreter draws."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drawn: list[_Drawn] = []
        self.paths: list[_Path] = []
        self.images: list[Box] = []
        self.remarks: list[str] = []
        self.points = 0
        self.mode = 0
        self.clip = _NOWHERE
        self.clips: dict[Box, int] = {}
        self.outer_clips: list[Box] = []

    def glyphs(self) -> Glyphs:
        """Every glyph drawn, in content order."""
        drawn = self.drawn
        boxes = np.array([g.box for g in drawn], dtype=np.float64).reshape(-1, 4)
        return Glyphs(
            text=np.array([g.text for g in drawn], dtype=np.str_),
            x0=boxes[:, 0],
            top=boxes[:, 3],
            x1=boxes[:, 2],
            bottom=boxes[:, 1],
            baseline=np.array([g.baseline for g in drawn], dtype=np.float64),
            size=np.array([g.size for g in drawn], dtype=np.float64),
            bold=np.array([g.bold for g in drawn], dtype=np.bool_),
            clip=np.array([self._clip_index(g.clip) for g in drawn], dtype=np.int64),
            turn=np.array([g.turn for g in drawn], dtype=np.int64),
        )

    def rules(self) -> Rules:
        """The straight strokes of the paths, y up."""
        points = [point for path in self.paths for point in path.points]
        x, y = np.array(points, dtype=np.float64).reshape(-1, 2).T
        lengths = [len(path.points) for path in self.paths]
        return find_rules(
            Paths(
                x=x,
                y=y,
                path=np.repeat(np.arange(len(self.paths)), lengths),
                begins=np.array([b for path in self.paths for b in path.begins], dtype=np.bool_),
                closes=np.array([c for path in self.paths for c in path.closes], dtype=np.bool_),
                filled=np.array([path.filled for path in self.paths], dtype=np.bool_),
                stroked=np.array([path.stroked for path in self.paths], dtype=np.bool_),
                thickness=np.array([path.thickness for path in self.paths], dtype=np.float64),
            )
        )

    def _clip_index(self, clip: Box) -> int:
        return -1 if clip == _NOWHERE else self.clips.setdefault(clip, len(self.clips))

    def clip_to(self, points: list[tuple[float, float]]) -> None:
        """Clip what follows to the box round points, too."""
        if points:
            x0, y0, x1, y1 = _round(self.ctm, points)
            a, b, c, d = self.clip
            self.clip = (max(a, x0), max(b, y0), min(c, x1), min(d, y1))

    def begin_figure(self, name: str, bbox: Box, matrix: Matrix) -> None:
        """Enter a form or picture, which shows nothing outside its box."""
        super().begin_figure(name, bbox, matrix)
        self.outer_clips.append(self.clip)
        x0, y0, x1, y1 = (float(v) for v in bbox)
        corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)]
        self.clip_to([_place(matrix, x, y) for x, y in corners])

    def end_figure(self, name: str) -> None:
        """Leave a form or picture."""
        super().end_figure(name)
        self.clip = self.outer_clips.pop()

    def remark(self, what: str) -> None:
        if what not in self.remarks:
            self.remarks.append(what)

    def render_string(self, textstate: Any, *args: Any) -> None:
        """Note the render mode, which pdfminer does not hand to the glyphs."""
        self.mode = textstate.render
        super().render_string(textstate, *args)

    def render_string_horizontal(
        self,
        seq: Any,
        matrix: Matrix,
        pos: tuple[float, float],
        font: Any,
        fontsize: float,
        scaling: float,
        charspace: float,
        wordspace: float,
        rise: float,
        dxscale: float,
        *rest: Any,
    ) -> tuple[float, float]:
        """Place a string's glyphs as ISO 32000-1, 9.4.4 says.

        pdfminer leaves out the character spacing after a string's last glyph, so that
        what is drawn next stands too far to the left or right (Excel's numbers).
        """
        x, y = pos
        for part in seq:
            if isinstance(part, int | float):
                x -= part * dxscale
            elif isinstance(part, bytes):
                for cid in font.decode(part):
                    place = _place(matrix, x, y)
                    x += self.render_char(
                        (*matrix[:4], *place), font, fontsize, scaling, rise, cid, *rest
                    )
                    x += charspace + (wordspace if cid == _SPACE else 0.0)
        return x, y

    def render_char(
        self,
        matrix: Matrix,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        *rest: Any,
    ) -> float:
        """Take a glyph down; gives its advance."""
        text = self._text(font, cid)
        a, b, c, d, _, _ = matrix
        advance = float(font.char_width(cid) * fontsize * scaling)
        low, high = _reach(font, fontsize)
        corners = [(0.0, low + rise), (advance, low + rise), (0.0, high + rise)]
        if font.is_vertical():
            # The glyph hangs below its origin, and the text runs down.
            vx, vy = font.char_disp(cid)
            left = -(fontsize * 0.5 if vx is None else vx * fontsize * 0.001)
            up = (1000 - vy) * fontsize * 0.001 + rise
            corners = [(left, up + advance), (left + fontsize, up + advance), (left, up)]
        corners.append((corners[1][0], corners[2][1]))
        turn = round(-math.atan2(b, a) / (math.pi / 2)) % 4
        stands = _place(matrix, 0.0, rise)
        self.drawn.append(
            _Drawn(
                text=text,
                box=_round(matrix, corners),
                baseline=stands[turn % 2 == 0],
                size=abs(fontsize) * math.hypot(c, d) or abs(fontsize),
                bold=_is_bold(font),
                turn=turn,
                invisible=self.mode in _INVISIBLE,
                clip=self.clip,
            )
        )
        return advance

    def _text(self, font: Any, cid: int) -> str:
        try:
            text = font.to_unichr(cid)
        except (PSException, LookupError, ValueError, TypeError):
            text = None
        if not isinstance(text, str) or not text.strip("\0"):
            self.remark("tanpa-unicode")
            return "\ufffd"
        return text

    def paint_path(
        self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        """Take a painted path down."""
        self.points += len(path)
        if self.points > POINT_LIMIT:
            self.remark("terlalu-banyak-garis")
            return
        a, b, c, d, _, _ = self.ctm
        scale = math.sqrt(abs(a * d - b * c)) or 1.0
        taken = _Path(
            filled=bool(fill),
            stroked=bool(stroke),
            thickness=min(float(gstate.linewidth or 0) * scale, THIN_PT),
        )
        for kind, *numbers in path:
            if kind == "h":
                if taken.closes:
                    taken.closes[-1] = True
                continue
            taken.points.append(_place(self.ctm, float(numbers[-2]), float(numbers[-1])))
            taken.begins.append(kind != "l")
            taken.closes.append(False)
        if taken.points:
            self.paths.append(taken)

    def render_image(self, name: str, stream: Any) -> None:
        """Take a picture's place down: the unit square, drawn."""
        self.images.append(_round(self.ctm, ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))))


def _place(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])


def _round(m: Matrix, points: Sequence[tuple[float, float]]) -> Box:
    """The box round points that a matrix places."""
    xs, ys = zip(*(_place(m, x, y) for x, y in points), strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def _reach(font: Any, fontsize: float) -> tuple[float, float]:
    """How far the font's glyphs reach below and above the baseline.

    Ascent and descent as the font gives them; where it gives none, or nonsense, a
    usual font's.
    """
    below, above = abs(float(font.get_descent())), float(font.get_ascent())
    if above <= 0 or not 0.3 < above + below < 3:
        below, above = 0.22, 0.78
    return -below * fontsize, above * fontsize


def _is_bold(font: Any) -> bool:
    name = str(font.fontname).lower()
    return "bold" in name or "black" in name or "heavy" in name
