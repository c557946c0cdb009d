from __future__ import annotations

from rktdata.normalize.records import number_indicators
from rktdata.pipeline import _InOrder
from rktdata.schemas.records import IndikatorRow, Record
from rktdata.schemas.values import Source


def said(name: str, page: int, top: float) -> Record[IndikatorRow]:
    row = IndikatorRow(
        indikator_id="", dokumen_id="", halaman=page, indikator=name, target_jenis="teks"
    )
    return Record(row, {"indikator": (Source(page, (50.0, top, 90.0, top + 10), len(name)),)})


def test_records_of_running_text_stand_where_they_begin() -> None:
    prose = [[said("di antara", 2, 400)], [said("di muka", 1, 90)], [said("akhir", 9, 90)]]
    order = _InOrder("d", prose, number_indicators)
    tables = [
        [said("a1", 2, 100), said("a2", 3, 100)],  # one table's records stay together
        [],
        [said("b1", 4, 100)],
    ]
    found = [record for table in tables for record in order.with_table(table)]
    found += order.rest()
    names = ["di muka", "a1", "a2", "di antara", "b1", "akhir"]
    assert [record.row.indikator for record in found] == names
    assert [record.row.indikator_id for record in found] == [f"d-i{n}" for n in range(1, 7)]
