"""Figures that a scan has turned into letters, mended where only one reading is left.

The trouble: OCR reads "100%" as "lOOo/o", "0,22%" as "O,22Yo", "15,29 %" as "15,29 96".
A guess would be an invented value.

Rules: everywhere, O and l inside a number of figures, or a whole cell of them before a
percent sign, have one reading. Only on a page known to be read by OCR, other letters
count as figures, and the cells around show what a number should look like: a tail
behind as many decimals as theirs is a wrecked percent sign. What then is no number stays
open, with the mark `angka-rusak`.

Source: VALUES.md, "Conventions"; values-dev.jsonl, entries with `asal` = ocr.
"""

from __future__ import annotations

import re

from rktdata.normalize.numbers import read_numeral

_LONGEST = 24
_SAFE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_SCAN = str.maketrans(
    {
        "O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "i": "1", "t": "1", "L": "1",
        "!": "1", "J": "1", "S": "5", "s": "5", "Z": "2", "z": "2", "B": "8", "q": "9", "g": "9",
    }
)  # fmt: skip
_SAFE_CHARS = r"[0-9OolI|]"
_SCAN_CHARS = r"[0-9OolI|itL!JSsZzBqg]"
_PERCENT = r"(?:%|o/o|O/O|o/0|olo|oto|o/a|Yo|Y0|Vo|Yc|%o)"

_SAFE_PERCENT = re.compile(
    rf"({_SAFE_CHARS}{{1,4}}?(?:[.,]{_SAFE_CHARS}{{1,3}}?)?)\s?{_PERCENT}[.;]?"
)
_SAFE_NUMBER = re.compile(
    rf"(?<![^\W_])(?<!\d[.,]){_SAFE_CHARS}{{1,15}}(?:[.,]{_SAFE_CHARS}{{1,3}}){{0,6}}(?![^\W_])"
)
_SCAN_NUMBER = re.compile(
    rf"(?=.{{0,6}}[0-9])({_SCAN_CHARS}{{1,4}}(?:[.,]{_SCAN_CHARS}{{1,4}})?)\s?({_PERCENT})?"
)
_ONLY_ROMAN = re.compile(r"[IVX]+")


def mend_safe(text: str) -> str | None:
    """Mend look-alikes that have one reading on any page; None where nothing is to do.

    >>> mend_safe("lOOo/o"), mend_safe("9O%"), mend_safe("O,22Yo")
    ('100%', '90%', '0,22%')
    >>> mend_safe("l2 bulan"), mend_safe("II"), mend_safe("olo"), mend_safe("12 kali")
    ('12 bulan', None, None, None)
    """
    if len(text) <= _LONGEST and text.endswith((" 0/0", " 0/o", " 0/O")):
        text = text[:-3] + "o/o"
    if len(text) > 4 * _LONGEST or not any(c in "OolIYV|" for c in text):
        return None
    match = _SAFE_PERCENT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is not None:
        mended = match[1].translate(_SAFE) + "%"
        return mended if _is_plain(mended) and (len(match[1]) > 1 or match[1].isdigit()) else None
    mended = _SAFE_NUMBER.sub(_mend_one, text)
    return mended if mended != text else None


def _mend_one(match: re.Match[str]) -> str:
    """As in "1.5OO.OOO" -> "1.500.000"; "2l" may be two litres, "II" is a Roman number."""
    printed = match[0]
    letters = [c for c in printed if c in "OolI|"]
    if not letters or not any(c.isdigit() for c in printed):
        return printed
    if letters == ["l"] and printed.endswith("l"):
        return printed
    mended = printed.translate(_SAFE)
    return mended if read_numeral(mended).tanda != ("angka-rusak",) else printed


def _is_plain(text: str) -> bool:
    return re.fullmatch(r"(?:0|[1-9]\d{0,3}|0\d?)(?:[.,]\d+)?%", text) is not None


def mend_scan(text: str, decimals: int | None, percent: bool) -> str | None:
    """Mend a cell of a scanned page; None where it is no single number.

    Args:
        text: The cell.
        decimals: How many decimals the cells around have, None where they have none.
        percent: The cells around are percentages.

    >>> mend_scan("76,32V6", 2, True), mend_scan("100,0096", 2, True)
    ('76,32%', '100,00%')
    >>> mend_scan("t7,02", 2, False), mend_scan("toO,4wo", 2, True), mend_scan("15,20 Km", 2, True)
    ('17,02', None, None)
    """
    if len(text) > _LONGEST:
        return None
    if percent and decimals:
        tail = re.fullmatch(
            rf"({_SCAN_CHARS}{{1,4}}[.,]{_SCAN_CHARS}{{{decimals}}})(\s?)([^\s.,]{{1,4}})", text
        )
        # Letters that stand apart are a unit ("15,20 Km"), unless "%" is known to become them.
        if tail is not None and not (
            tail[2] and tail[3].isalpha() and not re.fullmatch(_PERCENT, tail[3])
        ):
            return tail[1].translate(_SCAN) + "%"
    match = _SCAN_NUMBER.fullmatch(text)
    if match is None or _ONLY_ROMAN.fullmatch(match[1]):
        return None
    return match[1].translate(_SCAN) + ("%" if match[2] else "")


def is_wreck(text: str) -> bool:
    """Whether a short cell without spaces mixes figures and letters as no word does.

    >>> is_wreck("7z.flfjo(o"), is_wreck("toO,4wo"), is_wreck("12 bulan"), is_wreck("B3")
    (True, True, False, False)
    """
    return (
        3 < len(text) <= _LONGEST
        and " " not in text
        and any(c.isdigit() for c in text)
        and re.search(r"[A-Za-z][^A-Za-z]|[^A-Za-z][A-Za-z].*[^A-Za-z]", text) is not None
        and re.fullmatch(r"[\d.,]+[A-Za-z/%]+", text) is None
    )
