"""Which pages' pieces are one table: the evidence for and against each join.

Pieces belong together when their columns stand at the same places, nothing titled
stands between them, and numbering runs on. Equal headers alone prove nothing: each
unit's table has the same. Each decision is recorded with its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rktdata.extract.captions import is_continuation_note, read_caption
from rktdata.extract.headers import Header, find_header, find_repeated, header_names
from rktdata.schemas.document import Caption, PageLayout
from rktdata.schemas.values import Grid, Join, Line

# Borders this near are the same column's (points), after shifting one page on the other.
BORDER_PT = 4.0
# Share of the borders that must be found again on the next page.
BORDER_SHARE = 0.75
# A table that ends this far above the page's last text line has ended (share of height).
ROOM_SHARE = 0.3
# Of a table's pieces, the last and so many of the first keep their cells until it is whole.
WHOLE_PIECES = 16
# A new header on a later page names this share of the columns.
NAMED_SHARE = 0.6
_FOOTNOTE = re.compile(r"\(?\*|sumber\b|keterangan\b|ket\b|catatan\b|\d+\)", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]?", re.ASCII)


@dataclass(frozen=True)
class Piece:
    """One page's grid with what stands above and below it, and its header.

    Attributes:
        at: Which of the pages it is on, and which of that page's grids it is, from 0.
        grid: Without its cells where they are not needed for the pieces that follow.
        caption: What the lines above say of the table.
        caption_at: Places of its lines in the page's.
        above, below: Lines between the grid and the one before, and under the last.
        header: Which of its rows are the header.
        page_height: Points.
        room: How far above the lowest text of such pages the grid ends, points.
    """

    at: tuple[int, int]
    grid: Grid
    caption: Caption
    caption_at: tuple[int, ...]
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    header: Header
    page_height: float
    room: float = 0.0

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The header's texts, top row first, folded for comparison."""
        return header_names(self.grid, self.header)

    def emptied(self) -> Piece:
        """What is kept of a piece in the middle of a long table."""
        return replace(self, grid=replace(self.grid, cells=()), above=(), below=())


def pieces_of(layout: PageLayout, index: int) -> list[Piece]:
    """A page's grids, each with the lines between it and the one above.

    Args:
        layout: The page.
        index: Which of the document's pages it is, from 0.
    """
    pieces: list[Piece] = []
    floor = float("-inf")
    for number, grid in enumerate(layout.grids):
        top, bottom = grid.ys[0], grid.ys[-1]
        beside = grid.box
        above = [
            (at, line)
            for at, line in enumerate(layout.lines)
            if floor <= line.baseline <= top + 1
            and (line.box[2] > beside[0] - 40 and line.box[0] < beside[2] + 40)
        ]
        lines = tuple(line for _, line in above)
        caption = read_caption(lines, layout.width)
        last = number == len(layout.grids) - 1
        below = tuple(line for line in layout.lines if last and line.baseline > bottom)
        pieces.append(
            Piece(
                at=(index, number),
                grid=grid,
                caption=caption,
                caption_at=tuple(at for at, _ in above[len(above) - len(caption.lines) :]),
                above=lines,
                below=below,
                header=find_header(grid),
                page_height=layout.height,
            )
        )
        floor = bottom
    return pieces


def group_pieces(layouts: Sequence[PageLayout]) -> Iterator[tuple[list[Piece], list[Join]]]:
    """Every table's pieces in order, with the joins that were made or refused.

    Of a table of many pages, not all pieces still have their cells.
    """
    floors = _floors(layouts)
    pieces: list[Piece] = []
    joins: list[Join] = []
    for index, layout in enumerate(layouts):
        for number, found in enumerate(pieces_of(layout, index)):
            piece = replace(found, room=floors[layout.height] - found.grid.ys[-1])
            join = None
            if pieces and number == 0 and pieces[-1].grid.page == layout.page - 1:
                join, piece = _judge(pieces, piece)
                if join is not None and join.joined:
                    if len(pieces) > WHOLE_PIECES:
                        pieces[-1] = pieces[-1].emptied()
                    pieces.append(piece)
                    joins.append(join)
                    continue
            if pieces:
                yield pieces, joins
            pieces, joins = [piece], [] if join is None else [join]
    if pieces:
        yield pieces, joins


def _is_strong_header(piece: Piece) -> bool:
    """Whether most of a later page's columns are named: rows of data begin with such words too."""
    return len(piece.names) >= max(2, NAMED_SHARE * (len(piece.grid.xs) - 1))


def _is_caption_again(caption: Caption, first: Caption) -> bool:
    """Whether a page repeats the table's caption, or only the form line with its unit."""
    if caption.number is None and caption.title is None:
        return caption.unit == first.unit
    same = (caption.number, caption.title) == (first.number, first.title)
    return same and caption.unit in (first.unit, None)


