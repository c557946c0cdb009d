"""The extraction stages alone, from bytes to whole tables, for the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rktdata.extract.blocks import find_blocks
from rktdata.extract.layout import find_layout
from rktdata.extract.ledger import balance
from rktdata.extract.pages import read_pages
from rktdata.extract.running import split_running
from rktdata.extract.stitch import stitch
from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import Block, Line, Page, PageLedger, Source, Table


@dataclass(frozen=True, slots=True)
class Reading:
    """One document, taken apart and put together; layouts still hold every line."""

    pages: list[Page]
    layouts: list[PageLayout]
    tables: tuple[Table, ...]
    blocks: list[Block]
    ledgers: tuple[PageLedger, ...]


def read_tables(pdf: bytes) -> Reading:
    pages = list(read_pages(pdf))
    layouts = [find_layout(page) for page in pages]
    body, running = split_running(layouts)
    stitched = stitch(body)
    tables = tuple(stitched.tables)
    blocks = [*find_blocks(stitched.layouts), *running]
    ledgers = balance(pages, layouts, tables, blocks)
    return Reading(pages, layouts, tables, blocks, ledgers)


def texts_of(table: Table) -> list[list[str]]:
    """Rows of texts, "" where nothing is printed."""
    return [[cell.text if cell else "" for cell in row.cells] for row in table.rows]


def letters_before(reading: Reading) -> Counter[str]:
    """Every letter that the pages' grids and lines hold."""
    lines = [ln for lay in reading.layouts for ln in lay.lines]
    lines += [ln for lay in reading.layouts for g in lay.grids for c in g.cells for ln in c.lines]
    return _count(line.text for line in lines)


def letters_after(reading: Reading) -> Counter[str]:
    """Every letter of the tables and blocks, each place on a page counted once."""
    places: set[Source] = set()
    lines: list[Line] = []
    for table in reading.tables:
        places.update(s for row in table.rows for c in row.cells if c for s in c.sources)
        places.update((*table.header_sources, *table.repeated_sources))
        lines += table.caption
    # A caption printed again is among the places and among the lines outside the grids.
    texts = [text for place in places for text in _texts_at(reading, place)]
    texts += [line.text for line in lines]
    texts += [line.text for block in reading.blocks for line in block.lines]
    return _count(texts)


def cells_without_their_places(reading: Reading) -> list[str]:
    """Cells whose letters are not those at the places they name."""
    wrong = []
    for table in reading.tables:
        for row in table.rows:
            for cell in row.cells:
                if cell is not None:
                    printed = [t for place in cell.sources for t in _texts_at(reading, place)]
                    if _count([cell.text]) != _count(printed):
                        wrong.append(cell.text)
    return wrong


def _texts_at(reading: Reading, place: Source) -> list[str]:
    """The lines of a page that lie in a box."""
    [layout] = [lay for lay in reading.layouts if lay.page == place.page]
    x0, top, x1, bottom = place.box
    lines = [*layout.lines, *(ln for g in layout.grids for c in g.cells for ln in c.lines)]
    return [
        line.text
        for line in lines
        if x0 <= line.box[0] and top <= line.box[1] and line.box[2] <= x1 and line.box[3] <= bottom
    ]


def _count(texts: Iterable[str]) -> Counter[str]:
    return Counter("".join("".join(text.split()) for text in texts))
