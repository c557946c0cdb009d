"""A page as a picture, with what was found drawn over it.

Blue: cells of ruled tables; violet: of half-ruled and unruled ones; a cell that spans
columns or rows is tinted. Green: header rows. Orange: lines outside the tables.
Red: glyphs that are left over. A grey bar at the top or foot: a table that goes on from
or to another page, with the evidence of the join.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rktdata.extract.headers import find_header
from rktdata.extract.layout import find_layout
from rktdata.extract.ocr import Scans
from rktdata.extract.pages import as_displayed, displayed_box, open_pdf
from rktdata.extract.pieces import group_pieces
from rktdata.extract.running import split_running
from rktdata.schemas.document import PageLayout
from rktdata.schemas.options import Options
from rktdata.schemas.values import Box, Join, Page, Source

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SCALE = 1.6  # pixels per point: 115 dpi, small print stays readable
_BLUE, _VIOLET, _GREEN = (30, 90, 220), (150, 60, 200), (0, 140, 70)
_ORANGE, _RED, _GREY = (240, 150, 30), (220, 0, 0), (110, 110, 110)
# How many pages before and after are read, to tell what goes over the page's breaks.
_NEIGHBOURS = 1


def draw_page(pdf: bytes, page: int, options: Options | None = None) -> Image:
    """The page with tables, cells, spans, joins and left-over glyphs.

    Args:
        pdf: The file's bytes.
        page: From 1.
        options: How to read it.

    Raises:
        IndexError: There is no such page.
        DocumentError: The PDF cannot be read.
    """
    from PIL import ImageDraw

    options = options or Options()
    with (
        open_pdf(pdf, options.reader, options.password) as reader,
        Scans(pdf, options.ocr, options.password) as scans,
    ):
        if not 1 <= page <= len(reader):
            raise IndexError(f"there is no page {page}; the PDF has {len(reader)}")
        numbers = range(max(1, page - _NEIGHBOURS), min(len(reader), page + _NEIGHBOURS) + 1)
        pages = [as_displayed(reader.read(n - 1), n, options.reader) for n in numbers]
        pages = [scans.read(p, why) if (why := scans.reason(p)) else p for p in pages]
    layouts = [find_layout(found) for found in pages]
    body, _ = split_running(layouts)
    joins = [join for _, found in group_pieces(body) for join in found]
    shown = next(found for found in pages if found.number == page)
    layout = next(found for found in layouts if found.page == page)
    image = render_page(pdf, page, options.password, SCALE)
    draw = ImageDraw.Draw(image, "RGBA")
    _draw_lines(draw, shown, layout)
    _draw_grids(draw, shown, layout)
    _draw_joins(draw, image.size, page, joins)
    return image


def render_page(pdf: bytes, page: int, password: str | None, scale: float) -> Image:
    """The page as it looks, `scale` pixels per point."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf, password=password)
    try:
        image: Image = document[page - 1].render(scale=scale).to_pil().convert("RGB")
        return image
    finally:
        document.close()


def _pixels(page: Page, box: Box) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = displayed_box(page, box)
    return (x0 * SCALE, top * SCALE, x1 * SCALE, bottom * SCALE)


def _draw_grids(draw: ImageDraw, page: Page, layout: PageLayout) -> None:
    for grid in layout.grids:
        colour = _BLUE if grid.kind == "bergaris" else _VIOLET
        header = find_header(grid)
        for cell in grid.cells:
            head = cell.row in header
            outline = _GREEN if head else colour
            spans = cell.rowspan > 1 or cell.colspan > 1
            tint = (*outline, 45) if spans else (*outline, 12)
            draw.rectangle(_pixels(page, cell.box), outline=(*outline, 255), fill=tint, width=2)
            for line in cell.lines:
                x0, _, x1, bottom = _pixels(page, line.box)
                draw.line((x0, bottom, x1, bottom), fill=(*outline, 160), width=1)


def _draw_lines(draw: ImageDraw, page: Page, layout: PageLayout) -> None:
    for line in layout.lines:
        draw.rectangle(_pixels(page, line.box), outline=(*_ORANGE, 200), width=1)


def _draw_joins(draw: ImageDraw, size: tuple[int, int], page: int, joins: Sequence[Join]) -> None:
    for join in joins:
        text = ("joined" if join.joined else "not joined") + ": " + ", ".join(join.evidence)
        if join.second_page == page:
            draw.rectangle((0, 0, size[0], 16), fill=(*_GREY, 60))
            draw.text((4, 2), f"page {join.first_page} above, {text}", fill=_RED)
        if join.first_page == page:
            draw.rectangle((0, size[1] - 16, size[0], size[1]), fill=(*_GREY, 60))
            draw.text((4, size[1] - 14), f"page {join.second_page} below, {text}", fill=_RED)


def page_image(
    pdf: str | os.PathLike[str],
    page: int,
    marks: Sequence[Source] = (),
    *,
    scale: float = 1.6,
    password: str | None = None,
) -> Image:
    """A page of a PDF as a picture, the given places framed in red.

    Args:
        pdf: The file.
        page: From 1.
        marks: Places; those on other pages are left out.
        scale: Pixels per point.
        password: Of a locked PDF.

    Raises:
        IndexError: There is no such page.
    """
    if page < 1:
        raise IndexError(f"there is no page {page}; pages count from 1")
    from PIL import ImageDraw

    image = render_page(Path(pdf).read_bytes(), page, password, scale)
    draw = ImageDraw.Draw(image)
    for mark in marks:
        if mark.page == page:
            draw.rectangle([edge * scale for edge in mark.box], outline=_RED, width=2)
    return image
