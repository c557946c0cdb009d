"""One page taken apart: the tables' grids, and the lines of text outside them."""

from __future__ import annotations

import numpy as np

from rktdata.extract.grids import find_grids
from rktdata.extract.halfruled import find_half_ruled
from rktdata.extract.markers import parse_marker
from rktdata.extract.rows import split_rows
from rktdata.extract.unruled import find_unruled
from rktdata.extract.walls import merge_rules
from rktdata.extract.words import make_lines
from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import PRINTED, Box, Line, Page, Word


def find_layout(page: Page) -> PageLayout:
    """The page's grids with logical rows, and the lines that stand in none of them."""
    walls = merge_rules(page.rules)
    grids, inside = find_grids(page, walls)
    group = np.where(inside >= 0, -1, 0)
    lines = make_lines(page.glyphs, group, page.number).get(0, [])
    lines.sort(key=lambda line: (line.baseline, line.box[0]))
    half_ruled, lines = find_half_ruled(walls, lines, grids, page.number)
    unruled, lines = find_unruled(lines, page.number)
    ruled = [split_rows(grid) for grid in [*grids, *half_ruled]]
    return PageLayout(
        page=page.number,
        width=page.width,
        height=page.height,
        grids=tuple(sorted([*ruled, *unruled], key=lambda g: (g.ys[0], g.xs[0]))),
        lines=tuple(map(with_few_words, lines)),
    )


def with_few_words(line: Line) -> Line:
    """A line outside the tables with what is asked of its words later, and no more.

    Prose is most of what a page of prose takes, and nobody asks where its words stand. A
    marker stays a word of its own, since the item's text begins behind it. A line keeps its
    words where some are bold, read from a picture, or single letters ("D I N A S").
    """
    words = line.words
    first = words[0]
    alike = all(word.bold == first.bold and word.ocr == PRINTED for word in words)
    if len(words) < 2 or not alike or sum(len(word.text) == 1 for word in words) > 3:
        return line
    if parse_marker(first.text + " x") is None:
        return Line(line.text, line.box, (_as_one(line.text, line.box, words),), line.page)
    box = (words[1].box[0], *line.box[1:])
    rest = _as_one(line.text[len(first.text) :].lstrip(), box, words[1:])
    return Line(line.text, line.box, (first, rest), line.page)


def _as_one(text: str, box: Box, words: tuple[Word, ...]) -> Word:
    """Words of one look as one word."""
    first = words[0]
    size = max([word.size for word in words])
    glyphs = sum([word.glyphs for word in words])
    return Word(text, box, first.baseline, size, first.bold, glyphs, first.spaced)
