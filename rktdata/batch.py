"""Many documents: one outcome each, in input order, whatever happens to any of them.

A document that cannot be read is a row that says why. Each is read in a process of its
own where there are several, and comes back as the bytes to be written, so that the
parent holds no more than the few documents that are under way.
"""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rktdata.output.dataset import (
    DatasetWriter,
    Entry,
    counts,
    document_entry,
    failure_entry,
)
from rktdata.schemas.document import Document
from rktdata.schemas.errors import DocumentError, UnreadablePathError
from rktdata.schemas.options import Options
from rktdata.schemas.records import DokumenRow

if TYPE_CHECKING:
    from rktdata.review import Review

# Documents handed to the workers ahead of the one that is waited for, per worker: enough
# to keep them busy while one is slow, few enough to be held in memory.
AHEAD = 4
UNEXPECTED = "galat_tak_terduga"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    Attributes:
        path: As found.
        entry: What the dataset gets of it.
        duplicate: Whether an earlier input has the same bytes; then nothing was written.
    """

    path: Path
    entry: Entry
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    Attributes:
        folder: The dataset.
        statuses: Documents by status (lengkap, sebagian, gagal).
        duplicates: Inputs left out because another has the same bytes.
        pages: Pages of the documents that were read.
        rows: By table name.
        review: What the audit found; None where the dataset was not audited.
    """

    folder: Path
    statuses: dict[str, int]
    duplicates: int
    pages: int
    rows: dict[str, int]
    review: Review | None = None

    @property
    def failed(self) -> int:
        """Documents that could not be read."""
        return self.statuses.get("gagal", 0)


def read(path: str | os.PathLike[str], **options: Any) -> Document:
    """Read one PDF.

    Args:
        path: The file.
        **options: Fields of `Options`: reader, password, vocabulary.

    Raises:
        DocumentError: It cannot be read; the message says why and what to do.
    """
    return _read(Path(path), _bytes(Path(path)), Options(**options))


