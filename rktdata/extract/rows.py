"""Several logical rows inside one ruled row, and number cells without walls.

Authors leave out walls: the "No" column runs on without rules between its numbers, or a
box holds two indicators in one cell and their two targets in the next. Lines that align
over the columns and begin something of their own are rows; wrapped text is not. Only
positive evidence splits: a column of numbers or values whose every line stands beside
the beginning of an item.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

from rktdata.schemas.values import Grid, GridCell, Line

# A row number alone on its line: "3", "3.", "(3)", "a.", "IV".
NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[IVX]{1,5})[.)]{0,2}", re.ASCII)
# A line that begins an item: a bullet, a number with its stop, "Output:".
MARKED = re.compile(
    r"(?:[-–•▪➢*]\s?|\(?(?:\d{1,2}|[a-z])[.)](?!\d)\s?|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s(?=[A-Za-z])|"
    r"\d{1,2},\s?(?=[A-Z])|[A-Z][a-z]+ ?: ?)\S"
)
# The level that a line names, highest first; an item of a lower level is another row's.
LEVELS = ("urusan", "bidang", "program", "kegiatan", "sub")
_LEVEL = re.compile(
    rf"(?:\(?(?:\d{{1,2}}|[A-Za-z])[.,)]\s?)?({'|'.join(LEVELS)})\b(?! dan\b)", re.IGNORECASE
)
BULLET = re.compile(r"[-–•▪➢*]")
# A value complete on its line: "75 %", "12 bulan", "Rp. 400.000.000,-", "-".
VALUE = re.compile(
    r"[<>≥≤=]?\s?(?:Rp\.?\s?)?\d[\d.,]*(?:,-)?\s?(?:%|[A-Za-z/]+\.?(?: [A-Za-z/]+)?)?"
    r"|-|[A-D]{1,2}|W[TD]P"
)
# Baselines this near (font sizes) are one line over the columns.
ALIGN_EM = 0.35
# A line's own box begins this far above its baseline (font sizes).
ASCENT_EM = 0.8
# A gap between lines this many times the cell's narrowest begins a new item.
GAP_RATIO = 1.4
# A list of at least so many items, this share of them with a value, is a row each.
FEWEST_ITEMS = 3
VALUED_SHARE = 0.7
# Text this near to its cell's middle (share of the height) is centred.
CENTRED_SHARE = 0.15
# Text keeps at most this far from its cell's walls (points); a deeper indent is its own.
MOST_PADDING_PT = 8.0


def split_rows(grid: Grid) -> Grid:
    """The grid with one row per logical row.

    Args:
        grid: Rows as ruled.

    Returns:
        The same text in the same columns; cells made by cutting carry the mark
        "sel-terbelah".
    """
    grid = _cut_number_cells(grid)
    cuts = {row: found for row in range(len(grid.ys) - 1) if (found := _cuts(grid, row))}
    return _cut_rows(grid, cuts) if cuts else grid


def row_cells(grid: Grid, row: int) -> list[GridCell]:
    """The cells that begin in a row, left to right."""
    cells, row_of = grid.cells, attrgetter("row")
    start = bisect_left(cells, row, key=row_of)
    return list(cells[start : bisect_right(cells, row, start, key=row_of)])


def is_number(line: Line) -> bool:
    """Whether the line is a row number and nothing else."""
    return NUMBER.fullmatch(line.text) is not None


def _cut_number_cells(grid: Grid) -> Grid:
    """Cut cells over several rows that hold a number or a value for each of them."""
    cells: list[GridCell] = []
    for cell in grid.cells:
        if cell.rowspan < 2 or not (_holds_numbers(cell) or _holds_row_values(grid, cell)):
            cells.append(cell)
            continue
        by_row = _numbers_by_row(grid, cell)
        starts = sorted({cell.row, *by_row})
        for start, end in pairwise([*starts, cell.row + cell.rowspan]):
            box = (cell.box[0], grid.ys[start], cell.box[2], grid.ys[end])
            part = tuple(by_row.get(start, ()))
            marks = (*cell.marks, "sel-terbelah")
            cells.append(
                cell._replace(row=start, rowspan=end - start, box=box, lines=part, marks=marks)
            )
    return replace(grid, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _holds_numbers(cell: GridCell) -> bool:
    return len(cell.lines) >= 2 and all(is_number(line) for line in cell.lines)


def _holds_row_values(grid: Grid, cell: GridCell) -> bool:
    """Whether a cell over several rows holds one value per row, each beside its row's text."""
    if len(cell.lines) != cell.rowspan or not all(VALUE.fullmatch(ln.text) for ln in cell.lines):
        return False
    for row, line in enumerate(cell.lines, start=cell.row):
        beside = [c for c in grid.cells if c.row == row and c.rowspan == 1 and c.lines]
        if not any(_aligned(line, c.lines[0]) for c in beside):
            return False
    return True


