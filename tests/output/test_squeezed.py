from __future__ import annotations

import zlib

import pytest

from rktdata.output import squeezed
from rktdata.output.squeezed import Squeezed, unsqueezed


def pressed(*texts: str) -> bytes:
    made = Squeezed()
    for text in texts:
        made.write(text)
    return made.done()


def test_texts_come_back_one_after_the_other() -> None:
    long = "sasaran é " * 20_000
    packed = pressed(long, "x") + pressed() + pressed("akhir")
    pieces = list(unsqueezed(packed))
    assert b"".join(pieces).decode() == f"{long}xakhir"
    assert max(map(len, pieces)) <= squeezed.PIECE


@pytest.mark.parametrize(
    "damaged", [b"garbage", pressed("teks")[:-3], pressed("teks") + b"x", zlib.compress(b"")[:2]]
)
def test_damaged_bytes_are_told(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="compressed text"):
        list(unsqueezed(damaged))


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squeezed, "LARGEST", 100_000)
    with pytest.raises(ValueError, match="more than"):
        list(unsqueezed(zlib.compress(bytes(1_000_000))))
