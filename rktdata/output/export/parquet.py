"""Parquet: one file a table, decimals exact, descriptions in the metadata."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rktdata.output.export.arrow import arrow_batches, arrow_schema
from rktdata.output.export.source import SourceTable


def write(tables: Sequence[SourceTable], folder: Path) -> tuple[str, ...]:
    """Write `<table>.parquet` for each table; no remarks."""
    import pyarrow.parquet as pq

    for table in tables:
        schema = arrow_schema(table)
        with pq.ParquetWriter(
            folder / f"{table.name}.parquet", schema, compression="zstd"
        ) as writer:
            for batch in arrow_batches(table, schema):
                writer.write_batch(batch)
    return ()
