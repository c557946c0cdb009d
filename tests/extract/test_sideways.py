"""Text that runs up the page: stood up, and no letter lost."""

from __future__ import annotations

from tests.reading import read_tables
from tests.typeset import Sheet


def test_no_letter_of_a_sideways_line_is_taken_for_an_overprint() -> None:
    # Along a sideways line all letters have one x and one baseline.
    sheet = Sheet(sideways=True)
    sheet.text("Meningkatnya mutu pelayanan kesehatan")
    reading = read_tables(sheet.finish())
    assert reading.pages[0].set_aside == {}
    assert [block.text for block in reading.blocks] == ["Meningkatnya mutu pelayanan kesehatan"]
