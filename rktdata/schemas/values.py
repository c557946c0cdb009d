"""The values that pass between the stages: pages, words, grids, tables, prose.

All coordinates are PDF points (1/72 inch) from the top left corner of the page as a
reader sees it (after the page's own /Rotate); boxes are (x0, top, x1, bottom).
Page numbers start at 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Box: TypeAlias = tuple[float, float, float, float]
# In quotes, and NumPy below loaded by what makes a page: whoever has no pages at hand, as
# the parent of worker processes, does not wait for it.
Floats: TypeAlias = "NDArray[np.float64]"
Ints: TypeAlias = "NDArray[np.int64]"
Bools: TypeAlias = "NDArray[np.bool_]"

# How a glyph is known; see `Glyphs.ocr`.
PRINTED, READ, DOUBTFUL = 0, 1, 2
# Marks of a cell and a record: read from a picture; a value, or only a word, is in doubt.
OCR, OCR_DOUBT, OCR_WORDS_DOUBT = "ocr", "ocr-ragu", "ocr-kata-ragu"
# Remarks on a page: most of its text is invisible, as a scanner's own layer is; it should
# have been read from its picture, and was not.
HIDDEN_LAYER, UNREAD = "lapisan-tersembunyi", "belum-dibaca"


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """The visible glyphs of one page, as parallel columns in content order.

    Attributes:
        text: n strings of one to three characters (a ligature is written out);
            a space is " ".
        x0, top, x1, bottom: n floats each, the glyph's advance box, points.
        baseline: n floats, the y of the line that the glyph stands on.
        size: n floats, font size in points.
        bold: n flags.
        clip: n indexes into `Page.clips`, -1 where the glyph is not clipped.
        turn: n quarter turns clockwise (0-3) by which the glyph itself stands turned.
        ocr: n numbers: PRINTED (the PDF says what it is), READ (by OCR) or DOUBTFUL (by
            OCR, and something speaks against it). All PRINTED where it is left out.
    """

    text: NDArray[np.str_]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    baseline: Floats
    size: Floats
    bold: Bools
    clip: Ints
    turn: Ints
    ocr: Ints = field(default_factory=lambda: _printed(0))

    def __post_init__(self) -> None:
        if len(self.ocr) != len(self.text):
            object.__setattr__(self, "ocr", _printed(len(self.text)))

    def __len__(self) -> int:
        return len(self.text)


def _printed(count: int) -> Ints:
    """PRINTED for so many glyphs."""
    import numpy as np

    return np.full(count, PRINTED, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Drawn straight strokes of one page, the raw material of table walls.

    Attributes:
        horizontal: n x 4 floats (x0, x1, y, thickness).
        vertical: n x 4 floats (top, bottom, x, thickness).
        fills: n x 4 floats, boxes of filled areas that are no strokes.
    """

    horizontal: Floats
    vertical: Floats
    fills: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page as a reader sees it, whatever read it (pdfium, pdfplumber, OCR).

    Attributes:
        number: From 1.
        width, height: Points, of the coordinates used here.
        turn: Quarter turns clockwise (0-3) by which the coordinates here were turned
            from the displayed page so that most text stands upright; sources are
            given on the displayed page.
        images: Boxes of pictures.
        clips: m x 4 floats, clipping boxes that `glyphs.clip` points into.
        set_aside: Glyphs that are no part of the reading, by reason
            ("tak-terlihat", "di-luar-halaman", "dobel"), none of them a space.
        found: How many glyphs other than spaces the reader met, `set_aside` included.
        reader: "pdfium", "pdfplumber" or "ocr".
        remarks: What the reader noticed ("tanpa-unicode", ...).
        bend: For a page that lay askew on the scanner: (a, b, c, d, e, f) takes the
            coordinates used here (x, y) to (a x + c y + e, b x + d y + f), where they
            stand on the page before it was straightened; None where they stand there.
    """

    number: int
    width: float
    height: float
    turn: int
    glyphs: Glyphs
    rules: Rules
    images: tuple[Box, ...]
    clips: Floats
    set_aside: dict[str, int]
    found: int
    reader: str
    remarks: tuple[str, ...] = ()
    bend: tuple[float, float, float, float, float, float] | None = None

    def emptied(self) -> Page:
        """What is told of the page once it is laid out: its content takes memory."""
        import numpy as np

        none, no_indexes = np.zeros(0), np.zeros(0, dtype=np.int64)
        no_boxes = np.zeros((0, 4))
        glyphs = Glyphs(
            text=np.zeros(0, dtype=np.str_),
            x0=none,
            top=none,
            x1=none,
            bottom=none,
            baseline=none,
            size=none,
            bold=np.zeros(0, dtype=np.bool_),
            clip=no_indexes,
            turn=no_indexes,
        )
        rules = Rules(no_boxes, no_boxes, no_boxes)
        return replace(self, glyphs=glyphs, rules=rules, clips=no_boxes)


class Word(NamedTuple):
    """Glyphs that stand together on one line.

    `glyphs` counts the glyphs other than spaces; `spaced` says that a printed space
    or a gap as wide as one stands before it; `ocr` is the worst of its glyphs'.
    """

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    glyphs: int
    spaced: bool = True
    ocr: int = PRINTED


class Line(NamedTuple):
    """Words on one baseline, left to right.

    Attributes:
        text: The words, one space between them where one is printed.
        box: Of all the words.
        words: At least one.
        page: From 1.
    """

    text: str
    box: Box
    words: tuple[Word, ...]
    page: int

    @property
    def glyphs(self) -> int:
        """Glyphs other than spaces."""
        return sum([word.glyphs for word in self.words])

    @property
    def bold(self) -> bool:
        """Whether most of it is bold."""
        return 2 * sum(w.glyphs for w in self.words if w.bold) > self.glyphs

    @property
    def size(self) -> float:
        """The largest font size in points."""
        return max([word.size for word in self.words])

    @property
    def baseline(self) -> float:
        """Of its first word, points."""
        return self.words[0].baseline


class GridCell(NamedTuple):
    """A cell of one page's piece of a table; row and col count from 0."""

    row: int
    col: int
    rowspan: int
    colspan: int
    box: Box
    lines: tuple[Line, ...]
    marks: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is printed in it."""
        return not self.lines


GridKind: TypeAlias = Literal["bergaris", "setengah-bergaris", "tanpa-garis"]


@dataclass(frozen=True, slots=True)
class Grid:
    """One page's piece of a table, before it is known what belongs to what.

    Attributes:
        page: From 1.
        kind: Fully ruled, half ruled, or without rules.
        xs, ys: Column and row borders, points, ascending; len - 1 columns and rows.
        cells: Every cell once, by row and column; together they tile the grid.
        marks: How it was found or repaired.
    """

    page: int
    kind: GridKind
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    marks: tuple[str, ...] = ()

    @property
    def box(self) -> Box:
        """Its outer borders."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


