"""Pages' pieces put together to whole tables.

After a page break each cell is decided by itself: a new row's, the second half of the
cell above, or a merged cell that runs on. Merged cells are filled after stitching,
never before: a cell's lines stay one draft, whatever rows and pages it covers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rktdata.extract.drafts import Draft, DraftRow, finished
from rktdata.extract.headers import cell_text, fold, is_column_numbers
from rktdata.extract.pieces import Piece, column_shift, group_pieces
from rktdata.extract.rows import MARKED, VALUE, had_room, is_number
from rktdata.extract.walls import snap
from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import GridCell, Join, Line, Row, Source, Table

# A text that ends so goes on: a conjunction, a preposition, an open bracket.
_OPEN_END = re.compile(
    r"(?:\b(?:dan|atau|yang|di|ke|dari|untuk|dengan|oleh|pada|dalam|terhadap|serta|bagi|melalui|"
    r"tentang|antar|per|sesuai|sebagai|secara|guna)|[-,/(&])$",
    re.IGNORECASE,
)
# A text that begins so is the rest of another: lower case, a closing mark.
_REST = re.compile(r"[a-z)\],;:%/]")


@dataclass(frozen=True, slots=True)
class Stitched:
    """Whole tables, and the layouts without the lines that became captions."""

    tables: tuple[Table, ...]
    layouts: tuple[PageLayout, ...]


def stitch(layouts: Sequence[PageLayout]) -> Stitched:
    """Whole tables from the pages' grids.

    Args:
        layouts: In page order, running heads and feet taken out.
    """
    tables: list[Table] = []
    used: set[int] = set()
    unit: str | None = None
    unit_page = 0
    for number, (pieces, joins) in enumerate(group_pieces(layouts), start=1):
        caption = pieces[0].caption
        if caption.unit is None and caption.title is None and unit_page == pieces[0].grid.page:
            own = unit
        else:
            own = caption.unit
        table = build_table(f"t{number}", pieces, joins, own)
        unit, unit_page = table.unit, table.pages[-1]
        tables.append(table)
        for piece in pieces:
            used.update(id(line) for line in piece.caption.lines)
    rest = tuple(
        PageLayout(
            layout.page,
            layout.width,
            layout.height,
            layout.grids,
            tuple(line for line in layout.lines if id(line) not in used),
        )
        for layout in layouts
    )
    return Stitched(tuple(tables), rest)


def build_table(table_id: str, pieces: list[Piece], joins: list[Join], unit: str | None) -> Table:
    """One table from its pieces."""
    xs = _all_borders(pieces)
    first = pieces[0]
    columns, spans = _leaf_headers(first, xs)
    rows: list[DraftRow] = []
    header_sources: list[Source] = []
    repeated_sources: list[Source] = []
    repeated_lines: list[Line] = []
    for number, piece in enumerate(pieces):
        shift = column_shift(first.grid.xs, piece.grid.xs) or 0.0
        target = header_sources if number == 0 else repeated_sources
        for cell in piece.grid.cells:
            if cell.row in piece.header and cell.lines:
                into = target if piece.header.names(cell.row) else repeated_sources
                into.extend(_cell_sources(cell))
        found = _draft_rows(piece, xs, shift)
        kept = [row for row in found if not _is_header_again(row, first.names)]
        for row in found:
            if row not in kept:
                repeated_sources.extend(
                    s for cell in row.cells if cell for s in _line_sources(cell.lines)
                )
        if rows and kept:
            kept = _join_break(rows, kept, xs)
        rows.extend(kept)
        if number:
            repeated_lines.extend(piece.caption.lines)
            repeated_sources.extend(_line_sources(piece.caption.lines))
    caption = first.caption
    return Table(
        id=table_id,
        number=caption.number,
        title=caption.title,
        unit=unit,
        pages=tuple(sorted({piece.grid.page for piece in pieces})),
        columns=columns,
        rows=_finish(rows, spans),
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
        fold(cell.text)
        for cell, first in zip(row.cells, row.first, strict=True)
        if cell is not None and first and cell.lines
    ]
    return len(own) > 2 and all(text in names for text in own)


def _table_marks(pieces: list[Piece]) -> tuple[str, ...]:
    marks: list[str] = []
    for piece in pieces:
        kind = () if piece.grid.kind == "bergaris" else (piece.grid.kind,)
        marks.extend(mark for mark in (*kind, *piece.grid.marks) if mark not in marks)
    return tuple(marks)


def _all_borders(pieces: list[Piece]) -> tuple[float, ...]:
    """The borders of all pieces, moved onto the first page's."""
    import numpy as np

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


def _draft_rows(piece: Piece, xs: tuple[float, ...], shift: float) -> list[DraftRow]:
    """A piece's data rows; rows in which nothing is printed are left out."""
    count = len(xs) - 1
    numbers = [row for row in range(len(piece.grid.ys) - 1) if row not in piece.header]
    rows = {row: DraftRow(piece.grid.page, [None] * count, [False] * count) for row in numbers}
    for cell in piece.grid.cells:
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


