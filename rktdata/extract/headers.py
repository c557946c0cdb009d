"""Header rows: how deep a table's header is, and which rows only number its columns.

Headers have several levels ("Target Kinerja" over "2020" to "2024"), are repeated on
later pages, and often stand over a row that numbers the columns: "(1) (2) (3)",
"1 2 3", "[1]", "8=(7/6)", "12 = 8+9+10+11".
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from rktdata.extract.rows import NUMBER, VALUE
from rktdata.extract.text import join_lines
from rktdata.schemas.values import Grid, GridCell

_COLUMN_NUMBER = re.compile(
    r"[(\[{-]?\s?(\d{1,2})\s?[)\]}-]?(?:\s?=\s?[\d\s()+/*x×:%-]+)?|\(?[\d\s()+/*x×:-]+\)?(?:\s?[*x×]\s?100)?%?"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:tahun|thn\.?|target)?\s*(?:19|20)\d\d", re.IGNORECASE)
# A header has no more rows than this.
DEEPEST = 5


@cache
def _vocabulary() -> frozenset[str]:
    text = resources.files("rktdata.extract").joinpath("headers.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["begins"])


def cell_text(cell: GridCell) -> str:
    """A cell's text, its lines joined."""
    return join_lines(line.text for line in cell.lines)


def is_header_text(text: str) -> bool:
    """Whether a text is made like a column's header.

    >>> is_header_text("Indikator Kinerja"), is_header_text("2020"), is_header_text("Meningkatnya mutu")
    (True, True, False)
    """
    if _YEAR.fullmatch(text.strip()):
        return True
    words = [w.lower() for w in _LETTERS.findall(text)]
    if not words:
        return text.strip() in {"%", "(%)", "+/-"}
    known = _vocabulary()
    first, joined = words[0], "".join(words)
    return (
        first in known
        or " ".join(words[:2]) in known
        # A narrow column breaks its header inside a word: "Satua n", "Targe t".
        or (len(words) <= 3 and any(len(k) > 4 and joined.startswith(k) for k in known))
    )


def is_column_numbers(texts: list[str]) -> bool:
    """Whether a row's texts number the columns.

    >>> is_column_numbers(["(1)", "(2)", "(3)"]), is_column_numbers(["1", "75", "85"])
    (True, False)
    >>> is_column_numbers(["1", "2", "3", "4", "5", "8=(7/6)", "9"])
    True
    """
    printed = [text.strip() for text in texts if text.strip()]
    if len(printed) < 3:
        return False
    matches = [_COLUMN_NUMBER.fullmatch(text) for text in printed]
    if not all(matches):
        return False
    numbers = [int(m.group(1)) for m in matches if m and m.group(1)]
    steps = sum(1 for a, b in zip(numbers, numbers[1:], strict=False) if b - a == 1)
    return len(numbers) >= 3 and numbers[0] <= 2 and steps >= 0.6 * (len(numbers) - 1)


def row_cells(grid: Grid, row: int) -> list[GridCell]:
    """The cells that begin in a row, left to right."""
    return [cell for cell in grid.cells if cell.row == row]


def find_header(grid: Grid) -> tuple[int, int]:
    """How many rows are the header, and how many more number the columns.

    (0, 0) where the grid begins with its data; (0, 1) where only the numbers are repeated.
    """
    rows = len(grid.ys) - 1
    for row in range(min(rows, DEEPEST + 1)):
        texts = [cell_text(cell) for cell in row_cells(grid, row)]
        if is_column_numbers(texts):
            return row, 1
    return _named_rows(grid, rows), 0


def _named_rows(grid: Grid, rows: int) -> int:
    """Rows of header words at the top, when nothing numbers the columns."""
    if rows < 2:
        first = row_cells(grid, 0)
        return 1 if rows == 1 and _is_named(first) and len([c for c in first if c.lines]) > 1 else 0
    first = row_cells(grid, 0)
    if not _is_named(first):
        # A title in a box over the whole width, then the header.
        if len(first) == 1 and rows > 2 and _is_named(row_cells(grid, 1)):
            return 1 + _depth_from(grid, 1, rows)
        return 0
    return _depth_from(grid, 0, rows)


def _depth_from(grid: Grid, start: int, rows: int) -> int:
    """Header rows from a row on: as deep as its tallest cell, and the rows under its spans."""
    depth = 1
    first = row_cells(grid, start)
    tall = [cell.rowspan for cell in first if cell.lines and cell.rowspan <= DEEPEST]
    if any(cell.colspan > 1 for cell in first):
        depth = max(tall, default=1)
        while depth < DEEPEST and start + depth < rows:
            below = row_cells(grid, start + depth)
            spans = [c for c in grid.cells if start <= c.row < start + depth and c.colspan > 1 and c.lines]
            if not _splits_a_span(below, spans) or not _is_named(below):
                break
            depth += 1
    elif len(set(tall)) == 1:
        depth = tall[0]
    return depth


def _splits_a_span(below: list[GridCell], spans: list[GridCell]) -> bool:
    """Whether cells of a row part a header cell's columns, as sub-headers do."""
    return any(
        sum(s.col <= c.col and c.col + c.colspan <= s.col + s.colspan for c in below if c.lines) > 1
        for s in spans
    )


def _is_data(text: str) -> bool:
    """Whether a text is a row number or a value, which no header holds but its year."""
    plain = text.strip()
    if _YEAR.fullmatch(plain) or plain in {"-", "T", "R", "K"}:
        return False
    return NUMBER.fullmatch(plain) is not None or (
        VALUE.fullmatch(plain) is not None and any(ch.isdigit() for ch in plain)
    )


def _is_named(cells: list[GridCell]) -> bool:
    texts = [text for cell in cells if (text := cell_text(cell))]
    if not texts or any(_is_data(text) for text in texts):
        return False
    named = sum(is_header_text(text) and len(text) < 160 for text in texts)
    return named >= 0.6 * len(texts) and (len(texts) > 1 or named == 1 and len(texts[0]) < 40)
