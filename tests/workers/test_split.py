"""One long document read by several workers: the same bytes, whatever happens to them."""

from __future__ import annotations

import io
import os
import pickle
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from benchmarks.growth import pages_of_prose, rows_over_pages
from rktdata.output.dataset import Entry
from rktdata.packed import Packed, pack, unpack
from rktdata.schemas.document import PageReading
from rktdata.schemas.errors import WorkerError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers import pool, process
from rktdata.workers.board import Split
from rktdata.workers.pool import LocalPool
from rktdata.workers.process import OnScan, Process
from rktdata.workers.task import Rest, Run, SpoiltError, Task
from tests.hostile import with_a_page_that_hangs
from tests.test_page_by_page import long_plan

SCAN = Path(__file__).parents[2] / "samples" / "pk-dinsos-pindaian.pdf"
PATIENCE_SECONDS = 60


@pytest.fixture(autouse=True)
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document of three pages or more is worth being shared out."""
    monkeypatch.setattr(process, "AFTER_SECONDS", 0.0)
    for module in (process, pool):
        monkeypatch.setattr(module, "WORTH_SECONDS", 1e-9)


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """Runs that others have read; a document's own process waits until there is one."""
    runs: list[Run] = []
    take, offered = Split.take, Split.offered

    def take_late(self: Split) -> Run | None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while not (runs or self.stopped) and time.monotonic() < ends:
            time.sleep(0.001)
        return take(self)

    def noted(self: Split) -> Run | None:
        run = offered(self)
        if run is not None:
            runs.append(run)
        return run

    monkeypatch.setattr(Split, "take", take_late)
    monkeypatch.setattr(Split, "offered", noted)
    return runs


def read(
    pdf: bytes,
    jobs: int,
    limits: Limits | None = None,
    options: Options | None = None,
    on_scan: OnScan | None = None,
) -> Entry:
    some = LocalPool(jobs, options or Options(), limits or Limits(), None, on_scan)
    try:
        some.submit(Task(0, "a.pdf", pdf))
        return some.wait()[1]
    finally:
        some.close()


@pytest.fixture(scope="module")
def plan() -> bytes:
    return rows_over_pages(24)


@pytest.fixture(scope="module")
def whole(plan: bytes) -> Entry:
    return read(plan, 1)


@pytest.mark.parametrize("jobs", [2, 3])
def test_a_shared_document_is_the_same(
    plan: bytes, whole: Entry, helped: list[Run], jobs: int
) -> None:
    assert read(plan, jobs) == whole
    assert whole.row.status == "lengkap"
    assert len(helped) > 1


def test_what_is_left_out_is_told_in_the_same_words(helped: list[Run]) -> None:
    limits = Limits(pages=10, glyphs=2000)
    pdf = _with_a_damaged_page(long_plan())
    entry = read(pdf, 2, limits)
    assert entry == read(pdf, 1, limits)
    assert (entry.row.galat or "").startswith("bom: page 5 has ")
    assert "page 7 is damaged and cannot be read" in (entry.row.galat or "")
    assert helped


