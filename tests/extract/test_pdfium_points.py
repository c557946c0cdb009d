"""Path points read from memory: the same as those asked for one by one."""

import ctypes

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from rktdata.extract.pdfium_calls import Call, Column
from rktdata.extract.pdfium_points import POINT, read_points
from tests.extract.pdfs import make_pdf

# Where a point's parts would stand if pdfium wrote them in another way.
NAMES = ["x", "y", "kind", "closes"]
OTHER_LAYOUTS = [
    np.dtype({"names": NAMES, "formats": formats, "offsets": offsets, "itemsize": size})
    for formats, offsets, size in (
        (["f4", "f4", "u1", "?"], [4, 0, 8, 9], 12),
        (["f4", "f4", "u1", "?"], [0, 4, 9, 8], 12),
        (["f4", "f4", "u1", "?"], [0, 4, 8, 10], 12),
        (["f8", "f8", "u1", "?"], [0, 8, 16, 17], 20),
    )
]
DRAWN = "10 10 50 20 re S 5 5 m 90 5 l 90 60 l h S 1 2 m 3 4 5 6 7 8 c f 20 30 m 40 30 l S"


class Counted(Call):
    """A function that notes how often it is called."""

    asked = 0

    def answers(self, *columns: Column) -> np.ndarray:
        found = super().answers(*columns)
        self.asked += len(found)
        return found


def all_points(layout: np.dtype) -> tuple[list[tuple[float, ...]], int]:
    """Every point of the drawing, and how often pdfium was asked for one."""
    point = Counted(pdfium.FPDFPath_GetPathSegment, is_address=True)
    document = pypdfium2.PdfDocument(make_pdf(DRAWN))
    page = document[0]
    objects = list(page.get_objects())
    counts = np.array([pdfium.FPDFPath_CountSegments(o.raw) for o in objects])
    paths = np.array([ctypes.addressof(o.raw.contents) for o in objects])
    found = read_points(point, counts, paths, dtype=layout)
    columns = (found.x, found.y, found.kind, found.closes)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    page.close()
    document.close()
    return rows, point.asked


def test_points_are_read_with_two_calls_a_path() -> None:
    rows, asked = all_points(POINT)
    assert rows[:2] == [
        (10, 10, pdfium.FPDF_SEGMENT_MOVETO, False),
        (60, 10, pdfium.FPDF_SEGMENT_LINETO, False),
    ]
    assert [row[3] for row in rows].count(True) == 2
    assert asked == 2 * 4


@pytest.mark.parametrize("layout", OTHER_LAYOUTS)
def test_points_are_asked_for_where_memory_looks_otherwise(layout: np.dtype) -> None:
    expected, _ = all_points(POINT)
    rows, asked = all_points(layout)
    assert rows == expected
    assert asked > len(rows)


def test_no_paths_have_no_points() -> None:
    none = np.zeros(0, dtype=np.int64)
    point = Call(pdfium.FPDFPath_GetPathSegment, is_address=True)
    assert len(read_points(point, none, none).x) == 0
