"""Rules over years, in one plan of several years or between yearly plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from rktdata.audit.case import Case, labels, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.vocabulary import counted_kind, word_list
from rktdata.reconcile.compare import target_difference, target_text
from rktdata.reconcile.direction import is_worse
from rktdata.reconcile.keys import meant_words
from rktdata.reconcile.years import following, succession
from rktdata.schemas.reconciled import Listing
from rktdata.schemas.records import IndikatorRow, Record

_TENFOLD = Decimal(8)
_SHARED = 0.4
_COPIED_ROWS = 8
_SINGLY = 3

Step = tuple[Listing, Record[IndikatorRow], Listing, Record[IndikatorRow], float]


def _steps(case: Case) -> Iterator[Step]:
    """An indicator's target and its next one in time, in one list or in two."""
    for listing, entry in case.entries():
        dated = [r for r in entry.records if r.row.tahun is not None]
        for before, after in zip(dated, dated[1:], strict=False):
            yield listing, before, listing, after, 1.0
    for alignment in following(case.reconciled):
        for match in alignment.matches:
            before, after = match.first.records[-1], match.second.records[0]
            yield alignment.first, before, alignment.second, after, match.similarity


@rule(
    "R42", "peringatan", "Y", "PermenPAN-RB 88/2021 AREN002.7",
    "Target tidak mundur dari tahun ke tahun", "Targets do not fall back over the years",
)  # fmt: skip
def falls_back(case: Case) -> Iterator[Draft]:
    """Lower than the year before where more is better, higher where less is.

    Counts are left out (a plan may ask for fewer documents), as is an indicator whose
    words speak for both directions.
    """
    yield from _by_list(_falls(case))


def _falls(case: Case) -> Iterator[Draft]:
    for one, before, two, after, likeness in _steps(case):
        a, b = before.row.target_nilai, after.row.target_nilai
        if a is None or b is None or not _is_measure(before.row):
            continue
        if target_difference(before.row, after.row) != "nilai" or not _one_unit(before, after):
            continue
        if is_worse(before.row, after.row) and not _is_jump(a, b):
            yield _step_draft(
                case, one, before, two, after, likeness,
                "mundur", "falls back",
            )  # fmt: skip


@rule(
    "R44", "peringatan", "Y", "kewajaran; mutu data",
    "Target tidak melonjak sepuluh kali atau berganti satuan",
    "Targets do not jump ten-fold or change their unit",
)  # fmt: skip
def jumps(case: Case) -> Iterator[Draft]:
    """A lost comma, another unit, and a plan that repeats last year's (one finding)."""
    yield from _by_list(_jumps(case))
    for alignment in following(case.reconciled):
        same = [
            m for m in alignment.matches
            if target_difference(m.first.records[-1].row, m.second.records[0].row) is None
        ]  # fmt: skip
        if len(same) >= _COPIED_ROWS and len(same) == len(alignment.second.entries):
            m = same[0]
            yield Draft(
                f"Semua {len(same)} target sama dengan tahun sebelumnya "
                f"({labels((case.record(alignment.first, m.first.records[-1]),))}).",
                f"All {len(same)} targets equal those of the year before "
                f"({labels((case.record(alignment.first, m.first.records[-1]),), english=True)}).",
                case.record(alignment.second, m.second.records[0], "target_teks"),
                case.record(alignment.first, m.first.records[-1], "target_teks"),
                unit=alignment.second.unit,
                severity="catatan",
            )


