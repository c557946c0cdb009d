from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rktdata.extract.walls import (
    TOUCH_PT,
    find_walls,
    meetings,
    merge_rules,
    merge_strokes,
    snap,
)
from tests.factories import rules

# (strokes as (start, end, position), the walls they make)
STROKES = [
    ([(0, 50, 10), (50, 100, 10)], [(0, 100, 10)]),
    ([(0, 50, 10), (52, 100, 10)], [(0, 100, 10)]),  # a gap of two points
    ([(0, 50, 10), (60, 100, 10)], [(0, 50, 10), (60, 100, 10)]),
    ([(0, 100, 10), (0, 100, 10.4)], [(0, 100, 10.2)]),  # a border drawn twice
    ([(0, 100, 10), (0, 100, 20)], [(0, 100, 10), (0, 100, 20)]),
    ([(0, 2, 10)], []),  # a letter's stroke
]


@pytest.mark.parametrize(("strokes", "walls"), STROKES)
def test_strokes_are_joined_to_walls(
    strokes: list[tuple[float, float, float]], walls: list[tuple[float, float, float]]
) -> None:
    found = merge_strokes(rules(across=strokes).horizontal)
    assert np.allclose(found, np.array(walls, dtype=float).reshape(-1, 3))


def test_tables_that_do_not_touch_are_apart() -> None:
    box = [(0.0, 100.0, 0.0), (0.0, 100.0, 50.0)]
    below = [(start, end, at + 90) for start, end, at in box]
    sides = [(0.0, 50.0, 0.0), (0.0, 50.0, 100.0), (90.0, 140.0, 0.0), (90.0, 140.0, 100.0)]
    assert len(find_walls(merge_rules(rules([*box, *below], sides)))) == 2


def test_an_underline_is_no_table() -> None:
    assert find_walls(merge_rules(rules(across=[(0.0, 100.0, 10.0)]))) == []


SNAPPED = [
    ([], ()),
    ([10.0, 10.6, 50.0], (10.3, 50.0)),
    ([10.0, 30.0], (10.0, 30.0)),
]


@pytest.mark.parametrize(("positions", "borders"), SNAPPED)
def test_near_positions_are_one_border(positions: list[float], borders: tuple[float, ...]) -> None:
    assert snap(np.array(positions)) == pytest.approx(borders)


BORDERS = st.floats(0, 60, width=16)
LINES = st.lists(st.tuples(BORDERS, BORDERS, BORDERS), max_size=12)


@given(LINES, LINES)
def test_walls_meet_as_comparing_every_pair_says(
    across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]
) -> None:
    h = np.array([(min(a, b), max(a, b), c) for a, b, c in across]).reshape(-1, 3)
    v = np.array([(min(a, b), max(a, b), c) for a, b, c in down]).reshape(-1, 3)
    expected = {
        (i, j)
        for i, (x0, x1, y) in enumerate(h.tolist())
        for j, (top, bottom, x) in enumerate(v.tolist())
        if x0 - TOUCH_PT <= x <= x1 + TOUCH_PT and top - TOUCH_PT <= y <= bottom + TOUCH_PT
    }
    found = meetings(h, v)
    assert set(zip(*(column.tolist() for column in found), strict=True)) == expected
