from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from rktdata.corrections.apply import correct, restore, summary_of
from rktdata.output.correct import correction_for, find
from rktdata.output.load import document_of
from rktdata.output.write_json import document_json
from rktdata.schemas.corrections import RIGHT, WHOLE, Correction
from rktdata.schemas.document import Document
from rktdata.schemas.values import Cell, Source
from tests.plans import budget, plan, row, table

HEAD = ("Indikator", "Satuan", "Target 2024")


def document() -> Document:
    """Three indicators of one table, with a unit column, and a budget of three lines."""
    rows = [
        ("Opini BPK", "Opini", "WTP"),
        ("Indeks Kepuasan", "Nilai", "9O"),
        ("Laporan", "Dok", ""),
    ]
    made = plan(
        table(
            row("Opini BPK", "WTP"),
            row("Indeks Kepuasan", target_teks="9O", target_jenis="teks", keyakinan=0.5),
            row("Laporan"),
            columns=HEAD,
            cells=rows,
        ),
        lines=[budget("Jumlah", 300), budget("Satu", 100, under=0), budget("Dua", 200, under=0)],
        key="d" * 16,
    )
    places = [Source(1, (300.0, 20.0 * at, 330.0, 20.0 * at + 8), 0) for at in range(3)]
    [only] = made.tables
    cells = [
        replace(r, cells=(*r.cells[:2], Cell(text[2], (place,)) if text[2] else None))
        for r, text, place in zip(only.rows, rows, places, strict=True)
    ]
    indicators = [
        replace(
            r,
            sources={
                "indikator": (place._replace(box=(10.0, *place.box[1:])),),
                **({"target_teks": (place,)} if r.row.target_teks else {}),
            },
        )
        for r, place in zip(made.indicators, places, strict=True)
    ]
    sums = [
        replace(r, row=r.row.model_copy(update={"jumlah_dihitung": 300 if at == 0 else None}))
        for at, r in enumerate(made.budget)
    ]
    return replace(
        made,
        tables=(replace(only, rows=tuple(cells)),),
        indicators=tuple(indicators),
        budget=tuple(sums),
    )


def line(record_id: str, field: str, value: str, made: Document | None = None) -> Correction:
    return correction_for(
        made or document(), f"{'d' * 16}-{record_id}", field, value, "sebab", "Ani"
    )


def corrected(record_id: str, *changes: tuple[str, str]) -> Any:
    """The row after some changes of one record."""
    lines = [line(record_id, field, value) for field, value in changes]
    done = correct(document(), lines)
    assert done.lapses == ()
    return find(done.document, f"{'d' * 16}-{record_id}").row


TARGETS = [
    # A corrected text is read as if it were printed there: the row's unit counts.
    ("i2", [("target_teks", "90")], {"target_nilai": Decimal(90), "target_jenis": "nilai"}),
    ("i3", [("target_teks", "12")], {"target_nilai": Decimal(12), "target_satuan": "dokumen"}),
    ("i2", [("target_teks", "80-85")], {"target_bawah": Decimal(80), "target_jenis": "rentang"}),
    ("i1", [("target_teks", "")], {"target_teks": None, "target_jenis": "kosong"}),
    ("i1", [("target_teks", "WDP")], {"target_predikat": "WDP", "target_nilai": None}),
    # A number alone: the text stays.
    (
        "i2",
        [("target_nilai", "90")],
        {"target_teks": "9O", "target_jenis": "nilai", "keyakinan": 1},
    ),
    ("i2", [("target_nilai", "90")], {"target_operator": "="}),
    ("i2", [("target_bawah", "80"), ("target_atas", "85")], {"target_jenis": "rentang"}),
    # A unit alone makes the kind follow, and is written as units are.
    ("i2", [("target_nilai", "90"), ("target_satuan", "%")], {"target_satuan": "persen"}),
    ("i2", [("target_nilai", "90"), ("target_satuan", "%")], {"target_jenis": "persen"}),
    # What is corrected itself stays as corrected.
    ("i2", [("target_nilai", "91,5"), ("target_teks", "90")], {"target_nilai": Decimal("91.5")}),
    ("i2", [("target_nilai", "3"), ("target_jenis", "teks")], {"target_jenis": "teks"}),
    (
        "i2",
        [("indikator", "Indeks  Kepuasan Masyarakat")],
        {"indikator": "Indeks Kepuasan Masyarakat"},
    ),
    ("i2", [("tahun", "2025"), ("anggaran", "Rp 1.500.000")], {"tahun": 2025, "anggaran": 1500000}),
    ("i2", [("lokasi", "Kupang")], {"lokasi": "Kupang", "keyakinan": 0.5}),
]


