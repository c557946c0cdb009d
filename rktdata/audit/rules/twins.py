"""Rules on copies of one indicator inside a document and between plans of one year.

Values are compared over groups, so that five copies with two values give one finding;
words, parents, missing rows and order are compared over aligned pairs of lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rktdata.audit.case import Case, labels, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.vocabulary import is_condition, word_list
from rktdata.reconcile.compare import target_difference
from rktdata.reconcile.hierarchy import same_unit
from rktdata.reconcile.keys import (
    content_words,
    fold,
    meant_words,
    similarity,
    word_difference,
    words,
)
from rktdata.schemas.findings import Place, Severity
from rktdata.schemas.reconciled import Alignment, Entry, Group, Listing, Match, Member, Tie
from rktdata.schemas.records import IndikatorRow

_SAME_WORDS = 0.93
_SAME_PARENT = 0.75
_KNOWN_PARENT = 0.85
_RELATED = 0.35  # share of content words that two names of one thing have in common
_CONTAINED = 0.9  # share of a shorter sasaran's words that a longer one holds
_MANY_VALUES = 5
_MANY_UNITS = 3
_MANY_MOVES = 3  # pairs of parents that differ in one pair of lists, above which it is design
_MISSING = 0.6
_FOUND_ELSEWHERE = 0.85
_CASCADED = 0.7  # of the weight of the shorter text that both have
_ADDED = 0.3  # of a cascaded indicator: words of its own, by rarity
ROLES = {"tujuan": "goal", "sasaran": "objective", "program": "programme", "kegiatan": "activity"}


# Values


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Copies of one indicator with one value, against the copies with another."""

    group: Group
    kind: str
    right: tuple[Member, ...]
    wrong: tuple[Member, ...]

    @property
    def across(self) -> bool:
        """Whether the two values stand in different documents."""
        ours = {m.listing.document_id for m in self.right}
        return ours.isdisjoint(m.listing.document_id for m in self.wrong)


def disagreements(case: Case) -> Iterator[Disagreement]:
    """Each value of a group that differs from the value printed most."""
    for group in case.reconciled.groups:
        classes: list[list[Member]] = []
        for member in group.members:
            if member.record.row.target_jenis == "kosong":
                continue
            for known in classes:
                if target_difference(known[0].record.row, member.record.row) is None:
                    known.append(member)
                    break
            else:
                classes.append([member])
        if len(classes) < 2 or _is_breakdown(case, group):
            continue
        classes.sort(key=len, reverse=True)
        for other in classes[1:]:
            kind = target_difference(classes[0][0].record.row, other[0].record.row)
            if kind:
                yield Disagreement(group, kind, tuple(classes[0]), tuple(other))


def _is_breakdown(case: Case, group: Group) -> bool:
    """Whether several units under one each have a part of the indicator."""
    return bool(_parts(case, group))


def _parts(case: Case, group: Group) -> list[Member]:
    """Members of the lowest sibling units, when there are several; else none."""
    units = [m for m in group.members if m.listing.unit and m.listing.level > 1]
    lowest = [m for m in units if not any(_is_above(case, m.listing, o.listing) for o in units)]
    for i, first in enumerate(lowest):
        for second in lowest[i + 1 :]:
            if not same_unit(first.listing.unit, second.listing.unit):
                return lowest
    return []


def _is_above(case: Case, upper: Listing, lower: Listing) -> bool:
    above = case.reconciled.ancestors(lower.document_id, lower.unit)
    return upper.unit is not None and any(same_unit(upper.unit, name) for name in above)


def _values(case: Case, found: Disagreement) -> Draft:
    a, b = case.target(found.right[0]), case.target(found.wrong[0])
    rest = tuple(case.target(m) for m in (*found.right[1:], *found.wrong[1:]))
    name = short(found.group.row.indikator, 120)
    year = f" {found.group.row.tahun}" if found.group.row.tahun else ""
    right = [case.target(m) for m in found.right]
    wrong = [case.target(m) for m in found.wrong]
    what_id, what_en = ("Satuan target", "Units of the target") if found.kind == "satuan" else (
        "Target", "Targets of"
    )  # fmt: skip
    return Draft(
        f'{what_id}{year} "{name}" berbeda: {a.value} di {labels(right)}, tetapi {b.value} di '
        f"{labels(wrong)}.",
        f'{what_en}{year} "{name}" differ: {a.value} in {labels(right, english=True)}, but '
        f"{b.value} in {labels(wrong, english=True)}.",
        a,
        b,
        rest,
        _likeness(found.right[0].entry, found.wrong[0].entry),
        found.wrong[0].listing.unit,
    )


