"""Row numbers, codes, and text made plain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rktdata.normalize.clean import clean_text
from rktdata.normalize.codes import parse_code
from rktdata.normalize.text import strip_row_number, suggest_unspaced

NUMBERED = [
    ("1. Meningkatnya hasil", "1.", "Meningkatnya hasil"),
    ("1) Meningkatnya hasil", "1)", "Meningkatnya hasil"),
    ("1.Meningkatnya hasil", "1.", "Meningkatnya hasil"),
    ("1 Meningkatnya hasil", "1", "Meningkatnya hasil"),
    ("12 Persentase satker", "12", "Persentase satker"),
    ("(1) Kualitas", "(1)", "Kualitas"),
    ("a. Jumlah dokumen", "a.", "Jumlah dokumen"),
    ("I. Tata kelola", "I.", "Tata kelola"),
    ("II Tata kelola", "II", "Tata kelola"),
    ("1.2. Persentase", "1.2.", "Persentase"),
    ("1.2 Persentase", "1.2", "Persentase"),
    ("- Jumlah dokumen", "-", "Jumlah dokumen"),
    ("\u2022 Jumlah dokumen", "\u2022", "Jumlah dokumen"),
]
NOT_NUMBERED = [
    "1 (satu) buah", "2 program", "5 dokumen perencanaan", "100 hari kerja", "2 Dokumen RKA",
    "Meningkatnya hasil", "75%", "3,5", "", "1", "1.", "2016", "10,5 Km jalan",
    "B3 dikelola",
]  # fmt: skip


@pytest.mark.parametrize(("text", "number", "rest"), NUMBERED)
def test_a_row_number_is_taken_off(text: str, number: str, rest: str) -> None:
    assert strip_row_number(text) == (number, rest)


@pytest.mark.parametrize("text", NOT_NUMBERED)
def test_what_counts_is_no_row_number(text: str) -> None:
    assert strip_row_number(text) == (None, text)


CODES = [
    ("2886.EBA.962", "ro"), ("054.01.GG", "program"), ("1915.EBA", "kro"),
    ("7755.EBA.962.182.524111", "akun"), ("7.01.01.2.01.0001", "subkegiatan"),
    ("1.03.01", "program"), ("5.1.02.01.01.0024", "akun"), ("1 03 16", "program"),
]  # fmt: skip
NOT_CODES = [
    "1.234.567",
    "12.34.5",
    "184.300.000.00",
    "111.12",
    "31.12.2016",
    "5.00 1.58",
    "80",
    "Rp",
]


@pytest.mark.parametrize(("text", "level"), CODES)
def test_codes_have_a_level(text: str, level: str) -> None:
    code = parse_code(text)
    assert code is not None
    assert code.level == level


@pytest.mark.parametrize("text", NOT_CODES)
def test_numbers_and_dates_are_no_codes(text: str) -> None:
    assert parse_code(text) is None


def test_text_made_plain() -> None:
    assert clean_text("e\ufb00ek\u00adtif  80\u00a0\u2013 85\n%") == "effektif 80 - 85 %"
    assert clean_text("100\u00b9 m\u00b2 2\u00bd") == "100 m2 2,5"


def test_odd_spacing_is_suggested_not_changed() -> None:
    assert suggest_unspaced("Outpu t :") == "Output :"
    assert suggest_unspaced("Target dan realisasi") is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    number, rest = strip_row_number(text)
    assert number is not None or rest == text
    parse_code(text)
    assert clean_text(clean_text(text)) == clean_text(text)
