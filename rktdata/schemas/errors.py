"""Errors that stop one document, one class per cause, never the batch.

Each message says what is wrong, where, and what to do next. `code` is the short name
that stands first in the dataset's `galat` column.
"""

from __future__ import annotations


class DocumentError(Exception):
    """This document cannot be read: the batch marks it `gagal` and goes on."""

    code = "gagal"


class UnreadablePathError(DocumentError):
    """The path does not exist or may not be read."""

    code = "tak_terbaca"


class NotPdfError(DocumentError):
    """The file is no PDF."""

    code = "bukan_pdf"


class EmptyFileError(DocumentError):
    """The file has no bytes, or the PDF has no pages."""

    code = "kosong"


class BrokenPdfError(DocumentError):
    """The PDF is damaged or cut short."""

    code = "rusak"


class LockedPdfError(DocumentError):
    """The PDF asks for a password. Give it with --password, or unlock it."""

    code = "terkunci"


class TimeLimitError(DocumentError):
    """The document, or a page of it, takes longer than it may."""

    code = "batas_waktu"


class MemoryLimitError(DocumentError):
    """The document needs more memory than it may have."""

    code = "batas_memori"


class BombError(DocumentError):
    """The file unpacks to far more than it may, which no honest plan does."""

    code = "bom"


class NoTableError(DocumentError):
    """The document holds no planning table and no plan in prose."""

    code = "tanpa_tabel"


class OutputFolderError(Exception):
    """The dataset cannot be written to the folder that was named; nothing was changed."""


class NeedsOcrError(DocumentError):
    """Every page is a picture without readable text."""

    code = "perlu_ocr"


class DatasetError(Exception):
    """A dataset folder cannot be read back; the message says what to do."""


class OcrNotInstalledError(DocumentError):
    """Scanned pages are met, and the optional part that reads them is not installed."""

    code = "perlu_ocr"


class PictureTooLargeError(DocumentError):
    """A page's picture is too large to be read within the memory a page may take."""

    code = "gambar_terlalu_besar"


class BusyFolderError(OutputFolderError):
    """Another run is writing to the same dataset."""


class InputError(Exception):
    """The inputs cannot be listed as given, or vanished during the run."""


class WorkerError(Exception):
    """Documents cannot be read here at all: no worker process can be started."""


class ExportError(Exception):
    """An export cannot be made as asked; what stood there before is unchanged."""
