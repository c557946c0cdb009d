"""Python's garbage collector, held back while a document is read.

The values that pass between the stages are trees of frozen values, let go one by one as
they fall out of use. The collector would look through all of them for cycles each time
that some hundreds were added, and find none: an eighth of the time of a long document.
Afterwards, what is left counts as old, so that it is not looked through at once either.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_held_back() -> Iterator[None]:
    """Look for no cycles until the end; what is let go before is given back at once.

    >>> with collector_held_back():
    ...     gc.isenabled()
    False
    """
    held = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if held:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
