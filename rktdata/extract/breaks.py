"""What a page break has cut: rows, cells and merged cells that run over it.

After the break each cell is decided by itself: a new row's, the second half of the cell
above, or a merged cell that runs on. Text says much (a half begins in lower case, or
the line above ends with "dan"); where it says nothing, the layout does: a line is only
broken for want of room, a row is only cut where it fills the page, and a row that has
values of its own is a row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from rktdata.extract.drafts import Draft, DraftRow
from rktdata.extract.rows import MARKED, VALUE, had_room, is_number

# More than this many lines' room under a table: its last row was not cut there.
ROOM_LINES = 2.2
# Letters of the shortest word that tells of a column that its cells begin so.
OPENING_LETTERS = 5
# A text that ends so goes on: a conjunction, a preposition, an open bracket.
_OPEN_END = re.compile(
    r"(?:\b(?:dan|atau|yang|di|ke|dari|untuk|dengan|oleh|pada|dalam|terhadap|serta|bagi|melalui|"
    r"tentang|antar|per|sesuai|sebagai|secara|guna)|[-,/(&]|\bRp\.?)$",
    re.IGNORECASE,
)
# A text that begins so is the rest of another: lower case, a closing mark.
_REST = re.compile(r"[a-z)\],;:%/]")


class RowsAbove:
    """The last row of a table as far as it is joined, and what is noted of each column.

    A long table has a thousand breaks; each looks at what was noted, not at all rows.
    """

    def __init__(self) -> None:
        self.last: DraftRow | None = None
        self._words: dict[int, Counter[str]] = defaultdict(Counter)
        self._merged: set[int] = set()

    def extend(self, rows: list[DraftRow]) -> None:
        """Add rows that are whole up to the next break."""
        for row in rows:
            before = self.last.cells if self.last else [None] * len(row.cells)
            for column, (cell, over) in enumerate(zip(row.cells, before, strict=True)):
                if cell is None or not cell.lines:
                    continue
                if cell is over:
                    self._merged.add(column)
                elif len(word := _first_word(cell)) >= OPENING_LETTERS:
                    self._words[column][word] += 1
            self.last = row

    def has_merged(self, column: int) -> bool:
        """Whether a cell of the column covers several rows."""
        return column in self._merged

    def opens(self, word: str, column: int, below: list[DraftRow]) -> bool:
        """Whether at least two cells of the column begin with a word ("Persentase").

        Args:
            word: The word, of at least `OPENING_LETTERS`.
            column: The column.
            below: The rows after the break; the cell in the first of them does not count.
        """
        first = below[0].cells[column]
        cells = {
            id(cell): cell
            for row in below[1:]
            if (cell := row.cells[column]) is not None and cell.lines and cell is not first
        }
        more = sum(_first_word(cell) == word for cell in cells.values())
        return self._words[column][word] + more > 1


def _first_word(cell: Draft) -> str:
    return cell.lines[0].words[0].text


def join_break(
    above: RowsAbove, below: list[DraftRow], xs: tuple[float, ...], room: float
) -> list[DraftRow]:
    """Join what a page break has cut.

    Args:
        above: The table before the break; the drafts of its last row are changed in place.
        below: Those of the next page, likewise.
        xs: The table's column borders, points.
        room: How much of the page was left under the rows above, points.

    Returns:
        The rows below that are rows of their own.
    """
    last, first = above.last, below[0]
    if last is None:
        return below
    states = [_state(above, last, below, column, xs) for column in range(len(first.cells))]
    half = _is_half(last, first, states, room)
    begins = states.index("new") if "new" in states else len(states)
    for column, state in enumerate(states):
        upper, lower = last.cells[column], first.cells[column]
        if upper is None or lower is None:
            continue
        # In a row of its own only a cell that runs over several rows can be a rest: one
        # left of the row's beginning, or a merged one.
        runs = half or column < begins or upper.rowspan > 1 or lower.rowspan > 1
        if (state == "rest" and runs) or (half and state == "maybe"):
            upper.lines.extend(lower.lines)
            upper.mark("sambung-halaman")
            _replace(below, column, lower, upper)
        elif state == "empty" and (half or _runs_on(above, last, first, column, states)):
            if upper.lines and not half:
                upper.mark("sambung-halaman")
            _replace(below, column, lower, upper)
    return below[1:] if half else below


def _replace(rows: list[DraftRow], column: int, old: Draft, new: Draft) -> None:
    for row in rows:
        if row.cells[column] is old:
            row.cells[column] = new
            row.first[column] = False


def _state(
    above: RowsAbove, last: DraftRow, below: list[DraftRow], column: int, xs: tuple[float, ...]
) -> str:
    """What the first cell below a break is: "empty", "new", "rest", or "maybe" the rest."""
    upper, lower = last.cells[column], below[0].cells[column]
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
    word = _first_word(lower)
    if len(word) >= OPENING_LETTERS and above.opens(word, column, below):
        return "new"
    if had_room(upper.lines[-1], lower.lines[0], xs[column], xs[column + lower.colspan]):
        return "new"
    # A merged cell whose text reaches down to the page's end had no room for its rest.
    merged = upper.rowspan > 1 or lower.rowspan > 1
    line = upper.lines[-1]
    return "rest" if merged and upper.bottom - line.box[3] < 0.5 * line.size else "maybe"


def _is_half(last: DraftRow, first: DraftRow, states: list[str], room: float) -> bool:
    """Whether the whole first row is the second half of the last row above."""
    if "new" in states or not {"rest", "maybe"} & set(states):
        return False
    if "rest" in states:
        return True
    size = max(cell.lines[0].size for cell in first.cells if cell is not None and cell.lines)
    if room > ROOM_LINES * size:
        return False  # a row that is cut fills the page; this one moved on whole
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


def _runs_on(
    above: RowsAbove, last: DraftRow, first: DraftRow, column: int, states: list[str]
) -> bool:
    """Whether an empty cell at a page's top is a merged cell that runs on.

    It stands left of the row's first text, row numbers aside, and its column has
    merged cells above the break, or it covers several rows itself.
    """
    left = [c for c, s in zip(first.cells[:column], states, strict=False) if s != "empty"]
    if any(cell is None or not is_number(cell.lines[0]) for cell in left):
        return False
    if all(state == "empty" for state in states):
        return False
    printed = [c for c in first.cells if c is not None and c.lines]
    if len(printed) == 1 and printed[0].colspan > 1:
        return False  # a section row
    upper, lower = last.cells[column], first.cells[column]
    if upper is None or not upper.lines or lower is None:
        return False
    if is_number(upper.lines[0]) and left:
        return False
    return above.has_merged(column) or lower.rowspan > 1
