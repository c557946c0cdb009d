"""Tables with horizontal rules only.

Rules of the same length stand over each other: one above the header, one below it, one
at the end, perhaps one under each row. The header's words say where the columns are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rktdata.extract.headers import is_header_text
from rktdata.extract.textcolumns import Segment, borders, column_of, lines_by_column, segments
from rktdata.extract.walls import Walls, meetings
from rktdata.schemas.values import Floats, Grid, GridCell, Line

# Rules of one table begin and end this near each other (points).
ENDS_PT = 6.0
# Fewer rules are running heads and footnotes; shorter ones underline words (points).
FEWEST_RULES = 3
SHORTEST_PT = 150.0
NAMED_SHARE = 0.6
# Where more of the lines than this run over several columns, they are prose.
PROSE_SHARE = 0.3


def find_half_ruled(
    walls: Walls, lines: Sequence[Line], ruled: Sequence[Grid], page: int
) -> tuple[list[Grid], list[Line]]:
    """Half-ruled tables of a page, and the lines that stand in none of them.

    Args:
        walls: The page's strokes, joined.
        lines: Top to bottom, none of them inside a ruled grid.
        ruled: The page's ruled grids; none stands within a half-ruled table.
        page: Its number.
    """
    grids: list[Grid] = []
    rest = list(lines)
    for group in _rule_groups(walls):
        x0, x1, ys = float(group[:, 0].min()), float(group[:, 1].max()), group[:, 2].tolist()
        if any(grid.ys[0] < ys[-1] and grid.ys[-1] > ys[0] for grid in ruled):
            continue
        if any(grid.ys[0] < ys[-1] and grid.ys[-1] > ys[0] for grid in ruled):
            continue
        inside = [
            line
            for line in rest
            if ys[0] < line.baseline < ys[-1] and x0 - ENDS_PT <= line.box[0] <= x1 + ENDS_PT
        ]
        grid = _grid(ys, inside, page)
        if grid is not None:
            grids.append(grid)
            rest = [line for line in rest if line not in inside]
    return grids, rest


def _rule_groups(walls: Walls) -> list[Floats]:
    """Groups of long rules with the same ends that no vertical stroke touches."""
    horizontal, vertical = walls.horizontal, walls.vertical
    if len(horizontal) and len(vertical):
        horizontal = np.delete(horizontal, meetings(horizontal, vertical)[0], axis=0)
    horizontal = horizontal[horizontal[:, 1] - horizontal[:, 0] >= SHORTEST_PT]
    groups: list[Floats] = []
    left = np.ones(len(horizontal), dtype=bool)
    for i in range(len(horizontal)):
        if not left[i]:
            continue
        same = left & (np.abs(horizontal[:, :2] - horizontal[i, :2]).max(axis=1) <= ENDS_PT)
        left &= ~same
        group = horizontal[same]
        group = group[np.argsort(group[:, 2])]
        # A doubled rule counts once.
        apart = np.concatenate([[True], np.diff(group[:, 2]) > 3.2])
        if np.count_nonzero(apart) >= FEWEST_RULES:
            groups.append(group[apart])
    return groups


def _grid(ys: list[float], lines: list[Line], page: int) -> Grid | None:
    """The grid between rules; None where the first band is no header."""
    header = [line for line in lines if line.baseline < ys[1]]
    body = [line for line in lines if line.baseline >= ys[1]]
    if not header or not body:
        return None
    columns, parents = _columns(header, body)
    texts = [" ".join(segment.text for segment in column) for column in columns]
    named = sum(map(is_header_text, texts))
    if len(columns) < 2 or named < NAMED_SHARE * len(columns):
        return None
    running = sum(None in [column_of(s, columns) for s in segments(line)] for line in body)
    if running > PROSE_SHARE * len(body):
        return None
    rows: list[list[list[Line]]] = [[[s.as_line() for s in column] for column in columns]]
    for top, bottom in zip(ys[1:], ys[2:], strict=False):
        row: list[list[Line]] = [[] for _ in columns]
        for line in body:
            if top <= line.baseline < bottom:
                for number, part in lines_by_column(line, columns).items():
                    row[number].append(part)
        rows.append(row)
    xs = borders(rows)
    cells = [
        GridCell(r, c, 1, 1, (xs[c], top, xs[c + 1], bottom), tuple(row[c]))
        for r, (row, top, bottom) in enumerate(zip(rows, ys, ys[1:], strict=False))
        for c in range(len(columns))
    ]
    if parents:
        cells, ys = _with_parents(cells, parents, xs, ys)
    return Grid(page, "setengah-bergaris", xs, tuple(ys), tuple(cells), ("setengah-bergaris",))


def _columns(
    header: list[Line], body: list[Line]
) -> tuple[list[list[Segment]], list[tuple[Segment, int, int]]]:
    """The leaf columns of a header, left to right, and the names over several of them.

    Read from the lowest line up, since the leaves stand at the bottom. A name with
    nothing under it in the body stands over its neighbours.

    Returns:
        The columns' segments; and (segment, first column, column after the last).
    """
    columns: list[list[Segment]] = []
    parents: list[Segment] = []
    filled = [segment for line in body for segment in segments(line)]
    for line in reversed(header):
        for segment in segments(line):
            over = [column for column in columns if any(_overlap(segment, s) for s in column)]
            if len(over) > 1 or (
                not over
                and not any(_overlap(segment, s) for s in filled)
                and _between_lower(segment, columns)
            ):
                parents.append(segment)
            elif over:
                over[0].insert(0, segment)
            else:
                columns.append([segment])
    columns.sort(key=lambda column: min(s.x0 for s in column))
    spans: list[tuple[Segment, int, int]] = []
    for parent in parents:
        span = _span(parent, columns)
        if span is not None:
            spans.append(span)
        else:  # over no other name: a line of its nearest column's
            middle = parent.x0 + parent.x1
            near = min(columns, key=lambda c: min(abs(s.x0 + s.x1 - middle) for s in c))
            near.insert(0, parent)
    return columns, spans


def _between_lower(segment: Segment, columns: list[list[Segment]]) -> bool:
    """Whether a name stands over the gap between two columns named further down."""
    base, middle = segment.words[0].baseline, segment.x0 + segment.x1
    centres = [
        column[-1].x0 + column[-1].x1
        for column in columns
        if all(s.words[0].baseline > base + 1 for s in column)
    ]
    return any(c < middle for c in centres) and any(c > middle for c in centres)


def _overlap(a: Segment, b: Segment) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1


def _span(parent: Segment, columns: list[list[Segment]]) -> tuple[Segment, int, int] | None:
    """The columns under a parent: those beside it that have no name on its height."""
    base = parent.words[0].baseline
    lower = [all(s.words[0].baseline > base + 1 for s in column) for column in columns]
    middle = (parent.x0 + parent.x1) / 2
    centres = [(column[-1].x0 + column[-1].x1) / 2 for column in columns]
    nearest = min(
        (i for i in range(len(columns)) if lower[i]),
        key=lambda i: abs(centres[i] - middle),
        default=None,
    )
    if nearest is None:
        return None
    start, end = nearest, nearest + 1
    while start > 0 and lower[start - 1]:
        start -= 1
    while end < len(columns) and lower[end]:
        end += 1
    return (parent, start, end) if end - start > 1 else None


def _with_parents(
    cells: list[GridCell],
    parents: list[tuple[Segment, int, int]],
    xs: tuple[float, ...],
    ys: list[float],
) -> tuple[list[GridCell], list[float]]:
    """The cells with a header row more, for the parents over several columns."""
    middle = (ys[0] + ys[1]) / 2
    covered = {c for _, start, end in parents for c in range(start, end)}
    moved: list[GridCell] = []
    for cell in cells:
        if cell.row == 0 and cell.col not in covered:
            moved.append(GridCell(0, cell.col, 2, 1, cell.box, cell.lines))
        else:
            moved.append(GridCell(cell.row + 1, cell.col, 1, 1, cell.box, cell.lines))
    for parent, start, end in parents:
        box = (xs[start], ys[0], xs[end], middle)
        moved.append(GridCell(0, start, 1, end - start, box, (parent.as_line(),)))
    moved.sort(key=lambda cell: (cell.row, cell.col))
    return moved, [ys[0], middle, *ys[1:]]
