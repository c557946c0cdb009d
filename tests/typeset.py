"""Planning documents typeset for the tests: every wall, line and page break under control.

A table is written down as a reader sees it, row by row; "^" is a cell merged with the one
above it, "<" one merged with the one on its left. `Sheet` sets it on pages as office
programs do: text wraps at spaces, a row that does not fit goes to the next page or is cut
between two lines, a merged cell's text stays where it begins and its box runs on empty.

All places are points from the top left corner of the page as displayed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

UP = "^"
LEFT = "<"

# How the walls are drawn, all seen in office programs' files: long lines (LibreOffice), a
# rectangle round each cell, filled boxes half a point thick (Excel, Word), two lines side
# by side, lines that stop short of each other, no outer walls, rules across only, nothing.
BORDERS = ("lines", "rects", "boxes", "double", "gaps", "open")
UNRULED = ("across", "none")
FONTS = ("Helvetica", "Times-Roman", "Vera")
_BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Vera": "VeraBd"}
# The gap between lines that stop short, and between double ones (points).
GAP_PT = 1.6
DOUBLE_PT = 1.4


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is printed.

    Attributes:
        font: One of FONTS.
        size_pt: Of the letters.
        leading_em: From baseline to baseline.
        padding_pt: From wall to text.
        border: One of BORDERS or UNRULED.
        middle: Text stands in the middle of its cell's height, not at its top.
        centred: Columns whose text stands in the middle of their width.
        by_word: Each word is drawn on its own, without a space between them.
    """

    font: str = "Helvetica"
    size_pt: float = 9.0
    leading_em: float = 1.2
    padding_pt: float = 4.0
    border: str = "lines"
    middle: bool = False
    centred: frozenset[int] = frozenset()
    by_word: bool = False

    @property
    def leading_pt(self) -> float:
        return self.leading_em * self.size_pt


@dataclass(frozen=True, slots=True)
class Plan:
    """A logical table and how it is set.

    Attributes:
        header: Rows of texts, "^" and "<" for merged cells.
        rows: Likewise; a section row is a text followed by "<" only.
        widths: Of the columns, points.
        look: How it is printed.
        numbers: A row "(1) (2) (3)" stands under the header.
        repeat_header: The header is printed again on each page.
        cut_rows: A row that does not fit is cut at the page's foot.
        unwalled: Columns whose cells have no walls between the rows.
    """

    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    look: Look = Look()
    numbers: bool = False
    repeat_header: bool = True
    cut_rows: bool = False
    unwalled: frozenset[int] = frozenset()


def whole_rows(plan: Plan) -> list[list[str]]:
    """What a reader should make of a plan's rows: merged cells filled down, "" for none."""
    rows: list[list[str]] = []
    for texts in plan.rows:
        row = list(texts)
        for column, text in enumerate(texts):
            if text == UP:
                row[column] = rows[-1][column]
            elif text == LEFT:
                row[column] = ""
        rows.append(row)
    return rows


def leaf_headers(plan: Plan) -> list[str]:
    """The plan's leaf headers, levels joined by " > "."""
    paths: list[list[str]] = [[] for _ in plan.widths]
    for texts in plan.header:
        shown = ""
        for column, text in enumerate(texts):
            shown = shown if text == LEFT else text
            if shown != UP:
                paths[column].append(shown)
    return [" > ".join(path) for path in paths]


@dataclass(slots=True)
class _Cell:
    """A cell while its table is set: `lines` are those not printed yet."""

    col: int
    rowspan: int
    colspan: int
    lines: list[str]
    header: bool = False
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell's piece on one page."""

    x0: float
    top: float
    x1: float
    bottom: float
    col: int
    lines: tuple[str, ...]
    header: bool


