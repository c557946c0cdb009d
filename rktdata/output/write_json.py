"""A document as JSON: everything of the dataset nested, each value with its place.

Keys keep one order, boxes are points rounded to hundredths, numbers are JSON numbers
(the CSV holds the exact decimal). One table row and one record stand on a line, so that
two readings of a document can be compared line by line.

The text is put together here, not from nested dicts: a document has some ten thousand
places, and most are told several times (a header's with each value under it), so the text
of each is made once. It is made table by table, as they are read, and held compressed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rktdata.output.squeezed import Squeezed, unsqueezed
from rktdata.schemas.corrections import COLUMNS
from rktdata.schemas.document import Document, DocumentReading
from rktdata.schemas.records import SCHEMA_VERSION, AnggaranRow, IndikatorRow, Record, TabelRow
from rktdata.schemas.values import Block, Box, Cell, Join, Line, PageInfo, PageLedger, Source, Table

# Of a correction, what is not told by where it stands.
SHOWN = COLUMNS[2:]
# Places whose text is kept: a table's are told again with its records, just after it.
KNOWN = 1 << 13
# Lists of marks and of sentences whose text is kept.
KNOWN_STRINGS = 1 << 10
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class JsonFile:
    """A document's JSON file, to which tables and records are added as they are read."""

    def __init__(self) -> None:
        self._write = _Writer()
        self._tables = _List("tabel")
        self._indicators = _List("indikator")
        self._budget = _List("anggaran")

    def add_table(self, table: Table, row: TabelRow) -> None:
        """Write the next table."""
        self._tables.add(self._write.table(table, row))

    def add_indicator(self, record: Record[IndikatorRow]) -> None:
        """Write the next record of indicators."""
        self._indicators.add((self._write.record(record),))

    def add_budget(self, record: Record[AnggaranRow]) -> None:
        """Write the next budget line."""
        self._budget.add((self._write.record(record),))

    def done(self, document: Document, blocks: Iterable[Block]) -> bytes:
        """The whole file, compressed; see `squeezed`.

        Args:
            document: What is told of it besides tables, records and blocks.
            blocks: Text outside the tables.

        Raises:
            ValueError: A place is no number; JSON cannot tell it.
        """
        row = document.row
        head = {
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
        }
        beginning = Squeezed()
        beginning.write("{" + ",".join(f'\n "{name}": {value}' for name, value in head.items()))
        parts = [beginning.done(), self._tables.done()]
        parts += [self._indicators.done(), self._budget.done()]
        text, ledgers = _List("naskah"), _List("neraca", end="\n}\n")
        for block in blocks:
            text.add((_block(block),))
        for ledger in document.ledgers:
            ledgers.add((_ledger(ledger),))
        return b"".join((*parts, text.done(), ledgers.done()))


def document_json(document: Document) -> bytes:
    """The document's JSON file, UTF-8.

    Raises:
        ValueError: A place is no number; JSON cannot tell it.
    """
    file, reading = JsonFile(), DocumentReading.of(document)
    for found in reading.tables:
        if found.table is not None and found.row is not None:
            file.add_table(found.table, found.row)
        for indicator in found.indicators:
            file.add_indicator(indicator)
        for line in found.budget:
            file.add_budget(line)
    return b"".join(unsqueezed(file.done(document, document.blocks)))


def document_object(document: Document) -> dict[str, Any]:
    """What the file holds, read back: nested dicts and lists, keys in file order."""
    content: dict[str, Any] = json.loads(document_json(document))
    return content


class _List:
    """An entry of the file that is a list, with a line for each item."""

    def __init__(self, name: str, end: str = "") -> None:
        self._text = Squeezed()
        self._text.write(f',\n "{name}": [')
        self._before, self._end = "\n  ", end

    def add(self, item: Iterable[str]) -> None:
        """Write an item, given in pieces."""
        self._text.write(self._before)
        self._before = ",\n  "
        for piece in item:
            self._text.write(piece)

    def done(self) -> bytes:
        """The entry, compressed."""
        empty = not self._before.startswith(",")
        self._text.write(("]" if empty else "\n ]") + self._end)
        return self._text.done()


class _Writer:
    """Writes what has places; knows those that it has written since the last table began."""

    def __init__(self) -> None:
        # By identity: one cell's places are one tuple, which is held as long as its number.
        self._known: dict[int, tuple[str, tuple[Source, ...]]] = {}

    def table(self, table: Table, row: TabelRow) -> Iterator[str]:
        """A table, piece by piece."""
        self._known.clear()  # of the table before
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
        }
        yield "{" + ",".join(f'\n   "{name}": {value}' for name, value in entries.items())
        yield ',\n   "baris": ['
        before = "\n    "
        for printed in table.rows:
            yield (
                f'{before}{{"halaman": {printed.page}, "jenis": {_encode(printed.kind)}, '
                f'"sel": {_list(map(self._cell, printed.cells))}}}'
            )
            before = ",\n    "
        yield "\n   ]\n  }" if table.rows else "]\n  }"

    def record(self, record: Record[Any]) -> str:
        fields = [f'"{name}": {_value(value)}' for name, value in record.row]
        sources = [f'"{name}": {self._places(found)}' for name, found in record.sources.items()]
        corrected = "".join(f', "{name}": {said}' for name, said in _corrected(record).items())
        return (
            f'{{{", ".join(fields)}, "sumber": {{{", ".join(sources)}}}, '
            f'"banyak": {_list(map(_value, record.parts))}, "alasan": {_strings(record.notes)}'
            f"{corrected}}}"
        )

    def _cell(self, cell: Cell | None) -> str:
        """A cell, or null where nothing is printed; marks only where there are any."""
        if cell is None or cell.text == "":
            return "null"
        marks = f', "tanda": {_strings(cell.marks)}' if cell.marks else ""
        return f'{{"teks": {_encode(cell.text)}, "sumber": {self._places(cell.sources)}{marks}}}'

    def _places(self, sources: tuple[Source, ...]) -> str:
        known = self._known.get(id(sources))
        if known is not None:
            return known[0]
        if len(self._known) == KNOWN:
            self._known.clear()
        text = _list(map(_place, sources))
        self._known[id(sources)] = text, sources
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
    """As a list of `_points`, of which a page has hundreds: here all four at once."""
    text = "[{:.2f}, {:.2f}, {:.2f}, {:.2f}]".format(*box)
    if "-" in text or "n" in text:  # "-0.0", "inf"
        return f"[{', '.join(map(_points, box))}]"
    return text.replace("0,", ",").replace("0]", "]")  # "56.10" is 56.1, "56.00" is 56.0


def _points(length: float) -> str:
    if not math.isfinite(length):
        raise ValueError(f"a place on a page is {length}")
    # Adding 0.0 turns -0.0 into 0.0.
    return repr(round(float(length), 2) + 0.0)


def _value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _encode(value)
    number = _number(value)
    return repr(number) if type(number) is int else _encode(number)


@lru_cache(KNOWN_STRINGS)
def _strings(texts: tuple[str, ...]) -> str:
    """Marks, or sentences: the same ones stand in many rows."""
    return _encode(texts)


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