def _likeness(first: Entry, second: Entry) -> float:
    return similarity(first.text, second.text)


@rule(
    "R09", "galat", "D", "konsistensi; PermenPAN-RB 88/2021 AREN002.8",
    "Satu indikator satu target per tahun", "One indicator, one target per year",
)  # fmt: skip
def target_differs(case: Case) -> Iterator[Draft]:
    """Copies of one indicator in one document with different values."""
    yield from _by_lists(
        case, [d for d in disagreements(case) if d.kind == "nilai" and not d.across], _MANY_VALUES
    )


@rule(
    "R47", "galat", "D", "konsistensi; SMART (M)",
    "Satuan target sama di semua salinan", "Copies of a target have one unit",
)  # fmt: skip
def unit_differs(case: Case) -> Iterator[Draft]:
    """80 and 80 %: the same number with another unit."""
    yield from _by_lists(
        case, [d for d in disagreements(case) if d.kind == "satuan" and not d.across], _MANY_UNITS
    )


def _by_lists(case: Case, found: Sequence[Disagreement], many: int) -> Iterator[Draft]:
    """Each disagreement, or one finding for two lists that disagree nearly throughout.

    Lists that differ in most of their common rows tell different things (another stage
    of the plan, the end of a period, a column with the unit left out).
    """
    pairs: dict[tuple[str, str], list[Disagreement]] = defaultdict(list)
    for one in found:
        pairs[one.right[0].listing.id, one.wrong[0].listing.id].append(one)
    common: dict[frozenset[str], int] = defaultdict(int)
    for alignment in case.reconciled.alignments:
        common[frozenset((alignment.first.id, alignment.second.id))] += len(alignment.matches)
    for key, own in pairs.items():
        if len(own) <= many or 2 * len(own) < common[frozenset(key)]:
            yield from (_softened(_values(case, one), one) for one in own)
            continue
        drafts = [_values(case, one) for one in own]
        first = drafts[0]
        rest = dict.fromkeys(p for d in drafts[1:] for p in (d.a, *((d.b,) if d.b else ())))
        lists_id = f"{own[0].right[0].listing.label_id} dan {own[0].wrong[0].listing.label_id}"
        lists_en = f"{own[0].right[0].listing.label_en} and {own[0].wrong[0].listing.label_en}"
        yield replace(
            first,
            message_id=f"{lists_id} berbeda pada {len(own)} target, misalnya: {first.message_id}",
            message_en=f"{lists_en} differ in {len(own)} targets, for instance: {first.message_en}",
            others=(*first.others, *rest),
            severity="peringatan",
        )


def _softened(draft: Draft, found: Disagreement) -> Draft:
    """A note where the unit that is left out stands in the indicator's own words."""
    units = {m.record.row.target_satuan for m in (*found.right, *found.wrong)}
    opening = (meant_words(found.group.row.indikator) or ("",))[0]
    said = found.kind == "satuan" and None in units and opening in ("persentase", "persen")
    return replace(draft, severity="catatan") if said else draft


@rule(
    "R35", "galat", "P", "PermenPAN-RB 53/2014; 88/2021 AREN002.8",
    "Target sama di semua dokumen tahun itu", "Targets agree between the year's plans",
)  # fmt: skip
def plans_differ(case: Case) -> Iterator[Draft]:
    """RKT against PK (R35), annual plan against the plan of several years (R34)."""
    unit_only: dict[tuple[str, str], list[Disagreement]] = defaultdict(list)
    for found in disagreements(case):
        if not found.across:
            continue
        if found.kind == "satuan":
            ids = (found.right[0].listing.document_id, found.wrong[0].listing.document_id)
            unit_only[min(ids), max(ids)].append(found)
        else:
            yield _values(case, found)
    for several in unit_only.values():
        if len(several) <= 2:
            yield from (_lower(_values(case, found)) for found in several)
            continue
        first = _values(case, several[0])
        rest = tuple(
            p for f in several[1:] for p in (case.target(f.right[0]), case.target(f.wrong[0]))
        )
        yield Draft(
            f"Satuan {len(several)} target berbeda antara {first.a.label_id} dan "
            f"{first.b.label_id if first.b else ''}, misalnya {first.a.value} dan "
            f"{first.b.value if first.b else ''}.",
            f"Units of {len(several)} targets differ between {first.a.label_en} and "
            f"{first.b.label_en if first.b else ''}, for instance {first.a.value} and "
            f"{first.b.value if first.b else ''}.",
            first.a, first.b, (*first.others, *rest), severity="catatan",
        )  # fmt: skip


