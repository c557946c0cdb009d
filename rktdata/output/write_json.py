"""A document as JSON: everything of the dataset nested, each value with its place.

Keys keep one order, boxes are points rounded to hundredths, numbers are JSON numbers
(the CSV holds the exact decimal). One table row and one record stand on a line, so that
two readings of a document can be compared line by line.

The text is put together here, not from nested dicts: a document has some ten thousand
places, and most are told several times (a header's with each value under it), so the text
of each is made once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rktdata.schemas.corrections import COLUMNS
from rktdata.schemas.document import Document
from rktdata.schemas.records import SCHEMA_VERSION, Record, TabelRow
from rktdata.schemas.values import Block, Box, Cell, Join, Line, PageInfo, PageLedger, Source, Table

# Of a correction, what is not told by where it stands.
SHOWN = COLUMNS[2:]
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def document_json(document: Document) -> bytes:
    """The document's JSON file, UTF-8.

    Raises:
        ValueError: A place is no number; JSON cannot tell it.
    """
    row, write = document.row, _Writer()
    tables = zip(document.tables, document.table_rows, strict=True)
    entries = {
        "skema": _encode(SCHEMA_VERSION),
        "dokumen_id": _encode(row.dokumen_id),
        "berkas": _encode(row.berkas),
        "sha256": _encode(row.sha256),
        "jenis": _encode(row.jenis),
        "instansi": _encode(row.instansi),
        "tahun": _encode(row.tahun),
        "pindaian": _encode(row.pindaian),
        "status": _encode(row.status),
        "galat": _encode(row.galat),
        "tanda": _encode(row.tanda),
        **_corrected(document),
        "pesan": _encode(document.messages),
        "halaman": _lines(map(_page, document.pages), 1),
        "tabel": _lines((write.table(table, table_row) for table, table_row in tables), 1),
        "indikator": _lines(map(write.record, document.indicators), 1),
        "anggaran": _lines(map(write.record, document.budget), 1),
        "naskah": _lines(map(_block, document.blocks), 1),
        "neraca": _lines(map(_ledger, document.ledgers), 1),
    }
    return (_object(entries, 0) + "\n").encode("utf-8")


def document_object(document: Document) -> dict[str, Any]:
    """What the file holds, read back: nested dicts and lists, keys in file order."""
    content: dict[str, Any] = json.loads(document_json(document))
    return content


class _Writer:
    """Writes what has places; knows those that it has written."""

    def __init__(self) -> None:
        # By identity: the document, which outlives this, has one tuple for one cell's places.
        self._known: dict[int, str] = {}

    def table(self, table: Table, row: TabelRow) -> str:
        entries = {
            "tabel_id": _encode(row.tabel_id),
            "nomor": _encode(row.nomor),
            "judul": _encode(row.judul),
            "unit_kerja": _encode(row.unit_kerja),
            "jenis": _encode(row.jenis),
            "halaman": _encode(table.pages),
            "kolom": _encode(table.columns),
            "tanda": _encode(table.marks),
            "keterangan": _lines(map(_line, table.caption), 3),
            "kepala": _lines(map(_place, table.header_sources), 3),
            "kepala_ulang": _lines(map(_place, table.repeated_sources), 3),
            "sambungan": _lines(map(_join, table.joins), 3),
            "baris": _lines(
                (
                    f'{{"halaman": {row.page}, "jenis": {_encode(row.kind)}, '
                    f'"sel": {_list(map(self._cell, row.cells))}}}'
                    for row in table.rows
                ),
                3,
            ),
        }
        return _object(entries, 2)

    def record(self, record: Record[Any]) -> str:
        fields = [f'"{name}": {_value(value)}' for name, value in record.row]
        sources = [f'"{name}": {self._places(found)}' for name, found in record.sources.items()]
        corrected = "".join(f', "{name}": {said}' for name, said in _corrected(record).items())
        return (
            f'{{{", ".join(fields)}, "sumber": {{{", ".join(sources)}}}, '
            f'"banyak": {_list(map(_value, record.parts))}, "alasan": {_encode(record.notes)}'
            f"{corrected}}}"
        )

    def _cell(self, cell: Cell | None) -> str:
        """A cell, or null where nothing is printed; marks only where there are any."""
        if cell is None or cell.text == "":
            return "null"
        marks = f', "tanda": {_encode(cell.marks)}' if cell.marks else ""
        return f'{{"teks": {_encode(cell.text)}, "sumber": {self._places(cell.sources)}{marks}}}'

    def _places(self, sources: tuple[Source, ...]) -> str:
        text = self._known.get(id(sources))
        if text is None:
            text = self._known[id(sources)] = _list(map(_place, sources))
        return text


def _corrected(of: Record[Any] | Document) -> dict[str, str]:
    """What was read before corrections, and they themselves; nothing where there are none."""
    entries: dict[str, str] = {}
    if of.as_read:
        entries["terbaca"] = _encode(_number(of.as_read))
    if of.corrections:
        shown = [{name: getattr(line, name) for name in SHOWN} for line in of.corrections]
        entries["koreksi"] = _encode(shown)
    return entries


def _page(page: PageInfo) -> str:
    return (
        f'{{"halaman": {page.halaman}, "lebar": {_points(page.lebar)}, '
        f'"tinggi": {_points(page.tinggi)}, "putaran": {page.putaran}, '
        f'"pembaca": {_encode(page.pembaca)}, "catatan": {_encode(page.catatan)}}}'
    )


def _join(join: Join) -> str:
    return (
        f'{{"dari": {join.first_page}, "ke": {join.second_page}, '
        f'"disambung": {_encode(join.joined)}, "bukti": {_encode(join.evidence)}}}'
    )


def _block(block: Block) -> str:
    return (
        f'{{"jenis": {_encode(block.kind)}, "penanda": {_encode(block.marker)}, '
        f'"tingkat": {block.level}, "teks": {_encode(block.text)}, '
        f'"sumber": {_list(map(_line, block.lines))}}}'
    )


def _ledger(ledger: PageLedger) -> str:
    left = [f'{{"teks": {_encode(text)}, "kotak": {_box(box)}}}' for text, box in ledger.sisa]
    return (
        f'{{"halaman": {ledger.halaman}, "seimbang": {_encode(ledger.seimbang)}, '
        f'"masuk": {ledger.masuk}, "keluar": {_encode(dict(sorted(ledger.keluar.items())))}, '
        f'"sisa": {_list(left)}}}'
    )


def _line(line: Line) -> str:
    return f'{{"teks": {_encode(line.text)}, "halaman": {line.page}, "kotak": {_box(line.box)}}}'


def _place(source: Source) -> str:
    return f'{{"halaman": {source.page}, "kotak": {_box(source.box)}}}'


def _box(box: Box) -> str:
    return f"[{', '.join(map(_points, box))}]"


def _points(length: float) -> str:
    if not math.isfinite(length):
        raise ValueError(f"a place on a page is {length}")
    # Adding 0.0 turns -0.0 into 0.0.
    return repr(round(float(length), 2) + 0.0)


def _value(value: Any) -> str:
    return "null" if value is None else _encode(_number(value))


def _number(value: Any) -> Any:
    """Decimals, at any depth, as JSON numbers: whole ones as integers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _number(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_number(item) for item in value]
    return value


def _list(items: Iterable[str]) -> str:
    """A list on one line."""
    return f"[{', '.join(items)}]"


def _lines(items: Iterable[str], indent: int) -> str:
    """A list with a line for each item."""
    outer, inner = "\n" + " " * indent, "\n" + " " * (indent + 1)
    text = f",{inner}".join(items)
    return f"[{inner}{text}{outer}]" if text else "[]"


def _object(entries: Mapping[str, str], indent: int) -> str:
    """An object with a line for each entry."""
    outer, inner = "\n" + " " * indent, "\n" + " " * (indent + 1)
    text = f",{inner}".join(f'"{name}": {value}' for name, value in entries.items())
    return f"{{{inner}{text}{outer}}}"
