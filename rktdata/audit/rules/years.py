"""Rules over years, in one plan of several years or between yearly plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from rktdata.audit.case import Case, labels, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.vocabulary import counted_kind
from rktdata.reconcile.compare import target_difference, target_text
from rktdata.reconcile.direction import is_measure, is_worse
from rktdata.reconcile.hierarchy import AGENCY
from rktdata.reconcile.keys import similarity
from rktdata.schemas.reconciled import Listing
from rktdata.schemas.records import IndikatorRow, Record

_TENFOLD = Decimal(8)
_COPIED_ROWS = 8
_SINGLY = 3

Located = tuple[Listing, Record[IndikatorRow]]
Step = tuple[Listing, Record[IndikatorRow], Listing, Record[IndikatorRow]]


def _steps(case: Case) -> Iterator[Step]:
    """An indicator's target and its next one in time: in one list, and from plan to plan."""
    for listing, entry in case.entries():
        dated = [r for r in entry.records if r.row.tahun is not None]
        for before, after in zip(dated, dated[1:], strict=False):
            yield listing, before, listing, after
    for early, late in _plan_steps(case):
        yield (*early, *late)


def _plan_steps(case: Case) -> Iterator[tuple[Located, Located]]:
    """The same between the own plans of two years, each indicator once however often printed."""
    for early, late in pairwise(case.panel.rows):
        own = early.sumber == late.sumber == "tahun-itu" and early.deret_id == late.deret_id
        if own and early.indikator_id and late.indikator_id:
            yield case.located(early.indikator_id), case.located(late.indikator_id)


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
    for one, before, two, after in _steps(case):
        a, b = before.row.target_nilai, after.row.target_nilai
        if a is None or b is None or not is_measure(before.row):
            continue
        if target_difference(before.row, after.row) != "nilai" or not _one_unit(before, after):
            continue
        if is_worse(before.row, after.row) and not _is_jump(a, b):
            yield _step_draft(
                case, one, before, two, after,
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
    yield from _repeated(case)


def _repeated(case: Case) -> Iterator[Draft]:
    """A unit's plan in which every target is last year's."""
    plans: dict[tuple[str | None, int | None], list[tuple[Located, Located]]] = {}
    for early, late in _plan_steps(case):
        plans.setdefault((late[0].unit, late[1].row.tahun), []).append((early, late))
    listed = Counter(
        (case.located(row.indikator_id)[0].unit, row.tahun)
        for row in case.panel.rows
        if row.sumber == "tahun-itu" and row.indikator_id
    )
    for (unit, year), steps in plans.items():
        same = [step for step in steps if target_difference(step[0][1].row, step[1][1].row) is None]
        if len(same) < _COPIED_ROWS or len(same) < listed[unit, year or 0]:
            continue
        early, late = same[0]
        before = case.record(*early, "target_teks")
        yield Draft(
            f"Semua {len(same)} target sama dengan tahun sebelumnya ({labels((before,))}).",
            f"All {len(same)} targets equal those of the year before "
            f"({labels((before,), english=True)}).",
            case.record(*late, "target_teks"),
            before,
            unit=unit,
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
    for one, before, two, after in _steps(case):
        a, b = before.row.target_nilai, after.row.target_nilai
        if a is None or b is None or before.row.target_jenis == "rupiah":
            continue
        if not _one_unit(before, after):
            if _other_kind(before.row, after.row):
                yield _step_draft(case, one, before, two, after,
                                  "berganti satuan", "changes its unit")  # fmt: skip
        elif _is_jump(a, b) and (is_measure(before.row) or _same_digits(a, b)):
            yield _step_draft(
                case, one, before, two, after,
                "melonjak", "jumps",
            )  # fmt: skip


def _one_unit(before: Record[IndikatorRow], after: Record[IndikatorRow]) -> bool:
    return before.row.target_satuan == after.row.target_satuan


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
    after: Record[IndikatorRow], what_id: str, what_en: str,
) -> Draft:  # fmt: skip
    a = case.record(one, before, "target_teks")
    b = case.record(two, after, "target_teks")
    name = short(after.row.indikator, 120)
    return Draft(
        f'Target "{name}" {what_id}: {target_text(before.row)} ({before.row.tahun}), '
        f"{target_text(after.row)} ({after.row.tahun}) ({labels((a, b))}).",
        f'The target of "{name}" {what_en}: {target_text(before.row)} ({before.row.tahun}), '
        f"{target_text(after.row)} ({after.row.tahun}) ({labels((a, b), english=True)}).",
        a, b, similarity=similarity(before.row.indikator, after.row.indikator), unit=two.unit,
    )  # fmt: skip


@rule(
    "R43", "peringatan", "Y", "PermenPAN-RB 88/2021 AREN002.6",
    "Indikator tidak sering berganti dalam satu periode",
    "Indicators are kept through a period",
)  # fmt: skip
def indicators_replaced(case: Case) -> Iterator[Draft]:
    """Added and dropped indicators of an agency's own list: one finding for two years."""
    found: dict[tuple[int, int], dict[str, list[Located]]] = {}
    for change in case.panel.changes:
        row = change.row
        if row.jenis in ("dihapus", "baru") and row.bukti:
            listing, record = case.located(row.bukti.split()[0])
            if listing.level == AGENCY:
                years = (row.tahun_sebelumnya, row.tahun)
                lists = found.setdefault(years, {"dihapus": [], "baru": []})
                lists[row.jenis].append((listing, record))
    for lists in found.values():
        dropped, added = lists["dihapus"], lists["baru"]
        places = [case.record(*one) for one in (*dropped, *added)]
        names = "; ".join(f'"{short(r.row.indikator, 60)}"' for _, r in (*dropped, *added)[:4])
        yield Draft(
            f"{len(dropped)} indikator dihapus dan {len(added)} ditambahkan dibanding tahun "
            f"sebelumnya: {names}.",
            f"{len(dropped)} indicators were dropped and {len(added)} added since the year "
            f"before: {names}.",
            places[0], places[1] if len(places) > 1 else None, tuple(places[2:]),
            unit=(*dropped, *added)[0][0].unit,
        )  # fmt: skip
