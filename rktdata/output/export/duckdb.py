"""DuckDB: the tables with primary keys and comments, and the views that SQLite has.

Foreign keys are left out: DuckDB would refuse a budget line that comes in one batch with
its parent. They are checked where the SQLite export is made and by the descriptor.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rktdata.output.export.arrow import arrow_batches, arrow_schema
from rktdata.output.export.source import WIDEST, Column, SourceTable
from rktdata.output.export.views import views_of
from rktdata.schemas.errors import ExportError

if TYPE_CHECKING:
    import duckdb

FILE = "rktdata.duckdb"
_TYPES = {"integer": "BIGINT", "float": "DOUBLE", "boolean": "BOOLEAN", "text": "VARCHAR"}


def write(tables: Sequence[SourceTable], folder: Path) -> tuple[str, ...]:
    """Write the database.

    Raises:
        ExportError: A key of the dataset is there twice.
    """
    import duckdb

    with duckdb.connect(str(folder / FILE)) as database:
        for table in tables:
            try:
                _write_table(database, table)
            except duckdb.ConstraintException as error:
                raise ExportError(f"{table.name}: the dataset's keys do not hold") from error
        for view in views_of(tables):
            database.execute(f"CREATE VIEW {view.name} AS {view.query}")
            database.execute(f"COMMENT ON VIEW {view.name} IS {_quoted(view.description)}")
    return ()


def _write_table(database: duckdb.DuckDBPyConnection, table: SourceTable) -> None:
    definitions = ", ".join(_definition(column, table.model.key) for column in table.columns)
    database.execute(f'CREATE TABLE "{table.name}" ({definitions})')
    for batch in arrow_batches(table, arrow_schema(table)):
        database.register("kelompok_baris", batch)
        database.execute(f'INSERT INTO "{table.name}" SELECT * FROM kelompok_baris')
        database.unregister("kelompok_baris")
    database.execute(f'COMMENT ON TABLE "{table.name}" IS {_quoted(" / ".join(table.model.title))}')
    for column in table.columns:
        text = _quoted(f"{column.indonesian} / {column.english}")
        database.execute(f'COMMENT ON COLUMN "{table.name}"."{column.name}" IS {text}')


def _definition(column: Column, key: str) -> str:
    kind = _TYPES.get(column.kind) or f"DECIMAL({WIDEST}, {column.scale})"
    words = [f'"{column.name}"', kind]
    if column.name == key:
        words.append("PRIMARY KEY")
    elif column.required:
        words.append("NOT NULL")
    return " ".join(words)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
