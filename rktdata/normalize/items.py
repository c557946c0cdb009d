"""Quantities as parsed, and what a second look at several of them shows.

The trouble: a narrow column breaks a number into two ("1 40 Orang"), two bounds are one
range ("antara 75 dan 80"), and numbers may stand in front of all their units ("40 1 Situ
Situ").

Rules: pieces are joined only where they cannot be values of their own.

Source: VALUES.md, "Conventions"; values-dev.jsonl.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rktdata.normalize.units import Vocabulary, split_units


@dataclass(slots=True)
class Item:
    """One quantity as parsed; the numerals are not read yet.

    Attributes:
        numeral, second: Figures and signs; `second` is the other end of a range.
        start, end: Place of the quantity (with its unit) in the text.
        unit: Printed unit, "" where none.
        power: Power of ten of a word of scale.
        spread: `second` is the distance of both ends from `numeral` ("5 \u00b1 1").
        times: A second factor ("2 x 24 jam").
    """

    numeral: str
    start: int
    end: int
    second: str | None = None
    operator: str | None = None
    negative: bool = False
    second_negative: bool = False
    money: bool = False
    power: int = 0
    second_power: int | None = None
    spread: bool = False
    times: str | None = None
    unit: str = ""
    canonical: str | None = None
    grade: str | None = None
    teks: str | None = None
    tanda: list[str] = field(default_factory=list)


def join_split(items: list[Item], money: bool, decimals: int | None = None) -> list[Item]:
    """As in "1 40 Orang": two short whole numbers before one unit are one broken number.

    In a column of amounts so are "3 50.000.000": nobody plans with three rupiah; and in
    one of percentages with two decimals "9 1,04".
    """
    if len(items) == 2 and decimals and _are_halves_of_decimal(items[0], items[1], decimals):
        money = False
        items = [_glued(items[0], items[1])]
    joined: list[Item] = []
    for item in items:
        before = joined[-1] if joined else None
        if before is not None and (
            _are_halves(before, item) or (money and _are_halves_of_amount(before, item))
        ):
            joined[-1] = _glued(before, item)
        else:
            joined.append(item)
    return joined


def _glued(before: Item, item: Item) -> Item:
    item.numeral = before.numeral + item.numeral
    item.start, item.negative = before.start, before.negative
    item.tanda.append("angka-terbelah")
    return item


def _are_halves_of_decimal(before: Item, item: Item, decimals: int) -> bool:
    whole, _, fraction = item.numeral.replace(".", ",").partition(",")
    return (
        _stand_together(before, item)
        and len(before.numeral) == 1
        and before.numeral != "0"
        and len(whole) <= 2
        and len(fraction) == decimals
    )


def _are_halves(before: Item, item: Item) -> bool:
    return (
        _stand_together(before, item)
        and bool(item.unit)
        and item.numeral.isdigit()
        and len(before.numeral) == 1
        and len(item.numeral) == 2
    )


def _are_halves_of_amount(before: Item, item: Item) -> bool:
    groups = re.split(r"[.,]", item.numeral)
    return (
        _stand_together(before, item)
        and len(groups) > 2
        and len(before.numeral) + len(groups[0]) <= len(groups[1])
    )


def _stand_together(before: Item, item: Item) -> bool:
    """Two plain numbers with nothing but one space between them."""
    plain = not (before.unit or before.tanda or before.second or before.operator)
    return (
        plain
        and item.second is None
        and item.operator is None
        and not item.negative
        and item.start - before.end == 1
        and before.numeral.isdigit()
    )


def join_bounds(items: list[Item]) -> list[Item]:
    """As in ">= 75 dan < 80", "antara 75 dan 80": two bounds are one range."""
    if len(items) != 2 or any(i.second is not None for i in items):
        return items
    low, high = items
    bounds = low.operator in (">", ">=") and high.operator in ("<", "<=")
    if not bounds and "antara" not in low.tanda:
        return items
    low.second, low.second_negative = high.numeral, high.negative
    low.second_power = high.power or None
    low.unit, low.canonical = high.unit or low.unit, high.canonical or low.canonical
    low.operator, low.end = None, high.end
    return [low]


def pair_up(items: list[Item], text: str, vocabulary: Vocabulary) -> list[Item]:
    """As in "40 1 Situ Situ": so many numbers, then as many units."""
    last = items[-1]
    if len(items) < 2 or not last.unit or any(i.unit or i.second for i in items[:-1]):
        return items
    units = split_units(last.unit, vocabulary)
    if len(units) != len(items):
        return items
    for item, unit in zip(items, units, strict=True):
        item.unit = unit
        item.teks = f"{item.numeral} {unit}"
        item.tanda.append("angka-dan-satuan-terpisah")
    return items
