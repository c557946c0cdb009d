"""A worker that does what a document's bytes tell it to."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

from rktdata.outcome import failure
from rktdata.schemas.errors import NoTableError
from rktdata.workers import protocol
from rktdata.workers.child import _pipes


def main() -> None:
    requests, replies = _pipes()
    assert protocol.read_frame(requests) is not None
    protocol.write_frame(replies, {"ready": True})
    while (request := protocol.read_frame(requests)) is not None:
        header, pdf = request
        if pdf == b"hang":
            time.sleep(600)
        elif pdf == b"segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif pdf == b"killed" or pdf.startswith(b"killed-while:") and _one_less(pdf):
            os.kill(os.getpid(), signal.SIGKILL)
        elif pdf.startswith(b"hangs-on:"):
            wanted = [int(page) for page in pdf.partition(b":")[2].split(b",")]
            left = [page for page in wanted if page not in header["left_out"]]
            if left:
                protocol.write_frame(replies, {"hangs": left[0]})
                os._exit(1)
            answer(replies, header, pdf, f"left out {header['left_out']}")
        elif pdf == b"babble":
            replies.write(b"\xff" * 64)
            replies.flush()
        elif pdf == b"lie":
            protocol.write_frame(replies, {"row": {"dokumen_id": "x"}, "lines": [["../x", 1, 1]]})
        elif pdf == b"garble":
            entry = failure(header["name"], pdf, NoTableError("fine"))
            garbled = dataclasses.replace(entry, json=b"no compressed text")
            protocol.write_frame(replies, *protocol.encode_entry(garbled))
        elif pdf == b"wander":
            entry = failure(header["name"], pdf, NoTableError("fine"))
            there = entry.row.model_copy(update={"dokumen_id": "../../x"})
            protocol.write_frame(
                replies, *protocol.encode_entry(dataclasses.replace(entry, row=there))
            )
        elif pdf == b"impostor":
            entry = failure(header["name"], b"another", NoTableError("fine"))
            protocol.write_frame(replies, *protocol.encode_entry(entry))
        else:
            answer(replies, header, pdf, "fine")


def answer(replies: BinaryIO, header: dict[str, Any], pdf: bytes, message: str) -> None:
    entry = failure(header["name"], pdf, NoTableError(message))
    protocol.write_frame(replies, *protocol.encode_entry(entry))


def _one_less(pdf: bytes) -> bool:
    """Whether the number in the file that is named is above 0; it is made one smaller."""
    counter = Path(os.fsdecode(pdf.partition(b":")[2]))
    number = int(counter.read_text())
    counter.write_text(str(number - 1))
    return number > 0


if __name__ == "__main__":
    main()
    sys.exit()
