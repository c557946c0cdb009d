"""Random tables, typeset, read back and compared with what was set.

The number of examples is fixed and so are the examples (derandomized), that the suite
says the same everywhere; RKT_EXAMPLES=1000 hunts for more.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extract.plans import plans
from tests.reading import (
    cells_without_their_places,
    letters_after,
    letters_before,
    read_tables,
    texts_of,
)
from tests.typeset import Plan, leaf_headers, typeset, whole_rows

EXAMPLES = int(os.environ.get("RKT_EXAMPLES", "0"))
bounded = settings(
    max_examples=EXAMPLES or 120,
    derandomize=not EXAMPLES,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def height_for(plan: Plan, share: float) -> float:
    """A page's height on which the header and some rows have room, more with `share`."""
    return 112.0 + plan.look.size_pt * (40.0 + 40.0 * share)


@bounded
@given(plans())
def test_a_table_on_one_page_is_read_as_it_was_set(plan: Plan) -> None:
    reading = read_tables(typeset(plan, height=5000.0))
    [table] = reading.tables
    assert list(table.columns) == leaf_headers(plan)
    assert texts_of(table) == whole_rows(plan)


@bounded
@given(plans(most_groups=8, broken=True), st.floats(0.0, 1.0))
def test_a_table_over_several_pages_is_read_as_it_was_set(plan: Plan, share: float) -> None:
    reading = read_tables(typeset(plan, height=height_for(plan, share)))
    [table] = reading.tables
    assert list(table.columns) == leaf_headers(plan)
    assert texts_of(table) == whole_rows(plan)


@bounded
@given(plans(most_groups=8), st.floats(0.0, 1.0))
def test_nothing_is_lost_and_nothing_invented(plan: Plan, share: float) -> None:
    # Also for tables whose reading is known to go wrong in other ways.
    reading = read_tables(typeset(plan, height_for(plan, share), title="Tabel 1. Rencana Kinerja"))
    assert letters_after(reading) == letters_before(reading)
    assert cells_without_their_places(reading) == []
    assert all(ledger.seimbang and not ledger.sisa for ledger in reading.ledgers)


@settings(bounded, max_examples=20)
@given(plans(broken=True))
def test_the_same_bytes_are_read_the_same(plan: Plan) -> None:
    pdf = typeset(plan, height_for(plan, 0.0))
    assert pdf == typeset(plan, height_for(plan, 0.0))
    first, second = read_tables(pdf), read_tables(pdf)
    assert (first.tables, first.blocks, first.ledgers) == (
        second.tables,
        second.blocks,
        second.ledgers,
    )
