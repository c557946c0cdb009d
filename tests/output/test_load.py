from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from rktdata.audit import audit
from rktdata.output.load import document_of, load_document, read_document_rows
from rktdata.output.write_json import document_json
from rktdata.reconcile import reconcile
from rktdata.schemas.document import Document
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.records import Record
from rktdata.schemas.values import Line, Source
from tests.documents import document
from tests.reviewed import contradicting, write


def loaded(made: Document) -> Document:
    return document_of(json.loads(document_json(made), parse_float=Decimal), made.row)


@pytest.mark.parametrize("made", [document(), contradicting("a", hostile="<&>")])
def test_what_is_read_back_is_written_as_before(made: Document) -> None:
    assert document_json(loaded(made)) == document_json(made)


def test_everything_that_is_compared_is_there() -> None:
    made, back = document(), loaded(document())
    assert [record.row for record in back.indicators] == [record.row for record in made.indicators]
    assert [record.row for record in back.budget] == [record.row for record in made.budget]
    assert back.table_rows == made.table_rows
    assert [(b.kind, b.text, b.marker, b.level) for b in back.blocks] == [
        (b.kind, b.text, b.marker, b.level) for b in made.blocks
    ]
    assert [line.text for b in back.blocks for line in b.lines] == ["a. Meningkatnya"]
    [table], [before] = back.tables, made.tables
    assert (table.id, table.columns, table.joins) == (before.id, before.columns, before.joins)
    assert table.rows[1].cells[1] is not None
    assert table.rows[1].cells[1].marks == ("sambung-halaman",)
    assert table.caption[0].text == before.caption[0].text
    assert isinstance(table.caption[0], Line)
    assert back.indicators[0].sources["target_teks"] == (
        Source(1, (10.12, 120.0, 100.0, 130.0), 0),
    )


def test_the_audit_says_the_same_of_it() -> None:
    made = [contradicting("a"), contradicting("b")]
    back = [loaded(one) for one in made]
    one, other = reconcile(made), reconcile(back)
    assert one.kelompok == other.kelompok
    assert [(f.id, f.message_id, f.evidence) for f in audit(made, one)] == [
        (f.id, f.message_id, f.evidence) for f in audit(back, other)
    ]


def test_a_number_keeps_its_digits() -> None:
    made = document()
    [first, *rest] = made.indicators
    row = first.row.model_copy(update={"target_nilai": Decimal("0.1234567890123")})
    made = replace(made, indicators=(Record(row, first.sources), *rest))
    assert loaded(made).indicators[0].row.target_nilai == Decimal("0.1234567890123")


def test_a_dataset_is_read_in_its_order(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("b"), contradicting("a"), failed=True)
    rows = read_document_rows(folder)
    assert [row.berkas for row in rows] == ["b.pdf", "a.pdf", "rusak.pdf"]
    assert load_document(folder, rows[0]).row == contradicting("b").row


def test_what_is_no_dataset_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="name a dataset"):
        read_document_rows(tmp_path)
    (tmp_path / "dokumen.csv").write_text("dokumen_id\nx\n")
    with pytest.raises(DatasetError, match="read the PDFs again"):
        read_document_rows(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"tabel": 3}'])
def test_a_damaged_document_is_told(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    [path] = (folder / "dokumen").iterdir()
    path.write_text(text)
    [row] = read_document_rows(folder)
    with pytest.raises(DatasetError, match="read the PDFs again"):
        load_document(folder, row)
