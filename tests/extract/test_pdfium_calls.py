"""Questions put for many things at once: in C and in Python the same answers."""

import ctypes
import shutil
from types import ModuleType

import numpy as np
import pytest

from rktdata.extract import many_calls, pdfium_calls
from rktdata.extract.pdfium_calls import Call

try:
    from rktdata.extract import _many
except ImportError:
    _many = None

WAYS = [many_calls, *([_many] if _many is not None else [])]
POINTER, INT = ctypes.c_void_p, ctypes.c_int


@pytest.fixture(params=WAYS, ids=[way.__name__ for way in WAYS], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(pdfium_calls, "many", request.param)
    way: ModuleType = request.param
    return way


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
def test_what_can_be_compiled_was_compiled() -> None:
    assert _many is not None, "install again: rktdata/extract/_many.c was not compiled"


def columns(*values: list[int]) -> list[np.ndarray]:
    return [np.array(column, dtype=np.int64) for column in values]


def test_numbers_of_an_object_and_up_to_two_numbers() -> None:
    one = ctypes.CFUNCTYPE(INT, POINTER)(lambda owner: -(owner or 0))
    two = ctypes.CFUNCTYPE(INT, POINTER, INT)(lambda owner, i: (owner or 0) + i)
    three = ctypes.CFUNCTYPE(INT, POINTER, INT, INT)(lambda owner, i, k: (owner or 0) + i * k)
    owners, numbers = columns([1, 2, 0], [10, 20, -30])
    assert Call(one).answers(owners).tolist() == [-1, -2, 0]
    assert Call(two).answers(owners, numbers).tolist() == [11, 22, -30]
    assert Call(two).answers(7, numbers).tolist() == [17, 27, -23]
    assert Call(three).answers(owners, numbers, 2).tolist() == [21, 42, -60]


def test_addresses_are_whole() -> None:
    far = 0x7FFF_1234_5678
    beside = ctypes.CFUNCTYPE(POINTER, POINTER, INT)(lambda owner, i: owner + i)
    found = Call(beside, is_address=True).answers(far, columns([0, 1])[0])
    assert found.tolist() == [far, far + 1]


def test_what_is_written_to_memory() -> None:
    floats = ctypes.POINTER(ctypes.c_float)

    def write_pair(owner: int, first: "ctypes._Pointer", second: "ctypes._Pointer") -> int:
        if owner != 2:  # asked for what is not there, nothing is written
            first[0], second[0] = owner, -owner
        return 1

    def write_row(owner: int, number: int, into: "ctypes._Pointer") -> int:
        into[0], into[1], into[2] = owner, number, 0.5
        return 1

    pair = Call(ctypes.CFUNCTYPE(INT, POINTER, floats, floats)(write_pair))
    row = Call(ctypes.CFUNCTYPE(INT, POINTER, INT, floats)(write_row))
    found = pair.fill(np.float32, 2, columns([1, 2, 3])[0], pointers=2)
    assert found.tolist() == [[1, -1], [0, 0], [3, -3]]
    assert row.fill(np.float32, 3, 4, columns([8, 9])[0]).tolist() == [[4, 8, 0.5], [4, 9, 0.5]]


def test_nothing_is_asked_for_nothing() -> None:
    none = columns([])[0]
    refused = Call(ctypes.CFUNCTYPE(INT, POINTER, INT)(lambda owner, i: 1 // 0))
    assert refused.answers(5, none).shape == (0,)
    assert refused.answers(none, 0).shape == (0,)
    assert refused.fill(np.float32, 4, 5, none).shape == (0, 4)


@pytest.mark.skipif(_many is None, reason="_many.c was not compiled")
def test_what_is_compiled_does_not_read_past_a_columns_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdfium_calls, "many", _many)
    call = Call(ctypes.CFUNCTYPE(INT, POINTER, INT)(lambda owner, i: 0))
    with pytest.raises(ValueError, match="another length"):
        call.answers(*columns([1, 2, 3], [1, 2]))
    out = np.zeros(1, dtype=np.int64)
    with pytest.raises(ValueError, match="one to three"):
        _many.answers(1, False, (), out)
    with pytest.raises(ValueError, match="fill"):
        _many.fill(1, tuple(columns([1], [9])), out, 1, 8)
