"""What a run remembers: every outcome, as soon as it is there, in a database.

It stands in the dataset's folder (`.rktdata/`, hidden), in SQLite with a write-ahead log:
whatever kills a run, outcomes that were noted are whole, and the next run reads only what
is missing. A document's outcome depends on its bytes, its name and the recipe (options,
limits, this program and its libraries), so these are the key; the dataset is put together
from the outcomes in the order of the inputs, the same whether they were read today or
last year.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import rktdata
from rktdata.intake.inputs import Source
from rktdata.output.dataset import Entry
from rktdata.schemas.errors import BusyFolderError, OutputFolderError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.workers.protocol import ProtocolError, decode_entry, encode_entry

FOLDER = ".rktdata"
DATABASE = "keadaan.sqlite"
LOCK = "kunci"
# Where the pages are kept that were read by OCR.
PAGES = "halaman"
# What decides, besides this program, what is read: another version may read otherwise.
_LIBRARIES = (
    *("pypdfium2", "pdfplumber", "pdfminer.six", "numpy", "scipy", "rapidfuzz", "regex"),
    *("camelot-py", "onnxruntime", "rapidocr", "tesserocr", "opencv-python-headless"),
)
# Files of this program that decide it: code, vocabularies, what knows letters.
_READ_BY = (".py", ".toml", ".txt", ".traineddata", ".onnx")
# Of the tables below; another number is another program's, and is thrown away.
LAYOUT = 1
# Outcomes are text: the quickest level packs them to a tenth.
_PACKING = 1
# Inputs listed before they are written down together.
_LISTED = 1000

_TABLES = """
-- Paths are blobs: they may hold bytes that are no UTF-8.
create table if not exists hasil (
    sha256 text not null, berkas text not null, resep text not null,
    kepala text not null, isi blob not null,
    primary key (sha256, berkas)
) without rowid;
create table if not exists masukan (
    kunci blob primary key, sha256 text
) without rowid;
create table if not exists antrean (
    urutan integer primary key, kunci blob not null unique,
    tempat blob not null, anggota integer, label blob not null, berkas text not null,
    sha256 text, dokumen_id text, ganda integer not null default 0,
    kepala text, isi blob
);
create index if not exists antrean_dokumen on antrean (dokumen_id);
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the inputs differ from those of the last run that was finished."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


def pages_folder(dataset: Path) -> Path:
    """Where a dataset's pages are kept that were read by OCR."""
    return dataset.absolute() / FOLDER / PAGES


def recipe(options: Options, limits: Limits) -> str:
    """What, besides its bytes and name, decides what is read from a document."""
    settings = [
        options.model_dump(mode="json", exclude={"searchable"}),
        limits.model_dump(mode="json"),
    ]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for library in _LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            digest.update(f"{library} {metadata.version(library)}\n".encode())
    digest.update(_program().encode())
    return digest.hexdigest()


