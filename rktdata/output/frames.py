"""Rows of the dataset as pandas data frames, with the types that the rows have.

Whole numbers are pandas' nullable Int64, texts its string type; a Decimal stays a
Decimal, since an amount that became a float is no longer what was printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rktdata.schemas.dataset import ALL_BY_NAME, value_type
from rktdata.schemas.records import DatasetRow
from rktdata.schemas.values import Table

if TYPE_CHECKING:
    import pandas as pd

_DTYPES: dict[type, str] = {
    int: "Int64",
    str: "string",
    float: "Float64",
    bool: "boolean",
    Decimal: "object",
}


def rows_to_frame(name: str, rows: Sequence[DatasetRow]) -> pd.DataFrame:
    """The rows of one file as a data frame, columns as in the CSV even without rows.

    Args:
        name: The file's name without ".csv".
        rows: All of that file's model.
    """
    import pandas as pd

    columns = {}
    for field, info in ALL_BY_NAME[name].model_fields.items():
        values = [getattr(row, field) for row in rows]
        columns[field] = pd.Series(values, dtype=_DTYPES[value_type(info.annotation)])
    return pd.DataFrame(columns)


def table_to_frame(table: Table) -> pd.DataFrame:
    """A table's cells as printed; see `Table.to_frame`."""
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    for at, title in enumerate(table.columns):
        texts = [cell.text or None if (cell := row.cells[at]) else None for row in table.rows]
        name = title or f"kolom {at + 1}"
        columns[f"{name} ({at + 1})" if name in columns else name] = pd.Series(
            texts, dtype="string"
        )
    return pd.DataFrame(columns)
