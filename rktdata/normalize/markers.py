"""The kind of number, letter, bullet or code that stands before a text.

`text.strip_row_number` takes the number off; here is what it tells of the row's level: of
"A", "1", "1.1", "a", "-" and "1.02.01.2.01", what is under what. Beyond it: a comma for
the full stop ("2, Kegiatan ..."), ministries' codes before a text, and columns that
number every cell without a full stop ("1 Jumlah ...").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rktdata.normalize.text import strip_row_number

_ORG = r"\d{4}(?:\.[A-Z]{3}(?:\.[0-9A-Z]{3}){0,2})|\d{3}\.\d{2}\.[A-Z]{2}"
_CODED = re.compile(rf"({_ORG}|\d{{1,2}}(?:\.\d{{1,4}}){{2,6}})\.?\s+(?=[^\W\d_])")
_COMMA = re.compile(r"(\d{1,2})\s*,\s+(?=[A-Z])")
_BARE = re.compile(r"(\d{1,3})\s+(?=[A-Z])")
_STYLES = (
    ("k", re.compile(rf"{_ORG}|\d{{4}}|[A-Z]{{2}}")),
    ("n", re.compile(r"\d{1,2}(?:\s*[. ]\s*[0-9xX]{1,4})+")),
    ("1", re.compile(r"\d{1,3}")),
    ("I", re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")),
    ("A", re.compile(r"[A-Z]")),
    ("a", re.compile(r"[a-z]|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")),
)
_WRAPPING = " .,()[]"


@dataclass(frozen=True, slots=True)
class Marker:
    """A row's number, letter, bullet or code.

    Attributes:
        text: Without full stop and parentheses ("1", "1.1", "a", "-"); "" is none.
        style: "k" a code with letters or of four figures, "n" nested number or code,
            "1", "I", "A", "a", "-" a bullet, "" none.
    """

    text: str = ""
    style: str = ""

    @property
    def depth(self) -> int:
        """How many parts it has ("1.02.01" is 3); ministries' codes count from the programme.

        >>> [Marker(t, "k").depth for t in ("054.01.GG", "2886", "2886.EBA", "2886.EBA.962")]
        [1, 2, 3, 4]
        """
        parts = len(re.findall(r"[0-9A-Za-z]+", self.text))
        if self.style != "k":
            return parts
        return parts + 1 if self.text[:4].isdigit() else 1


@lru_cache(1 << 12)
def read_marker(text: str) -> Marker:
    """The marker of a cell that holds nothing else (a "No" or "Kode" cell).

    >>> read_marker("1."), read_marker("1 03 16").style, read_marker("Jumlah")
    (Marker(text='1', style='1'), 'n', Marker(text='', style=''))
    """
    bare = text.strip().strip(_WRAPPING)
    if text.strip() and not any(c.isalnum() for c in text):
        return Marker(text.strip(), "-")
    for style, pattern in _STYLES:
        if pattern.fullmatch(bare):
            return Marker(bare, style)
    return Marker()


def split_marker(text: str, bare_numbers: bool = False) -> tuple[Marker, str]:
    """A text's own marker, and the text without it.

    Args:
        text: A cell's text.
        bare_numbers: The column numbers its cells without a full stop.

    >>> split_marker("1. Meningkatkan pelayanan")[1], split_marker("2, Kegiatan Fasilitasi")[1]
    ('Meningkatkan pelayanan', 'Kegiatan Fasilitasi')
    >>> split_marker("12 bulan"), split_marker("2.500 orang")[1]
    ((Marker(text='', style=''), '12 bulan'), '2.500 orang')
    >>> split_marker("1.02.01.2.01 Administrasi Keuangan")[0]
    Marker(text='1.02.01.2.01', style='n')
    """
    text = text.strip()
    for pattern in (_CODED, _COMMA, *((_BARE,) if bare_numbers else ())):
        if found := pattern.match(text):
            return read_marker(found[1]), text[found.end() :].strip()
    number, rest = strip_row_number(text)
    if number is None:
        return Marker(), text
    return read_marker(number), rest.strip()


def numbers_bare(texts: list[str]) -> bool:
    """Whether a column numbers its cells without a full stop: 1, 2, 3 in order, nearly all."""
    distinct = list(dict.fromkeys(t for t in texts if t.strip()))
    numbers = [int(f[1]) for t in distinct if (f := _BARE.match(t))]
    if len(numbers) < max(2, 0.8 * len(distinct)):
        return False
    steps = sum(b in (a + 1, 1) for a, b in zip(numbers, numbers[1:], strict=False))
    return steps >= 0.7 * (len(numbers) - 1)
