"""More than one machine: documents read by the workers of a Dask cluster.

A Dask worker does not read them itself: it has, for each of its threads, a process of its
own under the same limits as on one machine, so that a document costs a process there too,
and is given up with its second. A worker that is lost (a machine is switched off) has its
documents read elsewhere by the scheduler; those that it gives up, since workers were lost
around them several times, are handed over once more before they are called `gagal`.
Outcomes come back as frames and are checked as those of any worker; the bytes of the
dataset are those of a run on one machine.
"""

from __future__ import annotations

import queue
import threading
import time
import warnings
from collections import Counter
from functools import cache
from typing import Any

from rktdata.outcome import failure
from rktdata.output.dataset import Entry
from rktdata.schemas.errors import BrokenPdfError, WorkerError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.state import recipe
from rktdata.workers.pool import AHEAD, Slot
from rktdata.workers.protocol import decode_entry, encode_entry
from rktdata.workers.task import Task

CONNECT_SECONDS = 30
# How often a document is handed over, and how long the number of threads is taken for true.
HANDED_OVER = 2
COUNT_SECONDS = 2.0
_mine = threading.local()


class ClusterPool:
    """The workers of a Dask scheduler."""

    def __init__(self, scheduler: str, options: Options, limits: Limits) -> None:
        """Connect.

        Raises:
            WorkerError: There is no such scheduler, or no Dask here.
        """
        try:
            from distributed import Client
        except ImportError as error:
            raise WorkerError(
                "--scheduler needs a further package: pip install 'rktdata[cluster]'"
            ) from error
        # A document is handed over with its task: it is needed once, by one worker.
        warnings.filterwarnings("ignore", message="Sending large graph")
        try:
            client: Any = Client  # it has no types
            self._client = client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise WorkerError(f"no scheduler answers at {scheduler}: {error}") from error
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            self._client.close()
            raise WorkerError(
                f"{scheduler} has no workers; start some: dask worker {scheduler}"
            ) from error
        self._options, self._limits = options, limits
        self._done: queue.SimpleQueue[tuple[Task, Any]] = queue.SimpleQueue()
        self._recipe = recipe(options, limits)
        self._settings = (options.model_dump(mode="json"), limits.model_dump(mode="json"))
        self._times: Counter[int] = Counter()
        self._counted, self._capacity = float("-inf"), 1

    @property
    def capacity(self) -> int:
        """Twice the threads that the cluster has: it may grow and shrink."""
        if time.monotonic() > self._counted + COUNT_SECONDS:
            workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
            threads = sum(int(worker["nthreads"]) for worker in workers)
            self._counted, self._capacity = time.monotonic(), AHEAD * max(1, threads)
        return self._capacity

    def submit(self, task: Task) -> None:
        """Hand over a document."""
        self._times[task.number] += 1
        future = self._client.submit(
            read_there, task.name, task.pdf, *self._settings, self._recipe, pure=False
        )
        future.add_done_callback(lambda done: self._done.put((task, done)))

    def wait(self) -> tuple[Task, Entry]:
        """The next outcome."""
        from distributed.scheduler import KilledWorker

        while True:
            task, future = self._done.get()
            try:
                header, body = future.result()
                entry = decode_entry(header, body)
            except KilledWorker:
                if self._times[task.number] < HANDED_OVER:
                    self.submit(task)
                    continue
                message = "reading it ended several workers of the cluster; ask for a new copy"
                entry = failure(task.name, task.pdf, BrokenPdfError(message))
            except Exception as error:  # the cluster's, or this program's on its workers
                raise WorkerError(
                    f"the cluster cannot read documents: {type(error).__name__}: {error}"
                ) from error
            del self._times[task.number]
            return task, entry

    def close(self) -> None:
        """Leave the cluster; what it still reads for us is given up."""
        self._client.close()


def read_there(
    name: str, pdf: bytes, options: dict[str, Any], limits: dict[str, Any], expected: str
) -> tuple[dict[str, Any], bytes]:
    """Read one document on a worker of the cluster, in a process of its own.

    Raises:
        WorkerError: This machine has another version of the program or its libraries, or
            can start no process.
    """
    key = (repr(options), repr(limits))
    slot: Slot | None = getattr(_mine, "slot", None)
    if slot is None or _mine.key != key:
        chosen, bounds = Options.model_validate(options), Limits.model_validate(limits)
        if _recipe_here(chosen, bounds) != expected:
            raise WorkerError(
                "a worker has another version of rktdata or of its libraries; install the same"
            )
        if slot is not None:
            slot.stop()
        slot = _mine.slot = Slot(chosen, bounds)
        _mine.key = key
    return encode_entry(slot.read(Task(0, name, pdf)))


@cache
def _recipe_here(options: Options, limits: Limits) -> str:
    return recipe(options, limits)
