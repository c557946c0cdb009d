"""A document as JSON: everything of the dataset nested, each value with its place.

Keys keep one order, boxes are points rounded to hundredths, numbers are JSON numbers
(the CSV holds the exact decimal). One table row and one record stand on a line, so that
two readings of a document can be compared line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rktdata.schemas.corrections import COLUMNS
from rktdata.schemas.document import Document
from rktdata.schemas.records import SCHEMA_VERSION, Record, TabelRow
from rktdata.schemas.values import Block, Box, Cell, Join, Line, PageInfo, PageLedger, Source, Table

Json = dict[str, Any]

# Of a correction, what is not told by where it stands.
SHOWN = COLUMNS[2:]
# How many levels below a top key are spread over lines; the rest stands on one line.
_SPREAD = {"tabel": 3}
_SPREAD_ELSE = 1


def document_json(document: Document) -> bytes:
    """The document's JSON file, UTF-8."""
    entries = [
        f"{_compact(key)}: {_spread(value, _SPREAD.get(key, _SPREAD_ELSE), 1)}"
        for key, value in document_object(document).items()
    ]
    return ("{\n " + ",\n ".join(entries) + "\n}\n").encode("utf-8")


def document_object(document: Document) -> Json:
    """The same as nested dicts and lists of JSON's own types, keys in file order."""
    row = document.row
    return {
        "skema": SCHEMA_VERSION,
        "dokumen_id": row.dokumen_id,
        "berkas": row.berkas,
        "sha256": row.sha256,
        "jenis": row.jenis,
        "instansi": row.instansi,
        "tahun": row.tahun,
        "pindaian": row.pindaian,
        "status": row.status,
        "galat": row.galat,
        "tanda": row.tanda,
        **_corrected(document),
        "pesan": list(document.messages),
        "halaman": [_page(page) for page in document.pages],
        "tabel": [
            _table(table, table_row)
            for table, table_row in zip(document.tables, document.table_rows, strict=True)
        ],
        "indikator": [_record(record) for record in document.indicators],
        "anggaran": [_record(record) for record in document.budget],
        "naskah": [_block(block) for block in document.blocks],
        "neraca": [_ledger(ledger) for ledger in document.ledgers],
    }


def _page(page: PageInfo) -> Json:
    return {
        "halaman": page.halaman,
        "lebar": _points(page.lebar),
        "tinggi": _points(page.tinggi),
        "putaran": page.putaran,
        "pembaca": page.pembaca,
        "catatan": list(page.catatan),
    }


def _table(table: Table, row: TabelRow) -> Json:
    return {
        "tabel_id": row.tabel_id,
        "nomor": row.nomor,
        "judul": row.judul,
        "unit_kerja": row.unit_kerja,
        "jenis": row.jenis,
        "halaman": list(table.pages),
        "kolom": list(table.columns),
        "tanda": list(table.marks),
        "keterangan": [_line(line) for line in table.caption],
        "kepala": _places(table.header_sources),
        "kepala_ulang": _places(table.repeated_sources),
        "sambungan": [_join(join) for join in table.joins],
        "baris": [
            {"halaman": r.page, "jenis": r.kind, "sel": [_cell(cell) for cell in r.cells]}
            for r in table.rows
        ],
    }


def _cell(cell: Cell | None) -> Json | None:
    """A cell, or None where nothing is printed; marks only where there are any."""
    if cell is None or cell.text == "":
        return None
    entry: Json = {"teks": cell.text, "sumber": _places(cell.sources)}
    if cell.marks:
        entry["tanda"] = list(cell.marks)
    return entry


def _join(join: Join) -> Json:
    return {
        "dari": join.first_page,
        "ke": join.second_page,
        "disambung": join.joined,
        "bukti": list(join.evidence),
    }


def _record(record: Record[Any]) -> Json:
    """A record's row with its places; what corrections did only where there are any."""
    entry: Json = {
        **{name: _number(value) for name, value in record.row},
        "sumber": {name: _places(sources) for name, sources in record.sources.items()},
        "banyak": [_number(part) for part in record.parts],
        "alasan": list(record.notes),
    }
    return entry | _corrected(record)


def _corrected(of: Record[Any] | Document) -> Json:
    """What corrections changed, and they themselves; nothing where there are none."""
    entry: Json = {}
    if of.as_read:
        entry["terbaca"] = _number(of.as_read)
    if of.corrections:
        entry["koreksi"] = [
            {name: getattr(correction, name) for name in SHOWN} for correction in of.corrections
        ]
    return entry


def _block(block: Block) -> Json:
    return {
        "jenis": block.kind,
        "penanda": block.marker,
        "tingkat": block.level,
        "teks": block.text,
        "sumber": [_line(line) for line in block.lines],
    }


def _ledger(ledger: PageLedger) -> Json:
    return {
        "halaman": ledger.halaman,
        "seimbang": ledger.seimbang,
        "masuk": ledger.masuk,
        "keluar": dict(sorted(ledger.keluar.items())),
        "sisa": [{"teks": text, "kotak": _box(box)} for text, box in ledger.sisa],
    }


def _line(line: Line) -> Json:
    return {"teks": line.text, "halaman": line.page, "kotak": _box(line.box)}


def _places(sources: Iterable[Source]) -> list[Json]:
    return [{"halaman": s.page, "kotak": _box(s.box)} for s in sources]


def _box(box: Box) -> list[float]:
    return [_points(edge) for edge in box]


def _points(length: float) -> float:
    # Adding 0.0 turns -0.0 into 0.0.
    return round(float(length), 2) + 0.0


def _number(value: Any) -> Any:
    """Decimals, at any depth, as JSON numbers: whole ones as integers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _number(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_number(item) for item in value]
    return value


def _spread(value: Any, levels: int, indent: int) -> str:
    """JSON text with `levels` levels spread over lines, lists of plain values left whole."""
    items = list(value.values()) if isinstance(value, dict) else value
    flat = not isinstance(items, list) or not any(isinstance(i, dict | list) for i in items)
    if levels == 0 or flat:
        return _compact(value)
    outer, inner = "\n" + " " * indent, "\n" + " " * (indent + 1)
    if isinstance(value, dict):
        lines = [f"{_compact(k)}: {_spread(v, levels - 1, indent + 1)}" for k, v in value.items()]
        return "{" + inner + f",{inner}".join(lines) + outer + "}"
    lines = [_spread(item, levels - 1, indent + 1) for item in value]
    return "[" + inner + f",{inner}".join(lines) + outer + "]"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