def _lower(draft: Draft) -> Draft:
    return replace(draft, severity="peringatan")


@rule(
    "R14", "peringatan", "D", "konsistensi",
    "Target instansi = jumlah target unit (satuan yang dapat dijumlah)",
    "An agency's target is the sum of its units' (additive units)",
)  # fmt: skip
def sum_over_units(case: Case) -> Iterator[Draft]:
    """Two or more units' counts against the superior's."""
    for whole, parts, known, total in _breakdowns(case):
        added = sum(known, Decimal(0))
        if _adds_up((whole, *parts)) and total != added and set(known) != {total}:
            yield _parts_draft(case, whole, parts, f"jumlah {added}", f"their sum is {added}")


@rule(
    "R15", "catatan", "D", "konsistensi",
    "Target rata-rata instansi berada di antara target unit",
    "An agency's average lies between its units' targets",
)  # fmt: skip
def average_over_units(case: Case) -> Iterator[Draft]:
    """Percentages, scores and indices add up to nothing, but lie between their parts."""
    for whole, parts, known, total in _breakdowns(case):
        if not _adds_up((whole, *parts)) and not min(known) <= total <= max(known):
            yield _parts_draft(
                case, whole, parts, "di luar nilai terendah dan tertinggi unit",
                "it lies outside the units' lowest and highest",
            )  # fmt: skip


def _breakdowns(
    case: Case,
) -> Iterator[tuple[Member, list[Member], list[Decimal], Decimal]]:
    """A unit's target and its sub-units' targets of one indicator, all numbers known."""
    for group in case.reconciled.groups:
        parts = _parts(case, group)
        for whole in group.members:
            if not parts or not all(_is_above(case, whole.listing, p.listing) for p in parts):
                continue
            total = whole.record.row.target_nilai
            values = [p.record.row.target_nilai for p in parts]
            known = [v for v in values if v is not None]
            if total is not None and len(known) == len(values):
                yield whole, parts, known, total


def _adds_up(members: Sequence[Member]) -> bool:
    additive = word_list("additive.units")
    return all(
        m.record.row.target_satuan in additive and m.record.row.target_jenis == "jumlah"
        for m in members
    )


def _parts_draft(
    case: Case, whole: Member, parts: Sequence[Member], why_id: str, why_en: str
) -> Draft:
    places = [case.target(p) for p in parts]
    a = case.target(whole)
    values = ", ".join(p.value or "" for p in places)
    name = short(whole.record.row.indikator, 120)
    return Draft(
        f'"{name}": {a.value} di {a.label_id}, sedangkan unit di bawahnya {values} ({why_id}).',
        f'"{name}": {a.value} in {a.label_en}, while the units below have {values} ({why_en}).',
        a, places[0], tuple(places[1:]), unit=whole.listing.unit,
    )  # fmt: skip


# Words


@rule(
    "R10", "catatan", "D", "konsistensi",
    "Redaksi indikator sama di semua salinan", "Copies of an indicator are worded alike",
)  # fmt: skip
def indicator_worded_otherwise(case: Case) -> Iterator[Draft]:
    """Spelling is a note, added or other words a warning, a lost condition an error."""
    seen: set[tuple[str, str]] = set()
    for group in case.reconciled.groups:
        variants: dict[str, list[Member]] = {}
        for member in group.members:
            variants.setdefault(fold(member.record.row.indikator), []).append(member)
        ordered = sorted(variants.values(), key=len, reverse=True)
        for other in ordered[1:]:
            pair = (fold(ordered[0][0].entry.text), fold(other[0].entry.text))
            if pair in seen:
                continue
            seen |= {pair, pair[::-1]}
            draft = _worded(
                [case.record(m.listing, m.record) for m in ordered[0]],
                [case.record(m.listing, m.record) for m in other],
                "indikator", "indicator",
            )  # fmt: skip
            if draft:
                yield draft
    yield from _counterparts(case, seen)


