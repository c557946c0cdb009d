from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

import rktdata
from rktdata import batch
from rktdata.batch import Outcome, extract, find_documents, outcome
from rktdata.schemas.errors import NotPdfError, UnreadablePathError
from rktdata.schemas.options import Options
from rktdata.workers.pool import Task
from tests.documents import Fake, HerePool, fake_pipeline

__all__ = ["fake_pipeline"]


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def names(paths: list[str], folder: Path) -> list[str]:
    return [Path(path).relative_to(folder).as_posix() for path in paths]


def test_a_folder_stands_for_its_pdfs_by_name(tmp_path: Path) -> None:
    files = ["b.PDF", "a/z.pdf", "a/y.Pdf", "c.txt", ".hidden.pdf", ".git/x.pdf", "a/b/1.pdf"]
    put(tmp_path, dict.fromkeys(files, b""))
    assert names(find_documents([tmp_path]), tmp_path) == [
        "a/b/1.pdf",
        "a/y.Pdf",
        "a/z.pdf",
        "b.PDF",
    ]


def test_named_paths_keep_their_order_and_stand_once(tmp_path: Path) -> None:
    put(tmp_path, {"b.pdf": b"", "a.pdf": b"", "c.dat": b""})
    given = [tmp_path / "c.dat", tmp_path / "b.pdf", tmp_path, tmp_path / "missing.pdf"]
    assert names(find_documents(given), tmp_path) == ["c.dat", "b.pdf", "a.pdf", "missing.pdf"]


def test_a_folder_without_pdfs_stands_for_itself(tmp_path: Path) -> None:
    assert find_documents([tmp_path]) == [str(tmp_path)]


UNREADABLE = ["missing.pdf", "folder", "pipe.pdf", "file.pdf/inside.pdf", "a" * 300, "nul\0.pdf"]


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_path_is_a_failed_row(tmp_path: Path, name: str) -> None:
    put(tmp_path, {"file.pdf": b"%PDF-1"})
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    [path] = find_documents([tmp_path / name])
    row = outcome(path, Options()).row
    assert row.status == "gagal"
    assert row.sha256 is None
    assert (row.galat or "").startswith("tak_terbaca: ")


def test_a_path_without_permission_is_a_failed_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, {"a.pdf": b"%PDF-1"}) / "a.pdf"

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    galat = outcome(path, Options()).row.galat
    assert galat == (
        "tak_terbaca: the file cannot be opened (Permission denied); "
        "check the path and its permissions"
    )


def test_a_name_that_is_no_utf8_is_readable_text(tmp_path: Path, fake_pipeline: Fake) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/rencana\xff.pdf"))
    path.write_bytes(b"%PDF-1")
    assert outcome(path, Options()).row.berkas == "rencana\ufffd.pdf"


def test_a_document_error_is_a_failed_row(tmp_path: Path, fake_pipeline: Fake) -> None:
    path = put(tmp_path, {"a.pdf": b"hello"}) / "a.pdf"
    entry = outcome(path, Options())
    assert entry.row.galat == "bukan_pdf: the file is no PDF; convert it"
    assert entry.row.dokumen_id == (entry.row.sha256 or "")[:16]
    assert entry.json is None


def test_a_defect_of_ours_costs_one_document(tmp_path: Path, fake_pipeline: Fake) -> None:
    put(tmp_path, {"in/a.pdf": b"%PDF-defect", "in/b.pdf": b"%PDF-1"})
    told: list[Outcome] = []
    extract([tmp_path / "in"], tmp_path / "out", on_outcome=told.append, audit=False)
    first, second = (one.entry for one in told)
    assert first is not None and second is not None
    assert first.row.galat == "galat_tak_terduga: ZeroDivisionError: division by zero"
    assert "Traceback" in first.trace
    assert second.row.status == "lengkap"


