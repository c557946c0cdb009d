"""Small documents made by hand, and a pipeline that reads nothing else."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType

import pytest

from rktdata import batch
from rktdata.outcome import read_outcome
from rktdata.output.dataset import Entry
from rktdata.schemas.document import Document, DocumentReading
from rktdata.schemas.errors import NotPdfError
from rktdata.schemas.options import Options
from rktdata.schemas.records import AnggaranRow, DokumenRow, IndikatorRow, Record, TabelRow
from rktdata.schemas.values import (
    Block,
    Cell,
    Join,
    Line,
    PageInfo,
    PageLedger,
    Row,
    Source,
    Table,
    Word,
)
from rktdata.workers.pool import Task


def line(text: str, page: int = 1, top: float = 100.0) -> Line:
    words = tuple(
        Word(part, (10.0, top, 20.0, top + 10), top + 8, 10.0, bold=False, glyphs=len(part))
        for part in text.split()
    )
    return Line(text, (10.0, top, 200.0, top + 10), words, page)


def source(page: int = 1, top: float = 100.0, glyphs: int = 5) -> Source:
    return Source(page, (10.123456, top, 99.999, top + 10.004), glyphs)


def document(
    content: bytes = b"%PDF-1", name: str = "rkt.pdf", unit: str = "Bagian, Umum"
) -> Document:
    """Two indicators in a table over two pages, two budget lines, one page of prose."""
    digest = hashlib.sha256(content).hexdigest()
    key = digest[:16]
    table = Table(
        id="t1",
        number="3",
        title="Rencana Kinerja Tahunan",
        unit=unit,
        pages=(1, 2),
        columns=("No", "Indikator", "Target > 2024"),
        rows=(
            Row(1, (None, Cell("Sasaran 1", (source(),)), None), "bagian"),
            Row(
                1,
                (
                    Cell("1", (source(),)),
                    Cell("Laporan “tepat”", (source(), source(2, -0.001)), ("sambung-halaman",)),
                    Cell("77,5 %", (source(top=120.0),)),
                ),
            ),
            Row(2, (Cell("2", (source(2),)), Cell("Dokumen", (source(2),)), Cell(""))),
        ),
        header_sources=(source(top=90.0),),
        caption=(line("Tabel 3. Rencana Kinerja Tahunan", top=70.0),),
        joins=(Join(1, 2, True, ("same columns", "numbers run on")),),
    )
    indicator = IndikatorRow(
        indikator_id=f"{key}-i1",
        dokumen_id=key,
        tabel_id=f"{key}-t1",
        baris=2,
        halaman=1,
        indikator="Laporan “tepat”",
        tahun=2024,
        target_teks="77,5 %",
        target_nilai=Decimal("77.50"),
        target_satuan="persen",
        target_jenis="persen",
        unit_kerja=unit,
        keyakinan=0.98,
        tanda="sambung-halaman",
    )
    several = indicator.model_copy(
        update={
            "indikator_id": f"{key}-i2",
            "baris": 3,
            "target_teks": None,
            "target_nilai": None,
            "target_satuan": None,
            "target_jenis": "kosong",
            "tanda": None,
        }
    )
    total = AnggaranRow(
        anggaran_id=f"{key}-a1",
        dokumen_id=key,
        halaman=2,
        kode="1",
        uraian='Program "Dukungan"\nManajemen',
        jumlah=5872552000,
        jumlah_dihitung=5872552000,
    )
    part = total.model_copy(
        update={"anggaran_id": f"{key}-a2", "induk_id": f"{key}-a1", "kode": "1.1"}
    )
    return Document(
        row=DokumenRow(
            dokumen_id=key,
            berkas=name,
            sha256=digest,
            jenis="RKT",
            instansi="Dinas Kesehatan",
            tahun=2024,
            halaman=2,
            status="lengkap",
        ),
        tables=(table,),
        table_rows=(
            TabelRow(
                dokumen_id=key,
                tabel_id=f"{key}-t1",
                nomor="3",
                judul="Rencana Kinerja Tahunan",
                unit_kerja=unit,
                jenis="rencana",
                halaman_awal=1,
                halaman_akhir=2,
                baris=3,
                kolom=3,
            ),
        ),
        indicators=(
            Record(
                indicator,
                {"indikator": (source(), source(2)), "target_teks": (source(top=120.0),)},
                parts=({"nilai": Decimal("77.5"), "satuan": "persen"},),
                notes=("the unit stands in the cell",),
            ),
            Record(several),
        ),
        budget=(Record(total, {"uraian": (source(2),)}), Record(part)),
        blocks=(Block("butir", "Meningkatnya akuntabilitas", (line("a. Meningkatnya"),), "a."),),
        pages=(PageInfo(1, 595.276, 841.89, 0, "pdfium"), PageInfo(2, 595.0, 842.0, 1, "pdfium")),
        ledgers=(PageLedger(1, 12, {"sisa": 2, "sel": 10}, (("xy", (1.0, 2.0, 3.0, 4.0)),)),),
    )


def read_document(pdf: bytes, name: str, options: Options, *_: object) -> Document:
    """What `rktdata.pipeline` offers, for bytes that only look like a PDF."""
    if pdf == b"%PDF-defect":
        raise ZeroDivisionError("division\nby zero")
    if not pdf.startswith(b"%PDF-"):
        raise NotPdfError("the file is no PDF; convert it")
    return document(pdf, name)


def read_by_table(pdf: bytes, name: str, options: Options, *_: object) -> DocumentReading:
    return DocumentReading.of(read_document(pdf, name, options))


Fake = Callable[..., Document]


class HerePool:
    """Reads documents in this process, where tests can put things in place."""

    capacity = 1

    def __init__(self, *_: object) -> None:
        self._tasks: list[Task] = []

    def submit(self, task: Task) -> None:
        self._tasks.append(task)

    def wait(self) -> tuple[Task, Entry]:
        task = self._tasks.pop(0)
        return task, read_outcome(task.pdf, task.name, Options())

    def close(self) -> None:
        pass


@pytest.fixture
def fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put the two functions above in the pipeline's place, in this process."""
    module = ModuleType("rktdata.pipeline")
    module.read_document = read_document  # type: ignore[attr-defined]
    module.read_by_table = read_by_table  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rktdata.pipeline", module)
    monkeypatch.setattr(batch, "start_pool", HerePool)
    return read_document
