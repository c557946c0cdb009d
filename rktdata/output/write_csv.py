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


def csv_header(model: type[DatasetRow]) -> bytes:
    """The header line of a model's file, in field order."""
    return _encoded([list(model.model_fields)])


def csv_lines(rows: Iterable[DatasetRow]) -> bytes:
    """The rows' lines, without a header; columns are the model's fields, in order."""
    return _encoded([plain(value) for _, value in row] for row in rows)


def _encoded(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")