def _by_list(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """A few of a list one by one, many as one finding."""
    lists: dict[str, list[Draft]] = {}
    for draft in drafts:
        lists.setdefault(draft.a.label_id.split(", baris")[0], []).append(draft)
    for label, own in lists.items():
        if len(own) <= _SINGLY:
            yield from own
            continue
        rest = dict.fromkeys(place for draft in own[1:] for place in draft.places)
        yield replace(
            own[0],
            message_id=f"{own[0].message_id[:-1]}; begitu pula {len(own) - 1} target lain di "
            f"{label}.",
            message_en=f"{own[0].message_en[:-1]}; so do {len(own) - 1} more targets of this list.",
            others=tuple(rest),
        )


def _jumps(case: Case) -> Iterator[Draft]:
    for one, before, two, after, likeness in _steps(case):
        a, b = before.row.target_nilai, after.row.target_nilai
        if a is None or b is None or before.row.target_jenis == "rupiah":
            continue
        if not _one_unit(before, after):
            if _other_kind(before.row, after.row):
                yield _step_draft(case, one, before, two, after, likeness,
                                  "berganti satuan", "changes its unit")  # fmt: skip
        elif _is_jump(a, b) and (_is_measure(before.row) or _same_digits(a, b)):
            yield _step_draft(
                case, one, before, two, after, likeness,
                "melonjak", "jumps",
            )  # fmt: skip


def _one_unit(before: Record[IndikatorRow], after: Record[IndikatorRow]) -> bool:
    return before.row.target_satuan == after.row.target_satuan


def _is_measure(row: IndikatorRow) -> bool:
    """A percentage, score or index; amounts and counts may rise and fall with the plan."""
    opening = (meant_words(row.indikator) or ("",))[0]
    return row.target_satuan == "persen" or (
        row.target_jenis == "nilai" and opening in word_list("measures")
    )


def _other_kind(before: IndikatorRow, after: IndikatorRow) -> bool:
    """Whether percent became a count, or one known kind of unit another."""
    one, other = before.target_satuan, after.target_satuan
    if not one or not other:
        return False
    kinds = counted_kind(one), counted_kind(other)
    return ("persen" in (one, other)) or (
        None not in kinds and one not in other and other not in one
    )


def _same_digits(a: Decimal, b: Decimal) -> bool:
    """Whether two numbers differ by the place of their comma only."""
    return a.normalize().as_tuple().digits == b.normalize().as_tuple().digits


def _is_jump(a: Decimal, b: Decimal) -> bool:
    small, large = sorted((abs(a), abs(b)))
    return small > 0 and large / small >= _TENFOLD and large >= 5


def _step_draft(
    case: Case, one: Listing, before: Record[IndikatorRow], two: Listing,
    after: Record[IndikatorRow], likeness: float, what_id: str, what_en: str,
) -> Draft:  # fmt: skip
    a = case.record(one, before, "target_teks")
    b = case.record(two, after, "target_teks")
    name = short(after.row.indikator, 120)
    return Draft(
        f'Target "{name}" {what_id}: {target_text(before.row)} ({before.row.tahun}), '
        f"{target_text(after.row)} ({after.row.tahun}) ({labels((a, b))}).",
        f'The target of "{name}" {what_en}: {target_text(before.row)} ({before.row.tahun}), '
        f"{target_text(after.row)} ({after.row.tahun}) ({labels((a, b), english=True)}).",
        a, b, similarity=likeness, unit=two.unit,
    )  # fmt: skip


@rule(
    "R43", "peringatan", "Y", "PermenPAN-RB 88/2021 AREN002.6",
    "Indikator tidak sering berganti dalam satu periode",
    "Indicators are kept through a period",
)  # fmt: skip
def indicators_replaced(case: Case) -> Iterator[Draft]:
    """Added and dropped indicators of an agency's own list: one finding for two years."""
    for alignment in following(case.reconciled):
        if alignment.first.level > 1 or alignment.first.document_id == alignment.second.document_id:
            continue
        found = succession(alignment.first, alignment.second)
        dropped, added = found.dropped, found.added
        known = len(alignment.first.entries) - len(dropped)
        if not (dropped or added) or known < _SHARED * len(alignment.first.entries):
            continue
        places = [case.record(alignment.first, e.records[0]) for e in dropped] + [
            case.record(alignment.second, e.records[0]) for e in added
        ]
        names = "; ".join(f'"{short(e.text, 60)}"' for e in (*dropped, *added)[:4])
        yield Draft(
            f"{len(dropped)} indikator dihapus dan {len(added)} ditambahkan dibanding tahun "
            f"sebelumnya: {names}.",
            f"{len(dropped)} indicators were dropped and {len(added)} added since the year "
            f"before: {names}.",
            places[0], places[1] if len(places) > 1 else None, tuple(places[2:]),
            unit=alignment.second.unit,
        )  # fmt: skip
