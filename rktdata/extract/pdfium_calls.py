"""pdfium's C interface, one question for many things at once.

A call through ctypes costs several times what pdfium needs for its answer, and a page has
thousands of glyphs. So a question goes out once, with columns of the things that it is
about, and the calls are made in a loop in C (`_many.c`). Where that could not be compiled,
`many_calls` makes them in Python, with the same answers.
"""

from __future__ import annotations

import ctypes
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rktdata.schemas.values import Floats, Ints

try:
    import rktdata.extract._many as many
except ImportError:
    import rktdata.extract.many_calls as many  # type: ignore[no-redef]

# One integer (an address, a number) for each row, or one for all rows.
Column: TypeAlias = "Ints | int"


class Call:
    """A function of pdfium, asked for many things at once.

    Its arguments are an object's address, then up to two numbers, then, if it writes its
    answer to memory, one or two pointers.

    Args:
        function: As pypdfium2.raw has it.
        is_address: Whether its answer is an address, not a number.
    """

    def __init__(self, function: Any, *, is_address: bool = False) -> None:
        self._kept = function  # lest what its address points at is freed
        self._function = ctypes.cast(function, ctypes.c_void_p).value or 0
        self._is_address = is_address

    def answers(self, *columns: Column) -> Ints:
        """What it returns for each row."""
        arrays = _arrays(columns)
        out = np.empty(max(map(len, arrays)) if all(map(len, arrays)) else 0, dtype=np.int64)
        many.answers(self._function, self._is_address, arrays, out)
        return out

    def fill(
        self, dtype: type[np.generic], width: int, *columns: Column, pointers: int = 1
    ) -> Floats:
        """What it writes for each row, n x `width`; zeros where it writes nothing.

        Args:
            dtype: Of what it writes.
            width: How many numbers it writes for a row.
            columns: What it is asked for.
            pointers: 2 where the second number is written to a pointer of its own.
        """
        arrays = _arrays(columns)
        rows = max(map(len, arrays)) if all(map(len, arrays)) else 0
        memory: NDArray[Any] = np.zeros((rows, width), dtype=dtype)
        many.fill(self._function, arrays, memory, rows, memory.itemsize * (pointers - 1))
        return memory.astype(np.float64, copy=False)


def _arrays(columns: tuple[Column, ...]) -> tuple[Ints, ...]:
    return tuple(np.ascontiguousarray(column, dtype=np.int64).reshape(-1) for column in columns)
