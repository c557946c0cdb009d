"""Units: the printed forms of UNITS.md, and how a unit cell is split."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rktdata.normalize.units import canonical_unit, load_vocabulary, split_units

FORMS = Path(__file__).parents[2] / "docs" / "domain" / "UNITS.md"
ROW = re.compile(r"\| (?P<unit>.+?) \| \d+ \| (?P<forms>.*) \|")


def printed_forms() -> list[tuple[str, str]]:
    rows = [ROW.fullmatch(line) for line in FORMS.read_text(encoding="utf-8").splitlines()]
    return [
        (form, row["unit"]) for row in rows if row for form in re.findall("`([^`]+)`", row["forms"])
    ]


@pytest.mark.skipif(not FORMS.exists(), reason="the list of printed forms is not here")
def test_every_printed_form_has_its_canonical_unit() -> None:
    forms = printed_forms()
    assert len(forms) > 400
    assert [(f, u, canonical_unit(f)) for f, u in forms if canonical_unit(f) != u] == []


UNITS = [
    ("Dok.", "dokumen"), ("o/o", "persen"), ("Prosentase", "persen"), ("ok", "ok"),
    ("OK", "orang/kegiatan"), ("Org / Bln", "orang/bulan"), ("Pen- gaduan", "pengaduan"),
    ("Nilai-nilai", "nilai-nilai"), ("Rp (juta)", "rupiah"), ("juta ekor", "ekor"),
    ("Kab./ Kota", "kab/kota"), ("balai PSDA", "balai psda"),
    ("per 1.000 KH", "per 1.000 kelahiran hidup"),
    ("m²", "m2"), ("", None), ("-", None), ("12", None), ("( dok )", "dokumen"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "unit"), UNITS)
def test_canonical_unit(text: str, unit: str | None) -> None:
    assert canonical_unit(text) == unit


SPLITS = [
    ("% %", ["%", "%"]), ("Set lembar", ["Set", "lembar"]), ("Jenis Dok", ["Jenis Dok"]),
    ("Koperasi dan UMKM", ["Koperasi dan UMKM"]), ("Kbm Wp Wapu", ["Kbm", "Wp", "Wapu"]),
    ("Jenis Objek Peneri maan", ["Jenis Objek Peneri maan"]),
    ("Dokumen, Laporan", ["Dokumen", "Laporan"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "units"), SPLITS)
def test_split_units(text: str, units: list[str]) -> None:
    assert split_units(text) == units


def test_canonical_units_are_their_own_canonical_form() -> None:
    vocabulary = load_vocabulary(None)
    assert [u for u in vocabulary.units if canonical_unit(u) != u] == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gives_a_unit_or_none(text: str) -> None:
    unit = canonical_unit(text)
    assert unit is None or (unit == unit.lower() and unit.strip())
    split_units(text)
