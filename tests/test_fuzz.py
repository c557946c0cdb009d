"""Hostile and damaged PDFs: each has an outcome, none ends the run, no loss goes untold.

RKT_FUZZ=20000 (make fuzz) reads so many damaged files; the tests read a few hundred.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from rktdata.output.dataset import Entry
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers.pool import LocalPool, Task
from tests.hostile import (
    GENERATED,
    MISSED,
    mutated,
    truncated,
    with_a_page_that_hangs,
    wrong_table_of_contents,
)

SAMPLES = sorted(Path(__file__).parents[1].glob("samples/*.pdf"), key=lambda p: p.stat().st_size)
COUNT = int(os.environ.get("RKT_FUZZ", "0"))
LIMITS = Limits(seconds=20, page_seconds=8, memory_mb=1500)
# Slow to make or to refuse; make fuzz reads them too.
LONG = {"many_bombs", "one_page_many_times", "laughing_forms", "million_cells"}
CLASSES = {
    *("bom", "batas_memori", "batas_waktu", "rusak", "tanpa_tabel", "kosong", "bukan_pdf"),
    *("terkunci", "perlu_ocr"),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[LocalPool]:
    some = LocalPool(2, Options(), LIMITS)
    yield some
    some.close()


def read(pool: LocalPool, tasks: Iterable[Task]) -> Iterator[tuple[Task, Entry]]:
    under_way = 0
    for task in tasks:
        pool.submit(task)
        under_way += 1
        if under_way >= pool.capacity:
            yield pool.wait()
            under_way -= 1
    for _ in range(under_way):
        yield pool.wait()


def glyphs(entry: Entry) -> int:
    """Glyphs that were found on the pages."""
    return sum(
        page["masuk"] for page in json.loads(entry.document() or b'{"neraca": []}')["neraca"]
    )


@cache
def small_samples() -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in SAMPLES[:10])


def check(task: Task, entry: Entry, whole: dict[str, int]) -> None:
    row = entry.row
    what = (task.number, task.name, row.status, row.galat, entry.trace[-2000:])
    assert row.status in ("lengkap", "sebagian", "gagal"), what
    if row.status == "gagal":
        assert (row.galat or "").partition(":")[0] in CLASSES, what
    if row.status == "lengkap" and task.number not in MISSED:
        assert glyphs(entry) >= whole[task.name], what


@pytest.mark.parametrize("name", [name for name in GENERATED if COUNT or name not in LONG])
def test_a_hostile_file_is_a_failed_row(pool: LocalPool, name: str) -> None:
    [(_, entry)] = read(pool, [Task(0, f"{name}.pdf", GENERATED[name]())])
    assert entry.row.status == "gagal"
    assert (entry.row.galat or "").partition(":")[0] in CLASSES, entry.row.galat


def test_a_page_that_hangs_costs_itself() -> None:
    [name, pdf] = small_samples()[0]
    pool = LocalPool(1, Options(), Limits(seconds=30, page_seconds=1))
    try:
        tasks = [Task(0, name, pdf), Task(1, name, with_a_page_that_hangs(pdf))]
        whole, hanging = (entry for _, entry in read(pool, tasks))
    finally:
        pool.close()
    assert hanging.row.status == "sebagian"
    assert (hanging.row.galat or "").startswith("batas_waktu: page 2 ")
    assert hanging.counts == whole.counts


BOMBS = ["flate_bomb", "flate_in_flate_bomb", "million_glyphs"]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_called_one(pool: LocalPool, name: str) -> None:
    [(_, entry)] = read(pool, [Task(0, f"{name}.pdf", GENERATED[name]())])
    assert (entry.row.galat or "").startswith("bom: ")


def test_damaged_samples_lose_nothing_unsaid(pool: LocalPool) -> None:
    samples = small_samples()
    whole = {
        task.name: glyphs(entry)
        for task, entry in read(pool, (Task(-1, *sample) for sample in samples))
    }
    assert all(whole.values())
    tasks = (
        Task(seed, name, mutated(pdf, seed))
        for seed in range(COUNT or 300)
        for name, pdf in [samples[seed % len(samples)]]
    )
    for task, entry in read(pool, tasks):
        check(task, entry, whole)


def test_cut_samples_are_never_whole(pool: LocalPool) -> None:
    step = 256 if COUNT else 1024
    tasks = (
        Task(0, name, cut)
        for name, pdf in small_samples()
        for cut in [*truncated(pdf, step), wrong_table_of_contents(pdf)]
    )
    for task, entry in read(pool, tasks):
        assert entry.row.status != "lengkap", (task.name, len(task.pdf))
        assert "tak_terduga" not in (entry.row.galat or ""), entry.trace
