"""Hard tables over page breaks, each set small: found by test_properties.py, cut down."""

from __future__ import annotations

import pytest

from tests.extract.test_stitch import HEAD, SECOND, full, stitched
from tests.factories import grid
from tests.reading import read_tables, texts_of
from tests.typeset import LEFT, UP, Look, Plan, leaf_headers, typeset, whole_rows

HEADER = (("No", "Indikator Kinerja", "Target 2024"),)
WIDTHS = (36.0, 220.0, 90.0)
A = "Persentase balita dengan gizi baik"
B = "Jumlah desa siaga aktif"

PLANS = [
    pytest.param(
        Plan(
            HEADER,
            (("1", A, "9 %"), ("Program Upaya Kesehatan", LEFT, LEFT), ("2", B, "7")),
            WIDTHS,
            Look(border="open"),
        ),
        842.0,
        id="a section row in a table without outer walls",
    ),
    pytest.param(
        Plan(
            HEADER,
            (("1", A, "9 %"), ("Program Upaya Kesehatan", LEFT, LEFT), ("2", B, "7")),
            WIDTHS,
            repeat_header=False,
        ),
        165.0,
        id="a section row at a page's top",
    ),
    pytest.param(
        Plan(
            HEADER,
            (("1", "Persentase temuan selesai tuntas pada tahun berjalan", "9 %"), ("2", B, "7")),
            (36.0, 110.0, 90.0),
            repeat_header=False,
            cut_rows=True,
        ),
        165.0,
        id="half a row that begins with a header's word",
    ),
    pytest.param(
        Plan(
            (("No", "Sasaran", "Indikator Kinerja", "Target 2024"),),
            (
                *[("1", "Mutu layanan", A, "9 %"), ("2", UP, B, "7")],
                *[("3", UP, A, "8 %"), ("4", UP, B, "6")],
            ),
            (36.0, 100.0, 220.0, 90.0),
        ),
        192.0,
        id="a merged cell right of a filled number",
    ),
    pytest.param(
        Plan((("Indikator Kinerja", "Target"),), ((A, "9 %"),), (220.0, 90.0), numbers=True),
        842.0,
        id="(1) (2) under a header of two columns",
    ),
    pytest.param(
        Plan(
            (("No", "Indikator Kinerja", "Target", "Satuan"),),
            (("1", B, "41", "desa"), ("2", A, "0,4", "%"), ("3", B, "5", "unit")),
            (36.0, 220.0, 90.0, 60.0),
        ),
        172.0,
        id="a unit at a page's top",
    ),
    pytest.param(
        Plan(
            (("Indikator Kinerja", "Pagu"),),
            (("Jumlah desa siaga aktif yang dibina", "Rp 1.250.000"),),
            (110.0, 56.0),
            repeat_header=False,
            cut_rows=True,
        ),
        155.0,
        id="an amount cut after Rp",
    ),
]


@pytest.mark.parametrize(("plan", "height"), PLANS)
def test_a_table_is_read_as_it_was_set(plan: Plan, height: float) -> None:
    reading = read_tables(typeset(plan, height))
    [table] = reading.tables
    assert list(table.columns) == leaf_headers(plan)
    assert texts_of(table) == whole_rows(plan)


def test_numbers_that_begin_again_after_one_row_are_another_table() -> None:
    first = grid(HEAD, ["1", "Mutu", "Angka melek huruf", "98 %"])
    tables = stitched([first], [grid(*SECOND, page=2)], [full(HEAD, ["1", "X", "Y", "1"], page=3)])
    assert len(tables) == 3
