from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rktdata.output.dataset import DatasetWriter, document_entry
from rktdata.output.package import is_descriptor, table_schema
from rktdata.schemas.dataset import TABLES, table_name
from rktdata.schemas.records import DokumenRow, IndikatorRow, KelompokRow, TemuanRow
from tests.documents import document

frictionless = pytest.importorskip("frictionless")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    with DatasetWriter(tmp_path / "data") as writer:
        writer.add(document_entry(document(b"%PDF-1")))
        writer.add(document_entry(document(b"%PDF-2", "pk.pdf")))
    return tmp_path / "data"


def problems(folder: Path) -> list[tuple[str, str]]:
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    listed: list[list[Any]] = report.flatten(["type", "message"])
    return [(kind, message) for kind, message in listed]


def test_frictionless_finds_the_dataset_valid(dataset: Path) -> None:
    assert problems(dataset) == []


def test_frictionless_finds_an_empty_dataset_valid(tmp_path: Path) -> None:
    with DatasetWriter(tmp_path / "data"):
        pass
    assert problems(tmp_path / "data") == []


BROKEN = [
    ("anggaran.csv", b"-a1,1.1,", b"-a9,1.1,", "foreign-key"),  # a parent that is not there
    ("indikator.csv", b",persen,persen,", b",persen,orang,", "constraint-error"),
    ("indikator.csv", b",77.5,", b",77;5,", "type-error"),
    ("dokumen.csv", b"RKT", b"RKX", "hash-count"),
]


@pytest.mark.parametrize(("name", "old", "new", "kind"), BROKEN)
def test_frictionless_sees_what_is_broken(
    dataset: Path, name: str, old: bytes, new: bytes, kind: str
) -> None:
    content = (dataset / name).read_bytes()
    assert old in content
    (dataset / name).write_bytes(content.replace(old, new))
    assert kind in {found for found, _ in problems(dataset)}


def test_rows_agree_with_the_descriptor(dataset: Path) -> None:
    package = frictionless.Package(str(dataset / "datapackage.json"))
    [first, second, *_] = package.get_resource("indikator").read_rows()
    assert str(first["target_nilai"]) == "77.5"
    assert second["target_nilai"] is None
    assert first["tahun"] == 2024


@pytest.mark.parametrize("model", [*TABLES, KelompokRow, TemuanRow], ids=table_name)
def test_every_column_is_described_in_both_languages(model: type[DokumenRow]) -> None:
    for field in table_schema(model)["fields"]:
        assert field["descriptions"]["id"]
        assert field["descriptions"]["en"] == field["description"]


def test_constraints_come_from_the_row_model() -> None:
    fields = {field["name"]: field for field in table_schema(IndikatorRow)["fields"]}
    assert fields["keyakinan"]["constraints"] == {"required": True, "minimum": 0, "maximum": 1}
    assert "constraints" not in fields["sasaran"]
    assert fields["target_nilai"]["type"] == "number"
    assert fields["target_nilai"]["example"] == "77.5"


def test_a_descriptor_of_somebody_else_is_not_ours(dataset: Path) -> None:
    text = (dataset / "datapackage.json").read_text("utf-8")
    assert is_descriptor(text)
    assert not is_descriptor(json.dumps({"name": "another"}))
    assert not is_descriptor("no JSON")
    assert not is_descriptor("[]")
