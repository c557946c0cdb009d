"""Tables without rules: columns of words under a line of headers.

The Program/Anggaran list under a Perjanjian Kinerja has no rules at all. It is known by
its header: a line of at least two header words set well apart. What stands below in the
same columns is its body; it ends where a line runs over the columns, where a wide gap
opens, or where a signature block begins. Without a value in its body it is no table.

Camelot's "network" and "hybrid" parsers find such tables too, but make every printed
line a row and take signature blocks along; see docs/ARCHITECTURE.md for the figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rktdata.extract.headers import is_column_numbers, is_header_text
from rktdata.extract.rows import NUMBER, VALUE
from rktdata.extract.textcolumns import Segment, borders, column_of, lines_by_column, segments
from rktdata.schemas.values import Grid, GridCell, Line

# The body goes on while lines follow within this many line heights of each other.
LEADING = 2.2
# From the header to the first line of the body there may be more room.
FIRST_LEADING = 4.0
_STARTS_ROW = re.compile(r"(?:\d{1,3}|[A-Za-z])[.)](?:\s|$)")
_LOOKS_AMOUNT = re.compile(r"(?:Rp\.?\s?)?\d{1,3}(?:[.,]\d{3})+(?:,-|,\d\d)?")


def find_unruled(lines: Sequence[Line], page: int) -> tuple[list[Grid], list[Line]]:
    """Tables without rules among a page's lines, and the lines that are left.

    Args:
        lines: Top to bottom, none of them inside a ruled grid.
        page: Number of the page.
    """
    grids: list[Grid] = []
    taken: set[int] = set()
    number = 0
    while number < len(lines):
        header = _header_at(lines, number)
        body = _body(lines, number + header[1], header[0]) if header else None
        if header is None or body is None:
            number += 1
            continue
        columns, _ = header
        rows, end = body
        grids.append(_grid(columns, rows, page))
        taken.update(range(number, end))
        number = end
    return grids, [line for i, line in enumerate(lines) if i not in taken]


def _header_at(lines: Sequence[Line], number: int) -> tuple[list[list[Segment]], int] | None:
    """Header columns that begin at a line, and how many lines they take."""
    found = segments(lines[number])
    if len(found) < 2 or any(_is_value(segment.text) for segment in found):
        return None
    if not all(is_header_text(segment.text) and len(segment.text) < 60 for segment in found):
        return None
    columns = [[segment] for segment in found]
    depth = 1
    while number + depth < len(lines):
        line = lines[number + depth]
        if line.baseline - lines[number + depth - 1].baseline > 1.6 * line.size:
            break
        below = segments(line)
        places = [column_of(segment, columns) for segment in below]
        texts = [segment.text for segment in below]
        numbers = is_column_numbers(texts)
        fits = None not in places and len(set(places)) == len(places)
        if not fits or not (numbers or all(is_header_text(t) or t.startswith("(") for t in texts)):
            break
        if not numbers:
            for segment, place in zip(below, places, strict=True):
                columns[place or 0].append(segment)
        depth += 1
    return columns, depth


def _is_value(text: str) -> bool:
    return VALUE.fullmatch(text) is not None and any(ch.isdigit() for ch in text)


def _body(
    lines: Sequence[Line], start: int, columns: list[list[Segment]]
) -> tuple[list[list[list[Line]]], int] | None:
    """Rows (column to lines) under a header, and the index of the first line after them."""
    rows: list[list[list[Line]]] = []
    end, previous = start, lines[start - 1].baseline if start else 0.0
    valued = -1
    for number in range(start, len(lines)):
        line = lines[number]
        room = (FIRST_LEADING if number == start else LEADING) * line.size
        if line.baseline - previous > max(room, 14.0):
            break
        placed = _placed(line, columns)
        if placed is None:
            break
        value = any(_is_amount_column(columns[c], text) for c, text in placed)
        numbered = _STARTS_ROW.match(line.text) or NUMBER.fullmatch(line.words[0].text)
        several = len({c for c, _ in placed}) > 1
        if not rows or value or (numbered and several):
            rows.append([[] for _ in columns])
        elif several and not value:
            break  # several texts side by side and no value: a signature block
        for column, piece in lines_by_column(line, columns).items():
            rows[-1][column].append(piece)
        if value:
            valued, end = len(rows) - 1, number + 1
        elif valued == len(rows) - 1 and valued >= 0:
            end = number + 1
        previous = line.baseline
    if valued < 0:
        return None
    return rows[: valued + 1], end


def _placed(line: Line, columns: list[list[Segment]]) -> list[tuple[int, str]] | None:
    placed: list[tuple[int, str]] = []
    for segment in segments(line):
        column = column_of(segment, columns)
        if column is None:
            return None
        placed.append((column, segment.text))
    return placed


def _is_amount_column(column: list[Segment], text: str) -> bool:
    """Whether a text is a value of its column: an amount, or a number under no "No"."""
    if _LOOKS_AMOUNT.fullmatch(text):
        return True
    title = " ".join(segment.text for segment in column).lower()
    return _is_value(text) and not title.startswith("no")


def _grid(
    columns: list[list[Segment]],
    rows: list[list[list[Line]]],
    page: int,
) -> Grid:
    """The grid round a header and its rows; borders halfway between the texts."""
    heads: list[list[Line]] = [[] for _ in columns]
    for number, column in enumerate(columns):
        heads[number] = [segment.as_line() for segment in column]
    everything = [heads, *rows]
    xs = borders(everything)
    tops = [min(ln.box[1] for cell in row for ln in cell) for row in everything]
    ys = (*tops, max(ln.box[3] for row in everything for cell in row for ln in cell))
    cells = tuple(
        GridCell(r, c, 1, 1, (xs[c], ys[r], xs[c + 1], ys[r + 1]), tuple(row[c]))
        for r, row in enumerate(everything)
        for c in range(len(columns))
    )
    return Grid(page, "tanpa-garis", xs, ys, cells, ("tanpa-garis",))
