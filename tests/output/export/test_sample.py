"""The dataset of the sample years in every format, each opened by its own tool."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from frictionless import Package

import rktdata
from rktdata.output.export.run import FORMATS, export
from rktdata.schemas.dataset import ALL_BY_NAME
from tests.output.export.test_round_trip import READERS, printed

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "set"
    plans = [*sorted(SAMPLES.glob("rkt-kpu-ntt-*.pdf")), SAMPLES / "renja-pupr-angka-inggris.pdf"]
    rktdata.extract(plans, folder, report=False)
    export(folder, FORMATS)
    return folder


@pytest.fixture(scope="module")
def csv_files(dataset: Path) -> dict[str, list[list[str]]]:
    found = printed(dataset)
    assert all(len(rows) > 1 for rows in found.values()), "a table of the sample is empty"
    return found


def test_frictionless_finds_the_dataset_valid(dataset: Path) -> None:
    report = Package(str(dataset / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == set(ALL_BY_NAME)


@pytest.mark.parametrize("name", READERS)
def test_the_export_equals_the_csv(
    dataset: Path, csv_files: dict[str, list[list[str]]], name: str
) -> None:
    assert READERS[name](dataset / "ekspor") == csv_files


def datasette(*arguments: str | Path) -> Any:
    command = [sys.executable, "-m", "datasette", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_datasette_knows_its_tables_keys_and_search(
    dataset: Path, csv_files: dict[str, list[list[str]]]
) -> None:
    pytest.importorskip("datasette")
    file = dataset / "ekspor" / "rktdata.sqlite"
    tables = datasette("inspect", file)["rktdata"]["tables"]
    counts = {name: len(rows) - 1 for name, rows in csv_files.items()}
    assert {name: tables[name]["count"] for name in counts} == counts

    found = datasette(file, "--get", "/rktdata.json")
    keys = {
        table["name"]: {key["other_table"] for key in table["foreign_keys"]["outgoing"]}
        for table in found["tables"]
    }
    assert keys["panel"] == {"dokumen", "indikator", "kelompok"}
    assert keys["indikator"] == {"dokumen", "tabel", "kelompok"}
    query = f"_search={quote('sengketa hukum')}&_shape=array&_size=max"
    hits = datasette(file, "--get", f"/rktdata/indikator.json?{query}")
    texts = [f"{hit['indikator']} {hit['sasaran']}".casefold() for hit in hits]
    assert texts
    assert all("sengketa" in text and "hukum" in text for text in texts)


def test_libreoffice_reads_the_workbook(
    dataset: Path, csv_files: dict[str, list[list[str]]], tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    # Comma, double quotes, UTF-8; cells as they are stored, not as they are shown; all sheets.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
               "--convert-to", form, "--outdir", str(tmp_path),
               str(dataset / "ekspor" / "rktdata.xlsx")]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    for name, rows in csv_files.items():
        with (tmp_path / f"rktdata-{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == rows, name
