from __future__ import annotations

from pathlib import Path

import pytest

from rktdata.output.dataset import DatasetWriter, document_entry
from rktdata.output.explain import UnknownRecordError, explain
from tests.documents import document

KEY = document().row.dokumen_id


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    with DatasetWriter(tmp_path / "data") as writer:
        writer.add(document_entry(document()))
    return tmp_path / "data"


def test_an_indicator_is_told_with_places_printed_row_and_reasons(dataset: Path) -> None:
    text = "\n".join(explain(dataset, f"{KEY}-i1"))
    assert "indikator in rkt.pdf, page 1" in text
    assert "77,5 %   [page 1: 10.12, 120.0, 100.0, 130.0]" in text
    assert "printed in row 2 of table 3 Rencana Kinerja Tahunan" in text
    assert "Indikator: Laporan “tepat” (sambung-halaman)" in text
    assert text.endswith("why\n  the unit stands in the cell")


def test_a_budget_line_and_a_table_are_told(dataset: Path) -> None:
    assert any("5872552000" in text for text in explain(dataset, f"{KEY}-a1"))
    table = explain(dataset, f"{KEY}-t1")
    assert table[-1] == "  page 1 continues on page 2: same columns; numbers run on"


@pytest.mark.parametrize("record_id", [f"{KEY}-i9", "0000000000000000-i1", "", "../../x", "x/y"])
def test_an_unknown_id_is_refused(dataset: Path, record_id: str) -> None:
    with pytest.raises(UnknownRecordError):
        explain(dataset, record_id)
