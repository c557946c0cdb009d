"""The points of pdfium's paths: those of several paths at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pypdfium2.raw as pdfium

from rktdata.extract.pdfium_calls import Call
from rktdata.schemas.values import Bools, Floats, Ints

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


def read_points(point: Call, count: Ints, *owner: Ints) -> Points:
    """All points of some paths.

    Args:
        point: pdfium's function that gives the address of a path's nth point.
        count: How many points each path has.
        owner: What says which path it is: the function's arguments before the number.
    """
    path = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(path)) - np.repeat(np.cumsum(count) - count, count)
    points = point.answers(*(column[path] for column in owner), nth)
    x, y = _place.fill(np.float32, 2, points, pointers=2).T
    return Points(x, y, _kind.answers(points), _is_closed.answers(points) != 0)
