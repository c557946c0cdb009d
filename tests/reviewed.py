"""A dataset whose plans contradict themselves, with PDFs to cut pictures from."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

from rktdata.output.dataset import DatasetWriter, document_entry, failure_entry
from rktdata.schemas.document import Document
from rktdata.schemas.records import DokumenRow
from rktdata.schemas.values import PageInfo
from tests.plans import budget, plan, row, table

HOSTILE = '</script><img src=x onerror="alert(1)">&{{7*7}}\u202e\x07 https://evil.example/x.png'
FIRST, SECOND = "Indeks Kepuasan Masyarakat", "Persentase laporan tepat waktu"


def pdf(name: str) -> bytes:
    """One page with some lines on it, the same bytes for the same name."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for number in range(1, 30):
        canvas.drawString(12, 842 - 10.0 * number - 8, f"{name}, line {number}: 80% and 100%")
    canvas.save()
    return out.getvalue()


def contradicting(name: str, agency: str = "Dinas Contoh", hostile: str = "") -> Document:
    """The year's targets stand in two tables and differ; the budget's sum is wrong."""
    content = pdf(name)
    sha = hashlib.sha256(content).hexdigest()
    unit = f"Bidang Umum {hostile}".strip()
    five_years = [row(SECOND, f"{at} %", tahun=2018 + at, baris=1) for at in (3, 4, 5)]
    made = plan(
        table(
            row(FIRST + hostile, "80%"), row(SECOND, "90 %"), number="1", title="Satu", unit=unit
        ),
        table(row(FIRST + hostile, "100%"), row(SECOND, "90%"), number="2", title="Dua", unit=unit),
        table(*five_years, number="3", title="Tiga" + hostile, unit=unit),
        lines=[
            budget("Total" + hostile, 300),
            budget("Satu", 100, under=0),
            budget("Dua", 100, under=0),
        ],
        agency=agency,
        key=sha[:16],
    )
    budgeted = list(made.budget)
    budgeted[0] = replace(
        budgeted[0], row=budgeted[0].row.model_copy(update={"jumlah_dihitung": 200})
    )
    about = made.row.model_copy(update={"sha256": sha, "berkas": f"{name}.pdf"})
    return replace(
        made, row=about, budget=tuple(budgeted), pages=(PageInfo(1, 595.0, 842.0, 0, "pdfium"),)
    )


def write(folder: Path, *documents: Document, failed: bool = False) -> Path:
    with DatasetWriter(folder) as writer:
        for document in documents:
            writer.add(document_entry(document))
        if failed:
            row = DokumenRow(dokumen_id="f" * 16, berkas="rusak.pdf", status="gagal", galat="rusak")
            writer.add(failure_entry(row))
    return folder


def write_pdfs(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.pdf").write_bytes(pdf(name))
    return folder
