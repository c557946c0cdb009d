from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rktdata import batch
from rktdata.batch import Outcome, extract
from rktdata.output.dataset import Entry
from rktdata.schemas.errors import WorkerError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers import launch, pool, process
from rktdata.workers.pool import LocalPool, Task

DEADLY = Path(__file__).with_name("deadly.py")


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPool]:
    """A pool of workers that do what they are told."""

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, str(DEADLY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=launch._environment(),
            start_new_session=True,
        )

    monkeypatch.setattr(process, "launch", start)
    with_limits = LocalPool(2, Options(), Limits(seconds=4))
    yield with_limits
    with_limits.close()


def read(some: LocalPool, *contents: bytes) -> list[Entry]:
    for number, content in enumerate(contents):
        some.submit(Task(number, f"{number}.pdf", content))
    found = dict(
        (task.number, entry) for task, entry in (some.wait() for _ in range(len(contents)))
    )
    return [found[number] for number in range(len(contents))]


CLASSES = {
    b"hang": "batas_waktu",
    b"segfault": "rusak",
    b"killed": "batas_memori",
    b"babble": "rusak",
    b"lie": "rusak",
    b"garble": "rusak",
    b"wander": "rusak",
}


def test_a_document_costs_its_process_and_no_more(deadly: LocalPool) -> None:
    contents = [part for bad in CLASSES for part in (b"fine", bad)] + [b"fine"]
    for content, entry in zip(contents, read(deadly, *contents), strict=True):
        code = (entry.row.galat or "").partition(":")[0]
        assert code == CLASSES.get(content, "tanpa_tabel"), content


def test_a_worker_speaks_of_its_own_document_only(
    deadly: LocalPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("impostor", "fine", "another"):
        (tmp_path / f"{name}.pdf").write_bytes(name.encode())
    monkeypatch.setattr(batch, "start_pool", lambda *_: deadly)
    told: list[Outcome] = []
    extract([tmp_path], tmp_path / "out", on_outcome=told.append, audit=False)
    galat = {Path(o.label).stem: o.entry.row.galat or "" for o in told if o.entry}
    assert galat["impostor"].startswith("rusak: reading it makes the process speak of another")
    assert galat["another"] == galat["fine"] == "tanpa_tabel: fine"


def test_a_document_is_not_to_blame_for_kills_from_outside(
    deadly: LocalPool, tmp_path: Path
) -> None:
    for kills, code in ((4, "tanpa_tabel"), (9, "batas_memori")):
        counter = tmp_path / str(kills)
        counter.write_text(str(kills))
        [entry] = read(deadly, b"killed-while:" + bytes(counter))
        assert (entry.row.galat or "").partition(":")[0] == code


def test_a_page_on_which_a_library_hangs_is_left_out(deadly: LocalPool) -> None:
    [entry] = read(deadly, b"hangs-on:3,5,8")
    assert (entry.row.galat or "") == "tanpa_tabel: left out [3, 5, 8]"


def test_a_document_that_hangs_on_every_page_takes_its_time_only(deadly: LocalPool) -> None:
    [entry] = read(deadly, b"hangs-on:" + b",".join(b"%d" % n for n in range(1, 100_000)))
    assert (entry.row.galat or "").startswith("batas_waktu: ")


@pytest.mark.parametrize(("size", "processes"), [(9, 1), (pool.LIKELY_LONG, 2)])
def test_a_large_document_has_a_second_process_started(size: int, processes: int) -> None:
    some = LocalPool(2, Options(), Limits())
    some.submit(Task(0, "a.pdf", b"x" * size))
    assert len(some._threads) == processes
    some.close()


def test_closing_ends_what_hangs(deadly: LocalPool) -> None:
    deadly.submit(Task(0, "a.pdf", b"hang"))
    deadly.close()
    assert all(slot.stopped for slot in deadly._slots)


SAMPLE = Path(__file__).parents[2] / "samples" / "rkt-disdik-sel-gabungan.pdf"


def test_a_process_that_has_read_can_draw() -> None:
    some = LocalPool(2, Options(), Limits())
    pdf, window = SAMPLE.read_bytes(), ("", 1, (0.0, 0.0, 40.0, 30.0))
    assert [entry.row.status for entry in read(some, pdf, pdf)] == ["lengkap"] * 2
    processes = [slot._process for slot in some._slots]
    drawer = some.drawer()
    assert drawer is not None
    assert list(drawer.draw(pdf, [window], None, 1.0)) == [window]
    assert drawer._process in processes
    assert [slot.stopped for slot in some._slots].count(False) == 1
    some.close()
    assert drawer.stopped


def test_a_process_that_reads_pages_of_anothers_document_draws_nothing() -> None:
    some = LocalPool(1, Options(), Limits())
    read(some, SAMPLE.read_bytes())
    some._slots[0].helping = True
    assert some.drawer() is None
    some.close()


def test_a_process_that_still_starts_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["sleep", "60"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    monkeypatch.setattr(process, "launch", start)
    some = LocalPool(1, Options(), Limits())
    some.warm()
    assert some.drawer() is None
    some.close()


def test_one_document_takes_one_process_pictures_and_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(launch.launch())
        return started[-1]

    monkeypatch.setattr(process, "launch", start)
    extract([SAMPLE], tmp_path / "out")
    assert "data:image/webp" in (tmp_path / "out" / "laporan.html").read_text("utf-8")
    assert len(started) == 1


def test_a_worker_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(["false"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(process, "launch", start)
    some = LocalPool(1, Options(), Limits())
    some.submit(Task(0, "a.pdf", b"%PDF-"))
    with pytest.raises(WorkerError, match="no worker process can be started"):
        some.wait()
    some.close()


CONFINED = """
import ctypes, socket, sys, threading
from rktdata.schemas.limits import Limits
from rktdata.workers.sandbox import confine
go = threading.Event()

def ask():
    go.wait()
    for family in (socket.AF_INET, socket.AF_INET6):  # past Python, and its audit hook
        if ctypes.CDLL(None).socket(int(family), int(socket.SOCK_STREAM), 0) < 0:
            print("refused")

earlier = threading.Thread(target=ask)
earlier.start()
confine(Limits(memory_mb=600))
go.set()
earlier.join()
for family in (socket.AF_INET, socket.AF_INET6):
    try:
        socket.socket(family).connect(("127.0.0.1", 9))
    except OSError as error:
        print(type(error).__name__)
print(open("/proc/self/oom_score_adj").read().strip())
try:
    bytearray(1 << 30)
except MemoryError:
    print("MemoryError")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filters are Linux's")
def test_a_worker_has_no_network_and_bounded_memory() -> None:
    run = subprocess.run([sys.executable, "-c", CONFINED], capture_output=True, text=True)
    assert run.stdout.split() == [
        *("refused", "refused"),
        *("PermissionError", "PermissionError"),
        *("1000", "MemoryError"),
    ], run.stderr
