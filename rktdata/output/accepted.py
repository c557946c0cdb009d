r"""`temuan-diterima.csv`: findings that a reviewer knows of and accepts, and why.

It is kept by hand, mostly in a spreadsheet, inside the dataset folder or beside it; no
run writes or removes it. Spreadsheets save UTF-8 with a byte order mark or without, or
Windows-1252, and put semicolons between the columns where the comma marks decimals.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from rktdata.schemas.dataset import ACCEPTED
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.findings import Acceptance

_DELIMITERS = (",", ";", "\t")


def read_accepted(dataset: Path) -> tuple[Acceptance, ...]:
    """The acceptances for a dataset, those in its folder before those beside it.

    Raises:
        DatasetError: A file is there and cannot be understood; to go on without it would
            bring back what was accepted.
    """
    found: dict[str, Acceptance] = {}
    for path in (dataset / ACCEPTED, dataset.absolute().parent / ACCEPTED):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise DatasetError(f"{path} cannot be opened: {error.strerror}") from error
        try:
            entries = parse_accepted(content)
        except (ValueError, csv.Error) as error:
            raise DatasetError(f"{path}: {error}") from error
        for acceptance in entries:
            found.setdefault(acceptance.temuan_id, acceptance)
    return tuple(found.values())


def parse_accepted(content: bytes) -> list[Acceptance]:
    r"""The lines of the file; one without a temuan_id says nothing.

    Raises:
        ValueError: No column is named temuan_id.

    >>> parse_accepted(b"temuan_id;alasan;oleh\r\nR09-1;benar; Ani\r\n")
    [Acceptance(temuan_id='R09-1', alasan='benar', oleh='Ani')]
    """
    text = _decoded(content)
    if not text.strip():
        return []
    first = text.lstrip().splitlines()[0]
    if first.lower().startswith("sep="):  # a spreadsheet's own line, before the header
        text = text.lstrip().partition("\n")[2]
        first = text.splitlines()[0] if text else ""
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip().lower() for name in next(rows, [])]
    if "temuan_id" not in header:
        raise ValueError('the first line must name the columns "temuan_id,alasan,oleh"')
    entries = []
    for row in rows:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if cells.get("temuan_id"):
            entries.append(
                Acceptance(cells["temuan_id"], cells.get("alasan", ""), cells.get("oleh", ""))
            )
    return entries


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
