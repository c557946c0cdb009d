"""Table walls from drawn paths, the same way for every reader.

Real documents draw a wall as a stroked line, as one side of a stroked rectangle, or as
a filled box half a point thin; a cell's shading is a filled box as well. A page draws
up to some tens of thousands of path points, so all paths are looked at together.

Rules followed: ISO 32000-1, 8.5 (path construction and painting); a subpath that is
filled is closed first, one that is stroked is not (8.5.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rktdata.schemas.values import Bools, Floats, Ints, Rules

# A filled box this thin is a drawn line (points): Excel draws walls as 0.5 pt boxes,
# Word and LibreOffice up to 2.25 pt, and 3.2 pt strips part rows of shaded cells.
THIN_PT = 3.3
# A stroke may lean this much over its length and still be a straight rule (points).
LEAN_PT = 1.0
# A filled area with more corners than this is a drawing, not a shading.
CORNERS = 6
# Beyond this many path points a page is a drawing (a map), not a table.
POINT_LIMIT = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Painted paths, their points in user space less the crop box's corner.

    Attributes:
        x, y: n floats, the points of all paths, one path after the other.
        path: n ascending indexes into the columns of paths below.
        begins: n flags, where a straight run of points begins anew: at a "move to", and
            at the end of a curve, since a curve is no rule.
        closes: n flags, the subpath is closed after this point.
        filled, stroked: m flags.
        thickness: m floats, stroke width in points.
    """

    x: Floats
    y: Floats
    path: Ints
    begins: Bools
    closes: Bools
    filled: Bools
    stroked: Bools
    thickness: Floats


def no_rules() -> Rules:
    """A page on which nothing is drawn."""
    return Rules(np.zeros((0, 4)), np.zeros((0, 4)), np.zeros((0, 4)))


def find_rules(paths: Paths) -> Rules:
    """The straight strokes and shadings of painted paths, in the order they are drawn."""
    n = len(paths.x)
    if n == 0:
        return no_rules()
    begins = paths.begins.copy()
    begins[0] = True
    begins[1:] |= paths.path[1:] != paths.path[:-1]
    starts = np.nonzero(begins)[0]
    run = np.cumsum(begins) - 1
    count = np.append(starts[1:], n) - starts
    path = paths.path[starts]
    edges = _edges(paths, starts, run, count, path)
    areas = _areas(paths, starts, count, path)
    shape = np.where(paths.stroked[path[areas.run]], 9, count[areas.run])
    width, height = areas.x1 - areas.x0, areas.y1 - areas.y0
    flat = (height <= THIN_PT) & (width > height)
    tall = ~flat & (width <= THIN_PT) & (height > width)
    shade = ~flat & ~tall & (width > THIN_PT) & (shape <= CORNERS)
    dx, dy = edges.x1 - edges.x0, edges.y1 - edges.y0
    across = (dy <= LEAN_PT) & (dx > dy)
    down = ~across & (dx <= LEAN_PT) & (dy > dx)
    thickness = paths.thickness[path[edges.run]]

    def ordered(area: Bools, edge: Bools, of_area: list[Floats], of_edge: list[Floats]) -> Floats:
        rows = np.concatenate([np.column_stack(of_area)[area], np.column_stack(of_edge)[edge]])
        order = np.argsort(np.concatenate([areas.run[area], edges.run[edge]]), kind="stable")
        drawn: Floats = rows[order]
        return drawn

    return Rules(
        horizontal=ordered(
            flat,
            across,
            [areas.x0, areas.x1, (areas.y0 + areas.y1) / 2, height],
            [edges.x0, edges.x1, (edges.y0 + edges.y1) / 2, thickness],
        ),
        vertical=ordered(
            tall,
            down,
            [areas.y0, areas.y1, (areas.x0 + areas.x1) / 2, width],
            [edges.y0, edges.y1, (edges.x0 + edges.x1) / 2, thickness],
        ),
        fills=np.column_stack([areas.x0, areas.y0, areas.x1, areas.y1])[shade],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Boxes:
    """Boxes round edges or areas, and the run of points that each comes from."""

    run: Ints
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats


def _areas(paths: Paths, starts: Ints, count: Ints, path: Ints) -> _Boxes:
    """The box round each filled run of at least three points."""
    chosen = np.nonzero(paths.filled[path] & (count >= 3))[0]
    return _Boxes(
        chosen,
        np.minimum.reduceat(paths.x, starts)[chosen],
        np.minimum.reduceat(paths.y, starts)[chosen],
        np.maximum.reduceat(paths.x, starts)[chosen],
        np.maximum.reduceat(paths.y, starts)[chosen],
    )


def _edges(paths: Paths, starts: Ints, run: Ints, count: Ints, path: Ints) -> _Boxes:
    """The sides of stroked runs, in order; a closed one's last side is back to its start."""
    x, y = paths.x, paths.y
    from_point = np.nonzero((run[1:] == run[:-1]) & paths.stroked[paths.path[:-1]])[0]
    ends = starts + count - 1
    closed = np.logical_or.reduceat(paths.closes, starts) & paths.stroked[path] & (count > 1)
    closed &= (x[starts] != x[ends]) | (y[starts] != y[ends])
    a = np.concatenate([from_point, ends[closed]])
    b = np.concatenate([from_point + 1, starts[closed]])
    order = np.argsort(run[a], kind="stable")
    a, b = a[order], b[order]
    return _Boxes(
        run[a],
        np.minimum(x[a], x[b]),
        np.minimum(y[a], y[b]),
        np.maximum(x[a], x[b]),
        np.maximum(y[a], y[b]),
    )
