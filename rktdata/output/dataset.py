"""The dataset folder: rows streamed to disk, put in place only when all are there.

Everything is first written into a folder of its own inside the target, so that a run
that fails or is stopped leaves the former dataset as it was; then each file is renamed
over its predecessor. What the folder holds besides a dataset's files is left alone, and
a folder that holds no dataset but other things is refused.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from rktdata.collecting import collector_held_back
from rktdata.output.package import WrittenFile, datapackage, is_descriptor
from rktdata.output.read_csv import read_values
from rktdata.output.squeezed import unsqueezed
from rktdata.output.write_csv import CsvLines, csv_header, csv_lines
from rktdata.output.write_json import JsonFile
from rktdata.schemas.dataset import (
    ACCEPTED,
    ALL_BY_NAME,
    AUDIT_TABLES,
    BY_NAME,
    CORRECTIONS,
    DESCRIPTOR,
    DOCUMENT_FOLDER,
    REPORT,
    TABLES,
    table_name,
)
from rktdata.schemas.document import Document, DocumentReading
from rktdata.schemas.errors import OutputFolderError
from rktdata.schemas.records import DatasetRow, DokumenRow

# Where files stand until the dataset is whole; begins with a dot, so nobody's glob meets it.
STAGING = ".rktdata-sementara"
_DOCUMENT_FILE = re.compile(r"[0-9a-f]{16}\.json")
# What the audit adds; of an earlier run, it says nothing about the dataset written now.
_DERIVED = (REPORT, *(model.file_name for model in AUDIT_TABLES))
_OWN_NAMES = frozenset(
    {DESCRIPTOR, DOCUMENT_FOLDER, ACCEPTED, CORRECTIONS, *_DERIVED, *(m.file_name for m in TABLES)}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One document's share of the dataset, ready to be written, small to hand over.

    Attributes:
        row: Its row of dokumen.csv.
        lines: By table name, its lines of that CSV file, the header left out.
        counts: By table name, how many rows those are.
        json: Its own file, compressed; None for a document that could not be read.
        trace: The traceback of an error that nobody foresaw, else "".
        copy: The PDF with what was read by OCR as a layer of text, where it is asked for;
            no part of the dataset.
    """

    row: DokumenRow
    lines: dict[str, bytes]
    counts: dict[str, int]
    json: bytes | None
    trace: str = ""
    copy: bytes | None = field(default=None, repr=False)

    def document(self) -> bytes:
        """Its own file as it will stand there; no bytes where there is none."""
        return b"".join(unsqueezed(self.json or b""))


@collector_held_back()
def document_entry(document: Document | DocumentReading) -> Entry:
    """A document ready to be written; its tables may only now be read, one after the other.

    Raises:
        DocumentError: It turns out to hold nothing to be read.
    """
    if isinstance(document, Document):
        document = DocumentReading.of(document)
    row, file = document.told.row, JsonFile()
    lines = {name: CsvLines() for name in BY_NAME}
    lines["dokumen"].add(row)
    for found in document.tables:
        if found.table is not None and found.row is not None:
            file.add_table(found.table, found.row)
            lines["tabel"].add(found.row)
        for indicator in found.indicators:
            file.add_indicator(indicator)
            lines["indikator"].add(indicator.row)
        for line in found.budget:
            file.add_budget(line)
            lines["anggaran"].add(line.row)
    return Entry(
        row=row,
        lines={name: some.done() for name, some in lines.items()},
        counts={name: some.count for name, some in lines.items()},
        json=file.done(document.told, document.blocks),
    )


def failure_entry(row: DokumenRow, trace: str = "") -> Entry:
    """A document that could not be read: its row, and nothing else."""
    return Entry(row, {"dokumen": csv_lines([row])}, {"dokumen": 1}, None, trace)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.sementara")
    part.write_bytes(content)
    part.replace(path)


