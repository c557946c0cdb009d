"""Which way an indicator is better, and whether one target asks for less than another.

More "kelulusan" is better, less "kemiskinan" is, and a higher share of "kasus yang
diselesaikan" again. The words decide; where they speak for both, the direction is not
known and nothing is said of better or worse. Grades and opinions stand on scales of their
own. Words and scales are in direction.toml. Source: DOMAIN.md 3.4, "Indicator direction".
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from rktdata.reconcile.keys import fold, meant_words, root, words
from rktdata.schemas.records import IndikatorRow

_DATA: dict[str, Any] = tomllib.loads(
    resources.files(__package__).joinpath("direction.toml").read_text("utf-8")
)
OPINIONS: tuple[str, ...] = tuple(_DATA["scales"]["opinions"])
GRADES: tuple[str, ...] = tuple(_DATA["scales"]["grades"])
MEASURES = frozenset(_DATA["measures"])
_UNDONE = frozenset(map(root, _DATA["undone_words"]))
_PERCENT = frozenset({"persentase", "persen", "%"})
# Kinds of target that say no number on a scale of one unit.
_UNMEASURED = frozenset({"kosong", "teks", "banyak"})


@lru_cache(maxsize=10_000)
def is_negative(indicator: str) -> bool | None:
    """Whether less is better; None where the words speak for both.

    >>> is_negative("Angka kemiskinan"), is_negative("Persentase kelulusan")
    (True, False)
    >>> is_negative("Persentase kasus yang ditangani"), is_negative("Jumlah kasus yang ditangani")
    (False, None)
    """
    padded = f" {fold(indicator)} "

    def holds(name: str) -> bool:
        return any(f" {phrase} " in padded for phrase in _DATA[name])

    if not holds("negative_direction"):
        return False
    dealt_with = any(root(word) in _UNDONE for word in words(indicator))
    if not dealt_with and not holds("negative_undone"):
        return True
    is_share = (meant_words(indicator) or ("",))[0] in _DATA["shares"]
    return False if dealt_with and is_share and not holds("denials") else None


def is_measure(row: IndikatorRow) -> bool:
    """A percentage, score or index; amounts and counts may rise and fall with the plan."""
    opening = (meant_words(row.indikator) or ("",))[0]
    return row.target_satuan == "persen" or (row.target_jenis == "nilai" and opening in MEASURES)


def is_worse(before: IndikatorRow, after: IndikatorRow) -> bool | None:
    """Whether a target asks for less than an earlier one of the same indicator.

    Units are the caller's business. Of ranges, neither end may be better.

    Returns:
        None where it cannot be told: no numbers and no grades of one scale, a direction
        that the words leave open, one end of a range better and the other worse.
    """
    ranks = [_rank(row.target_predikat) for row in (before, after)]
    if ranks[0] and ranks[1] and ranks[0][0] is ranks[1][0]:
        return ranks[1][1] > ranks[0][1]
    one, other = _ends(before), _ends(after)
    negative = is_negative(after.indikator)
    if one is None or other is None or negative is None:
        return None
    changes = [(b - a) * (-1 if negative else 1) for a, b in zip(one, other, strict=True)]
    if min(changes) < 0 < max(changes):
        return None
    return min(changes) < 0


def is_other_unit(before: IndikatorRow, after: IndikatorRow) -> bool:
    """Whether a target is measured in another unit than an earlier one.

    A unit that is printed in one of them only is no other unit, nor is one that names
    the same thing more closely ("satker", "satker kab/kota"); a grade that became a
    number is, and so is a score that became a percentage.
    """
    kinds = {before.target_jenis, after.target_jenis}
    if kinds & _UNMEASURED:
        return False
    if "predikat" in kinds and len(kinds) == 2:
        return not (before.target_predikat and after.target_predikat)
    one, other = before.target_satuan, after.target_satuan
    if one and other:
        return one not in other and other not in one
    if "persen" in (one, other) and kinds == {"nilai", "persen"}:
        return not any(_PERCENT & set(meant_words(row.indikator)) for row in (before, after))
    return False


def _rank(grade: str | None) -> tuple[tuple[str, ...], int] | None:
    """The scale a grade or opinion is on, and its place there from the best."""
    name = fold(grade or "")
    for scale in (OPINIONS, GRADES):
        if name in scale:
            return scale, scale.index(name)
    return None


def _ends(row: IndikatorRow) -> tuple[Decimal, Decimal] | None:
    """Both ends of a target's number or range."""
    low, high = row.target_bawah, row.target_atas
    if row.target_nilai is not None:
        return row.target_nilai, row.target_nilai
    return None if low is None or high is None else (low, high)