def _with_a_damaged_page(pdf: bytes) -> bytes:
    """Page 7 is no page."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        whole.Root.Pages.Kids[6] = whole.make_indirect(pikepdf.Array([1]))
        whole.save(made)
    return made.getvalue()


def test_a_document_that_nothing_is_found_in_says_so(helped: list[Run]) -> None:
    with pikepdf.open(io.BytesIO(pages_of_prose(8))) as prose:
        del prose.pages[0]
        made = io.BytesIO()
        prose.save(made)
    entry = read(made.getvalue(), 2)
    assert (entry.row.galat or "").startswith("tanpa_tabel: ")
    assert entry == read(made.getvalue(), 1)
    assert helped


def test_a_page_that_hangs_is_left_out_whoever_reads_it(helped: list[Run]) -> None:
    limits = Limits(seconds=60, page_seconds=1)
    pdf = with_a_page_that_hangs(rows_over_pages(5))
    entry = read(pdf, 2, limits)
    assert (entry.row.galat or "").startswith("batas_waktu: page 6 ")
    assert entry == read(pdf, 1, limits)
    assert helped


def test_copies_are_made_in_one_place(plan: bytes, whole: Entry, helped: list[Run]) -> None:
    assert read(plan, 2, options=Options(searchable=True)) == whole
    assert not helped


Ask = Callable[[Process, Task, Run, Any, bool], bytes | None]


@pytest.mark.parametrize("keep", [False, True], ids=["another's", "its own"])
def test_a_process_that_is_killed_costs_time_only(
    plan: bytes, whole: Entry, helped: list[Run], monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    killed = _killing(monkeypatch, lambda kept: kept is keep, times=3)
    assert read(plan, 2) == whole
    assert killed == [keep] * 3


def test_a_document_whose_pages_always_kill_is_given_up(
    plan: bytes, monkeypatch: pytest.MonkeyPatch, helped: list[Run]
) -> None:
    killed = _killing(monkeypatch, lambda _: True, times=100)
    entry = read(plan, 2)
    assert (entry.row.galat or "").startswith("batas_memori: ")
    assert 5 <= len(killed) <= 10  # beside one of its own that dies, another may, too late


def _killing(
    monkeypatch: pytest.MonkeyPatch, chosen: Callable[[bool], bool], times: int
) -> list[bool]:
    """Processes are killed while they read a run; what is kept of each is noted."""
    killed: list[bool] = []
    ask: Ask = Process.read_run

    def asked(self: Process, task: Task, run: Run, account: Any, keep: bool) -> bytes | None:
        if chosen(keep) and len(killed) < times:
            killed.append(keep)
            self.kill()
        return ask(self, task, run, account, keep)

    monkeypatch.setattr(Process, "read_run", asked)
    return killed


class Touch:
    """Makes a file where it is unpickled without care."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (os.fspath(self.path),)


