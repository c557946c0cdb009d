"""Small tables made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from rktdata.normalize.records import read_budget, read_indicators
from rktdata.schemas.document import DocumentInfo
from rktdata.schemas.records import AnggaranRow, IndikatorRow
from rktdata.schemas.values import Cell, Row, Source, Table

INFO = DocumentInfo("RKT", "Dinas Kesehatan", 2023)


def table(header: str, *rows: str, title: str | None = None, merged: bool = True) -> Table:
    """A table from lines with " | " between the cells; "" is None, a trailing "^" merged."""
    columns = tuple(h.strip() for h in header.split("|"))
    made: list[Row] = []
    for n, line in enumerate(rows):
        texts = [c.strip() for c in line.split("|")]
        texts += [""] * (len(columns) - len(texts))
        cells = []
        for c, text in enumerate(texts):
            above = made[-1].cells[c] if made else None
            if text == "^" and merged:
                cells.append(above)
            else:
                box = (10.0 * c, 10.0 * n, 10.0 * c + 9, 10.0 * n + 9)
                cells.append(Cell(text, (Source(1, box, len(text)),)) if text else None)
        made.append(Row(1, tuple(cells)))
    return Table("t1", None, title, None, (1,), columns, tuple(made))


def indicators(made: Table, info: DocumentInfo = INFO) -> list[IndikatorRow]:
    return [record.row for record in read_indicators(made, info)]


def budget(made: Table, info: DocumentInfo = INFO) -> list[AnggaranRow]:
    return [record.row for record in read_budget(made, info)]


def picked(rows: Sequence[IndikatorRow], *fields: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(row, f) for f in fields) for row in rows]


def lines(rows: Sequence[AnggaranRow]) -> list[tuple[str | None, str, int | None, str | None]]:
    """Code, text, amount and the parent's text of each budget line."""
    names = {row.anggaran_id: row.uraian for row in rows}
    return [(r.kode, r.uraian, r.jumlah, names.get(r.induk_id or "")) for r in rows]
