"""The points of pdfium's paths, read a path at a time.

Asked for a path's nth point, pdfium gives a pointer into the path's own row of points; the
pointers to the first and the last one say where that row stands in memory. How a point is
written there is no part of pdfium's interface. So on each page what is read in this way is
compared with what pdfium says of some of the points; where they differ, or the rows are
not as long as they should be, every point is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from rktdata.extract.pdfium_calls import Call, Column, read_memory
from rktdata.schemas.values import Bools, Floats, Ints

# As pdfium writes a point: place, kind of segment that ends there, whether it closes.
POINT = np.dtype(
    {
        "names": ["x", "y", "kind", "closes"],
        "formats": ["f4", "f4", "u1", "?"],
        "offsets": [0, 4, 8, 9],
        "itemsize": 12,
    }
)
# So many points are asked for as well, from the first path and from the last.
PROOFS = 5

_place = Call(pdfium.FPDFPathSegment_GetPoint)
_kind = Call(pdfium.FPDFPathSegment_GetType)
_is_closed = Call(pdfium.FPDFPathSegment_GetClose)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points of several paths, one path after the other; coordinates are the path's own.

    Attributes:
        x, y: n floats.
        kind: n numbers, FPDF_SEGMENT_*: how the path comes to the point.
        closes: n flags, the subpath is closed after this point.
    """

    x: Floats
    y: Floats
    kind: Ints
    closes: Bools


def read_points(point: Call, count: Ints, *owner: Column, dtype: np.dtype[Any] = POINT) -> Points:
    """All points of some paths.

    Args:
        point: pdfium's function that gives the address of a path's nth point.
        count: How many points each path has, at least 1.
        owner: What says which path it is: the function's arguments before the number.
        dtype: How a point is written in memory.
    """
    if not len(count):
        none = np.zeros(0)
        return Points(none, none, none.astype(np.int64), none.astype(np.bool_))
    first = point.answers(*owner, 0)
    last = point.answers(*owner, count - 1)
    size = count * dtype.itemsize
    if first.all() and np.array_equal(last - first, size - dtype.itemsize):
        written = np.frombuffer(read_memory(first, size), dtype)
        begin = np.arange(min(count[0], PROOFS))
        end = np.arange(min(count[-1], PROOFS))
        proof = np.append(begin, len(written) - 1 - end)
        address = np.append(first[0] + dtype.itemsize * begin, last[-1] - dtype.itemsize * end)
        points = Points(
            written["x"].astype(np.float64),
            written["y"].astype(np.float64),
            written["kind"].astype(np.int64),
            written["closes"] != 0,
        )
        if _agree(points, proof, _ask(address)):
            return points
    path = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(path)) - np.repeat(np.cumsum(count) - count, count)
    each = (np.broadcast_to(column, len(count))[path] for column in owner)
    return _ask(point.answers(*each, nth))


def _ask(points: Ints) -> Points:
    """Points as pdfium tells them, three calls each; `points` are their addresses."""
    x, y = _place.fill(np.float32, 2, points, pointers=2).T
    return Points(x, y, _kind.answers(points), _is_closed.answers(points) != 0)


def _agree(points: Points, chosen: Ints, told: Points) -> bool:
    return (
        np.array_equal(points.x[chosen], told.x, equal_nan=True)
        and np.array_equal(points.y[chosen], told.y, equal_nan=True)
        and np.array_equal(points.kind[chosen], told.kind)
        and np.array_equal(points.closes[chosen], told.closes)
    )
