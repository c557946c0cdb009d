"""One document's whole journey, on one screen: bytes in, `Document` out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

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
from rktdata.normalize.units import load_vocabulary
from rktdata.page_by_page import (
    PageWatch,
    Parts,
    open_pages,
    put_together,
    read_parts,
    unwatched,
)
from rktdata.schemas.document import Document, DocumentInfo, PageLayout
from rktdata.schemas.errors import BrokenPdfError, NeedsOcrError, NoTableError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.schemas.records import DokumenRow, R, Record, TabelRow
from rktdata.schemas.values import UNREAD, Line, Page, PageInfo, PageLedger, Source, Table

if TYPE_CHECKING:
    from rktdata.extract.ocr.recognise import Cache


@collector_held_back()
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
    options = options or Options()
    limits = limits or Limits()
    parts = parts or read_parts(pdf, options, limits, watch, cache)
    pages, layouts, messages = put_together(parts, limits)
    body, running = split_running(layouts)
    stitched = stitch(body)
    found = tuple(stitched.tables)
    blocks = [*find_blocks(stitched.layouts), *running]
    info = describe_document(_first_lines(layouts), found, name)
    tables = [replace(table, unit=table.unit or info.agency) for table in found]
    roles = [read_roles(table) for table in tables]
    kinds = list(map(classify_table, tables, roles))

    words = load_vocabulary(options.vocabulary)
    read = list(zip(tables, roles, strict=True))
    indicators = [read_indicators(table, info, words, role) for table, role in read]
    indicators += [[record] for record in read_prose_indicators(blocks, info, words)]
    budget = [read_budget(table, info, words, role) for table, role in read]
    budget.append(read_prose_budget(blocks, info))
    if (
        not any(indicators)
        and not any(budget)
        and "rencana" not in kinds
        and "anggaran" not in kinds
    ):
        if messages and not any(UNREAD in page.remarks for page in pages):
            # It may be the missing part that held the plan.
            raise BrokenPdfError(f"nothing is found in what can be read of it: {messages[0]}")
        raise _nothing_found(pages, messages)

    ledgers = balance(pages, layouts, found, blocks)
    messages += _ledger_messages(ledgers) + _page_messages(pages)
    row = _document_row(pdf, name, info, pages, messages)
    turned = {page.number: page for page in pages if page.turn or page.bend}
    document = Document(
        row=row,
        tables=tuple(tables),
        table_rows=tuple(
            _table_row(row.dokumen_id, table, kind)
            for table, kind in zip(tables, kinds, strict=True)
        ),
        indicators=number_indicators(row.dokumen_id, _in_reading_order(indicators)),
        budget=number_budget(row.dokumen_id, _in_reading_order(budget)),
        blocks=tuple(sorted(blocks, key=lambda block: (block.page, block.lines[0].baseline))),
        pages=tuple(_page_info(page) for page in pages),
        ledgers=ledgers,
        messages=tuple(messages),
    )
    return _as_displayed(document, turned) if turned else document


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


def _in_reading_order(groups: Sequence[list[Record[R]]]) -> list[list[Record[R]]]:
    """A table's or passage's records stay together; groups go by where they begin."""

    def begins(group: list[Record[R]]) -> tuple[int, float]:
        places = [source for found in group[0].sources.values() for source in found]
        return min((source.page, source.box[1]) for source in places) if places else (0, 0.0)

    return sorted((group for group in groups if group), key=begins)


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


def _as_displayed(document: Document, turned: dict[int, Page]) -> Document:
    """The document with every place on a page that was stood up given as displayed."""

    def place(source: Source) -> Source:
        page = turned.get(source.page)
        return replace(source, box=displayed_box(page, source.box)) if page else source

    def places(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(place(source) for source in sources)

    def line(item: Line) -> Line:
        page = turned.get(item.page)
        return replace(item, box=displayed_box(page, item.box)) if page else item

    def table(item: Table) -> Table:
        rows = tuple(
            replace(
                row,
                cells=tuple(c and replace(c, sources=places(c.sources)) for c in row.cells),
            )
            for row in item.rows
        )
        return replace(
            item,
            rows=rows,
            header_sources=places(item.header_sources),
            repeated_sources=places(item.repeated_sources),
            caption=tuple(map(line, item.caption)),
            repeated_lines=tuple(map(line, item.repeated_lines)),
        )

    def sources(fields: dict[str, tuple[Source, ...]]) -> dict[str, tuple[Source, ...]]:
        return {name: places(found) for name, found in fields.items()}

    return replace(
        document,
        tables=tuple(map(table, document.tables)),
        indicators=tuple(replace(r, sources=sources(r.sources)) for r in document.indicators),
        budget=tuple(replace(r, sources=sources(r.sources)) for r in document.budget),
        blocks=tuple(replace(b, lines=tuple(map(line, b.lines))) for b in document.blocks),
    )
