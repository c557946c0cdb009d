"""Each export, read back by its own library, equals the CSV files cell by cell."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from rktdata.output.dataset import DatasetWriter, document_entry
from rktdata.output.export.run import FORMATS, export
from rktdata.review import review
from rktdata.schemas.dataset import ALL_BY_NAME, AUDIT_TABLES
from rktdata.schemas.plain import plain
from rktdata.schemas.records import AnggaranRow
from tests.plans import budget, plan, row, table
from tests.reviewed import HOSTILE, contradicting, write

Table = list[list[str]]

FORMULAS = ["=1+1", "+62 21", "-", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "_x0041_"]
# Beyond Excel's 15 digits, a float's 17, int64's 19.
NUMBERS = ["0.1", "1234567890.123456789", "12345678901234567890", "-0.000001", "1e3", "0"]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Contradicting plans, hostile texts, texts like formulas, and odd numbers."""
    folder = tmp_path_factory.mktemp("data") / "set"
    rows = [row(text, f"{number}") for text, number in zip(FORMULAS, NUMBERS * 2, strict=False)]
    odd = plan(
        table(*rows, number="1", title='=cmd|" /C calc"!A0', unit='é, "kutip"\nbaris'),
        lines=[budget("=Total", 10**17 + 1), budget("-Satu", 5, under=0)],
        agency="+Dinas",
        key="ab" * 8,
    )
    documents = [contradicting("a"), contradicting("b", hostile=HOSTILE), odd]
    write(folder, *documents, failed=True)
    review(folder, lambda _: None, report=False)
    return folder


def printed(folder: Path) -> dict[str, Table]:
    """The CSV files as they stand, headers first."""
    tables = {}
    for name, model in ALL_BY_NAME.items():
        with (folder / model.file_name).open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.reader(file))
    return tables


def cells(rows: Iterator[Any] | list[Any]) -> Table:
    return [[plain(value) for value in one] for one in rows]


def from_xlsx(folder: Path) -> dict[str, Table]:
    book = openpyxl.load_workbook(folder / "rktdata.xlsx", read_only=False)
    unescape = openpyxl.utils.escape.unescape
    read = {}
    for name in ALL_BY_NAME:
        values = [[unescape(v) if isinstance(v, str) else v for v in r] for r in book[name].values]
        read[name] = cells(values)
    return read


def from_parquet(folder: Path) -> dict[str, Table]:
    read = {}
    for name in ALL_BY_NAME:
        found = pq.read_table(folder / f"{name}.parquet")
        read[name] = cells([found.column_names, *(r.values() for r in found.to_pylist())])
    return read


def from_sqlite(folder: Path) -> dict[str, Table]:
    read = {}
    with closing(sqlite3.connect(folder / "rktdata.sqlite")) as database:
        for name in ALL_BY_NAME:
            found = database.execute(f"SELECT * FROM {name} ORDER BY rowid")
            read[name] = cells([[column[0] for column in found.description], *found])
    return read


def from_duckdb(folder: Path) -> dict[str, Table]:
    read = {}
    with duckdb.connect(str(folder / "rktdata.duckdb"), read_only=True) as database:
        for name in ALL_BY_NAME:
            found = database.execute(f"SELECT * FROM {name} ORDER BY rowid")
            names = [column[0] for column in found.description]
            read[name] = cells([names, *found.fetchall()])
    return read


def from_jsonl(folder: Path) -> dict[str, Table]:
    read = {}
    for name, model in ALL_BY_NAME.items():
        lines = (folder / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]
        rows = [json.loads(line, parse_float=Decimal) for line in lines]
        read[name] = cells([list(model.model_fields), *(r.values() for r in rows)])
    return read


def from_csv(folder: Path) -> dict[str, Table]:
    read = {}
    for name in ALL_BY_NAME:
        path = folder / f"rktdata-{name}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            read[name] = [[text.removeprefix("'") for text in row] for row in csv.reader(file)]
    return read


READERS: dict[str, Callable[[Path], dict[str, Table]]] = {
    "xlsx": from_xlsx,
    "parquet": from_parquet,
    "sqlite": from_sqlite,
    "duckdb": from_duckdb,
    "jsonl": from_jsonl,
    "csv": from_csv,
}


def test_every_format_is_tested() -> None:
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("name", READERS)
def test_read_back_equals_the_csv(dataset: Path, tmp_path: Path, name: str) -> None:
    done = export(dataset, [name], tmp_path)
    assert done.remarks == ()
    assert READERS[name](tmp_path) == printed(dataset)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(p.name for p in done.files)


@pytest.mark.parametrize("name", READERS)
def test_without_an_audit_there_are_four_tables(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "set", contradicting("a"))
    assert export(folder, [name]).files[0].parent == folder / "ekspor"


@pytest.mark.parametrize("name", READERS)
def test_a_dataset_without_rows(tmp_path: Path, name: str) -> None:
    with DatasetWriter(tmp_path / "set"):
        pass
    assert export(tmp_path / "set", [name], tmp_path / "out").files


@pytest.mark.parametrize("digits", [19, 30, 60])
def test_numbers_of_any_width_stay_exact(tmp_path: Path, digits: int) -> None:
    made = plan(lines=[budget("Satu", int("9" * digits)), budget("Dua", 1)], key="cd" * 8)
    folder = tmp_path / "set"
    with DatasetWriter(folder) as writer:
        writer.add(document_entry(made))
        for model in AUDIT_TABLES:
            writer.add_rows(model, ())
    export(folder, FORMATS, tmp_path / "out")
    at = list(AnggaranRow.model_fields).index("jumlah")
    for name, read in READERS.items():
        column = [r[at] for r in read(tmp_path / "out")["anggaran"]]
        assert column == ["jumlah", "9" * digits, "1"], name
