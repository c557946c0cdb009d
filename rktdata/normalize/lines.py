"""Labelled cells as JSON lines: read each one, give its reading as plain JSON values.

Source: VALUES.md, "Fields".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from rktdata.normalize.targets import read_value
from rktdata.normalize.units import Vocabulary
from rktdata.schemas.value import Value


def read_lines(
    lines: Iterable[str], vocabulary: Vocabulary | None = None
) -> Iterator[dict[str, Any]]:
    """Read JSON lines {"teks", "kolom", "konteks"}; blank lines are passed over.

    A line that is no JSON object gives {"galat": why, "baris": n}, and the rest goes on.

    >>> [line] = read_lines(['{"teks": "77,5%", "kolom": "target"}'])
    >>> line["nilai"], line["satuan"], line["operator"]
    (77.5, 'persen', '=')
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield {"galat": f"bukan JSON: {error}", "baris": number}
            continue
        if not isinstance(entry, dict):
            yield {"galat": "bukan objek JSON", "baris": number}
            continue
        text, column, around = (_text(entry.get(key)) for key in ("teks", "kolom", "konteks"))
        yield value_json(read_value(text, column or "target", around or None, vocabulary))


def _text(entry: object) -> str:
    return "" if entry is None else str(entry)


def value_json(value: Value) -> dict[str, Any]:
    """A value as JSON types: numbers exact, whole ones as integers.

    >>> value_json(read_value("Rp 1,5 M", "rupiah"))["nilai"]
    1500000000
    """
    return {
        "teks": value.text,
        "nilai": json_number(value.nilai),
        "bawah": json_number(value.bawah),
        "atas": json_number(value.atas),
        "operator": value.operator,
        "satuan": value.satuan,
        "jenis": value.jenis,
        "predikat": value.predikat,
        "nilai_banyak": [_part_json(part) for part in value.banyak] or None,
        "tanda": list(value.tanda),
        "keyakinan": round(value.keyakinan, 3),
    }


def _part_json(part: Value) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "nilai": json_number(part.nilai),
        "satuan": part.satuan,
        "teks": part.text,
    }
    if part.bawah is not None:
        entry |= {"bawah": json_number(part.bawah), "atas": json_number(part.atas)}
    return entry


def json_number(number: Decimal | None) -> int | float | None:
    """An int where whole; else the float whose shortest form is the number itself.

    JSON has one kind of number; a float writes up to 15 significant figures back as they
    were read, and no printed fraction comes near that.

    >>> json_number(Decimal("565040517.24")), json_number(Decimal("100.00"))
    (565040517.24, 100)
    """
    if number is None:
        return None
    if number == number.to_integral_value():
        return int(number)
    return float(number)
