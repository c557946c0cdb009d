"""Bad input from the command line to the dataset: one outcome each, the others go on."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle
from typer.testing import CliRunner

import rktdata
from rktdata.commands import app
from rktdata.schemas.errors import (
    BrokenPdfError,
    DocumentError,
    EmptyFileError,
    LockedPdfError,
    NoTableError,
    NotPdfError,
)

ROWS = [
    ["No", "Sasaran", "Indikator Kinerja", "Target 2024"],
    ["1", "Meningkatnya akuntabilitas kinerja", "Persentase laporan tepat waktu", "95 %"],
    ["2", "Meningkatnya kualitas layanan", "Indeks kepuasan masyarakat", "82,5"],
]


def plan(indicator: str = ROWS[1][2]) -> bytes:
    """A small plan that reads well."""
    rows = [ROWS[0], [*ROWS[1][:2], indicator, ROWS[1][3]], ROWS[2]]
    grid = Table(rows, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.7, "black")]))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build([grid])
    return out.getvalue()


def letter() -> bytes:
    """A page of prose that plans nothing."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawString(72, 700, "Dengan hormat, bersama ini kami sampaikan undangan rapat.")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked(user: str, owner: str = "pemilik") -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plan())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def no_pages() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(out)
    return out.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], type[DocumentError], str]] = {
    "word-document": (lambda: b"PK\x03\x04" + b"word/document.xml" * 99, NotPdfError, "convert"),
    "text": (lambda: b"Rencana Kinerja Tahunan\n", NotPdfError, "convert"),
    "no-bytes": (lambda: b"", EmptyFileError, "new copy"),
    "no-pages": (no_pages, EmptyFileError, "new copy"),
    "header-only": (lambda: b"%PDF-1.7\n", BrokenPdfError, "new copy"),
    "cut-short": (lambda: plan()[:300], BrokenPdfError, "new copy"),
    "zeroed": (lambda: plan()[:20] + bytes(4000), BrokenPdfError, "new copy"),
    "locked": (lambda: locked("rahasia"), LockedPdfError, "--password"),
    "letter": (letter, NoTableError, "planning"),
}


def rkt(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "dokumen.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def files(folder: Path) -> set[str]:
    """The dataset's files; what a run remembers stands beside them, hidden."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not path.parts[0].startswith(".")}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_its_own_error(tmp_path: Path, name: str) -> None:
    make, error, advice = BAD[name]
    path = tmp_path / "bad.pdf"
    path.write_bytes(make())
    with pytest.raises(error, match=advice):
        rktdata.read(path)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_row_and_the_others_go_on(tmp_path: Path, name: str) -> None:
    make, error, advice = BAD[name]
    for file, content in (("a", plan()), ("b", make()), ("c", plan("Jumlah laporan"))):
        (tmp_path / f"{file}.pdf").write_bytes(content)
    out = tmp_path / "out"
    code, _, err = rkt("extract", tmp_path, "-o", out, "-q", "--jobs", "1")
    assert code == 1
    [line] = err.splitlines()
    assert line.startswith(f"{tmp_path / 'b.pdf'}: gagal, {error.code}: ")
    assert advice in line
    first, bad, last = rows(out)
    assert (first["status"], bad["status"], last["status"]) == ("lengkap", "gagal", "lengkap")
    assert line.endswith(bad["galat"])
    assert bad["sha256"].startswith(bad["dokumen_id"])
    assert files(out) == {
        *("dokumen.csv", "tabel.csv", "indikator.csv", "anggaran.csv", "datapackage.json"),
        *("kelompok.csv", "temuan.csv", "panel.csv", "perubahan.csv", "laporan.html"),
        f"dokumen/{first['dokumen_id']}.json",
        f"dokumen/{last['dokumen_id']}.json",
    }


def test_only_bad_files_is_still_a_dataset(tmp_path: Path) -> None:
    missing = tmp_path / "missing.pdf"
    (tmp_path / "empty").mkdir()
    code, out, err = rkt("extract", missing, tmp_path / "empty", "-o", tmp_path / "out")
    assert code == 1
    assert [row["galat"].split(":")[0] for row in rows(tmp_path / "out")] == ["tak_terbaca"] * 2
    assert len(err.splitlines()) == 2
    assert "2 gagal" in out


def test_the_password_opens_a_locked_file(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(locked("rahasia"))
    with pytest.raises(LockedPdfError):
        rktdata.read(path, password="salah")
    assert len(rktdata.read(path, password="rahasia").indicators) == 2
    out = tmp_path / "out"
    assert rkt("extract", path, "-o", out, "-q", "--password", "rahasia")[0] == 0


def test_a_file_with_the_empty_password_needs_none(tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    path.write_bytes(locked(""))
    assert len(rktdata.read(path).indicators) == 2


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_a_file_cut_anywhere_is_no_defect_of_ours(tmp_path: Path, share: float) -> None:
    whole = plan()
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole[: int(share * len(whole))])
    code, _, err = rkt("extract", path, "-o", tmp_path / "out", "-q")
    [row] = rows(tmp_path / "out")
    assert (code == 1) == (row["status"] == "gagal")
    assert "galat_tak_terduga" not in row["galat"]
    assert "Traceback" not in err


def test_one_and_several_processes_write_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.pdf").write_bytes(plan(f"Jumlah laporan triwulan {number}"))
    (folder / "bad.pdf").write_bytes(b"no")
    written = []
    for jobs in ("1", "3"):
        out = tmp_path / f"out-{jobs}"
        assert rkt("extract", folder, "-o", out, "-q", "--jobs", jobs)[0] == 1
        assert Counter(row["status"] for row in rows(out)) == {"lengkap": 6, "gagal": 1}
        written.append({name: (out / name).read_bytes() for name in files(out)})
    assert written[0] == written[1]
