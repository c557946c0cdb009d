r"""Rows as CSV: UTF-8, a comma, RFC 4180 with its CRLF line ends, an empty field for null.

Numbers are written plainly, with a decimal point, no exponent and no zeros that say
nothing, so that equal values are equal bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rktdata.schemas.records import DatasetRow


def csv_header(model: type[DatasetRow]) -> bytes:
    """The header line of a model's file, in field order."""
    return _encoded([list(model.model_fields)])


def csv_lines(rows: Iterable[DatasetRow]) -> bytes:
    """The rows' lines, without a header; columns are the model's fields, in order."""
    return _encoded([plain(value) for _, value in row] for row in rows)


def plain(value: Any) -> str:
    """One field as text; None and "" are both null.

    >>> plain(Decimal("77.50")), plain(Decimal("1E+3")), plain(1.0), plain(None)
    ('77.5', '1000', '1', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return plain_decimal(value)
    return str(value)


def plain_decimal(number: Decimal) -> str:
    """A finite number without exponent and without zeros at the end of its fraction.

    >>> plain_decimal(Decimal("-0.00")), plain_decimal(Decimal("0.0050"))
    ('0', '0.005')
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _encoded(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")