def _program() -> str:
    """This program: its version, and what its files hold."""
    digest = hashlib.sha256(rktdata.__version__.encode())
    home = Path(rktdata.__file__).parent
    for path in sorted(home.rglob("*")):
        if path.suffix in _READ_BY and path.is_file():
            digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class State:
    """The memory of a dataset; to be used in a `with` statement, by one run at a time."""

    def __init__(self, dataset: Path, resep: str) -> None:
        """Lock the dataset and open its memory.

        Args:
            dataset: Its folder, which is made if need be.
            resep: See `recipe`.

        Raises:
            BusyFolderError: Another run has it.
            OutputFolderError: It cannot be written to.
        """
        self._recipe = resep
        self._lock = _locked(dataset)
        database = dataset / FOLDER / DATABASE
        try:
            self._db = _opened(database)
        except (sqlite3.Error, OSError) as error:
            self._lock.close()
            raise OutputFolderError(f"{database} cannot be written: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._lock.close()

    def list_inputs(self, sources: Iterable[Source]) -> int:
        """Write down what is to be read, in order, each place once; how many those are."""
        self._db.execute("delete from antrean")
        rows = (
            (os.fsencode(s.key), os.fsencode(s.place), s.member, os.fsencode(s.label), s.name)
            for s in sources
        )
        self._db.executemany(
            "insert or ignore into antrean (kunci, tempat, anggota, label, berkas)"
            " values (?, ?, ?, ?, ?)",
            rows,
        )
        self._db.commit()
        [(count,)] = self._db.execute("select count(*) from antrean")
        return int(count)

    def forget(self) -> None:
        """Let go of every outcome, so that all is read again."""
        self._db.execute("delete from hasil")
        self._db.commit()

    def inputs(self) -> Iterator[tuple[int, Source]]:
        """The inputs, in order, with their numbers."""
        at = -1
        while True:
            some = self._db.execute(
                "select urutan, tempat, anggota, label, berkas from antrean"
                " where urutan > ? order by urutan limit ?",
                (at, _LISTED),
            ).fetchall()
            if not some:
                return
            for number, place, member, label, name in some:
                yield number, Source(os.fsdecode(place), member, os.fsdecode(label), name)
            at = some[-1][0]

    def claim(self, number: int, sha256: str) -> bool:
        """Note an input's content; False if an earlier input has the same."""
        document_id = sha256[:16]
        taken = self._db.execute(
            "select 1 from antrean where dokumen_id = ? and urutan < ? limit 1",
            (document_id, number),
        ).fetchone()
        self._db.execute(
            "update antrean set sha256 = ?, dokumen_id = ?, ganda = ? where urutan = ?",
            (sha256, document_id, int(taken is not None), number),
        )
        return taken is None

    def known(self, sha256: str, name: str) -> Entry | None:
        """The outcome of a document that was read before in the same way."""
        found = self._db.execute(
            "select kepala, isi from hasil where sha256 = ? and berkas = ? and resep = ?",
            (sha256, name, self._recipe),
        ).fetchone()
        if found is None:
            return None
        try:
            return _unpacked(*found)
        except (ProtocolError, ValueError, zlib.error):
            return None  # damaged: it is read again

    def note(self, number: int, entry: Entry) -> None:
        """Keep an outcome; when this returns, a killed run has not lost it."""
        header, body = _packed(entry)
        if entry.row.sha256 is None:  # nothing to know it by: it is tried again next time
            self._db.execute(
                "update antrean set dokumen_id = ?, kepala = ?, isi = ? where urutan = ?",
                (entry.row.dokumen_id, header, body, number),
            )
        else:
            self._db.execute(
                "insert or replace into hasil values (?, ?, ?, ?, ?)",
                (entry.row.sha256, entry.row.berkas, self._recipe, header, body),
            )
        self._db.commit()

    def entries(self) -> Iterator[Entry]:
        """The outcomes of all inputs, in order, duplicates left out."""
        at = -1
        while True:
            found = self._db.execute(
                "select a.urutan, coalesce(a.kepala, h.kepala), coalesce(a.isi, h.isi)"
                " from antrean a left join hasil h"
                " on h.sha256 = a.sha256 and h.berkas = a.berkas"
                " where a.urutan > ? and a.ganda = 0 order by a.urutan limit 1",
                (at,),
            ).fetchone()
            if found is None:
                return
            at = found[0]
            yield _unpacked(found[1], found[2])

    def place_of(self, document_id: str) -> Source | None:
        """Where a document of this run came from."""
        found = self._db.execute(
            "select tempat, anggota, label, berkas from antrean"
            " where dokumen_id = ? and ganda = 0 limit 1",
            (document_id,),
        ).fetchone()
        if found is None:
            return None
        return Source(os.fsdecode(found[0]), found[1], os.fsdecode(found[2]), found[3])

    def changes(self) -> Changes:
        """How this run's inputs differ from the last finished one's."""
        [counts] = self._db.execute(
            "select coalesce(sum(m.kunci is null), 0),"
            " coalesce(sum(m.kunci is not null and m.sha256 is not a.sha256), 0),"
            " coalesce(sum(m.kunci is not null and m.sha256 is a.sha256), 0)"
            " from antrean a left join masukan m on m.kunci = a.kunci"
        )
        [(removed,)] = self._db.execute(
            "select count(*) from masukan where kunci not in (select kunci from antrean)"
        )
        new, changed, unchanged = counts
        return Changes(new, changed, unchanged, removed)

    def finish(self) -> None:
        """The dataset is in place: remember its inputs, forget what it does not need."""
        self._db.execute("delete from masukan")
        self._db.execute("insert into masukan select kunci, sha256 from antrean")
        self._db.execute(
            "delete from hasil where not exists (select 1 from antrean a"
            " where a.sha256 = hasil.sha256 and a.berkas = hasil.berkas and a.ganda = 0)"
        )
        self._db.commit()


@contextlib.contextmanager
def alone(dataset: Path) -> Iterator[None]:
    """Keep other runs from a dataset that is there; of a folder that is not, nothing is made.

    Raises:
        BusyFolderError: Another run has it.
        OutputFolderError: It cannot be written to.
    """
    if not dataset.is_dir():
        yield
        return
    with _locked(dataset):
        yield


def noted_source(dataset: Path, document_id: str) -> Source | None:
    """Where the last run found a document, from wherever this is asked; None if not noted."""
    path = dataset / FOLDER / DATABASE
    if not path.is_file():
        return None
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=5)) as db:
            [found] = db.execute(
                "select kunci, anggota, label, berkas from antrean"
                " where dokumen_id = ? and ganda = 0 limit 1",
                (document_id,),
            ).fetchmany(1) or [None]
    except sqlite3.Error:
        return None
    if found is None:
        return None
    key, member, label, name = found
    place = os.fsdecode(key)  # absolute; an archive's member is named after it
    if member is not None:
        place = place.rpartition("!")[0]
    return Source(place, member, os.fsdecode(label), name)


