"""A worker: reads one document after the other, as its parent hands them over.

Started as `python -m rktdata.workers.child PARENT`, not by multiprocessing, which would
import the user's program again. First come the options and limits, then documents; each
is answered by its outcome. It ends when its parent hangs up, or ends.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from rktdata.collecting import collector_held_back


def main() -> None:
    """Serve until standard input ends."""
    from rktdata.workers import sandbox

    sandbox.die_with_parent(int(sys.argv[1]))
    requests, replies = _pipes()
    from rktdata.workers import protocol

    try:
        serve(requests, replies)
    except Exception as error:  # the parent tells; nothing else can be done here
        protocol.write_frame(replies, {"broken": f"{type(error).__name__}: {error}"})
        raise


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer every request."""
    with collector_held_back():
        import rktdata.extract.reader_pdfium  # noqa: F401 (before the limits: all documents need it)
        from rktdata.schemas.limits import Limits
        from rktdata.schemas.options import Options
        from rktdata.workers import protocol, sandbox
        from rktdata.workers.answers import Answers
        from rktdata.workers.watch import HangWatch, Watch

    first = protocol.read_frame(requests)
    if first is None:
        return
    options = Options.model_validate(first[0]["options"])
    limits = Limits.model_validate(first[0]["limits"])
    cache = Path(first[0]["cache"]) if first[0].get("cache") else None
    sandbox.confine(limits)

    def on_scan(page: int) -> None:
        sandbox.grant_scan(limits)
        protocol.write_frame(replies, {"scan": page})

    answers = Answers(options, limits, cache)
    hangs = HangWatch(lambda page: _give_up(replies, page))
    protocol.write_frame(replies, {"ready": True})
    while (request := protocol.read_frame(requests)) is not None:
        header, body = request
        sandbox.grant_time(limits)
        if "draw" in header:
            protocol.write_frame(replies, *_drawn(header, body, options.password))
            continue
        bounds = limits.model_copy(update={"seconds": header.get("seconds", limits.seconds)})
        watch = Watch(bounds, frozenset(header.get("left_out", ())), hangs, on_scan)
        answer, content = answers.answer(header, body, watch)
        protocol.write_frame(replies, answer | {"memory_mb": sandbox.memory_mb()}, content)


def _give_up(replies: BinaryIO, page: int) -> None:
    """Tell the parent on which page a library hangs, and end."""
    from rktdata.workers import protocol

    protocol.write_frame(replies, {"hangs": page})
    os._exit(1)


def _drawn(
    header: dict[str, Any], pdf: bytes, password: str | None
) -> tuple[dict[str, Any], bytes]:
    """Windows of pages, as pictures; those that cannot be drawn are left out."""
    from rktdata.output.report.crops import draw_windows

    windows = [("", int(page), tuple(box)) for page, box in header["draw"]]
    try:
        drawn = draw_windows(pdf, windows, password, float(header["scale"]))
    except Exception:  # a hostile page; a report without its picture is still a report
        drawn = {}
    found = [number for number, window in enumerate(windows) if window in drawn]
    pictures = [drawn[windows[number]] for number in found]
    sizes = [[number, len(data)] for number, data in zip(found, pictures, strict=True)]
    return {"drawn": sizes}, b"".join(pictures)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, kept apart from what libraries take for a terminal."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, replies


if __name__ == "__main__":
    main()