def _floors(layouts: Sequence[PageLayout]) -> dict[float, float]:
    """How far down text and tables reach on the fullest page of each height, points."""
    floors: dict[float, float] = {}
    for layout in layouts:
        bottoms = [box[3] for box in (*layout.boxes, *(line.box for line in layout.lines))]
        floors[layout.height] = max([floors.get(layout.height, 0.0), *bottoms])
    return floors


def _judge(before: list[Piece], piece: Piece) -> tuple[Join | None, Piece]:
    """Whether a piece goes on with a table; None where the columns differ anyway.

    The piece comes back with the header that the table has taught to see in it.
    """
    last, first = before[-1], before[0]
    pages = (last.grid.page, piece.grid.page)
    if column_shift(first.grid.xs, piece.grid.xs) is None:
        return None, piece
    evidence = ["kolom-sama"]
    against: list[str] = []

    repeated_header = find_repeated(piece.grid, first.names) if first.names else Header()
    same_header = bool(piece.names) and piece.names == first.names
    if same_header:
        evidence.append("kepala-sama")
    elif repeated_header.depth:
        piece = replace(piece, header=repeated_header)
        whole = piece.names == first.names
        evidence.append("kepala-sama" if whole else "kepala-sebagian")
        same_header = True
    elif first.names and not _is_strong_header(piece):
        piece = replace(piece, header=Header())
        evidence.append("tanpa-kepala")
    elif piece.names and first.names:
        against.append("kepala-lain")
    elif piece.names and not first.names:
        against.append("kepala-baru")
    else:
        evidence.append("tanpa-kepala")

    caption = piece.caption
    if caption.number or caption.title or caption.unit:
        if _is_caption_again(caption, first.caption):
            evidence.append("judul-berulang")
        elif any(is_continuation_note(line) for line in piece.above):
            evidence.append("lanjutan")
        else:
            against.append("berjudul")
    loose = [
        line
        for line in piece.above
        if line not in piece.caption.lines and not is_continuation_note(line)
    ]
    if loose:
        against.append("teks-di-atas")
    if any(not _FOOTNOTE.match(line.text) for line in last.below):
        against.append("teks-di-bawah")

    numbering = _numbering(last, piece)
    if numbering:
        (evidence if numbering == "nomor-lanjut" else against).append(numbering)
    if last.room > max(ROOM_SHARE * last.page_height, 1.2 * _first_row_height(piece)):
        against.append("ruang-tersisa")

    strong = bool({"nomor-lanjut", "judul-berulang", "lanjutan"} & set(evidence))
    fatal = {"berjudul", "kepala-lain", "kepala-baru", "teks-di-bawah"} & set(against)
    # Numbers start again under each programme, and a table may leave room at a page's
    # foot: alone each proves nothing under the same header, or where a new table would
    # have printed one; together they part tables.
    doubts = {"nomor-ulang", "ruang-tersisa"} & set(against)
    headless = bool(first.names) and not piece.names
    parted = len(doubts) > 1 or (bool(doubts) and not same_header and not headless)
    unheard = "teks-di-atas" in against
    joined = not fatal and (strong or not (parted or unheard))
    return Join(*pages, joined, tuple(evidence + [f"bukan:{name}" for name in against])), piece


def _first_row_height(piece: Piece) -> float:
    """Of the first data row, points: a row that did not fit goes to the next page whole."""
    ys, row = piece.grid.ys, piece.header.end
    return ys[row + 1] - ys[row] if row + 1 < len(ys) else 0.0


def column_shift(base: tuple[float, ...], other: tuple[float, ...]) -> float | None:
    """How far `other` must be moved for its borders to meet `base`; None where they do not.

    Pages may be shifted against each other; a page may lack a border whose cells are
    all merged there.
    """
    fewer = min(len(base), len(other))
    for shift in (0.0, base[0] - other[0], base[-1] - other[-1]):
        met = sum(any(abs(x + shift - b) <= BORDER_PT for b in base) for x in other)
        ends = (
            abs(other[0] + shift - base[0]) <= 2 * BORDER_PT
            and abs(other[-1] + shift - base[-1]) <= 2 * BORDER_PT
        )
        enough = met >= max(BORDER_SHARE * fewer, min(3, fewer)) and met >= BORDER_SHARE * len(
            other
        )
        if ends and enough and abs(shift) < 60:
            return shift
    return None


def _numbering(last: Piece, piece: Piece) -> str | None:
    """Whether the first column's numbers run on over the break."""
    before = [n for n in _numbers(last) if n is not None]
    after = [n for n in _numbers(piece) if n is not None]
    if not before or not after:
        return None
    if after[0] == before[-1] + 1:
        return "nomor-lanjut"
    return "nomor-ulang" if after[0] <= 1 else None


def _numbers(piece: Piece) -> list[int | None]:
    found: list[int | None] = []
    for cell in piece.grid.cells:
        if cell.col == 0 and cell.row not in piece.header and cell.lines:
            for line in cell.lines:
                match = _NUMBER.fullmatch(line.text.strip())
                if match:
                    found.append(int(match.group(1)))
    return found
