"""What `_many.c` does, in Python, for machines on which it cannot be compiled.

Functions are called bare, without ctypes' conversions, of each kind all in one go; docs/SPEED.md
tells what the difference is.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rktdata.schemas.values import Ints


class _Address(ctypes.c_void_p):
    """An object of the library. A subclass, since ctypes turns plain pointers into numbers."""


def answers(function: int, is_address: bool, columns: tuple[Ints, ...], out: Ints) -> None:
    """A function's answer for each row.

    Args:
        function: Its address.
        is_address: Whether it returns an address, not a number.
        columns: Its arguments, an address and up to two numbers: n each, or 1 for all.
        out: n slots.
    """
    call = _function(function, ctypes.c_size_t if is_address else ctypes.c_int)
    rows = len(out)
    out[:] = np.fromiter(map(call, *_arguments(columns, rows)), dtype=np.int64, count=rows)


def fill(
    function: int, columns: tuple[Ints, ...], out: NDArray[Any], rows: int, second: int
) -> None:
    """What a function writes into each row.

    Args:
        function: Its address.
        columns: Its arguments before the pointers, an address and perhaps a number.
        out: Where it writes, row after row.
        rows: How many there are.
        second: Where in a row its second pointer points, bytes; 0 where it has none.
    """
    if not rows:
        return
    call = _function(function, None)
    width = out.nbytes // rows
    memory = (ctypes.c_char * out.nbytes).from_buffer(out.data)
    pointers = [
        map(ctypes.byref, repeat(memory), range(start, out.nbytes, width))
        for start in ([0, second] if second else [0])
    ]
    deque(map(call, *_arguments(columns, rows), *pointers), maxlen=0)


@lru_cache(128)
def _function(address: int, result: Any) -> Callable[..., Any]:
    """The function at an address; it gives Python's lock up for no one."""
    return ctypes.PYFUNCTYPE(result)(address)


def _arguments(columns: tuple[Ints, ...], rows: int) -> Iterator[Any]:
    """The arguments of each call, column by column."""
    for place, column in enumerate(columns):
        values = column.tolist()
        if not place:
            values = list(map(_Address, values))
        yield repeat(values[0], rows) if len(values) == 1 else values
