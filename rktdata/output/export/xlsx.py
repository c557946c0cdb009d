"""Excel: one sheet a table, typed cells, frozen headers, filters, findings in colour.

Text is always written as text: what begins like a formula ("=", "+", "-", "@", a tab, a
carriage return) stays what was printed, also when its cell is edited, and nothing is
turned into a link. Excel keeps 15 digits of a number; one with more is written as text.
A page number is a link to that page of the PDF, which is looked for beside the workbook.
Rows go to the disk as they come (xlsxwriter's constant memory).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from rktdata.output.export.source import Column, SourceTable
from rktdata.schemas.plain import plain

FILE = "rktdata.xlsx"
DICTIONARY = "keterangan"
# Excel's own limits: rows of a sheet, characters of a cell, links of a sheet, digits.
_ROWS, _CHARACTERS, _LINKS, _DIGITS = 1_048_576, 32_767, 65_530, 15
_CUT = " [dipotong]"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDE, _NARROW = 42, 14
# Text that is read rather than looked up gets a wide column.
_LONG = frozenset(
    {"berkas", "instansi", "judul", "misi", "tujuan", "sasaran", "program", "kegiatan"}
    | {
        "indikator",
        "indikator_sebelumnya",
        "uraian",
        "pesan",
        "keterangan",
        "galat",
        "unit_kerja",
        "target_teks",
    }
)
_YEARS = frozenset({"tahun", "tahun_sebelumnya"})
_AMOUNTS = frozenset({"anggaran", "jumlah", "jumlah_dihitung"})
_PAGES = frozenset({"halaman", "halaman_awal", "halaman_akhir"})
# Light enough for black text; the severity is also written in its column.
_COLOURS = {"galat": "#F8CBAD", "peringatan": "#FFE699", "catatan": "#DDEBF7"}
_RUPIAH, _WHOLE, _FRACTION = "[$Rp-421] #,##0", "#,##0", "#,##0.##########"


def write(tables: Sequence[SourceTable], folder: Path) -> tuple[str, ...]:
    """Write the workbook; remarks say what Excel's limits did not allow."""
    import xlsxwriter

    path = folder / FILE
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(folder),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        # No clock: the same dataset gives the same workbook.
        book.set_properties({"title": "rktdata", "created": datetime(2000, 1, 1)})
        writer = _Writer(book, _files(tables))
        for table in tables:
            writer.write_table(table)
        writer.write_dictionary(tables)
    return tuple(writer.remarks)


def _files(tables: Sequence[SourceTable]) -> dict[str, str]:
    """Document id to the link of its PDF, where its name can be one."""
    links = {}
    for table in tables:
        if table.name == "dokumen":
            at = {column.name: number for number, column in enumerate(table.columns)}
            for row in table.values():
                link = _link(row[at["berkas"]])
                if link:
                    links[row[at["dokumen_id"]]] = link
    return links


def _link(file_name: str) -> str | None:
    """A file's bare name as a relative link; never a folder, machine or address.

    >>> _link("arsip/rkt 2024.pdf"), _link("//server/x.pdf"), _link("..")
    ('rkt%202024.pdf', 'x.pdf', None)
    """
    name = PurePosixPath(file_name.replace("\\", "/")).name
    return None if name in ("", "..") else quote(name, safe="")


