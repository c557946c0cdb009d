"""Values that pass between the stages, as bytes and back: small to hold, safe to read.

A page's layout takes 98 kB of memory and 6 kB as bytes (140 pages of the samples and the
corpus), and the pages that one worker process has read are put together by another. So a value is
pickled and compressed. A pickle can name any function of any library to be called when it
is read, and a worker that a hostile file has taken over would: what is not a class of
values of ours, made of plain Python values, is refused here, whoever wrote it.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache, partial
from itertools import islice
from operator import attrgetter
from types import ModuleType
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from rktdata.schemas import corrections, document, records, values
from rktdata.schemas.records import DatasetRow
from rktdata.schemas.values import Glyphs, Page, Rules

T = TypeVar("T")

# The lowest protocol with short frames and sets; higher ones bring nothing here.
PROTOCOL = 5
# Takes a pickled layout of 22.0 kB to 6.2 kB in 0.14 ms; level 6 to 5.3 kB in 0.41 ms.
LEVEL = 1
# No honest value is larger, unpacked: a page of the most glyphs allowed takes 40 MB.
LARGEST = 1 << 30


class PackedError(Exception):
    """The bytes hold no value of ours: they are damaged, or name what is not admitted."""


def pack(value: object) -> bytes:
    """A value as bytes.

    Args:
        value: One of the classes of `rktdata.schemas`, or tuples, lists and dicts of them.
            A page is packed without its glyphs and strokes; see `Page.emptied`.

    Raises:
        PackedError: It is, or holds, something else.
    """
    file = io.BytesIO()
    pickler = pickle.Pickler(file, PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    try:
        pickler.dump(value)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise PackedError(f"a {type(value).__name__} cannot be packed: {error}") from error
    return zlib.compress(file.getvalue(), LEVEL)


def unpack(packed: bytes) -> Any:
    """The value that was packed, made anew.

    Raises:
        PackedError: There is none in the bytes.
    """
    try:
        opened = zlib.decompressobj()
        pickled = opened.decompress(packed, LARGEST)
        if not opened.eof or opened.unused_data:
            raise PackedError("packed values are cut short, or too large")
        return _Unpickler(io.BytesIO(pickled)).load()
    except (PackedError, MemoryError):
        raise
    except Exception as error:  # whatever damaged bytes make of the unpickler or our classes
        raise PackedError(f"no packed value: {type(error).__name__}: {error}") from error


class Packed(Sequence[T]):
    """A list whose items are held as bytes, each made anew whenever it is asked for.

    >>> kept = Packed(["satu", "dua"])
    >>> kept.append("tiga")
    >>> len(kept), kept[-1], list(kept)
    (3, 'tiga', ['satu', 'dua', 'tiga'])
    """

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._packed = [pack(item) for item in items]

    def append(self, item: T) -> None:
        """Pack one more."""
        self._packed.append(pack(item))

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            part: Packed[T] = Packed()
            part._packed = self._packed[index]
            return part
        item: T = unpack(self._packed[index])
        return item

    def __iter__(self) -> Iterator[T]:
        return map(unpack, self._packed)


class PackedRuns(Sequence[T]):
    """A list of many small items, packed by the run: to be gone through from end to end.

    >>> kept = PackedRuns(range(100))
    >>> kept.extend([100, 101])
    >>> len(kept), kept[64], kept[-1], list(kept) == list(range(102))
    (102, 64, 101, True)
    """

    RUN = 64

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._runs: Packed[tuple[T, ...]] = Packed()
        self._ends: list[int] = []  # of each run, its end in the list
        self.extend(items)

    def extend(self, items: Iterable[T]) -> None:
        """Add some more."""
        rest = iter(items)
        while run := tuple(islice(rest, self.RUN)):
            self._ends.append(len(self) + len(run))
            self._runs.append(run)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return tuple(self)[index]
        at = range(len(self))[index]
        run = bisect_right(self._ends, at)
        return self._runs[run][at - self._ends[run]]

    def __iter__(self) -> Iterator[T]:
        for run in self._runs:
            yield from run


# A page's fields that are packed; the others are arrays, which an emptied page has none of.
_KEPT_OF_PAGE = tuple(f.name for f in fields(Page) if f.name not in ("glyphs", "rules", "clips"))


def _reduce_page(page: Page) -> tuple[Any, ...]:
    strokes = (len(getattr(page.rules, field.name)) for field in fields(Rules))
    if len(page.glyphs) or len(page.clips) or any(strokes):
        raise TypeError("a page is packed without its glyphs and strokes; see Page.emptied")
    return _emptied_page, tuple(getattr(page, name) for name in _KEPT_OF_PAGE)


def _packed_again(packed: list[bytes]) -> Packed[Any]:
    if not all(isinstance(item, bytes) for item in packed):
        raise TypeError("packed items that are no bytes")
    again: Packed[Any] = Packed()
    again._packed = packed
    return again


def _emptied_page(*kept: Any) -> Page:
    return replace(_blank_page(), **dict(zip(_KEPT_OF_PAGE, kept, strict=True)))


@cache
def _blank_page() -> Page:
    none: NDArray[Any] = np.zeros((0, 4))
    glyphs = Glyphs(**dict.fromkeys((field.name for field in fields(Glyphs)), none))
    rules = Rules(none, none, none)
    return Page(1, 0.0, 0.0, 0, glyphs, rules, (), none, {}, 0, "").emptied()


def _refuse(value: object) -> tuple[Any, ...]:
    raise TypeError(f"{type(value).__name__} holds arrays, which are not packed")


def _reducer(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """How a dataclass is pickled: as its class and what to call it with.

    The default, a list of states for each value, takes two to three times as long.
    """
    names = [field.name for field in fields(kind)]
    values_of = attrgetter(*names)
    if len(names) == 1:  # then it gives no tuple
        return lambda value: (kind, (values_of(value),))
    return lambda value: (kind, values_of(value))


def _reduce_tuple(kind: type, value: tuple[Any, ...]) -> tuple[Any, ...]:
    return kind, tuple(value)


def _classes(*modules: ModuleType) -> Iterator[type]:
    """The classes of values that are defined in some modules."""
    for module in modules:
        for found in vars(module).values():
            if isinstance(found, type) and found.__module__ == module.__name__:
                yield found


_ALL = tuple(_classes(values, document, records, corrections))
_DATACLASSES = tuple(kind for kind in _ALL if is_dataclass(kind))
_TUPLES = tuple(kind for kind in _ALL if issubclass(kind, tuple))
_WITH_ARRAYS = (Page, Glyphs, Rules)
_ROWS = tuple(kind for kind in _ALL if issubclass(kind, DatasetRow))

_REDUCERS: Mapping[type, Callable[[Any], Any]] = {
    **copyreg.dispatch_table,
    **{kind: _reducer(kind) for kind in _DATACLASSES},
    **{kind: partial(_reduce_tuple, kind) for kind in _TUPLES},
    Page: _reduce_page,
    Packed: lambda packed: (_packed_again, (packed._packed,)),
    Glyphs: _refuse,
    Rules: _refuse,
}
_ADMITTED: Mapping[tuple[str, str], type] = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (*_DATACLASSES, *_TUPLES, *_ROWS, Decimal)
    if kind not in _WITH_ARRAYS
}


class _Unpickler(pickle.Unpickler):
    """Makes values of ours; knows no other name.

    What it knows are classes that let nothing be changed about themselves, or else (named
    tuples would) are not handed out, but only what calls them.
    """

    def find_class(self, module: str, name: str) -> Any:
        # Made anew: what a pickle does to a function would outlast it.
        if (module, name) == (__name__, _emptied_page.__name__):
            return lambda *kept: _emptied_page(*kept)
        if (module, name) == (__name__, _packed_again.__name__):
            return lambda packed: _packed_again(list(packed))
        try:
            kind = _ADMITTED[module, name]
        except KeyError:
            raise PackedError(f"packed values may not name {module}.{name}") from None
        return partial(kind) if issubclass(kind, tuple) else kind
