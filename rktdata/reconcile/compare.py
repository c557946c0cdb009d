"""Whether two printed targets say the same.

"77,5%" and "77,5 %" do, "80" and "80%" do not: the number is the same and the unit is
not, which is another finding than two numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from rktdata.reconcile.keys import fold
from rktdata.schemas.reconciled import Member
from rktdata.schemas.records import IndikatorRow

TargetDifference: TypeAlias = Literal["nilai", "satuan", "kosong"]

EMPTY = "kosong"


def target_text(row: IndikatorRow) -> str:
    """The target as printed, "(kosong)" for an empty one."""
    return row.target_teks if row.target_teks else "(kosong)"


def target_difference(first: IndikatorRow, second: IndikatorRow) -> TargetDifference | None:
    """In what two targets differ, None where they agree.

    Returns:
        "kosong" where one of them is empty, "satuan" where the values agree and one
        has another unit or none, else "nilai".
    """
    if first.target_jenis == EMPTY or second.target_jenis == EMPTY:
        return None if first.target_jenis == second.target_jenis else "kosong"
    if first.target_teks and first.target_teks == second.target_teks:
        return None if _unit(first) == _unit(second) else "satuan"
    if first.target_predikat and second.target_predikat:
        alike = fold(first.target_predikat) == fold(second.target_predikat)
        return None if alike else "nilai"
    if _value(first) != _value(second):
        return "nilai"
    return None if _unit(first) == _unit(second) else "satuan"


def variants(members: Sequence[Member]) -> list[tuple[Member, int]]:
    """Members with the number of their value, 0 for the one printed most (or first)."""
    kinds: list[list[Member]] = []
    for member in members:
        for kind in kinds:
            if target_difference(kind[0].record.row, member.record.row) is None:
                kind.append(member)
                break
        else:
            kinds.append([member])
    kinds.sort(key=len, reverse=True)
    number = {m.record.row.indikator_id: at for at, kind in enumerate(kinds) for m in kind}
    return [(member, number[member.record.row.indikator_id]) for member in members]


def _value(row: IndikatorRow) -> tuple[object, ...]:
    """What is compared: number, bounds and grade; the text where none of them is read."""
    operator = None if row.target_operator == "=" else row.target_operator
    known = (row.target_nilai, row.target_bawah, row.target_atas, operator)
    grade = fold(row.target_predikat) if row.target_predikat else None
    if any(value is not None for value in known):
        return known
    if grade is None:
        return ("teks", "".join(fold(row.target_teks or "").split()))
    return ("predikat", grade)


def _unit(row: IndikatorRow) -> str | None:
    if row.target_jenis in ("predikat", "teks", "banyak"):
        return None
    return row.target_satuan
