"""The scanned sample gives what the page gives from which it was made."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

for name in ("cv2", "onnxruntime", "rapidocr", "tesserocr"):
    pytest.importorskip(name, reason='reading scans needs: pip install "rktdata[ocr]"')

from rktdata.pipeline import read_document  # noqa: E402
from rktdata.schemas.document import Document  # noqa: E402
from samples.make_scan import NAME, typeset  # noqa: E402

FOLDER = Path(__file__).parents[2] / "samples"
HOW_READ = {"dokumen_id", "indikator_id", "anggaran_id", "induk_id", "tabel_id"}
HOW_READ |= {"tanda", "keyakinan", "kelompok_id"}


@cache
def read() -> Document:
    return read_document((FOLDER / f"{NAME}.pdf").read_bytes(), "pk.pdf")


@cache
def printed() -> Document:
    return read_document(typeset(), "pk.pdf")


def test_the_document_says_that_it_was_scanned() -> None:
    row = read().row
    assert (row.jenis, row.tahun, row.status, row.pindaian) == ("PK", 2021, "lengkap", 1)
    assert row.instansi == printed().row.instansi


def test_the_records_are_those_of_the_printed_page() -> None:
    for part in ("indicators", "budget"):
        found, wanted = (
            [record.row.model_dump(exclude=HOW_READ) for record in getattr(document, part)]
            for document in (read(), printed())
        )
        assert found == wanted
        assert len(found) > 1


def test_places_lead_to_the_same_spots_of_the_askew_page() -> None:
    for found, wanted in zip(read().indicators, printed().indicators, strict=True):
        [here], [there] = found.sources["target_teks"], wanted.sources["target_teks"]
        assert here.box == pytest.approx(there.box, abs=8)  # 0.6 degrees: up to 6 points
