"""What goes wrong on purpose: hostile files, and processes killed at random moments.

    python benchmarks/faults.py hostile [--mutated 1000] [--add FOLDER ...]
    python benchmarks/faults.py kill [--times 20] [--documents 200] [--seed 6]
    python benchmarks/faults.py cluster [--documents 200]

"hostile": all generated hostile PDFs, damaged and cut samples, files that are no PDFs and
whatever is in the folders that are added, read in one run: a row for each, and no worker
beyond its limits. "kill": the run, and in turn one of its workers, ends by kill -9 at
random moments, and is started again each time; in the end the dataset has the bytes of
an undisturbed one. "cluster": two Dask workers by command line, one killed midway: the
same bytes. Exit code 1 where any of this does not hold. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOME))

from benchmarks.batch import (  # noqa: E402 (this file is started by its path)
    ENVIRONMENT,
    cluster,
    digest_of,
    distinct_copies,
    workers_below,
)
from rktdata.schemas.limits import Limits  # noqa: E402
from tests.hostile import GENERATED, mutated, truncated, wrong_table_of_contents  # noqa: E402

LIMITS = {"seconds": 20, "page_seconds": 8, "memory_mb": 1500}
NO_PDFS = {
    "surat.docx": b"PK\x03\x04" + b"word/document.xml" * 99,
    "catatan.txt": b"Rencana Kinerja Tahunan\n",
    "kosong.pdf": b"",
    "nol.pdf": bytes(5000),
    "gambar.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "=cmd|' C calc'!A0.pdf": b"no",
    "%2e%2e%2fetc%2fpasswd.pdf": b"not either",
    "nama\nbaris\x1b[31m.pdf": b"%PDF-1.4\n",
    "@daftar.pdf": b"@daftar.pdf",
}
# How far above a limit of time a process may be seen: one look, and a busy machine.
SLACK = 5.0


def command(inputs: list[str], out: Path, *more: str) -> list[str]:
    """A run, quiet but for failures."""
    return [sys.executable, "-m", "rktdata", "extract", *inputs, "-o", str(out), *more]


def fill(folder: Path, damaged: int, added: list[Path]) -> int:
    """All files of "hostile" into a folder, and how many they are, those alike once."""
    samples = sorted((HOME / "samples").glob("*.pdf"), key=lambda path: path.stat().st_size)[:10]
    hashes: set[bytes] = set()

    def put(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        hashes.add(hashlib.sha256(content).digest())

    for name, make in GENERATED.items():
        put(f"0-{name}.pdf", make())
    for name, content in NO_PDFS.items():
        put(name, content)
    for seed in range(damaged):
        sample = samples[seed % len(samples)]
        put(f"1-{seed:05}-{sample.stem}.pdf", mutated(sample.read_bytes(), seed))
    for sample in samples:
        whole = sample.read_bytes()
        for number, content in enumerate([*truncated(whole), wrong_table_of_contents(whole)]):
            put(f"2-{sample.stem}-{number:03}.pdf", content)
    for source in added:
        for number, path in enumerate(sorted(p for p in source.rglob("*") if p.is_file())):
            put(f"3-{source.name}-{number:03}-{path.name}", path.read_bytes())
    return len(hashes)


class Guard:
    """Looks at a run's workers, and keeps the worst that was seen."""

    def __init__(self, pid: int) -> None:
        self.space_mb = self.used_mb = self.cpu = 0.0
        self.workers: set[int] = set()
        self._pid, self._over = pid, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            for worker in workers_below(self._pid):
                with contextlib.suppress(OSError):
                    if b"workers.child" not in Path(f"/proc/{worker}/cmdline").read_bytes():
                        continue
                    status = Path(f"/proc/{worker}/status").read_text()
                    known = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
                    if "VmPeak" in known:
                        self.workers.add(worker)
                        self.space_mb = max(self.space_mb, int(known["VmPeak"].split()[0]) / 1024)
                        self.used_mb = max(self.used_mb, int(known["VmHWM"].split()[0]) / 1024)

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()


