from __future__ import annotations

from typing import Any

import pytest

from rktdata.corrections.keys import find_record, parse_key, record_keys
from rktdata.schemas.records import AnggaranRow, IndikatorRow, Record
from rktdata.schemas.values import Box, Source

BOX: Box = (400.0, 100.0, 430.0, 110.0)


def indicator(text: str = "Opini BPK", box: Box | None = BOX, **fields: Any) -> Record[Any]:
    given = {"halaman": 3, "tahun": 2024, "target_teks": "WTP", "target_jenis": "predikat"}
    row = IndikatorRow(indikator_id="i", dokumen_id="d", indikator=text, **{**given, **fields})
    page = row.halaman
    sources = {"indikator": (Source(page, (60.0, 90.0, 300.0, 120.0), 0),)}
    if box is not None:
        sources["target_teks"] = (Source(page, box, 0),)
    return Record(row, sources)


def line(text: str = "Belanja Pegawai", kode: str | None = "1.1") -> Record[Any]:
    row = AnggaranRow(anggaran_id="a", dokumen_id="d", halaman=3, uraian=text, kode=kode, jumlah=5)
    return Record(row, {"jumlah": (Source(3, BOX, 0),)})


def moved(across: float, down: float) -> Box:
    return (BOX[0] + across, BOX[1] + down, BOX[2] + across, BOX[3] + down)


def key_of(record: Record[Any]) -> str:
    [key] = record_keys([record])
    return key


OTHER = indicator("Indeks Kepuasan", moved(0, 24))
# How another reading may differ; the record is found all the same.
FOUND = {
    "nothing": indicator(),
    "spaces, case and hyphens": indicator("OPINI  B-PK"),
    "a point or two": indicator(box=moved(1.6, -1.4)),
    "another id and row": indicator(baris=9),
    "one more line in the target's cell": indicator(box=moved(0, 10)),
    "no target where there was one": indicator(box=None, target_teks=None, target_jenis="kosong"),
    "a word more": indicator("Opini BPK RI", moved(2, 1)),
    "the year": indicator(tahun=None),
}


@pytest.mark.parametrize("what", FOUND)
def test_a_record_is_found_in_another_reading(what: str) -> None:
    again = FOUND[what]
    assert find_record(key_of(indicator()), record_keys([OTHER, again])) == (again,)


# Records that are others, however like it they are.
OTHERS = {
    "another page": indicator(halaman=4),
    "another year": indicator(tahun=2025, box=moved(40, 0)),
    "the next row, the same words": indicator(box=moved(0, 24)),
    "the next row, other words": indicator("Indeks Kepuasan", moved(0, 12)),
    "a budget line at the same place": line("Opini BPK", None),
}


@pytest.mark.parametrize("what", OTHERS)
def test_another_record_is_not_taken_for_it(what: str) -> None:
    assert find_record(key_of(indicator()), record_keys([OTHERS[what]])) == ()


def test_of_several_with_the_same_words_the_nearest_is_meant() -> None:
    near, far = indicator(box=moved(2, 2)), indicator(box=moved(4, 9))
    assert find_record(key_of(indicator()), record_keys([far, near])) == (near,)


def test_what_cannot_be_told_apart_is_left_alone() -> None:
    before, after = indicator(box=moved(0, -4)), indicator(box=moved(0, 4))
    assert len(find_record(key_of(indicator()), record_keys([before, after]))) == 2


def test_records_that_are_alike_in_all_have_keys_of_their_own() -> None:
    first, second = record_keys([indicator(), indicator()])
    assert second == f"{first}~2"
    assert parse_key(second) is not None


def test_a_budget_line_has_a_key() -> None:
    key = key_of(line())
    assert key.startswith("anggaran:3::")
    again = line("BELANJA PEGAWAI")
    assert find_record(key, record_keys([line("Belanja Modal"), again])) == (again,)


def test_a_record_without_a_place_is_known_by_its_words() -> None:
    nowhere = Record(indicator().row)
    assert find_record(key_of(nowhere), record_keys([OTHER, indicator()])) != ()
    assert find_record(key_of(nowhere), record_keys([OTHER])) == ()


@pytest.mark.parametrize("text", ["", "i7", "indikator:x:2024:9f3a21c4:1+2", "tabel:1::9f3a21c4:"])
def test_what_is_no_key(text: str) -> None:
    assert parse_key(text) is None
    assert find_record(text, record_keys([indicator()])) == ()