def _counterparts(case: Case, seen: set[tuple[str, str]]) -> Iterator[Draft]:
    """Rows that answer each other in twins by place and parents, in other words."""
    of = case.reconciled.group_of
    for alignment in case.reconciled.alignments:
        if not alignment.twin or alignment.relation == "antar-tahun":
            continue
        for match in alignment.matches:
            pair = (fold(match.first.text), fold(match.second.text))
            if of.get(match.first.id) == of.get(match.second.id) or pair in seen:
                continue
            if match.similarity >= _SAME_WORDS:
                continue
            seen |= {pair, pair[::-1]}
            draft = _worded(
                [case.record(alignment.first, match.first.records[0])],
                [case.record(alignment.second, match.second.records[0])],
                "indikator",
                "indicator",
                alignment.second.unit,
            )
            if draft:
                yield draft


def _worded(
    ours: Sequence[Place], theirs: Sequence[Place], role_id: str, role_en: str,
    unit: str | None = None,
) -> Draft | None:  # fmt: skip
    """Two wordings of one thing; None where they differ by case and punctuation only."""
    a, b = ours[0], theirs[0]
    if a.value is None or b.value is None:
        return None
    difference = word_difference(a.value, b.value)
    if difference.kind == "sama" or "".join(words(a.value)) == "".join(words(b.value)):
        return None
    if difference.kind == "ejaan" and meant_words(a.value) == meant_words(b.value):
        return None  # "Prosentase", "dok.": R32 speaks of these once
    severity: Severity = "catatan"
    if difference.critical:
        severity = "galat"
    elif _only_opening(difference.only_a, difference.only_b):
        severity = "catatan"
    elif difference.kind in ("tambahan", "redaksi", "urutan"):
        severity = "peringatan"
    detail = _detail(difference.only_a, difference.only_b, difference.spelled)
    return Draft(
        f'Redaksi {role_id} berbeda{detail}: "{a.value}" di {labels(ours)}, '
        f'"{b.value}" di {labels(theirs)}.',
        f'The {role_en} is worded otherwise{detail}: "{a.value}" in '
        f'{labels(ours, english=True)}, "{b.value}" in {labels(theirs, english=True)}.',
        a, b, (*ours[1:], *theirs[1:]), similarity(a.value, b.value), unit, severity,
    )  # fmt: skip


def _only_opening(only_a: Sequence[str], only_b: Sequence[str]) -> bool:
    """Whether one text only has a verb more ("Meningkatnya level ...")."""
    extra = (*only_a, *only_b)
    return len(extra) == 1 and is_condition(extra[0])


def _detail(
    only_a: Sequence[str], only_b: Sequence[str], spelled: Sequence[tuple[str, str]]
) -> str:
    parts = [f"{x}/{y}" for x, y in spelled]
    if only_a or only_b:
        parts.append(f"{' '.join(only_a) or '-'} / {' '.join(only_b) or '-'}")
    return f" ({'; '.join(parts)})" if parts and sum(map(len, parts)) < 80 else ""


# Parents


@dataclass(frozen=True, slots=True)
class _Hanging:
    """Matched rows of a pair of lists that hang under two different texts."""

    alignment: Alignment
    role: str
    first: str
    second: str
    matches: tuple[Match, ...]


def _hangings(case: Case) -> Iterator[_Hanging]:
    """Different parents of matched rows in twins, by pair of texts, reading order.

    A tujuan is compared where the sasaran is the same (or there is none), a program
    where there is no kegiatan: what stands above moves with what stands below.
    """
    for alignment in case.reconciled.alignments:
        if not alignment.twin or alignment.relation == "antar-tahun":
            continue
        found: dict[tuple[str, str, str], list[Match]] = {}
        for match in alignment.matches:
            a, b = match.first.row, match.second.row
            for role in ROLES:
                x, y = getattr(a, role), getattr(b, role)
                if not x or not y or fold(x) == fold(y) or not _stands_alone(role, a, b):
                    continue
                found.setdefault((role, x, y), []).append(match)
        for (role, x, y), matches in found.items():
            yield _Hanging(alignment, role, x, y, tuple(matches))


def _stands_alone(role: str, a: IndikatorRow, b: IndikatorRow) -> bool:
    if role == "tujuan":
        return not a.sasaran or not b.sasaran or similarity(a.sasaran, b.sasaran) >= _SAME_PARENT
    if role == "program":
        return not (a.kegiatan and b.kegiatan)
    return True


def _parents(listing: Listing, role: str) -> set[str]:
    return {value for entry in listing.entries if (value := getattr(entry.row, role))}


