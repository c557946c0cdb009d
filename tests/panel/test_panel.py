from __future__ import annotations

from typing import Any

import pytest

from rktdata.panel import make_panel
from rktdata.reconcile import reconcile
from rktdata.schemas.document import Document
from rktdata.schemas.panel import Panel
from tests.plans import plan, row, table

ROWS = [
    row("Persentase jalan dalam kondisi mantap", "80 %"),
    row("Jumlah jembatan yang dibangun", "4 unit"),
    row("Indeks kepuasan pengguna terminal", "78"),
    row("Persentase angkutan umum laik jalan", "90 %"),
]


def rkt(*tables: dict[str, Any], year: int = 2024, kind: str = "RKT", **made: Any) -> Document:
    return plan(*tables, kind=kind, key=f"{kind}{year}", year=year, **made)


def panel(*documents: Document) -> Panel:
    return make_panel(documents, reconcile(documents))


def told(*documents: Document) -> list[tuple[str, int, str | None, str | None]]:
    return [
        (c.row.jenis, c.row.tahun, c.row.nilai_a, c.row.nilai_b) for c in panel(*documents).changes
    ]


def years(found: Panel, indicator: str) -> dict[int, tuple[str | None, str | None]]:
    return {r.tahun: (r.target_teks, r.sumber) for r in found.rows if r.indikator == indicator}


def test_one_plan_has_rows_and_no_changes() -> None:
    found = panel(rkt(table(*ROWS)))
    assert [r.indikator for r in found.rows] == [r["indikator"] for r in ROWS]
    assert (found.changes, found.remarks) == ((), ())


CHANGED = [
    ("80 %", "75 %", [("mundur", 2024, "80 %", "75 %")]),
    ("80 %", "85 %", []),
    ("80 %", "80,0 %", []),
    ("80 %", "12 ruas", [("satuan", 2024, "80 %", "12 ruas")]),
    ("80 %", None, [("kosong", 2024, "80 %", "(kosong)")]),
    (None, "80 %", []),
    ("tepat waktu", "sesuai jadwal", [("ubah", 2024, "tepat waktu", "sesuai jadwal")]),
]


@pytest.mark.parametrize(("before", "after", "changes"), CHANGED)
def test_a_target_that_changed(before: str | None, after: str | None, changes: list[Any]) -> None:
    text = ROWS[0]["indikator"]
    plans = [
        rkt(table(row(text, before), *ROWS[1:]), year=2023),
        rkt(table(row(text, after), *ROWS[1:])),
    ]
    assert told(*plans) == changes


def test_what_is_printed_often_changes_once() -> None:
    lower = [row(ROWS[0]["indikator"], "70 %"), *ROWS[1:]]
    twice = [
        rkt(table(*rows, unit="Bidang Jalan", title="A"), table(*rows, unit="Seksi Jalan"), year=y)
        for rows, y in ((ROWS, 2023), (lower, 2024))
    ]
    [change] = panel(*twice).changes
    assert (change.row.jenis, change.row.unit_kerja) == ("mundur", "Bidang Jalan")


def test_copies_that_disagree_hide_no_old_value_and_make_no_new_one() -> None:
    other = [row(ROWS[0]["indikator"], "70 %"), *ROWS[1:]]
    before = rkt(table(*ROWS, title="A"), table(*other, title="B"), year=2023)
    after = rkt(table(*other))
    found = panel(before, after)
    assert found.changes == ()  # 70 % was printed in 2023 too; R09 tells of that
    statuses = {r.tahun: r.status for r in found.rows if r.indikator == ROWS[0]["indikator"]}
    assert statuses == {2023: "berbeda", 2024: "tunggal"}


def test_a_medium_term_table_fills_years_without_a_plan_of_their_own() -> None:
    text = ROWS[0]["indikator"]
    medium = [row(text, f"{70 + n} %", tahun=2022 + n, baris=1) for n in range(4)]
    gone = rkt(table(*ROWS[1:]), year=2023)
    found = panel(rkt(table(*medium, title="Jangka menengah"), table(*ROWS[1:], title="Tahunan"),
                      year=2022), gone, rkt(table(*ROWS)))  # fmt: skip
    assert years(found, text) == {
        2022: ("70 %", "tahun-itu"),
        2023: (None, None),  # the year's own plan lacks it
        2024: ("80 %", "tahun-itu"),
        2025: ("73 %", "tahun-lain"),
    }
    kinds = [(c.row.jenis, c.row.tahun) for c in found.changes]
    assert kinds == [("dihapus", 2023), ("baru", 2024), ("mundur", 2025)]


