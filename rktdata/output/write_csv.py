r"""Rows as CSV: UTF-8, a comma, RFC 4180 with its CRLF line ends, an empty field for null.

Numbers are written plainly, with a decimal point, no exponent and no zeros that say
nothing, so that equal values are equal bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from rktdata.schemas.plain import plain
from rktdata.schemas.records import DatasetRow

# Rows that are written together.
TOGETHER = 256


def csv_header(model: type[DatasetRow]) -> bytes:
    """The header line of a model's file, in field order."""
    return _encoded([list(model.model_fields)])


def csv_lines(rows: Iterable[DatasetRow]) -> bytes:
    """The rows' lines, without a header; columns are the model's fields, in order."""
    return _encoded([plain(value) for _, value in row] for row in rows)


class CsvLines:
    """Lines of one model's file, to which rows are added as they are read."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: list[DatasetRow] = []
        self._lines: list[bytes] = []

    def add(self, row: DatasetRow) -> None:
        """Write one more."""
        self.count += 1
        self._waiting.append(row)
        if len(self._waiting) == TOGETHER:
            self._write()

    def done(self) -> bytes:
        """All lines."""
        self._write()
        return b"".join(self._lines)

    def _write(self) -> None:
        self._lines.append(csv_lines(self._waiting))
        self._waiting = []


def _encoded(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")
