"""Header rows: how deep a table's header is, and which rows only number its columns.

Headers have several levels ("Target Kinerja" over "2020" to "2024"), are repeated on
later pages, and often stand over a row that numbers the columns: "(1) (2) (3)",
"1 2 3", "[1]", "8=(7/6)", "12 = 8+9+10+11".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from rktdata.extract.rows import NUMBER, VALUE, row_cells
from rktdata.extract.text import join_lines
from rktdata.schemas.values import Grid, GridCell

_COLUMN_NUMBER = re.compile(
    r"[(\[{-]?\s?(\d{1,2})\s?[)\]}-]?(?:\s?=\s?[\d\s()+/*x×:%-]+)?|\(?[\d\s()+/*x×:-]+\)?(?:\s?[*x×]\s?100)?%?"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:tahun|thn\.?|target)?\s*(?:19|20)\d\d", re.IGNORECASE)
# Where the first column is named so, fewer known names beside it are enough.
_FIRST_HEADER = re.compile(r"no\.?|nomor|no\. ?urut|kode", re.IGNORECASE)
# A header has no more rows than this.
DEEPEST = 5


# Texts whose answer is kept: a header is printed on every page of its table.
KNOWN_TEXTS = 1 << 12


@cache
def _vocabulary() -> frozenset[str]:
    text = resources.files("rktdata.extract").joinpath("headers.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["begins"])


@cache
def _long_beginnings() -> tuple[str, ...]:
    return tuple(known for known in _vocabulary() if len(known) > 4)


def cell_text(cell: GridCell) -> str:
    """A cell's text, its lines joined."""
    return join_lines(line.text for line in cell.lines)


@lru_cache(KNOWN_TEXTS)
def is_header_text(text: str) -> bool:
    """Whether a text is made like a column's header.

    >>> [is_header_text(t) for t in ("Indikator Kinerja", "2020", "Meningkatnya mutu")]
    [True, True, False]
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
        or (len(words) <= 3 and joined.startswith(_long_beginnings()))
    )


def is_column_numbers(texts: list[str]) -> bool:
    """Whether a row's texts number the columns.

    >>> is_column_numbers(["(1)", "(2)", "(3)"]), is_column_numbers(["1", "75", "85"])
    (True, False)
    >>> is_column_numbers(["1", "2", "3", "4", "5", "8=(7/6)", "9"])
    True
    """
    printed = [text.strip() for text in texts if text.strip()]
    if printed in (["(1)", "(2)"], ["[1]", "[2]"], ["-1-", "-2-"]):
        return True
    if len(printed) < 3:
        return False
    matches = [_COLUMN_NUMBER.fullmatch(text) for text in printed]
    if not all(matches):
        return False
    numbers = [int(m.group(1)) for m in matches if m and m.group(1)]
    steps = sum(1 for a, b in zip(numbers, numbers[1:], strict=False) if b - a == 1)
    return len(numbers) >= 3 and numbers[0] <= 2 and steps >= 0.6 * (len(numbers) - 1)


@dataclass(frozen=True, slots=True)
class Header:
    """Which of a grid's rows are its header.

    Attributes:
        start: The first header row; rows above it are data (a mission printed over the
            header), as are all rows from `end` on.
        depth: How many rows of names there are.
        numbers: How many rows under them number the columns.
    """

    start: int = 0
    depth: int = 0
    numbers: int = 0

    @property
    def end(self) -> int:
        """The first row after the header."""
        return self.start + self.depth + self.numbers

    def __contains__(self, row: int) -> bool:
        return self.start <= row < self.end

    def names(self, row: int) -> bool:
        """Whether a row holds names of columns, not their numbers."""
        return self.start <= row < self.start + self.depth


def find_header(grid: Grid) -> Header:
    """The header at the top of a grid; of no depth where it begins with its data."""
    rows = len(grid.ys) - 1
    start, over = _rows_over_header(grid, rows)
    for row in range(start, min(rows, start + DEEPEST + 1)):
        texts = [cell_text(cell) for cell in row_cells(grid, row)]
        if is_column_numbers(texts):
            named = over or _is_named(row_cells(grid, start)) or row <= start + DEEPEST
            return Header(start, row - start, 1) if named else Header(row, 0, 1)
    depth = _named_rows(grid, start, rows)
    return Header(start, depth, 0) if depth else Header()


def find_repeated(grid: Grid, names: tuple[str, ...]) -> Header:
    """Where a table's header is printed again, at the top or further down.

    Args:
        grid: A later page's piece.
        names: The header's texts, top row first, folded with `fold`.
    """
    rows = len(grid.ys) - 1
    found: list[str] = []
    start = -1
    for row in range(rows):
        texts = [fold(text) for cell in row_cells(grid, row) if (text := cell_text(cell))]
        known = [text for text in texts if text in names]
        if texts and len(known) >= max(2, 0.7 * len(texts)):
            if start < 0:
                start = row
            found.extend(known)
        elif start >= 0:
            numbers = is_column_numbers([cell_text(cell) for cell in row_cells(grid, row)])
            if len(set(found)) >= 0.5 * len(set(names)):
                return Header(start, row - start, int(numbers))
            start, found = -1, []
    return Header()


@lru_cache(KNOWN_TEXTS)
def fold(text: str) -> str:
    """A header's text for comparison: letters and digits only, lower case."""
    return re.sub(r"[\W_]+", "", text).lower()


