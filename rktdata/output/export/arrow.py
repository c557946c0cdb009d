"""Tables as Arrow batches with their schema: what Parquet and DuckDB are made from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rktdata.output.export.source import WIDEST, Column, SourceTable
from rktdata.output.package import table_schema
from rktdata.schemas.records import SCHEMA_VERSION

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_schema(table: SourceTable) -> pa.Schema:
    """Types, and in the metadata the descriptions and the Table Schema.

    A field's metadata has `description` (English), `description:id` (Indonesian) and
    `example`; the schema's has `title`, `title:id`, `table_schema` and `versi_skema`.
    """
    import pyarrow as pa

    indonesian, english = table.model.title
    metadata = {
        "title": english,
        "title:id": indonesian,
        "versi_skema": SCHEMA_VERSION,
        "table_schema": json.dumps(table_schema(table.model), ensure_ascii=False),
    }
    return pa.schema([_field(column) for column in table.columns], metadata=metadata)


def arrow_batches(table: SourceTable, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows, some thousand at a time."""
    import pyarrow as pa

    for batch in table.batches():
        arrays = [
            pa.array([_arrow(value, column) for value in values], type=schema.field(at).type)
            for at, (column, values) in enumerate(
                zip(table.columns, zip(*batch, strict=True), strict=True)
            )
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _field(column: Column) -> pa.Field:
    import pyarrow as pa

    types = {
        "integer": pa.int64,
        "float": pa.float64,
        "boolean": pa.bool_,
        "text": pa.string,
        "decimal": lambda: pa.decimal128(WIDEST, column.scale),
    }
    metadata = {"description": column.english, "description:id": column.indonesian}
    if column.example:
        metadata["example"] = column.example
    return pa.field(
        column.name, types[column.kind](), nullable=not column.required, metadata=metadata
    )


def _arrow(value: Any, column: Column) -> Any:
    return Decimal(value) if column.kind == "decimal" and value is not None else value
