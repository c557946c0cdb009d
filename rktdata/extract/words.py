"""Glyphs put together to words and lines.

A page's text layer says where each glyph stands, not what belongs together: spaces may
be glyphs, gaps, or both; one word may be drawn in pieces. Glyphs are grouped first (by
the table cell they stand in), then to lines by their baseline, then to words by the
gaps between them, so that no word reaches over a wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from rktdata.schemas.values import Bools, Box, Floats, Glyphs, Ints, Line, Word

# Baselines this far apart (in font sizes) are different lines; a superscript stays.
LINE_EM = 0.4
# A gap this wide (in font sizes) is a space: the narrowest space of a common font is
# 0.2 em (Calibri 0.226), kerning leaves less than 0.1.
GAP_EM = 0.16


# As Word._make and Line._make, without a call in Python for each.
_NEW_WORD, _NEW_LINE = partial(tuple.__new__, Word), partial(tuple.__new__, Line)


def make_lines(glyphs: Glyphs, group: Ints, page: int) -> dict[int, list[Line]]:
    """Lines of each group of glyphs, top to bottom.

    Args:
        glyphs: One page's.
        group: n integers; glyphs of one group may share a word, others never do.
            Negative: left out.
        page: Number of the page, from 1.

    Returns:
        Group to its lines; a group of spaces only has none.
    """
    lines: dict[int, list[Line]] = {}
    if len(glyphs) == 0:
        return lines
    for turn in np.flatnonzero(np.bincount(glyphs.turn[group >= 0])).tolist():
        chosen = np.flatnonzero((glyphs.turn == turn) & (group >= 0))
        for key, line in _lines_of_turn(glyphs, chosen, group, turn, page):
            lines.setdefault(key, []).append(line)
    return lines


def _lines_of_turn(
    g: Glyphs, chosen: Ints, group: Ints, turn: int, page: int
) -> Iterator[tuple[int, Line]]:
    """Lines of the glyphs that stand turned alike, each with its group."""
    order, line_of, new_word, spaced = _in_reading_order(g, chosen, group, turn)
    ink = g.text[order] != " "
    order, line_of = order[ink], line_of[ink]
    # Of each word the place of its first glyph; of each line that of its first word.
    starts = np.flatnonzero(new_word[ink])
    spaced = spaced[ink][starts]
    if not len(starts):
        return
    line = line_of[starts]
    first = np.flatnonzero(np.append(True, line[1:] != line[:-1]))
    count = np.append(starts[1:], len(order)) - starts
    bold = 2 * np.add.reduceat(g.bold[order].astype(np.int64), starts) > count
    edges = _Edges(g.x0[order], g.top[order], g.x1[order], g.bottom[order]).round_each(starts)
    text, begin, end = _written(g.text[order], starts, spaced)
    columns = (
        [text[a:b] for a, b in zip(begin, end, strict=True)],
        edges.boxes(),
        g.baseline[order[starts]].tolist(),
        np.maximum.reduceat(g.size[order], starts).tolist(),
        bold.tolist(),
        count.tolist(),
        spaced.tolist(),
        np.maximum.reduceat(g.ocr[order], starts).tolist(),
    )
    words = list(map(_NEW_WORD, zip(*columns, strict=True)))
    of_lines = (
        [text[begin[a] : end[b - 1]] for a, b in _spans(first, len(words))],
        edges.round_each(first).boxes(),
        [tuple(words[a:b]) for a, b in _spans(first, len(words))],
    )
    lines = map(_NEW_LINE, zip(*of_lines, repeat(page)))
    yield from zip(group[order[starts[first]]].tolist(), lines, strict=True)


def _in_reading_order(
    g: Glyphs, chosen: Ints, group: Ints, turn: int
) -> tuple[Ints, Ints, Bools, Bools]:
    """Glyphs by group, line and place: their indexes, line numbers, and where words begin.

    The last flags say which of them have a space before them, printed or left open.
    """
    # `along` runs with the text, `down` from line to line.
    along0, along1 = (g.x0, g.x1) if turn % 2 == 0 else (g.top, g.bottom)
    if turn in (2, 3):
        along0, along1 = -along1, -along0
    down = g.baseline if turn in (0, 3) else -g.baseline

    order = chosen[np.lexsort((down[chosen], group[chosen]))]
    size = np.maximum(g.size[order], 1.0)
    own, height, begin = group[order], down[order], along0[order]
    new_line = np.ones(len(order), dtype=np.bool_)
    new_line[1:] = (own[1:] != own[:-1]) | (
        height[1:] - height[:-1] > LINE_EM * np.minimum(size[1:], size[:-1])
    )
    line_of: Ints = np.cumsum(new_line)
    if ((begin[1:] < begin[:-1]) & ~new_line[1:]).any():
        # Lines keep their places, only the order inside changes.
        order = order[np.lexsort((along0[order], line_of))]

    space: Bools = g.text[order] == " "
    spaced: Bools = new_line.copy()
    spaced[1:] |= space[:-1]
    gap = along0[order[1:]] - along1[order[:-1]]
    spaced[1:] |= gap > GAP_EM * np.maximum(g.size[order[1:]], 1.0)
    return order, line_of, spaced | space, spaced


def _written(
    texts: NDArray[np.str_], starts: Ints, spaced: Bools
) -> tuple[str, list[int], list[int]]:
    """All words in one text, a space before each that is spaced; where each begins and ends.

    Args:
        texts: Of the glyphs.
        starts: Of each word the place of its first glyph.
        spaced: Of each word whether a space stands before it.
    """
    length = np.ones(len(texts), dtype=np.int64)
    if texts.dtype != np.dtype("U1"):
        length = np.char.str_len(texts)
    begin = (np.cumsum(length) - length)[starts] + np.cumsum(spaced)
    end = begin + np.add.reduceat(length, starts)
    whole = "".join(np.insert(texts, starts[spaced], " ").tolist())
    return whole, begin.tolist(), end.tolist()


def _spans(starts: Ints, end: int) -> Iterator[tuple[int, int]]:
    """From each start to the next one, the last to the end."""
    return pairwise([*starts.tolist(), end])


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Boxes as parallel columns."""

    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats

    def round_each(self, starts: Ints) -> _Edges:
        """The boxes round each run of boxes; runs go from one start to the next."""
        return _Edges(
            np.minimum.reduceat(self.x0, starts),
            np.minimum.reduceat(self.top, starts),
            np.maximum.reduceat(self.x1, starts),
            np.maximum.reduceat(self.bottom, starts),
        )

    def boxes(self) -> Iterator[Box]:
        """One after the other."""
        columns = (self.x0, self.top, self.x1, self.bottom)
        return zip(*(column.tolist() for column in columns), strict=True)


def line_of_words(words: list[Word], page: int) -> Line:
    """One line of the words given, left to right."""
    return Line(
        text="".join(" " + w.text if w.spaced else w.text for w in words).strip(),
        box=union(word.box for word in words),
        words=tuple(words),
        page=page,
    )


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box round all of at least one box."""
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return (min(x0), min(top), max(x1), max(bottom))