def wrap(text: str, width: float, font: str, size: float) -> list[str]:
    """Lines no wider than `width` where the words allow it; a break only at a space."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and pdfmetrics.stringWidth(joined, font, size) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _cells_of(rows: tuple[tuple[str, ...], ...], plan: Plan, header: bool) -> list[list[_Cell]]:
    """The cells that begin in each row."""
    look = plan.look
    font = _BOLD[look.font] if header else look.font
    found: list[list[_Cell]] = []
    for number, texts in enumerate(rows):
        found.append([])
        for column, text in enumerate(texts):
            if text in (UP, LEFT):
                continue
            colspan = 1
            while column + colspan < len(texts) and texts[column + colspan] == LEFT:
                colspan += 1
            rowspan = 1
            while number + rowspan < len(rows) and rows[number + rowspan][column] == UP:
                rowspan += 1
            width = sum(plan.widths[column : column + colspan]) - 2 * look.padding_pt
            lines = [
                ln for part in text.split("\n") for ln in wrap(part, width, font, look.size_pt)
            ]
            found[-1].append(_Cell(column, rowspan, colspan, lines, header))
    return found


@dataclass(slots=True)
class Sheet:
    """Pages in the making.

    Attributes:
        width, height: Of the page as displayed, points.
        margin: On all sides.
        rotate: The pages' /Rotate; what is drawn stands upright as displayed.
        sideways: What is drawn reads from the foot to the head of an unrotated page.
        y: Where the next line or table begins.
    """

    width: float = A4[0]
    height: float = A4[1]
    margin: float = 56.0
    rotate: bool = False
    sideways: bool = False
    y: float = 0.0
    _bytes: BytesIO = field(default_factory=BytesIO)
    _canvas: Canvas | None = None

    @property
    def canvas(self) -> Canvas:
        """The page being drawn, begun when first asked for; y runs up as reportlab's does."""
        if self._canvas is None:
            if "Vera" not in pdfmetrics.getRegisteredFontNames():
                folder = Path(reportlab.__file__).parent / "fonts"
                for name in ("Vera", "VeraBd"):
                    pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
            self._canvas = Canvas(self._bytes, invariant=1, pageCompression=1)
            self._begin()
        return self._canvas

    def _begin(self) -> None:
        canvas, turned = self.canvas, self.rotate or self.sideways
        # reportlab itself swaps the sides of a page with /Rotate 90.
        size = (self.height, self.width) if self.sideways else (self.width, self.height)
        canvas.setPageSize(size)
        canvas.setPageRotation(90 if self.rotate else 0)
        if turned:
            canvas.transform(0, 1, -1, 0, self.height, 0)
        self.y = self.margin

    def _start(self) -> Canvas:
        """Begin the first page, if there is none yet."""
        return self.canvas

    def new_page(self) -> None:
        self.canvas.showPage()
        self._begin()

    def finish(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._bytes.getvalue()

    def skip(self, points: float) -> None:
        self.y += points

    def text(
        self,
        text: str,
        *,
        bold: bool = False,
        size: float = 10.0,
        centred: bool = False,
        x: float | None = None,
        hang: float = 0.0,
        twice: float = 0.0,
    ) -> None:
        """A paragraph, wrapped, below what is there.

        Args:
            x: Where its lines begin, points.
            hang: Further in for the second line and those after it.
            twice: Drawn again this much to the right, to look bold.
        """
        canvas = self.canvas
        font = _BOLD["Helvetica"] if bold else "Helvetica"
        left = self.margin if x is None else x
        lines = wrap(text, self.width - self.margin - left - hang, font, size)
        for number, line in enumerate(lines):
            self.y += 1.3 * size
            at = left + (hang if number else 0.0)
            if centred:
                at = (self.width - pdfmetrics.stringWidth(line, font, size)) / 2
            canvas.setFont(font, size)
            canvas.drawString(at, self.height - self.y, line)
            if twice:
                canvas.drawString(at + twice, self.height - self.y, line)

    def columns(self, *texts: tuple[float, str], bold: bool = False, size: float = 10.0) -> None:
        """Texts side by side on one line, each with where it begins."""
        self.y += 1.3 * size
        self.canvas.setFont(_BOLD["Helvetica"] if bold else "Helvetica", size)
        for x, text in texts:
            self.canvas.drawString(x, self.height - self.y, text)

    def table(self, plan: Plan) -> None:
        """A table from here on, over as many pages as it needs.

        Raises:
            ValueError: A row has no room on a page of its own.
        """
        self._start()
        look, floor = plan.look, self.height - self.margin
        head = _cells_of(plan.header, plan, header=True)
        if plan.numbers:
            numbers = tuple(f"({n})" for n in range(1, len(plan.widths) + 1))
            head += _cells_of((numbers,), plan, header=True)
        body = _cells_of(plan.rows, plan, header=False)
        left = (self.width - sum(plan.widths)) / 2
        xs = [left + sum(plan.widths[:n]) for n in range(len(plan.widths) + 1)]
        placed: list[_Placed] = []
        running: list[_Cell] = []  # merged cells begun above, rows still to come

        def place(cell: _Cell, bottom: float) -> None:
            room = int((bottom - cell.top - 2 * look.padding_pt + 0.01) / look.leading_pt)
            now, cell.lines = cell.lines[:room], cell.lines[room:]
            box = (xs[cell.col], cell.top, xs[cell.col + cell.colspan], bottom)
            placed.append(_Placed(*box, cell.col, tuple(now), cell.header))

        def need(cell: _Cell) -> float:
            return max(len(cell.lines), 1) * look.leading_pt + 2 * look.padding_pt

        def set_row(cells: list[_Cell], height: float, last: bool) -> None:
            """Put a row down; `last` closes the merged cells that end with it."""
            for cell in cells:
                cell.top = self.y
            running.extend(cells)
            self.y += height
            for cell in list(running):
                cell.rowspan -= last
                if cell.rowspan == 0:
                    place(cell, self.y)
                    running.remove(cell)

        def height_of(cells: list[_Cell]) -> float:
            tall = [need(cell) for cell in cells if cell.rowspan == 1]
            tall += [need(c) - (self.y - c.top) for c in running if c.rowspan == 1]
            return max([*tall, look.leading_pt + 2 * look.padding_pt])

        def set_head() -> None:
            for cells in [[replace(c, lines=list(c.lines)) for c in row] for row in head]:
                set_row(cells, height_of(cells), last=True)

        def turn_page() -> None:
            for cell in running:
                place(cell, self.y)
            self._draw(plan, placed)
            placed.clear()
            self.new_page()
            held, running[:] = list(running), []
            if plan.repeat_header:
                set_head()
            for cell in held:
                cell.top = self.y
            running.extend(held)

        set_head()
        for cells in body:
            height, fresh = height_of(cells), False
            while self.y + height > floor:
                lines = int((floor - self.y - 2 * look.padding_pt) / look.leading_pt)
                open_cells = [c for c in [*cells, *running] if c.rowspan == 1]
                most = max((len(cell.lines) for cell in open_cells), default=0)
                cut = plan.cut_rows and 0 < lines < most
                if fresh and not cut:
                    raise ValueError(f"no room for a row on a page {self.height} points high")
                if cut:
                    set_row(cells, lines * look.leading_pt + 2 * look.padding_pt, last=False)
                    cells = []
                turn_page()
                height, fresh = height_of(cells), True
            set_row(cells, height, last=True)
        self._draw(plan, placed)

    def _draw(self, plan: Plan, cells: list[_Placed]) -> None:
        look, canvas = plan.look, self.canvas
        for cell in cells:
            font = _BOLD[look.font] if cell.header else look.font
            canvas.setFont(font, look.size_pt)
            height = len(cell.lines) * look.leading_pt
            spare = cell.bottom - cell.top - 2 * look.padding_pt - height
            baseline = cell.top + look.padding_pt + 0.8 * look.size_pt
            baseline += spare / 2 if look.middle or cell.header else 0.0
            for line in cell.lines:
                x = cell.x0 + look.padding_pt
                if cell.header or cell.col in look.centred:
                    wide = pdfmetrics.stringWidth(line, font, look.size_pt)
                    x = (cell.x0 + cell.x1 - wide) / 2
                self._draw_line(x, baseline, line, font, look)
                baseline += look.leading_pt
        self._draw_walls(plan, cells)

    def _draw_line(self, x: float, baseline: float, line: str, font: str, look: Look) -> None:
        for word in line.split() if look.by_word else [line]:
            self.canvas.drawString(x, self.height - baseline, word)
            x += pdfmetrics.stringWidth(word + " ", font, look.size_pt)

    def _draw_walls(self, plan: Plan, cells: list[_Placed]) -> None:
        border = plan.look.border
        if border == "none":
            return
        self.canvas.setLineWidth(0.5)
        across: dict[float, list[tuple[float, float]]] = {}
        down: dict[float, list[tuple[float, float]]] = {}
        ends = (min(c.x0 for c in cells), max(c.x1 for c in cells))
        foot = max(c.bottom for c in cells)
        open_tops = {c.top for c in cells if not c.header} - {
            min((c.top for c in cells if not c.header), default=0.0)
        }
        for cell in cells:
            for y in (cell.top, cell.bottom):
                bare = cell.col in plan.unwalled and not cell.header
                if not (bare and y in open_tops and y != foot):
                    across.setdefault(y, []).append((cell.x0, cell.x1))
            for x in (cell.x0, cell.x1):
                if border != "across" and not (border == "open" and x in ends):
                    down.setdefault(x, []).append((cell.top, cell.bottom))
        if border == "rects" and not plan.unwalled:
            for c in cells:
                self.canvas.rect(c.x0, self.height - c.bottom, c.x1 - c.x0, c.bottom - c.top)
            return
        for y, spans in across.items():
            for start, end in _joined(spans):
                self._wall(start, y, end, y, border)
        for x, spans in down.items():
            for start, end in _joined(spans):
                self._wall(x, start, x, end, border)

    def _wall(self, x0: float, y0: float, x1: float, y1: float, border: str) -> None:
        canvas, flat = self.canvas, y0 == y1
        if border == "gaps":
            short = GAP_PT / 2
            x0, x1 = (x0 + short, x1 - short) if flat else (x0, x1)
            y0, y1 = (y0, y1) if flat else (y0 + short, y1 - short)
        if border == "boxes":
            thick = 0.48
            box = (x0, self.height - y1, max(x1 - x0, thick), max(y1 - y0, thick))
            canvas.rect(*box, stroke=0, fill=1)
            return
        for off in (-DOUBLE_PT / 2, DOUBLE_PT / 2) if border == "double" else (0.0,):
            dx, dy = (0.0, off) if flat else (off, 0.0)
            canvas.line(x0 + dx, self.height - y0 - dy, x1 + dx, self.height - y1 - dy)


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that touch or overlap put together."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 0.01:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def typeset(plan: Plan, height: float = 842.0, title: str = "") -> bytes:
    """One table on pages just wide enough for it."""
    sheet = Sheet(width=sum(plan.widths) + 112.0, height=height)
    if title:
        sheet.text(title, bold=True, centred=True)
        sheet.skip(8)
    sheet.table(plan)
    return sheet.finish()
