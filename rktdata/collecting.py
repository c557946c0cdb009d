"""Python's garbage collector, held back while a document is read.

The values that pass between the stages are trees of frozen values, let go one by one as
they fall out of use. The collector would look through all of them for cycles each time
that some hundreds were added, and find next to none: an eighth of the time of a long
document. Afterwards, what is left counts as old, so that it is not looked through at once
either; the few cycles that there are (6 kB a page) are collected every now and then.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

# After so many seconds of reading, some 2,000 pages, cycles are looked for: 0.05 s.
COLLECTED_AFTER = 10.0
_held_for = 0.0


@contextmanager
def collector_held_back() -> Iterator[None]:
    """Look for no cycles until the end; what is let go before is given back at once.

    >>> with collector_held_back():
    ...     gc.isenabled()
    False
    """
    global _held_for
    held = gc.isenabled()
    gc.disable()
    began = time.monotonic()
    try:
        yield
    finally:
        if held:
            _held_for += time.monotonic() - began
            if _held_for > COLLECTED_AFTER:
                _held_for = 0.0
                gc.collect()
            elif not gc.get_freeze_count():  # all of it counts as old; else it is somebody else's
                gc.freeze()
                gc.unfreeze()
            gc.enable()
