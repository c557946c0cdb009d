"""One document's whole journey, on one screen: bytes in, `Document` out."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rktdata.collecting import collector_held_back
from rktdata.extract.blocks import find_blocks
from rktdata.extract.ledger import balance
from rktdata.extract.pages import displayed_box
from rktdata.extract.running import split_running
from rktdata.extract.stitch import stitch
from rktdata.normalize.columns import read_roles
from rktdata.normalize.document import describe_document
from rktdata.normalize.prose import read_prose_budget, read_prose_indicators
from rktdata.normalize.records import (
    classify_table,
    number_budget,
    number_indicators,
    read_budget,
    read_indicators,
)
from rktdata.normalize.units import Vocabulary, load_vocabulary
from rktdata.packed import PackedRuns
from rktdata.page_by_page import (
    PageWatch,
    Parts,
    open_pages,
    put_together,
    read_parts,
    unwatched,
)
from rktdata.schemas.document import (
    Document,
    DocumentInfo,
    DocumentReading,
    PageLayout,
    TableReading,
)
from rktdata.schemas.errors import BrokenPdfError, NeedsOcrError, NoTableError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.schemas.records import DokumenRow, R, Record, TabelRow
from rktdata.schemas.values import (
    UNREAD,
    Block,
    Line,
    Page,
    PageInfo,
    PageLedger,
    Source,
    Table,
)

if TYPE_CHECKING:
    from rktdata.extract.ocr.recognise import Cache


def read_document(
    pdf: bytes,
    name: str,
    options: Options | None = None,
    limits: Limits | None = None,
    watch: PageWatch = unwatched,
    cache: Cache | None = None,
    parts: Parts | None = None,
) -> Document:
    """Everything we can say about one PDF. No disk, clock, network or global state.

    Args:
        pdf: The file's bytes.
        name: Its name, for the dataset and, as a last resort, for the plan's year.
        options: How to read it.
        limits: How much it may hold.
        watch: What is entered while a page is read, given its number and whether that is
            by OCR; it may stop that by a `DocumentError`, which costs the page.
        cache: Keeps what was read by OCR; see `extract.ocr.recognise.Cache`.
        parts: Its pages, where they were read elsewhere; `watch` and `cache` are for the
            reading that is then done already.

    Raises:
        DocumentError: One of its kinds; the message says what to do.
    """
    with collector_held_back():
        return read_by_table(pdf, name, options, limits, watch, cache, parts).whole()


def read_by_table(
    pdf: bytes,
    name: str,
    options: Options | None = None,
    limits: Limits | None = None,
    watch: PageWatch = unwatched,
    cache: Cache | None = None,
    parts: Parts | None = None,
) -> DocumentReading:
    """The same, each table's records read when the table is asked for.

    So a long document is written while it is read, and never held whole.

    Raises:
        DocumentError: One of its kinds, now or when the last table was asked for.
    """
    options = options or Options()
    limits = limits or Limits()
    with collector_held_back():
        parts = parts or read_parts(pdf, options, limits, watch, cache)
        pages, layouts, messages = put_together(parts, limits)
        faults = tuple(messages)
        body, running = split_running(layouts)
        stitched = stitch(body)
        tables, blocks = _Tables(), list[Block]()
        found = chain(find_blocks(stitched.layouts), running)
        ledgers = balance(
            pages,
            layouts,
            _kept(stitched.tables, tables.append),
            _kept(found, blocks.append),
        )
        info = describe_document(_first_lines(layouts), tables.held, name)
        messages += _ledger_messages(ledgers) + _page_messages(pages)
        told = Document(
            row=_document_row(pdf, name, info, pages, messages),
            tables=(),
            table_rows=(),
            indicators=(),
            budget=(),
            pages=tuple(_page_info(page) for page in pages),
            ledgers=ledgers,
            messages=tuple(messages),
        )
    words = load_vocabulary(options.vocabulary)
    shown = _AsDisplayed(pages)
    read = _read_tables(tables, blocks, info, words, told.row.dokumen_id)
    return DocumentReading(
        told,
        shown.blocks(sorted(blocks, key=lambda block: (block.page, block.lines[0].baseline))),
        shown.tables(_planned(read, pages, faults)),
    )


T = TypeVar("T")


def _kept(items: Iterable[T], keep: Callable[[T], None]) -> Iterator[T]:
    """The items, each kept as well."""
    for item in items:
        keep(item)
        yield item


# Cells of a document's tables until rows are held packed: some 400 bytes each.
PLAIN_CELLS = 10_000


class _Tables:
    """A document's tables; their rows are packed where they are many."""

    def __init__(self) -> None:
        self.held: list[Table] = []
        self._cells = 0

    def append(self, table: Table) -> None:
        """Keep one more."""
        self._cells += len(table.rows) * len(table.columns)
        if self._cells > PLAIN_CELLS and not isinstance(table.rows, PackedRuns):
            table = replace(table, rows=PackedRuns(table.rows))
        self.held.append(table)

    def __iter__(self) -> Iterator[Table]:
        """Each with its rows at hand."""
        for table in self.held:
            packed = isinstance(table.rows, PackedRuns)
            yield replace(table, rows=tuple(table.rows)) if packed else table


