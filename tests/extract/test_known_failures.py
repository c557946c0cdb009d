"""Tables that are not read as they were set, cut down to the smallest that shows it.

Each is a strict xfail, so that a repair is noticed; then the case moves to
test_hard_tables.py.
"""

from __future__ import annotations

import pytest

from tests.reading import read_tables, texts_of
from tests.typeset import UP, Plan, leaf_headers, typeset, whole_rows

A = "Persentase balita dengan gizi baik"
B = "Jumlah desa siaga aktif"


def fails(why: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=why)


PLANS = [
    pytest.param(
        Plan(
            (("Sasaran", "Indikator Kinerja", "Target 2024"),),
            (("Mutu layanan", A, "9 %"), (UP, B, "7"), (UP, A, "8 %")),
            (100.0, 220.0, 90.0),
        ),
        165.0,
        id="a merged cell with one row above the break does not run on",
        marks=fails("one row a page: no merged cell is seen anywhere"),
    ),
    pytest.param(
        Plan(
            (("Indikator Kinerja", "Target 2024"),),
            (
                ("Terwujudnya bagi penduduk miskin", "A"),
                ("Optimalnya mutu produk olahan di desa", ""),
            ),
            (118.0, 90.0),
            repeat_header=False,
        ),
        170.0,
        id="a new row without a target is joined to the row above the break",
        marks=fails("no fuller page tells how far down text could have gone"),
    ),
]


@pytest.mark.parametrize(("plan", "height"), PLANS)
def test_a_table_is_read_as_it_was_set(plan: Plan, height: float) -> None:
    reading = read_tables(typeset(plan, height))
    [table] = reading.tables
    assert list(table.columns) == leaf_headers(plan)
    assert texts_of(table) == whole_rows(plan)