def _is_moved(hanging: _Hanging) -> bool:
    """Whether one list has the other's parent too, and hangs the row elsewhere."""
    if similarity(hanging.first, hanging.second) >= _KNOWN_PARENT:
        return False
    here = _parents(hanging.alignment.first, hanging.role)
    there = _parents(hanging.alignment.second, hanging.role)
    return any(
        similarity(hanging.second, p) >= _KNOWN_PARENT for p in here - {hanging.first}
    ) or any(similarity(hanging.first, p) >= _KNOWN_PARENT for p in there - {hanging.second})


def _is_systematic(case: Case, hangings: Sequence[_Hanging]) -> set[tuple[int, str]]:
    """Pairs of lists (by place) and roles where many rows hang elsewhere: another design."""
    moved: dict[tuple[int, str], int] = defaultdict(int)
    order = {id(a): place for place, a in enumerate(case.reconciled.alignments)}
    for h in hangings:
        if _is_moved(h) or not _is_rewording(h):
            moved[order[id(h.alignment)], h.role] += 1
    return {key for key, count in moved.items() if count > _MANY_MOVES}


@rule(
    "R45", "galat", "D", "PermenPAN-RB 88/2021 AREN002.8",
    "Indikator tergantung pada induk yang sama di semua salinan",
    "An indicator hangs under the same parent in all copies",
)  # fmt: skip
def hangs_elsewhere(case: Case) -> Iterator[Draft]:
    """Another tujuan, sasaran, program or kegiatan in the twin, or one of other words."""
    hangings = list(_hangings(case))
    order = {id(a): place for place, a in enumerate(case.reconciled.alignments)}
    systematic = _is_systematic(case, hangings)
    told: list[tuple[str, str, str, str]] = []
    noted: set[tuple[int, str]] = set()
    for h in hangings:
        key = (order[id(h.alignment)], h.role)
        if not _is_moved(h) and _is_rewording(h):
            continue
        if key in systematic:
            if key in noted:
                continue
            noted.add(key)
            draft = _other_design(case, h)
        else:
            draft = _moved(case, h)
        said = (h.role, h.matches[0].first.text, h.first, h.second)
        if not any(_is_told(said, other) for other in told):
            told.append(said)
            yield draft


def _is_told(said: tuple[str, str, str, str], other: tuple[str, str, str, str]) -> bool:
    """Whether the same two parents of the same indicator were told from another pair."""
    if said[0] != other[0] or similarity(said[1], other[1]) < _KNOWN_PARENT:
        return False
    (a, b), (x, y) = said[2:], other[2:]
    straight = min(similarity(a, x), similarity(b, y))
    crossed = min(similarity(a, y), similarity(b, x))
    return max(straight, crossed) >= _KNOWN_PARENT


def _is_rewording(h: _Hanging) -> bool:
    """Whether two texts name one thing: alike, or a name with words added."""
    if similarity(h.first, h.second) >= _SAME_PARENT + 0.05:
        return True
    a, b = content_words(h.first), content_words(h.second)
    named = h.role in ("kegiatan", "program")
    share = 1 - _RELATED if named else _CONTAINED
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= share


def _moved(case: Case, h: _Hanging) -> Draft:
    role_en = ROLES[h.role]
    first, second = h.matches[0].first, h.matches[0].second
    what_id, what_en = (
        f'indikator "{short(first.text, 110)}"',
        f'indicator "{short(first.text, 110)}"',
    )
    if len(h.matches) > 1:
        what_id, what_en = f"{len(h.matches)} indikator", f"{len(h.matches)} indicators"
    below = first.row.sasaran
    if h.role == "tujuan" and below:
        what_id, what_en = f'sasaran "{short(below, 110)}"', f'objective "{short(below, 110)}"'
    a = case.record(h.alignment.first, first.records[0], h.role)
    b = case.record(h.alignment.second, second.records[0], h.role)
    rest = tuple(
        place
        for m in h.matches[1:]
        for place in (
            case.record(h.alignment.first, m.first.records[0], h.role),
            case.record(h.alignment.second, m.second.records[0], h.role),
        )
    )
    return Draft(
        f'{what_id[0].upper()}{what_id[1:]}: {h.role} "{short(h.first, 150)}" di {a.label_id}, '
        f'tetapi "{short(h.second, 150)}" di {b.label_id}.',
        f'{what_en[0].upper()}{what_en[1:]}: {role_en} "{short(h.first, 150)}" in {a.label_en}, '
        f'but "{short(h.second, 150)}" in {b.label_en}.',
        a, b, rest, h.matches[0].similarity, h.alignment.second.unit,
        "peringatan" if h.alignment.relation == "antar-dokumen" else None,
    )  # fmt: skip


