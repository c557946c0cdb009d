from __future__ import annotations

import pickle
import zlib
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rktdata import packed
from rktdata.extract.layout import find_layout
from rktdata.extract.pages import read_pages
from rktdata.packed import Packed, PackedError, pack, unpack
from rktdata.pipeline import read_document
from rktdata.schemas.records import IndikatorRow, Record
from rktdata.schemas.values import Page, Source

SAMPLES = Path(__file__).parents[1] / "samples"
PRINTED = sorted(set(SAMPLES.glob("*.pdf")) - set(SAMPLES.glob("*pindaian*")))


@pytest.mark.parametrize("pdf", PRINTED, ids=lambda pdf: pdf.stem)
def test_layouts_and_pages_come_back_as_they_were(pdf: Path) -> None:
    for page in read_pages(pdf.read_bytes()):
        layout = find_layout(page)
        assert unpack(pack(layout)) == layout
        assert told(unpack(pack(page.emptied()))) == told(page.emptied())


def told(page: Page) -> dict[str, Any]:
    """A page's fields, arrays as lists: arrays have no equality of their own."""
    parts = {field.name: getattr(page, field.name) for field in fields(Page)}
    for name in ("glyphs", "rules"):
        arrays = parts[name]
        columns = {field.name: getattr(arrays, field.name) for field in fields(arrays)}
        parts[name] = {key: (column.dtype.kind, column.shape) for key, column in columns.items()}
    return parts | {"clips": page.clips.tolist()}


def test_a_whole_document_comes_back_as_it_was() -> None:
    document = read_document((SAMPLES / "rkt-disdik-sel-gabungan.pdf").read_bytes(), "a.pdf")
    assert unpack(pack(document)) == document


def test_a_record_comes_back_as_it_was() -> None:
    row = IndikatorRow(
        indikator_id="d-i1",
        dokumen_id="d",
        halaman=1,
        indikator="Angka melek huruf",
        target_nilai=Decimal("77.50"),
        target_jenis="nilai",
    )
    record = Record(row, {"indikator": (Source(1, (0.1, 2.0, 3.0, 4.0), 15),)}, notes=("ya",))
    again = unpack(pack(record))
    assert again == record
    assert str(again.row.target_nilai) == "77.50"
    assert again.row.model_fields_set == row.model_fields_set


def test_what_holds_arrays_is_not_packed() -> None:
    page = next(read_pages(PRINTED[0].read_bytes()))
    for value in (page, page.glyphs, page.rules, [page.emptied().glyphs]):
        with pytest.raises(PackedError, match="without its glyphs|holds arrays"):
            pack(value)


class Calls:
    """Pickled as a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def hostile(text: str) -> bytes:
    """A pickle in protocol 0's own words, packed."""
    return zlib.compress(text.encode())


HOSTILE = {
    "system": zlib.compress(pickle.dumps(Calls(__import__("os").system, "true"))),
    "eval": zlib.compress(pickle.dumps(Calls(eval, "1"))),
    "getattr": zlib.compress(pickle.dumps(Calls(getattr, 1, "real"))),
    "inside a layout": zlib.compress(pickle.dumps((1, [Calls(exec, "")]))),
    "by a module of ours": hostile("crktdata.schemas.values\nnp.save\n."),
    "by a function of ours": hostile("crktdata.packed\nunpack\n."),
    "a packed list of what is not packed": hostile("crktdata.packed\n_packed_again\n(I1\nltR."),
    "by an extension": zlib.compress(b"\x82\x01."),
    "by a persistent id": hostile("Pid\n."),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_pickle_calls_nothing_but_our_values(data: bytes) -> None:
    with pytest.raises(PackedError):
        unpack(data)


@pytest.mark.parametrize("name", packed._ADMITTED, ids=".".join)
def test_a_pickle_changes_none_of_our_classes(name: tuple[str, str]) -> None:
    before = dict(vars(packed._ADMITTED[name]))
    for state in ({"new": 1}, (None, {"new": 1, "__init__": 1})):
        changed = b"c%s\n%s\n" % tuple(part.encode() for part in name)
        changed += pickle.dumps(state, 1)[:-1] + b"b."
        with pytest.raises(PackedError):
            unpack(zlib.compress(changed))
    assert dict(vars(packed._ADMITTED[name])) == before


def test_damaged_bytes_are_told() -> None:
    whole = pack(find_layout(next(read_pages(PRINTED[0].read_bytes()))))
    pickled = zlib.decompress(whole)
    for size in range(0, len(whole), 97):
        with pytest.raises(PackedError):
            unpack(whole[:size])
    for size in range(0, len(pickled), 97):
        with pytest.raises(PackedError):
            unpack(zlib.compress(pickled[:size]))
    for damaged in (whole + b"x", b"garbage", pack(1)[::-1]):
        with pytest.raises(PackedError):
            unpack(damaged)


def test_a_packed_list_is_a_list() -> None:
    sources = [Source(page, (0.0, 0.0, 1.0, 1.0), page) for page in range(1, 6)]
    kept = Packed(sources[:4])
    kept.append(sources[4])
    assert list(kept) == sources
    assert (len(kept), kept[0], kept[-1]) == (5, sources[0], sources[-1])
    assert list(kept[1:3]) == sources[1:3]
    assert list(reversed(kept)) == sources[::-1]
    assert kept[0] is not kept[0]
    with pytest.raises(IndexError):
        kept[5]
    assert kept[0]._replace(page=9) not in kept


def test_a_packed_list_inside_a_value_stays_packed() -> None:
    layout = find_layout(next(read_pages(PRINTED[0].read_bytes())))
    again = unpack(pack(replace(layout, grids=Packed(layout.grids))))
    assert isinstance(again.grids, Packed)
    assert replace(again, grids=tuple(again.grids)) == layout
