"""What a dataset holds, for programs (schemas) and for people (the data dictionary).

All of it is made from the row models and the models of a document's JSON: JSON Schema
2020-12 for `dokumen/<id>.json`, a Table Schema for each CSV, `docs/DATA.md`.
`versi_skema` grows in its first number when a column goes or changes its meaning, in its
second when one is added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from rktdata.output.package import table_schema
from rktdata.schemas.dataset import ALL_BY_NAME, DOCUMENT_FOLDER
from rktdata.schemas.document_json import OBJECTS, Dokumen
from rktdata.schemas.plain import plain
from rktdata.schemas.records import SCHEMA_VERSION

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}
# The only key of a document's JSON that may be left out.
_OPTIONAL = frozenset(
    {("Sel", "tanda")}
    | {
        (model, key)
        for model in ("Dokumen", "Indikator", "Anggaran")
        for key in ("terbaca", "koreksi")
    }
)
_LIMITS = {"ge": "minimum", "le": "maximum"}


def schemas() -> dict[str, Any]:
    """Every schema, by the file it describes."""
    tables = {model.file_name: table_schema(model) for model in ALL_BY_NAME.values()}
    return {
        "versi_skema": SCHEMA_VERSION,
        "tabel": tables,
        "dokumen": document_schema(),
    }


def schema_files() -> dict[str, bytes]:
    """The same as a file each: `indikator.schema.json`, `dokumen-json.schema.json`."""
    files: dict[str, Any] = {
        f"{name}.schema.json": {**table_schema(model), "versi_skema": SCHEMA_VERSION}
        for name, model in ALL_BY_NAME.items()
    }
    files["dokumen-json.schema.json"] = document_schema()
    return {
        name: (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
        for name, content in files.items()
    }


def document_schema() -> dict[str, Any]:
    """The JSON Schema of `dokumen/<dokumen_id>.json`."""
    made = Dokumen.model_json_schema(schema_generator=_Generator)
    for name, entry in [("Dokumen", made), *made["$defs"].items()]:
        entry["properties"] = {key: _property(p) for key, p in entry["properties"].items()}
        entry["required"] = [key for key in entry["properties"] if (name, key) not in _OPTIONAL]
    return {"$schema": _DIALECT, "versi_skema": SCHEMA_VERSION, **made}


class _Generator(GenerateJsonSchema):
    """Decimals are JSON numbers, as the file has them."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "number"}


def _property(given: dict[str, Any]) -> dict[str, Any]:
    """A field's schema with what `described` says of it in JSON Schema's own words."""
    made = {k: v for k, v in given.items() if k not in ("id", "contoh", "title", "default")}
    made["descriptions"] = {"id": given["id"], "en": given["description"]}
    if given.get("contoh") is not None:
        made["examples"] = [given["contoh"]]
    if "enum" in given and _NULL in given.get("anyOf", ()):
        made["enum"] = [*given["enum"], None]
    for ours, theirs in _LIMITS.items():
        if ours in made:
            made[theirs] = made.pop(ours)
    return made


def data_dictionary() -> str:
    """`docs/DATA.md`: every column of every file, in Indonesian and English, Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Kamus data / Data dictionary"
    yield ""
    yield f"`versi_skema` {SCHEMA_VERSION}. Made from the row models by `make docs`; do not edit."
    yield ""
    yield "Kolom bertanda * selalu terisi. Columns marked * are never null."
    for name, model in ALL_BY_NAME.items():
        indonesian, english = model.title
        yield from ("", f"## {model.file_name}", "", f"{indonesian} / {english}", "")
        keys = [f"kunci / key: `{model.key}`"]
        for field, (table, target) in model.foreign_keys.items():
            keys.append(f"`{field}` → `{table or name}.{target}`")
        yield "; ".join(keys)
        yield ""
        yield from _head()
        for field in table_schema(model)["fields"]:
            constraints = field.get("constraints", {})
            yield _line(
                field["name"] + ("*" if constraints.get("required") else ""),
                field["type"],
                field["descriptions"]["id"],
                field["descriptions"]["en"],
                field.get("example"),
                constraints.get("enum"),
            )
    yield from ("", f"## {DOCUMENT_FOLDER}/<dokumen_id>.json", "")
    yield "Satu dokumen utuh; setiap nilai dengan tempatnya / one document whole, with places."
    for entry in OBJECTS:
        yield from _object(entry)


def _object(model: type[BaseModel]) -> Iterator[str]:
    yield from ("", f"### {model.__name__}", "", model.__doc__ or "", "")
    if base := next((b for b in ALL_BY_NAME.values() if issubclass(model, b)), None):
        yield f"Semua kolom {base.file_name}, dan / all columns of {base.file_name}, and:"
        yield ""
    yield from _head()
    for name, info in model.model_fields.items():
        if base is not None and name in base.model_fields:
            continue
        extra = info.json_schema_extra
        if not isinstance(extra, dict):
            raise TypeError(f"field {name!r} was not made with described()")
        enum = extra.get("enum")
        yield _line(
            name,
            _type_name(info.annotation),
            str(extra["id"]),
            info.description or "",
            extra["contoh"],
            enum if isinstance(enum, list) else None,
        )


def _head() -> Iterator[str]:
    yield "| kolom / column | jenis / type | arti | meaning | contoh / example |"
    yield "|---|---|---|---|---|"


def _line(
    name: str, kind: str, indonesian: str, english: str, example: Any, enum: list[Any] | None
) -> str:
    if enum:
        choices = ", ".join(f"`{value}`" for value in enum)
        indonesian, english = f"{indonesian}: {choices}", f"{english}: {choices}"
    if example is None:
        shown = ""
    elif isinstance(example, list | dict | bool):
        shown = f"`{json.dumps(example, ensure_ascii=False)}`"
    else:
        shown = f"`{plain(example)}`"
    cells = (f"`{name}`", kind, indonesian, english, shown)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _type_name(annotation: Any) -> str:
    """A Python type as JSON calls it: "string or null", "list of Tempat"."""
    plain_names = {str: "string", int: "integer", float: "number", bool: "boolean"}
    if annotation in plain_names:
        return plain_names[annotation]
    if annotation is type(None):
        return "null"
    arguments: list[Any] = list(getattr(annotation, "__args__", ()))
    if getattr(annotation, "__origin__", None) is list:
        return f"list of {_type_name(arguments[0])}"
    if getattr(annotation, "__origin__", None) is tuple:
        return f"list of {len(arguments)} {_type_name(arguments[0])}s"
    if getattr(annotation, "__origin__", None) is dict:
        return f"object of {_type_name(arguments[1])}"
    if arguments:
        return " or ".join(map(_type_name, arguments))
    return "any" if annotation is Any else str(annotation.__name__)
