"""A field of a row as plain text, as it stands in a CSV file and in a correction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def plain(value: Any) -> str:
    """One field as text; None and "" are both null.

    >>> plain(Decimal("77.50")), plain(Decimal("1E+3")), plain(1.0), plain(None)
    ('77.5', '1000', '1', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
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