def header_names(grid: Grid, header: Header) -> tuple[str, ...]:
    """The header's texts, top row first, folded."""
    return tuple(
        fold(text)
        for row in range(header.start, header.start + header.depth)
        for cell in row_cells(grid, row)
        if (text := cell_text(cell))
    )


_LEVEL_OVER_HEADER = re.compile(
    r"(?:visi|misi|tujuan|sasaran|program|urusan|bidang|kegiatan|prioritas)\b.{0,12}?(?::|\d|[IVX]+\b)",
    re.IGNORECASE,
)


def _rows_over_header(grid: Grid, rows: int) -> tuple[int, bool]:
    """Rows over the whole width above the names that say a level ("MISI 1: ...")."""
    row = 0
    while row + 1 < rows and row < DEEPEST:
        cells = row_cells(grid, row)
        if len(cells) != 1 or not _LEVEL_OVER_HEADER.match(cell_text(cells[0])):
            break
        row += cells[0].rowspan
    if row and row < rows and _is_named(row_cells(grid, row)):
        return row, True
    return 0, False


def _named_rows(grid: Grid, start: int, rows: int) -> int:
    """Rows of header words from a row on, when nothing numbers the columns."""
    first = row_cells(grid, start)
    if rows - start < 2:
        several = len([cell for cell in first if cell.lines]) > 1
        return 1 if rows > start and several and _is_named(first) else 0
    if not _is_named(first):
        # A title in a box over the whole width, then the header.
        if len(first) == 1 and rows - start > 2 and _is_named(row_cells(grid, start + 1)):
            return 1 + _depth_from(grid, start + 1, rows)
        return 0
    return _depth_from(grid, start, rows)


def _depth_from(grid: Grid, start: int, rows: int) -> int:
    """Header rows from a row on: as deep as its tallest cell, and the rows under its spans."""
    depth = 1
    first = row_cells(grid, start)
    tall = [cell.rowspan for cell in first if cell.lines and cell.rowspan <= DEEPEST]
    if any(cell.colspan > 1 for cell in first):
        depth = max(tall, default=1)
        while depth < DEEPEST and start + depth < rows:
            below = row_cells(grid, start + depth)
            spans = [
                c
                for c in grid.cells
                if start <= c.row < start + depth and c.colspan > 1 and c.lines
            ]
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
    if len(texts) > 2 and _FIRST_HEADER.fullmatch(texts[0].strip()):
        return named >= 0.3 * len(texts)
    return named >= 0.6 * len(texts) and len(texts) > 1