def extract(
    paths: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    jobs: int = 1,
    on_outcome: Callable[[Outcome], None] | None = None,
    audit: bool = True,
    report: bool = True,
    **options: Any,
) -> Summary:
    """Read PDFs, and folders of them, into a dataset folder, and audit it.

    The dataset is in place before it is audited: what goes wrong there does not cost it.

    Args:
        paths: Files and folders; see `find_documents`.
        out: The dataset folder.
        jobs: Processes to read with.
        on_outcome: Told of every document, in order.
        audit: Whether to write kelompok.csv and temuan.csv as well.
        report: Whether to write laporan.html, if it is audited.
        **options: Fields of `Options`.

    Raises:
        OutputFolderError: `out` is no place for a dataset; nothing was read.
        DatasetError: The reviewer's temuan-diterima.csv cannot be understood; the dataset
            is there, not audited.
    """
    statuses: Counter[str] = Counter()
    duplicates = pages = 0
    chosen = Options(**options)
    places: dict[str, Path] = {}
    with DatasetWriter(Path(out)) as writer:
        documents = find_documents(Path(path) for path in paths)
        for path, entry in read_all(documents, chosen, jobs):
            added = writer.add(entry)
            if added:
                places[entry.row.dokumen_id] = path
                statuses[entry.row.status] += 1
                pages += entry.row.halaman or 0
            else:
                duplicates += 1
            if on_outcome is not None:
                on_outcome(Outcome(path, entry, duplicate=not added))
    summary = Summary(writer.folder, dict(statuses), duplicates, pages, counts(writer.files))
    if not audit:
        return summary
    from rktdata.review import read_from, review

    found = review(
        writer.folder, read_from(places), report=report, password=chosen.password, jobs=jobs
    )
    return replace(summary, rows=found.rows, review=found)


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """The documents that some paths stand for, each once.

    A folder stands for the PDFs in it and below it, by name, hidden ones left out; a file
    for itself, whatever its name. What leads to no document (a missing path, a folder
    that holds none or may not be opened) stands for itself, and fails when it is read.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for document in _pdfs_below(path) if _is_folder(path) else [path]:
            found.setdefault(document.absolute(), document)
    return list(found.values())


def read_all(
    paths: Sequence[Path], options: Options, jobs: int = 1
) -> Iterator[tuple[Path, Entry]]:
    """Every path with its outcome, in order; `jobs` processes at most."""
    jobs = min(jobs, len(paths))
    if jobs <= 1:
        for path in paths:
            yield path, outcome(path, options)
    else:
        yield from _read_in_processes(paths, options, jobs)


def outcome(path: Path, options: Options) -> Entry:
    """Read one document; whatever goes wrong with it is its outcome."""
    pdf: bytes | None = None
    try:
        pdf = _bytes(path)
        return document_entry(_read(path, pdf, options))
    except DocumentError as error:
        return failure_entry(_failure(path, pdf, f"{error.code}: {error}"))
    except Exception as error:  # a defect of ours must not cost the other documents
        galat = f"{UNEXPECTED}: {type(error).__name__}: {error}"
        return failure_entry(_failure(path, pdf, galat), traceback.format_exc())


def _read(path: Path, pdf: bytes, options: Options) -> Document:
    # Not at the top: the parent of worker processes has no need of the readers.
    from rktdata.pipeline import read_document

    return read_document(pdf, _name(path), options)


def _bytes(path: Path) -> bytes:
    """The file's content.

    Raises:
        UnreadablePathError: There is none to be had.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            hint = "no PDF in this folder, or it may not be opened; name a folder with PDFs"
            raise UnreadablePathError(hint)
        if not stat.S_ISREG(mode):  # a device or pipe may never end
            raise UnreadablePathError("this is no regular file; copy it into one")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadablePathError("no such file; check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the file cannot be opened ({reason}); check the path and its permissions"
        raise UnreadablePathError(message) from error


def _name(path: Path) -> str:
    """The file's name as text, also where its bytes are no UTF-8."""
    return os.fsencode(path.name or str(path)).decode("utf-8", errors="replace")


def _failure(path: Path, pdf: bytes | None, galat: str) -> DokumenRow:
    """The row of a document that cannot be read; its id is its path's where it has no bytes."""
    digest = hashlib.sha256(os.fsencode(path) if pdf is None else pdf).hexdigest()
    return DokumenRow(
        dokumen_id=digest[:16],
        berkas=_name(path),
        sha256=None if pdf is None else digest,
        status="gagal",
        galat=" ".join(galat.encode("utf-8", errors="replace").decode("utf-8").split()),
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # not ours to open: that is told when it is read
        return False


def _pdfs_below(folder: Path) -> list[Path]:
    """The folder's PDFs, sorted by path; itself, and what may not be opened, if need be."""
    closed: list[Path] = []
    pdfs: list[Path] = []
    for top, folders, names in os.walk(folder, onerror=lambda e: closed.append(Path(e.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        pdfs += [
            Path(top, name)
            for name in names
            if name.lower().endswith(".pdf") and not name.startswith(".")
        ]
    return sorted(pdfs + closed, key=lambda path: path.parts) or [folder]


def _read_in_processes(
    paths: Sequence[Path], options: Options, jobs: int
) -> Iterator[tuple[Path, Entry]]:
    """As `read_all`, with worker processes.

    A worker that dies takes down its whole pool: then a new one is started, and the
    document that was waited for is tried alone, so that the one that kills its worker is
    the one that fails.
    """
    waiting = deque(paths)
    while waiting:
        under_way: deque[tuple[Path, Future[Entry]]] = deque()
        pool = _pool(jobs)
        try:
            while waiting or under_way:
                while waiting and len(under_way) < jobs * AHEAD:
                    future = pool.submit(outcome, waiting[0], options)
                    under_way.append((waiting.popleft(), future))
                path, future = under_way[0]
                yield path, future.result()
                under_way.popleft()
        except BrokenProcessPool:
            waiting.extendleft(path for path, _ in reversed(under_way))
        finally:
            pool.shutdown(cancel_futures=True)
        if waiting:
            yield (first := waiting.popleft()), _outcome_alone(first, options)


def _outcome_alone(path: Path, options: Options) -> Entry:
    """The outcome of a document that may kill the process that reads it."""
    with _pool(1) as pool:
        try:
            return pool.submit(outcome, path, options).result()
        except BrokenProcessPool:
            galat = f"{UNEXPECTED}: the process that read it died; please report the file"
            pdf = path.read_bytes() if path.is_file() else None
            return failure_entry(_failure(path, pdf, galat))


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Spawned, not forked: a worker starts clean on every system, whatever the parent holds.
    # Ctrl-C reaches them too, and is left to the parent.
    return ProcessPoolExecutor(
        max_workers=jobs,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
