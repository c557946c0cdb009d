"""The values that a line of koreksi.csv gives: from text to a field's type.

Numbers are written as in the CSV files, with a decimal point; a comma marks decimals as
well, since a spreadsheet may have put it there. "1.234" may be either, and is refused.
Amounts in rupiah are whole, so that points in them can only group.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from rktdata.schemas.corrections import FIELDS
from rktdata.schemas.dataset import BY_NAME, value_type
from rktdata.schemas.plain import plain

_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_MONEY = re.compile(r"(?:rp\.?)?(-?\d+|-?\d{1,3}(?:\.\d{3})+)(?:,(?:00|-))?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


class FieldValueError(ValueError):
    """A field cannot hold a value; said in English, and by `message_id` in Indonesian."""

    def __init__(self, english: str, indonesian: str) -> None:
        super().__init__(english)
        self.message_id = indonesian


def parse_field(kind: str, name: str, text: str) -> Any:
    """A field's value from the text that a person gave.

    Args:
        kind: "indikator" or "anggaran".
        name: One of `FIELDS[kind]`.
        text: "" is null.

    Raises:
        FieldValueError: The field cannot hold that; the message says what it can.

    >>> parse_field("indikator", "target_nilai", "77,5")
    Decimal('77.5')
    >>> parse_field("anggaran", "jumlah", "Rp 1.500")
    1500
    """
    if name not in FIELDS[kind]:
        fields = ", ".join(FIELDS[kind])
        raise FieldValueError(
            f"{name!r} cannot be corrected; a field is one of {fields}",
            f"kolom {name!r} tidak dapat dikoreksi; yang dapat: {fields}",
        )
    info = BY_NAME[kind].model_fields[name]
    text = text.strip()
    if not text:
        if info.is_required():
            raise FieldValueError(
                f"{name} cannot be empty; give a value",
                f"{name} tidak boleh kosong; isi nilainya",
            )
        return None
    allowed = (
        info.json_schema_extra.get("enum") if isinstance(info.json_schema_extra, dict) else None
    )
    if isinstance(allowed, list) and text not in allowed:
        values = ", ".join(map(str, allowed))
        raise FieldValueError(
            f"{name} is one of {values}, not {text!r}",
            f"{name} adalah salah satu dari {values}, bukan {text!r}",
        )
    type_ = value_type(info.annotation)
    if type_ is Decimal:
        return _decimal(name, text)
    if type_ is int:
        return _year(text) if name == "tahun" else _rupiah(name, text)
    return " ".join(text.split())


def same_value(kind: str, name: str, text: str, value: Any) -> bool:
    """Whether a field still holds what a line says was read there; spaces do not count."""
    if _squeezed(text) == _squeezed(plain(value)):
        return True
    try:
        return (
            not isinstance(value, str)
            and text != ""
            and bool(parse_field(kind, name, text) == value)
        )
    except ValueError:
        return False


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _decimal(name: str, text: str) -> Decimal:
    bare = text.replace(" ", "")
    if _GROUPED.fullmatch(bare):
        whole, comma = bare.replace(".", ""), bare.replace(".", ",", 1)
        ways = (whole, comma) if bare.count(".") == 1 else (whole,)
        raise FieldValueError(
            f"{name}: {text!r} can be read in two ways; write {' or '.join(ways)}",
            f"{name}: {text!r} bermakna ganda; tulis {' atau '.join(ways)}",
        )
    if not _NUMBER.fullmatch(bare):
        raise FieldValueError(
            f"{name}: {text!r} is no number; write it as 1234.5, its unit elsewhere",
            f"{name}: {text!r} bukan angka; tulis seperti 1234,5 tanpa satuan",
        )
    return Decimal(bare.replace(",", "."))


def _rupiah(name: str, text: str) -> int:
    match = _MONEY.fullmatch("".join(text.split()))
    if match is None:
        raise FieldValueError(
            f"{name}: {text!r} is no amount in whole rupiah; write it as 1500000",
            f"{name}: {text!r} bukan jumlah rupiah bulat; tulis seperti 1500000",
        )
    return int(match.group(1).replace(".", ""))


def _year(text: str) -> int:
    if not _YEAR.fullmatch(text):
        raise FieldValueError(
            f"tahun: {text!r} is no year; write it as 2024",
            f"tahun: {text!r} bukan tahun; tulis seperti 2024",
        )
    return int(text)
