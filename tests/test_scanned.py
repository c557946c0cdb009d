"""A scan on the whole way: worker, cache, dataset, searchable copy."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

for name in ("cv2", "onnxruntime", "rapidocr", "tesserocr", "pikepdf"):
    pytest.importorskip(name, reason='reading scans needs: pip install "rktdata[ocr]"')

from rktdata import batch, open_dataset  # noqa: E402
from rktdata.schemas.limits import Limits  # noqa: E402
from tests.scans import PER_PT, ROWS, scan, table  # noqa: E402

LETTERS = len("".join(text for row in ROWS for text in row).replace(" ", ""))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scanned table in a folder, read into `data` with a searchable copy in `copies`."""
    place = tmp_path_factory.mktemp("scan")
    (place / "plan.pdf").write_bytes(scan(table()))
    batch.extract([place / "plan.pdf"], place / "data", searchable=place / "copies")
    return place


def rows(data: Path, name: str) -> list[dict[str, str]]:
    with (data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_scan_gives_records_that_say_how_they_were_read(folder: Path) -> None:
    [document] = rows(folder / "data", "dokumen")
    assert (document["status"], document["pindaian"]) == ("lengkap", "1")
    found = rows(folder / "data", "indikator")
    assert [(r["indikator"], r["target_nilai"]) for r in found] == [
        ("Jumlah dokumen", "12"),
        ("Persentase data", "75"),
    ]
    assert all("ocr" in r["tanda"].split() for r in found)


def test_places_are_points_of_the_page_and_the_ledger_counts_what_was_read(folder: Path) -> None:
    [path] = (folder / "data" / "dokumen").glob("*.json")
    document = json.loads(path.read_text("utf-8"))
    [read] = document["tabel"]
    cell = read["baris"][0]["sel"][1]
    [source] = cell["sumber"]
    x0, top, x1, bottom = (v * PER_PT for v in source["kotak"])
    # "Jumlah dokumen": its cell in pixels of the drawn page.
    assert (cell["teks"], "ocr" in cell["tanda"]) == ("Jumlah dokumen", True)
    assert 367 <= x0 < x1 <= 1089
    assert 411 <= top < bottom <= 522
    [ledger] = document["neraca"]
    assert ledger["masuk"] == sum(ledger["keluar"].values()) == LETTERS


def test_what_was_read_is_not_read_again(folder: Path) -> None:
    kept = {p: p.stat().st_mtime_ns for p in (folder / "data" / ".rktdata" / "halaman").rglob("*")}
    before = (folder / "data" / "indikator.csv").read_bytes()
    scanned: list[tuple[str, int]] = []
    batch.extract(
        [folder / "plan.pdf"],
        folder / "data",
        force=True,
        on_scan=lambda name, page: scanned.append((name, page)),
    )
    assert scanned == [("plan.pdf", 1)]
    assert kept == {p: p.stat().st_mtime_ns for p in kept}
    assert (folder / "data" / "indikator.csv").read_bytes() == before


def test_a_searchable_copy_is_made_and_made_again_when_it_is_gone(folder: Path) -> None:
    [copy] = (folder / "copies").iterdir()
    assert copy.name.startswith("plan-")
    content = copy.read_bytes()
    copy.unlink()
    batch.extract([folder / "plan.pdf"], folder / "data", searchable=folder / "copies")
    assert copy.read_bytes() == content


def test_without_ocr_a_scan_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    batch.extract([folder / "plan.pdf"], tmp_path / "data", ocr="never", report=False)
    [document] = rows(tmp_path / "data", "dokumen")
    assert document["status"] == "gagal"
    assert document["galat"].startswith("perlu_ocr:")


def test_a_page_whose_time_is_up_is_left_unread(folder: Path, tmp_path: Path) -> None:
    limits = Limits(scan_seconds=0.01)
    batch.extract([folder / "plan.pdf"], tmp_path / "data", limits=limits, report=False)
    [document] = rows(tmp_path / "data", "dokumen")
    assert (document["status"], "batas_waktu" in document["galat"]) == ("gagal", True)


def test_the_dataset_opens_with_its_marks(folder: Path) -> None:
    frame = open_dataset(folder / "data").to_frame("indikator")
    assert frame["tanda"].str.contains("ocr").all()
