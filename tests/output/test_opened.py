from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import rktdata
from rktdata.review import review
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.values import Cell, Row, Source, Table
from tests.plans import plan, row, table
from tests.reviewed import contradicting, write, write_pdfs

SAMPLE = Path(__file__).parents[2] / "samples" / "rkt-dishub-setengah-bergaris.pdf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write(tmp_path / "set", contradicting("a"), contradicting("b"), failed=True)
    review(made, lambda _: None, report=False)
    return made


def test_rows_are_typed(folder: Path) -> None:
    dataset = rktdata.open_dataset(folder)
    assert len(dataset.document_rows) == 3
    assert len(dataset.documents) == 2
    assert dataset.indicators[0].target_nilai == Decimal(80)
    assert dataset.budget[0].jumlah == 300
    assert dataset.findings[0].tingkat in ("galat", "peringatan", "catatan")
    assert {group.kelompok_id for group in dataset.groups} >= {
        row.kelompok_id for row in dataset.indicators
    }
    assert dataset.tables[0].judul == "Satu"


def test_frames_have_the_rows_types(folder: Path) -> None:
    dataset = rktdata.open_dataset(folder)
    frame = dataset.to_frame("temuan")
    assert (len(frame), str(frame["halaman"].dtype)) == (len(dataset.findings), "Int64")
    assert all(isinstance(v, Decimal) for v in dataset.to_frame()["target_nilai"].dropna())
    with pytest.raises(KeyError, match="there are dokumen"):
        dataset.to_frame("lain")


def test_documents_and_sources_are_those_that_were_written(folder: Path) -> None:
    dataset = rktdata.open_dataset(folder)
    for key, document in dataset.documents.items():
        assert document.row.dokumen_id == key
        for record in (*document.indicators, *document.budget):
            name = next(iter(record.row))[1]
            for field, places in record.sources.items():
                assert dataset.sources(str(name), field) == places
    with pytest.raises(KeyError):
        dataset.sources(f"{key}-i999", "indikator")


def test_what_was_not_audited_has_no_findings(tmp_path: Path) -> None:
    dataset = rktdata.open_dataset(write(tmp_path / "set", contradicting("a")))
    assert (dataset.findings, dataset.groups) == ((), ())
    with pytest.raises(DatasetError):
        rktdata.open_dataset(tmp_path)


def test_a_page_is_drawn_with_its_marks(tmp_path: Path) -> None:
    pdf = write_pdfs(tmp_path, "a") / "a.pdf"
    plain = rktdata.page_image(pdf, 1, scale=1)
    marked = rktdata.page_image(
        pdf, 1, [Source(1, (300, 700, 400, 720), 0), Source(2, (0, 0, 9, 9), 0)], scale=1
    )
    assert plain.size == marked.size == (595, 842)
    assert marked.getpixel((300, 710)) == (220, 0, 0)
    assert marked.getpixel((0, 0)) == plain.getpixel((0, 0))
    with pytest.raises(IndexError):
        rktdata.page_image(pdf, 0)


def test_a_table_s_headers_stay_apart() -> None:
    cells = Row(1, (Cell("1"), Cell("2"), None))
    frame = Table("t1", None, None, None, (1,), ("Target", "Target", ""), (cells,)).to_frame()
    assert list(frame.columns) == ["Target", "Target (2)", "kolom 3"]
    assert frame["kolom 3"].isna().all()


def test_a_page_of_a_document_has_its_picture(tmp_path: Path) -> None:
    document = rktdata.read(SAMPLE)
    record = next(r for r in document.indicators if r.row.target_teks)
    value = record["target_teks"]
    assert (value.field, value.value) == ("target_teks", record.row.target_teks)
    [source, *_] = value.sources
    page = document.page(source.page)
    assert page.info.halaman == source.page
    marked, bare = page.image(value.sources, scale=1), page.image(scale=1)
    assert marked.size == bare.size == pytest.approx((page.info.lebar, page.info.tinggi), abs=1)
    left, top = round(source.box[0]), round((source.box[1] + source.box[3]) / 2)
    assert marked.getpixel((left, top)) == (220, 0, 0) != bare.getpixel((left, top))
    with pytest.raises(IndexError, match="pages count from 1 to"):
        document.page(99)
    with pytest.raises(KeyError, match="no field named 'harga'"):
        record["harga"]


def test_a_dataset_s_pages_are_drawn_where_the_pdfs_are(tmp_path: Path) -> None:
    rktdata.extract([SAMPLE], tmp_path / "set", report=False)
    [document] = rktdata.open_dataset(tmp_path / "set", pdf=SAMPLE.parent).documents.values()
    assert document.page(1).image(scale=0.5).size[0] > 0
    [without] = rktdata.open_dataset(tmp_path / "set").documents.values()
    assert without == document
    with pytest.raises(FileNotFoundError, match="open_dataset"):
        without.page(1).image()


def test_extract_is_the_function_though_a_stage_has_its_name(tmp_path: Path) -> None:
    import rktdata.extract.pages  # noqa: F401

    summary = rktdata.extract([SAMPLE], tmp_path / "set", report=False)
    assert summary.rows["tabel"] > 0


def test_the_panel_and_the_changes_are_rows_and_frames(tmp_path: Path) -> None:
    rows = [row("Persentase jalan mantap", "80 %"), row("Jumlah jembatan dibangun", "4 unit")]
    plans = [
        plan(table(*made), year=year, key=f"{year}" * 4)
        for year, made in ((2023, rows), (2024, rows[:1]))
    ]
    made = write(tmp_path / "set", *plans)
    review(made, lambda _: None, report=False)
    dataset = rktdata.open_dataset(made)
    assert [(c.jenis, c.indikator_sebelumnya) for c in dataset.changes] == [
        ("dihapus", "Jumlah jembatan dibangun")
    ]
    frame = dataset.to_frame("panel")
    assert list(frame["tahun"]) == [2023, 2024, 2023, 2024]
    assert str(frame["tahun_sebelumnya"].dtype) == "Int64"
    assert frame["target_nilai"].isna().sum() == 1