def test_extract_sums_up_what_it_did(tmp_path: Path, fake_pipeline: Fake) -> None:
    put(tmp_path, {"in/a.pdf": b"%PDF-1", "in/b.pdf": b"%PDF-1", "in/c.pdf": b"no"})
    told: list[Outcome] = []
    summary = extract([tmp_path / "in"], tmp_path / "out", on_outcome=told.append)
    assert summary.statuses == {"lengkap": 1, "gagal": 1}
    assert (summary.failed, summary.duplicates, summary.pages) == (1, 1, 2)
    rows = {"dokumen": 2, "tabel": 1, "indikator": 2, "anggaran": 2}
    assert {name: summary.rows[name] for name in rows} == rows
    assert list(summary.rows) == [*rows, "kelompok", "temuan", "panel", "perubahan"]
    assert [(Path(one.label).name, one.duplicate) for one in told] == [
        ("a.pdf", False),
        ("b.pdf", True),
        ("c.pdf", False),
    ]


@pytest.mark.parametrize("room", [1, 3 << 20, 1 << 30])
def test_documents_held_at_a_time_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    size = 1 << 20
    for number in range(8):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF-" + bytes([number]) * (size - 5))
    most = []

    class Pool(HerePool):
        capacity = 4

        def submit(self, task: Task) -> None:
            super().submit(task)
            most.append(sum(len(held.pdf) for held in self._tasks))

    monkeypatch.setattr(batch, "start_pool", Pool)
    monkeypatch.setattr(batch, "HELD", room)
    extract([tmp_path], tmp_path / "out", audit=False)
    assert max(most) == max(size, min(room, 4 * size))


def test_urls_lists_and_archives_are_one_run(tmp_path: Path, fake_pipeline: Fake) -> None:
    fsspec = pytest.importorskip("fsspec")
    fsspec.filesystem("memory").pipe("/bucket/2024/a.pdf", b"%PDF-a")
    here = tmp_path / "deep" / "er"
    here.mkdir(parents=True)
    with zipfile.ZipFile(here / "b.zip", "w") as archive:
        archive.writestr("../../b.pdf", b"%PDF-b")
    (here / "c.pdf").write_bytes(b"%PDF-c")
    (here / "list.txt").write_text(f"memory://bucket/2024\n{here}/b.zip\n")
    given = [f"@{here}/list.txt", here / "c.pdf", "memory://bucket/none.pdf"]
    told: list[Outcome] = []
    for known in (0, 3):
        summary = extract(given, here / "out", on_outcome=told.append, audit=False)
        assert summary.statuses == {"lengkap": 3, "gagal": 1}
        assert (summary.known, summary.failures) == (known, {"tak_terbaca": 1})
    places = [one.label.rpartition("/")[2] for one in told]
    assert places == ["a.pdf", "b.pdf", "c.pdf", "none.pdf"] * 2
    assert not list(tmp_path.glob("**/b.pdf"))


def test_read_gives_the_document_or_raises(tmp_path: Path, fake_pipeline: Fake) -> None:
    put(tmp_path, {"a.pdf": b"%PDF-1", "b.pdf": b"no"})
    assert len(rktdata.read(tmp_path / "a.pdf").to_frame()) == 2
    with pytest.raises(NotPdfError):
        rktdata.read(str(tmp_path / "b.pdf"))
    with pytest.raises(UnreadablePathError, match="no such file"):
        rktdata.read(tmp_path / "c.pdf")
    with pytest.raises(ValueError, match="colour"):
        rktdata.read(tmp_path / "a.pdf", colour="red")


def test_the_function_is_there_beside_the_package_of_its_name(
    tmp_path: Path, fake_pipeline: Fake
) -> None:
    import rktdata.extract.text

    (tmp_path / "a.pdf").write_bytes(b"%PDF-1")
    summary = rktdata.extract([tmp_path / "a.pdf"], tmp_path / "out", audit=False)
    assert summary.statuses == {"lengkap": 1}