def test_a_part_runs_no_code(
    plan: bytes,
    whole: Entry,
    helped: list[Run],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    hostile = zlib.compress(pickle.dumps([Touch(tmp_path / "made")]))
    done = Split.done
    monkeypatch.setattr(Split, "done", lambda self, _, granted: done(self, hostile, granted))
    assert read(plan, 2) == whole
    assert helped
    assert not (tmp_path / "made").exists()
    pickle.loads(zlib.decompress(hostile))
    assert (tmp_path / "made").exists()


PARTS: dict[str, Callable[[bytes], bytes]] = {
    "garbage": lambda part: b"garbage",
    "cut short": lambda part: part[:-9],
    "nothing": lambda part: b"",
    "no list": lambda part: pack(1),
    "no pages": lambda part: pack([1]),
    "another page": lambda part: pack([PageReading(1, error=("rusak", "page 1"))]),
    "an error nobody knows": lambda part: pack([PageReading(2, error=("x", "page 2"))]),
    "too few": lambda part: pack([]),
    "made up": lambda part: _made_up(part),
    "damaged within": lambda part: _made_up(part, Packed([1])),
}


def _made_up(part: bytes, grids: Any = (1,)) -> bytes:
    """The same pages, with something else where their tables are."""
    if isinstance(grids, Packed):
        grids._packed = [b"garbage"]
    boxes = ((0.0, 0.0, 1.0, 1.0),)
    layouts = [replace(r.layout, grids=grids, boxes=boxes) for r in unpack(part)]
    return pack([replace(r, layout=made) for r, made in zip(unpack(part), layouts, strict=True)])


@pytest.mark.parametrize("made", PARTS.values(), ids=PARTS)
def test_parts_that_do_not_fit_are_read_anew(
    plan: bytes,
    whole: Entry,
    helped: list[Run],
    monkeypatch: pytest.MonkeyPatch,
    made: Callable[[bytes], bytes],
) -> None:
    done = Split.done
    monkeypatch.setattr(Split, "done", lambda self, part, granted: done(self, made(part), granted))
    assert read(plan, 2) == whole
    assert helped


@pytest.mark.parametrize("own", [False, True], ids=["another's", "its own"])
def test_pages_that_cannot_be_read_apart_are_read_whole(
    plan: bytes, whole: Entry, helped: list[Run], monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    ask: Ask = Process.read_run

    def asked(self: Process, task: Task, run: Run, account: Any, keep: bool) -> bytes | None:
        if keep is own:
            raise SpoiltError("a defect")
        return ask(self, task, run, account, keep)

    monkeypatch.setattr(Process, "read_run", asked)
    assert read(plan, 2) == whole
    assert helped


def test_a_part_that_is_too_large_is_read_by_the_documents_own_process(
    plan: bytes, whole: Entry, helped: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask: Ask = Process.read_run

    def asked(self: Process, task: Task, run: Run, account: Any, keep: bool) -> bytes | None:
        part = ask(self, task, run, account, keep)
        return part if keep else None

    monkeypatch.setattr(Process, "read_run", asked)
    assert read(plan, 2) == whole
    assert len(helped) == 1


def test_closing_ends_a_split(monkeypatch: pytest.MonkeyPatch, plan: bytes) -> None:
    some = LocalPool(2, Options(), Limits())
    begun = []
    monkeypatch.setattr(Split, "offered", lambda self: None)
    monkeypatch.setattr(Split, "_run", lambda self: begun.append(1) or Run(2, 2))
    some.submit(Task(0, "a.pdf", plan))
    while not begun:
        time.sleep(0.01)
    some.close()
    with pytest.raises(WorkerError):
        some.wait()
    assert not any(thread.is_alive() for thread in some._threads)


def test_a_worker_that_lies_about_what_is_left_is_found_out(
    plan: bytes, whole: Entry, monkeypatch: pytest.MonkeyPatch, helped: list[Run]
) -> None:
    begin = Process.begin

    def lying(self: Process, task: Task, account: Any) -> Entry | Rest:
        answer = begin(self, task, account)
        return answer if isinstance(answer, Entry) else Rest(Run(2, 5000), 1.0)

    monkeypatch.setattr(Process, "begin", lying)
    assert read(plan, 2) == whole


@pytest.fixture(scope="module")
def scans() -> bytes:
    """The scanned sample four times, each a little different."""
    from PIL import Image

    made = io.BytesIO()
    with pikepdf.open(SCAN) as one, pikepdf.new() as several:
        [(name, image)] = one.pages[0].get_images().items()
        picture = pikepdf.PdfImage(image).as_pil_image().convert("L")
        for number in range(4):
            picture.paste(0, (9, 9 + 3 * number, 12, 11 + 3 * number))
            several.pages.append(one.pages[0])
            packed = io.BytesIO()
            picture.save(packed, "JPEG", quality=90)
            stream = pikepdf.Stream(
                several,
                packed.getvalue(),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=picture.width,
                Height=picture.height,
                ColorSpace=pikepdf.Name.DeviceGray,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
            resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({name: stream}))
            several.pages[-1].obj.Resources = several.make_indirect(resources)
        assert isinstance(picture, Image.Image)
        several.save(made)
    return made.getvalue()


def test_a_scan_is_read_by_all(scans: bytes, helped: list[Run]) -> None:
    for name in ("cv2", "onnxruntime", "rapidocr", "tesserocr"):
        pytest.importorskip(name, reason='reading scans needs: pip install "rktdata[ocr]"')
    told: list[tuple[str, int]] = []
    entry = read(scans, 2, on_scan=lambda *page: told.append(page))
    assert sorted(told) == [("a.pdf", number) for number in range(1, 5)]
    assert (entry.row.status, entry.row.pindaian) == ("lengkap", 4)
    assert 1 <= len(helped) < 4
    assert entry == read(scans, 1)
