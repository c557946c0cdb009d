"""Printed text made plain for reading.

The trouble: the text layer has ligatures, soft hyphens, full-width signs, several dashes
and spaces of many widths.

Rules: NFKC, but a raised figure behind a figure is a footnote mark, not a digit, and a
vulgar fraction is a decimal one. The result is for reading, never for printing.

Source: Unicode TR 15 (NFKC).
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0002\ufffe\x00"), None
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ac"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u2032\u0060\u00b4"), "'")
_TABLE = _INVISIBLE | _DASHES | _QUOTES | {0x03BC: "\u00b5"}  # NFKC makes micro a Greek letter
_RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_FRACTIONS = {"\u00bd": "5", "\u00bc": "25", "\u00be": "75"}
_FRACTION = re.compile(r"(?<!\d)(\d{0,12})\s{0,3}([\u00bc-\u00be])(?!\d)", re.ASCII)
_FOOTNOTE = re.compile(
    rf"(?<=[\d%])(?:[{_RAISED}]+\u207e?|\s[{_RAISED}]+\u207e)|(?<=[\d%])[\u2020\u2021]+"
)
_PLAIN = re.compile(r"[ -~]*", re.ASCII)


def clean_text(text: str) -> str:
    """Fold what means the same: NFKC, dashes, quotes, invisible signs, runs of spaces.

    The result is for reading, never for printing: `target_teks` stays as it was.

    >>> clean_text("80 \u2013 85\u00a0\uff05"), clean_text("98,5\u00b9 m\u00b2 \ufb01sik")
    ('80 - 85 %', '98,5 m2 fisik')
    """
    if _PLAIN.fullmatch(text) is None:
        text = _FOOTNOTE.sub("", text)
        text = _FRACTION.sub(lambda m: f"{m[1] or 0},{_FRACTIONS[m[2]]}", text)
        text = unicodedata.normalize("NFKC", text).translate(_TABLE)
    return " ".join(text.split())


def has_footnote_mark(text: str) -> bool:
    """Whether a raised figure stands behind a figure ("98,5\u00b9")."""
    return _FOOTNOTE.search(text) is not None
