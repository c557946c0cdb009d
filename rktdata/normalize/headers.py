"""What a column's header says about its numbers: a unit, a scale, money.

The trouble: "Target %", "Rp (juta)", "Pagu Indikatif (Rp000)", "Target Tahun 2016 (ekor)"
give the unit; "TARGET KINERJA PROGRAM DAN PENDANAAN (dalam juta rupiah) > 2016 > Target"
does not, since that scale belongs to the money column beside it.

Rules: the leaf speaks first; a parent speaks where the leaf is a year or a plain word
such as "Target", and never gives money to a column of targets that has parents about
both. Only what stands in brackets, or a bare percent sign or Rp, is a unit.

Source: UNITS.md, "Words of scale", headers; VALUES.md, "Header vocabulary".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rktdata.normalize.clean import clean_text
from rktdata.normalize.units import Vocabulary, canonical_unit, fold

_LONGEST_HEADER = 600
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]")
_RUPIAH = re.compile(r"(?<![a-z])(?:rp|rupiah|idr)(?![a-z])\.?")
_ZEROS = re.compile(r"(?<![\d.,])(?:x\s*)?(?:1[.,]?)?(?:[.,]?000){1,3}(?![\d.]|,\d)")
_PERCENT = re.compile(r"%|(?<![a-z])(?:persen|persentase|prosentase|presentase|prosen)(?![a-z])")
_SHORT_SCALE = re.compile(r"\(\s*(?:dalam\s+|dlm\s+)?(?:rp\.?\s*)?([mt])\s*\)")  # "Rp (M)"
_YEAR = re.compile(r"(?:tahun\s*)?(?:\(?\d{4}\)?|ke-?\s?\d|n[+-]?\d?|\d)")


@dataclass(frozen=True, slots=True)
class HeaderUnit:
    """What a header gives: a canonical unit, a power of ten, and whether it is money.

    `leaf` says that the column's own header gave it, not a parent.
    """

    unit: str | None = None
    power: int = 0
    money: bool = False
    leaf: bool = False


@lru_cache(maxsize=4096)
def header_unit(header: str, vocabulary: Vocabulary) -> HeaderUnit:
    """Read the unit and scale out of a header with its parents.

    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> header_unit("TARGET > KINERJA (%)", v).unit, header_unit("Rp. (000)", v).power
    ('persen', 3)
    >>> header_unit("Target Kinerja (dalam juta rupiah) > 2016 > Target", v).unit is None
    True
    """
    parts = [p.strip() for p in clean_text(header[:_LONGEST_HEADER]).lower().split(">")]
    parts = [p for p in parts if p]
    if not parts:
        return HeaderUnit()
    leaf = _part_unit(parts[-1], vocabulary, leaf=True)
    if leaf.unit is not None:
        if leaf.money and not leaf.power:
            return HeaderUnit("rupiah", _inherited_power(parts[:-1], vocabulary), True, True)
        return leaf
    if not _speaks_for_parents(parts[-1]):
        return HeaderUnit()
    for part in reversed(parts[:-1]):
        found = _part_unit(part, vocabulary, leaf=False)
        if found.unit is not None:
            if found.money and _names_target(parts):
                return HeaderUnit()
            return found
    return HeaderUnit(power=leaf.power, leaf=bool(leaf.power))


def _inherited_power(parents: list[str], vocabulary: Vocabulary) -> int:
    return next((p for p in (_power(part, vocabulary) for part in reversed(parents)) if p), 0)


@lru_cache(maxsize=4096)
def money_power(header: str, vocabulary: Vocabulary) -> int:
    """The power of ten that a header of amounts gives, from any of its parts.

    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> [money_power(h, v) for h in ("Pagu (Rp000)", "(dlm juta)", "Anggaran (Rp)")]
    [3, 6, 0]
    """
    parts = [p.strip() for p in clean_text(header[:_LONGEST_HEADER]).lower().split(">")]
    return next((p for p in (_power(part, vocabulary) for part in reversed(parts)) if p), 0)


def _power(part: str, vocabulary: Vocabulary) -> int:
    bracketed = " ".join(_BRACKETS.findall(part))
    for text in (bracketed, part):
        powers = [
            vocabulary.scales[w] for w in re.findall(r"[a-z]+", text) if w in vocabulary.scales
        ]
        if powers:
            return sum(powers)
        zeros = _ZEROS.search(text.replace("rp.", "rp ").replace("rp", "rp "))
        if zeros is not None:
            return zeros[0].count("0")
    short = _SHORT_SCALE.search(part)
    if short is not None and _RUPIAH.search(part):
        return vocabulary.money_scales[short[1].upper()]
    return 0


def _part_unit(part: str, vocabulary: Vocabulary, leaf: bool) -> HeaderUnit:
    for inside in reversed(_BRACKETS.findall(part)):
        found = _bracket_unit(inside.strip(), vocabulary, leaf)
        if found is not None:
            return found
    bare = _BRACKETS.sub(" ", part)
    if leaf and (_RUPIAH.search(bare) or bare.strip() in ("rp", "rp.")):
        return HeaderUnit("rupiah", _power(part, vocabulary), True, leaf)
    known = vocabulary.units.get(vocabulary.keys.get(fold(bare), ""))
    if leaf and known is not None and known.pure and not _YEAR.fullmatch(bare.strip()):
        return HeaderUnit(known.name, 0, False, leaf)
    if _PERCENT.search(bare) and not _RUPIAH.search(bare):
        return HeaderUnit("persen", 0, False, leaf)
    return HeaderUnit()


def _bracket_unit(inside: str, vocabulary: Vocabulary, leaf: bool) -> HeaderUnit | None:
    if _RUPIAH.search(inside.replace("000", " ")):
        return HeaderUnit("rupiah", _power(inside, vocabulary), True, leaf)
    if inside in vocabulary.not_headers or not any(c.isalpha() or c in "%‰" for c in inside):
        return None
    words = inside.removeprefix("dalam ").removeprefix("dlm ").removeprefix("satuan ").strip()
    first, _, rest = words.partition(" ")
    power = vocabulary.scales.get(first, 0)
    if power:
        if not rest:
            return None
        words = rest
    if words in vocabulary.not_headers or fold(words) not in vocabulary.keys:
        return None
    return HeaderUnit(canonical_unit(words, vocabulary), power, False, leaf)


_PLAIN_LEAF = (
    "target",
    "realisasi",
    "capaian",
    "kinerja",
    "volume",
    "awal",
    "akhir",
    "k",
    "t",
    "r",
)


def _speaks_for_parents(leaf: str) -> bool:
    plain = leaf.strip("() .")
    return _YEAR.fullmatch(plain) is not None or plain.split(" ", 1)[0] in _PLAIN_LEAF


def _names_target(parts: list[str]) -> bool:
    """Whether the leaf is about performance, so that a parent's Rp is not its own."""
    return parts[-1].strip("() .").split(" ", 1)[0] in _PLAIN_LEAF or "kinerja" in " ".join(parts)