class _Writer:
    """A workbook being written."""

    def __init__(self, book: Any, files: dict[str, str]) -> None:
        self.remarks: list[str] = []
        self._book = book
        self._files = files
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write_table(self, table: SourceTable) -> None:
        """One sheet, or several if there are more rows than a sheet holds."""
        rows, sheets = table.values(), max(1, -(-table.rows // (_ROWS - 1)))
        for part in range(sheets):
            name = table.name if part == 0 else f"{table.name} {part + 1}"
            count = min(table.rows - part * (_ROWS - 1), _ROWS - 1)
            sheet = self._sheet(name, [column.name for column in table.columns], count)
            cells = _Cells(self, sheet, table)
            for number, row in enumerate(islice(rows, count), start=1):
                cells.write(number, row)
            self.remarks += cells.remarks()
        if sheets > 1:
            self.remarks.append(f"xlsx: {table.name} has more rows than a sheet: {sheets} sheets")

    def write_dictionary(self, tables: Sequence[SourceTable]) -> None:
        """What each column means, in both languages."""
        header = ["tabel", "kolom", "id", "en", "contoh"]
        lines = [
            (table.name, c.name, c.indonesian, c.english, c.example)
            for table in tables
            for c in table.columns
        ]
        sheet = self._sheet(DICTIONARY, header, len(lines), frozenset({"id", "en", "contoh"}))
        for number, line in enumerate(lines, start=1):
            for at, text in enumerate(line):
                if text:
                    sheet.write_string(number, at, text, self.text_format(text))

    def format(self, **properties: Any) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def text_format(self, text: str, **properties: Any) -> Any:
        """A text's format; one that begins like a formula is marked as text for editing."""
        if text.startswith(_FORMULA):
            properties["quote_prefix"] = True
        return self.format(valign="top", **properties)

    def link(self, document_id: str | None, page: Any) -> str | None:
        """Where a page of a document is: "rkt-2024.pdf#page=3"."""
        file = self._files.get(document_id or "")
        return f"{file}#page={page}" if file and page else None

    def _sheet(
        self, name: str, header: Sequence[str], rows: int, wide: frozenset[str] = _LONG
    ) -> Any:
        sheet = self._book.add_worksheet(name)
        for at, title in enumerate(header):
            sheet.set_column(at, at, _WIDE if title in wide else _NARROW)
        bold = self.format(bold=True, bg_color="#D9D9D9", bottom=1)
        for at, title in enumerate(header):
            sheet.write_string(0, at, title, bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, rows, len(header) - 1)
        return sheet


class _Cells:
    """Writes the cells of one sheet."""

    def __init__(self, writer: _Writer, sheet: Any, table: SourceTable) -> None:
        self._writer, self._sheet, self._columns = writer, sheet, table.columns
        self._name = table.name
        at = {column.name: number for number, column in enumerate(table.columns)}
        self._document, self._severity = at.get("dokumen_id"), at.get("tingkat")
        self._pages = () if table.name == "dokumen" else _PAGES
        self._links = self._unlinked = self._cut = 0

    def write(self, number: int, row: Sequence[Any]) -> None:
        """One row; null cells are left out."""
        paint = {}
        if self._severity is not None:
            paint = {"bg_color": _COLOURS[row[self._severity]]}
        for at, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            if value is None:
                if paint:
                    self._sheet.write_blank(number, at, None, self._writer.format(**paint))
            elif isinstance(value, str) or _digits(value) > _DIGITS:
                self._text(number, at, plain(value), paint)
            else:
                self._number(number, at, column, value, row, paint)

    def remarks(self) -> list[str]:
        """What this sheet's limits did not allow."""
        told = []
        if self._cut:
            told.append(f"xlsx: {self._name}: {self._cut} texts cut at Excel's 32,767 characters")
        if self._unlinked:
            told.append(
                f"xlsx: {self._name}: {self._unlinked} pages without a link (Excel's limit)"
            )
        return told

    def _text(self, number: int, at: int, text: str, paint: dict[str, Any]) -> None:
        if len(text.encode("utf-16-le")) // 2 > _CHARACTERS:
            self._cut += 1
            half = text.encode("utf-16-le")[: 2 * (_CHARACTERS - len(_CUT))]
            text = half.decode("utf-16-le", errors="ignore") + _CUT
        self._sheet.write_string(number, at, text, self._writer.text_format(text, **paint))

    def _number(
        self,
        number: int,
        at: int,
        column: Column,
        value: Any,
        row: Sequence[Any],
        paint: dict[str, Any],
    ) -> None:
        look = {"num_format": _number_format(column.name, value), "valign": "top", **paint}
        link = None
        if column.name in self._pages and self._document is not None:
            link = self._writer.link(row[self._document], value)
        if link and self._links < _LINKS:
            self._links += 1
            look |= {"font_color": "#0563C1", "underline": 1}
            tip = link if len(link) <= 255 else ""
            shown = self._writer.format(**look)
            self._sheet.write_url(number, at, f"external:{link}", shown, str(value), tip)
        elif link:
            self._unlinked += 1
        # After write_url, whose text it replaces: the cell stays a number.
        self._sheet.write_number(number, at, float(value), self._writer.format(**look))


def _digits(value: Any) -> int:
    """Significant digits of a number.

    >>> _digits(Decimal("0.0050")), _digits(1200), _digits(77.5)
    (1, 2, 3)
    """
    return len(plain(value).lstrip("-").replace(".", "").strip("0"))


def _number_format(name: str, value: Any) -> str:
    """How Excel shows it, with the separators of the reader's own settings."""
    if name in _YEARS:
        return "0"
    if name in _AMOUNTS:
        return _RUPIAH
    return _WHOLE if Decimal(str(value)) == int(value) else _FRACTION
