"""CSV for spreadsheets: what they would take for a formula is made text.

The dataset's own CSV files hold every cell as it was printed. Here a text that begins
like a formula ("=", "+", "-", "@", a tab, a carriage return; blanks before it do not
count) gets an apostrophe in front, as one would type it; numbers are numbers. A byte
order mark tells Excel that it is UTF-8.

Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rktdata.output.export.source import SourceTable
from rktdata.schemas.plain import plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write(tables: Sequence[SourceTable], folder: Path) -> tuple[str, ...]:
    """Write `rktdata-<table>.csv` for each table; no remarks."""
    for table in tables:
        path = folder / f"rktdata-{table.name}.csv"  # not the name of the dataset's own file
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow([column.name for column in table.columns])
            writer.writerows(map(defused, row) for row in table.values())
    return ()


def defused(value: Any) -> str:
    """A field as text that no spreadsheet takes for a formula; a number stays one.

    >>> defused("=1+1"), defused(" @sum"), defused(-5), defused("A-1"), defused("'t")
    ("'=1+1", "' @sum", '-5', 'A-1', "''t")
    """
    text = plain(value)
    # One that is printed at the beginning is doubled, so that what is taken off is ours.
    if isinstance(value, str) and (
        text.lstrip(" \n\u00a0").startswith(_FORMULA) or text.startswith("'")
    ):
        return f"'{text}"
    return text
