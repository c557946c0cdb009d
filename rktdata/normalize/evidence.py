"""What a numeral in doubt means, judged by what stands round its cell.

The trouble: "3,000" is a score of 3 in one table and 3000 people in the next. The
documents themselves decide it: the other cells of row and column, the unit, the words
of the indicator, and whether the amount is money.

Rules: each piece of evidence is a weight for "groups thousands" (above 0) or "marks
decimals" (below 0); the sum decides and its size is the confidence. Without evidence
the Indonesian notation holds, and the value is marked `angka-ragu`.

Source: VALUES.md, "Conventions", on numbers; values-dev.jsonl, entries with `konteks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rktdata.normalize.numbers import Numeral, read_numeral, scale
from rktdata.normalize.units import Vocabulary
from rktdata.schemas.value import Context

_NUMERAL = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]*[.,]\d)", re.ASCII)
_CELLS_READ = 200  # neighbours looked at; more do not change the habit they show
_CELL_LENGTH = 120

# Weights, in steps of how sure each kind of evidence has been in the development set.
_BY_RULE = {".": 2.0, ",": -1.0, "?": 0.0}
_ROUND = 1.5  # "15.000": nobody prints three empty decimals after a point
_LONG_HEAD = 1.0
_COUNTED = 4.0
_UNKNOWN_UNIT = 2.0
_PERCENT = -3.5  # "98.765 %"; thousands of percent are rare
_PERCENT_DOTTED = -1.0  # "1.250 %" may be a growth
_SHORTEST_DOTTED = len("1.250")
_SCORE_UNIT = -4.0
_MEASURED_COMMA = -1.0
_MONEY = 8.0
_SCORE_WORD = {",": -3.0, ".": -2.7, "?": -2.0}
_MEASURE_WORD = {",": -2.0, ".": 0.0, "?": 0.0}
_AMOUNT_WORD = 1.2
_NOTATION = 1.5
_SAME_FORM = 1.5
# Neighbours of another size speak against a comma; a point is too sure a thousands mark.
_SIZE = {".": 1.2, ",": 2.5, "?": 2.5}
_SURE = 4.0
_UNUSUAL_LINE = Decimal(10) ** 11  # rupiah of a usual budget line, no plan has so much
_FEWEST_AMOUNTS = 3
_SMALLEST_FULL = Decimal(10) ** 7  # rupiah; nobody plans a line of less
_ROUNDED_SHARE = 0.7
_TRILLION = 12
_THOUSANDS_OF_TRILLIONS = -8.0  # a thousand of them is more than most budgets of the state


@dataclass(frozen=True, slots=True)
class Habit:
    """How the cells around are written.

    Attributes:
        english, indonesian: Numerals that can only be the one or the other.
        alike: Sign -> numerals in doubt that have this sign and three figures.
        sizes: Orders of magnitude (figures before the decimal mark) of sure numerals.
        decimals: The most frequent count of decimals among sure decimals, else None.
        percent: Cells with a percent sign.
    """

    english: int = 0
    indonesian: int = 0
    alike: tuple[tuple[str, int], ...] = ()
    sizes: tuple[int, ...] = ()
    decimals: int | None = None
    percent: int = 0


@lru_cache(maxsize=1024)
def habit_of(cells: tuple[str, ...]) -> Habit:
    """Look through the cells of a row and a column.

    >>> habit_of(("12 Km", "10,17 km", "1,234.50")).english
    1
    """
    english = indonesian = percent = 0
    alike: dict[str, int] = {}
    sizes: list[int] = []
    decimals: list[int] = []
    for cell in cells[:_CELLS_READ]:
        cell = cell[:_CELL_LENGTH]
        percent += "%" in cell
        for shape in _shapes(cell):
            if shape.sign:
                alike[shape.sign] = alike.get(shape.sign, 0) + 1
                continue
            sizes.append(shape.size)
            if shape.decimals is not None:
                decimals.append(shape.decimals)
            english += shape.english
            indonesian += shape.indonesian
    usual = max(set(decimals), key=lambda d: (decimals.count(d), d)) if decimals else None
    return Habit(english, indonesian, tuple(sorted(alike.items())), tuple(sizes), usual, percent)


class _Shape(NamedTuple):
    """How one numeral is written: in doubt, with its `sign`, or what it tells of the others."""

    sign: str = ""
    size: int = 0
    decimals: int | None = None
    english: int = 0
    indonesian: int = 0


@lru_cache(maxsize=4096)
def _shapes(cell: str) -> tuple[_Shape, ...]:
    """The numerals of a cell, which is a neighbour of many others."""
    shapes: list[_Shape] = []
    for text in _NUMERAL.findall(cell):
        numeral = read_numeral(text)
        if numeral.ambiguous:
            shapes.append(_Shape(numeral.sign))
        elif numeral.value is not None:
            decimal, marks = numeral.decimal is not None, numeral.tanda
            many = text.count(".") > 1 and "satu-tanda-dua-arti" not in marks
            shapes.append(
                _Shape(
                    size=_size(numeral.value),
                    decimals=len(re.split(r"[.,]", text)[-1]) if decimal else None,
                    english="notasi-inggris" in marks,
                    indonesian=many + ("," in text and decimal and not marks),
                )
            )
    return tuple(shapes)


def is_full_amount(amounts: Iterable[Decimal], power: int) -> bool:
    """Whether a column's amounts are printed in full under a header that scales them.

    Authors copy the form's header "(Rp. 000)" and fill in whole rupiah: such a column's
    usual line would be a hundred billion, and nearly all of them end in zeros.

    >>> is_full_amount([Decimal(800_000_000), Decimal(1_500_000_000), Decimal(400_000_000)], 3)
    True
    >>> is_full_amount([Decimal(274_256), Decimal(1_901_300)], 3)
    False
    """
    printed = sorted(amount for amount in amounts if amount > 0)
    if len(printed) < _FEWEST_AMOUNTS:
        return False  # the header is all there is to go by
    usual = printed[len(printed) // 2]
    if usual < _SMALLEST_FULL:
        return False
    rounded = sum(amount % 1000 == 0 for amount in printed)
    return scale(usual, power) >= _UNUSUAL_LINE and rounded >= _ROUNDED_SHARE * len(printed)


def _size(number: Decimal) -> int:
    return number.adjusted() if number else 0


@dataclass(frozen=True, slots=True)
class Decision:
    """A numeral's reading, how sure it is (0-1), marks and a sentence."""

    number: Decimal | None
    sure: float
    tanda: tuple[str, ...] = ()
    alasan: str | None = None


