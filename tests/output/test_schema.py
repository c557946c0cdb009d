from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from frictionless import Schema

import rktdata
from rktdata.output.schema import data_dictionary, document_schema, schema_files, schemas
from rktdata.output.write_json import document_object
from rktdata.schemas.dataset import ALL_BY_NAME
from rktdata.schemas.document_json import OBJECTS
from rktdata.schemas.records import SCHEMA_VERSION
from tests.reviewed import HOSTILE, contradicting

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).parents[1] / "schemas" / "columns.json"


def columns() -> dict[str, Any]:
    """Name and type of every column and JSON property, as the snapshot keeps them."""
    tables = schemas()["tabel"].items()
    kept = {file: {f["name"]: f["type"] for f in t["fields"]} for file, t in tables}
    made = document_schema()
    for name, entry in {"Dokumen": made, **made["$defs"]}.items():
        kept[f"json {name}"] = {key: type_of(p) for key, p in entry["properties"].items()}
    return kept


def type_of(given: dict[str, Any]) -> str:
    """ "string", "null or string", "list of Sel", as one word for comparison."""
    if "anyOf" in given:
        return " or ".join(sorted(map(type_of, given["anyOf"])))
    if "$ref" in given:
        return str(given["$ref"]).rpartition("/")[2]
    if given.get("type") == "array" and "items" in given:
        return f"list of {type_of(given['items'])}"
    return str(given.get("type", "any"))


def test_no_column_was_removed_renamed_or_changed() -> None:
    kept = json.loads(SNAPSHOT.read_text("utf-8"))
    if kept["versi_skema"].split(".")[0] == SCHEMA_VERSION.split(".")[0]:
        now = columns()
        gone = [
            f"{file}: {name} ({kind})"
            for file, fields in kept["tabel"].items()
            for name, kind in fields.items()
            if now.get(file, {}).get(name) != kind
        ]
        assert gone == [], "raise the first number of SCHEMA_VERSION, or put them back"


def test_the_snapshot_is_up_to_date() -> None:
    kept = json.loads(SNAPSHOT.read_text("utf-8"))
    assert kept == {"versi_skema": SCHEMA_VERSION, "tabel": columns()}, (
        "a column was added: raise the second number of SCHEMA_VERSION and put it in columns.json"
    )


def test_the_data_dictionary_is_up_to_date() -> None:
    assert (ROOT / "docs" / "DATA.md").read_text("utf-8") == data_dictionary(), "run make docs"


def test_table_schemas_are_valid() -> None:
    for name in ALL_BY_NAME:
        descriptor = json.loads(schema_files()[f"{name}.schema.json"])
        assert Schema.from_descriptor(descriptor).primary_key == [ALL_BY_NAME[name].key]


def test_the_document_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(document_schema())


def test_every_object_of_a_document_is_described() -> None:
    assert {model.__name__ for model in OBJECTS} == {"Dokumen", *document_schema()["$defs"]}


@pytest.mark.parametrize(
    "name", ["rkt-disdik-sel-gabungan", "rkt-bkd-anggaran-dalam-naskah", "rkt-kpu-ntt-2024"]
)
def test_a_sample_s_json_fits_the_schema(name: str) -> None:
    document = rktdata.read(ROOT / "samples" / f"{name}.pdf")
    jsonschema.Draft202012Validator(document_schema()).validate(document_object(document))


def test_made_up_documents_fit_and_broken_ones_do_not() -> None:
    validator = jsonschema.Draft202012Validator(document_schema())
    made = document_object(contradicting("a", hostile=HOSTILE))
    validator.validate(made)
    first = made["indikator"][0]
    for wrong in ({"target_jenis": "lain"}, {"keyakinan": 2}, {"tahun": "2024"}, {"lebih": 1}):
        made["indikator"][0] = {**first, **wrong}
        assert not validator.is_valid(made), wrong


def test_every_field_has_an_example() -> None:
    fields = [info for m in (*ALL_BY_NAME.values(), *OBJECTS) for info in m.model_fields.values()]
    for info in fields:
        assert isinstance(info.json_schema_extra, dict)
        assert info.json_schema_extra["contoh"] is not None, info
