"""Cells that are no value: empty in effect, or a date, a ratio, a code, a time.

The trouble: "-", "n/a" and "#DIV/0!" look like text, "31/12/2016", "1:3000" and
"1.03.01" look like numbers; none of them is what it looks like.

Source: VALUES.md, "Conventions" (ratio, dates, time tables: teks; dashes, n/a and Excel
errors: kosong); DOMAIN.md 3.3 (codes).
"""

from __future__ import annotations

import re
from functools import lru_cache

from rktdata.normalize.codes import parse_code
from rktdata.normalize.lexer import Token
from rktdata.normalize.units import Vocabulary

_NOTHING = re.compile(r"[\s.,;:_=*'\"\u2026#/\\()\[\]|~^-]*")
_MONEY_NOTHING = re.compile(r"rp[\s.,:;=-]*", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([/-])(?:0?[1-9]|1[0-2])\1(?:19|20)?\d{2}(?!\d)"
    r"|(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d{2}(?![\d.,])"
    r"|(?<!\d)(?:19|20)\d{2}([/-])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01])(?!\d)"
)
_CLOCK = re.compile(
    r"(?<!\d)[0-2]?\d[.:][0-5]\d(?::\d\d)?(?:\s*-\s*[0-2]?\d[.:][0-5]\d)?\s*(?:wib|wita|wit)\b",
    re.I,
)
_CLOCKS = re.compile(r"[01]\d[.:][0-5]\d\s*(?:-|s/d|s\.d\.?|sd)\s*[0-2]\d[.:][0-5]\d")
_RATIO = re.compile(r"(?<![\d.,])\d[\d.,]*\s?:\s?\d|(?<!\d)\d+\s+(?:ber)?banding(?:an)?\s+\d")
_YEARS = re.compile(r"(?:19|20)\d{2}\s*(?:-|/|s/d|s\.d\.?|sd|sampai|hingga)\s*(?:19|20)\d{2}")
_FORMULA = re.compile(r"\(?\d{1,3}\)?\s*=\s*\(*\s*\d{1,3}\s*[)]?\s*[-+*/x:]")
_SECTION = re.compile(r"\d(?:\.\d){2,8}\.?|\d(?:,\d){2,8}[.,]?")
_FRACTION = re.compile(r"\d{1,6}\s?/\s?\d{1,6}|\d{1,3}[.,]\d{1,3}\s?/\s?\d{1,3}[.,]\d{1,3}")


@lru_cache(maxsize=8)
def _empty_words(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(vocabulary.tables["empty"]["words"])


def is_empty(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a cleaned cell says that there is nothing.

    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> [is_empty(t, v) for t in ("-", "N/A", "#DIV/0!", "Rp. -", "", "0", "Ada")]
    [True, True, True, True, True, False, False]
    """
    if not text:
        return True
    if len(text) > 60:
        return _NOTHING.fullmatch(text) is not None
    folded = text.lower().strip(" ()[]")
    return (
        folded in _empty_words(vocabulary)
        or folded.replace(" / ", "/").rstrip(" .;!") in _empty_words(vocabulary)
        or _NOTHING.fullmatch(text) is not None
        or _MONEY_NOTHING.fullmatch(text) is not None
    )


def odd_text(text: str, tokens: list[Token]) -> str | None:
    """The mark of a cell that is text though figures stand in it; None for all others.

    >>> from rktdata.normalize.lexer import tokenise
    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> cells = ("1:3000", "31 Maret 2016", "12-05-2016", "1.03.01.2.01", "2016-2021", "5-4")
    >>> [odd_text(t, tokenise(t, v)) for t in cells]
    ['rasio', 'tanggal', 'tanggal', 'kode', 'tanggal', None]
    """
    if " " not in text and parse_code(text) is not None:
        return "kode"
    if _FORMULA.match(text):
        return "rumus"
    if _SECTION.fullmatch(text):
        return "kode"
    if _CLOCK.search(text) or _CLOCKS.fullmatch(text):
        return "waktu"
    if _DATE.search(text) or _YEARS.fullmatch(text) or _is_day_of_month(tokens):
        return "tanggal"
    start = _RATIO.search(text)
    if start is not None and not any(c.isalpha() for c in text[: start.start()]):
        return "rasio"
    if _FRACTION.fullmatch(text) is not None:
        return "rasio"
    return None


def _is_day_of_month(tokens: list[Token]) -> bool:
    """As in "31 Maret", "paling lambat 31 Maret 2016", "Maret 2016", "Januari - Desember"."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth > 0 or "month" not in token.roles or token.kind != "word":
            continue
        before = tokens[index - 1] if index else None
        if before is None or before.kind == "num":
            # a month behind a number is a day, unless a unit stands before it
            return before is None or (
                before.text.isdigit() and int(before.text[:3]) <= 31 and index <= 4
            )
        if index + 1 < len(tokens) and _is_year(tokens[index + 1]):
            return not any(t.kind == "num" for t in tokens[:index])
    return False


def _is_year(token: Token) -> bool:
    return token.kind == "num" and re.fullmatch(r"(?:19|20)\d\d", token.text) is not None
