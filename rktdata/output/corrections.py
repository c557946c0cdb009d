r"""`koreksi.csv`: what people correct in a dataset, read and added to.

It stands inside the dataset folder or beside it; lines of the file inside come after, and
so before, those of the file beside it. Nothing is ever removed from it here: a line is
added at the end, written as the file is written, and the last line for a field counts.
"""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

from rktdata.corrections.fields import parse_field
from rktdata.corrections.keys import kind_of_key
from rktdata.output.kept import KeptTable, line_for, parse_kept
from rktdata.schemas.corrections import COLUMNS, DOCUMENT, FIELDS, RIGHT, WHOLE, Correction
from rktdata.schemas.dataset import CORRECTIONS
from rktdata.schemas.errors import DatasetError

_NEEDED = COLUMNS[:5]
_DOCUMENT = re.compile(r"[0-9a-f]{16}(?:[0-9a-f]{48})?")
# Defects told of at once.
_TOLD = 5


def correction_files(dataset: Path) -> tuple[Path, ...]:
    """Where corrections of a dataset may stand, the file that counts most last."""
    return (dataset.absolute().parent / CORRECTIONS, dataset / CORRECTIONS)


def read_corrections(dataset: Path) -> tuple[Correction, ...]:
    """The corrections for a dataset, and perhaps for others beside it.

    Raises:
        DatasetError: A file cannot be opened or understood; to go on without it would
            bring back what was corrected.
    """
    found: list[Correction] = []
    for path in correction_files(dataset):
        content = _content(path)
        if content is None:
            continue
        try:
            found += parse_corrections(content, path.name)
        except (ValueError, csv.Error) as error:
            raise DatasetError(f"{path}: {error}") from error
    return tuple(found)


def parse_corrections(content: bytes, name: str = CORRECTIONS) -> list[Correction]:
    """The lines of the file.

    Raises:
        ValueError: Columns are missing, or lines cannot be understood; the message names
            them and says what to do.
    """
    table = parse_kept(content)
    if not table.header:
        return []
    missing = [column for column in _NEEDED if column not in table.header]
    if missing:
        raise ValueError(
            f"the first line must name the columns {','.join(COLUMNS)}; "
            f"{', '.join(missing)} is missing"
        )
    found, wrong = [], []
    for number, cells in table.lines:
        try:
            found.append(_correction(cells, f"{name}:{number}"))
        except ValueError as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        more = f"; {len(wrong) - _TOLD} more" if len(wrong) > _TOLD else ""
        raise ValueError("; ".join(wrong[:_TOLD]) + more)
    return found


def check(correction: Correction) -> None:
    """See that a correction can be applied.

    Raises:
        ValueError: It cannot; the message says what to do.
    """
    kind = kind_of_key(correction.kunci)
    if not _DOCUMENT.fullmatch(correction.dokumen_id):
        raise ValueError("dokumen_id is not the first 16 hex digits of a SHA-256")
    if kind is None:
        raise ValueError(
            f"kunci {correction.kunci!r} is no key; rkt correct writes them, or remove the line"
        )
    if correction.kolom == WHOLE and kind != DOCUMENT:
        if correction.nilai_baru not in (RIGHT, ""):
            raise ValueError(f"with kolom {WHOLE} nilai_baru is {RIGHT}; for a value name a field")
    elif correction.kolom not in FIELDS[kind]:
        fields = ", ".join(FIELDS[kind] if kind == DOCUMENT else (*FIELDS[kind], WHOLE))
        raise ValueError(f"kolom {correction.kolom!r} is none of {fields}")
    else:
        parse_field(kind, correction.kolom, correction.nilai_baru)


def append_correction(dataset: Path, correction: Correction) -> Path:
    """Add a line to the dataset's own file, which is made if need be; where it is.

    Raises:
        DatasetError: The file is there and cannot be understood, or cannot be written.
        ValueError: The correction cannot be applied.
    """
    check(correction)
    path = dataset / CORRECTIONS
    content = _content(path)
    try:
        table = parse_kept(content or b"")
        if content:
            parse_corrections(content)
    except (ValueError, csv.Error) as error:
        raise DatasetError(f"{path}: {error}") from error
    header = b""
    if not table.header:
        table = KeptTable(COLUMNS, (), encoding="utf-8")
        header = b"" if content else b"\xef\xbb\xbf"  # by which a spreadsheet knows UTF-8
        header += line_for(table, dict(zip(COLUMNS, COLUMNS, strict=True)))
    elif missing := [name for name in COLUMNS if name not in table.header]:
        raise DatasetError(f"{path}: add the columns {', '.join(missing)} to its first line")
    elif content and not content.endswith(b"\n"):
        header = b"\r\n"
    cells = {name: " ".join(str(getattr(correction, name)).split()) for name in COLUMNS}
    try:
        line = line_for(table, cells)
    except UnicodeEncodeError as error:
        raise DatasetError(
            f"{path} is saved as Windows-1252, which cannot write {error.object[error.start]!r}; "
            "save it as CSV UTF-8"
        ) from error
    try:
        with path.open("ab") as file:  # one write, so that two writers' lines stay whole
            file.write(header + line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DatasetError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _correction(cells: dict[str, str], place: str) -> Correction:
    values = {name: cells.get(name, "") for name in COLUMNS}
    values["dokumen_id"] = values["dokumen_id"].lower()
    made = Correction(**values, place=place)
    check(made)
    return Correction(**{**values, "dokumen_id": made.dokumen_id[:16]}, place=place)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DatasetError(f"{path} cannot be opened: {error.strerror}") from error