class DatasetWriter:
    """Writes one dataset folder; to be used in a `with` statement.

    Entries are written in the order in which they are added. Leaving the `with` block
    puts the files in place; leaving it by an exception throws them away.

    Attributes:
        folder: The dataset folder, made if it does not exist.
        files: After the `with` block, the CSV files that were written.
    """

    def __init__(self, folder: Path) -> None:
        """Check the folder; nothing is written yet.

        Raises:
            OutputFolderError: It is no folder, or holds something else than a dataset.
        """
        self.folder = folder
        self.files: tuple[WrittenFile, ...] = ()
        self._staging = folder / STAGING
        self._tables: dict[type[DatasetRow], _CsvFile] = {}
        self._documents: set[str] = set()
        self._others: list[str] = []
        self._open = ExitStack()
        _check_folder(folder)

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._staging.exists():  # what a killed run left
                shutil.rmtree(self._staging)
            (self._staging / DOCUMENT_FOLDER).mkdir(parents=True)
            for model in TABLES:
                self._table(model)
        except OSError as error:
            self._discard()
            raise OutputFolderError(f"{self.folder} cannot be written: {error.strerror}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._put_in_place()
        finally:
            self._discard()

    def add(self, entry: Entry) -> bool:
        """Write a document; False, and nothing written, if it is there already."""
        document_id = entry.row.dokumen_id
        if document_id in self._documents:
            return False
        self._documents.add(document_id)
        for name, lines in entry.lines.items():
            self._table(BY_NAME[name]).write(lines, entry.counts[name])
        if entry.json is not None:
            path = self._staging / DOCUMENT_FOLDER / f"{document_id}.json"
            with path.open("wb") as file:
                file.writelines(unsqueezed(entry.json))
        return True

    def add_rows(self, model: type[DatasetRow], rows: Iterable[DatasetRow]) -> None:
        """Write rows that belong to the dataset as a whole; the file is made if need be."""
        table = self._table(model)
        for row in rows:
            table.write(csv_lines([row]), 1)

    def add_file(self, name: str, content: bytes) -> None:
        """Put a file beside the tables: the report."""
        (self._staging / name).write_bytes(content)
        self._others.append(name)

    def scratch(self, name: str) -> Path:
        """Where something can be put until the `with` block is left, then thrown away."""
        folder = self._staging / "sela"
        folder.mkdir(exist_ok=True)
        return folder / name

    def _table(self, model: type[DatasetRow]) -> _CsvFile:
        if model not in self._tables:
            path = self._staging / model.file_name
            file = self._open.enter_context(path.open("wb"))
            self._tables[model] = _CsvFile(model, file)
        return self._tables[model]

    def _put_in_place(self) -> None:
        """Rename every file over its predecessor, the descriptor last."""
        self._open.close()
        self.files = tuple(table.written() for table in self._tables.values())
        (self._staging / DESCRIPTOR).write_bytes(datapackage(self.files))
        documents = self.folder / DOCUMENT_FOLDER
        documents.mkdir(exist_ok=True)
        new = sorted((self._staging / DOCUMENT_FOLDER).iterdir())
        for path in new:
            path.replace(documents / path.name)
        names = [*(file.model.file_name for file in self.files), *self._others, DESCRIPTOR]
        for name in names:
            (self._staging / name).replace(self.folder / name)
        for name in set(_DERIVED) - set(names):
            (self.folder / name).unlink(missing_ok=True)
        kept = {path.name for path in new}
        for path in documents.iterdir():
            if _DOCUMENT_FILE.fullmatch(path.name) and path.name not in kept:
                path.unlink()

    def _discard(self) -> None:
        with suppress(OSError):  # a full disk, again: what was not written is thrown away
            self._open.close()
        shutil.rmtree(self._staging, ignore_errors=True)


def put_rows(
    folder: Path, tables: Mapping[type[DatasetRow], Sequence[DatasetRow]]
) -> tuple[Path, ...]:
    """Write some tables into a folder, a dataset or not; its other tables stay.

    Returns:
        The files of these tables, in place; the descriptor tells of all that are there.

    Raises:
        OutputFolderError: The folder holds other things than a dataset, or is read-only.
    """
    _check_folder(folder)
    staging = folder / STAGING
    written = []
    try:
        staging.mkdir(parents=True, exist_ok=True)
        for model in ALL_BY_NAME.values():
            if model in tables:
                rows, content = len(tables[model]), csv_header(model) + csv_lines(tables[model])
                (staging / model.file_name).write_bytes(content)
            elif (folder / model.file_name).is_file():
                content = (folder / model.file_name).read_bytes()
                rows = sum(1 for _ in read_values(folder, model))
            else:
                continue
            digest = hashlib.sha256(content).hexdigest()
            written.append(WrittenFile(model, rows, len(content), digest))
        (staging / DESCRIPTOR).write_bytes(datapackage(written))
        for name in (*(model.file_name for model in tables), DESCRIPTOR):
            (staging / name).replace(folder / name)
    except OSError as error:
        raise OutputFolderError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(folder / model.file_name for model in tables)


class _CsvFile:
    """An open CSV file that knows its rows, size and hash."""

    def __init__(self, model: type[DatasetRow], file: BinaryIO) -> None:
        self._model = model
        self._file = file
        self._hash = hashlib.sha256()
        self._rows = 0
        self._size = 0
        self.write(csv_header(model), 0)

    def write(self, lines: bytes, rows: int) -> None:
        self._file.write(lines)
        self._hash.update(lines)
        self._rows += rows
        self._size += len(lines)

    def written(self) -> WrittenFile:
        return WrittenFile(self._model, self._rows, self._size, self._hash.hexdigest())


def _check_folder(folder: Path) -> None:
    """Refuse a folder in which a dataset would stand among somebody's other files.

    Fine are: none yet, an empty one (hidden files do not count), one with our
    descriptor, and one with nothing in it but a dataset's files.
    """
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise OutputFolderError(f"{folder} is a file; name a folder to write to")
        descriptor = folder / DESCRIPTOR
        if descriptor.is_file() and is_descriptor(descriptor.read_text("utf-8", errors="replace")):
            return
        names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    except OSError as error:
        raise OutputFolderError(f"{folder} cannot be opened: {error.strerror}") from error
    if DESCRIPTOR in names or names - _OWN_NAMES:
        raise OutputFolderError(
            f"{folder} holds files that are no dataset of ours; name a new or empty folder"
        )


def counts(files: Iterable[WrittenFile]) -> dict[str, int]:
    """Rows by table name, in the order of the files."""
    return {table_name(file.model): file.rows for file in files}
