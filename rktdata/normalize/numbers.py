"""Numbers: what a printed numeral may mean, and which meaning the evidence supports.

The trouble: documents are written in Indonesian notation (dots group thousands, a comma
marks decimals), but spreadsheets write the English one, system reports write "100.00",
some use one sign for both ("184.300.000.00"), and a narrow column breaks a number over
two lines ("12.31 7.066"). One sign with three figures behind it ("2,693", "1.250") can
be either; then the cells around it, the unit and the indicator's words decide.

Rules: a numeral has at most two readings, both exact; a damaged one has none, and is
left open; nothing is rounded, and no float is made.

Source: EYD, "tanda titik" and "tanda koma"; VALUES.md, "Conventions".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context as Arithmetic
from decimal import Decimal
from functools import lru_cache

LONGEST_NUMERAL = 3000  # signs and figures; a bound for hostile cells
_EXACT = Arithmetic(prec=LONGEST_NUMERAL + 100)
_GROUP = 3

_SHAPE = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_INDONESIAN = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numeral:
    """The readings of one printed numeral.

    Attributes:
        text: Figures and signs, without spaces.
        grouped: The value if the signs (or the last one) group thousands, else None.
        decimal: The value if the last sign marks decimals, else None.
        sign: The sign in doubt ("." or ","), "" where only one reading is left.
        tanda: How it was read, e.g. "notasi-inggris".
    """

    text: str
    grouped: Decimal | None = None
    decimal: Decimal | None = None
    sign: str = ""
    tanda: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether both readings are left."""
        return self.grouped is not None and self.decimal is not None

    @property
    def value(self) -> Decimal | None:
        """The reading where there is only one."""
        if self.ambiguous:
            return None
        return self.grouped if self.grouped is not None else self.decimal


def parse_number(text: str) -> Decimal | None:
    """Read an Indonesian number: dots group thousands, a comma marks decimals.

    Args:
        text: The number alone; the caller has already taken off "Rp", "%" and units.

    Returns:
        The exact value, or None where the text is not in Indonesian notation.

    Source: EYD, "tanda titik" and "tanda koma".

    >>> parse_number("1.234,5"), parse_number("-0,05"), parse_number("12.34.5")
    (Decimal('1234.5'), Decimal('-0.05'), None)
    """
    negative = text.startswith("-")
    match = _INDONESIAN.fullmatch(text[1:] if negative else text)
    if match is None:
        return None
    number = Decimal(match[1].replace(".", "") + ("." + match[2] if match[2] else ""))
    return number.copy_negate() if negative else number


def format_number(number: Decimal) -> str:
    """Write a number in Indonesian notation so that it reads back as the same number.

    Three decimals are written as four, since "2,693" alone could be 2693.

    >>> format_number(Decimal("1234567.5")), format_number(Decimal("2.693"))
    ('1.234.567,5', '2,6930')
    >>> format_number(Decimal("-0.10")), format_number(Decimal("1E+3"))
    ('-0,1', '1.000')
    """
    sign, whole, fraction = _plain_digits(number)
    groups = f"{int(whole):,}".replace(",", ".")
    if len(fraction) == _GROUP:
        fraction += "0"
    return sign + groups + ("," + fraction if fraction else "")


def _plain_digits(number: Decimal) -> tuple[str, str, str]:
    text = format(number, "f")
    sign = "-" if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign, whole, fraction.rstrip("0")


