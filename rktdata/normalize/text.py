"""Running numbers in front of words, and words that print has taken apart.

The trouble: rows are numbered inside the cell ("1. Meningkatnya ..."), but a cell may as
well begin with a number that counts ("1 (satu) buah", "100 hari kerja").

Rules: a lone whole number is a row number only before a capitalised word that is no
unit; a letter-spaced word is suggested whole, never changed.

Source: CONTRACT.md, "Indicators" (`as printed, without its row number`); EYD.
"""

from __future__ import annotations

import re

from rktdata.normalize.units import load_vocabulary

_ROMAN = r"(?:X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|V?I{1,3}|V)"
_MARKER = re.compile(
    rf"""
    (?P<bracket>\(\s*(?:\d{{1,3}}|[A-Za-z]|{_ROMAN})\s*\))
    |(?P<levels>\d{{1,3}}(?:\.\d{{1,3}}){{1,5}}\.?\)?)(?=\s)
    |(?P<closed>(?:\d{{1,3}}|{_ROMAN}|[A-Za-z])\s?[.)])(?![\d.,])
    |(?P<bullet>[-\u2022\u00b7\u2013\u2014*\u25cf\u25aa\uf0b7\u2714\uf0a7\u27a2\u25cb\u25a0])(?!\s*\d)
    |(?P<lone>\d{{1,3}}|{_ROMAN})(?=\s)
    """,
    re.VERBOSE,
)
_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_]*")


def strip_row_number(text: str) -> tuple[str | None, str]:
    """Take off a row number or bullet in front of words.

    Args:
        text: A cell of words (indicator, sasaran, program), not of values.

    Returns:
        (number as printed, the rest); (None, text) where there is none. A number that
        counts is left: "1 (satu) buah", "2 program", "100 hari kerja".

    >>> strip_row_number("1. Meningkatnya hasil"), strip_row_number("(1) Kualitas")
    (('1.', 'Meningkatnya hasil'), ('(1)', 'Kualitas'))
    >>> strip_row_number("1.2. Persentase satker"), strip_row_number("a. Jumlah")
    (('1.2.', 'Persentase satker'), ('a.', 'Jumlah'))
    >>> strip_row_number("1 Meningkatnya hasil"), strip_row_number("1 (satu) buah")
    (('1', 'Meningkatnya hasil'), (None, '1 (satu) buah'))
    >>> strip_row_number("2 program"), strip_row_number("- Jumlah dokumen")
    ((None, '2 program'), ('-', 'Jumlah dokumen'))
    """
    stripped = text.strip()
    match = _MARKER.match(stripped)
    if match is None:
        return None, text
    rest = stripped[match.end() :].lstrip()
    if not rest or not any(ch.isalpha() for ch in rest[:200]):
        return None, text
    if match.lastgroup == "lone" and not _names_a_thing(rest):
        return None, text
    if match.lastgroup == "levels" and not rest[0].isupper() and not match[0].endswith("."):
        return None, text
    if match.lastgroup == "closed" and not _is_row_marker(match[0], rest):
        return None, text
    return match[0].strip(), rest


def _is_row_marker(marker: str, rest: str) -> bool:
    """One letter and a full stop ask for a word of some length ("A. Program", not "A. T")."""
    if marker[0].isdigit() or marker.endswith(")"):
        return True
    first = re.match(r"[^\W\d_]+", rest)
    return first is not None and len(first[0]) > 2


def _names_a_thing(rest: str) -> bool:
    """Whether the words after a lone number can be numbered by it, not counted."""
    word = _CAPITALISED.match(rest)
    return word is not None and len(word[0]) > 2 and not _counts(rest)


def _counts(rest: str) -> bool:
    """Whether the first word is a unit: "2 Dokumen RKA" counts documents."""
    first = rest.split(None, 1)[0].strip(".,;:()").lower()
    vocabulary = load_vocabulary(None)
    if first in vocabulary.titles:
        return False
    return vocabulary.keys.get(first) is not None or first in vocabulary.scales


_SPACED_LETTERS = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
_SPACED_TAIL = re.compile(r"\b([^\W\d_]{4,}) ([a-z])(?=\s*[:;.,)]|$)")


def suggest_unspaced(text: str) -> str | None:
    """What a letter-spaced or broken text probably says; None where nothing is odd.

    Only a suggestion: the printed text is never changed by it.

    >>> suggest_unspaced("Outpu t :"), suggest_unspaced("T A R G E T"), suggest_unspaced("Target")
    ('Output :', 'TARGET', None)
    """
    mended = _SPACED_LETTERS.sub(lambda m: m[0].replace(" ", ""), text)
    mended = _SPACED_TAIL.sub(r"\1\2", mended)
    return mended if mended != text else None
