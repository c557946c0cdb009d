"""Drawn strokes put together to table walls.

Real documents draw a cell's border twice, leave gaps of a point or two between the
strokes of one wall, draw walls as thin filled boxes, and underline words. Strokes that
lie on one line become one wall; walls that touch belong to one table; a stroke that
touches no other wall is no wall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rktdata.schemas.values import Floats, Ints, Rules

# Strokes this near lie on one line (points): doubled borders stand up to 3 pt apart,
# and no text is that small.
SNAP_PT = 3.2
# A wall drawn in pieces has gaps up to this (points).
GAP_PT = 3.0
# Walls this near touch (points).
TOUCH_PT = 3.0
# Strokes shorter than this are ornaments or letters drawn as paths (points).
SHORTEST_PT = 3.5


@dataclass(frozen=True, slots=True, eq=False)
class Walls:
    """The walls of a page or of one table: n x 3 floats each, (start, end, position), sorted.

    `horizontal` holds (x0, x1, y), `vertical` (top, bottom, x).
    """

    horizontal: Floats
    vertical: Floats


def find_walls(walls: Walls) -> list[Walls]:
    """Each group of walls that touch one another, top to bottom."""
    return _connected(walls.horizontal, walls.vertical)


def merge_rules(rules: Rules) -> Walls:
    """A page's strokes, those that lie on one line joined."""
    return Walls(merge_strokes(rules.horizontal), merge_strokes(rules.vertical))


def merge_strokes(strokes: Floats) -> Floats:
    """Strokes (start, end, position, thickness) joined to walls (start, end, position)."""
    if len(strokes) == 0:
        return np.empty((0, 3))
    s = strokes[np.argsort(strokes[:, 2], kind="stable")]
    # Lines of strokes: a new one where the position jumps; then each from its beginning.
    line = np.zeros(len(s), dtype=np.int64)
    line[1:] = np.cumsum(s[1:, 2] - s[:-1, 2] > 1.0)
    s = s[np.lexsort((s[:, 0], line))]
    begin, end, position = s[:, 0], s[:, 1], s[:, 2]
    new = np.ones(len(s), dtype=np.bool_)
    new[1:] = (line[1:] != line[:-1]) | (begin[1:] > _furthest(end, line)[:-1] + GAP_PT)
    first = np.flatnonzero(new)
    start, last = begin[first], np.maximum.reduceat(end, first)
    weight = np.maximum(end - begin, 0.01)
    middle = np.add.reduceat(position * weight, first) / np.add.reduceat(weight, first)
    merged: Floats = np.column_stack([start, last, middle])[last - start >= SHORTEST_PT]
    return merged


def _furthest(end: Floats, line: Ints) -> Floats:
    """How far the strokes of a line reach, up to and with each; lines count from 0 up."""
    different, rank = np.unique(end, return_inverse=True)
    before = line * len(different)
    reached: Floats = different[np.maximum.accumulate(before + rank) - before]
    return reached


def meetings(horizontal: Floats, vertical: Floats, reach: float = TOUCH_PT) -> tuple[Ints, Ints]:
    """Which horizontal walls meet which vertical ones: pairs, as two columns of indexes.

    Only those at a vertical wall's height are compared with it: a map has thousands of each.
    """
    by_height = np.argsort(horizontal[:, 2], kind="stable")
    heights = horizontal[by_height, 2]
    first = np.searchsorted(heights, vertical[:, 0] - reach, side="left")
    after = np.searchsorted(heights, vertical[:, 1] + reach, side="right")
    count = np.maximum(after - first, 0)
    v = np.repeat(np.arange(len(vertical)), count)
    within = np.arange(len(v)) - np.repeat(np.cumsum(count) - count, count)
    h = by_height[np.repeat(first, count) + within]
    x = vertical[v, 2]
    met = (horizontal[h, 0] <= x + reach) & (x <= horizontal[h, 1] + reach)
    return h[met], v[met]


def _connected(horizontal: Floats, vertical: Floats) -> list[Walls]:
    """Groups of walls that hang together over their meetings."""
    h, v = meetings(horizontal, vertical)
    label_h = np.arange(len(horizontal))
    label_v = np.arange(len(vertical)) + len(horizontal)
    while True:
        new_v, new_h = label_v.copy(), label_h.copy()
        np.minimum.at(new_v, v, label_h[h])
        np.minimum.at(new_h, h, new_v[v])
        if np.array_equal(new_h, label_h) and np.array_equal(new_v, label_v):
            break
        label_h, label_v = new_h, new_v
    labels = np.array(sorted(set(label_h[h].tolist())), dtype=np.int64)
    groups = map(
        Walls, _by_label(horizontal, label_h, labels), _by_label(vertical, label_v, labels)
    )
    return sorted(
        groups, key=lambda w: (float(w.horizontal[:, 2].min()), float(w.vertical[:, 2].min()))
    )


def _by_label(walls: Floats, label: Ints, labels: Ints) -> list[Floats]:
    """The walls that bear each of some labels, their order kept."""
    order = np.argsort(label, kind="stable")
    first = np.searchsorted(label[order], labels, side="left").tolist()
    after = np.searchsorted(label[order], labels, side="right").tolist()
    return [walls[order[a:b]] for a, b in zip(first, after, strict=True)]


def snap(positions: Floats, tolerance: float = SNAP_PT) -> tuple[float, ...]:
    """Positions that lie near one another, put together; ascending.

    A chain of near positions is cut where it grows wider than 1.5 times the tolerance.
    """
    if len(positions) == 0:
        return ()
    ordered = np.sort(positions)
    snapped: list[float] = []
    group = [float(ordered[0])]
    for value in ordered[1:].tolist():
        if value - group[-1] <= tolerance and value - group[0] <= 1.5 * tolerance:
            group.append(value)
        else:
            snapped.append(sum(group) / len(group))
            group = [value]
    snapped.append(sum(group) / len(group))
    return tuple(snapped)
