"""Points of several paths at once: those that pdfium tells of each."""

import ctypes

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from rktdata.extract.pdfium_calls import Call
from rktdata.extract.pdfium_points import read_points
from tests.extract.pdfs import make_pdf

DRAWN = "10 10 50 20 re S 5 5 m 90 5 l 90 60 l h S 1 2 m 3 4 5 6 7 8 c f 20 30 m 40 30 l S"
MOVE, LINE, CURVE = (
    pdfium.FPDF_SEGMENT_MOVETO,
    pdfium.FPDF_SEGMENT_LINETO,
    pdfium.FPDF_SEGMENT_BEZIERTO,
)
POINT = Call(pdfium.FPDFPath_GetPathSegment, is_address=True)


def test_points_come_path_by_path() -> None:
    document = pypdfium2.PdfDocument(make_pdf(DRAWN))
    page = document[0]
    objects = list(page.get_objects())
    counts = np.array([pdfium.FPDFPath_CountSegments(o.raw) for o in objects])
    paths = np.array([ctypes.addressof(o.raw.contents) for o in objects])
    found = read_points(POINT, counts, paths)
    columns = (found.x, found.y, found.kind, found.closes)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert counts.sum() == len(rows)
    rectangle, triangle = rows[: counts[0]], rows[counts[0] :][: counts[1]]
    assert rectangle[:2] == [(10, 10, MOVE, False), (60, 10, LINE, False)]
    assert [row[3] for row in rectangle] == [False] * (counts[0] - 1) + [True]
    assert triangle[:3] == [(5, 5, MOVE, False), (90, 5, LINE, False), (90, 60, LINE, False)]
    assert triangle[-1] == (5, 5, LINE, True)
    assert [row[:3] for row in rows[sum(counts[:2]) :][: counts[2]]] == [
        (1, 2, MOVE), (3, 4, CURVE), (5, 6, CURVE), (7, 8, CURVE)
    ]  # fmt: skip
    assert rows[-2:] == [(20, 30, MOVE, False), (40, 30, LINE, False)]
    page.close()
    document.close()


def test_no_paths_have_no_points() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert len(read_points(POINT, none, none).x) == 0
