"""Thousands of documents: pages a second, memory, and what more processes bring.

    python benchmarks/batch.py [--documents 2000] [--jobs 1,2,4] [--cluster 2] [--long]
                               [--inputs FOLDER ...] [--json FILE]

Copies of the samples of few pages, each made distinct by a comment behind its end, are
read by `rkt extract` once for each number of processes (and, with --cluster, by so many
Dask workers on this machine); with --inputs, the files of these folders are. From
outside, /proc tells what the reading process and its workers hold in memory. "share of
the parent" is the processor time that the parent itself spends on a document: what bounds
a run on many machines. Every dataset must have the same bytes.

Seconds depend on what else the machine does: the load before each run is told with it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pypdfium2

HOME = Path(__file__).resolve().parents[1]
FEW_PAGES = 10
MB = 1 << 20
# Memory is looked at where so many documents are done.
CHECKPOINTS = 10
LOOK_SECONDS = 0.1
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(HOME)}


@dataclass(slots=True)
class Run:
    """What one run took.

    Attributes:
        name: "1", "2", ... processes, or "cluster of N".
        load: Runnable processes of the machine in the minute before.
        seconds: From the command to its end.
        reading: From its first document handed over to the last outcome.
        parent_cpu: Processor seconds of the parent alone, while documents are read.
        all_cpu: Those of all processes, audit and report included (a cluster's left out).
        dataset_kb, database_kb: What was written, and what the run remembers.
        parent_mb: Documents done to the most memory the parent had in use by then.
        whole_mb: The same to the very end, audit and report included.
        worker_mb: The most that any worker had in use.
        workers: Processes that read, over the whole run.
    """

    name: str
    load: float
    documents: int = 0
    pages: int = 0
    rows: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    seconds: float = 0
    reading: float = 0
    parent_cpu: float = 0
    all_cpu: float = 0
    dataset_kb: float = 0
    database_kb: float = 0
    parent_mb: dict[int, float] = field(default_factory=dict)
    whole_mb: float = 0
    worker_mb: float = 0
    workers: int = 0
    digest: str = ""

    @property
    def lost(self) -> int:
        """Documents without a row, those left out as duplicates not counted."""
        return self.documents - self.statuses.get("ganda", 0) - self.rows


def distinct_copies(folder: Path, count: int, long: bool) -> int:
    """So many documents, made of the samples in turn, scans left out; their pages together."""
    samples = []
    for path in sorted((HOME / "samples").glob("*.pdf")):
        with pypdfium2.PdfDocument(path) as pdf:
            pages = len(pdf)
            scanned = not any(page.get_textpage().count_chars() for page in pdf)
        if not scanned and (long or pages <= FEW_PAGES):
            samples.append((path.stem, path.read_bytes(), pages))
    folder.mkdir()
    total = 0
    for number in range(count):
        stem, content, pages = samples[number % len(samples)]
        comment = b"%% salinan %d\n" % number
        (folder / f"{number:06}-{stem}.pdf").write_bytes(content + comment)
        total += pages
    return total


def digest_of(dataset: Path) -> str:
    """One hash over all files of a dataset and their names."""
    digest = hashlib.sha256()
    for path in sorted(p for p in dataset.rglob("*") if p.is_file()):
        name = path.relative_to(dataset)
        if not name.parts[0].startswith("."):
            digest.update(f"{name.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def peak_mb(pid: int) -> float:
    """The most memory that a process ever had in use; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def workers_below(pid: int) -> Iterator[int]:
    """Processes that read for a process, its children's among them."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from workers_below(int(child))


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, its children's left out; 0 when it is gone."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Scales:
    """Weighs a process and its workers while it runs."""

    def __init__(self, pid: int, *others: int) -> None:
        self._pid, self._others = pid, others
        self.parent = self.worker = self.cpu = 0.0
        self.seen: set[int] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.parent = max(self.parent, peak_mb(self._pid))
            self.cpu = max(self.cpu, cpu_seconds(self._pid))
            for root in (self._pid, *self._others):
                for worker in workers_below(root):
                    self.seen.add(worker)
                    self.worker = max(self.worker, peak_mb(worker))

    def stop(self) -> None:
        """Weigh no more."""
        self._over.set()
        self._thread.join()


def measure(name: str, arguments: list[str], inputs: list[Path], out: Path, *others: int) -> Run:
    """One `rkt extract`, weighed; `others` are processes whose children read for it too."""
    run = Run(name, os.getloadavg()[0])
    command = [sys.executable, "-m", "rktdata", "extract", *map(str, inputs), "-o", str(out)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "--json-log", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
    )
    scales = Scales(process.pid, *others)
    total, first = 0, began
    assert process.stderr is not None
    for line in process.stderr:
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("event") == "listed":
            total, first = event["documents"], time.monotonic()
        elif event.get("event") == "document":
            run.documents += 1
            run.pages += event.get("halaman") or 0
            status = event.get("status") or "ganda"
            run.statuses[status] = run.statuses.get(status, 0) + 1
            run.reading = time.monotonic() - first
            if run.documents % max(1, total // CHECKPOINTS) == 0:
                run.parent_mb[run.documents] = round(peak_mb(process.pid), 1)
                run.parent_cpu = cpu_seconds(process.pid)
        elif not event:
            print(line, end="", file=sys.stderr)
    code = process.wait()
    scales.stop()
    if code > 1:
        raise SystemExit(f"rkt extract ended with {code}")
    run.seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    run.all_cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    for path in (p for p in out.rglob("*") if p.is_file()):
        if path.is_relative_to(out / ".rktdata"):
            run.database_kb += path.stat().st_size / 1024
        elif path.suffix != ".html":
            run.dataset_kb += path.stat().st_size / 1024
    run.whole_mb = round(scales.parent, 1)
    run.worker_mb, run.workers = round(scales.worker, 1), len(scales.seen)
    run.digest = digest_of(out)
    with (out / "dokumen.csv").open("rb") as rows:
        run.rows = sum(1 for _ in rows) - 1
    return run


@contextlib.contextmanager
def cluster(count: int, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """A Dask scheduler and workers, by command line: its address, the workers' processes."""
    folder.mkdir()
    known = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m"]
    found = ["--scheduler-file", str(known)]
    commands = [
        [*dask, "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", *found],
        *[
            [*dask, "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", *found]
            for _ in range(count)
        ],
    ]
    processes = [
        subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, **quiet) for command in commands
    ]
    try:
        while not known.exists():
            time.sleep(0.1)
        yield json.loads(known.read_text())["address"], [p.pid for p in processes[1:]]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def tell(run: Run, first: Run) -> None:
    """A run in a few lines."""
    statuses = ", ".join(f"{count} {name}" for name, count in sorted(run.statuses.items()))
    print(f"{run.name} (load before: {run.load:.1f})")
    print(f"  rows of dokumen.csv  {run.rows}: {statuses}")
    print(
        f"  reading              {run.reading:.1f} s, {run.pages / run.reading:.1f} pages/s, "
        f"{run.documents / run.reading:.1f} documents/s, x {first.reading / run.reading:.2f}"
    )
    print(f"  with audit, report   {run.seconds:.1f} s, x {first.seconds / run.seconds:.2f}")
    at = sorted(run.parent_mb)
    if len(at) > 1:
        early, late = run.parent_mb[at[0]], run.parent_mb[at[-1]]
        print(
            f"  the parent's peak    {early} MB at {at[0]}, {late} MB at {at[-1]} "
            f"({late / early - 1:+.1%}), {run.whole_mb} MB at the end of the audit"
        )
    share = 1000 * run.parent_cpu / max(run.documents, 1)
    print(f"  share of the parent  {share:.2f} ms of processor time a document")
    pages = max(run.pages, 1)
    print(
        f"  a page               {1000 * run.all_cpu / pages:.1f} ms of processor time in all, "
        f"dataset {run.dataset_kb / pages:.1f} kB, database {run.database_kb / pages:.1f} kB"
    )
    print(f"  workers              {run.workers} processes, at most {run.worker_mb} MB")
    print(f"  same bytes           {'yes' if run.digest == first.digest else 'NO'}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--documents", type=int, default=2000)
    options.add_argument("--jobs", default="1,2,4", help="processes, a run each")
    options.add_argument("--cluster", type=int, default=0, help="Dask workers, a run with so many")
    options.add_argument("--long", action="store_true", help="long samples too")
    options.add_argument("--inputs", type=Path, nargs="+", help="read these folders instead")
    options.add_argument("--json", type=Path, help="write what was measured to this file")
    given = options.parse_args()
    jobs = [int(number) for number in given.jobs.split(",") if number]
    home = Path(tempfile.mkdtemp(prefix="rktdata-batch-"))
    runs: list[Run] = []
    try:
        inputs = given.inputs or [home / "in"]
        if not given.inputs:
            distinct_copies(home / "in", given.documents, given.long)
        print(f"{os.cpu_count()} cores", flush=True)
        for number in jobs:
            name = f"{number} process{'es' if number > 1 else ''}"
            out = home / f"out-{number}"
            runs.append(measure(name, ["--jobs", str(number)], inputs, out))
            tell(runs[-1], runs[0])
            shutil.rmtree(out)
        if given.cluster:
            with cluster(given.cluster, home / "cluster") as (address, workers):
                name = f"cluster of {given.cluster}"
                arguments = ["--scheduler", address, "--jobs", str(given.cluster)]
                runs.append(measure(name, arguments, inputs, home / "out-c", *workers))
            tell(runs[-1], runs[0])
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n")
    if len({run.digest for run in runs}) > 1 or any(r.lost for r in runs):
        raise SystemExit("datasets differ, or rows are missing")


if __name__ == "__main__":
    main()
