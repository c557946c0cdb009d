"""Corrections through runs, audits and another reader, on a sample."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rktdata.commands import app
from rktdata.review import review
from tests.documents import Fake, document, fake_pipeline
from tests.reviewed import contradicting, write

__all__ = ["fake_pipeline"]

SAMPLE = Path(__file__).parents[2] / "samples" / "rkt-dinkes-baris-terputus.pdf"


def rkt(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def rows(folder: Path, name: str = "indikator") -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".rktdata" not in path.parts
    }


def test_a_correction_outlives_audits_readers_and_removal(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert rkt("extract", SAMPLE, "-o", out, "-q", "--no-report")[0] == 0
    as_read = contents(out)
    first = rows(out)[0]
    code, told, _ = rkt(
        "correct", out, first["indikator_id"], "target_teks", "12,5 %", "--who", "Ani"
    )
    assert code == 0
    assert "koreksi.csv" in told
    assert rkt("audit", out, "--no-report", "-q") == (0, "", "")
    corrected = rows(out)[0]
    assert corrected["target_nilai"] == "12.5"
    assert corrected["tanda"].split()[-1] == "koreksi"
    after = contents(out)
    assert rkt("audit", out, "--no-report", "-q")[0] == 0
    assert contents(out) == after

    kept = (out / "koreksi.csv").read_bytes()
    for path in out.glob("*[!i].csv"):
        path.unlink()
    code, _, err = rkt("extract", SAMPLE, "-o", out, "-q", "--no-report", "--reader", "pdfplumber")
    assert (code, err) == (0, "")
    assert rows(out)[0]["target_nilai"] == "12.5"
    assert rkt("extract", SAMPLE, "-o", out, "-q", "--no-report")[0] == 0
    assert contents(out) == after
    assert (out / "koreksi.csv").read_bytes() == kept

    (out / "koreksi.csv").unlink()
    assert rkt("audit", out, "--no-report", "-q")[0] == 0
    assert contents(out) == as_read


@pytest.fixture
def made(tmp_path: Path, fake_pipeline: Fake) -> Path:
    """A dataset of one document."""
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "a.pdf").write_bytes(b"%PDF-1")
    assert rkt("extract", plans, "-o", tmp_path / "out", "-q", "--no-report")[0] == 0
    return tmp_path / "out"


KEY = document(b"%PDF-1").row.dokumen_id


def test_findings_and_groups_follow(made: Path) -> None:
    rkt("correct", made, f"{KEY}-a2", "jumlah", "Rp 5.000.000.000", "--who", "")
    rkt("correct", made, f"{KEY}-i1", "indikator", "Laporan tepat", "--who", "")
    code, out, _ = rkt("extract", made.parent / "plans", "-o", made)
    assert code == 0
    assert "corrections: 2 applied\n" in out
    assert rows(made, "anggaran")[0]["jumlah_dihitung"] == "5000000000"
    assert "Laporan tepat" in {r["indikator"] for r in rows(made, "kelompok")}
    assert any("5.000.000.000" in r["pesan"] for r in rows(made, "temuan"))


def test_what_no_longer_applies_is_told_and_reported(made: Path) -> None:
    rkt("correct", made, f"{KEY}-i1", "target_teks", "80 %", "--who", "Ani")
    path = made / "koreksi.csv"
    text = path.read_text("utf-8")
    last = text.splitlines()[-1]
    other = last.replace(KEY, "e" * 16)
    path.write_text(text.replace('"77,5 %"', '"70 <b>"') + other + "\r\n", "utf-8")
    code, out, err = rkt("audit", made)
    assert code == 0
    assert err.splitlines() == [
        'koreksi.csv:2: target_teks: what is read is now "77,5 %", not "70 <b>"; '
        "correct it again, or remove the line",
        "corrections for documents that are not in this dataset: 1",
    ]
    assert rows(made)[0]["target_teks"] == "77,5 %"
    html = (made / "laporan.html").read_text("utf-8")
    assert "Koreksi yang tidak berlaku lagi" in html
    assert "70 &lt;b&gt;" in html


def test_a_corrected_agency_decides_who_is_compared(tmp_path: Path) -> None:
    plans = [contradicting("a"), contradicting("b", "Badan Lain")]
    folder = write(tmp_path / "data", *plans)
    review(folder, report=False)
    as_read = contents(folder)
    apart = len(rows(folder, "kelompok"))
    key = plans[1].row.dokumen_id
    assert rkt("correct", folder, key, "instansi", "Dinas Contoh", "--who", "Ani")[0] == 0
    for _ in range(2):
        assert rkt("audit", folder, "-q", "--no-report") == (0, "", "")
        assert [r["instansi"] for r in rows(folder, "dokumen")] == ["Dinas Contoh"] * 2
        assert [r["tanda"] for r in rows(folder, "dokumen")] == ["", "koreksi"]
        assert len(rows(folder, "kelompok")) < apart
    (folder / "koreksi.csv").unlink()
    rkt("audit", folder, "-q", "--no-report")
    assert contents(folder) == as_read


def test_explain_tells_of_it(made: Path) -> None:
    rkt("correct", made, f"{KEY}-i1", "target_teks", "80 %", "--reason", "cap", "--who", "Ani")
    rkt("correct", made, f"{KEY}-i1", "semua", "benar", "--who", "Ani")
    rkt("audit", made, "-q", "--no-report")
    out = rkt("explain", made, f"{KEY}-i1")[1]
    assert "  target_teks: 77,5 %\n" in out
    assert "  koreksi.csv: target_teks: 80 % (cap, Ani)\n" in out
    assert "  koreksi.csv: confirmed (Ani)\n" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((KEY, "semua", "benar"), "kolom 'semua' is none of jenis, instansi, tahun"),
        ((KEY, "halaman", "3"), "kolom 'halaman' is none of jenis, instansi, tahun"),
        (("0-i1", "indikator", "x"), "has no record '0-i1'; ids stand in"),
        ((f"{KEY}-i99", "indikator", "x"), "has no record"),
        ((f"{KEY}-i1", "target", "x"), "kolom 'target' is none of misi,"),
        ((f"{KEY}-i1", "target_nilai", "x"), "target_nilai: 'x' is no number"),
        (
            (f"{KEY}-i1", "semua", "x"),
            "with kolom semua nilai_baru is benar; for a value name a field",
        ),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    made: Path, arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = rkt("correct", made, *arguments)
    assert code == 2
    assert message in err
    assert not (made / "koreksi.csv").exists()


def test_defects_stop_a_run_before_anything_is_read(made: Path) -> None:
    before = contents(made)
    (made / "koreksi.csv").write_text("a,b\n1,2\n")
    code, _, err = rkt("extract", made.parent / "plans", "-o", made)
    assert code == 2
    assert "koreksi.csv: the first line must name the columns" in err
    (made / "koreksi.csv").unlink()
    assert contents(made) == before


def test_corrections_are_in_a_dataset_that_is_not_audited(made: Path) -> None:
    import rktdata

    rkt("correct", made, f"{KEY}-i1", "target_teks", "80 %", "--who", "Ani")
    rktdata.extract([made.parent / "plans"], made, audit=False)
    assert rows(made)[0]["target_teks"] == "80 %"
    assert review(made, report=False).corrected == 1


def test_a_folder_with_nothing_but_corrections_is_taken(
    tmp_path: Path, fake_pipeline: Fake
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "koreksi.csv").write_text("")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1")
    assert rkt("extract", tmp_path / "a.pdf", "-o", out, "-q")[0] == 0