class Source(NamedTuple):
    """A place on a page from which text was taken: page, box, glyphs without spaces."""

    page: int
    box: Box
    glyphs: int


class Cell(NamedTuple):
    """One table cell as printed, and how we came to read it so.

    Attributes:
        text: Line breaks are one space, typos kept; "" is a cell printed empty.
        sources: Each piece's place.
        marks: What was done to it, in order, e.g. ("sambung-halaman", "isi-gabungan").
    """

    text: str
    sources: tuple[Source, ...] = ()
    marks: tuple[str, ...] = ()


RowKind: TypeAlias = Literal["data", "bagian"]


@dataclass(frozen=True, slots=True)
class Row:
    """A logical row: one cell (or None, nothing printed) per leaf column.

    `page` is where it begins; kind "bagian" is a section row that spans the table.
    """

    page: int
    cells: tuple[Cell | None, ...]
    kind: RowKind = "data"


@dataclass(frozen=True, slots=True)
class Join:
    """Why two pages' pieces were taken for one table (or why not, `joined` False)."""

    first_page: int
    second_page: int
    joined: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A logical table, whole over its pages.

    Attributes:
        id: "t1", "t2", ... in reading order.
        number: As printed ("3", "II-1"), None where there is none.
        title: Joined over its lines, without the number.
        unit: The unit (unit kerja) whose table it is, as printed.
        pages: Ascending.
        columns: Leaf headers; levels joined by " > "; "" where none is printed.
        rows: Reading order; a tuple, or held packed while the document is read.
        header_sources: Places of the headers (the first page's).
        repeated_sources: Headers printed again and column-number rows.
        caption: The lines above it that gave number, title and unit.
        repeated_lines: Captions printed again on later pages; among repeated_sources.
        joins: One per page break, with the evidence.
    """

    id: str
    number: str | None
    title: str | None
    unit: str | None
    pages: tuple[int, ...]
    columns: tuple[str, ...]
    rows: Sequence[Row]
    header_sources: tuple[Source, ...] = ()
    repeated_sources: tuple[Source, ...] = ()
    caption: tuple[Line, ...] = ()
    repeated_lines: tuple[Line, ...] = ()
    joins: tuple[Join, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def box_by_page(self) -> dict[int, Box]:
        """The smallest box round the table's text, page by page."""
        boxes: dict[int, Box] = {}
        sources = [s for row in self.rows for c in row.cells if c for s in c.sources]
        for s in [*self.header_sources, *self.repeated_sources, *sources]:
            a, b = boxes.get(s.page, s.box), s.box
            boxes[s.page] = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
        return boxes

    def to_frame(self) -> pd.DataFrame:
        """The cells as printed, one column a leaf header; what prints nothing is NA.

        A header that is there twice, or not printed, gets its column's number, from 1.

        >>> row = Row(1, (Cell("Angka melek huruf"), None, Cell("98,5 %")))
        >>> Table("t1", None, None, None, (1,), ("Indikator", "", "Target"), (row,)).to_frame()
                   Indikator kolom 2  Target
        0  Angka melek huruf    <NA>  98,5 %
        """
        from rktdata.output.frames import table_to_frame

        return table_to_frame(self)


BlockKind: TypeAlias = Literal["judul", "prosa", "butir", "kepala-kaki", "keterangan-tabel"]


@dataclass(frozen=True, slots=True)
class Block:
    """Text outside the tables: a heading, a paragraph, a list item, a running head.

    Attributes:
        kind: judul (heading), prosa, butir (list item), kepala-kaki (running head or
            foot), keterangan-tabel (a table's caption).
        text: Lines joined as in a cell.
        marker: The list item's or heading's own number as printed ("1.1.", "a.", "-").
        level: Nesting of list items, from 0; by marker style and indent.
        lines: Reading order; a block may run over pages.
    """

    kind: BlockKind
    text: str
    lines: tuple[Line, ...]
    marker: str | None = None
    level: int = 0

    @property
    def page(self) -> int:
        """Where it begins."""
        return self.lines[0].page

    @property
    def sources(self) -> tuple[Source, ...]:
        """The place of each line."""
        return tuple(Source(line.page, line.box, line.glyphs) for line in self.lines)


@dataclass(frozen=True, slots=True)
class PageLedger:
    """Where every glyph of a page went; `masuk` must equal the sum of the rest.

    Attributes:
        halaman: From 1.
        masuk: Glyphs met by the reader, spaces left out.
        keluar: By kind: sel, judul, prosa, kepala_kaki, kepala_ulang, sisa, and what
            the reader set aside (tak-terlihat, di-luar-halaman, dobel).
        sisa: Boxes and text of what is left over.
    """

    halaman: int
    masuk: int
    keluar: dict[str, int]
    sisa: tuple[tuple[str, Box], ...] = ()

    @property
    def seimbang(self) -> bool:
        """Whether every glyph is accounted for."""
        return self.masuk == sum(self.keluar.values())


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What is told of each page in the document's JSON."""

    halaman: int
    lebar: float
    tinggi: float
    putaran: int
    pembaca: str
    catatan: tuple[str, ...] = field(default=())
