"""Everything a rule may look at, and how it points at places.

Rules see documents, listings, alignments and groups; `Case` finds its way between them
and words the places, so that a rule holds its own question only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rktdata.panel import make_panel
from rktdata.reconcile.compare import target_text
from rktdata.reconcile.keys import fold
from rktdata.schemas.document import Document
from rktdata.schemas.findings import Place
from rktdata.schemas.panel import Panel
from rktdata.schemas.reconciled import Entry, Listing, Member, Reconciled
from rktdata.schemas.records import AnggaranRow, IndikatorRow, Record, TabelRow
from rktdata.schemas.values import Block, Source, Table

LISTED = 5  # places named in a sentence; the rest is counted


@dataclass(frozen=True, slots=True)
class TableView:
    """A table with its row of the dataset and its document."""

    document: Document
    table: Table
    row: TabelRow

    @property
    def label_id(self) -> str:
        """What the table is called, in Indonesian."""
        if self.row.nomor:
            return f"Tabel {self.row.nomor}"
        return f'tabel "{short(self.row.judul or self.row.unit_kerja or self.table.id)}"'

    @property
    def label_en(self) -> str:
        """What the table is called, in English."""
        return "T" + self.label_id[1:].replace("abel", "able", 1)

    def column(self, *stems: str) -> int | None:
        """The first column whose header holds one of the words, None without one."""
        for place, header in enumerate(self.table.columns):
            if any(f" {stem} " in f" {fold(header)} " for stem in stems):
                return place
        return None


class Case:
    """The documents of one run with what reconcile found.

    Attributes:
        documents: As given, by id.
        reconciled: Listings, alignments, groups, units.
    """

    def __init__(self, documents: Sequence[Document], reconciled: Reconciled) -> None:
        self.documents = {document.row.dokumen_id: document for document in documents}
        self.reconciled = reconciled

    @cached_property
    def listings(self) -> tuple[Listing, ...]:
        """All lists of indicators, in document and reading order."""
        return tuple(self.reconciled.listings.values())

    @cached_property
    def tables(self) -> tuple[TableView, ...]:
        """All tables, of any kind."""
        return tuple(
            TableView(document, table, row)
            for document in self.documents.values()
            for table, row in zip(document.tables, document.table_rows, strict=False)
        )

    @cached_property
    def panel(self) -> Panel:
        """The indicators through the years."""
        return make_panel(tuple(self.documents.values()), self.reconciled)

    @cached_property
    def _located(self) -> dict[str, tuple[Listing, Record[IndikatorRow]]]:
        return {
            record.row.indikator_id: (listing, record)
            for listing, entry in self.entries()
            for record in entry.records
        }

    def located(self, indikator_id: str) -> tuple[Listing, Record[IndikatorRow]]:
        """A record by its id, with the list it stands in."""
        return self._located[indikator_id]

    def entries(self) -> Iterator[tuple[Listing, Entry]]:
        """All entries with their listings, reading order."""
        for listing in self.listings:
            for entry in listing.entries:
                yield listing, entry

    def listings_of(self, document_id: str) -> list[Listing]:
        """One document's listings."""
        return [listing for listing in self.listings if listing.document_id == document_id]

    def many(self, listing: Listing) -> str:
        """What stands before a label: with several documents, the file's name."""
        if len(self.documents) < 2:
            return ""
        return f"{self.documents[listing.document_id].row.berkas}: "

    # Places

    def target(self, member: Member) -> Place:
        """A record's target."""
        return self.record(member.listing, member.record, "target_teks")

    def record(
        self, listing: Listing, record: Record[IndikatorRow], field: str = "indikator"
    ) -> Place:
        """A field of an indicator record; an empty target is "(kosong)"."""
        row = record.row
        value = target_text(row) if field == "target_teks" else getattr(row, field)
        sources = record.sources.get(field) or record.sources.get("indikator", ())
        return Place(
            listing.document_id,
            sources[0].page if sources else row.halaman,
            self._row_label(listing, row, "baris"),
            self._row_label(listing, row, "row", english=True),
            value,
            sources,
            (row.indikator_id,),
            "|".join((fold(listing.label_id), field, fold(row.indikator), str(row.tahun))),
        )

    def _row_label(
        self, listing: Listing, row: IndikatorRow, word: str, english: bool = False
    ) -> str:
        label = listing.label_en if english else listing.label_id
        place = f", {word} {row.baris}" if row.baris else ""
        page = f" ({'p.' if english else 'hlm.'} {row.halaman})" if " (" not in label else ""
        return f"{self.many(listing)}{label}{place}{page if place or listing.table_id else ''}"

    def budget(self, record: Record[AnggaranRow], value: str | None = None) -> Place:
        """A budget line; its amount unless another value is given."""
        row = record.row
        name = f"{row.kode} {row.uraian}" if row.kode else row.uraian
        sources = record.sources.get("jumlah") or record.sources.get("uraian", ())
        return Place(
            row.dokumen_id,
            sources[0].page if sources else row.halaman,
            f'anggaran "{short(name)}" (hlm. {row.halaman})',
            f'budget "{short(name)}" (p. {row.halaman})',
            value if value is not None else (rupiah(row.jumlah) if row.jumlah else None),
            sources,
            (row.anggaran_id,),
            f"anggaran|{fold(name)}|{fold(row.unit_kerja or '')}",
        )

    def table(self, view: TableView, value: str | None = None) -> Place:
        """A whole table, at its caption."""
        sources = tuple(Source(x.page, x.box, x.glyphs) for x in view.table.caption)
        page = view.row.halaman_awal
        return Place(
            view.row.dokumen_id,
            page,
            f"{view.label_id} (hlm. {page})",
            f"{view.label_en} (p. {page})",
            value if value is not None else view.row.judul,
            sources or view.table.header_sources,
            (view.row.tabel_id,),
            f"tabel|{fold(view.row.nomor or '')}|{fold(view.row.judul or '')}|{view.table.id}",
        )

    def cell(self, view: TableView, row: int, column: int, value: str | None = None) -> Place:
        """A cell of a table; rows and columns from 0."""
        found = view.table.rows[row]
        cell = found.cells[column] if column < len(found.cells) else None
        sources = cell.sources if cell else ()
        if not sources:
            sources = next((c.sources for c in found.cells if c and c.sources), ())
        return Place(
            view.row.dokumen_id,
            sources[0].page if sources else found.page,
            f"{view.label_id}, baris {row + 1} (hlm. {found.page})",
            f"{view.label_en}, row {row + 1} (p. {found.page})",
            value if value is not None else (cell.text if cell else None),
            sources,
            (view.row.tabel_id,),
            f"sel|{view.table.id}|{row}|{column}",
        )

    def block(self, document: Document, block: Block, value: str | None = None) -> Place:
        """A heading, paragraph or list item outside the tables."""
        return Place(
            document.row.dokumen_id,
            block.page,
            f"naskah hlm. {block.page}",
            f"text on p. {block.page}",
            value if value is not None else block.text,
            block.sources,
            (),
            f"naskah|{fold(block.text)[:80]}",
        )


def short(text: str, length: int = 70) -> str:
    """A text cut to a length, with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "\u2026"


def rupiah(amount: int | None) -> str:
    """An amount as documents print it: "Rp 1.234.000"."""
    return "(kosong)" if amount is None else "Rp " + f"{amount:,}".replace(",", ".")


def labels(places: Iterable[Place], english: bool = False) -> str:
    """Places named in a sentence, the first few and the number of the rest."""
    found = list(dict.fromkeys(p.label_en if english else p.label_id for p in places))
    rest = len(found) - LISTED
    shown = "; ".join(found[:LISTED])
    if rest <= 0:
        return shown
    return f"{shown}; {rest} more" if english else f"{shown}; {rest} lainnya"
