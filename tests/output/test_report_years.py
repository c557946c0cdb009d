from __future__ import annotations

import re
from pathlib import Path

from rktdata.output.report.years import find_series, find_shared, view_years
from rktdata.panel import make_panel
from rktdata.reconcile import reconcile
from rktdata.reconcile.keys import fold
from rktdata.review import review
from rktdata.schemas.document import Document
from rktdata.schemas.panel import Panel
from tests.plans import plan, row, table
from tests.reviewed import HOSTILE, write

ROADS, BRIDGES, NEW = "Persentase jalan mantap", "Jumlah jembatan dibangun", "Panjang trotoar baru"


def plans(name: str = ROADS) -> list[Document]:
    """Roads asks for less, bridges are gone, pavements are new; a third stays."""
    stays = row("Indeks kepuasan pengguna jalan", "78")
    years = {
        2023: [row(name, "80 %"), row(BRIDGES, "4 unit"), stays],
        2024: [row(name, "75 %"), row(NEW, "900 m"), stays],
    }
    return [
        plan(table(*rows, unit="Bidang Jalan"), year=year, key=f"{year}" * 4)
        for year, rows in years.items()
    ]


def panel(*documents: Document) -> Panel:
    return make_panel(documents, reconcile(documents))


def test_a_line_has_a_cell_for_each_year() -> None:
    view = view_years(panel(*plans()))
    assert view is not None
    assert view.years == (2023, 2024)
    cells = {
        line.indicator: [cell and (cell.text, *cell.changes) for cell in line.cells]
        for line in view.lines
    }
    assert cells[ROADS] == [("80 %",), ("75 %", "mundur")]
    assert cells[BRIDGES] == [("4 unit",), ("", "dihapus")]
    assert cells[NEW] == [None, ("900 m", "baru")]
    assert [unit for unit, _ in view.units] == ["Bidang Jalan"]


def test_one_plan_has_nothing_to_show() -> None:
    view = view_years(panel(plans()[0]))
    assert view is not None
    assert not view.over_years
    assert view_years(panel()) is None


def test_agencies_that_have_one_indicator_stand_together() -> None:
    def of(agency: str, text: str, target: str) -> Document:
        rows = [row(text, target), row(f"Jumlah hal {agency.split()[1]}", "1 unit")]
        return plan(table(*rows), agency=agency, key=fold(agency).replace(" ", ""))

    views = [
        view_years(panel(document))
        for document in (
            of("Dinas Sosial Kota Satu", "Nilai SAKIP Dinas Sosial Kota Satu", "B"),
            of("Dinas Kesehatan Kota Satu", "nilai SAKIP", "BB"),
            of("Badan Arsip Kota Satu", "Nilai SAKIP Badan Arsip", "A"),
        )
    ]
    [shared] = find_shared([view for view in views if view])
    assert shared.years == (2024,)
    told = {agency: [cell and cell.text for cell in cells] for agency, _, cells in shared.lines}
    assert told == {
        "Dinas Sosial Kota Satu": ["B"],
        "Dinas Kesehatan Kota Satu": ["BB"],
        "Badan Arsip Kota Satu": ["A"],
    }


def test_curves_are_of_one_unit_of_measure() -> None:
    other = [row(ROADS, "75 ruas"), row(BRIDGES, "4 unit"), row("Jumlah rambu", "5 unit")]
    later = plan(table(*other, unit="Bidang Jalan"), year=2024, key="b" * 16)
    assert [s.indicator for s in find_series(panel(plans()[0], later))] == [BRIDGES]
    points = {s.indicator: s.points for s in find_series(panel(*plans()))}[ROADS]
    assert [(year, int(value), differs) for year, value, differs in points] == [
        (2023, 80, False), (2024, 75, False)
    ]  # fmt: skip


def test_the_report_shows_changes_and_panel_as_text(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", *plans(ROADS + " " + HOSTILE))
    assert not review(folder).failures
    html = (folder / "laporan.html").read_text("utf-8")
    assert "<img src=x" not in html
    section = html[html.index('id="tahun"') :]
    kinds = re.findall(r'<td><span class="kind (\w+)">', section)
    assert sorted(kinds) == ["baru", "dihapus", "mundur"]
    assert "asks for less: 80 % (2023), 75 % (2024)" in section
    assert section.count('class="l-id"') == section.count('class="l-en"')
    assert '<tr class="same">' in section