def _other_design(case: Case, h: _Hanging) -> Draft:
    a = case.record(h.alignment.first, h.matches[0].first.records[0], h.role)
    b = case.record(h.alignment.second, h.matches[0].second.records[0], h.role)
    return Draft(
        f"{h.alignment.first.label_id} dan {h.alignment.second.label_id} menyusun indikator yang "
        f'sama di bawah {h.role} yang lain, misalnya "{short(h.first)}" dan "{short(h.second)}".',
        f"{h.alignment.first.label_en} and {h.alignment.second.label_en} hang the same indicators "
        f'under other {ROLES[h.role]}s, for instance "{short(h.first)}" and "{short(h.second)}".',
        a, b, similarity=h.matches[0].similarity, unit=h.alignment.second.unit, severity="catatan",
    )  # fmt: skip


@rule(
    "R46", "catatan", "D", "konsistensi",
    "Redaksi induk sama di semua salinan", "Parents of an indicator are worded alike",
)  # fmt: skip
def parent_worded_otherwise(case: Case) -> Iterator[Draft]:
    """Tujuan, sasaran, program and kegiatan of matched rows in other words or spelling."""
    links: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    printed: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for h in _hangings(case):
        if _is_moved(h) or not _is_rewording(h):
            continue
        one, other = fold(h.first), fold(h.second)
        links[h.role][one].add(other)
        links[h.role][other].add(one)
        for listing, text, entry in (
            (h.alignment.first, one, h.matches[0].first),
            (h.alignment.second, other, h.matches[0].second),
        ):
            place = case.record(listing, entry.records[0], h.role)
            if all(place.label_id != p.label_id for p in printed[h.role, text]):
                printed[h.role, text].append(place)
    for role, near in links.items():
        for variants in _components(near):
            ordered = sorted(
                variants,
                key=lambda text: (-len(printed[role, text]), printed[role, text][0].label_id),
            )
            for other in ordered[1:]:
                draft = _worded(printed[role, ordered[0]], printed[role, other], role, ROLES[role])
                if draft:
                    yield draft


def _components(near: dict[str, set[str]]) -> Iterator[list[str]]:
    seen: set[str] = set()
    for start in near:
        if start in seen:
            continue
        found, queue = [], [start]
        while queue:
            text = queue.pop()
            if text not in seen:
                seen.add(text)
                found.append(text)
                queue += sorted(near[text])
        yield found


# Rows


@rule(
    "R11", "galat", "D", "konsistensi tabel kembar",
    "Tabel kembar memuat baris yang sama", "Twin tables hold the same rows",
)  # fmt: skip
def rows_missing(case: Case) -> Iterator[Draft]:
    """Rows of one twin that stand nowhere in the other unit's tables."""
    for alignment in case.reconciled.alignments:
        if not alignment.twin or alignment.relation == "antar-tahun":
            continue
        first, second = alignment.first, alignment.second
        matched = {m.second.id for m in alignment.matches}
        if alignment.coverage_second >= _MISSING:
            yield from _missing(case, second, first, matched, alignment)
        if alignment.relation != "atasan" and alignment.coverage_first >= _MISSING:
            matched = {m.first.id for m in alignment.matches}
            yield from _missing(case, first, second, matched, alignment)
    yield from _missing_below(case)


def _missing_below(case: Case) -> Iterator[Draft]:
    """Rows of a unit that none of its subordinates' tables holds, where these hold most."""
    below: dict[str, list[Alignment]] = defaultdict(list)
    for alignment in case.reconciled.alignments:
        if alignment.twin and alignment.relation == "atasan":
            below[alignment.first.id].append(alignment)
    for listing_id, alignments in below.items():
        listing = case.reconciled.listings[listing_id]
        matched = {m.first.id for a in alignments for m in a.matches}
        if len(matched) >= _MISSING * len(listing.entries) and len(alignments) > 1:
            yield from _missing(case, listing, alignments[0].second, matched, alignments[0])


