"""Pages' pieces put together to whole tables.

Merged cells are filled after stitching, never before: a cell's lines stay one draft,
whatever rows and pages it covers. What a page break has cut is joined in breaks.py; what no
break to come can change is finished, so that a long table is held once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rktdata.extract.breaks import RowsAbove, join_break
from rktdata.extract.drafts import Draft, DraftRow, finished
from rktdata.extract.headers import cell_text, fold, is_column_numbers
from rktdata.extract.pieces import Piece, column_shift, group_pieces
from rktdata.extract.walls import snap
from rktdata.packed import PackedRuns
from rktdata.schemas.document import PageLayout, PagesWithout
from rktdata.schemas.values import Grid, GridCell, Join, Line, Row, Source, Table

# Rows of a table until they are held packed.
PLAIN_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Stitched:
    """Whole tables, each put together when it is asked for.

    Attributes:
        tables: In reading order.
        layouts: When all tables are there: without the lines that became captions.
    """

    tables: Iterator[Table]
    layouts: Sequence[PageLayout]


def stitch(layouts: Sequence[PageLayout]) -> Stitched:
    """Whole tables from the pages' grids.

    Args:
        layouts: In page order, running heads and feet taken out; of a table's pages each is
            looked at twice.
    """
    captions: list[set[int]] = [set() for _ in range(len(layouts))]
    return Stitched(_tables(layouts, captions), PagesWithout(layouts, captions))


def _tables(layouts: Sequence[PageLayout], captions: Sequence[set[int]]) -> Iterator[Table]:
    """The tables; the places of their captions' lines are put into `captions`, by page."""
    unit: str | None = None
    unit_page = 0
    for number, (pieces, joins) in enumerate(group_pieces(layouts), start=1):
        caption = pieces[0].caption
        if caption.unit is None and caption.title is None and unit_page == pieces[0].grid.page:
            own = unit
        else:
            own = caption.unit
        grids = (piece.grid if piece.grid.cells else _grid(layouts, piece) for piece in pieces)
        table = build_table(f"t{number}", pieces, grids, joins, own)
        unit, unit_page = table.unit, table.pages[-1]
        for piece in pieces:
            captions[piece.at[0]].update(piece.caption_at)
        yield table


def _grid(layouts: Sequence[PageLayout], piece: Piece) -> Grid:
    page, number = piece.at
    return layouts[page].grids[number]


def build_table(
    table_id: str,
    pieces: list[Piece],
    grids: Iterable[Grid],
    joins: list[Join],
    unit: str | None,
) -> Table:
    """One table from its pieces and their grids."""
    xs = _all_borders(pieces)
    first = pieces[0]
    names = first.names
    columns, spans = _leaf_headers(first, xs)
    above = RowsAbove()
    rows: list[Row] | PackedRuns[Row] = []
    drafts: list[DraftRow] = []
    header_sources: list[Source] = []
    repeated_sources: list[Source] = []
    repeated_lines: list[Line] = []
    for number, (piece, grid) in enumerate(zip(pieces, grids, strict=True)):
        shift = column_shift(first.grid.xs, piece.grid.xs) or 0.0
        target = header_sources if number == 0 else repeated_sources
        for cell in grid.cells:
            if cell.row in piece.header and cell.lines:
                into = target if piece.header.names(cell.row) else repeated_sources
                into.extend(_cell_sources(cell))
        found = _draft_rows(piece, grid, xs, shift)
        kept: list[DraftRow] = []
        for row in found:
            if _is_header_again(row, names):
                repeated_sources.extend(
                    s for cell in row.cells if cell for s in _line_sources(cell.lines)
                )
            else:
                kept.append(row)
        if number and kept:
            kept = join_break(above, kept, xs, pieces[number - 1].room)
        above.extend(kept)
        drafts += kept
        done = _count_done(drafts)
        rows.extend(_finish(drafts[:done], spans))
        del drafts[:done]
        if isinstance(rows, list) and len(rows) > PLAIN_ROWS:
            rows = PackedRuns(rows)
        if number:
            repeated_lines.extend(piece.caption.lines)
            repeated_sources.extend(_line_sources(piece.caption.lines))
    rows.extend(_finish(drafts, spans))
    caption = first.caption
    return Table(
        id=table_id,
        number=caption.number,
        title=caption.title,
        unit=unit,
        pages=tuple(sorted({piece.grid.page for piece in pieces})),
        columns=columns,
        rows=tuple(rows) if isinstance(rows, list) else rows,
        header_sources=tuple(header_sources),
        repeated_sources=tuple(repeated_sources),
        caption=caption.lines,
        repeated_lines=tuple(repeated_lines),
        joins=tuple(joins),
        marks=_table_marks(pieces),
    )


def _is_header_again(row: DraftRow, names: tuple[str, ...]) -> bool:
    """Whether a row among the data numbers the columns or names them once more."""
    if is_column_numbers(row.texts()):
        return True
    own = [
        cell.text
        for cell, first in zip(row.cells, row.first, strict=True)
        if cell is not None and first and cell.lines
    ]
    return len(own) > 2 and all(fold(text) in names for text in own)


