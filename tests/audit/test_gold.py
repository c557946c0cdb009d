"""The rules on the development corpus: what must be found, what must not."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from rktdata.audit import audit, mark_accepted
from rktdata.reconcile import reconcile
from rktdata.reconcile.keys import fold, meant_words
from rktdata.schemas.document import Document
from rktdata.schemas.findings import Acceptance, Finding
from tests.gold import gold_document, gold_path

KPU = "rkt-kpu-ntt-2024"

# Row of the list of true inconsistencies: rule, and words of its sentence.
HIGH = {
    1: ("R09", "Keterbukaan Informasi Publik.*100%.*80%"),
    2: ("R09", "Sengketa Hukum.*90%.*100%"),
    3: ("R47", "Indeks Reformasi Birokrasi.*80 .*80%"),
    4: ("R01", "permasalahan anggaran.*Tabel 9.*Tabel 4.*100%"),
    5: ("R01", "pengadaan barang dan jasa.*Tabel 2"),
    6: ("R01", "mendistribusikan.*Tabel 2"),
    7: ("R01", "dokumentasi logistik.*Tabel 2"),
    8: ("R01", "mendokumentasikan.*Tabel 4"),
    9: ("R45", "Sasaran .Terwujudnya koordinasi.*tujuan"),
    10: ("R45", "Indikator .Persentase KPU Kabupaten/Kota.*sasaran"),
    15: ("R11", "^3 indikator di Tabel 9"),
    18: ("R10", r"minimal B\b"),
    19: ("R45", "akuntabilitas Laporan keuangan.*akuntabilitas kinerja"),
    20: ("R45", "penyiapanan.*data kebutuhan"),
    55: ("R52", "Konsolidasi.*Proses Demokrasi"),
    60: ("R58", "21 Rincian Output.*22"),
}
MIDDLE = {
    11: ("R20", "Pemeriksaan internal"),
    12: ("-", ""),
    13: ("R60", "Barang Milik Negara"),
    14: ("R53", "Sasaran Strategis.*Sasaran Kegiatan"),
    16: ("R54", "Tabel 9"),
    21: ("R46", "Pemeriksaan dan Pengawasan Internal"),
    23: ("R10", "dimengkan"),
    25: ("R52", "Prasarana Sarana.*sarana prasarana"),
    26: ("R52", "Infomatika"),
    28: ("-", ""),
    31: ("R46", "kepiluan"),
    36: ("R41", "tepat mutu"),
    39: ("R06", "Jumlah Anggota.*23 Satker"),
    44: ("R18", "Tabel 3: nomor 2"),
    45: ("R18", "Tabel 5: nomor 2"),
    46: ("R55", "Tabel 5: nomor 7"),
    47: ("R56", "Nomor Tabel 1 dipakai dua kali"),
    49: ("R57", "Bagian E"),
    52: ("-", ""),
    53: ("R31", "Perencanaan, Data"),
    54: ("R31", "Sub Bag Teknis"),
    57: ("R61", "Tahun 2024.*2020-2024"),
    61: ("R59", "keuangan, umum dan logistik"),
    63: ("R51", "Pemeriksaan internal"),
}


@cache
def _found() -> tuple[Finding, ...]:
    documents = [gold_document(KPU)]
    return tuple(audit(documents, reconcile(documents)))


def _is_found(wanted: tuple[str, str]) -> bool:
    rule, words = wanted
    return any(f.rule.id == rule and re.search(words, f.message_id) for f in _found())


@pytest.mark.parametrize("number", HIGH)
def test_every_weighty_inconsistency_is_found(number: int) -> None:
    gold_path(KPU)
    assert _is_found(HIGH[number])


def test_most_middle_ones_are_found() -> None:
    gold_path(KPU)
    missed = [number for number, wanted in MIDDLE.items() if not _is_found(wanted)]
    assert missed == [12, 28, 52]


def test_what_is_in_order_is_not_flagged() -> None:
    found = _found() if gold_path(KPU) else ()
    rules = {f.rule.id for f in found}
    assert not rules & {"R12", "R13", "R14", "R15", "R05", "R40", "R64"}
    assert not [f for f in found if f.rule.id == "R58" and "program" in (f.a.value or "")]
    assert not [f for f in found if f.rule.id == "R49"]
    assert {f.message_id.split('"')[1].split()[0] for f in found if f.rule.id == "R09"} == {
        "Nilai",
        "Persentase",
    }
    assert len([f for f in found if f.rule.id in ("R09", "R47")]) == 3
    assert len([f for f in found if f.rule.id == "R11"]) == 1


def test_the_whole_stays_short_enough_to_be_read() -> None:
    gold_path(KPU)
    assert len(_found()) <= 65


def test_ids_are_stable_and_single() -> None:
    documents = [gold_document(KPU)]
    again = audit(documents, reconcile(documents))
    assert [f.id for f in again] == [f.id for f in _found()]
    assert len({f.id for f in again}) == len(again)


def test_accepted_findings_stay_listed() -> None:
    gold_path(KPU)
    wanted = Acceptance(_found()[0].id, "sudah dibahas", "Reviu Inspektorat")
    gone = Acceptance("R01-0000000000", "dahulu", "x")
    marked, left = mark_accepted(_found(), [wanted, gone])
    assert (marked[0].acceptance, left) == (wanted, [gone])
    assert len(marked) == len(_found())
    assert all(f.acceptance is None for f in marked[1:])


# Mutations


def _change_digit(text: str, chance: random.Random) -> str:
    places = [i for i, sign in enumerate(text) if sign.isdigit()]
    at = chance.choice(places)
    digits = [d for d in "123456789" if d != text[at]]
    return text[:at] + chance.choice(digits) + text[at + 1 :]


def _with_twin(document: Document) -> Iterator[int]:
    """Indicators with a number whose words stand in another list in the same year.

    Found without the program's matching: equal words in the list of one unit, or of a
    unit and its superior by the document's own numbering of tables.
    """
    said: dict[tuple[str, int | None], set[str]] = {}
    for record in document.indicators:
        key = (" ".join(meant_words(record.row.indikator)), record.row.tahun)
        if record.row.target_jenis != "kosong":
            said.setdefault(key, set()).add(record.row.tabel_id or "naskah")
    for place, record in enumerate(document.indicators):
        key = (" ".join(meant_words(record.row.indikator)), record.row.tahun)
        if record.row.target_nilai is not None and len(said[key]) > 1:
            yield place


def _mutated_target(document: Document, place: int, chance: random.Random) -> Document:
    from decimal import Decimal

    record = document.indicators[place]
    assert record.row.target_nilai is not None
    assert record.row.target_teks is not None
    number = re.search(r"[\d.,]+", record.row.target_teks)
    assert number is not None
    changed = _change_digit(number[0], chance)
    row = record.row.model_copy(
        update={
            "target_teks": record.row.target_teks.replace(number[0], changed, 1),
            "target_nilai": Decimal(changed.replace(",", ".")),
        }
    )
    indicators = list(document.indicators)
    indicators[place] = replace(record, row=row)
    return replace(document, indicators=tuple(indicators))


def test_a_changed_digit_in_any_target_with_a_twin_is_found() -> None:
    document = gold_document(KPU)
    chance = random.Random(20240501)
    places = list(_with_twin(document))
    assert len(places) > 100
    known = {f.id for f in _found()}
    missed = []
    for place in chance.sample(places, 50):
        mutated = _mutated_target(document, place, chance)
        row = mutated.indicators[place].row
        new = [f for f in audit([mutated], reconcile([mutated])) if f.id not in known]
        if not any(row.indikator_id in f.evidence and f.severity == "galat" for f in new):
            missed.append((row.indikator, row.target_teks))
    assert not missed


def test_a_changed_digit_in_any_amount_with_a_sum_is_found() -> None:
    document = gold_document(KPU)
    chance = random.Random(7)
    known = {f.id for f in _found()}
    places = [n for n, r in enumerate(document.budget) if r.row.jumlah is not None]
    missed = []
    for place in [chance.choice(places) for _ in range(50)]:
        record = document.budget[place]
        row = record.row.model_copy(
            update={"jumlah": int(_change_digit(str(record.row.jumlah), chance))}
        )
        lines = list(document.budget)
        lines[place] = replace(record, row=row)
        mutated = replace(document, budget=tuple(lines))
        new = [f for f in audit([mutated], reconcile([mutated])) if f.id not in known]
        if not any(f.rule.id == "R12" for f in new):
            missed.append((row.uraian, row.jumlah))
    assert not missed


# Other documents


def test_parts_of_a_programme_exceed_the_whole() -> None:
    document = gold_document("pk-disparbud-jabar-2016-kebudayaan")
    found = audit([document], reconcile([document]))
    assert "R64" in {f.rule.id for f in found}
    assert not {f.rule.id for f in found} & {"R12", "R13", "R40", "R09"}


def test_plan_and_agreement_of_one_agency_are_compared() -> None:
    names = ("rkt-inspektorat-jabar-2016-lampiran-1", "pk-lampiran-2-2016")
    documents = [gold_document(name) for name in names]
    found = audit(documents, reconcile(documents))
    differing = [f for f in found if f.rule.id == "R35" and f.severity == "galat"]
    assert [(f.a.value, f.b.value if f.b else None) for f in differing] == [("93", "73 orang")]


def test_a_skipped_number_is_found_on_a_scan() -> None:
    document = gold_document("pk-desdm-jabar-2017-pindaian")
    found = audit([document], reconcile([document]))
    assert [f.message_id for f in found if f.rule.id == "R18" and "4-5" in f.message_id]
    assert all(f.severity == "catatan" for f in found)


def test_a_table_without_faults_is_left_alone() -> None:
    document = gold_document("rkt-dishub-jabar-2016")
    found = audit([document], reconcile([document]))
    assert {f.rule.id for f in found} == {"R23", "R32"}
    assert [f.a.value for f in found if f.rule.id == "R32"] == ["ketersedian"]


def test_fold_is_what_findings_are_keyed_by() -> None:
    assert fold("Persentase  SENGKETA,") == "persentase sengketa"
