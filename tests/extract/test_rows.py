"""Several logical rows in one ruled row: only positive evidence splits."""

from __future__ import annotations

import pytest

from rktdata.extract.rows import split_rows
from tests.factories import grid, texts

SPLIT = [
    (  # numbers and values beside each item
        ["1.\n2.", "Jumlah kajian\nJumlah rekomendasi", "4 kajian\n9 rekomendasi"],
        [["1.", "Jumlah kajian", "4 kajian"], ["2.", "Jumlah rekomendasi", "9 rekomendasi"]],
    ),
    (  # a wrapped item between two numbers
        ["1.\n \n2.", "Persentase usulan yang\nterakomodir\nJumlah kajian", "8 %\n \n4"],
        [["1.", "Persentase usulan yang terakomodir", "8 %"], ["2.", "Jumlah kajian", "4"]],
    ),
    (  # marked items beside values
        ["- Jumlah pos\n- Jumlah kader", "58 pos\n60 orang"],
        [["- Jumlah pos", "58 pos"], ["- Jumlah kader", "60 orang"]],
    ),
]


@pytest.mark.parametrize(("row", "rows"), SPLIT)
def test_lines_that_begin_items_are_rows(row: list[str], rows: list[list[str]]) -> None:
    split = split_rows(grid(row))
    assert texts(split) == rows
    assert "baris-terbelah" in split.marks


WHOLE = [
    ["1.", "Persentase usulan prioritas\nyang terakomodir", "85 %"],  # wrapped text
    ["1.", "Meningkatnya mutu\nlayanan dasar", "Persentase ibu hamil\nyang dilayani"],
    ["1.", "Indeks reformasi\nbirokrasi dan tata\nkelola", "Nilai A\natau BB"],
    ["1.", "Jumlah dokumen", ""],  # an empty target
    ["", "", ""],
]


@pytest.mark.parametrize("row", WHOLE)
def test_wrapped_text_is_one_row(row: list[str]) -> None:
    given = grid(row)
    assert split_rows(given) == given


def test_values_beside_wrapped_text_do_not_split_it() -> None:
    # Two values, yet nothing begins in the text beside the second one.
    given = grid(["1.", "Persentase usulan prioritas\nyang terakomodir", "85 %\n90 %"])
    assert split_rows(given) == given


def test_a_number_cell_without_walls_is_cut_to_its_rows() -> None:
    given = grid(["1\n2", "Pengecatan marka", "5 km"], ["^", "Pemasangan rambu", "7 unit"])
    assert texts(split_rows(given)) == [
        ["1", "Pengecatan marka", "5 km"],
        ["2", "Pemasangan rambu", "7 unit"],
    ]


def test_a_merged_text_is_not_cut() -> None:
    given = grid(
        ["Meningkatnya mutu\nlayanan", "Indeks layanan", "82"], ["^", "Waktu tunggu", "60 menit"]
    )
    assert split_rows(given) == given
