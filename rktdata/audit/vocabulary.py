"""The audit's word lists, read once from vocabulary.toml, and questions put to them."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any

from rktdata.reconcile.keys import fold, words

_DATA: dict[str, Any] = tomllib.loads(
    resources.files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
)
_CONDITION = re.compile(_DATA["condition_pattern"])
_MULTIPLIERS = {"belas": 10, "puluh": 10, "ratus": 100, "ribu": 1000}


def word_list(name: str) -> frozenset[str]:
    """A list of words or phrases by its name in the file."""
    found: Any = _DATA
    for part in name.split("."):
        found = found[part]
    return frozenset(found)


def mapping(name: str) -> dict[str, Any]:
    """A table of the file."""
    return dict(_DATA[name])


def has_any(text: str, name: str) -> bool:
    """Whether a listed word or phrase stands in a text, as whole words."""
    padded = f" {fold(text)} "
    return any(f" {phrase} " in padded for phrase in word_list(name))


def is_condition(word: str) -> bool:
    """Whether a word has the form of a state reached ("terwujudnya")."""
    return _CONDITION.match(word.casefold()) is not None


def scale_of(indicator: str) -> str | None:
    """The scale an indicator's target is on: "opini", "sakip", "level", or None."""
    for name in ("opini", "sakip", "level"):
        if has_any(indicator, f"scales.{name}"):
            return name
    return None


def sakip_grade(score: float, year: int | None) -> str:
    """The SAKIP grade of a score in the scale in force in a year."""
    for scale in _DATA["sakip_scale"]:
        if year is None or year >= scale["from"]:
            break
    return next(str(g) for g, low in scale["bands"].items() if score > low or low == 0)


def grade_band(grade: str, year: int | None) -> bool:
    """Whether a grade exists in the scale of a year."""
    scale = next(s for s in _DATA["sakip_scale"] if year is None or year >= s["from"])
    return grade.upper() in scale["bands"]


def parse_number_words(text: str) -> int | None:
    """Indonesian number words: "dua puluh tiga" is 23; None where a word is none.

    >>> parse_number_words("dua puluh tiga"), parse_number_words("lima belas")
    (23, 15)
    """
    units: dict[str, int] = _DATA["number_words"]
    total, part = 0, 0
    tokens = words(text)
    if not tokens:
        return None
    for word in tokens:
        if word in units:
            part += units[word]
        elif word == "belas":
            part += 10
        elif word == "ribu":
            total += (part or 1) * 1000
            part = 0
        elif word in _MULTIPLIERS:
            low = part % 10 or 1
            part = part - part % 10 + low * _MULTIPLIERS[word]
        else:
            return None
    return total + part


def counted_kind(noun: str) -> str | None:
    """Which kind of thing a noun or unit counts: orang, naskah, lembaga, waktu."""
    folded = noun.casefold().strip()
    first = folded.split()[0] if folded else ""
    for kind, nouns in _DATA["unit_kinds"].items():
        if folded in nouns or first in nouns:
            return str(kind)
    return None