def _missing(
    case: Case, have: Listing, lack: Listing, matched: set[str], alignment: Alignment
) -> Iterator[Draft]:
    """One finding for all rows of a list that the other unit's lists do not hold."""
    tied = {t.entry.id for t in alignment.ties} | {
        c.id for t in alignment.ties for c in t.candidates
    }
    pool = [
        entry.text
        for listing in case.listings_of(lack.document_id)
        if same_unit(listing.unit, lack.unit)
        or (have.level < lack.level and case.reconciled.ancestors(lack.document_id, listing.unit))
        for entry in listing.entries
        if listing.id != have.id
    ]
    taken = {m.first.text for m in alignment.matches} | {m.second.text for m in alignment.matches}
    free = [text for text in pool if text not in taken]
    gone = [
        entry
        for entry in have.entries
        if entry.id not in matched | tied
        and not any(similarity(entry.text, text) >= _FOUND_ELSEWHERE for text in free)
        and not any(fold(entry.text) == fold(text) for text in pool)
    ]
    if not gone or len(gone) > (1 - _MISSING) * len(have.entries) + 0.5:
        return
    places = [case.record(have, entry.records[0]) for entry in gone]
    names = "; ".join(f'"{short(entry.text, 100)}"' for entry in gone[:4])
    more = "; \u2026" if len(gone) > 4 else ""
    across = alignment.relation == "antar-dokumen"
    yield Draft(
        f"{len(gone)} indikator di {case.many(have)}{have.label_id} tidak ada di "
        f"{case.many(lack)}{lack.label_id}: {names}{more}.",
        f"{len(gone)} indicators of {case.many(have)}{have.label_en} are missing in "
        f"{case.many(lack)}{lack.label_en}: {names}{more}.",
        places[0], _listing_place(case, lack), tuple(places[1:]), unit=have.unit,
        severity="peringatan" if across else "galat",
    )  # fmt: skip


def _listing_place(case: Case, listing: Listing) -> Place:
    place = case.record(listing, listing.entries[0].records[0])
    return Place(
        place.document_id, place.page, listing.label_id, listing.label_en, None, place.sources,
        (listing.table_id,) if listing.table_id else (), f"daftar|{fold(listing.label_id)}",
    )  # fmt: skip


