"""The value reader against printed cells.

`values/` holds the cases, one JSON object a line in the form of values-dev.jsonl: from
the wild (planning documents of one province, VALUES.md), made up, as plans of other
sectors write them (labelled by VALUES.md before the reader saw them), negative (no value
is there), and known failures.
"""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rktdata.normalize.lines import read_lines, value_json
from rktdata.normalize.numbers import format_number, parse_number
from rktdata.normalize.targets import canonical_text, read_value
from rktdata.normalize.units import load_vocabulary
from rktdata.schemas.value import Context, Value

HERE = Path(__file__).parent / "values"
DEVELOPMENT = Path(__file__).parents[3] / "shared" / "corpus" / "values-dev.jsonl"
FIELDS = ("nilai", "bawah", "atas", "operator", "satuan", "jenis", "predikat", "nilai_banyak")
COLUMNS = ("target", "capaian", "rupiah", "satuan")
JENIS = ("persen", "jumlah", "nilai", "rupiah", "predikat", "rentang", "banyak", "teks", "kosong")


def cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def wrong_fields(case: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    [got] = read_lines([json.dumps(case)])
    return {f: (case.get(f), got[f]) for f in FIELDS if case.get(f) != got[f]}


def name(case: dict[str, Any]) -> str:
    return f"{case['kolom']}:{case['teks'][:30]}"


@pytest.mark.parametrize("case", cases(HERE / "wild.jsonl"), ids=name)
def test_cells_from_the_wild(case: dict[str, Any]) -> None:
    assert wrong_fields(case) == {}


@pytest.mark.parametrize("case", cases(HERE / "made_up.jsonl"), ids=name)
def test_cells_made_up(case: dict[str, Any]) -> None:
    assert wrong_fields(case) == {}


@pytest.mark.parametrize("case", cases(HERE / "sectors.jsonl"), ids=name)
def test_cells_as_other_sectors_write_them(case: dict[str, Any]) -> None:
    assert wrong_fields(case) == {}


@pytest.mark.parametrize("case", cases(HERE / "negative.jsonl"), ids=name)
def test_cells_without_a_value(case: dict[str, Any]) -> None:
    assert wrong_fields(case) == {}


@pytest.mark.parametrize("case", cases(HERE / "known_failures.jsonl"), ids=name)
@pytest.mark.xfail(strict=True, reason="the grammar does not know this form")
def test_known_failures(case: dict[str, Any]) -> None:
    assert wrong_fields(case) == {}


@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="the development strings are not here")
def test_development_strings() -> None:
    wrong = [case["teks"] for case in cases(DEVELOPMENT) if wrong_fields(case)]
    assert len(wrong) <= 4, wrong  # >= 99 %


@settings(max_examples=400, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_any_decimal_written_in_indonesian_reads_back(number: Decimal) -> None:
    written = format_number(number)
    assert parse_number(written) == number
    assert read_value(written).nilai == number


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_any_amount_reads_back_as_whole_rupiah(amount: int) -> None:
    grouped = f"{amount:,}"
    for text in (f"Rp. {grouped.replace(',', '.')},-", f"{grouped}.00", f"Rp{grouped}"):
        value = read_value(text, "rupiah")
        assert (value.nilai, value.satuan, value.jenis) == (amount, "rupiah", "rupiah")


PIECES = st.sampled_from(
    [
        *"0123456789", ".", ",", "-", "%", "(", ")", "/", ":", " ", "Rp", "Rp.", "juta", "M", "dan",
        "s.d.", "dok", "orang", "kab/kota", "A", "BB", "WTP", "III", "Level", ">=", "<", "minimal",
        "Terlaksananya", "satu", "dua puluh", "Maret", "per 1000 KH", "½", "o/o", "lO", "*)", ";",
    ]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join),
              st.lists(PIECES, max_size=14).map("".join)),
    st.sampled_from(COLUMNS),
    st.booleans(),
)  # fmt: skip
@example("", "target", False)
@example("\x00", "satuan", True)
@example("E+99", "rupiah", False)
@example("1E+99", "rupiah", False)
def test_any_string_gives_a_value(text: str, column: str, ocr: bool) -> None:
    context = Context(header="Target (%)", row=("1,5", "2.000"), ocr=ocr)
    for around in (None, context):
        value = read_value(text, column, around)
        assert isinstance(value, Value)
        assert value.text == text
        assert value.jenis in JENIS
        assert 0 <= value.keyakinan <= 1
        if value.bawah is not None and value.atas is not None:
            assert value.bawah <= value.atas
        if value.jenis in ("teks", "kosong", "rentang", "banyak"):
            assert value.operator is None
        json.dumps(value_json(value))


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=10).map(" ".join))
def test_reading_canonical_text_changes_nothing(text: str) -> None:
    first = read_value(text)
    if first.jenis not in ("persen", "nilai", "rupiah", "rentang") or "angka-rusak" in first.tanda:
        return
    again = read_value(canonical_text(first))
    kept = (first.nilai, first.bawah, first.atas, first.operator, first.satuan, first.jenis)
    assert kept == (again.nilai, again.bawah, again.atas, again.operator, again.satuan, again.jenis)


HOSTILE = ["1", "1.", "1 ", "1,", "a 1 ", "(", "(1", "-", "1/", "Rp ", "dan 1 ", "lO", "minimal ",
           "1 Maret ", "AA(", "½", "satu ", "1 per 1000 ",
           "kab/ko ta ", " ", "1-", "s/d ", "1E+9"]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_megabyte_is_read_in_linear_time(piece: str) -> None:
    for size in (3_900, 1_000_000):
        text = piece * (size // len(piece))
        start = time.perf_counter()
        for column in COLUMNS:
            read_value(text, column, Context(header=text, unit=text, indicator=text, row=(text,)))
        assert time.perf_counter() - start < 5


def test_amounts_are_exact_beyond_what_a_float_holds() -> None:
    value = read_value("Rp 9.007.199.254.740.993,-", "rupiah")
    assert value.nilai == Decimal("9007199254740993")
    assert value_json(value)["nilai"] == 9007199254740993


def test_a_users_vocabulary_adds_a_unit() -> None:
    vocabulary = load_vocabulary('[units]\nkapling = { alias = ["kpl"] }\n')
    assert read_value("12 kpl", vocabulary=vocabulary).satuan == "kapling"
    assert read_value("12 dok", vocabulary=vocabulary).satuan == "dokumen"


def test_a_users_vocabulary_with_an_unknown_table_is_refused() -> None:
    with pytest.raises(ValueError, match="satuann"):
        load_vocabulary("[satuann]\nx = {}\n")


def test_bad_lines_are_reported_and_the_rest_goes_on() -> None:
    got = list(read_lines(["{", "", "[1]", '{"teks": null}', '{"teks": 5}']))
    assert [("galat" in line) for line in got] == [True, True, False, False]
    assert got[2]["jenis"] == "kosong"
    assert got[3]["nilai"] == 5
