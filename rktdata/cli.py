"""The command `rkt`: what is done before its commands are loaded, and after they ran.

To load what parses the arguments takes as long as to read a page. A worker, which has yet
more to load, is started before that and has the other core meanwhile.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# Python looks for cycles each time that so many objects were made, by default 700: most of
# ours are modules and classes, which stay, and values without cycles.
COLLECTED_AT = 100_000


def main() -> None:
    """Entry point of the command."""
    gc.set_threshold(COLLECTED_AT)
    try:
        with _worker_ahead(sys.argv[1:]):
            from rktdata.commands import app

            app()
    finally:
        gc.freeze()  # lest all that was loaded is looked through once more, to end


@contextmanager
def _worker_ahead(arguments: Sequence[str]) -> Iterator[None]:
    """Have a worker start, if a command line will want one; if it does not, end it."""
    will_read = arguments[:1] == ["extract"] and not any(
        argument in ("-h", "--help") or argument.startswith("--scheduler") for argument in arguments
    )
    if not will_read:
        yield
        return
    from rktdata.workers.launch import discard, prepare

    prepare()
    try:
        yield
    finally:
        discard()
