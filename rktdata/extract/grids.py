"""Ruled tables: walls to cells, spans included, and the text in them.

Elementary rectangles without a wall between them are one cell, so that row and column
spans fall out of the geometry. Where outer walls are left out (a table open at its
sides, or cut by the page's end), the ends of the crossing walls stand for them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rktdata.extract.captions import is_caption_start
from rktdata.extract.headers import find_header
from rktdata.extract.walls import TOUCH_PT, Walls, find_walls, merge_rules, snap
from rktdata.extract.words import make_lines
from rktdata.schemas.values import Box, Floats, Glyphs, Grid, GridCell, Ints, Line, Page, Rules

# A wall stands between two rectangles when it covers this share of their border.
COVER = 0.6
# Crossing walls that reach this far over the last border show one that is not drawn.
OPEN_PT = 8.0
# A glyph's middle, above its baseline (font sizes).
MIDDLE_EM = 0.3
# A grid needs this many cells to be a table and no frame.
FEWEST_CELLS = 2
# Shadings smaller than this are marks, not cells (points); more of them are a drawing.
SHADE_PT = 7.0
MOST_SHADES = 600
# A section row between two pieces has at most this height (points) and lines.
SECTION_PT = 45.0
SECTION_LINES = 2
# Strokes and borders are compared pair by pair, so many pairs at once.
MOST_PAIRS = 1_000_000
# Glyphs this near (font sizes) are of one word, even with a wall between them.
GLUE_EM = 0.12


def find_grids(page: Page, walls: Walls) -> tuple[list[Grid], Ints]:
    """The ruled grids of a page, and which glyph stands in which.

    Args:
        page: Its glyphs and shadings.
        walls: Its strokes, joined.

    Returns:
        The grids, top to bottom, and n integers: for each glyph the index of its grid,
        -1 outside.
    """
    inside = np.full(len(page.glyphs), -1, dtype=np.int64)
    frames = [frame for group in find_walls(walls) if (frame := frame_of(group))]
    # A frame drawn inside another one's cell is a table of its own: smaller first.
    frames.sort(key=lambda f: (f.xs[-1] - f.xs[0]) * (f.ys[-1] - f.ys[0]))
    grids: list[Grid] = []
    for frame in [*frames, *_shaded_frames(page.rules.fills, frames)]:
        cells = cells_of(frame)
        if len(cells) < FEWEST_CELLS:
            continue
        grid, members = fill(frame, cells, page, inside)
        shaded = "arsiran" in frame.marks
        if not any(cell.lines for cell in grid.cells) or (shaded and not find_header(grid).depth):
            continue
        inside[members] = len(grids)
        grids.append(grid)
    order = sorted(range(len(grids)), key=lambda i: (grids[i].ys[0], grids[i].xs[0]))
    rank = np.argsort(np.array(order, dtype=np.int64)) if order else np.zeros(0, dtype=np.int64)
    placed = np.where(inside >= 0, rank[inside] if len(rank) else -1, -1)
    return _join_over_sections([grids[i] for i in order], placed, page)


def _join_over_sections(grids: list[Grid], placed: Ints, page: Page) -> tuple[list[Grid], Ints]:
    """Join the halves of a table without outer walls that a section row has parted.

    No vertical wall reaches over such a row, so its rules seem to belong to two tables.
    """
    joined: list[Grid] = []
    new_number: list[int] = []
    g = page.glyphs
    middle_x, middle_y = (g.x0 + g.x1) / 2, g.baseline - MIDDLE_EM * g.size
    placed = placed.copy()
    for number, grid in enumerate(grids):
        section = _section_between(joined[-1], grid) if joined else None
        if section is not None:
            x0, top, x1, bottom = section
            within = (middle_x > x0) & (middle_x < x1) & (middle_y > top) & (middle_y < bottom)
            between = np.nonzero(within & (placed < 0))[0]
            group = np.full(len(g), -1, dtype=np.int64)
            group[between] = 0
            lines = make_lines(g, group, page.number).get(0, [])
            if 0 < len(lines) <= SECTION_LINES and not is_caption_start(lines[0]):
                placed[between] = number
                joined[-1] = _with_section(joined[-1], grid, section, lines)
                new_number.append(len(joined) - 1)
                continue
        new_number.append(len(joined))
        joined.append(grid)
    numbers = np.array(new_number, dtype=np.int64)
    return joined, np.where(placed >= 0, numbers[placed], -1) if len(numbers) else placed


def _section_between(upper: Grid, lower: Grid) -> Box | None:
    """The space of a section row between two pieces; None where they are two tables."""
    gap = lower.ys[0] - upper.ys[-1]
    alike = len(upper.xs) == len(lower.xs) and all(
        abs(a - b) <= 2 * TOUCH_PT for a, b in zip(upper.xs, lower.xs, strict=True)
    )
    open_sides = "tepi-terbuka" in upper.marks and "tepi-terbuka" in lower.marks
    if not alike or not open_sides or not 0 < gap <= SECTION_PT or find_header(lower).depth:
        return None
    return (upper.xs[0], upper.ys[-1], upper.xs[-1], lower.ys[0])


def _with_section(upper: Grid, lower: Grid, box: Box, lines: list[Line]) -> Grid:
    """Both pieces as one grid, the section row between them."""
    rows = len(upper.ys) - 1
    section = GridCell(rows, 0, 1, len(upper.xs) - 1, box, tuple(lines))
    moved = tuple(cell._replace(row=cell.row + rows + 1) for cell in lower.cells)
    return replace(upper, ys=(*upper.ys, *lower.ys), cells=(*upper.cells, section, *moved))


class Frame:
    """Borders of a grid and which of them have walls.

    Attributes:
        xs, ys: Borders, ascending.
        across: (rows + 1) x columns: is there a wall along the top of the rectangle.
        down: rows x (columns + 1): is there a wall along its left side.
        marks: Borders that are not drawn ("tepi-terbuka").
    """

    __slots__ = ("across", "down", "marks", "xs", "ys")

    def __init__(
        self, xs: tuple[float, ...], ys: tuple[float, ...], marks: tuple[str, ...]
    ) -> None:
        self.xs, self.ys, self.marks = xs, ys, marks
        self.across = np.zeros((len(ys), len(xs) - 1), dtype=bool)
        self.down = np.zeros((len(ys) - 1, len(xs)), dtype=bool)


def _shaded_frames(fills: Floats, ruled: list[Frame]) -> list[Frame]:
    """Frames of tables whose cells are shaded and not ruled.

    The edges of the shadings stand for walls. Between two shaded rows the columns go on.
    """
    if len(fills) == 0:
        return []
    free = (fills[:, 2] - fills[:, 0] > SHADE_PT) & (fills[:, 3] - fills[:, 1] > SHADE_PT)
    for frame in ruled:
        x, y = (fills[:, 0] + fills[:, 2]) / 2, (fills[:, 1] + fills[:, 3]) / 2
        free &= ~((x > frame.xs[0]) & (x < frame.xs[-1]) & (y > frame.ys[0]) & (y < frame.ys[-1]))
    b = fills[free]
    if not FEWEST_CELLS <= len(b) <= MOST_SHADES:
        return []
    thin = np.zeros(2 * len(b))
    ends = np.concatenate([b[:, [0, 2]], b[:, [0, 2]]])
    across = np.column_stack([ends, np.concatenate([b[:, 1], b[:, 3]]), thin])
    ends = np.concatenate([b[:, [1, 3]], b[:, [1, 3]]])
    down = np.column_stack([ends, np.concatenate([b[:, 0], b[:, 2]]), thin])
    frames = []
    for walls in find_walls(merge_rules(Rules(across, down, np.empty((0, 4))))):
        found = frame_of(walls)
        if found is not None and len(found.xs) > 2 and len(found.ys) > 2:
            bare = ~found.down[:, 1:-1].any(axis=1)
            found.down[bare] = found.down.any(axis=0)
            found.marks = (*found.marks, "arsiran")
            frames.append(found)
    return frames


def frame_of(walls: Walls) -> Frame | None:
    """Borders and walls of one table; None where the walls enclose nothing."""
    h, v = walls.horizontal, walls.vertical
    xs, ys = snap(v[:, 2]), snap(h[:, 2])
    marks: list[str] = []
    left, right = _open_ends(h, xs)
    top, bottom = _open_ends(v, ys)
    if left is not None or right is not None or top is not None or bottom is not None:
        marks.append("tepi-terbuka")
    xs = (*(() if left is None else (left,)), *xs, *(() if right is None else (right,)))
    ys = (*(() if top is None else (top,)), *ys, *(() if bottom is None else (bottom,)))
    if len(xs) < 2 or len(ys) < 2:
        return None
    frame = Frame(xs, ys, tuple(marks))
    _mark_walls(frame.across, h, np.array(xs), np.array(ys))
    _mark_walls(frame.down.T, v, np.array(ys), np.array(xs))
    if left is not None:
        frame.down[:, 0] = True
    if right is not None:
        frame.down[:, -1] = True
    if top is not None:
        frame.across[0, :] = True
    if bottom is not None:
        frame.across[-1, :] = True
    return frame


def _open_ends(crossing: Floats, borders: tuple[float, ...]) -> tuple[float | None, float | None]:
    """Borders that are not drawn, where at least two crossing walls end alike beyond the last."""
    if not borders:
        return None, None
    found: list[float | None] = []
    for column, sign, border in ((0, -1.0, borders[0]), (1, 1.0, borders[-1])):
        ends = crossing[:, column]
        beyond = ends[sign * (ends - border) > OPEN_PT]
        far = None
        if len(beyond) >= 2:
            end = float(np.median(beyond))
            if np.count_nonzero(np.abs(beyond - end) <= 2 * TOUCH_PT) >= 2:
                far = float(beyond.max() if sign > 0 else beyond.min())
        found.append(far)
    return found[0], found[1]


def _mark_walls(walls: np.ndarray, strokes: Floats, along: Floats, at: Floats) -> None:
    """Mark the border pieces that strokes cover: at x (along - 1) booleans, in place."""
    length = along[1:] - along[:-1]
    cover = np.zeros(walls.shape)
    for some in np.array_split(strokes, 1 + len(strokes) * (len(at) + len(along)) // MOST_PAIRS):
        start, end, place = some[:, :1], some[:, 1:2], some[:, 2:3]
        shared = np.minimum(end, along[1:]) - np.maximum(start, along[:-1])
        np.add.at(cover, np.abs(place - at).argmin(axis=1), shared.clip(0))
    walls |= cover >= COVER * length


def cells_of(frame: Frame) -> list[tuple[int, int, int, int]]:
    """The cells (row, col, rowspan, colspan) between a frame's walls, reading order.

    Rectangles that open to the outside are no cells.
    """
    rows, cols = len(frame.ys) - 1, len(frame.xs) - 1
    label = np.arange(rows * cols).reshape(rows, cols)
    while True:
        new = label.copy()
        joined = ~frame.down[:, 1:-1]
        low = np.minimum(new[:, :-1], new[:, 1:])
        new[:, :-1] = np.where(joined, low, new[:, :-1])
        new[:, 1:] = np.where(joined, np.minimum(low, new[:, 1:]), new[:, 1:])
        joined = ~frame.across[1:-1, :]
        low = np.minimum(new[:-1, :], new[1:, :])
        new[:-1, :] = np.where(joined, low, new[:-1, :])
        new[1:, :] = np.where(joined, np.minimum(low, new[1:, :]), new[1:, :])
        if np.array_equal(new, label):
            break
        label = new
    outside = _open_labels(frame, label)
    values, inverse = np.unique(label, return_inverse=True)
    row_of, col_of = np.divmod(np.arange(label.size), cols)
    inverse = inverse.ravel()
    first_row, first_col = np.full(len(values), rows), np.full(len(values), cols)
    last_row, last_col = np.full(len(values), -1), np.full(len(values), -1)
    np.minimum.at(first_row, inverse, row_of)
    np.minimum.at(first_col, inverse, col_of)
    np.maximum.at(last_row, inverse, row_of)
    np.maximum.at(last_col, inverse, col_of)
    high, wide = last_row - first_row + 1, last_col - first_col + 1
    whole = np.bincount(inverse, minlength=len(values)) == high * wide
    cells: list[tuple[int, int, int, int]] = []
    for i, value in enumerate(values.tolist()):
        if value in outside:
            continue
        if whole[i]:
            cells.append((int(first_row[i]), int(first_col[i]), int(high[i]), int(wide[i])))
        else:
            cells.extend(_rectangles(label == value))
    return sorted(cells)


def _open_labels(frame: Frame, label: np.ndarray) -> set[int]:
    """Areas that lie open on two sides or more: the space beside a table's corner."""
    sides: dict[int, set[str]] = {}
    for name, cells, walls in (
        ("top", label[0], frame.across[0]),
        ("bottom", label[-1], frame.across[-1]),
        ("left", label[:, 0], frame.down[:, 0]),
        ("right", label[:, -1], frame.down[:, -1]),
    ):
        for value in set(cells[~walls].tolist()):
            sides.setdefault(value, set()).add(name)
    return {value for value, open_sides in sides.items() if len(open_sides) >= 2}


