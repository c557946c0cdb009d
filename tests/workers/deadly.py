"""A worker that does what a document's bytes tell it to."""

from __future__ import annotations

import os
import signal
import sys
import time

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
        elif pdf == b"killed":
            os.kill(os.getpid(), signal.SIGKILL)
        elif pdf == b"babble":
            replies.write(b"\xff" * 64)
            replies.flush()
        elif pdf == b"lie":
            protocol.write_frame(replies, {"row": {"dokumen_id": "x"}, "lines": [["../x", 1, 1]]})
        else:
            entry = failure(header["name"], pdf, NoTableError("fine"))
            protocol.write_frame(replies, *protocol.encode_entry(entry))


if __name__ == "__main__":
    main()
    sys.exit()