def _numbers_by_row(grid: Grid, cell: GridCell) -> dict[int, list[Line]]:
    """The row that each of a cell's row numbers belongs to.

    As many numbers as cells beside them belong to one each, in order, even where a
    number is printed a row too high; else the height decides.
    """
    beside = [
        c.row
        for c in grid.cells
        if c.col == cell.col + cell.colspan and cell.row <= c.row < cell.row + cell.rowspan
    ]
    if len(beside) == len(cell.lines):
        return {row: [line] for row, line in zip(beside, cell.lines, strict=True)}
    by_row: dict[int, list[Line]] = {}
    for line in cell.lines:
        middle = line.baseline - 0.3 * line.size
        row = cell.row
        while row < cell.row + cell.rowspan - 1 and middle >= grid.ys[row + 1]:
            row += 1
        by_row.setdefault(row, []).append(line)
    return by_row


def _cuts(grid: Grid, row: int) -> list[float]:
    """Baselines at which a second, third ... logical row begins inside a ruled row."""
    cells = [c for c in row_cells(grid, row) if c.rowspan == 1 and c.lines]
    if not any(len(c.lines) > 1 for c in cells):
        return []
    accepted: list[float] = []
    for cell in cells:
        if len(cell.lines) < 2:
            continue
        others = [c for c in cells if c is not cell]
        if all(is_number(line) for line in cell.lines):
            candidates = [ln for ln in cell.lines[1:] if _beside_any(ln, others)]
            if len(candidates) == len(cell.lines) - 1:
                accepted.extend(line.baseline for line in candidates)
        elif all(VALUE.fullmatch(line.text) for line in cell.lines):
            candidates = [ln for ln in cell.lines[1:] if _beside_start(ln, others)]
            if len(candidates) == len(cell.lines) - 1:
                accepted.extend(line.baseline for line in candidates)
    for cell in cells:
        others = [c for c in cells if c is not cell]
        accepted.extend(_level_cuts(cell, others))
        accepted.extend(_list_cuts(cell, others))
    if not accepted:
        return []
    size = min(c.lines[0].size for c in cells)
    cuts: list[float] = []
    for y in sorted(accepted):
        if not cuts or y - cuts[-1] > ALIGN_EM * size:
            cuts.append(y)
    return cuts


def _level_cuts(cell: GridCell, others: list[GridCell]) -> list[float]:
    """Baselines of the lines at which a cell goes down a level ("Program ...", "1. Kegiatan ...").

    Only where a value stands beside the last of them: then it is that item's, and the
    lines above it are rows that print none.
    """
    cuts: list[Line] = []
    lowest = -1
    if len(cell.lines) < 2:
        return []
    for number, line in enumerate(cell.lines):
        named = _LEVEL.match(line.text)
        level = LEVELS.index(named.group(1).lower()) if named else -1
        if number == 0:
            if level < 0:
                return []
        elif level > lowest:
            cuts.append(line)
        lowest = max(lowest, level)
    values = [c for c in others if all(VALUE.fullmatch(line.text) for line in c.lines)]
    if not cuts or not any(_aligned(cuts[-1], c.lines[0]) for c in values):
        return []
    return [line.baseline for line in cuts]


def _list_cuts(cell: GridCell, others: list[GridCell]) -> list[float]:
    """Baselines of the items of a list, each beside a value of its own at any of its lines.

    Values stand in the middle of their items where the cell is centred; then no line
    begins beside them, but each item has one.
    """
    if len(cell.lines) < FEWEST_ITEMS:
        return []
    starts = [line for line in cell.lines if MARKED.match(line.text)]
    if len(starts) < FEWEST_ITEMS:
        return []
    first = [line.baseline - ALIGN_EM * line.size for line in starts]
    for other in others:
        if len(other.lines) < FEWEST_ITEMS or not all(
            VALUE.fullmatch(line.text) for line in other.lines
        ):
            continue
        items = [bisect_right(first, line.baseline) for line in other.lines]
        apart = items[0] > 0 and all(a < b for a, b in pairwise(items))
        if apart and len(items) >= VALUED_SHARE * len(starts):
            return [line.baseline for line in starts if line is not cell.lines[0]]
    return []


def _aligned(a: Line, b: Line) -> bool:
    return abs(a.baseline - b.baseline) <= ALIGN_EM * min(a.size, b.size)


def _beside_any(line: Line, others: list[GridCell]) -> bool:
    return any(_aligned(line, o) for cell in others for o in cell.lines)


def _beside_start(line: Line, others: list[GridCell]) -> bool:
    """Whether an item begins in another column on the line's height."""
    return any(
        _aligned(line, cell.lines[i]) and _begins_item(cell, i)
        for cell in others
        for i in range(len(cell.lines))
    )