def test_a_table_of_years_alone_drops_nothing() -> None:
    made = [row(ROWS[0]["indikator"], f"{n} %", tahun=2020 + n, baris=1) for n in (1, 2, 3)]
    late = [row(ROWS[1]["indikator"], "5 unit", tahun=2023, baris=2)]
    found = panel(rkt(table(*made, *late), year=2021))
    assert {c.row.jenis for c in found.changes} <= {"mundur"}
    assert len(found.rows) == 4


def test_plans_of_two_kinds_are_not_taken_for_each_other() -> None:
    fewer = ROWS[:2]
    found = panel(rkt(table(*ROWS), year=2023), rkt(table(*fewer), kind="PK"),
                  rkt(table(*ROWS), year=2024), rkt(table(*ROWS), year=2025))  # fmt: skip
    assert found.changes == ()
    assert len([r for r in found.rows if r.tahun == 2024]) == 4


def test_plans_that_share_little_are_said_to_and_not_compared() -> None:
    new = [
        row(f"Jumlah {x} yang ditanam", "5 unit") for x in ("mangrove", "jati", "sengon", "pinus")
    ]
    found = panel(rkt(table(*ROWS), year=2023), rkt(table(*new)))
    assert found.changes == ()
    [(remark_id, remark_en)] = found.remarks
    assert "2023 (4 indikator)" in remark_id
    assert "share 0 only" in remark_en


def test_an_indicator_moves_with_its_work() -> None:
    def made(roads: list[dict[str, Any]], traffic: list[dict[str, Any]], year: int) -> Document:
        return rkt(table(*roads, unit="Bidang Jalan"), table(*traffic, unit="Bidang Lalu Lintas"),
                   year=year)  # fmt: skip

    lights = row("Jumlah lampu isyarat yang berfungsi", "30 unit")
    traffic = [row("Jumlah rambu yang dipasang", "75 unit"), row("Luas marka jalan", "900 m2")]
    found = told(made([*ROWS, lights], traffic, 2023), made(ROWS, [*traffic, lights], 2024))
    assert found == [("pindah", 2024, "Bidang Jalan", "Bidang Lalu Lintas")]


def test_a_unit_without_a_list_next_year_dropped_nothing() -> None:
    other = [row("Jumlah rambu yang dipasang", "75 unit"), row("Luas marka jalan", "900 m2")]
    before = rkt(table(*ROWS, unit="Bidang Jalan"), table(*other, unit="Bidang Lalu Lintas"),
                 year=2023)  # fmt: skip
    assert told(before, rkt(table(*ROWS, unit="Bidang Jalan"))) == []


def test_agencies_stay_apart() -> None:
    plans = [
        plan(table(*ROWS), year=2023, agency="Dinas Perhubungan Kota Satu", key="a"),
        plan(table(*ROWS[:3]), year=2024, agency="Dinas Sosial Kota Dua", key="b"),
    ]
    found = panel(*plans)
    assert found.changes == ()
    assert {r.instansi for r in found.rows} == {
        "Dinas Perhubungan Kota Satu", "Dinas Sosial Kota Dua"
    }  # fmt: skip


def test_ids_do_not_depend_on_the_order_of_documents() -> None:
    one, two = rkt(table(*ROWS), year=2023), rkt(table(*ROWS[:3]))
    first, second = panel(one, two), panel(two, one)
    assert {r.panel_id for r in first.rows} == {r.panel_id for r in second.rows}
    assert [c.row.perubahan_id for c in first.changes] == [
        c.row.perubahan_id for c in second.changes
    ]


def test_one_text_twice_gives_no_id_twice() -> None:
    again = [*ROWS, ROWS[0]]
    found = panel(rkt(table(*again), year=2023), rkt(table(*again)))
    ids = [r.panel_id for r in found.rows]
    assert len(ids) == len(set(ids))


def test_no_documents_make_no_panel() -> None:
    assert panel() == Panel()
    assert not panel(rkt(table())).rows


def test_plans_without_indicators_are_said_to_be_so() -> None:
    found = panel(rkt(table(), year=2023), rkt(table(), year=2024))
    assert (found.rows, found.changes) == ((), ())
    assert "2023, 2024" in found.remarks[0][0]
