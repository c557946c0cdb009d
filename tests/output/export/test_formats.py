"""What each format adds to the rows: links, colours, keys, search, views, descriptions."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rktdata.output.export import run
from rktdata.output.export.run import export
from rktdata.output.export.views import VIEWS
from rktdata.output.package import table_schema
from rktdata.review import review
from rktdata.schemas.dataset import ALL_BY_NAME
from rktdata.schemas.errors import DatasetError, ExportError
from tests.plans import budget, plan, row, table
from tests.reviewed import contradicting, write


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "set"
    formula = plan(
        table(row("=1+1", "80%"), number="1", title="-"), lines=[budget("+1", 5)], key="ab" * 8
    )
    write(folder, contradicting("a"), formula)
    review(folder, lambda _: None, report=False)
    return folder


@pytest.fixture(scope="module")
def exported(dataset: Path) -> Path:
    export(dataset, run.FORMATS)
    return dataset / "ekspor"


def test_excel_has_no_formula_and_marks_text_that_looks_like_one(exported: Path) -> None:
    book = openpyxl.load_workbook(exported / "rktdata.xlsx")
    found = [cell for sheet in book for line in sheet for cell in line if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s", "n"}
    assert {cell.value for cell in found if cell.quotePrefix} >= {"=1+1", "+1", "-"}


def test_csv_for_spreadsheets_has_no_formula(exported: Path, dataset: Path) -> None:
    found = []
    for path in exported.glob("rktdata-*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [cell for row in csv.reader(file) for cell in row]
    assert {"'=1+1", "'+1", "'-"} <= set(found)
    assert not [cell for cell in found if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert ",=1+1," in (dataset / "indikator.csv").read_text("utf-8")  # as printed


def test_excel_freezes_headers_and_filters(exported: Path) -> None:
    book = openpyxl.load_workbook(exported / "rktdata.xlsx")
    assert book.sheetnames == [
        "dokumen", "tabel", "anggaran", "kelompok", "indikator", "temuan",
        "panel", "perubahan", "keterangan",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions


def test_excel_links_a_page_to_its_pdf_and_names_no_folder(exported: Path) -> None:
    sheet = openpyxl.load_workbook(exported / "rktdata.xlsx")["indikator"]
    at = [cell.value for cell in sheet[1]].index("halaman")
    cell = sheet[2][at]
    assert (cell.value, cell.hyperlink.tooltip) == (1, "a.pdf#page=1")
    assert f"{cell.hyperlink.target}#{cell.hyperlink.location}" in ("a.pdf#page=1",)


def test_excel_formats_numbers_and_colours_findings(exported: Path) -> None:
    book = openpyxl.load_workbook(exported / "rktdata.xlsx")
    header = [cell.value for cell in book["anggaran"][1]]
    amount = book["anggaran"][2][header.index("jumlah")]
    assert (amount.value, amount.number_format) == (300, "[$Rp-421] #,##0")
    severities = [cell.value for cell in book["temuan"]["D"]][1:]
    colours = [cell.fill.fgColor.rgb for cell in book["temuan"]["D"]][1:]
    assert "galat" in severities
    assert len(set(zip(severities, colours, strict=True))) == len(set(severities))


def test_excel_is_the_same_each_time(dataset: Path, tmp_path: Path) -> None:
    [first] = export(dataset, ["xlsx"], tmp_path / "a").files
    [second] = export(dataset, ["xlsx"], tmp_path / "b").files
    assert first.read_bytes() == second.read_bytes()


def test_excel_goes_on_in_a_second_sheet(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rktdata.output.export import xlsx

    monkeypatch.setattr(xlsx, "_ROWS", 4)
    monkeypatch.setattr(xlsx, "_LINKS", 1)
    done = export(dataset, ["xlsx"], tmp_path)
    book = openpyxl.load_workbook(done.files[0])
    ids = [cell.value for cell in book["indikator"]["A"]][1:]
    ids += [cell.value for cell in book["indikator 2"]["A"]][1:]
    assert len(set(ids)) == 6
    assert any("more rows than a sheet" in remark for remark in done.remarks)
    assert any("without a link" in remark for remark in done.remarks)


def test_excel_says_what_it_cuts(tmp_path: Path) -> None:
    made = plan(table(row("x" * 40_000, "80%"), number="1"), key="ab" * 8)
    done = export(write(tmp_path / "set", made), ["xlsx"], tmp_path / "out")
    [remark] = done.remarks
    assert "1 texts cut" in remark
    header, line = openpyxl.load_workbook(done.files[0])["indikator"].values
    cell = line[header.index("indikator")]
    assert len(cell) == 32_767
    assert cell.endswith("[dipotong]")


def test_parquet_describes_its_columns(exported: Path) -> None:
    schema = pq.read_schema(exported / "indikator.parquet")
    field = schema.field("target_nilai")
    assert pa.types.is_decimal(field.type)
    assert field.metadata[b"description:id"] == b"Nilai target"
    assert json.loads(schema.metadata[b"table_schema"]) == table_schema(ALL_BY_NAME["indikator"])
    assert not schema.field("indikator_id").nullable
    assert schema.field("tahun").type == pa.int64()


def test_sqlite_searches_text_and_keeps_keys(exported: Path) -> None:
    with closing(sqlite3.connect(exported / "rktdata.sqlite")) as database:
        hits = database.execute(
            "SELECT i.indikator FROM indikator_fts f JOIN indikator i ON i.rowid = f.rowid "
            "WHERE indikator_fts MATCH 'kepuasan'"
        ).fetchall()
        assert {text for (text,) in hits} == {"Indeks Kepuasan Masyarakat"}
        keys = database.execute("PRAGMA foreign_key_list(indikator)").fetchall()
        assert {key[2] for key in keys} == {"dokumen", "tabel", "kelompok"}
        assert [c[1] for c in database.execute("PRAGMA table_info(temuan)") if c[5]] == [
            "temuan_id"
        ]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kinds = database.execute("SELECT DISTINCT typeof(target_nilai) FROM indikator")
        assert ("integer",) in set(kinds)
        described = database.execute("SELECT count(*) FROM keterangan").fetchone()
        assert described == (sum(len(model.model_fields) for model in ALL_BY_NAME.values()),)


def test_both_databases_have_the_same_views(exported: Path) -> None:
    with (
        closing(sqlite3.connect(exported / "rktdata.sqlite")) as first,
        duckdb.connect(str(exported / "rktdata.duckdb"), read_only=True) as second,
    ):
        for view in VIEWS:
            query = f"SELECT * FROM {view.name}"
            one, other = first.execute(query), second.execute(query)
            assert [c[0] for c in one.description] == [c[0] for c in other.description]
            ours, theirs = one.fetchall(), other.fetchall()
            assert len(ours) == len(theirs) > 0, view.name


def test_duckdb_has_comments_and_decimals(exported: Path) -> None:
    with duckdb.connect(str(exported / "rktdata.duckdb"), read_only=True) as database:
        found = database.execute(
            "SELECT data_type, comment FROM duckdb_columns() "
            "WHERE table_name = 'indikator' AND column_name = 'target_nilai'"
        ).fetchone()
    assert found is not None
    assert found[0].startswith("DECIMAL(38")
    assert found[1] == "Nilai target / The target's number"


def test_a_missing_library_is_named(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FORMATS", {"xlsx": ("no_such_library",)})
    with pytest.raises(ExportError, match=r'pip install "rktdata\[export\]"'):
        export(dataset, ["xlsx"])


def test_what_cannot_be_exported_leaves_what_was_there(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(dataset, ["sqlite"], out)
    before = (out / "rktdata.sqlite").read_bytes()
    broken = write(tmp_path / "set", contradicting("a"))
    text = (broken / "tabel.csv").read_text("utf-8").splitlines(keepends=True)
    (broken / "tabel.csv").write_text(text[0], encoding="utf-8", newline="")
    with pytest.raises(ExportError, match="key"):
        export(broken, ["jsonl", "sqlite"], out)
    (broken / "tabel.csv").write_text("other,columns\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="other columns"):
        export(broken, ["jsonl"], out)
    assert [path.name for path in out.iterdir()] == ["rktdata.sqlite"]
    assert (out / "rktdata.sqlite").read_bytes() == before
