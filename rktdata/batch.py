"""Many documents: one outcome each, in input order, whatever happens to any of them.

A run lists its inputs, reads those it does not know yet in worker processes, notes each
outcome the moment it is there, and then puts the dataset together from what is noted, in
the order of the inputs. So a run that is killed at any point is resumed by running it
again, and ends in the same bytes; and only a few documents are in memory at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rktdata.intake.inputs import Source, find_sources, name_of, read_source, size_of
from rktdata.outcome import failure, read_outcome
from rktdata.output.corrections import read_corrections
from rktdata.output.dataset import DatasetWriter, Entry, counts, document_entry, write_whole
from rktdata.output.load import document_of
from rktdata.schemas.corrections import by_document
from rktdata.schemas.document import Document
from rktdata.schemas.errors import (
    BrokenPdfError,
    DocumentError,
    InputError,
    OutputFolderError,
)
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.state import Changes, State, pages_folder, recipe
from rktdata.workers.pool import LocalPool, Pool
from rktdata.workers.task import Task

if TYPE_CHECKING:
    from rktdata.review import Review

# Threads that fetch documents' bytes ahead: disks answer at once, far places do not.
FETCHERS = 4
# File systems take names of 255 bytes, and a character may need four.
LONGEST_STEM = 50
# Bytes of documents held at a time, those fetched ahead and those handed over each, where
# that is more than one document: files may be large, and there may be many processes.
HELD = 256 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    Attributes:
        label: What to call it: path, "archive.zip!member" or URL.
        entry: What the dataset gets of it; None for a duplicate.
        duplicate: Whether an earlier input has the same bytes; then nothing was written.
        known: Whether it was read by an earlier run.
    """

    label: str
    entry: Entry | None
    duplicate: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    Attributes:
        folder: The dataset.
        statuses: Documents by status (lengkap, sebagian, gagal).
        duplicates: Inputs left out because another has the same bytes.
        pages: Pages of all documents.
        pages_read: Of those that were read this time.
        seconds: What reading them took, by the clock.
        rows: By table name.
        review: What the audit found; None where the dataset was not audited.
        failures: Documents that could not be read, by class of error.
        known: Documents that an earlier run had read.
        changes: How the inputs differ from those of the run before.
    """

    folder: Path
    statuses: dict[str, int]
    duplicates: int
    pages: int
    rows: dict[str, int]
    review: Review | None = None
    failures: dict[str, int] = field(default_factory=dict)
    known: int = 0
    changes: Changes = Changes()
    pages_read: int = 0
    seconds: float = 0

    @property
    def failed(self) -> int:
        """Documents that could not be read."""
        return self.statuses.get("gagal", 0)


def read(path: str | os.PathLike[str], **options: Any) -> Document:
    """Read one PDF, in this process.

    Args:
        path: The file; a URL where fsspec is installed.
        **options: Fields of `Options`: reader, password, vocabulary, ocr.

    Raises:
        DocumentError: It cannot be read; the message says why and what to do.
    """
    from rktdata.pipeline import read_document

    source = _as_source(path)
    document = read_document(read_source(source), source.name, Options(**options))
    return replace(document, file=os.fspath(path) if Path(path).is_file() else None)


def extract(
    paths: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    jobs: int = 1,
    on_outcome: Callable[[Outcome], None] | None = None,
    on_listed: Callable[[int], None] | None = None,
    on_done: Callable[[Outcome], None] | None = None,
    audit: bool = True,
    report: bool = True,
    force: bool = False,
    limits: Limits | None = None,
    scheduler: str | None = None,
    searchable: str | os.PathLike[str] | None = None,
    on_scan: Callable[[str, int], None] | None = None,
    **options: Any,
) -> Summary:
    """Read PDFs, and folders of them, into a dataset folder, and audit it.

    What an earlier run read in the same way, finished or not, is not read again. The
    dataset is in place before it is audited: what goes wrong there does not cost it.

    Args:
        paths: Files, folders, patterns, lists, archives, URLs; see `find_sources`.
        out: The dataset folder.
        jobs: Processes to read with.
        on_outcome: Told of every document, in order; the entry's content is left out.
        on_listed: Told, before the first, how many inputs there are.
        on_done: Told the same, but of each as soon as it is done, in any order.
        audit: Whether to audit what was read: kelompok.csv, temuan.csv, panel.csv, ...
        report: Whether to write laporan.html, if it is audited.
        force: Whether to read again what is known.
        limits: Bounds of each document.
        scheduler: Address of a Dask scheduler, whose workers read instead of this machine.
        searchable: A folder for copies of the scanned PDFs with the text that was read.
        on_scan: Told, from any thread, of each page (its document's name, its number)
            before it is read by OCR.
        **options: Fields of `Options`.

    Raises:
        OutputFolderError: `out` is no place for a dataset, another run is writing to it,
            or it cannot be written.
        InputError: The inputs cannot be listed, or their folder vanished.
        WorkerError: No process can be started to read them.
        DatasetError: koreksi.csv cannot be understood; nothing was done. Or the reviewer's
            temuan-diterima.csv cannot; the dataset is there, not audited.
    """
    given = list(paths)
    chosen, bounds = Options(**options), limits or Limits()
    copies = None if searchable is None else Path(searchable)
    chosen = chosen.model_copy(update={"searchable": copies is not None})
    writer = DatasetWriter(Path(out))
    read_corrections(writer.folder)  # lest their defects are found when all is read
    with ExitStack() as stack:
        pages = pages_folder(writer.folder)
        pool = stack.enter_context(
            closing(start_pool(jobs, chosen, bounds, scheduler, pages, on_scan))
        )
        state = stack.enter_context(State(writer.folder, recipe(chosen, bounds)))
        try:
            run = _Run(state, pool, bounds, on_outcome or _ignore, on_done or _ignore, copies)
            if force:
                state.forget()
            roots = [path for path in given if _holds_something(path)]
            total = state.list_inputs(find_sources(given))
            if on_listed is not None:
                on_listed(total)
            loading = threading.Thread(target=_load_review, args=(report,), daemon=True)
            if audit:
                loading.start()
            run.read_all()
            _check_still_there(roots, run)
            drawer = pool.drawer() if audit and report and isinstance(pool, LocalPool) else None
            if drawer is None:
                pool.close()
            with writer:
                for entry in corrected_entries(state.entries(), writer.folder, chosen.vocabulary):
                    writer.add(entry)
            changes = state.changes()
            state.finish()
        except (sqlite3.Error, OSError) as error:
            raise OutputFolderError(
                f"{writer.folder} cannot be written ({error}); what it held before is unchanged"
            ) from error
        summary = run.summary(writer, changes)
        if not audit:
            return summary
        loading.join()
        from rktdata.review import review

        try:
            found = review(
                writer.folder,
                _reader_of(state, bounds),
                report=report,
                password=chosen.password,
                jobs=jobs,
                vocabulary=chosen.vocabulary,
                drawer=drawer,
            )
        except OSError as error:
            raise OutputFolderError(
                f"the dataset in {writer.folder} is written, but not its audit ({error}); "
                f"make room, then: rkt audit {writer.folder}"
            ) from error
    return replace(summary, rows=found.rows, review=found)


def start_pool(
    jobs: int,
    options: Options,
    limits: Limits,
    scheduler: str | None,
    cache: Path | None = None,
    on_scan: Callable[[str, int], None] | None = None,
) -> Pool:
    """What reads the documents: processes here, or a cluster (which keeps no pages)."""
    if scheduler is not None:
        from rktdata.workers.cluster import ClusterPool

        return ClusterPool(scheduler, options, limits)
    pool = LocalPool(jobs, options, limits, cache, on_scan)
    pool.warm()
    return pool


def find_documents(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """What some inputs stand for, each once, as they are called; see `find_sources`."""
    found: dict[str, str] = {}
    for source in find_sources(paths):
        found.setdefault(source.key, source.label)
    return list(found.values())


def outcome(path: str | os.PathLike[str], options: Options, limits: Limits | None = None) -> Entry:
    """Read one document in this process; whatever goes wrong with it is its outcome."""
    source = _as_source(path)
    content = _fetch(source, limits or Limits())
    if isinstance(content, DocumentError):
        return failure(source.name, None, content, os.fsencode(source.label))
    return read_outcome(content, source.name, options, limits)


@dataclass(slots=True)
class _Run:
    """One run's reading, and what is counted of it."""

    state: State
    pool: Pool
    limits: Limits
    on_outcome: Callable[[Outcome], None]
    on_done: Callable[[Outcome], None]
    copies: Path | None = None
    statuses: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    known: int = 0
    pages: int = 0
    pages_read: int = 0
    seconds: float = 0
    held: int = 0
    labels: dict[int, tuple[str, str]] = field(default_factory=dict)
    numbers: deque[int] = field(default_factory=deque)
    untold: dict[int, Outcome] = field(default_factory=dict)

    def read_all(self) -> None:
        """Have an outcome noted for every input."""
        began = time.monotonic()
        with ThreadPoolExecutor(FETCHERS, thread_name_prefix="fetch") as fetchers:
            for number, source, content in self._fetched(fetchers):
                self.numbers.append(number)
                size = 0 if isinstance(content, DocumentError) else len(content)
                while self.labels and (
                    len(self.labels) >= self.pool.capacity or self.held + size > HELD
                ):
                    self._take_one()
                self._start(number, source, content)
            while self.labels:
                self._take_one()
        self.seconds = time.monotonic() - began

    def _fetched(
        self, fetchers: ThreadPoolExecutor
    ) -> Iterator[tuple[int, Source, bytes | DocumentError]]:
        """Every input with its bytes, or why there are none, in order."""
        ahead: deque[tuple[int, int, Source, Future[bytes | DocumentError]]] = deque()
        size = 0
        try:
            for number, source in self.state.inputs():
                more = size_of(source)
                while ahead and (len(ahead) >= FETCHERS or size + more > HELD):
                    first, its, there, future = ahead.popleft()
                    size -= its
                    yield first, there, future.result()
                size += more
                ahead.append((number, more, source, fetchers.submit(_fetch, source, self.limits)))
            while ahead:
                first, _, there, future = ahead.popleft()
                yield first, there, future.result()
        finally:
            fetchers.shutdown(wait=False, cancel_futures=True)

    def _start(self, number: int, source: Source, content: bytes | DocumentError) -> None:
        """Settle an input that need not be read, hand over one that must."""
        if isinstance(content, DocumentError):
            entry = failure(source.name, None, content, os.fsencode(source.key))
            self._settle(number, source.label, entry)
            return
        digest = hashlib.sha256(content).hexdigest()
        if not self.state.claim(number, digest):
            self.duplicates += 1
            self._tell(number, Outcome(source.label, None, duplicate=True))
        elif (known := self.state.known(digest, source.name)) is not None and not (
            self.copies is not None and known.row.pindaian and not self._copy_of(known).exists()
        ):
            self.known += 1
            self._count(known)
            self._tell(number, Outcome(source.label, known, known=True))
        else:
            self.labels[number] = (source.label, digest)
            self.held += len(content)
            self.pool.submit(Task(number, source.name, content))

    def _take_one(self) -> None:
        task, entry = self.pool.wait()
        self.held -= len(task.pdf)
        label, digest = self.labels.pop(task.number)
        row = entry.row
        if (row.sha256, row.dokumen_id, row.berkas) != (digest, digest[:16], task.name):
            # A worker that was taken over: it must not speak of other documents.
            error = BrokenPdfError("reading it makes the process speak of another document")
            entry = failure(task.name, task.pdf, error)
        self._settle(task.number, label, entry)

    def _settle(self, number: int, label: str, entry: Entry) -> None:
        if entry.copy is not None:
            write_whole(self._copy_of(entry), entry.copy)
            entry = replace(entry, copy=None)
        self.state.note(number, entry)
        self._count(entry)
        self.pages_read += entry.row.halaman or 0
        self._tell(number, Outcome(label, entry))

    def _copy_of(self, entry: Entry) -> Path:
        """Where a document's searchable copy belongs; its id tells like names apart."""
        stem = Path(entry.row.berkas).stem[:LONGEST_STEM]
        return (self.copies or Path()) / f"{stem}-{entry.row.dokumen_id}.pdf"

    def _tell(self, number: int, outcome: Outcome) -> None:
        """Tell of an outcome when all before it were told; what is kept of it is small."""
        if outcome.entry is not None:
            outcome = replace(outcome, entry=replace(outcome.entry, lines={}, json=None))
        self.on_done(outcome)
        self.untold[number] = outcome
        while self.numbers and self.numbers[0] in self.untold:
            self.on_outcome(self.untold.pop(self.numbers.popleft()))

    def _count(self, entry: Entry) -> None:
        self.statuses[entry.row.status] += 1
        self.pages += entry.row.halaman or 0
        if entry.row.status == "gagal":
            self.failures[(entry.row.galat or "").partition(":")[0]] += 1

    def summary(self, writer: DatasetWriter, changes: Changes) -> Summary:
        """What there is to say of the run."""
        return Summary(
            writer.folder,
            dict(self.statuses),
            self.duplicates,
            self.pages,
            counts(writer.files),
            failures=dict(self.failures),
            known=self.known,
            changes=changes,
            pages_read=self.pages_read,
            seconds=self.seconds,
        )


def corrected_entries(
    entries: Iterable[Entry], dataset: Path, vocabulary: str | None = None
) -> Iterator[Entry]:
    """The outcomes with the corrections of koreksi.csv in them."""
    corrections = by_document(read_corrections(dataset))
    for entry in entries:
        own = corrections.get(entry.row.dokumen_id)
        if entry.json is None or own is None:
            yield entry
            continue
        from rktdata.corrections.apply import correct
        from rktdata.normalize.units import load_vocabulary

        read = document_of(json.loads(entry.document(), parse_float=Decimal), entry.row)
        made = document_entry(correct(read, own, load_vocabulary(vocabulary)).document)
        yield replace(entry, row=made.row, lines=made.lines, counts=made.counts, json=made.json)


def _load_review(report: bool) -> None:
    """Load, while workers read, what comes after them; whatever fails, fails there too."""
    with suppress(Exception):
        import rktdata.review  # noqa: F401

        if report:
            from rktdata.output.report.render import template

            template()


def _ignore(_: Outcome) -> None:
    """Nobody wants to be told."""


def _fetch(source: Source, limits: Limits) -> bytes | DocumentError:
    """A document's bytes, or why there are none."""
    try:
        return read_source(source, limits)
    except DocumentError as error:
        return error


def _check_still_there(roots: Iterable[str | os.PathLike[str]], run: _Run) -> None:
    """Stop before a dataset is replaced by failures: its inputs' disk may just be away.

    Args:
        roots: The inputs that were there when the run began.
        run: What it has read.

    Raises:
        InputError: One of them is there no more.
    """
    if not run.failures["tak_terbaca"]:
        return
    for path in roots:
        if not _holds_something(path):
            raise InputError(
                f"{os.fspath(path)} vanished while its documents were read; the dataset is as "
                "it was. When it is back, the same command goes on where this one stopped"
            )


def _holds_something(path: str | os.PathLike[str]) -> bool:
    """Whether it is there and, if a folder, holds documents, as that of a lost disk does not."""
    if not os.path.isdir(path):  # noqa: PTH112 (any path)
        return os.path.lexists(path)
    return next(find_sources([path])).place != str(Path(path))


def _reader_of(state: State, limits: Limits) -> Callable[[str], bytes | None]:
    """Bytes of this run's documents by their ids, for the report's pictures."""

    def read_pdf(document_id: str) -> bytes | None:
        source = state.place_of(document_id)
        content = None if source is None else _fetch(source, limits)
        return content if isinstance(content, bytes) else None

    return read_pdf


def _as_source(path: str | os.PathLike[str]) -> Source:
    text = os.fspath(path)
    return Source(text, None, text, name_of(text))
