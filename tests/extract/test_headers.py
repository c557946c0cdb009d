from __future__ import annotations

import pytest

from rktdata.extract.headers import Header, find_header, find_repeated, header_names
from rktdata.schemas.values import Grid
from tests.factories import grid

HEAD = ["No", "Indikator Kinerja", "Target", "<"]
YEARS = ["^", "^", "2020", "2021"]
ROW = ["1", "Angka melek huruf", "98 %", "99 %"]

FOUND = [
    (grid(["No", "Indikator Kinerja", "Target"], ["1", "Melek huruf", "98 %"]), Header(0, 1, 0)),
    (grid(HEAD, YEARS, ROW), Header(0, 2, 0)),
    (grid(HEAD, YEARS, ["(1)", "(2)", "(3)", "(4)"], ROW), Header(0, 2, 1)),
    (grid(HEAD, YEARS, ["1", "2", "3", "4"], ROW), Header(0, 2, 1)),
    (grid(["Misi 1: Mewujudkan layanan", "<", "<", "<"], HEAD, YEARS, ROW), Header(1, 2, 0)),
    # No header at all: a later page that begins with its data.
    (grid(ROW, ["2", "Rata-rata lama sekolah", "8", "8,1"]), Header()),
    (grid(["", "", "75 %", ""], ROW), Header()),
]


@pytest.mark.parametrize(("table", "header"), FOUND)
def test_find_header(table: Grid, header: Header) -> None:
    assert find_header(table) == header


def test_names_are_folded() -> None:
    table = grid(["No.", "INDIKATOR\nKinerja", "Target"], ["1", "Melek huruf", "98 %"])
    assert header_names(table, find_header(table)) == ("no", "indikatorkinerja", "target")


def test_a_header_printed_again_further_down_is_found() -> None:
    names = ("no", "indikatorkinerja", "target")
    table = grid(
        ["3", "Angka putus sekolah", "1 %"],
        ["No", "Indikator Kinerja", "Target"],
        ["4", "Ruang kelas baik", "80 %"],
    )
    assert find_repeated(table, names) == Header(1, 1, 0)
    assert find_repeated(grid(["3", "Angka putus sekolah", "1 %"]), names) == Header()
