"""What changed in an indicator's target from one year to the next, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rktdata.reconcile.compare import EMPTY, target_difference, target_text
from rktdata.reconcile.direction import is_measure, is_other_unit, is_worse
from rktdata.schemas.records import IndikatorRow

Units = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: its kind, both values, a sentence in either language."""

    kind: str
    a: str | None
    b: str | None
    message_id: str
    message_en: str


def target_change(before: IndikatorRow, after: IndikatorRow, own: bool) -> str | None:
    """What changed in a target: "satuan", "mundur", "ubah", "kosong", None for nothing.

    A target that asks for more is the rule and is no change, nor is one that was empty.

    Args:
        before: An indicator in one year.
        after: The same in a later one.
        own: Both are from their years' own plans. Else only a measure that falls back is
            told of: tables of other years leave cells and units out, and the amount of
            work changes from year to year within one plan.
    """
    difference = target_difference(before, after)
    if difference is None or not (own or is_measure(before)):
        return None
    if difference == "kosong":
        return "kosong" if own and after.target_jenis == EMPTY else None
    if is_other_unit(before, after):
        return "satuan" if own else None
    worse = is_worse(before, after)
    if difference == "satuan" or worse is False:
        return None
    if worse is None:
        return "ubah" if own else None
    return "mundur"


def tell(
    kind: str,
    early: int,
    late: int,
    before: Sequence[IndikatorRow],
    after: Sequence[IndikatorRow],
    units: Units | None = None,
) -> Told:
    """A change in words.

    Args:
        kind: One of `CHANGES`.
        early: The earlier year.
        late: The later one.
        before: The indicators then.
        after: The indicators now.
        units: Names of the units, for one that moved.
    """
    a, b = _targets(before), _targets(after)
    old, new = _names(before), _names(after)
    sentences = {
        "baru": (f"Indikator baru pada {late}: {new}, target {b}.",
                 f"New in {late}: {new}, target {b}."),
        "dihapus": (f"Tidak ada lagi pada {late}: {old}, target {early}: {a}.",
                    f"Gone in {late}: {old}, target of {early}: {a}."),
        "pecah": (f"Dipecah pada {late}: {old} menjadi {new}.",
                  f"Split in {late}: {old} into {new}."),
        "gabung": (f"Digabung pada {late}: {old} menjadi {new}.",
                   f"Merged in {late}: {old} into {new}."),
        "redaksi": (f"Redaksi berubah: {old} ({early}) menjadi {new} ({late}).",
                    f"Reworded: {old} ({early}), now {new} ({late})."),
        "satuan": (f"Satuan target {new} berganti: {a} ({early}) menjadi {b} ({late}).",
                   f"The target of {new} changed its unit: {a} ({early}), {b} ({late})."),
        "mundur": (f"Target {new} mundur: {a} ({early}) menjadi {b} ({late}).",
                   f"The target of {new} asks for less: {a} ({early}), {b} ({late})."),
        "ubah": (f"Target {new} berubah: {a} ({early}) menjadi {b} ({late}); arah yang lebih baik "
                 "tidak pasti dari kata-katanya.",
                 f"The target of {new} changed: {a} ({early}), {b} ({late}); its words leave open "
                 "which is better."),
        "kosong": (f"Target {new} tidak diisi lagi: {a} ({early}), kosong ({late}).",
                   f"The target of {new} is no longer filled in: {a} ({early}), empty ({late})."),
    }  # fmt: skip
    if kind == "pindah":
        a, b = (name or "?" for name in units or ("?", "?"))
        sentences[kind] = (
            f"Indikator {new} pindah dari {a} ({early}) ke {b} ({late}).",
            f"{new} moved from {a} ({early}) to {b} ({late}).",
        )
    return Told(kind, a, b, *sentences[kind])


def _targets(rows: Sequence[IndikatorRow]) -> str | None:
    return " | ".join(map(target_text, rows)) or None


def _names(rows: Sequence[IndikatorRow]) -> str:
    return "; ".join(f'"{row.indikator}"' for row in rows)