def _locked(dataset: Path) -> BinaryIO:
    """The lock file, held until it is closed, or until the process ends in any way."""
    try:
        (dataset / FOLDER).mkdir(parents=True, exist_ok=True)
        file = (dataset / FOLDER / LOCK).open("a+b")
    except OSError as error:
        raise OutputFolderError(f"{dataset} cannot be written: {error.strerror}") from error
    try:
        try:
            import fcntl
        except ImportError:  # Windows
            import msvcrt

            file.seek(1 << 20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read(20).decode("ascii", "replace").strip()
        file.close()
        raise BusyFolderError(
            f"another run (process {holder or 'unknown'}) is writing to {dataset}; "
            "wait for it to end, or name another folder"
        ) from error
    with contextlib.suppress(OSError):  # a full disk: the lock holds without the number too
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
    return file


def _opened(path: Path) -> sqlite3.Connection:
    """The database, made anew if it is damaged or of another layout."""
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # disk full, read-only: not its fault
            raise
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=5)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("pragma cache_size = -1024")
        [(layout,)] = db.execute("pragma user_version")
        if layout not in (0, LAYOUT):
            raise sqlite3.DatabaseError(f"layout {layout}")
        db.executescript(_TABLES)
        db.execute(f"pragma user_version = {LAYOUT}")
        db.commit()
        return db
    except BaseException:
        db.close()
        raise


def _packed(entry: Entry) -> tuple[str, bytes]:
    header, body = encode_entry(replace(entry, copy=None))
    return json.dumps(header, ensure_ascii=False), zlib.compress(body, _PACKING)


def _unpacked(header: str, body: bytes) -> Entry:
    return decode_entry(json.loads(header), zlib.decompress(body), checked=True)
