"""Glyphs put together to words and lines.

A page's text layer says where each glyph stands, not what belongs together: spaces may
be glyphs, gaps, or both; one word may be drawn in pieces. Glyphs are grouped first (by
the table cell they stand in), then to lines by their baseline, then to words by the
gaps between them, so that no word reaches over a wall.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rktdata.schemas.values import Bools, Box, Glyphs, Ints, Line, Word

# Baselines this far apart (in font sizes) are different lines; a superscript stays.
LINE_EM = 0.4
# A gap this wide (in font sizes) is a space: the narrowest space of a common font is
# 0.2 em (Calibri 0.226), kerning leaves less than 0.1.
GAP_EM = 0.16


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
    space = np.char.str_len(np.char.strip(glyphs.text)) == 0
    for turn in np.unique(glyphs.turn):
        chosen = np.nonzero((glyphs.turn == turn) & (group >= 0))[0]
        if len(chosen):
            for key, found in _lines_of_turn(glyphs, chosen, group, space, int(turn), page).items():
                lines.setdefault(key, []).extend(found)
    return lines


def _lines_of_turn(
    g: Glyphs, chosen: Ints, group: Ints, space: Bools, turn: int, page: int
) -> dict[int, list[Line]]:
    """Lines of the glyphs that stand turned alike, in their own direction of reading."""
    # `along` runs with the text, `down` from line to line.
    along0, along1 = (g.x0, g.x1) if turn % 2 == 0 else (g.top, g.bottom)
    if turn in (2, 3):
        along0, along1 = -along1, -along0
    down = g.baseline if turn in (0, 3) else -g.baseline
    size = np.maximum(g.size, 1.0)

    order = chosen[np.lexsort((along0[chosen], down[chosen], group[chosen]))]
    step = np.diff(down[order])
    new_line = np.ones(len(order), dtype=bool)
    new_line[1:] = (np.diff(group[order]) != 0) | (
        step > LINE_EM * np.minimum(size[order][1:], size[order][:-1])
    )
    line_of = np.cumsum(new_line)
    order = order[np.lexsort((along0[order], line_of))]  # line_of is ascending: same lines
    start = new_line  # lines keep their places, only the order inside changed

    same = ~start[1:]
    gap = np.full(len(order), 1e9)
    gap[1:] = np.where(same, along0[order][1:] - along1[order][:-1], 1e9)
    is_space = space[order]
    after_space = np.zeros(len(order), dtype=bool)
    after_space[1:] = is_space[:-1] & same
    wide = gap > GAP_EM * size[order]
    new_word = start | after_space | wide | is_space

    ink = ~is_space
    starts = np.nonzero(new_word)[0]
    x0 = np.minimum.reduceat(g.x0[order], starts)
    x1 = np.maximum.reduceat(g.x1[order], starts)
    top = np.minimum.reduceat(g.top[order], starts)
    bottom = np.maximum.reduceat(g.bottom[order], starts)
    high = np.maximum.reduceat(g.size[order], starts)
    count = np.add.reduceat(ink.astype(np.int64), starts)
    heavy = np.add.reduceat((g.bold[order] & ink).astype(np.int64), starts)
    ocr = np.maximum.reduceat(g.ocr[order], starts).tolist()
    ends = np.append(starts[1:], len(order))
    texts = g.text[order].tolist()
    first_group = group[order][starts].tolist()
    base = g.baseline[order][starts].tolist()
    line_start = start[starts].tolist()
    spaced_at = (after_space | wide)[starts].tolist()

    result: dict[int, list[Line]] = {}
    words: list[Word] = []
    current = -1
    spaced = True

    def close() -> None:
        if words:
            result.setdefault(current, []).append(line_of_words(words, page))
            words.clear()

    numbers = zip(
        x0.tolist(), top.tolist(), x1.tolist(), bottom.tolist(), high.tolist(), strict=True
    )
    for i, (a, b, c, d, em) in enumerate(numbers):
        if line_start[i]:
            close()
            current, spaced = first_group[i], True
        n = int(count[i])
        if n == 0:
            spaced = True
            continue
        words.append(
            Word(
                text="".join(texts[starts[i] : ends[i]]),
                box=(a, b, c, d),
                baseline=base[i],
                size=em,
                bold=bool(2 * heavy[i] > n),
                glyphs=n,
                spaced=spaced or spaced_at[i],
                ocr=ocr[i],
            )
        )
        spaced = False
    close()
    return result


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
