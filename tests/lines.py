"""Lines and page layouts made by hand, for the stages that read text outside tables."""

from __future__ import annotations

from collections.abc import Sequence

from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import Grid, Line, Word

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 71.0, 538.0
LETTER = 0.5  # of the size: the width of a letter in these lines


def line(
    text: str,
    y: float = 100.0,
    x: float = LEFT,
    *,
    to: float | None = None,
    size: float = 12.0,
    bold: bool = False,
    page: int = 1,
) -> Line:
    """A line on the baseline y, its words set from x (to the right edge `to`)."""
    letters = max(len(text), 1)
    step = (to - x) / letters if to is not None else LETTER * size
    words = []
    at = x
    for word in text.split():
        end = at + len(word) * step
        box = (at, y - 0.8 * size, end, y + 0.2 * size)
        words.append(Word(word, box, y, size, bold, len(word)))
        at = end + step
    box = (x, y - 0.8 * size, to if to is not None else words[-1].box[2], y + 0.2 * size)
    return Line(text, box, tuple(words), page)


def centred(text: str, y: float, *, width: float = WIDTH, **style: object) -> Line:
    """A line centred on the page."""
    size = float(style.get("size", 12.0))  # type: ignore[arg-type]
    half = len(text) * LETTER * size / 2
    return line(text, y, width / 2 - half, to=width / 2 + half, **style)  # type: ignore[arg-type]


def paragraph(texts: Sequence[str], y: float, x: float = LEFT, **style: object) -> list[Line]:
    """Justified lines and a short last one, 20 points apart, the first one indented."""
    lines = []
    for i, text in enumerate(texts):
        last = i == len(texts) - 1
        left = x + (28.0 if i == 0 else 0.0)
        right = None if last else RIGHT
        lines.append(line(text, y + 20 * i, left, to=right, **style))  # type: ignore[arg-type]
    return lines


def layout(
    lines: Sequence[Line],
    page: int = 1,
    *,
    grids: Sequence[tuple[float, float]] = (),
    width: float = WIDTH,
    height: float = HEIGHT,
) -> PageLayout:
    """A page with lines, and tables from top to bottom given as (top, bottom)."""
    found = tuple(Grid(page, "bergaris", (LEFT, RIGHT), (top, bottom), ()) for top, bottom in grids)
    return PageLayout(page, width, height, found, tuple(lines))
