from __future__ import annotations

from typing import Any

import pytest

from rktdata.reconcile.direction import is_negative, is_other_unit, is_worse
from rktdata.schemas.records import IndikatorRow
from tests.plans import row

UP, DOWN, OPEN = "Persentase kelulusan", "Angka kemiskinan", "Jumlah kasus yang ditangani"


def made(indicator: str, target: str | None, **fields: Any) -> IndikatorRow:
    return IndikatorRow(
        indikator_id="i1", dokumen_id="d", halaman=1, **row(indicator, target, **fields)
    )


WORSE = [
    (UP, "90 %", "88 %", True),
    (UP, "88 %", "90 %", False),
    (DOWN, "8,5", "9", True),
    (DOWN, "9", "8,5", False),
    (OPEN, "90 kasus", "80 kasus", None),
    ("Opini BPK", "WTP", "WDP", True),
    ("Opini BPK", "WDP", "WTP", False),
    ("Nilai SAKIP", "BB", "B", True),
    ("Nilai SAKIP", "CC", "B", False),
    ("Nilai SAKIP", "BB", "WTP", None),  # not on one scale
    (UP, "tepat waktu", "90 %", None),
]


@pytest.mark.parametrize(("indicator", "before", "after", "worse"), WORSE)
def test_is_worse(indicator: str, before: str, after: str, worse: bool | None) -> None:
    assert is_worse(made(indicator, before), made(indicator, after)) is worse


RANGES = [(("80", "85"), ("78", "85"), True), (("80", "85"), ("80", "90"), False),
          (("80", "85"), ("75", "90"), None)]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "worse"), RANGES)
def test_neither_end_of_a_range_may_be_better(
    before: tuple[str, str], after: tuple[str, str], worse: bool | None
) -> None:
    rows = [
        made(UP, None, target_bawah=low, target_atas=high).model_copy(
            update={"target_jenis": "rentang", "target_teks": f"{low}-{high}"}
        )
        for low, high in (before, after)
    ]
    assert is_worse(*rows) is worse


UNITS = [
    ("Jumlah hasil", "3 dokumen", "3 laporan", True),
    ("Jumlah hasil", "3 satker", "3 satker kab/kota", False),  # the same, named more closely
    ("Jumlah hasil", "3 dokumen", "3", False),  # left out is not changed
    ("Indeks kepuasan", "80", "80 %", True),
    ("Persentase kepuasan", "80", "80 %", False),  # the words say percent already
    ("Nilai SAKIP", "B", "68,5", True),
    ("Nilai SAKIP", "B", "BB", False),
    ("Nilai SAKIP", "B", None, False),
]


@pytest.mark.parametrize(("indicator", "before", "after", "other"), UNITS)
def test_is_other_unit(indicator: str, before: str, after: str | None, other: bool) -> None:
    assert is_other_unit(made(indicator, before), made(indicator, after)) is other


DIRECTIONS = [
    (UP, False),
    (DOWN, True),
    (OPEN, None),
    ("Persentase sengketa informasi yang terselesaikan", False),
    ("Persentase pengaduan yang ditindaklanjuti", False),
    ("Persentase gangguan yang dapat ditanggulangi", False),
    ("Persentase pegawai yang tidak memenuhi standar", None),
    ("Persentase penurunan temuan yang diselesaikan", None),
    ("Rata-rata waktu penyelesaian pengaduan", None),
    ("Persentase kasus", True),
]


@pytest.mark.parametrize(("indicator", "negative"), DIRECTIONS)
def test_the_words_decide_the_direction(indicator: str, negative: bool | None) -> None:
    assert is_negative(indicator) is negative
