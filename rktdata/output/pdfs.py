"""The PDFs that a dataset was read from, found again: by their names, else by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from rktdata.schemas.records import DokumenRow

ReadPdf = Callable[[str], bytes | None]


def find_pdfs(folder: Path, rows: Iterable[DokumenRow]) -> dict[str, Path]:
    """The documents' PDFs in a folder and below it: by name, else by their content."""
    wanted = {row.dokumen_id: row.berkas for row in rows if row.sha256}
    names = set(wanted.values())
    found: dict[str, Path] = {}
    for path in sorted(_files_below(folder), key=lambda path: path.name not in names):
        if len(found) == len(wanted):
            break
        if path.name in names or path.suffix.lower() == ".pdf":
            digest = _digest(path)
            if digest in wanted:
                found.setdefault(digest, path)
    return found


def read_from(paths: Mapping[str, Path]) -> ReadPdf:
    """A reader of PDFs whose places are known; a file that is gone is no error."""

    def read(document_id: str) -> bytes | None:
        path = paths.get(document_id)
        try:
            return path.read_bytes() if path else None
        except OSError:
            return None

    return read


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError:
        return ""
