"""What the report shows of the years: what changed, the panel, and a curve for each number.

All of it is made from the panel; nothing is compared here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from rktdata.schemas.panel import Change, Panel
from rktdata.schemas.records import PanelRow


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator's numeric targets over the years, those of one unit of measure.

    Attributes:
        agency, indicator, unit: As last printed.
        points: Year, value, and whether the year's printed copies differ; ascending.
    """

    agency: str
    indicator: str
    unit: str | None
    points: tuple[tuple[int, Decimal, bool], ...]

    @property
    def constant(self) -> bool:
        """Whether one value stands in all years."""
        return len({value for _, value, _ in self.points}) == 1


@dataclass(frozen=True, slots=True)
class YearCell:
    """An indicator in a year: its target ("" where it is gone) and what changed."""

    text: str
    changes: tuple[str, ...]
    own: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class YearLine:
    """An indicator's row of the panel; `cells` has one for each year, None without."""

    common_id: str
    indicator: str
    unit: str | None
    cells: tuple[YearCell | None, ...]

    @property
    def changed(self) -> bool:
        """Whether anything changed in it."""
        return any(cell is not None and cell.changes for cell in self.cells)


@dataclass(frozen=True, slots=True)
class YearsView:
    """The panel of one agency as the report shows it; `left` counts lines not shown."""

    agency: str
    years: tuple[int, ...]
    lines: tuple[YearLine, ...]
    changes: tuple[Change, ...]
    remarks: tuple[tuple[str, str], ...]
    left: int = 0

    @property
    def over_years(self) -> bool:
        """Whether any indicator has more than one year, or something is said of years."""
        several = any(sum(cell is not None for cell in x.cells) > 1 for x in self.lines)
        return bool(several or self.changes or self.remarks)

    @property
    def units(self) -> list[tuple[str | None, list[YearLine]]]:
        """The lines by unit, in their order."""
        return [(unit, list(lines)) for unit, lines in groupby(self.lines, lambda x: x.unit)]


@dataclass(frozen=True, slots=True)
class SharedView:
    """An indicator that several agencies have; `lines` by agency and unit, with its years."""

    indicator: str
    years: tuple[int, ...]
    lines: tuple[tuple[str, str | None, tuple[YearCell | None, ...]], ...]


def find_shared(views: Sequence[YearsView]) -> list[SharedView]:
    """Indicators that stand in the plans of several agencies, most agencies first."""
    found: dict[str, list[tuple[YearsView, YearLine]]] = {}
    for view in views:
        for line in view.lines:
            found.setdefault(line.common_id, []).append((view, line))
    shared = []
    for lines in found.values():
        agencies = {view.agency for view, _ in lines}
        if len(agencies) > 1:
            told: dict[tuple[str, str | None], dict[int, list[YearCell]]] = {}
            for view, line in lines:
                cells = told.setdefault((view.agency, line.unit), {})
                for year, cell in zip(view.years, line.cells, strict=True):
                    if cell is not None:
                        cells.setdefault(year, []).append(cell)
            years = tuple(sorted({year for cells in told.values() for year in cells}))
            rows = tuple(
                (agency, unit, tuple(_joined(cells.get(year, ())) for year in years))
                for (agency, unit), cells in told.items()
            )
            shared.append((len(agencies), SharedView(lines[0][1].indicator, years, rows)))
    return [view for _, view in sorted(shared, key=lambda pair: -pair[0])]


def _joined(cells: Sequence[YearCell]) -> YearCell | None:
    """What a unit says of an indicator in a year, if it says it of several activities."""
    if not cells:
        return None
    texts = dict.fromkeys(cell.text for cell in cells)
    return YearCell(" · ".join(texts), (), any(cell.own for cell in cells), False)


def view_years(panel: Panel) -> YearsView | None:
    """The panel as shown; None where there is nothing in it."""
    rows = _by_series(panel)
    if not rows and not panel.remarks:
        return None
    years = tuple(sorted({row.tahun for row in panel.rows}))
    lines = tuple(_line(found, years) for found in rows.values())
    return YearsView(panel.agency or "", years, lines, panel.changes, panel.remarks)


def find_series(panel: Panel) -> Iterator[Series]:
    """Indicators with numeric targets in several years, in the panel's order."""
    for rows in _by_series(panel).values():
        last = rows[-1]
        unit = next((r.target_satuan for r in reversed(rows) if r.target_nilai is not None), None)
        points = tuple(
            (row.tahun, row.target_nilai, row.status == "berbeda")
            for row in rows
            if row.target_nilai is not None and row.target_satuan in (unit, None)
        )
        if len(points) > 1:
            yield Series(last.instansi or "", last.indikator, unit, points)


def _by_series(panel: Panel) -> Mapping[str, Sequence[PanelRow]]:
    return {key: list(rows) for key, rows in groupby(panel.rows, key=lambda row: row.deret_id)}


def _line(rows: Sequence[PanelRow], years: Sequence[int]) -> YearLine:
    cells = {
        row.tahun: YearCell(
            "" if row.indikator_id is None else row.target_teks or "(kosong)",
            tuple((row.perubahan or "").split()),
            row.sumber != "tahun-lain",
            row.status == "berbeda",
        )
        for row in rows
    }
    last = rows[-1]
    own = next((row for row in reversed(rows) if row.sumber == "tahun-itu"), last)
    return YearLine(
        last.padanan_id, last.indikator, own.unit_kerja, tuple(cells.get(year) for year in years)
    )
