"""What becomes of one document: its share of the dataset, or the row that says why not."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rktdata.collecting import collector_held_back
from rktdata.output.dataset import Entry, document_entry, failure_entry
from rktdata.schemas.errors import DocumentError, MemoryLimitError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.schemas.records import DokumenRow

if TYPE_CHECKING:
    from rktdata.workers.watch import Watch

T = TypeVar("T")

UNEXPECTED = "galat_tak_terduga"


def read_outcome(
    pdf: bytes,
    name: str,
    options: Options,
    limits: Limits | None = None,
    watch: Watch | None = None,
    cache: Path | None = None,
) -> Entry:
    """Read one document; whatever goes wrong with it is its outcome.

    Args:
        pdf: The file's bytes.
        name: Its name.
        options: How to read it.
        limits: Bounds of time, memory and size.
        watch: Over its pages; one of these limits if left out.
        cache: A folder that keeps what was read by OCR.
    """
    # Not at the top: the parent of worker processes has no need of the readers.
    from rktdata.extract.ocr.cache import FolderCache, MemoryCache
    from rktdata.pipeline import read_by_table
    from rktdata.workers.watch import Watch

    limits = limits or Limits()
    kept = FolderCache(cache) if cache is not None else MemoryCache()
    page = (watch or Watch(limits)).page

    def read() -> Entry:
        with collector_held_back():
            entry = document_entry(read_by_table(pdf, name, options, limits, page, kept))
        if options.searchable and entry.row.pindaian:
            from rktdata.pipeline import searchable_copy

            entry = replace(entry, copy=searchable_copy(pdf, options, limits, page, kept))
        return entry

    return outcome_of(pdf, name, limits, read)


def outcome_of(pdf: bytes, name: str, limits: Limits, read: Callable[[], T]) -> T | Entry:
    """What reading a document gives; whatever goes wrong with it is its outcome.

    Args:
        pdf: The file's bytes.
        name: Its name.
        limits: Bounds of memory.
        read: Reads it, or a part of it.
    """
    try:
        return read()
    except DocumentError as error:
        return failure(name, pdf, error)
    except MemoryError:
        message = f"the document needs more than {limits.memory_mb} MB; raise memory_mb"
        return failure(name, pdf, MemoryLimitError(message))
    except Exception as error:  # a defect of ours must not cost the other documents
        galat = f"{UNEXPECTED}: {type(error).__name__}: {error}"
        return failure_entry(_row(name, pdf, galat), traceback.format_exc())


def failure(name: str, pdf: bytes | None, error: DocumentError, place: bytes = b"") -> Entry:
    """The outcome of a document that cannot be read.

    Args:
        name: The file's name.
        pdf: Its bytes, None where there are none to be had.
        error: Why.
        place: Its path, which stands for it where it has no bytes.
    """
    return failure_entry(_row(name, pdf, f"{error.code}: {error}", place))


def _row(name: str, pdf: bytes | None, galat: str, place: bytes = b"") -> DokumenRow:
    digest = hashlib.sha256(place if pdf is None else pdf).hexdigest()
    return DokumenRow(
        dokumen_id=digest[:16],
        berkas=name,
        sha256=None if pdf is None else digest,
        status="gagal",
        galat=" ".join(galat.encode("utf-8", errors="replace").decode("utf-8").split()),
    )
