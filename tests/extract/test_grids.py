"""Walls to cells: every way of drawing a border, on a page set for the test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rktdata.schemas.values import Grid
from tests.reading import read_tables
from tests.typeset import BORDERS, LEFT, UP, Look, Plan, typeset

PLAN = Plan(
    header=(("No", "Indikator Kinerja", "Target", LEFT), (UP, UP, "2020", "2021")),
    rows=(("1", "Angka melek huruf", "98 %", "99 %"), ("2", "Rata-rata lama sekolah", "8", "8,1")),
    widths=(40.0, 200.0, 60.0, 60.0),
)


def grid_of(plan: Plan) -> Grid:
    [layout] = read_tables(typeset(plan)).layouts
    [grid] = layout.grids
    return grid


def spans(grid: Grid) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.col, c.rowspan, c.colspan) for c in grid.cells]


@pytest.mark.parametrize("border", BORDERS)
def test_spans_fall_out_of_the_walls(border: str) -> None:
    grid = grid_of(replace(PLAN, look=Look(border=border)))
    assert spans(grid) == [
        *[(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2)],
        *[(1, 2, 1, 1), (1, 3, 1, 1)],
        *[(2, n, 1, 1) for n in range(4)],
        *[(3, n, 1, 1) for n in range(4)],
    ]


def test_cells_tile_the_grid() -> None:
    grid = grid_of(PLAN)
    area = sum((c.box[2] - c.box[0]) * (c.box[3] - c.box[1]) for c in grid.cells)
    x0, top, x1, bottom = grid.box
    assert area == pytest.approx((x1 - x0) * (bottom - top))


def test_missing_outer_walls_are_noted() -> None:
    assert grid_of(replace(PLAN, look=Look(border="open"))).marks == ("tepi-terbuka",)
    assert grid_of(PLAN).marks == ()


def test_an_empty_column_is_kept() -> None:
    rows = tuple((*row[:3], "") for row in PLAN.rows)
    grid = grid_of(replace(PLAN, rows=rows))
    assert [c.empty for c in grid.cells if c.row > 1 and c.col == 3] == [True, True]
