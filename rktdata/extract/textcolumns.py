"""Columns made of words only: segments of lines, and the column each stands in.

Used where a table has no vertical walls: its header's words say where the columns are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rktdata.extract.words import line_of_words
from rktdata.schemas.values import Line, Word

# Words this far apart (font sizes) stand in different columns.
GAP_EM = 0.9


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line that stand together."""

    words: tuple[Word, ...]
    page: int

    @property
    def x0(self) -> float:
        """Left end, points."""
        return self.words[0].box[0]

    @property
    def x1(self) -> float:
        """Right end, points."""
        return max(word.box[2] for word in self.words)

    @property
    def text(self) -> str:
        """The words, spaced as printed."""
        return "".join(" " + w.text if w.spaced else w.text for w in self.words).strip()

    def as_line(self) -> Line:
        """The segment as a line of its own."""
        return line_of_words(list(self.words), self.page)


def segments(line: Line, gap_em: float = GAP_EM) -> list[Segment]:
    """A line's segments, left to right."""
    groups: list[list[Word]] = []
    gap = gap_em * line.size
    for word in line.words:
        if groups and word.box[0] - groups[-1][-1].box[2] <= gap:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Segment(tuple(group), line.page) for group in groups]


def column_of(segment: Segment, columns: Sequence[Sequence[Segment]]) -> int | None:
    """The column a segment stands in, None where it runs over several headers."""
    distances: list[tuple[float, float, int]] = []
    for number, column in enumerate(columns):
        x0, x1 = min(s.x0 for s in column), max(s.x1 for s in column)
        apart = max(x0 - segment.x1, segment.x0 - x1, 0.0)
        distances.append((apart, abs(x0 + x1 - segment.x0 - segment.x1), number))
    distances.sort()
    if sum(apart == 0 for apart, _, _ in distances) > 1:
        return None
    return distances[0][2]


def lines_by_column(line: Line, columns: Sequence[Sequence[Segment]]) -> dict[int, Line]:
    """A line's parts by column; a part over several columns goes to the first of them."""
    words: dict[int, list[Word]] = {}
    for segment in segments(line):
        number = column_of(segment, columns)
        if number is None:
            number = next(i for i, c in enumerate(columns) if max(s.x1 for s in c) >= segment.x0)
        words.setdefault(number, []).extend(segment.words)
    return {column: line_of_words(found, line.page) for column, found in words.items()}


def borders(rows: Sequence[Sequence[Sequence[Line]]]) -> tuple[float, ...]:
    """Column borders halfway between the texts of neighbouring columns.

    Args:
        rows: Rows of columns of lines; every column has a line somewhere.
    """
    count = len(rows[0])
    left = [min(line.box[0] for row in rows for line in row[c]) for c in range(count)]
    right = [max(line.box[2] for row in rows for line in row[c]) for c in range(count)]
    inner = [(right[c] + left[c + 1]) / 2 for c in range(count - 1)]
    xs = (left[0] - 2, *inner, right[-1] + 2)
    if any(b <= a for a, b in pairwise(xs)):  # texts reach into each other's columns
        centres = [(a + b) / 2 for a, b in zip(left, right, strict=True)]
        xs = (left[0] - 2, *((a + b) / 2 for a, b in pairwise(centres)), right[-1] + 2)
    return xs