def _table_marks(pieces: list[Piece]) -> tuple[str, ...]:
    marks: list[str] = []
    for piece in pieces:
        kind = () if piece.grid.kind == "bergaris" else (piece.grid.kind,)
        marks.extend(mark for mark in (*kind, *piece.grid.marks) if mark not in marks)
    return tuple(marks)


def _all_borders(pieces: list[Piece]) -> tuple[float, ...]:
    """The borders of all pieces, moved onto the first page's."""
    base = pieces[0].grid.xs
    extra = [
        x + shift
        for piece in pieces[1:]
        for shift in [column_shift(base, piece.grid.xs) or 0.0]
        for x in piece.grid.xs
        if all(abs(x + shift - b) > 4.0 for b in base)
    ]
    inner = [x for x in snap(np.array(extra)) if base[0] < x < base[-1]] if extra else []
    return tuple(sorted([*base, *inner]))


def _column_of(x: float, xs: tuple[float, ...]) -> int:
    right = bisect_left(xs, x)
    if right in (0, len(xs)):
        return min(right, len(xs) - 1)
    return right if xs[right] - x < x - xs[right - 1] else right - 1


def _leaf_headers(
    piece: Piece, xs: tuple[float, ...]
) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """Leaf headers, levels joined by " > ", and the columns (from, to) each covers."""
    count = len(xs) - 1
    paths: list[list[GridCell]] = [[] for _ in range(count)]
    for cell in piece.grid.cells:
        if piece.header.names(cell.row):
            start = _column_of(cell.box[0], xs)
            end = max(start + 1, _column_of(cell.box[2], xs))
            for column in range(start, min(end, count)):
                paths[column].append(cell)
    columns: list[str] = []
    spans: list[tuple[int, int]] = []
    start = 0
    for column in range(1, count + 1):
        same = (
            column < count
            and paths[column]
            and paths[start]
            and paths[column][-1] is paths[start][-1]
        )
        if same:
            continue
        texts = [text for cell in paths[start] if (text := cell_text(cell))]
        everywhere = [cell for cell in paths[start] if cell.colspan >= len(piece.grid.xs) - 1]
        if len(texts) > 1 and everywhere:  # a title in a box over the whole width
            texts = [
                t
                for cell, t in zip(paths[start], map(cell_text, paths[start]), strict=True)
                if t and cell not in everywhere
            ]
        columns.append(" > ".join(texts))
        spans.append((start, column))
        start = column
    return tuple(columns), spans


def _draft_rows(piece: Piece, grid: Grid, xs: tuple[float, ...], shift: float) -> list[DraftRow]:
    """A piece's data rows; rows in which nothing is printed are left out."""
    count = len(xs) - 1
    numbers = [row for row in range(len(grid.ys) - 1) if row not in piece.header]
    rows = {row: DraftRow(grid.page, [None] * count, [False] * count) for row in numbers}
    for cell in grid.cells:
        covered = [row for row in range(cell.row, cell.row + cell.rowspan) if row in rows]
        if not covered or cell.row in piece.header:
            continue
        left = _column_of(cell.box[0] + shift, xs)
        right = max(left + 1, _column_of(cell.box[2] + shift, xs))
        draft = Draft(list(cell.lines), list(cell.marks), right - left, cell.rowspan, cell.box[3])
        for row in covered:
            rows[row].cells[left] = draft
            rows[row].first[left] = row == covered[0]
    return [row for row in rows.values() if _own(row)]


def _own(row: DraftRow) -> bool:
    """Whether any text begins in the row."""
    return any(
        c is not None and c.lines and first for c, first in zip(row.cells, row.first, strict=True)
    )


def _count_done(rows: list[DraftRow]) -> int:
    """How many rows have no cell of the last one: what follows can only go on with those."""
    done = max(len(rows) - 1, 0)
    while done and any(
        cell is not None and cell is below
        for cell, below in zip(rows[done - 1].cells, rows[-1].cells, strict=True)
    ):
        done -= 1
    return done


def _finish(rows: list[DraftRow], spans: list[tuple[int, int]]) -> list[Row]:
    """Final rows: drafts under one leaf header joined, merged cells filled in."""
    finished_rows: list[Row] = []
    for row in rows:
        cells = []
        for start, end in spans:
            drafts = [d for d in row.cells[start:end] if d is not None]
            filled = bool(drafts) and not any(row.first[start:end])
            cells.append(finished(drafts, filled) if drafts else None)
        printed = [c for c in cells if c is not None and c.text]
        section = len(printed) == 1 and len(cells) > 2 and "isi-gabungan" not in printed[0].marks
        finished_rows.append(Row(row.page, tuple(cells), "bagian" if section else "data"))
    return finished_rows


def _cell_sources(cell: GridCell) -> list[Source]:
    return _line_sources(cell.lines)


def _line_sources(lines: Sequence[Line]) -> list[Source]:
    return [Source(line.page, line.box, line.glyphs) for line in lines]
