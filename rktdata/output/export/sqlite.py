"""SQLite, ready for Datasette: keys, indexes, full-text search, views, a dictionary.

SQLite knows no decimals. A target's value is an integer or a float where that is exactly
the printed number, else text; its column is of no type (STRICT's ANY), so SQLite does not
change it. `keterangan` holds what each column means.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from rktdata.output.export.source import Column, SourceTable
from rktdata.output.export.views import views_of
from rktdata.schemas.errors import ExportError
from rktdata.schemas.plain import plain
from rktdata.schemas.records import SCHEMA_VERSION

FILE = "rktdata.sqlite"
DICTIONARY = "keterangan"
# STRICT tables came with this version.
_OLDEST = (3, 37)
_INT64 = (-(2**63), 2**63 - 1)
_TYPES = {"integer": "INTEGER", "decimal": "ANY", "float": "REAL", "boolean": "INTEGER"}
# Datasette knows a search table by `content="..."`, in double quotes.
_SEARCH = """CREATE VIRTUAL TABLE indikator_fts USING fts5(
    indikator, sasaran, content="indikator", tokenize='unicode61 remove_diacritics 2')"""


def write(tables: Sequence[SourceTable], folder: Path) -> tuple[str, ...]:
    """Write the database.

    Raises:
        ExportError: This Python's SQLite is too old, or the dataset's keys do not hold.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        raise ExportError(f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or later is needed")
    with closing(sqlite3.connect(folder / FILE)) as database:
        database.execute("PRAGMA journal_mode = off")
        try:
            with database:
                for table in tables:
                    _write_table(database, table)
                _finish(database, tables)
        except sqlite3.IntegrityError as error:
            raise ExportError(f"the dataset's keys do not hold ({error}); {_AGAIN}") from error
        database.execute("ANALYZE")
        database.commit()
    return ()


_AGAIN = "make it again with rkt extract"


def _write_table(database: sqlite3.Connection, table: SourceTable) -> None:
    database.execute(_create(table))
    places = ", ".join("?" * len(table.columns))
    for batch in table.batches():
        database.executemany(
            f'INSERT INTO "{table.name}" VALUES ({places})',
            ([_exact(value) for value in row] for row in batch),
        )
    for column in table.references:
        name = f"{table.name}_{column}"
        database.execute(f'CREATE INDEX "{name}" ON "{table.name}" ("{column}")')


def _create(table: SourceTable) -> str:
    lines = [_definition(column, table.model.key) for column in table.columns]
    lines += [
        f'FOREIGN KEY ("{column}") REFERENCES "{other}" ("{target}")'
        for column, (other, target) in table.references.items()
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n) STRICT"


def _definition(column: Column, key: str) -> str:
    words = [f'"{column.name}"', _TYPES.get(column.kind, "TEXT")]
    if column.required:
        words.append("NOT NULL")
    if column.name == key:
        words.append("PRIMARY KEY")
    return " ".join(words)


def _exact(value: Any) -> Any:
    """A number as integer or float where SQLite's is the same number, else as text."""
    if not isinstance(value, Decimal | int):
        return value
    value = Decimal(value)
    if value == value.to_integral_value() and _INT64[0] <= value <= _INT64[1]:
        return int(value)
    return float(value) if plain(float(value)) == plain(value) else plain(value)


def _finish(database: sqlite3.Connection, tables: Sequence[SourceTable]) -> None:
    """Dictionary, views and search; then the keys are checked."""
    database.execute(
        f"CREATE TABLE {DICTIONARY} (tabel TEXT NOT NULL, kolom TEXT NOT NULL, id TEXT NOT NULL, "
        "en TEXT NOT NULL, contoh TEXT, PRIMARY KEY (tabel, kolom)) STRICT"
    )
    database.executemany(
        f"INSERT INTO {DICTIONARY} VALUES (?, ?, ?, ?, ?)",
        [(t.name, c.name, c.indonesian, c.english, c.example or None)
         for t in tables for c in t.columns],
    )  # fmt: skip
    for view in views_of(tables):
        database.execute(f"CREATE VIEW {view.name} AS {view.query}")
    if any(table.name == "indikator" for table in tables):
        database.execute(_SEARCH)
        database.execute("INSERT INTO indikator_fts (indikator_fts) VALUES ('rebuild')")
    major, minor, patch = map(int, SCHEMA_VERSION.split("."))
    database.execute(f"PRAGMA user_version = {major * 10000 + minor * 100 + patch}")
    broken = database.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise ExportError(f"{broken[0]}: a key points at no row of {broken[2]}; {_AGAIN}")
