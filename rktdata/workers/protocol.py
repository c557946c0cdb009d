"""What parent and worker say to each other: frames of JSON and bytes over two pipes.

A worker has read a file that nobody vetted, and what it says is data to be checked, never
code to be run: the parent unpickles nothing. The parts of a long document that several
workers read are pickles, which it passes on unopened, as bytes of a bounded size; the
worker that puts them together opens them with `rktdata.packed`, which makes values of ours
and nothing else.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

from rktdata.output.dataset import Entry
from rktdata.output.squeezed import unsqueezed
from rktdata.schemas.dataset import BY_NAME
from rktdata.schemas.records import DokumenRow
from rktdata.workers.task import Rest, Run

_DOCUMENT_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_SIZES = struct.Struct(">IQ")
# No honest document makes more of itself than this; a header is a line of JSON.
LARGEST_HEADER = 1 << 20
LARGEST_BODY = 1 << 30
# What one run of a document's pages may come to, packed; an honest page is some kilobytes.
LARGEST_PART = 32 << 20


class ProtocolError(Exception):
    """The other side said something that is no frame."""


def write_frame(pipe: BinaryIO, header: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one frame."""
    head = json.dumps(header).encode()
    pipe.write(_SIZES.pack(len(head), len(body)) + head)
    pipe.write(body)
    pipe.flush()


def read_frame(
    pipe: BinaryIO, largest_body: int = LARGEST_BODY
) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, or None when the other side is gone.

    Args:
        pipe: Where it comes from.
        largest_body: Bytes that its body may have.

    Raises:
        ProtocolError: What comes is no frame.
    """
    sizes = _exactly(pipe, _SIZES.size)
    if sizes is None:
        return None
    head_size, body_size = _SIZES.unpack(sizes)
    if head_size > LARGEST_HEADER or body_size > largest_body:
        raise ProtocolError(f"a frame of {head_size} and {body_size} bytes")
    head, body = _exactly(pipe, head_size), _exactly(pipe, body_size)
    if head is None or body is None:
        return None
    try:
        header = json.loads(head)
    except ValueError as error:
        raise ProtocolError("a header that is no JSON") from error
    if not isinstance(header, dict):
        raise ProtocolError("a header that is no object")
    return header, body


def _exactly(pipe: BinaryIO, size: int) -> bytes | None:
    parts = []
    while size:
        part = pipe.read(size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def encode_entry(entry: Entry) -> tuple[dict[str, Any], bytes]:
    """An entry as a frame."""
    names = list(entry.lines)
    header = {
        "row": entry.row.model_dump(mode="json"),
        "lines": [[name, len(entry.lines[name]), entry.counts[name]] for name in names],
        "json": None if entry.json is None else len(entry.json),
        "trace": entry.trace[-20_000:],
        "copy": None if entry.copy is None else len(entry.copy),
    }
    parts = [*(entry.lines[name] for name in names), entry.json or b"", entry.copy or b""]
    return header, b"".join(parts)


def decode_entry(header: Mapping[str, Any], body: bytes, checked: bool = False) -> Entry:
    """The entry that a frame holds.

    Args:
        header: From `encode_entry`.
        body: Likewise.
        checked: Whether its JSON was looked through before, as that of an outcome that was kept.

    Raises:
        ProtocolError: It holds none.
    """
    try:
        row = DokumenRow.model_validate(header["row"])
        if _DOCUMENT_ID.fullmatch(row.dokumen_id) is None:  # it names a file
            raise ProtocolError("an id that is none")
        lines: dict[str, bytes] = {}
        counts: dict[str, int] = {}
        at = 0
        for name, size, count in header["lines"]:
            if name not in BY_NAME or size < 0 or count < 0:
                raise ProtocolError(f"no table {name!r}")
            lines[name], counts[name] = body[at : at + size], int(count)
            at += size
        files: list[bytes | None] = []
        for size in (header["json"], header.get("copy")):
            files.append(None if size is None else body[at : at + size])
            at += size or 0
        if at != len(body):
            raise ProtocolError("a body of another size")
        for _ in unsqueezed(b"" if checked else files[0] or b""):
            pass
        return Entry(row, lines, counts, files[0], str(header["trace"]), files[1])
    except (KeyError, TypeError, ValueError) as error:  # a ValidationError is a ValueError
        raise ProtocolError(f"no outcome: {error}") from error


def decode_rest(header: Mapping[str, Any], pages: int) -> Rest:
    """What a worker says is left of a document that it has begun.

    Args:
        header: What it says.
        pages: How many a document may have.

    Raises:
        ProtocolError: It makes no sense.
    """
    try:
        (first, last), seconds = header["rest"], float(header["seconds"])
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"no rest: {error}") from error
    if not (type(first) is type(last) is int and 1 <= first <= last <= pages):
        raise ProtocolError("a rest of pages that there are not")
    if not math.isfinite(seconds):
        raise ProtocolError("a rest that never ends")
    return Rest(Run(first, last), seconds)
