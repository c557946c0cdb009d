r"""`temuan-diterima.csv`: findings that a reviewer knows of and accepts, and why.

It is kept by hand, inside the dataset folder or beside it; no run writes or removes it.
"""

from __future__ import annotations

import csv
from pathlib import Path

from rktdata.output.kept import parse_kept
from rktdata.schemas.dataset import ACCEPTED
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.findings import Acceptance


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
    table = parse_kept(content)
    if not table.header:
        return []
    if "temuan_id" not in table.header:
        raise ValueError('the first line must name the columns "temuan_id,alasan,oleh"')
    return [
        Acceptance(cells["temuan_id"], cells.get("alasan", ""), cells.get("oleh", ""))
        for _, cells in table.lines
        if cells.get("temuan_id")
    ]
