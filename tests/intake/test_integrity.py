"""Damage that PDF libraries repair without a word, and files that only look odd."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
import pytest

from rktdata.intake.integrity import check_file
from rktdata.schemas.errors import BombError
from rktdata.schemas.limits import Limits
from tests.hostile import flate_bomb, wrong_table_of_contents
from tests.test_bad_input import plan

WHOLE = plan()
FILTER = b"/Filter [ /ASCII85Decode /FlateDecode ]"


def replaced(old: bytes, new: bytes) -> Callable[[], bytes]:
    """The file with the first of some bytes overwritten; nothing else moves."""
    assert len(old) == len(new)
    assert old in WHOLE
    return lambda: WHOLE.replace(old, new, 1)


def object_called_free() -> bytes:
    """The table of contents says of a page's object that it is not in use."""
    number = int(re.findall(rb"(\d+) 0 obj", WHOLE.partition(b"/Type /Page\n")[0])[-1])
    lines = WHOLE.split(b"\n")
    at = lines.index(b"xref") + 2 + number
    assert lines[at].endswith(b"n ")
    lines[at] = lines[at].replace(b"n", b"f")
    return b"\n".join(lines)


def page_without_end() -> bytes:
    at = WHOLE.index(b"endobj", WHOLE.index(b"/Type /Page\n"))
    return WHOLE[: at - 8] + bytes(12) + WHOLE[at + 4 :]


DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "filter under no key": (replaced(b"/Filter", b"/Filver"), "streams of the file are damaged"),
    "unknown filter": (replaced(b"/FlateDecode", b"/FlateDecodf"), "streams of the file"),
    "contents at no reference": (replaced(b" 0 R /MediaBox", b" 0 R0/MediaBox"), "no page shows"),
    "a page without resources": (replaced(b"/Resources", b"/Resourcos"), "names no fonts"),
    "NUL in packed contents": (lambda: WHOLE.replace(b"~>", b"\0~>"), "streams of the file"),
    "a page that is torn": (replaced(b"/MediaBox [", b"/MediaBox  "), "is torn"),
    "a font of no letters": (replaced(b"/Subtype /Type1", b"/Subtype /Type3"), "has no letters"),
    "an object that stands twice": (replaced(b"\n3 0 obj", b"\n2 0 obj"), "stands twice"),
    "a filter that is no name": (replaced(b" /FlateDecode", b" }FlateDecode"), "streams of the"),
    "contents that are none": (replaced(FILTER, b"/Nothing 0 ".ljust(len(FILTER))), "are none"),
    "an object without end": (page_without_end, "an object of the file does not end"),
    "an object called free": (object_called_free, "leaves out objects"),
    "cut": (lambda: WHOLE[:-300], "the end of the file"),
    "moved": (lambda: wrong_table_of_contents(WHOLE), "wrong places"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_told(name: str) -> None:
    make, message = DAMAGED[name]
    assert any(message in told for told in check_file(make(), Limits())), name


def with_object_streams() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(WHOLE)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def revised() -> bytes:
    """An object of the first revision is free in the second, and still stands in the file."""
    start = WHOLE.rpartition(b"startxref\n")[2].partition(b"\n")[0]
    root = re.search(rb"/Root (\d+ 0 R)", WHOLE)
    size = re.search(rb"/Size (\d+)", WHOLE)
    info = re.search(rb"/Info (\d+) 0 R", WHOLE)
    assert root and size and info
    table = b"xref\n0 1\n%010d 65535 f \n%s 1\n0000000000 00001 f \n" % (int(info[1]), info[1])
    trailer = b"trailer\n<< /Root %s /Size %s /Prev %s >>\n" % (root[1], size[1], start)
    return WHOLE + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(WHOLE)


HONEST: dict[str, Callable[[], bytes]] = {
    "whole": lambda: WHOLE,
    "bytes before it": lambda: b"\n\n" + WHOLE,
    "bytes behind it": lambda: WHOLE + b"% salinan 7\n",
    "object streams": with_object_streams,
    "several revisions": revised,
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_not_called_damaged(name: str) -> None:
    assert check_file(HONEST[name](), Limits()) == []


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = flate_bomb(megabytes=4)
    assert len(bomb) < 20_000
    with pytest.raises(BombError, match="more than 2 MB"):
        check_file(bomb, Limits(stream_mb=2))
