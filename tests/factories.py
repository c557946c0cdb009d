"""Grids, lines and layouts made by hand, for stages that need no PDF.

Columns are 100 points wide and rows follow one another from `top` down, each as high as
its longest cell; text stands 10 points high, one line every 12 points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import Grid, GridCell, Line, Rules, Word

WIDTH_PT = 100.0
LEADING_PT = 12.0
SIZE_PT = 10.0
LETTER_PT = 5.0


def line(text: str, x: float = 60.0, baseline: float = 100.0, page: int = 1) -> Line:
    """A line of text; a letter is LETTER_PT wide."""
    words: list[Word] = []
    at = x
    for number, part in enumerate(text.split()):
        box = (at, baseline - 8, at + LETTER_PT * len(part), baseline + 2)
        words.append(Word(part, box, baseline, SIZE_PT, False, len(part), spaced=number > 0))
        at = box[2] + LETTER_PT
    box = (x, baseline - 8, words[-1].box[2], baseline + 2)
    return Line(" ".join(text.split()), box, tuple(words), page)


def grid(
    *rows: list[str],
    page: int = 1,
    top: float = 100.0,
    left: float = 50.0,
    width: float = WIDTH_PT,
) -> Grid:
    """A ruled grid; "^" is merged with the cell above, "<" with the one on its left.

    A line break in a text begins a new line in its cell.
    """
    columns = len(rows[0])
    xs = tuple(left + width * n for n in range(columns + 1))
    ys = [top]
    for texts in rows:
        ys.append(ys[-1] + 6 + LEADING_PT * max(text.count("\n") + 1 for text in texts))
    cells: list[GridCell] = []
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            if text in ("^", "<"):
                continue
            colspan = 1
            while col + colspan < columns and texts[col + colspan] == "<":
                colspan += 1
            rowspan = 1
            while row + rowspan < len(rows) and rows[row + rowspan][col] == "^":
                rowspan += 1
            lines = tuple(
                line(part, xs[col] + 4, ys[row] + 12 + LEADING_PT * number, page)
                for number, part in enumerate(text.split("\n"))
                if part.strip()
            )
            box = (xs[col], ys[row], xs[col + colspan], ys[row + rowspan])
            cells.append(GridCell(row, col, rowspan, colspan, box, lines))
    return Grid(page, "bergaris", xs, tuple(ys), tuple(cells))


def texts(table: Grid) -> list[list[str]]:
    """A grid's texts, row by row, cells where they begin only."""
    return [
        [" ".join(ln.text for ln in cell.lines) for cell in table.cells if cell.row == row]
        for row in range(len(table.ys) - 1)
    ]


def layout(*items: Grid | Line, page: int | None = None) -> PageLayout:
    """A page with grids and lines; as wide and high as A4."""
    grids = tuple(item for item in items if isinstance(item, Grid))
    lines = tuple(item for item in items if isinstance(item, Line))
    number = page if page is not None else items[0].page
    return PageLayout(number, 595.0, 842.0, grids, lines)


def rules(
    across: Sequence[tuple[float, float, float]] = (),
    down: Sequence[tuple[float, float, float]] = (),
) -> Rules:
    """Strokes (start, end, position), half a point thick."""
    return Rules(
        horizontal=np.array([(*s, 0.5) for s in across], dtype=np.float64).reshape(-1, 4),
        vertical=np.array([(*s, 0.5) for s in down], dtype=np.float64).reshape(-1, 4),
        fills=np.empty((0, 4)),
    )