def scale(number: Decimal, power: int) -> Decimal:
    """Multiply by a power of ten, exactly, a whole number staying a plain one.

    >>> scale(Decimal("59.5"), 6), scale(Decimal("1.834"), 12)
    (Decimal('59500000'), Decimal('1834000000000'))
    """
    return plain(_EXACT.multiply(number, Decimal(10) ** power))


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent ("100.00" -> 100).

    >>> plain(Decimal("100.00")), plain(Decimal("1E+2")), plain(Decimal("77.50"))
    (Decimal('100'), Decimal('100'), Decimal('77.5'))
    """
    sign, whole, fraction = _plain_digits(number)
    if not fraction and not int(whole):
        return Decimal(0)
    return Decimal(sign + whole + ("." + fraction if fraction else ""))


def _number(whole: str, fraction: str = "") -> Decimal:
    return plain(Decimal(whole + ("." + fraction if fraction else "")))


@lru_cache(maxsize=4096)
def read_numeral(text: str) -> Numeral:
    """All sound readings of a numeral's figures and signs.

    Args:
        text: Figures with "." and "," between them, no spaces, no sign in front.

    >>> read_numeral("222,465.11").value, read_numeral("90.750.000.00").value
    (Decimal('222465.11'), Decimal('90750000'))
    >>> read_numeral("2,693").grouped, read_numeral("2,693").decimal
    (Decimal('2693'), Decimal('2.693'))
    >>> read_numeral("3.8000.000.000,00").value is None
    True
    """
    if _SHAPE.fullmatch(text) is None or len(text) > LONGEST_NUMERAL:
        return Numeral(text, tanda=("angka-rusak",))
    signs = [ch for ch in text if ch in ".,"]
    groups = re.split(r"[.,]", text)
    if not signs:
        return Numeral(text, grouped=_number(text))
    if len(signs) == 1:
        return _one_sign(text, groups, signs[0])
    return _many_signs(text, groups, signs)


def _one_sign(text: str, groups: list[str], sign: str) -> Numeral:
    whole, fraction = groups
    decimal = _number(whole, fraction)
    marks = ("titik-desimal",) if sign == "." else ()
    if len(fraction) != _GROUP or whole.startswith("0"):
        return Numeral(text, decimal=decimal, tanda=marks)
    if len(whole) > _GROUP:
        # "1500.000": a separator is missing, or these are three decimals
        if sign == ",":
            return Numeral(text, decimal=decimal)
        return Numeral(text, grouped=_number(whole + fraction), decimal=decimal, sign="?")
    return Numeral(text, grouped=_number(whole + fraction), decimal=decimal, sign=sign)


def _many_signs(text: str, groups: list[str], signs: list[str]) -> Numeral:
    last, inner = groups[-1], groups[1:-1]
    first_ok = 1 <= len(groups[0]) <= _GROUP and not groups[0].startswith("0")
    whole = "".join(groups[:-1])
    same_inside = len(set(signs[:-1])) == 1
    if first_ok and all(len(g) == _GROUP for g in inner):
        if same_inside and signs[-1] != signs[0]:
            if len(last) == _GROUP:
                return _mixed_last(text, whole, last)
            marks = ("notasi-inggris",) if signs[0] == "," else ()
            return Numeral(text, decimal=_number(whole, last), tanda=marks)
        if len(last) == _GROUP:
            marks = ("notasi-inggris",) if signs[0] == "," else ()
            marks = marks if len(set(signs)) == 1 else ("notasi-campur",)
            return Numeral(text, grouped=_number(whole + last), tanda=marks)
        if len(last) in (1, 2) and len(inner) >= 1 and same_inside:
            if len(last) == 2:
                return Numeral(text, decimal=_number(whole, last), tanda=("satu-tanda-dua-arti",))
            return Numeral(text, tanda=("angka-rusak",))
    return _damaged(text, groups, signs)


def _mixed_last(text: str, whole: str, last: str) -> Numeral:
    """As in "22.338.445,000": decimals by the rule; thousands if the writer mixed the signs."""
    return Numeral(text, decimal=_number(whole, last), tanda=("tiga-desimal",))


def _damaged(text: str, groups: list[str], signs: list[str]) -> Numeral:
    """A separator left out ("1.660453.975") leaves the figures sure; all else does not."""
    inner, last = groups[1:], ""
    if len(groups) > 2 and len(inner[-1]) == 2 and signs[-1] != signs[0]:
        inner, last = inner[:-1], inner[-1]
    lengths = [len(g) for g in inner]
    whole_first = len(groups[0]) <= 2 * _GROUP and not groups[0].startswith("0")
    if (
        len(inner) >= 2
        and whole_first
        and set(signs[: len(inner)]) == {signs[0]}
        and set(lengths) <= {_GROUP, 2 * _GROUP}
        and lengths.count(2 * _GROUP) + (len(groups[0]) > _GROUP) == 1
    ):
        return Numeral(
            text, grouped=_number(groups[0] + "".join(inner), last), tanda=("pemisah-kurang",)
        )
    return Numeral(text, tanda=("angka-rusak",))


_FRAGMENT = re.compile(r"[.,]?\d+(?:[.,]\d+)*[.,]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A numeral as it stands in a text: figures and signs, and its place there."""

    text: str
    start: int
    end: int
    broken: bool = False