def decide(
    numeral: Numeral,
    unit_kind: str | None,
    money: bool,
    context: Context,
    vocabulary: Vocabulary,
    known_unit: bool = True,
    power: int = 0,
) -> Decision:
    """Choose a reading of a numeral.

    Args:
        numeral: From `read_numeral`.
        unit_kind: Kind of the unit behind it, None where there is none.
        money: The amount is in rupiah.
        context: What stands round the cell.
        vocabulary: For the words that are evidence.
        known_unit: The unit is in the vocabulary (an unknown one mostly counts things).
        power: Power of ten of the word of scale behind it ("1.834 T").
    """
    if not numeral.ambiguous:
        if numeral.value is None:
            return Decision(
                None, 0.2, numeral.tanda, "Tanda pemisah salah letak; angka tidak ditebak."
            )
        sure = 0.6 if "pemisah-kurang" in numeral.tanda else 1.0
        sure = 0.8 if {"notasi-campur", "tiga-desimal"} & set(numeral.tanda) else sure
        return Decision(numeral.value, sure, numeral.tanda)
    weight, why = _weigh(numeral, unit_kind, money, context, vocabulary, known_unit)
    if power >= _TRILLION:
        weight, why = weight + _THOUSANDS_OF_TRILLIONS, [*why, "kata pengali"]
    grouped = weight > 0
    number = numeral.grouped if grouped else numeral.decimal
    sure = min(1.0, 0.55 + 0.45 * min(abs(weight), _SURE) / _SURE)
    marks: tuple[str, ...] = ()
    if grouped and numeral.sign == ",":
        marks = ("notasi-inggris",)
    elif not grouped and numeral.sign == ".":
        marks = ("titik-desimal",)
    if why and any(reason != "aturan" for reason in why) and numeral.sign != ".":
        marks += ("ribuan-dari-konteks",) if grouped else ("desimal-dari-konteks",)
    if abs(weight) <= 1.0:
        marks += ("angka-ragu",)
    meaning = "ribuan" if grouped else "desimal"
    because = ", ".join(why) or "aturan"
    return Decision(number, sure, marks, f"Tanda '{numeral.sign}' dibaca {meaning} ({because}).")


