"""pdfium's C interface called without ctypes' conversions, one question for many things.

A call through ctypes costs several times what pdfium needs for its answer. So functions
are called bare, one kind of question for all glyphs (objects, points) in one C loop, the
answers falling into prepared memory that NumPy then reads.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from rktdata.schemas.values import Floats, Ints

# Calls whose answers are kept apart before they are copied: memory for a document of one
# page should not cost more than the page.
SLOTS = 1024


class Handle(ctypes.c_void_p):
    """A pdfium object. A subclass, since ctypes turns plain pointers into numbers."""


def bare(function: Any, result: Any = None) -> Callable[..., Any]:
    """A pdfium function called without conversions; it gives the lock up for no one."""
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value or 0)


def whole_numbers(calls: Iterable[int], count: int) -> Ints:
    """The answers of `count` calls."""
    return np.fromiter(calls, dtype=np.int64, count=count)


class Slots:
    """Memory for the answers of many calls, and pointers to each slot of it.

    Args:
        dtype: What pdfium writes.
        columns: Numbers per slot.
        pointers: How many pointers into one slot a call takes.
    """

    def __init__(self, dtype: type[np.generic], columns: int, pointers: int = 1) -> None:
        self._numbers = np.zeros((0, columns), dtype=dtype)
        self._pointers: list[list[object]] = [[] for _ in range(pointers)]

    def ask(
        self, call: Callable[..., Any], items: Sequence[object], owner: Handle | None = None
    ) -> Floats:
        """Make one call for each item; what pdfium wrote, n x columns."""
        first = () if owner is None else (repeat(owner),)
        answers = np.empty((len(items), self._numbers.shape[1]))
        self._grow(min(len(items), SLOTS))
        for start in range(0, len(items), SLOTS):
            some = items[start : start + SLOTS]
            self._numbers[: len(some)] = 0
            deque(map(call, *first, some, *self._pointers), maxlen=0)
            answers[start : start + len(some)] = self._numbers[: len(some)]
        return answers

    def _grow(self, count: int) -> None:
        """Have at least `count` slots."""
        have, columns = self._numbers.shape
        if count <= have:
            return
        dtype = self._numbers.dtype
        memory = ctypes.create_string_buffer(min(2 * count, SLOTS) * columns * dtype.itemsize)
        numbers = np.frombuffer(memory, dtype=dtype)  # type: ignore[call-overload]
        self._numbers = numbers.reshape(-1, columns)
        slots = range(0, ctypes.sizeof(memory), columns * dtype.itemsize)
        self._pointers = [
            [ctypes.byref(memory, at + column * dtype.itemsize) for at in slots]
            for column in range(len(self._pointers))
        ]