def join_fragments(fragments: list[Fragment], percent: bool = False) -> list[Fragment]:
    """Put numbers together that a narrow column has broken; leave neighbours apart.

    Pieces are one number only where together they are grouped in threes without fault,
    and some piece alone is not a whole number by itself; or where each character stands
    alone, with a sign among them or a percent sign behind ("1 0 0 %").

    >>> run = [Fragment("12.31", 0, 5), Fragment("7.066", 6, 11)]
    >>> [f.text for f in join_fragments(run)]
    ['12.317.066']
    >>> run = [Fragment("12.000", 0, 6), Fragment("100.000", 7, 14)]
    >>> [f.text for f in join_fragments(run)]
    ['12.000', '100.000']
    """
    if percent and _is_torn_percent(fragments):
        return [_joined(fragments)]
    if _is_letter_spaced(fragments) or (percent and _is_spaced_percent(fragments)):
        return [_joined(fragments)]
    joined: list[Fragment] = []
    at = 0
    while at < len(fragments):
        size = _longest_join(fragments[at : at + 5])
        joined.append(_joined(fragments[at : at + size]))
        at += size
    return joined


def _joined(fragments: list[Fragment]) -> Fragment:
    if len(fragments) == 1:
        return fragments[0]
    text = "".join(f.text for f in fragments)
    return Fragment(text, fragments[0].start, fragments[-1].end, broken=True)


def _is_letter_spaced(fragments: list[Fragment]) -> bool:
    """As in "2 6 . 2 7 3": each character stands alone, and a sign is among them."""
    if len(fragments) < 5 or any(len(f.text) > 2 for f in fragments):
        return False
    text = "".join(f.text for f in fragments).rstrip(".,")
    return "." in text and _is_strict(text)


_SPACED_PERCENT = re.compile(r"[1-9]\d{1,2}|(?:0|[1-9]\d{0,2})[.,]\d{1,2}", re.ASCII)


def _is_spaced_percent(fragments: list[Fragment]) -> bool:
    """As in "1 0 0 %", "9 8 , 5 %"; "1 0 0" alone may be three values."""
    if len(fragments) < 2 or any(len(f.text) > 1 for f in fragments):
        return False
    return _SPACED_PERCENT.fullmatch("".join(f.text for f in fragments)) is not None


def _is_torn_percent(fragments: list[Fragment]) -> bool:
    """As in "75, 5 %": one figure behind a comma and a space; "75, 80 %" are two values."""
    if len(fragments) != 2 or len(fragments[1].text) != 1:
        return False
    return re.fullmatch(r"\d{1,3}[.,]", fragments[0].text, re.ASCII) is not None


def _longest_join(window: list[Fragment]) -> int:
    for size in range(len(window), 1, -1):
        pieces = [f.text for f in window[:size]]
        if _is_broken_number(pieces):
            return size
    return 1


_STRICT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", re.ASCII)


# a nought before further whole figures
_LEADING_NOUGHT = re.compile(r"0\d|0[.,]\d{3}(?:[.,]\d|$)", re.ASCII)


def _is_strict(text: str) -> bool:
    return _STRICT.fullmatch(text) is not None and not text.startswith("0")


def _is_broken_number(pieces: list[str]) -> bool:
    text = "".join(pieces).rstrip(".,")
    if _is_strict(text):
        if pieces[0].endswith(",") and text.count(",") == 1:
            return False  # "5, 300 orang" is a list
        return all(_is_torn(a, b) for a, b in zip(pieces, pieces[1:], strict=False))
    if _is_spaced_thousands(pieces):
        return True
    return (
        len(pieces) == 2
        and (pieces[1][:1] in (".", ",") or _LEADING_NOUGHT.match(pieces[1]) is not None)
        and pieces[0].isdigit()
        and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{1,2}", text) is not None
    )


def _is_torn(before: str, after: str) -> bool:
    """Whether two pieces cannot be two numbers: a sign is cut off, or a group of three."""
    if before[-1] in ".," or after[0] in ".,":
        return True
    if before.isdigit() and len(before) < _GROUP and _LEADING_NOUGHT.match(after):
        return True  # "5 00.000.000,00", "8 05.946.348,00": no number begins so
    tail = re.split(r"[.,]", before)
    head = re.split(r"[.,]", after)
    return len(tail) > 1 and len(tail[-1]) + len(head[0]) == _GROUP and len(tail[-1]) < _GROUP


_LAST_GROUP = re.compile(r"\d{3}(?:,\d{1,2})?", re.ASCII)


def _is_spaced_thousands(pieces: list[str]) -> bool:
    """As in "1 000 000", "5 000": spaces group thousands; "100 200 300" are three values."""
    return (
        1 <= len(pieces[0]) <= _GROUP
        and pieces[0].isdigit()
        and not pieces[0].startswith("0")
        and all(len(p) == _GROUP and p.isdigit() for p in pieces[1:-1])
        and _LAST_GROUP.fullmatch(pieces[-1]) is not None
        and any(p[:_GROUP] == "000" for p in pieces[1:])
    )