def _weigh(
    numeral: Numeral,
    unit_kind: str | None,
    money: bool,
    context: Context,
    vocabulary: Vocabulary,
    known_unit: bool,
) -> tuple[float, list[str]]:
    sign = numeral.sign
    if money:
        return _MONEY, ["jumlah uang"]
    weight, why = _BY_RULE[sign], []
    if sign == ".":
        head, _, tail = numeral.text.rpartition(".")
        weight += _ROUND * (tail == "000") + _LONG_HEAD * (len(head) > 1)
    by_unit = _unit_weight(unit_kind, sign, known_unit)
    if unit_kind == "persen" and sign == "." and len(numeral.text) == _SHORTEST_DOTTED:
        by_unit = _PERCENT_DOTTED
    if by_unit:
        weight += by_unit
        why.append("satuan")
    by_words = _word_weight(_words_of(context), sign, vocabulary)
    if by_words:
        weight += by_words
        why.append("kata indikator")
    habit = habit_of(context.row + context.column)
    by_cells = _cell_weight(numeral, habit)
    if by_cells:
        weight += by_cells
        why.append("sel di sekitarnya")
    return weight, why


def _unit_weight(kind: str | None, sign: str, known: bool) -> float:
    if kind is None:
        return 0.0
    if kind == "persen":
        return _PERCENT
    if kind in ("nilai", "poin", "predikat"):
        return _SCORE_UNIT
    if kind == "ukur":
        return _MEASURED_COMMA if sign == "," else 0.0
    return _COUNTED if known else _UNKNOWN_UNIT


def _words_of(context: Context) -> str:
    return f" {(context.indicator or '')[:400].lower()} "


def _word_weight(text: str, sign: str, vocabulary: Vocabulary) -> float:
    if not text.strip():
        return 0.0
    table: Mapping[str, list[str]] = vocabulary.tables["evidence"]
    weight = 0.0
    if _mentions(text, table["score"]):
        weight += _SCORE_WORD[sign]
    elif _mentions(text, table["measure"]):
        weight += _MEASURE_WORD[sign]
    if _mentions(text, table["amount"]):
        weight += _AMOUNT_WORD
    return weight


def _mentions(text: str, words: Iterable[str]) -> bool:
    plain = re.sub(r"[^\w-]+", " ", text)
    return any(f" {word} " in plain for word in words)


def _cell_weight(numeral: Numeral, habit: Habit) -> float:
    sign, weight = numeral.sign, 0.0
    if habit.english and sign == ",":
        weight += _NOTATION
    if habit.english and sign == ".":
        weight -= _NOTATION
    if habit.indonesian:
        weight += _NOTATION if sign == "." else -_NOTATION
    alike = dict(habit.alike)
    other = "." if sign == "," else ","
    if alike.get(sign):
        weight += _SAME_FORM if alike[sign] > 1 or len(numeral.text) > 5 else _SAME_FORM - 0.3
    if sign == "," and alike.get(other) and not habit.indonesian:
        weight += _SAME_FORM  # "1,500" among "2.483": both mean thousands
    if habit.sizes and numeral.grouped is not None and numeral.decimal is not None:
        middle = sorted(habit.sizes)[len(habit.sizes) // 2]
        far_grouped = abs(_size(numeral.grouped) - middle)
        far_decimal = abs(_size(numeral.decimal) - middle)
        if far_grouped != far_decimal:
            weight += _SIZE[sign] if far_grouped < far_decimal else -_SIZE[sign]
    return weight