def _rectangles(mask: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Cut an area into rectangles: runs of columns that go on over rows unchanged."""
    done: list[tuple[int, int, int, int]] = []
    current: dict[tuple[int, int], int] = {}
    for row in range(mask.shape[0] + 1):
        runs: set[tuple[int, int]] = set()
        if row < mask.shape[0]:
            edges = np.diff(np.concatenate([[0], mask[row].astype(np.int8), [0]]))
            starts = np.nonzero(edges == 1)[0].tolist()
            runs = set(zip(starts, np.nonzero(edges == -1)[0].tolist(), strict=True))
        for run in [r for r in current if r not in runs]:
            first = current.pop(run)
            done.append((first, run[0], row - first, run[1] - run[0]))
        for run in runs:
            current.setdefault(run, row)
    return done


def fill(
    frame: Frame, cells: list[tuple[int, int, int, int]], page: Page, taken: Ints
) -> tuple[Grid, Ints]:
    """Put the page's glyphs into the cells.

    Args:
        frame: Borders and walls.
        cells: (row, col, rowspan, colspan) of each cell.
        page: Its glyphs.
        taken: n integers; glyphs with a number from 0 up belong to another grid.

    Returns:
        The grid and the indexes of its glyphs.
    """
    xs, ys = np.array(frame.xs), np.array(frame.ys)
    owner = np.full((len(ys) - 1, len(xs) - 1), -1, dtype=np.int64)
    for number, (row, col, rowspan, colspan) in enumerate(cells):
        owner[row : row + rowspan, col : col + colspan] = number
    cell_of = assign(page.glyphs, xs, ys, owner)
    cell_of[taken >= 0] = -1
    cell_of = _keep_words_whole(page.glyphs, cell_of)
    lines = make_lines(page.glyphs, cell_of, page.number)
    filled = tuple(
        _cell(number, cell, frame, lines.get(number, [])) for number, cell in enumerate(cells)
    )
    grid = Grid(page.number, "bergaris", frame.xs, frame.ys, filled, frame.marks)
    return grid, np.nonzero(cell_of >= 0)[0]


def _cell(
    number: int, cell: tuple[int, int, int, int], frame: Frame, lines: list[Line]
) -> GridCell:
    row, col, rowspan, colspan = cell
    box: Box = (frame.xs[col], frame.ys[row], frame.xs[col + colspan], frame.ys[row + rowspan])
    return GridCell(row, col, rowspan, colspan, box, tuple(lines))


def assign(glyphs: Glyphs, xs: Floats, ys: Floats, owner: Ints) -> Ints:
    """For each glyph the cell in which its middle stands, -1 for none.

    A glyph that is clipped to a box belongs to the cell that the box stands in:
    spreadsheets cut off what does not fit its cell.
    """
    upright = glyphs.turn % 2 == 0
    x = (glyphs.x0 + glyphs.x1) / 2
    y = np.where(
        upright, glyphs.baseline - MIDDLE_EM * glyphs.size, (glyphs.top + glyphs.bottom) / 2
    )
    col = np.searchsorted(xs, x, side="right") - 1
    row = np.searchsorted(ys, y, side="right") - 1
    within = (col >= 0) & (col < len(xs) - 1) & (row >= 0) & (row < len(ys) - 1)
    cell: Ints = np.where(
        within, owner[np.clip(row, 0, len(ys) - 2), np.clip(col, 0, len(xs) - 2)], -1
    )
    return cell


def _keep_words_whole(glyphs: Glyphs, cell_of: Ints) -> Ints:
    """Give a word that is drawn over a wall to the cell in which most of it stands."""
    n = len(glyphs)
    if n < 2:
        return cell_of
    gap = glyphs.x0[1:] - glyphs.x1[:-1]
    glued = (np.abs(gap) < GLUE_EM * glyphs.size[1:]) & (
        np.abs(glyphs.baseline[1:] - glyphs.baseline[:-1]) < 0.1 * glyphs.size[1:]
    )
    space = glyphs.text == " "
    glued &= ~space[1:] & ~space[:-1] & (glyphs.turn[1:] == 0)
    torn = glued & (cell_of[1:] != cell_of[:-1])
    if not torn.any():
        return cell_of
    chain = np.concatenate([[0], np.cumsum(~glued)])
    result = cell_of.copy()
    for number in np.unique(chain[1:][torn]).tolist():
        members = np.nonzero(chain == number)[0]
        values, counts = np.unique(cell_of[members], return_counts=True)
        result[members] = values[counts.argmax()]
    return result
