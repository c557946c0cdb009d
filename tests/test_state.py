"""Runs that are stopped, repeated, doubled, and those whose disk fails them."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rktdata.batch import Outcome, Summary, extract
from rktdata.output.dataset import STAGING, DatasetWriter
from rktdata.review import pdf_reader
from rktdata.schemas.errors import BusyFolderError, InputError, OutputFolderError
from rktdata.state import DATABASE, FOLDER, State
from tests.documents import Fake, fake_pipeline
from tests.test_bad_input import files, plan, rkt

__all__ = ["fake_pipeline"]


def run(inputs: Path, out: Path, **more: Any) -> tuple[Summary, list[str]]:
    """The summary, and the names of the documents that were read this time."""
    told: list[Outcome] = []
    summary = extract([inputs], out, on_outcome=told.append, audit=False, **more)
    names = [Path(o.label).name for o in told if not o.known and not o.duplicate]
    return summary, names


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.pdf").write_bytes(f"%PDF-{name}".encode())
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files(folder)}


def test_where_a_document_was_read_is_known_from_anywhere(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "z!.zip", "w") as archive:
        archive.writestr("d.pdf", b"%PDF-d")
    monkeypatch.chdir(tmp_path)
    extract(["in", "z!.zip"], "out", audit=False)
    monkeypatch.chdir("/")
    read = pdf_reader(tmp_path / "out", None)
    for content in (b"%PDF-a", b"%PDF-d"):
        assert read(hashlib.sha256(content).hexdigest()[:16]) == content
    (inputs / "a.pdf").unlink()
    assert read(hashlib.sha256(b"%PDF-a").hexdigest()[:16]) is None
    assert read("0" * 16) is None
    assert pdf_reader(tmp_path / "in", None)("0" * 16) is None


def test_what_did_not_change_is_not_read_again(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake
) -> None:
    out = tmp_path / "out"
    assert run(inputs, out)[1] == ["a.pdf", "b.pdf", "c.pdf"]
    before = bytes_of(out)
    again, names = run(inputs, out)
    assert (names, again.known, again.changes.unchanged) == ([], 3, 3)
    assert bytes_of(out) == before
    (inputs / "a.pdf").write_bytes(b"%PDF-other")
    (inputs / "b.pdf").unlink()
    (inputs / "d.pdf").write_bytes(b"%PDF-d")
    summary, names = run(inputs, out)
    assert names == ["a.pdf", "d.pdf"]
    changes = summary.changes
    assert (changes.new, changes.changed, changes.unchanged, changes.removed) == (1, 1, 1, 1)
    fresh = tmp_path / "fresh"
    run(inputs, fresh)
    assert bytes_of(out) == bytes_of(fresh)


@pytest.mark.parametrize("more", [{"force": True}, {"password": "x"}, {"vocabulary": ""}])
def test_other_options_and_force_read_again(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake, more: dict[str, Any]
) -> None:
    run(inputs, tmp_path / "out")
    assert len(run(inputs, tmp_path / "out", **more)[1]) == 3


def test_a_renamed_file_is_read_again(tmp_path: Path, inputs: Path, fake_pipeline: Fake) -> None:
    run(inputs, tmp_path / "out")
    (inputs / "a.pdf").rename(inputs / "z.pdf")
    assert run(inputs, tmp_path / "out")[1] == ["z.pdf"]


def test_two_runs_on_one_dataset_are_refused(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake
) -> None:
    with State(tmp_path / "out", "x"), pytest.raises(BusyFolderError, match=str(os.getpid())):
        run(inputs, tmp_path / "out")


def test_an_audit_beside_a_run_is_refused(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake
) -> None:
    out = tmp_path / "out"
    run(inputs, out)
    before = bytes_of(out)
    with State(out, "x"):
        code, _, err = rkt("audit", out)
    assert (code, str(os.getpid()) in err) == (2, True)
    assert bytes_of(out) == before
    assert rkt("audit", out)[0] == 0
    assert rkt("audit", tmp_path / "none")[0] == 2
    assert not (tmp_path / "none").exists()


def test_a_damaged_memory_is_made_anew(tmp_path: Path, inputs: Path, fake_pipeline: Fake) -> None:
    out = tmp_path / "out"
    run(inputs, out)
    (out / FOLDER / DATABASE).write_bytes(b"nonsense" * 999)
    assert len(run(inputs, out)[1]) == 3


def test_a_full_disk_leaves_the_dataset(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run(inputs, out)
    before = bytes_of(out)
    (inputs / "d.pdf").write_bytes(b"%PDF-d")
    with monkeypatch.context() as patch:

        def full(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        patch.setattr(State, "note", full)
        with pytest.raises(OutputFolderError, match="disk is full"):
            run(inputs, out)
    with monkeypatch.context() as patch:

        def no_space(*_: object) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr(DatasetWriter, "add", no_space)
        with pytest.raises(OutputFolderError, match="No space left"):
            run(inputs, out)
    assert bytes_of(out) == before
    assert run(inputs, out)[0].statuses == {"lengkap": 4}


def test_a_disk_that_is_full_before_the_audit_leaves_the_documents(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DatasetWriter, "add_rows", no_space)
    with pytest.raises(OutputFolderError, match="is written, but not its audit.*rkt audit"):
        extract([inputs], tmp_path / "out")
    assert files(tmp_path / "out") >= {"dokumen.csv", "indikator.csv", "datapackage.json"}
    assert not (tmp_path / "out" / STAGING).exists()


def test_what_a_full_disk_keeps_is_thrown_away(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no space"), DatasetWriter(tmp_path / "out") as writer:
        writer._open.callback(_no_space)
        _no_space()
    assert not (tmp_path / "out" / STAGING).exists()


def _no_space() -> None:
    raise OSError(28, "no space")


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits")
@pytest.mark.parametrize("room", [0, 40_000])
def test_a_disk_that_holds_no_more_leaves_the_dataset(tmp_path: Path, room: int) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    (inputs / "a.pdf").write_bytes(plan())

    def command(most: int | None) -> subprocess.CompletedProcess[str]:
        """A run for which the disk is full when a file has so many bytes."""
        start = "import resource, sys; from rktdata.cli import main\n"
        if most is not None:
            start += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))\n"
        arguments = ["extract", str(inputs), "-o", str(out), "-q", "--jobs", "1"]
        return subprocess.run(
            [sys.executable, "-c", f"{start}main()", *arguments], capture_output=True, text=True
        )

    assert command(None).returncode == 0
    before = bytes_of(out)
    for number in range(8):
        (inputs / f"b{number}.pdf").write_bytes(plan(f"Jumlah laporan {number}"))
    full = command(room)
    assert full.returncode == 2, full.stderr
    [line] = full.stderr.splitlines()
    assert "cannot be written" in line
    assert bytes_of(out) == before
    assert command(None).returncode == 0
    assert len(bytes_of(out)) == len(before) + 8


@pytest.mark.parametrize("emptied", [False, True])
def test_inputs_that_vanish_leave_the_dataset(
    tmp_path: Path, inputs: Path, fake_pipeline: Fake, emptied: bool
) -> None:
    out = tmp_path / "out"
    run(inputs, out)
    before = bytes_of(out)
    for name in "defghijk":
        (inputs / f"{name}.pdf").write_bytes(f"%PDF-{name}".encode())

    def vanish(_: Outcome) -> None:
        shutil.rmtree(inputs, ignore_errors=True)
        if emptied:  # the place where a disk was
            inputs.mkdir(exist_ok=True)

    with pytest.raises(InputError, match="vanished"):
        extract([inputs], out, on_outcome=vanish, audit=False)
    assert bytes_of(out) == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_killed_runs_end_in_the_same_bytes(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number in range(12):
        (inputs / f"{number:02}.pdf").write_bytes(plan(f"Jumlah laporan {number}"))

    def start(out: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "rktdata", "extract", str(inputs), "-o", str(out)]
        return subprocess.Popen([*command, "-q", "--jobs", "2"], stderr=subprocess.DEVNULL)

    began = time.monotonic()
    assert start(tmp_path / "whole").wait() == 0
    needed = time.monotonic() - began
    chance = random.Random(6)
    for _ in range(4):
        process = start(tmp_path / "killed")
        time.sleep(chance.uniform(0.3, 1) * needed)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(tmp_path / "killed").wait() == 0
    assert bytes_of(tmp_path / "killed") == bytes_of(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_how_to_go_on(tmp_path: Path, with_signal: signal.Signals) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number in range(40):
        (inputs / f"{number:02}.pdf").write_bytes(plan(f"Jumlah laporan {number}"))
    command = [sys.executable, "-m", "rktdata", "extract", str(inputs), "-o", str(tmp_path / "o")]
    process = subprocess.Popen([*command, "--jobs", "1"], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(with_signal)
    said = process.communicate()[1]
    assert process.returncode == 130, said
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
