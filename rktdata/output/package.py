"""`datapackage.json`: what each file of the dataset holds, generated from the row models.

Follows the Data Package standard (Data Package, Data Resource, Table Dialect and Table
Schema, version 2.0), whose readers also know version 1. Descriptions are English, with
the Indonesian beside them under `descriptions`. No clock: the same dataset has the same
descriptor.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic.fields import FieldInfo

import rktdata
from rktdata.schemas.dataset import DOCUMENT_FOLDER, table_name, value_type
from rktdata.schemas.plain import plain_decimal
from rktdata.schemas.records import SCHEMA_VERSION, DatasetRow

NAME = "rktdata"
TITLE = ("Rencana kinerja dari dokumen PDF", "Performance plans read from PDF documents")
_TYPES: dict[type, str] = {
    int: "integer",
    str: "string",
    float: "number",
    Decimal: "number",
    bool: "boolean",
}
# Constraints of a field's `json_schema_extra`, by their names in a Table Schema.
_CONSTRAINTS = {"enum": "enum", "ge": "minimum", "le": "maximum", "pattern": "pattern"}


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A CSV file as it was written.

    Attributes:
        model: What its rows are.
        rows: How many, the header left out.
        size: Bytes.
        sha256: Of the bytes, hexadecimal.
    """

    model: type[DatasetRow]
    rows: int
    size: int
    sha256: str


def datapackage(files: Iterable[WrittenFile]) -> bytes:
    """The descriptor of a dataset of these files, in their order, as UTF-8 JSON."""
    written = tuple(files)
    names = frozenset(table_name(file.model) for file in written)
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "version": SCHEMA_VERSION,
        "title": TITLE[1],
        "titles": {"id": TITLE[0], "en": TITLE[1]},
        "description": (
            f"Written by rktdata {rktdata.__version__}. {DOCUMENT_FOLDER}/<dokumen_id>.json "
            "holds each document whole, with the page and box of every value."
        ),
        "resources": [_resource(file, names) for file in written],
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def is_descriptor(text: str) -> bool:
    """Whether this is the text of a descriptor that `datapackage` made."""
    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("name") == NAME


def table_schema(
    model: type[DatasetRow], resources: frozenset[str] | None = None
) -> dict[str, Any]:
    """The Table Schema of a row model: fields, keys, constraints.

    Args:
        model: What the rows are.
        resources: Files of the dataset; keys that point into others are left out. None
            keeps all.
    """
    schema: dict[str, Any] = {
        "fields": [_field(name, info) for name, info in model.model_fields.items()],
        "primaryKey": [model.key],
        "missingValues": [""],
    }
    keys = [
        {"fields": [field], "reference": {"resource": resource, "fields": [target]}}
        for field, (resource, target) in model.foreign_keys.items()
        if not resource or resources is None or resource in resources
    ]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _resource(file: WrittenFile, names: frozenset[str]) -> dict[str, Any]:
    indonesian, english = file.model.title
    return {
        "name": table_name(file.model),
        "path": file.model.file_name,
        "title": english,
        "titles": {"id": indonesian, "en": english},
        "type": "table",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": table_schema(file.model, names),
    }


def _field(name: str, info: FieldInfo) -> dict[str, Any]:
    """One field's descriptor; what its row model does not say is left out."""
    extra = info.json_schema_extra
    if not isinstance(extra, dict):
        raise TypeError(f"field {name!r} of a row model was not made with described()")
    field: dict[str, Any] = {
        "name": name,
        "type": _TYPES[value_type(info.annotation)],
        "description": info.description,
        "descriptions": {"id": extra["id"], "en": info.description},
    }
    if extra["contoh"] is not None:
        field["example"] = _example(extra["contoh"])
    constraints = {ours: extra[given] for given, ours in _CONSTRAINTS.items() if given in extra}
    if type(None) not in getattr(info.annotation, "__args__", ()):
        constraints = {"required": True, **constraints}
    if constraints:
        field["constraints"] = constraints
    return field


def _example(value: Any) -> Any:
    """As printed in the CSV, unless JSON has the type itself."""
    return plain_decimal(value) if isinstance(value, Decimal) else value