@pytest.mark.parametrize(("record", "changes", "expected"), TARGETS)
def test_a_correction_changes_what_hangs_on_it(
    record: str, changes: list[tuple[str, str]], expected: dict[str, Any]
) -> None:
    made = corrected(record, *changes).model_dump()
    assert {name: made[name] for name in expected} == expected
    assert made["tanda"].split()[-1] == "koreksi"


def test_what_was_read_stands_beside_it() -> None:
    done = correct(document(), [line("i2", "target_teks", "90")])
    record = done.document.indicators[1]
    assert record.as_read["target_teks"] == "9O"
    assert record.as_read["target_jenis"] == "teks"
    assert [(c.kolom, c.alasan, c.oleh) for c in record.corrections] == [
        ("target_teks", "sebab", "Ani")
    ]
    assert done.document.tables == document().tables


def test_sums_above_a_corrected_amount_follow() -> None:
    done = correct(document(), [line("a1", "jumlah", "150")])
    total = done.document.budget[0]
    assert (total.row.jumlah_dihitung, total.as_read) == (350, {"jumlah_dihitung": 300})
    assert total.row.tanda is None
    assert done.document.budget[1].row.tanda == "koreksi"
    assert restore(done.document) == document()


def reread(made: Document) -> Document:
    return document_of(json.loads(document_json(made), parse_float=Decimal), made.row)


def test_applying_again_changes_nothing_and_no_lines_restore() -> None:
    lines = [
        line("i2", "target_teks", "90-95"),
        line("i1", WHOLE, RIGHT),
        line("a1", "jumlah", "150"),
    ]
    once = correct(document(), lines).document
    assert document_json(correct(once, lines).document) == document_json(once)
    loaded = reread(once)
    assert document_json(loaded) == document_json(once)
    assert document_json(correct(loaded, lines).document) == document_json(once)
    assert document_json(correct(loaded, []).document) == document_json(document())
    assert document_json(correct(loaded, lines[1:]).document) == document_json(
        correct(document(), lines[1:]).document
    )


def test_a_confirmation_is_kept_and_marked() -> None:
    done = correct(document(), [line("i2", WHOLE, RIGHT)])
    record = done.document.indicators[1]
    assert (record.row.tanda, record.row.keyakinan) == ("dikonfirmasi", 1)
    assert record.row.target_teks == "9O"
    assert record.corrections[0].teks_lama == summary_of(document().indicators[1])


def test_a_confirmation_is_taken_back() -> None:
    done = correct(document(), [line("i2", WHOLE, RIGHT), line("i2", WHOLE, "")])
    assert (done.document, done.lapses) == (document(), ())


def test_the_last_line_counts_and_the_old_value_takes_it_back() -> None:
    lines = [line("i2", "target_nilai", "90"), line("i2", "target_nilai", "95")]
    assert correct(document(), lines).document.indicators[1].row.target_nilai == 95
    back = [line("i2", "target_teks", "90"), line("i2", "target_teks", "9O")]
    done = correct(document(), back)
    assert done.document == document()
    assert done.lapses == ()


GRADE = {"target_teks": "BB", "target_nilai": 75, "target_bawah": 70, "target_atas": 80}


def test_taking_a_number_back_leaves_no_trace_of_it() -> None:
    made = document()
    graded = made.indicators[0].row.model_copy(update={**GRADE, "keyakinan": 0.7})
    made = replace(made, indicators=(replace(made.indicators[0], row=graded), *made.indicators[1:]))
    there = line("i1", "target_nilai", "78", made)
    once = correct(made, [there]).document.indicators[0].row
    assert (once.target_nilai, once.target_bawah, once.keyakinan) == (78, 70, 1)
    done = correct(made, [there, line("i1", "target_nilai", "75", made)])
    assert (done.document, done.lapses) == (made, ())


def test_what_takes_a_line_back_is_not_told_of_when_it_fits_no_more() -> None:
    lines = [
        line("i2", "target_teks", "90"),
        line("i2", "target_teks", "9O"),
        line("i2", WHOLE, RIGHT),
        line("i2", WHOLE, ""),
    ]
    made = document()
    changed = made.indicators[1].row.model_copy(update={"target_teks": "95"})
    other = replace(made, indicators=(made.indicators[0], replace(made.indicators[1], row=changed)))
    assert correct(other, lines).lapses == ()
    assert [lapse.cause for lapse in correct(other, lines[:1]).lapses] == ["berubah"]


LAPSES = {
    "hilang": replace(line("i2", "target_teks", "90"), kunci="indikator:7:2024:00000000:1+2"),
    "berubah": replace(line("i2", "target_teks", "90"), teks_lama="80"),
    "terbaca": replace(line("i1", "target_teks", "WTP"), teks_lama="WT P."),
    "mendua": replace(line("i2", "target_teks", "90"), kunci="indikator:1:2024:00000000:300+14"),
}


