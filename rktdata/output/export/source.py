"""What an export is made from: a dataset's tables, with how wide their numbers are.

Formats differ in the numbers they hold (Excel 15 digits, Parquet's int64 19, decimals
38). So every table is looked through once before it is written, and each column is given
a kind in which all its values are exact; a column beyond 38 digits is text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic.fields import FieldInfo

from rktdata.output.read_csv import read_values
from rktdata.schemas.dataset import ALL_BY_NAME, value_type
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.plain import plain
from rktdata.schemas.records import DatasetRow, DokumenRow

Kind: TypeAlias = Literal["integer", "decimal", "float", "boolean", "text"]

# Digits of the widest decimal that Parquet's readers and DuckDB share.
WIDEST = 38
# Digits after the point that a decimal column has at least, so that the datasets of two
# runs have one schema; no printed target had more than six.
SCALE = 9
_INT64 = (-(2**63), 2**63 - 1)
# Rows held in memory at a time.
_BATCH = 5000
_KINDS: dict[type, Kind] = {int: "integer", float: "float", bool: "boolean", str: "text"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one table.

    Attributes:
        name: As in the CSV.
        kind: In which all its values are exact.
        scale: Digits after the point, for a decimal.
        number: Whether the row model calls it a number, though `kind` may be text.
        required: Whether it is never null.
        indonesian, english: What it holds.
        example: As it would stand in the CSV.
    """

    name: str
    kind: Kind
    scale: int
    number: bool
    required: bool
    indonesian: str
    english: str
    example: str


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One CSV file of the dataset.

    Attributes:
        name: "indikator".
        model: What its rows are.
        columns: In file order.
        rows: How many.
        references: Column to (table, column), for the tables that the dataset has.
    """

    name: str
    model: type[DatasetRow]
    dataset: Path
    columns: tuple[Column, ...]
    rows: int
    references: dict[str, tuple[str, str]]

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Its rows, in column order; a column whose kind is text gives text."""
        texts = [at for at, column in enumerate(self.columns) if column.kind == "text"]
        for row in read_values(self.dataset, self.model):
            cells = list(row)
            for at in texts:
                cells[at] = plain(cells[at]) or None
            yield tuple(cells)

    def batches(self) -> Iterator[list[tuple[Any, ...]]]:
        """The same, some thousand rows at a time."""
        rows = self.values()
        while batch := list(islice(rows, _BATCH)):
            yield batch


def read_source(dataset: Path) -> tuple[SourceTable, ...]:
    """The tables of a dataset, a table after those that it points into.

    Raises:
        DatasetError: There is no dataset, or a file of it is damaged.
    """
    if not (dataset / DokumenRow.file_name).is_file():
        raise DatasetError(f"{dataset} holds no {DokumenRow.file_name}; name a dataset")
    there = {n: m for n, m in ALL_BY_NAME.items() if (dataset / m.file_name).is_file()}
    made = [_table(dataset, name, model, frozenset(there)) for name, model in there.items()]
    return tuple(_ordered(made))


def _table(dataset: Path, name: str, model: type[DatasetRow], there: frozenset[str]) -> SourceTable:
    fields = list(model.model_fields.items())
    widths = {at: _Width() for at, (_, i) in enumerate(fields) if _numeric(i)}
    rows = 0
    for row in read_values(dataset, model):
        rows += 1
        for at, width in widths.items():
            if row[at] is not None:
                width.see(row[at])
    columns = tuple(_column(field, info, widths.get(at)) for at, (field, info) in enumerate(fields))
    references = {
        field: (table or name, target)
        for field, (table, target) in model.foreign_keys.items()
        if not table or table in there
    }
    return SourceTable(name, model, dataset, columns, rows, references)


def _ordered(tables: Sequence[SourceTable]) -> Iterator[SourceTable]:
    """Each after those it points into; their number is small."""
    left, done = list(tables), set[str]()
    while left:
        free = next(t for t in left if {r for r, _ in t.references.values()} - {t.name} <= done)
        left.remove(free)
        done.add(free.name)
        yield free


class _Width:
    """How many digits the numbers of a column have before and after the point."""

    def __init__(self) -> None:
        self.whole, self.scale, self.int64 = 0, 0, True

    def see(self, value: int | Decimal) -> None:
        whole, _, fraction = plain(value).lstrip("-").partition(".")
        self.whole = max(self.whole, len(whole))
        self.scale = max(self.scale, len(fraction))
        self.int64 = self.int64 and _INT64[0] <= value <= _INT64[1]


def _numeric(info: FieldInfo) -> bool:
    return value_type(info.annotation) in (int, Decimal)


def _column(name: str, info: FieldInfo, width: _Width | None) -> Column:
    extra = info.json_schema_extra
    if not isinstance(extra, dict):
        raise TypeError(f"field {name!r} of a row model was not made with described()")
    kind, scale = _kind(value_type(info.annotation), width)
    return Column(
        name=name,
        kind=kind,
        scale=scale,
        number=width is not None,
        required=type(None) not in getattr(info.annotation, "__args__", ()),
        indonesian=str(extra["id"]),
        english=info.description or "",
        example=plain(extra["contoh"]),
    )


def _kind(declared: type, width: _Width | None) -> tuple[Kind, int]:
    """The kind of a column and, for a decimal, its scale."""
    if width is None:
        return _KINDS[declared], 0
    if declared is int and width.int64:
        return "integer", 0
    scale = 0 if declared is int else max(width.scale, SCALE)
    if width.whole + scale > WIDEST:
        scale = width.scale
    return ("decimal", scale) if width.whole + scale <= WIDEST else ("text", 0)
