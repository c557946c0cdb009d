"""A Dask cluster writes what one machine writes, also when it loses a machine on the way."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rktdata.batch import Outcome, extract
from rktdata.schemas.errors import WorkerError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers import cluster
from rktdata.workers.cluster import ClusterPool
from rktdata.workers.pool import Task
from tests.test_bad_input import files, plan

distributed = pytest.importorskip("distributed")
DOCUMENTS = 10
HOME = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    for number in range(DOCUMENTS):
        (folder / f"{number:02}.pdf").write_bytes(plan(f"Jumlah laporan {number}"))
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 no more")
    return folder


@pytest.fixture(scope="module")
def here(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(inputs, tmp_path_factory.mktemp("out") / "here")


def written(inputs: Path, out: Path, **more: Any) -> dict[str, bytes]:
    summary = extract([inputs], out, audit=False, **more)
    assert summary.statuses == {"lengkap": DOCUMENTS, "gagal": 1}
    return {name: (out / name).read_bytes() for name in files(out)}


def test_a_local_cluster_writes_the_same_bytes(
    inputs: Path, here: dict[str, bytes], tmp_path: Path
) -> None:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as local:
        address = local.scheduler_address
        assert written(inputs, tmp_path / "there", scheduler=address) == here


@contextlib.contextmanager
def dask(folder: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts Dask's programs by command line; each in a group of its own."""
    started = []

    def start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", f"distributed.cli.dask_{program}", "--no-dashboard"),
                *("--scheduler-file", str(folder / "scheduler.json"), *arguments),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(HOME)},
        )
        started.append(process)
        return process

    try:
        yield start
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_that_is_lost_midway_costs_nothing(
    inputs: Path, here: dict[str, bytes], tmp_path: Path
) -> None:
    with dask(tmp_path) as start:
        start("scheduler", "--port", "0")
        workers = [start("worker", "--nthreads", "1") for _ in range(2)]
        known = tmp_path / "scheduler.json"
        while not known.exists():
            time.sleep(0.05)
        address = json.loads(known.read_text())["address"]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        told: list[str] = []

        def lose_one(outcome: Outcome) -> None:
            told.append(outcome.label)
            if len(told) == 3:
                os.killpg(workers[0].pid, signal.SIGKILL)

        out = tmp_path / "out"
        assert written(inputs, out, scheduler=address, on_done=lose_one) == here
        assert len(told) == DOCUMENTS + 1


class Lost:
    """A future of a document around which workers were lost."""

    def result(self) -> None:
        raise distributed.scheduler.KilledWorker("key", None, 3)

    def add_done_callback(self, call: Callable[[Lost], None]) -> None:
        call(self)


class LosingClient:
    """Stands for a cluster that loses a worker with every document."""

    submitted = 0

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def wait_for_workers(self, *_: object, **__: object) -> None:
        pass

    def submit(self, *_: object, **__: object) -> Lost:
        self.submitted += 1
        return Lost()


def test_a_document_with_which_workers_go_is_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "Client", LosingClient)
    pool = ClusterPool("tcp://somewhere", Options(), Limits())
    pool.submit(Task(1, "a.pdf", b"%PDF-"))
    _, entry = pool.wait()
    assert (entry.row.galat or "").startswith("rusak: reading it ended several workers")
    assert pool._client.submitted == cluster.HANDED_OVER


def test_no_scheduler_and_no_workers_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(WorkerError, match="no scheduler answers"):
        extract([tmp_path], tmp_path / "out", scheduler="tcp://127.0.0.1:9")
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as local,
        pytest.raises(WorkerError, match="has no workers"),
    ):
        extract([tmp_path], tmp_path / "out", scheduler=local.scheduler_address)