def _begins_item(cell: GridCell, i: int) -> bool:
    """Whether line i of a cell begins an item.

    It is marked, set off by a gap, or its first word had room on the line above: then
    that line was not broken for want of room.
    """
    if i == 0 or is_number(cell.lines[i]):
        return False
    line, above = cell.lines[i], cell.lines[i - 1]
    if MARKED.match(line.text):
        return True
    gaps = [b.baseline - a.baseline for a, b in pairwise(cell.lines)]
    if len(gaps) > 1 and gaps[i - 1] > GAP_RATIO * min(gaps):
        return True
    return line.text[:1].isupper() and had_room(above, line, cell.box[0], cell.box[2])


def had_room(above: Line, below: Line, left: float, right: float) -> bool:
    """Whether the first word of a line would have fitted on the line above it.

    Args:
        above: A line.
        below: The line under it.
        left: The cell's left border, points; its padding is taken off.
        right: The cell's right border.
    """
    padding = min(max(min(above.box[0], below.box[0]) - left, 1.0), MOST_PADDING_PT)
    word = below.words[0]
    used = above.box[2] - above.box[0] + 0.25 * above.size + word.box[2] - word.box[0]
    return used <= right - left - 2 * padding


def _cut_rows(grid: Grid, cuts: dict[int, list[float]]) -> Grid:
    """Cut ruled rows at baselines; cells spanning them grow along."""
    ys: list[float] = []
    first_of: list[int] = []  # ruled row -> its first new row
    for row in range(len(grid.ys) - 1):
        first_of.append(len(ys))
        ys.append(grid.ys[row])
        lines = [ln for c in row_cells(grid, row) for ln in c.lines]
        size = min((line.size for line in lines), default=0.0)
        ys.extend(y - ASCENT_EM * size for y in cuts.get(row, ()))
    first_of.append(len(ys))
    ys.append(grid.ys[-1])

    cells: list[GridCell] = []
    for cell in grid.cells:
        start, end = first_of[cell.row], first_of[cell.row + cell.rowspan]
        if cell.row not in cuts or cell.rowspan > 1:
            cells.append(cell._replace(row=start, rowspan=end - start))
            continue
        numbered = _rows_are_numbered(grid, cell.row, len(cuts[cell.row]))
        cells.extend(_parts(cell, ys, start, end, numbered))
    return replace(
        grid,
        ys=tuple(ys),
        cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))),
        marks=(*grid.marks, "baris-terbelah"),
    )


def _rows_are_numbered(grid: Grid, row: int, cuts: int) -> bool:
    """Whether each part of the ruled row has a number of its own."""
    for cell in row_cells(grid, row):
        marks = [ln for ln in cell.lines if MARKED.match(ln.text) and not BULLET.match(ln.text)]
        numbers = sum(is_number(line) for line in cell.lines)
        if numbers > cuts or len(marks) > VALUED_SHARE * cuts:
            return True
    return False


def _parts(cell: GridCell, ys: list[float], start: int, end: int, numbered: bool) -> list[GridCell]:
    """A cell cut over the new rows start to end (exclusive).

    Text that stands in the first part only is the whole row's (as a merged cell),
    unless each part is numbered, or it is a value.
    """
    lines: list[list[Line]] = [[] for _ in range(start, end)]
    row = start
    for line in cell.lines:
        # A line that begins in lower case goes on with the one above: text is not cut in two.
        goes_on = line.text[:1].islower() and any(lines)
        while not goes_on and row + 1 < end and line.baseline - 0.3 * line.size >= ys[row + 1]:
            row += 1
        lines[row - start].append(line)
    printed = [number for number, part in enumerate(lines) if part]
    if len(printed) == 1 and _is_for_all(cell, printed[0], end - start, numbered):
        return [cell._replace(row=start, rowspan=end - start)]
    return [
        cell._replace(
            row=start + i,
            rowspan=1,
            box=(cell.box[0], ys[start + i], cell.box[2], ys[start + i + 1]),
            lines=tuple(part),
            marks=(*cell.marks, "sel-terbelah"),
        )
        for i, part in enumerate(lines)
    ]


def _is_for_all(cell: GridCell, band: int, bands: int, numbered: bool) -> bool:
    """Whether a cell's text in one part of the row is meant for all of its parts.

    It stands in the first, or in the middle of a cell over many; a value in the first is
    the first's own, and so is anything where each part has a number.
    """
    text = " ".join(line.text for line in cell.lines)
    if band == 0:
        return not numbered and (VALUE.fullmatch(text) is None or is_number(cell.lines[0]))
    middle = (cell.lines[0].box[1] + cell.lines[-1].box[3]) / 2
    height = cell.box[3] - cell.box[1]
    centred = abs(middle - (cell.box[1] + cell.box[3]) / 2) < CENTRED_SHARE * height
    return bands >= FEWEST_ITEMS and centred and VALUE.fullmatch(text) is None
