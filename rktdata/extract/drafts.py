"""A table while it is being put together from its pages' pieces.

Rows hold drafts of cells. A merged cell is one draft that stands in several rows; a
cell that runs over a page break is one draft with the lines of both pages. Nothing is
filled in before all pieces are joined, so that no text is lost or doubled.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rktdata.extract.text import join_lines, ocr_marks
from rktdata.extract.words import union
from rktdata.schemas.values import Cell, Line, Source


@dataclass(slots=True, eq=False)
class Draft:
    """One printed cell: its lines, over all pages, and what was done to it.

    `colspan` and `rowspan` are those on the page where it begins; `bottom` is the
    cell's lower border there.
    """

    lines: list[Line] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    colspan: int = 1
    rowspan: int = 1
    bottom: float = 0.0

    _joined: tuple[int, str] = (0, "")

    @property
    def text(self) -> str:
        """The lines as one text; joined anew only when lines were added."""
        if self._joined[0] != len(self.lines):
            self._joined = (len(self.lines), join_lines(line.text for line in self.lines))
        return self._joined[1]

    def mark(self, name: str) -> None:
        """Note what was done, once."""
        if name not in self.marks:
            self.marks.append(name)


@dataclass(slots=True, eq=False)
class DraftRow:
    """One row: a draft per grid column, None where a cell from the left spans it.

    `first` says for each column whether the draft begins in this row.
    """

    page: int
    cells: list[Draft | None]
    first: list[bool]
    section: bool = False

    def texts(self) -> list[str]:
        """Text per column, "" where nothing is printed."""
        return [cell.text if cell else "" for cell in self.cells]


def finished(drafts: list[Draft], filled: bool) -> Cell:
    """The drafts under one leaf header as one cell, left to right."""
    marks: list[str] = []
    for draft in drafts:
        marks.extend(mark for mark in draft.marks if mark not in marks)
    if not any(draft.lines for draft in drafts):
        return Cell("", (), tuple(marks))
    # Sources stay apart by draft, so that a merged cell's are the same in every row.
    sources = tuple(source for draft in drafts for source in _sources(draft.lines))
    if filled and sources:
        marks.append("isi-gabungan")
    marks.extend(ocr_marks(line for draft in drafts for line in draft.lines))
    text = " ".join(text for draft in drafts if (text := draft.text))
    return Cell(text, sources, tuple(marks))


def _sources(lines: list[Line]) -> tuple[Source, ...]:
    """One place per page, round all of its lines."""
    if len(lines) == 1:
        [line] = lines
        return (Source(line.page, line.box, line.glyphs),)
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    return tuple(
        Source(page, union(line.box for line in found), sum(line.glyphs for line in found))
        for page, found in by_page.items()
    )