def hostile(home: Path, damaged: int, added: list[Path]) -> bool:
    """A row for each of many bad files; what the run and its workers took."""
    inputs, out = home / "in", home / "out"
    inputs.mkdir()
    expected = fill(inputs, damaged, added)
    limits = [part for name, n in LIMITS.items() for part in ("--limit", f"{name}={n}")]
    print(f"{expected} different files, load {os.getloadavg()[0]:.1f}", flush=True)
    began = time.monotonic()
    # A pattern, so that files that are not called .pdf are inputs too.
    process = subprocess.Popen(
        command([f"{inputs}/*"], out, "--json-log", *limits),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
    )
    guard = Guard(process.pid)
    told, slowest, last = Counter[str](), (0.0, ""), 0.0
    assert process.stderr is not None
    for line in process.stderr:
        event = json.loads(line) if line.startswith("{") else {"event": line}
        if event["event"] == "document":
            told["duplicate" if event["duplicate"] else event["status"]] += 1
            slowest = max(slowest, (event["seconds"] - last, event["input"]))
            last = event["seconds"]
        elif event["event"] not in ("listed", "finished"):
            print(line, end="")
    code = process.wait()
    guard.stop()
    with (out / "dokumen.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    classes = Counter((row["galat"] or "").partition(":")[0] for row in rows)
    unforeseen = [row["galat"] for row in rows if "tak_terduga" in row["galat"]]
    print(f"exit code {code} after {time.monotonic() - began:.0f} s; rows {len(rows)}")
    print(f"told: {dict(sorted(told.items()))}")
    print(f"classes: {dict(sorted(classes.items()))}")
    print(f"unforeseen errors: {len(unforeseen)} {unforeseen[:5]}")
    print(f"longest between two outcomes: {slowest[0]:.1f} s ({Path(slowest[1]).name})")
    print(
        f"{len(guard.workers)} workers: at most {guard.space_mb:.0f} MB of address space, "
        f"{guard.used_mb:.0f} MB in use (limit {LIMITS['memory_mb']} MB)"
    )
    return (
        code == 1
        and len(rows) == expected
        and not unforeseen
        and guard.space_mb <= LIMITS["memory_mb"]
        # Outcomes are told in order: one may have waited for another before it was begun.
        and slowest[0] <= 2 * LIMITS["seconds"] + SLACK
    )


def is_ours(pid: int) -> bool:
    """Whether a process reads documents or audits, and is not one of Python's own helpers."""
    with contextlib.suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"workers.child" in line or b"spawn_main" in line
    return False


def kill(home: Path, times: int, documents: int, seed: int) -> bool:
    """A run killed at random moments, and its workers, until it has ended undisturbed."""
    chance = random.Random(seed)
    distinct_copies(home / "in", documents, long=False)
    run = command([str(home / "in")], home / "whole", "-q", "--jobs", "2")
    began = time.monotonic()
    subprocess.run(run, check=True, env=ENVIRONMENT)
    needed = time.monotonic() - began
    print(f"{documents} documents undisturbed: {needed:.1f} s; load {os.getloadavg()[0]:.1f}")
    killed = Counter[str]()
    resumed = home / "killed"
    run = command([str(home / "in")], resumed, "-q", "--jobs", "2")
    while True:
        process = subprocess.Popen(run, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
        for victim in chance.choice([("worker", "worker", "parent"), ("parent",)]):
            if killed.total() >= times:
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.05, 0.4) * needed)
                break
            workers = [pid for pid in workers_below(process.pid) if is_ours(pid)]
            target = process.pid if victim == "parent" else chance.choice(workers or [0])
            with contextlib.suppress(ProcessLookupError):
                if target:
                    os.kill(target, signal.SIGKILL)
                    killed[victim] += 1
        said = process.communicate()[1]
        if killed.total() >= times and process.returncode == 0:
            break
        if process.returncode == 0:  # it was done in time: begin anew, so that there is work
            shutil.rmtree(resumed)
        elif process.returncode != -signal.SIGKILL:
            print(f"  ended with {process.returncode}: {said.strip()[-300:]}")
    same = digest_of(resumed) == digest_of(home / "whole")
    print(f"killed by kill -9: {dict(killed)}; the same bytes: {'yes' if same else 'NO'}")
    return same


def lose_a_worker(home: Path, documents: int) -> bool:
    """Two Dask workers of which one is killed midway."""
    distinct_copies(home / "in", documents, long=False)
    subprocess.run(command([str(home / "in")], home / "here", "-q"), check=True, env=ENVIRONMENT)
    with cluster(2, home / "cluster") as (address, workers):
        process = subprocess.Popen(
            command([str(home / "in")], home / "there", "--json-log", "--scheduler", address),
            env=ENVIRONMENT,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert process.stderr is not None
        done = 0
        for line in process.stderr:
            done += '"event": "document"' in line
            if done == documents // 3 and workers:
                lost = workers.pop()
                for pid in [*workers_below(lost), lost]:  # its nanny would start it anew
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                print(f"worker killed after {done} of {documents} documents")
            elif not line.startswith("{"):
                print(line, end="")
        code = process.wait()
    same = digest_of(home / "here") == digest_of(home / "there")
    print(f"exit code {code}; the same bytes: {'yes' if same else 'NO'}")
    return code == 0 and same


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="rktdata-faults-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("what", choices=["hostile", "kill", "cluster"])
    options.add_argument("--mutated", type=int, default=1000)
    options.add_argument("--add", type=Path, nargs="*", default=[], help="folders of more files")
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--documents", type=int, default=200)
    options.add_argument("--seed", type=int, default=6)
    given = options.parse_args()
    Limits.model_validate(LIMITS)
    with folder() as home:
        if given.what == "hostile":
            fine = hostile(home, given.mutated, given.add)
        elif given.what == "kill":
            fine = kill(home, given.times, given.documents, given.seed)
        else:
            fine = lose_a_worker(home, given.documents)
    raise SystemExit(0 if fine else 1)


if __name__ == "__main__":
    main()