@rule(
    "R48", "catatan", "D", "konsistensi tabel kembar",
    "Urutan baris sama di tabel kembar", "Twin tables have their rows in one order",
)  # fmt: skip
def order_differs(case: Case) -> Iterator[Draft]:
    """One finding for a pair, naming the rows that moved."""
    for alignment in case.reconciled.alignments:
        if not alignment.twin or alignment.relation in ("antar-tahun", "antar-dokumen"):
            continue
        stay = _longest_rising([m.second.position for m in alignment.matches])
        moved = [m for i, m in enumerate(alignment.matches) if i not in stay]
        if not moved:
            continue
        a = case.record(alignment.first, moved[0].first.records[0])
        b = case.record(alignment.second, moved[0].second.records[0])
        names = "; ".join(f'"{short(m.first.text, 60)}"' for m in moved[:3])
        yield Draft(
            f"Urutan baris {alignment.first.label_id} dan {alignment.second.label_id} berbeda "
            f"({len(moved)} baris berpindah: {names}).",
            f"The rows of {alignment.first.label_en} and {alignment.second.label_en} stand in "
            f"another order ({len(moved)} moved: {names}).",
            a, b, similarity=moved[0].similarity, unit=alignment.second.unit,
        )  # fmt: skip


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Places of a longest rising subsequence."""
    best: list[tuple[int, int]] = []
    for i, value in enumerate(values):
        length, before = 1, -1
        for j in range(i):
            if values[j] < value and best[j][0] + 1 > length:
                length, before = best[j][0] + 1, j
        best.append((length, before))
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    chosen = set()
    while at >= 0:
        chosen.add(at)
        at = best[at][1]
    return chosen


@rule(
    "R49", "catatan", "D", "pencocokan",
    "Padanan indikator tidak bermakna ganda", "The counterpart of an indicator is one",
)  # fmt: skip
def ambiguous_counterpart(case: Case) -> Iterator[Draft]:
    """Two rows fit equally well and their targets differ: compared by nobody yet."""
    for alignment in case.reconciled.alignments:
        if not alignment.twin or alignment.relation == "antar-tahun":
            continue
        rivals: dict[tuple[str, ...], list[Tie]] = {}
        for tie in alignment.ties:
            rivals.setdefault(tuple(c.id for c in tie.candidates), []).append(tie)
        for ties in rivals.values():
            mine = [case.record(alignment.first, t.entry.records[0], "target_teks") for t in ties]
            theirs = [
                case.record(alignment.second, c.records[0], "target_teks")
                for c in ties[0].candidates
            ]
            name = short(ties[0].entry.text, 110)
            yield Draft(
                f'"{name}" ({labels(mine)}) cocok sama baiknya dengan {labels(theirs)}; '
                f"tidak dibandingkan.",
                f'"{name}" ({labels(mine, english=True)}) fits '
                f"{labels(theirs, english=True)} equally well; not compared.",
                mine[0],
                theirs[0],
                (*mine[1:], *theirs[1:]),
                ties[0].similarity,
                alignment.second.unit,
            )


# Cascade


@rule(
    "R41", "catatan", "D", "PermenPAN-RB 88/2021 AREN002.8",
    "Indikator turunan setara dengan indikator induknya",
    "A cascaded indicator keeps what its superior's asks",
)  # fmt: skip
def cascade_loses(case: Case) -> Iterator[Draft]:
    """A superior's indicator and a subordinate's of nearly the same words differ.

    Looked for between lists that are no twins: words that are rare in the document weigh
    more, and the two must be each other's best counterpart.
    """
    told: dict[tuple[str, str], list[Draft]] = {}
    twins = {frozenset((a.first.id, a.second.id)) for a in case.reconciled.alignments if a.twin}
    weights: dict[str, dict[str, float]] = {}  # by document
    for upper in case.listings:
        listings = case.listings_of(upper.document_id)
        if upper.document_id not in weights:
            weights[upper.document_id] = _rarity(listings)
        for lower in listings:
            if not _is_above(case, upper, lower) or frozenset((upper.id, lower.id)) in twins:
                continue
            for draft in _cascade_pair(case, upper, lower, weights[upper.document_id]):
                key = (fold(draft.a.value or ""), fold(draft.b.value or "") if draft.b else "")
                told.setdefault(key, []).append(draft)
    for drafts in told.values():
        first = drafts[0]
        rest = dict.fromkeys(p for d in drafts[1:] for p in d.places if p not in first.places)
        yield replace(first, others=tuple(rest))


def _cascade_pair(
    case: Case, upper: Listing, lower: Listing, weights: dict[str, float]
) -> Iterator[Draft]:
    best_below = {e.id: _best(e, lower.entries, weights) for e in upper.entries}
    best_above = {e.id: _best(e, upper.entries, weights) for e in lower.entries}
    for entry in upper.entries:
        found = best_below[entry.id]
        if found is None or found[0] < _CASCADED:
            continue
        back = best_above[found[1].id]
        if back is None or back[1].id != entry.id:
            continue
        likeness, below = found
        difference = word_difference(entry.text, below.text)
        if difference.kind in ("sama", "ejaan") or not _keeps_to(entry, below, weights):
            continue
        a = case.record(upper, entry.records[0])
        b = case.record(lower, below.records[0])
        yield Draft(
            f'Indikator turunan berbeda isinya: "{a.value}" ({a.label_id}) menjadi '
            f'"{b.value}" ({b.label_id}).',
            f'A cascaded indicator differs: "{a.value}" ({a.label_en}) becomes '
            f'"{b.value}" ({b.label_en}).',
            a, b, similarity=round(likeness, 3), unit=lower.unit,
        )  # fmt: skip


def _keeps_to(upper: Entry, lower: Entry, weights: dict[str, float]) -> bool:
    """Whether the lower adds nothing telling of its own, and loses something."""
    mine, theirs = content_words(upper.text), content_words(lower.text)
    added = sum(weights[w] for w in theirs - mine)
    return bool(mine - theirs) and added <= _ADDED * sum(weights[w] for w in theirs)


def _rarity(listings: Iterable[Listing]) -> dict[str, float]:
    """Weight of each word: how few of the document's indicators hold it."""
    import math

    texts = {fold(e.text): content_words(e.text) for x in listings for e in x.entries}
    count: dict[str, int] = defaultdict(int)
    for found in texts.values():
        for word in found:
            count[word] += 1
    return {word: math.log(1 + len(texts) / n) for word, n in count.items()}


def _best(
    entry: Entry, entries: Sequence[Entry], weights: dict[str, float]
) -> tuple[float, Entry] | None:
    mine = content_words(entry.text)
    scored = []
    for other in entries:
        theirs = content_words(other.text)
        common = sum(weights[w] for w in mine & theirs)
        total = min(sum(weights[w] for w in mine), sum(weights[w] for w in theirs))
        if len(mine & theirs) >= 3 and total:
            scored.append((common / total, other))
    return max(scored, key=lambda item: item[0], default=None)
