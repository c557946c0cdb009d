from __future__ import annotations

import re

import pytest

from rktdata.extract.ocr import NOT_WANTED
from rktdata.outcome import UNEXPECTED
from rktdata.output.report.problems import explained
from rktdata.page_by_page import _unread_messages
from rktdata.pipeline import _ledger_messages
from rktdata.schemas.errors import DocumentError
from rktdata.schemas.values import PageLedger

INDONESIAN = re.compile(r"\b(halaman|neraca|masuk|keluar|tanpa|belum|huruf)\b")


def codes() -> set[str]:
    found, left = {DocumentError}, [DocumentError]
    while left:
        left = [kind for parent in left for kind in parent.__subclasses__()]
        found |= set(left)
    return {kind.code for kind in found} | {UNEXPECTED}


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_error_is_told_in_indonesian(code: str) -> None:
    indonesian, english = explained(f"{code}: what is wrong; what to do")
    assert indonesian.endswith(f" ({code}: what is wrong; what to do)")
    assert len(indonesian) > len(english) + 20


MESSAGES = [
    *_ledger_messages([PageLedger(3, 12, {"sel": 10})]),
    *_unread_messages({2: NOT_WANTED, 4: NOT_WANTED}),
    "halaman 7: ada huruf tanpa kode Unicode",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_told_in_indonesian_is_told_in_english(message: str) -> None:
    indonesian, english = explained(message)
    assert indonesian == message
    assert not INDONESIAN.search(english)
    assert re.findall(r"\d+", message) == re.findall(r"\d+", english)


def test_several_messages_are_told() -> None:
    galat = f"rusak: 2 streams of the file are damaged; ask; {MESSAGES[0]}; bom: 3 pages more"
    indonesian, english = explained(galat)
    assert indonesian.startswith("PDF rusak")
    assert "sebagian tidak dibaca" in indonesian
    assert "page 3: the ledger does not balance" in english
