from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rktdata.output.write_csv import csv_header, csv_lines
from rktdata.schemas.plain import plain, plain_decimal
from rktdata.schemas.records import AnggaranRow, DokumenRow

PLAIN = [
    (None, ""),
    ("", ""),
    ("77,5 %", "77,5 %"),
    (2024, "2024"),
    (0, "0"),
    (1.0, "1"),
    (0.98, "0.98"),
    (1e-7, "0.0000001"),
    (Decimal("77.50"), "77.5"),
    (Decimal("1E+6"), "1000000"),
    (Decimal("1E-7"), "0.0000001"),
    (Decimal("-0.0"), "0"),
    (Decimal("12345678901234567890123456789012.5"), "12345678901234567890123456789012.5"),
    (True, "true"),
]


@pytest.mark.parametrize(("value", "text"), PLAIN)
def test_plain(value: object, text: str) -> None:
    assert plain(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_is_written_exactly_and_plainly(number: Decimal) -> None:
    text = plain_decimal(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert plain_decimal(Decimal(text)) == text


def test_lines_follow_rfc_4180() -> None:
    row = AnggaranRow(
        anggaran_id="d-a1", dokumen_id="d", halaman=3, uraian='Belanja "barang",\nlain', jumlah=0
    )
    assert csv_lines([row]) == b'd-a1,d,,3,,,"Belanja ""barang"",\nlain",0,,,\r\n'


def test_header_is_the_fields_in_order() -> None:
    header = csv_header(DokumenRow)
    assert header.endswith(b"status,galat,tanda\r\n")
    assert header.decode().strip().split(",") == list(DokumenRow.model_fields)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_reads_back(text: str) -> None:
    row = DokumenRow(dokumen_id="d", berkas=text, status="gagal")
    lines = io.StringIO(csv_lines([row]).decode("utf-8"), newline="")
    [fields] = csv.reader(lines, strict=True)
    assert fields[1] == text