def _read_tables(
    tables: Iterable[Table],
    blocks: Sequence[Block],
    info: DocumentInfo,
    words: Vocabulary,
    document_id: str,
) -> Iterator[TableReading]:
    """Each table with its records, those of running text among them."""
    said = ([record] for record in read_prose_indicators(blocks, info, words))
    indicators = _InOrder(document_id, said, number_indicators)
    budget = _InOrder(document_id, [read_prose_budget(blocks, info)], number_budget)
    for found in tables:
        table = replace(found, unit=found.unit or info.agency)
        roles = read_roles(table)
        yield TableReading(
            table,
            _table_row(document_id, table, classify_table(table, roles)),
            indicators.with_table(read_indicators(table, info, words, roles)),
            budget.with_table(read_budget(table, info, words, roles)),
        )
    yield TableReading(None, None, indicators.rest(), budget.rest())


class _InOrder(Generic[R]):
    """Numbers records of one kind in reading order: a table's stay together.

    Those of running text stand in groups of their own, where they begin.
    """

    def __init__(
        self,
        document_id: str,
        groups: Iterable[list[Record[R]]],
        number: Callable[[str, Iterable[Iterable[Record[R]]], int], Iterator[Record[R]]],
    ) -> None:
        self._document_id = document_id
        self._groups = deque(sorted(filter(None, groups), key=lambda group: _begins(group[0])))
        self._number = number
        self._count = 0

    def with_table(self, found: Iterable[Record[R]]) -> Iterator[Record[R]]:
        """A table's records, after those of running text that begin above them."""
        records = iter(found)
        for first in records:
            while self._groups and _begins(self._groups[0][0]) < _begins(first):
                yield from self._numbered(self._groups.popleft())
            yield from self._numbered(chain((first,), records))

    def rest(self) -> Iterator[Record[R]]:
        """Those of running text that are left."""
        while self._groups:
            yield from self._numbered(self._groups.popleft())

    def _numbered(self, group: Iterable[Record[R]]) -> Iterator[Record[R]]:
        for record in self._number(self._document_id, (group,), self._count):
            self._count += 1
            yield record


def _begins(record: Record[Any]) -> tuple[int, float]:
    """The page and height of the first place that a record is taken from."""
    places = [source for found in record.sources.values() for source in found]
    return min((source.page, source.box[1]) for source in places) if places else (0, 0.0)


def _planned(
    read: Iterable[TableReading], pages: Sequence[Page], faults: Sequence[str]
) -> Iterator[TableReading]:
    """The tables as they are read, if there is a plan or a budget in them, or in running text.

    Raises:
        DocumentError: There is none, and no table is left to be read.
    """
    planned = False

    def noted(records: Iterable[Record[R]]) -> Iterator[Record[R]]:
        nonlocal planned
        for record in records:
            planned = True
            yield record

    for found in read:
        planned = planned or (found.row is not None and found.row.jenis != "lain")
        yield replace(found, indicators=noted(found.indicators), budget=noted(found.budget))
    if planned:
        return
    if faults and not any(UNREAD in page.remarks for page in pages):
        # It may be the missing part that held the plan.
        raise BrokenPdfError(f"nothing is found in what can be read of it: {faults[0]}")
    raise _nothing_found(pages, faults)


def searchable_copy(
    pdf: bytes,
    options: Options | None = None,
    limits: Limits | None = None,
    watch: PageWatch = unwatched,
    cache: Cache | None = None,
) -> bytes | None:
    """The PDF with what is read by OCR as an invisible layer; None where nothing is.

    Args:
        pdf: The file's bytes.
        options: As for `read_document`, after which a cache makes this quick.
        limits: How much it may hold.
        watch: See `read_document`.
        cache: Keeps what was read by OCR.

    Raises:
        DocumentError: It cannot be read, or no copy of it can be made.
    """
    from rktdata.extract.ocr.searchable import searchable

    options, limits = options or Options(), limits or Limits()
    with open_pages(pdf, options, limits, watch, cache) as opened:
        readings = [opened.read(number, kept=lambda page: page) for number in opened.numbers]
    pages, _, _ = put_together(Parts((), len(readings), readings), limits)
    if not any(page.reader == "ocr" for page in pages):
        return None
    return searchable(pdf, pages, options.password)


