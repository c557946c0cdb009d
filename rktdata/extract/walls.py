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
    line: Ints = np.cumsum(np.diff(s[:, 2], prepend=s[0, 2]) > 1.0)
    s = s[np.lexsort((s[:, 0], line))]
    begin, end, position = s[:, 0], s[:, 1], s[:, 2]
    new = np.diff(line, prepend=-1) != 0
    new[1:] |= begin[1:] > _furthest(end, line)[:-1] + GAP_PT
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


def touches(horizontal: Floats, vertical: Floats, reach: float = TOUCH_PT) -> np.ndarray:
    """Which horizontal walls meet which vertical ones: h x v booleans."""
    h, v = horizontal[:, None, :], vertical[None, :, :]
    met: np.ndarray = (
        (h[..., 0] <= v[..., 2] + reach)
        & (v[..., 2] <= h[..., 1] + reach)
        & (v[..., 0] <= h[..., 2] + reach)
        & (h[..., 2] <= v[..., 1] + reach)
    )
    return met


def _connected(horizontal: Floats, vertical: Floats) -> list[Walls]:
    """Groups of walls that hang together over their meetings."""
    n, m = len(horizontal), len(vertical)
    if n == 0 or m == 0:
        return []
    met = touches(horizontal, vertical)
    label_h, label_v = np.arange(n), np.arange(n, n + m)
    while True:
        low_v = np.where(met, label_h[:, None], n + m).min(axis=0)
        new_v = np.minimum(label_v, low_v)
        low_h = np.where(met, new_v[None, :], n + m).min(axis=1)
        new_h = np.minimum(label_h, low_h)
        if np.array_equal(new_h, label_h) and np.array_equal(new_v, label_v):
            break
        label_h, label_v = new_h, new_v
    groups = []
    for label in np.unique(label_h):
        h, v = horizontal[label_h == label], vertical[label_v == label]
        if len(h) and len(v):
            groups.append(Walls(h, v))
    return sorted(
        groups, key=lambda w: (float(w.horizontal[:, 2].min()), float(w.vertical[:, 2].min()))
    )


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
