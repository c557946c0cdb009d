from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rktdata.output import write_json
from rktdata.output.write_json import document_json, document_object
from rktdata.schemas.document import Document
from tests.documents import document
from tests.reviewed import HOSTILE, contradicting


@pytest.mark.parametrize("made", [document(), contradicting("a", hostile=HOSTILE)])
def test_the_text_is_as_json_writes_it_but_for_its_lines(made: Document) -> None:
    text = document_json(made).decode()
    one_line = re.sub(r"\n *", "", re.sub(r",\n *", ", ", text))
    assert one_line == json.dumps(document_object(made), ensure_ascii=False)


def test_a_place_that_is_no_number_is_refused() -> None:
    made = document()
    [ledger] = made.ledgers
    nowhere = replace(ledger, sisa=(("x", (0.0, 1.0, math.nan, 2.0)),))
    with pytest.raises(ValueError, match="nan"):
        document_json(replace(made, ledgers=(nowhere,)))


def test_a_cell_has_its_text_places_and_marks() -> None:
    [table] = document_object(document())["tabel"]
    assert table["baris"][1]["sel"][1] == {
        "teks": "Laporan “tepat”",
        "sumber": [
            {"halaman": 1, "kotak": [10.12, 100.0, 100.0, 110.0]},
            {"halaman": 2, "kotak": [10.12, 0.0, 100.0, 10.0]},
        ],
        "tanda": ["sambung-halaman"],
    }
    assert "-0.0" not in document_json(document()).decode()


def test_an_empty_cell_and_an_absent_one_are_null() -> None:
    [table] = document_object(document())["tabel"]
    assert table["baris"][0]["sel"][0] is None
    assert table["baris"][2]["sel"][2] is None


def test_a_table_tells_its_headers_caption_and_joins() -> None:
    [table] = document_object(document())["tabel"]
    assert table["kolom"] == ["No", "Indikator", "Target > 2024"]
    assert table["halaman"] == [1, 2]
    assert table["keterangan"][0]["teks"] == "Tabel 3. Rencana Kinerja Tahunan"
    assert table["kepala"] == [{"halaman": 1, "kotak": [10.12, 90.0, 100.0, 100.0]}]
    assert table["sambungan"] == [
        {"dari": 1, "ke": 2, "disambung": True, "bukti": ["same columns", "numbers run on"]}
    ]


def test_a_record_has_its_row_places_values_and_reasons() -> None:
    first, second = document_object(document())["indikator"]
    assert first["target_nilai"] == 77.5
    assert list(first["sumber"]) == ["indikator", "target_teks"]
    assert first["banyak"] == [{"nilai": 77.5, "satuan": "persen"}]
    assert first["alasan"] == ["the unit stands in the cell"]
    assert second["target_nilai"] is None
    assert second["sumber"] == {}


def test_a_ledger_is_told_in_one_order() -> None:
    made = document()
    [ledger] = document_object(made)["neraca"]
    assert list(ledger["keluar"]) == ["sel", "sisa"]
    assert ledger["seimbang"] is True
    [before] = made.ledgers
    turned = replace(made, ledgers=(replace(before, keluar={"sel": 10, "sisa": 2}),))
    assert document_json(turned) == document_json(made)


def test_each_row_and_record_stands_on_a_line() -> None:
    lines = document_json(document()).decode().splitlines()
    assert sum('"Sasaran 1"' in text for text in lines) == 1
    assert sum(text.lstrip().startswith('{"indikator_id"') for text in lines) == 2


def test_a_block_has_the_text_and_place_of_each_line() -> None:
    [block] = document_object(document())["naskah"]
    assert block["teks"] == "Meningkatnya akuntabilitas"
    assert block["sumber"] == [
        {"teks": "a. Meningkatnya", "halaman": 1, "kotak": [10.0, 100.0, 200.0, 110.0]}
    ]


EDGES = st.floats(-1e6, 1e6) | st.integers(-4000, 4000).map(lambda n: n / 8)


@given(st.tuples(EDGES, EDGES, EDGES, EDGES))
def test_a_box_is_written_as_its_edges_are(box: tuple[float, float, float, float]) -> None:
    assert write_json._box(box) == f"[{', '.join(map(write_json._points, box))}]"
