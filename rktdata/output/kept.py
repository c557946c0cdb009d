r"""Tables that people keep beside a dataset, mostly in a spreadsheet.

Spreadsheets save UTF-8 with a byte order mark or without, or Windows-1252, and put
semicolons between the columns where the comma marks decimals. What they saved is read,
and what is added to it is written in the same way.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class KeptTable:
    """Such a table as it stands in its file.

    Attributes:
        header: Names of its columns, lower case, as they stand there.
        lines: Each line that says anything: its number in the file, from 1, and its
            cells by column.
        delimiter, encoding: How the file writes it.
    """

    header: tuple[str, ...]
    lines: tuple[tuple[int, dict[str, str]], ...]
    delimiter: str = ","
    encoding: str = "utf-8"


def parse_kept(content: bytes) -> KeptTable:
    r"""The table in a file.

    Raises:
        ValueError: It is no text, or has cells beyond its columns.
        csv.Error: It is no CSV.

    >>> parse_kept(b"temuan_id;alasan\r\nR09-1; benar\r\n").lines
    ((2, {'temuan_id': 'R09-1', 'alasan': 'benar'}),)
    """
    text, encoding = _decoded(content)
    if not text.strip():
        return KeptTable((), (), encoding=encoding)
    before = len(text) - len(text.lstrip())
    skipped = text[:before].count("\n")
    text = text[before:]
    first = text.splitlines()[0]
    if first.lower().startswith("sep="):  # a spreadsheet's own line, before the header
        text = text.partition("\n")[2]
        skipped += 1
        first = text.splitlines()[0] if text else ""
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = tuple(name.strip().lower() for name in next(rows, []))
    lines = []
    start = rows.line_num
    for row in rows:
        number, start = skipped + start + 1, rows.line_num
        cells = [cell.strip() for cell in row]
        if any(cells):
            lines.append((number, dict(zip(header, cells, strict=False))))
    return KeptTable(header, tuple(lines), delimiter, encoding)


def line_for(table: KeptTable, cells: dict[str, str]) -> bytes:
    """A line to add to a table's file, in its own way of writing.

    Raises:
        UnicodeEncodeError: The file's encoding has no such sign.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.delimiter, lineterminator="\r\n")
    writer.writerow([cells.get(name, "") for name in table.header])
    return out.getvalue().encode(table.encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content:
        raise ValueError("it is saved as UTF-16 or is no text; save it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"
