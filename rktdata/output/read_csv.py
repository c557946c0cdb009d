"""The dataset's CSV files read back, row by row, as the types of their row models.

A file whose columns are not the model's, or that holds a value which is none of its
column's type, was changed after it was written: that is told, with the line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rktdata.schemas.dataset import value_type
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.records import DatasetRow

# Longer than any cell: a page's whole text stands in far less.
_LONGEST_FIELD = 2**31 - 1


def read_values(dataset: Path, model: type[DatasetRow]) -> Iterator[tuple[Any, ...]]:
    """The rows of one file in their order, each a tuple in column order; null is None.

    Raises:
        DatasetError: There is no such file, or it does not hold the model's columns.
    """
    path = dataset / model.file_name
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _checked(csv.reader(file, strict=True), model, path)
    except FileNotFoundError as error:
        raise DatasetError(f"{dataset} holds no {model.file_name}; name a dataset") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be opened: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path} is no UTF-8; read the PDFs again with rkt extract") from error


def _checked(
    lines: Iterator[list[str]], model: type[DatasetRow], path: Path
) -> Iterator[tuple[Any, ...]]:
    columns = list(model.model_fields)
    readers = [_READERS[value_type(info.annotation)] for info in model.model_fields.values()]
    number = 0
    try:
        for number, cells in enumerate(lines):
            if number == 0:
                if cells != columns:
                    raise ValueError("other columns than this version writes")
                continue
            if len(cells) != len(columns):
                raise ValueError(f"{len(cells)} fields instead of {len(columns)}")
            pairs = zip(readers, cells, strict=True)
            yield tuple(read(text) if text else None for read, text in pairs)
    except (ValueError, ArithmeticError, csv.Error) as error:
        raise DatasetError(
            f"{path}, row {number}: {error or 'no number'}; read the PDFs again with rkt extract"
        ) from error


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"{text} is no number")
    return number


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text]


_READERS: Mapping[type, Callable[[str], Any]] = MappingProxyType(
    {int: int, str: str, float: float, Decimal: _finite, bool: _flag}
)
