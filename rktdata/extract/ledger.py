"""The ledger: where every glyph of every page went.

What the reader met must be found again in what the document became: cells, captions and
headings, prose, running heads and feet, repeated headers. Counts are taken from the
finished values, so that a line dropped on the way between two stages shows as left over,
and one used twice as a ledger that does not balance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import Block, Line, Page, PageLedger, Source, Table

_KIND_OF_BLOCK = {
    "judul": "judul",
    "keterangan-tabel": "judul",
    "prosa": "prosa",
    "butir": "prosa",
    "kepala-kaki": "kepala_kaki",
}


def balance(
    pages: Sequence[Page],
    layouts: Sequence[PageLayout],
    tables: Iterable[Table],
    blocks: Iterable[Block],
) -> tuple[PageLedger, ...]:
    """One ledger per page.

    Args:
        pages: As read.
        layouts: Of the same pages, all lines still in them; to name what is left over.
        tables: What became of the pages, sources in the layouts' coordinates; each is looked
            at once and let go, and so are blocks.
        blocks: Likewise.
    """
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    placed: set[int] = set()

    def count(sources: Collection[Source], kind: str) -> None:
        for source in sources:
            counts[source.page][kind] += source.glyphs

    def count_lines(lines: Iterable[Line], kind: str) -> None:
        for line in lines:
            placed.add(_place_of(line))
            counts[line.page][kind] += line.glyphs

    for table in tables:
        header, repeated = set(table.header_sources), set(table.repeated_sources)
        above: set[Source] = set()
        count(header, "sel")
        for row in table.rows:
            own = {source for cell in row.cells if cell is not None for source in cell.sources}
            count(own - above, "sel")  # a merged cell's are those of each row that it covers
            repeated -= own
            above = own
        count(repeated - header, "kepala_ulang")
        count_lines(table.caption, "judul")
        placed.update(map(_place_of, table.repeated_lines))
    for block in blocks:
        count_lines(block.lines, _KIND_OF_BLOCK[block.kind])
    ledgers = []
    for page, layout in zip(pages, layouts, strict=True):
        left = [line for line in layout.lines if _place_of(line) not in placed]
        out = dict(sorted(counts[page.number].items()))
        for reason, number in page.set_aside.items():
            out[reason] = out.get(reason, 0) + number
        if left:
            out["sisa"] = sum(line.glyphs for line in left)
        ledgers.append(
            PageLedger(page.number, page.found, out, tuple((line.text, line.box) for line in left))
        )
    return tuple(ledgers)


def _place_of(line: Line) -> int:
    """What a line is known by: small, since a document has many."""
    return hash((line.page, line.box, line.text))
