"""Keys of records that outlive another reading of the same document.

The trouble: a record's number changes with every row that is read better, its text with
every letter, and its box by a point or two with the library that reads the page. A key
holds what two readings of one document have in common, in two ways that are independent
of each other:

    indikator:13:2024:9f3a21c4:412+318
    kind : page : year : digest of the words : place on the page (x+y, points)

A record is found by its words (kind, page, year and words are the same; of several, the
nearest one), else by its place (kind and page are the same, and it stands there). Where
neither decides, no record is meant. What was corrected is no part of a key, only what was
read. The key of the document itself is "dokumen".
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rktdata.schemas.corrections import DOCUMENT
from rktdata.schemas.records import AnggaranRow, IndikatorRow, Record

_KEY = re.compile(r"(indikator|anggaran):(\d+):(\d*):([0-9a-f]{8}):(?:(-?\d+)\+(-?\d+))?(~\d+)?")
# Hex digits of a digest: a page has a few dozen records.
_DIGITS = 8
# Points down by which the same words may stand elsewhere: a line more or less in the cell;
# and where another cell gives the place (a target is read where none was), the row's height.
_LINE, _ROW = 12.0, 72.0
# Points by which other readers' boxes of the same text differ, across and down; the next
# row or column is farther away.
_NEAR_X, _NEAR_Y = 12.0, 5.0


@dataclass(frozen=True, slots=True)
class Key:
    """A key, taken apart; `text` is the key as written.

    Attributes:
        kind: "indikator" or "anggaran".
        page: From 1.
        year: The target year read; None for a budget line.
        words: Digest of the record's words.
        x, y: Left edge and middle of the target (the amount), else of the text; None where
            no place is known.
        nth: From 1, of records that are alike in all this.
    """

    text: str
    kind: str
    page: int
    year: int | None
    words: str
    x: int | None
    y: int | None
    nth: int = 1


def record_keys(records: Iterable[Record[Any]]) -> dict[str, Record[Any]]:
    """A document's records, as read, by their keys, in their order."""
    found: dict[str, Record[Any]] = {}
    for record in records:
        key, nth = _key(record), 1
        text = key
        while text in found:
            nth += 1
            text = f"{key}~{nth}"
        found[text] = record
    return found


def parse_key(text: str) -> Key | None:
    """Take a key apart; None where it is none.

    >>> parse_key("indikator:13:2024:9f3a21c4:412+318").year
    2024
    >>> parse_key("indikator 13")
    """
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    kind, page, year, words, x, y, nth = match.groups()
    return Key(
        text,
        kind,
        int(page),
        int(year) if year else None,
        words,
        int(x) if x else None,
        int(y) if y else None,
        int(nth[1:]) if nth else 1,
    )


def kind_of_key(text: str) -> str | None:
    """The file that a key's row stands in; None where it is no key.

    >>> kind_of_key("dokumen"), kind_of_key("anggaran:29::5be21c07:"), kind_of_key("i7")
    ('dokumen', 'anggaran', None)
    """
    if text == DOCUMENT:
        return DOCUMENT
    key = parse_key(text)
    return None if key is None else key.kind


def find_record(key: str, records: Mapping[str, Record[Any]]) -> tuple[Record[Any], ...]:
    """The records that a key may mean: one where it is clear, none, or several.

    Args:
        key: As written by `record_keys`, perhaps for another reading of the document.
        records: The document's, by their own keys.
    """
    if key in records:
        return (records[key],)
    wanted = parse_key(key)
    if wanted is None:
        return ()
    others = [
        (there, record)
        for text, record in records.items()
        if (there := parse_key(text)) and (there.kind, there.page) == (wanted.kind, wanted.page)
    ]
    alike = [
        (there, record)
        for there, record in others
        if (there.year, there.words) == (wanted.year, wanted.words) and _is_same_row(wanted, there)
    ]
    if alike:
        return _nearest(wanted, alike)
    placed = [(there, record) for there, record in others if _stands_at(wanted, there)]
    same_year = [(there, record) for there, record in placed if there.year == wanted.year]
    return _nearest(wanted, same_year or placed)


def _nearest(wanted: Key, found: list[tuple[Key, Record[Any]]]) -> tuple[Record[Any], ...]:
    """The only one, or the one nearest to the key's place; all where none is nearest."""
    if len(found) < 2:
        return tuple(record for _, record in found)
    ranked = sorted(found, key=lambda item: sum(_distance(wanted, item[0])))
    first, second = (sum(_distance(wanted, there)) for there, _ in ranked[:2])
    if first < second:
        return (ranked[0][1],)
    return tuple(record for _, record in found)


def _is_same_row(wanted: Key, there: Key) -> bool:
    across, down = _distance(wanted, there)
    return down <= (_ROW if across > _NEAR_X else _LINE)


def _stands_at(wanted: Key, there: Key) -> bool:
    if wanted.x is None or there.x is None:
        return False
    across, down = _distance(wanted, there)
    return across <= _NEAR_X and down <= _NEAR_Y


def _distance(wanted: Key, there: Key) -> tuple[float, float]:
    """Points across and down between two places; 0 where one is not known."""
    if wanted.x is None or wanted.y is None or there.x is None or there.y is None:
        return 0.0, 0.0
    return abs(wanted.x - there.x), abs(wanted.y - there.y)


def _key(record: Record[Any]) -> str:
    row = record.row
    if isinstance(row, IndikatorRow):
        kind, year, words, fields = (
            "indikator",
            row.tahun,
            row.indikator,
            ("target_teks", "indikator"),
        )
    elif isinstance(row, AnggaranRow):
        kind, year, words, fields = (
            "anggaran",
            None,
            f"{row.kode or ''} {row.uraian}",
            ("jumlah", "uraian"),
        )
    else:
        raise TypeError(f"no key for {type(row).__name__}")
    places = [place for name in fields for place in record.sources.get(name, ())]
    at = ""
    if places:
        x0, top, _, bottom = places[0].box
        at = f"{round(x0)}+{round((top + bottom) / 2)}"
    digest = hashlib.sha256(folded(words).encode()).hexdigest()[:_DIGITS]
    return f"{kind}:{row.halaman}:{'' if year is None else year}:{digest}:{at}"


def folded(text: str) -> str:
    """Letters and digits alone, in one case: readers differ in spaces and hyphens.

    >>> folded("Angka Kematian-Ibu (AKI)") == folded("ANGKA KEMATIAN IBU(AKI)")
    True
    """
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum()
    )