def _join_break(
    above: list[DraftRow], below: list[DraftRow], xs: tuple[float, ...]
) -> list[DraftRow]:
    """Join what a page break has cut; gives the rows below that are rows of their own."""
    last, first = above[-1], below[0]
    states = [
        _state(last, first, column, xs, _openers([*above, *below[1:]], first, column))
        for column in range(len(first.cells))
    ]
    half = _is_half(last, first, states)
    for column, state in enumerate(states):
        upper, lower = last.cells[column], first.cells[column]
        if upper is None or lower is None:
            continue
        if state == "rest" or (half and state == "maybe"):
            upper.lines.extend(lower.lines)
            upper.mark("sambung-halaman")
            _replace(below, column, lower, upper)
        elif state == "empty" and (half or _runs_on(above, first, column, states)):
            if upper.lines and not half:
                upper.mark("sambung-halaman")
            _replace(below, column, lower, upper)
    return below[1:] if half else below


def _replace(rows: list[DraftRow], column: int, old: Draft, new: Draft) -> None:
    for row in rows:
        if row.cells[column] is old:
            row.cells[column] = new
            row.first[column] = False


def _openers(rows: list[DraftRow], first: DraftRow, column: int) -> set[str]:
    """Words with which at least two other cells of the column begin ("Persentase")."""
    cells = {
        id(cell): cell
        for row in rows
        if (cell := row.cells[column]) is not None
        and cell.lines
        and cell is not first.cells[column]
    }
    counts = Counter(cell.lines[0].words[0].text for cell in cells.values())
    return {word for word, count in counts.items() if count > 1}


def _state(
    last: DraftRow, first: DraftRow, column: int, xs: tuple[float, ...], openers: set[str]
) -> str:
    """What the first cell below a break is: "empty", "new", "rest", or "maybe" the rest."""
    upper, lower = last.cells[column], first.cells[column]
    if lower is None or not lower.lines:
        return "empty"
    if upper is None or not upper.lines or upper.colspan != lower.colspan:
        return "new"
    text, before = lower.text, upper.text
    if is_number(lower.lines[0]) or MARKED.match(text):
        return "new"
    if VALUE.fullmatch(text):
        return "rest" if _OPEN_END.search(before) and not VALUE.fullmatch(before) else "new"
    if _REST.match(text) or _OPEN_END.search(before):
        return "rest"
    word = lower.lines[0].words[0].text
    if len(word) > 4 and word in openers:
        return "new"
    if had_room(upper.lines[-1], lower.lines[0], xs[column], xs[column + lower.colspan]):
        return "new"
    # A merged cell whose text reaches down to the page's end had no room for its rest.
    merged = upper.rowspan > 1 or lower.rowspan > 1
    line = upper.lines[-1]
    return "rest" if merged and upper.bottom - line.box[3] < 0.5 * line.size else "maybe"


def _is_half(last: DraftRow, first: DraftRow, states: list[str]) -> bool:
    """Whether the whole first row is the second half of the last row above."""
    if "new" in states or not {"rest", "maybe"} & set(states):
        return False
    if "rest" in states:
        return True
    if _only_text(last) is not None and _only_text(last) == _only_text(first):
        return True  # a section row whose last line was full
    # Every text might go on or not. A row that prints no value of its own while the row
    # above has one is no row.
    return any(
        state == "empty"
        and upper is not None
        and lower is not None
        and VALUE.fullmatch(upper.text or " ")
        for state, upper, lower in zip(states, last.cells, first.cells, strict=True)
    )


def _only_text(row: DraftRow) -> int | None:
    """The column of a row's text when there is one only."""
    columns = [number for number, cell in enumerate(row.cells) if cell is not None and cell.lines]
    return columns[0] if len(columns) == 1 else None


def _runs_on(above: list[DraftRow], first: DraftRow, column: int, states: list[str]) -> bool:
    """Whether an empty cell at a page's top is a merged cell that runs on.

    It stands left of the row's first text, and its column has merged cells.
    """
    if any(state != "empty" for state in states[:column]) or all(s == "empty" for s in states):
        return False
    printed = [c for c in first.cells if c is not None and c.lines]
    if len(printed) == 1 and printed[0].colspan > 1:
        return False  # a section row
    upper = above[-1].cells[column]
    if upper is None or not upper.lines:
        return False
    spans = [row.cells[column] for row in above]
    return any(a is b and a is not None and a.lines for a, b in zip(spans, spans[1:], strict=False))


def _finish(rows: list[DraftRow], spans: list[tuple[int, int]]) -> tuple[Row, ...]:
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
    return tuple(finished_rows)


def _cell_sources(cell: GridCell) -> list[Source]:
    return _line_sources(cell.lines)


def _line_sources(lines: Sequence[Line]) -> list[Source]:
    return [Source(line.page, line.box, line.glyphs) for line in lines]
