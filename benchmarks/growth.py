"""Time against size: made-up pages with 10 and 100 times the content.

    python benchmarks/growth.py

Each kind of content grows alone: words on one page, drawn strokes on one page, cells of one
page's table, rows of one table over many pages, pages of prose. A stage that looks at every
pair of things shows here as a curve that leaves the straight line; "grows as n^" is the
slope of the last step, 1 for time in proportion.
"""

from __future__ import annotations

import gc
import io
import math
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

TIMES = (1, 10, 100)
WIDE, HIGH = 595.0, 842.0


def make_pdf(pages: list[tuple[str, float, float]]) -> bytes:
    """A PDF of pages given by their operators, width and height."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )
    for content, width, height in pages:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, width, height]),
            Resources=Dictionary(Font=Dictionary(F1=font)),
            Contents=pdf.make_stream(content.encode("latin-1")),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def show_text(x: float, y: float, text: str) -> str:
    """Operators for a text at 8 points."""
    return f"BT /F1 8 Tf {x:.1f} {y:.1f} Td ({text}) Tj ET"


def table(rows: list[list[str]], top: float, column: float = 120.0, row: float = 14.0) -> list[str]:
    """Operators of a ruled table: each cell a box with its text."""
    drawn = []
    for i, cells in enumerate(rows):
        for j, text in enumerate(cells):
            x, y = 40 + j * column, top - (i + 1) * row
            drawn += [f"{x:.1f} {y:.1f} {column} {row} re S", show_text(x + 3, y + 4, text)]
    return drawn


HEADER = ["No", "Indikator Kinerja", "Satuan", "Target 2024"]


def plan_rows(start: int, count: int) -> list[list[str]]:
    """Rows of a plan, numbered from `start`."""
    return [
        [f"{n}.", f"Jumlah laporan ke {n}", "dokumen", str(n % 90 + 1)]
        for n in range(start, start + count)
    ]


def words_on_a_page(times: int) -> bytes:
    """A table, and 200 words of prose times `times`, on a page long enough."""
    lines = 20 * times
    high = HIGH + 12.0 * lines
    drawn = table([HEADER, *plan_rows(1, 5)], high - 40)
    drawn += [
        show_text(40, high - 200 - 12 * i, "satu dua tiga empat lima enam tujuh delapan sembilan x")
        for i in range(lines)
    ]
    return make_pdf([("\n".join(drawn), WIDE, high)])


def strokes_on_a_page(times: int) -> bytes:
    """A table, and 200 strokes that are no table, times `times`."""
    high = HIGH + 3.0 * 20 * times
    drawn = table([HEADER, *plan_rows(1, 5)], high - 40)
    for i in range(20 * times):
        y = high - 200 - 3.5 * i
        drawn += [f"{40 + 25 * k} {y:.1f} m {55 + 25 * k} {y:.1f} l S" for k in range(10)]
    return make_pdf([("\n".join(drawn), WIDE, high)])


def cells_on_a_page(times: int) -> bytes:
    """A table of 10 rows times `times` on one long page."""
    rows = [HEADER, *plan_rows(1, 10 * times)]
    high = 200 + 14.0 * len(rows)
    return make_pdf([("\n".join(table(rows, high - 40)), WIDE, high)])


def rows_over_pages(times: int) -> bytes:
    """A table of 40 rows times `times`, its header on each page."""
    pages = [
        ("\n".join(table([HEADER, *plan_rows(1 + 40 * n, 40)], 800)), WIDE, HIGH)
        for n in range(times)
    ]
    return make_pdf(pages)


def pages_of_prose(times: int) -> bytes:
    """A page with a table, then `times` pages of prose."""
    first = ("\n".join(table([HEADER, *plan_rows(1, 5)], 800)), WIDE, HIGH)
    prose = "\n".join(
        show_text(60, 780 - 13 * i, f"Uraian ke {i} dari rencana kerja yang tidak memuat tabel")
        for i in range(50)
    )
    return make_pdf([first, *[(prose, WIDE, HIGH)] * times])


KINDS: dict[str, Callable[[int], bytes]] = {
    "words on a page": words_on_a_page,
    "strokes on a page": strokes_on_a_page,
    "cells on a page": cells_on_a_page,
    "rows over pages": rows_over_pages,
    "pages of prose": pages_of_prose,
}


def forget() -> None:
    """Empty what is remembered of texts: a second reading is to find no more than the first."""
    for known in gc.get_objects():
        if isinstance(known, type(lru_cache(len))):
            known.cache_clear()


def measure() -> dict[str, dict[str, float]]:
    """Processor milliseconds by kind of content and how many times of it, the best of two."""
    from rktdata.output.dataset import document_entry
    from rktdata.pipeline import read_by_table

    found: dict[str, dict[str, float]] = {}
    for kind, make in KINDS.items():
        found[kind] = {}
        for times in TIMES:
            pdf, spent = make(times), []
            for _ in range(2):
                forget()
                document_entry(read_by_table(make(1), "growth.pdf"))  # imports are no part of it
                start = time.process_time()
                document_entry(read_by_table(pdf, "growth.pdf"))
                spent.append(time.process_time() - start)
            found[kind][str(times)] = 1000 * min(spent)
    return found


def slope(row: dict[str, float]) -> float:
    """The power of the size that the last step grows with."""
    *_, (a, before), (b, after) = ((int(times), spent) for times, spent in row.items())
    return math.log(after / before) / math.log(b / a)


def show(found: dict[str, dict[str, float]]) -> None:
    """Print a line for each kind."""
    print(f"{'CPU ms':20}" + "".join(f"{f'x {times}':>10}" for times in TIMES) + "  grows as n^")
    for kind, row in found.items():
        figures = "".join(f"{value:10.1f}" for value in row.values())
        print(f"{kind:20}{figures} {slope(row):12.2f}")


def plot(found: dict[str, dict[str, float]], file: Path) -> None:
    """Time against size, both by powers of ten, as SVG."""
    left, top, width, height = 70.0, 40.0, 420.0, 300.0
    most = math.ceil(math.log10(max(max(row.values()) for row in found.values())))
    colours = ("#0b5c62", "#b5523b", "#6b7a2b", "#7a4b8c", "#b08a1e")

    def place(times: int, spent: float) -> tuple[float, float]:
        return (
            left + width * math.log10(times) / math.log10(TIMES[-1]),
            top + height * (1 - math.log10(max(spent, 1.0)) / most),
        )

    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="400" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        '<text x="10" y="22" fill="#333">processor milliseconds a document, by its size</text>',
    ]
    for power in range(most + 1):
        _, y = place(1, 10.0**power)
        lines.append(f'<path d="M{left} {y:.1f}h{width}" stroke="#ddd"/>')
        lines.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power}</text>')
    for times in TIMES:
        x, _ = place(times, 1.0)
        lines.append(f'<text x="{x:.1f}" y="{top + height + 20}">x {times}</text>')
    for row, colour in zip(found.values(), colours, strict=True):
        points = [place(int(times), spent) for times, spent in row.items()]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        lines.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
    ends = sorted((place(TIMES[-1], row[str(TIMES[-1])])[1], kind) for kind, row in found.items())
    below = 0.0
    for y, kind in ends:
        below = max(y + 4, below + 16)
        colour = colours[list(found).index(kind)]
        lines.append(f'<text x="{left + width + 10}" y="{below:.1f}" fill="{colour}">{kind}</text>')
    file.write_text("\n".join([*lines, "</svg>", ""]), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    show(measure())
