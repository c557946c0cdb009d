"""Numerals: readings, damaged ones, broken ones, and the evidence around them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rktdata.normalize.numbers import Fragment, join_fragments, parse_number, read_numeral
from rktdata.normalize.targets import read_value

SURE = [
    ("77,5", "77.5"), ("1.234,5", "1234.5"), ("222,465.11", "222465.11"), ("1.234.567", "1234567"),
    ("750,000,000.00", "750000000"), ("184.300.000.00", "184300000"), ("90,750,000,00", "90750000"),
    ("15.199,500,000", "15199500000"), ("1.660453.975", "1660453975"), ("72.02", "72.02"),
    ("0,125", "0.125"), ("22.338.445,000", "22338445"),
]  # fmt: skip
DAMAGED = ["12.34.5", "3.8000.000.000,00", "1.2.3", "1..2", "", "1" * 3001]
INDONESIAN = [("77,5", "77.5"), ("1.234", "1234"), ("-1.234,50", "-1234.5"), ("007", "7")]


@pytest.mark.parametrize(("text", "value"), SURE)
def test_a_numeral_with_one_reading(text: str, value: str) -> None:
    assert read_numeral(text).value == Decimal(value)


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_numeral_is_left_open(text: str) -> None:
    numeral = read_numeral(text)
    assert numeral.value is None
    assert not numeral.ambiguous


@pytest.mark.parametrize(("text", "value"), INDONESIAN)
def test_parse_number(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1,234.5", "12.34", "", "-", "1.234.5", "\u0661"])
def test_parse_number_refuses_other_notations(text: str) -> None:
    assert parse_number(text) is None


RUNS = [
    ("12.31 7.066", ["12.317.066"]), ("28.500.00 0", ["28.500.000"]), ("1. 000", ["1.000"]),
    ("12.000 100.000", ["12.000", "100.000"]), ("3.20 3.20", ["3.20", "3.20"]),
    ("5 000", ["5000"]), ("100 200 300", ["100", "200", "300"]),
    ("0 65 4 0", ["0", "65", "4", "0"]),
    ("2 6 . 2 7 3 . 8 8 9", ["26.273.889"]),
]  # fmt: skip


@pytest.mark.parametrize(("run", "numbers"), RUNS)
def test_broken_numbers_are_joined_and_neighbours_are_not(run: str, numbers: list[str]) -> None:
    at, fragments = 0, []
    for piece in run.split(" "):
        fragments.append(Fragment(piece, at, at + len(piece)))
        at += len(piece) + 1
    assert [f.text for f in join_fragments(fragments)] == numbers


EVIDENCE = [
    ("3,000", "Indikator: hasil penilaian (skor) | Baris: 2,693", "3"),
    ("3,000", "Indikator: pembekalan | Baris: 2.000 Orang; 2500", "3000"),
    ("12,000 km", "Baris: 12 Km", "12"),
    ("2,778 orang", None, "2778"),
    ("7,792", "Baris: 7,715; 7,793", "7792"),
    ("12,345", "Lain: 1,234,567; 22.5", "12345"),
    ("68,250", "Indikator: Indeks Pembangunan Manusia", "68.25"),
    ("1.250", "Lain: 1.000; 5.075", "1250"),
]


@pytest.mark.parametrize(("text", "context", "value"), EVIDENCE)
def test_three_figures_behind_one_sign(text: str, context: str | None, value: str) -> None:
    assert read_value(text, context=context).nilai == Decimal(value)


def test_a_lone_sign_without_evidence_is_marked() -> None:
    value = read_value("2,693")
    assert value.nilai == Decimal("2.693")
    assert "angka-ragu" in value.tanda
    assert value.keyakinan < 0.8