# A document says what it is on its cover, in its foreword or in its running heads.
FIRST_PAGES = 5


def _first_lines(layouts: Sequence[PageLayout]) -> list[Line]:
    """The lines of the first pages, running heads and feet among them."""
    return [line for layout in layouts[:FIRST_PAGES] for line in layout.lines]


def _nothing_found(pages: Sequence[Page], messages: Sequence[str]) -> Exception:
    unread = [page for page in pages if UNREAD in page.remarks]
    if unread and all(page in unread or page.found == 0 for page in pages):
        return NeedsOcrError(f"its pages are pictures and were not read: {messages[-1]}")
    if all(page.reader == "ocr" and page.found == 0 for page in pages):
        return NoTableError("its pages are pictures in which no text can be read; scan it anew")
    return NoTableError("no planning table was found; is it an RKT, PK, Renja or IKU?")


def _ledger_messages(ledgers: Sequence[PageLedger]) -> list[str]:
    return [
        f"halaman {ledger.halaman}: neraca tidak seimbang, masuk {ledger.masuk}, "
        f"keluar {sum(ledger.keluar.values())}"
        for ledger in ledgers
        if not ledger.seimbang
    ]


def _page_messages(pages: Sequence[Page]) -> list[str]:
    messages = []
    for page in pages:
        if "tanpa-unicode" in page.remarks and page.reader != "ocr":
            messages.append(f"halaman {page.number}: ada huruf tanpa kode Unicode")
        if "terlalu-banyak-garis" in page.remarks:
            messages.append(f"bom: halaman {page.number} has more strokes than are looked at")
    return messages


def _document_row(
    pdf: bytes, name: str, info: DocumentInfo, pages: Sequence[Page], messages: Sequence[str]
) -> DokumenRow:
    digest = hashlib.sha256(pdf).hexdigest()
    return DokumenRow(
        dokumen_id=digest[:16],
        berkas=name,
        sha256=digest,
        jenis=info.kind,
        instansi=info.agency,
        tahun=info.year,
        halaman=len(pages),
        pindaian=sum(page.reader == "ocr" for page in pages),
        status="sebagian" if messages else "lengkap",
        galat="; ".join(messages) or None,
    )


def _table_row(document_id: str, table: Table, kind: str) -> TabelRow:
    return TabelRow(
        dokumen_id=document_id,
        tabel_id=f"{document_id}-{table.id}",
        nomor=table.number,
        judul=table.title,
        unit_kerja=table.unit,
        jenis=kind,
        halaman_awal=table.pages[0],
        halaman_akhir=table.pages[-1],
        baris=len(table.rows),
        kolom=len(table.columns),
    )


def _page_info(page: Page) -> PageInfo:
    sideways = page.turn % 2 == 1
    return PageInfo(
        halaman=page.number,
        lebar=page.height if sideways else page.width,
        tinggi=page.width if sideways else page.height,
        putaran=page.turn,
        pembaca=page.reader,
        catatan=page.remarks,
    )


class _AsDisplayed:
    """Gives each place on a page that was stood up as it is displayed."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._turned = {page.number: page for page in pages if page.turn or page.bend}

    def tables(self, read: Iterator[TableReading]) -> Iterator[TableReading]:
        """Tables with their records."""
        return map(self._reading, read) if self._turned else read

    def blocks(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """Text outside the tables."""
        if not self._turned:
            return blocks
        return [replace(block, lines=tuple(map(self._line, block.lines))) for block in blocks]

    def _reading(self, found: TableReading) -> TableReading:
        return replace(
            found,
            table=found.table and self._table(found.table),
            indicators=map(self._record, found.indicators),
            budget=map(self._record, found.budget),
        )

    def _table(self, table: Table) -> Table:
        rows = tuple(
            replace(
                row,
                cells=tuple(c and c._replace(sources=self._places(c.sources)) for c in row.cells),
            )
            for row in table.rows
        )
        return replace(
            table,
            rows=rows,
            header_sources=self._places(table.header_sources),
            repeated_sources=self._places(table.repeated_sources),
            caption=tuple(map(self._line, table.caption)),
            repeated_lines=tuple(map(self._line, table.repeated_lines)),
        )

    def _record(self, record: Record[R]) -> Record[R]:
        sources = {name: self._places(found) for name, found in record.sources.items()}
        return replace(record, sources=sources)

    def _places(self, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(map(self._place, sources))

    def _place(self, source: Source) -> Source:
        page = self._turned.get(source.page)
        return source._replace(box=displayed_box(page, source.box)) if page else source

    def _line(self, line: Line) -> Line:
        page = self._turned.get(line.page)
        return line._replace(box=displayed_box(page, line.box)) if page else line
