from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import rktdata
from rktdata.review import review
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.values import Cell, Row, Source, Table
from tests.reviewed import contradicting, write, write_pdfs


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
    row = Row(1, (Cell("1"), Cell("2"), None))
    frame = Table("t1", None, None, None, (1,), ("Target", "Target", ""), (row,)).to_frame()
    assert list(frame.columns) == ["Target", "Target (2)", "kolom 3"]
    assert frame["kolom 3"].isna().all()
