from __future__ import annotations

from pathlib import Path

import pytest

from rktdata.output.dataset import STAGING, DatasetWriter, document_entry, failure_entry
from rktdata.schemas.errors import OutputFolderError
from rktdata.schemas.records import DokumenRow, KelompokRow
from tests.documents import document

FILES = ["anggaran.csv", "datapackage.json", "dokumen.csv", "indikator.csv", "tabel.csv"]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write(folder: Path, *pdfs: bytes) -> Path:
    with DatasetWriter(folder) as writer:
        for pdf in pdfs:
            assert writer.add(document_entry(document(pdf)))
    return folder


def test_twice_the_same_bytes(tmp_path: Path) -> None:
    one = contents(write(tmp_path / "one", b"%PDF-1", b"%PDF-2"))
    assert one == contents(write(tmp_path / "two", b"%PDF-1", b"%PDF-2"))
    assert [name for name in one if not name.startswith("dokumen/")] == FILES
    assert sum(name.startswith("dokumen/") for name in one) == 2


def test_rows_stand_in_the_order_of_the_documents(tmp_path: Path) -> None:
    with DatasetWriter(tmp_path / "data") as writer:
        for name in ("b.pdf", "a.pdf", "c.pdf"):
            writer.add(document_entry(document(name.encode(), name)))
    lines = (tmp_path / "data/dokumen.csv").read_text("utf-8").splitlines()
    assert [text.split(",")[1] for text in lines] == ["berkas", "b.pdf", "a.pdf", "c.pdf"]


def test_the_same_content_again_is_not_written(tmp_path: Path) -> None:
    with DatasetWriter(tmp_path / "data") as writer:
        assert writer.add(document_entry(document(b"%PDF-1", "a.pdf")))
        assert not writer.add(document_entry(document(b"%PDF-1", "b.pdf")))
    assert b"b.pdf" not in (tmp_path / "data/dokumen.csv").read_bytes()


def test_a_failed_document_is_a_row_without_a_file(tmp_path: Path) -> None:
    row = DokumenRow(dokumen_id="0" * 16, berkas="x.pdf", status="gagal", galat="kosong: no bytes")
    with DatasetWriter(tmp_path / "data") as writer:
        writer.add(failure_entry(row))
    assert list((tmp_path / "data/dokumen").iterdir()) == []
    assert b"gagal,kosong: no bytes,\r\n" in (tmp_path / "data/dokumen.csv").read_bytes()


def test_rows_of_the_whole_dataset_get_a_file_of_their_own(tmp_path: Path) -> None:
    group = KelompokRow(kelompok_id="k-1", indikator="Indeks", status="tunggal", anggota=1)
    with DatasetWriter(tmp_path / "data") as writer:
        writer.add_rows(KelompokRow, [group])
    assert (tmp_path / "data/kelompok.csv").read_bytes().endswith(b"k-1,Indeks,,,,tunggal,1\r\n")
    assert '"kelompok"' in (tmp_path / "data/datapackage.json").read_text("utf-8")


def test_a_run_that_breaks_off_leaves_the_former_dataset(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", b"%PDF-1")
    before = contents(folder)
    with pytest.raises(KeyboardInterrupt), DatasetWriter(folder) as writer:
        writer.add(document_entry(document(b"%PDF-2")))
        raise KeyboardInterrupt
    assert contents(folder) == before


def test_a_full_disk_leaves_the_former_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "data", b"%PDF-1")
    before = contents(folder)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"), DatasetWriter(folder) as writer:
        writer.add(document_entry(document(b"%PDF-2")))
    assert contents(folder) == before


def test_a_later_run_replaces_what_is_ours_and_nothing_else(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", b"%PDF-1")
    (folder / "catatan.txt").write_text("mine")
    (folder / "dokumen/catatan.json").write_text("mine")
    write(folder, b"%PDF-2")
    expected = contents(write(tmp_path / "fresh", b"%PDF-2"))
    assert contents(folder) == expected | {
        "catatan.txt": b"mine",
        "dokumen/catatan.json": b"mine",
    }


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / STAGING / "dokumen").mkdir(parents=True)
    (folder / STAGING / "dokumen/half.json").write_text("{")
    assert contents(write(folder, b"%PDF-1")) == contents(write(tmp_path / "fresh", b"%PDF-1"))


FOREIGN = [{"surat.docx": "x"}, {"datapackage.json": '{"name": "another"}', "dokumen.csv": ""}]


@pytest.mark.parametrize("files", FOREIGN)
def test_a_folder_of_other_files_is_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    before = contents(tmp_path)
    with pytest.raises(OutputFolderError, match="name a new or empty folder"):
        DatasetWriter(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("names", [[], [".gitkeep"], ["dokumen.csv", "tabel.csv"]])
def test_a_folder_with_nothing_else_in_it_is_taken(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    write(tmp_path, b"%PDF-1")
    assert (tmp_path / "datapackage.json").is_file()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(OutputFolderError, match="is a file"):
        DatasetWriter(tmp_path / "data")
    with pytest.raises(OutputFolderError, match="cannot be"), DatasetWriter(tmp_path / "data/sub"):
        pass