@pytest.mark.parametrize("cause", LAPSES)
def test_a_line_that_fits_no_more_is_told_of_and_changes_nothing(cause: str) -> None:
    made = document()
    if cause == "mendua":  # another record at the same distance from the place
        second = replace(
            made.indicators[1],
            row=made.indicators[1].row.model_copy(
                update={"indikator_id": "x", "indikator": "Lain"}
            ),
        )
        at = (Source(1, (300.0, 10.0, 330.0, 18.0), 0),)
        pair = [replace(r, sources={"target_teks": at}) for r in (made.indicators[1], second)]
        made = replace(made, indicators=tuple(pair))
    done = correct(made, [LAPSES[cause]])
    assert [lapse.cause for lapse in done.lapses] == [cause]
    assert (done.document, done.applied) == (made, ())
    assert done.lapses[0].message_id != done.lapses[0].message_en


def test_a_confirmation_lapses_when_the_reading_changes() -> None:
    confirmed = line("i2", WHOLE, RIGHT)
    made = document()
    changed = made.indicators[1].row.model_copy(update={"target_teks": "95"})
    made = replace(made, indicators=(made.indicators[0], replace(made.indicators[1], row=changed)))
    [lapse] = correct(made, [confirmed]).lapses
    assert (lapse.cause, lapse.now) == ("berubah", "Indeks Kepuasan | 2024 | 95 | - | -")


def test_a_line_for_an_older_reading_is_not_told_of_beside_one_that_fits() -> None:
    old = replace(line("i2", "target_teks", "90"), teks_lama="8O")
    new = line("i2", "target_teks", "90")
    for lines in ([old, new], [new, old]):
        done = correct(document(), lines)
        assert (done.applied, done.lapses) == ((new,), ())


def of_document(field: str, value: str) -> Correction:
    return correction_for(document(), "d" * 16, field, value, "sebab", "Ani")


def test_the_documents_own_row_is_corrected() -> None:
    lines = [of_document("instansi", "Dinas Lain"), of_document("jenis", "PK")]
    done = correct(document(), [*lines, line("i2", "target_teks", "90")])
    row = done.document.row
    assert (row.instansi, row.jenis, row.tanda) == ("Dinas Lain", "PK", "koreksi")
    assert done.document.as_read["instansi"] == document().row.instansi
    assert done.document.indicators[1].row.target_nilai == 90
    assert len(done.applied) == 3
    loaded = document_of(
        json.loads(document_json(done.document), parse_float=Decimal), done.document.row
    )
    assert document_json(loaded) == document_json(done.document)
    assert document_json(correct(loaded, []).document) == document_json(document())


def test_targets_of_the_documents_year_follow_it() -> None:
    made = document()
    first, second, third = made.indicators
    printed = {**second.sources, "tahun": second.sources["indikator"]}
    other = third.row.model_copy(update={"tahun": 2023})
    made = replace(
        made, indicators=(first, replace(second, sources=printed), replace(third, row=other))
    )
    done = correct(made, [of_document("tahun", "2025")])
    assert [r.row.tahun for r in done.document.indicators] == [2025, 2024, 2023]
    assert done.document.indicators[0].row.tanda is None
    assert restore(done.document) == made


@pytest.mark.parametrize("what", ["titled", "two columns", "corrected"])
def test_targets_of_a_year_of_their_own_do_not(what: str) -> None:
    made = document()
    lines = [of_document("tahun", "2025")]
    if what == "titled":
        [only] = made.table_rows
        made = replace(made, table_rows=(only.model_copy(update={"judul": "Target 2024"}),))
    elif what == "two columns":
        same = [replace(r, row=r.row.model_copy(update={"baris": 1})) for r in made.indicators]
        made = replace(made, indicators=tuple(same))
    else:
        lines += [line(record, "tahun", "2026") for record in ("i1", "i2", "i3")]
    expected = 2026 if what == "corrected" else 2024
    done = correct(made, lines).document
    assert {r.row.tahun for r in done.indicators} == {expected}
    assert done.row.tahun == 2025


def test_a_line_for_the_document_lapses_like_any_other() -> None:
    old = replace(of_document("tahun", "2025"), teks_lama="2020")
    [lapse] = correct(document(), [old]).lapses
    assert (lapse.cause, lapse.now) == ("berubah", "2024")
    there = replace(of_document("tahun", "2024"), teks_lama="2020")
    assert [x.cause for x in correct(document(), [there]).lapses] == ["terbaca"]


def test_corrections_of_other_documents_are_passed_over() -> None:
    other = replace(line("i2", "target_teks", "90"), dokumen_id="e" * 16)
    assert correct(document(), [other]).document == document()
