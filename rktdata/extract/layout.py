"""One page taken apart: the tables' grids, and the lines of text outside them."""

from __future__ import annotations

import numpy as np

from rktdata.extract.grids import find_grids
from rktdata.extract.halfruled import find_half_ruled
from rktdata.extract.rows import split_rows
from rktdata.extract.unruled import find_unruled
from rktdata.extract.walls import merge_rules
from rktdata.extract.words import make_lines
from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import Page


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
        lines=tuple(lines),
    )
