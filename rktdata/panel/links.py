"""What became of each indicator of a unit's plan in its next plan.

A Bagian's table and its Sub Bagian's hold the same indicators, so an indicator is dropped
only where no unit that had it has it any more, and before that is said, it is looked for
with the other units: units are renamed and work is passed on. Two plans that have too
little in common (another kind of plan, a chapter only, a table that was not read) are not
compared: what one of them lacks was not dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rktdata.panel.plans import Plans, UnitPlan
from rktdata.reconcile.keys import fold
from rktdata.reconcile.years import is_reworded, succession
from rktdata.schemas.reconciled import Entry, Listing

# Share of a plan's indicators that must be found in the other one, for what is left to be
# told: of one kind of plan, of two kinds, of one unit's list if it has more than a few.
_COMPARABLE = 0.4
_COMPARABLE_KINDS = 0.6
_COMPARABLE_UNIT = 0.2
_FEW = 5

Years = tuple[int, int]


@dataclass(slots=True)
class Links:
    """Groups (by id) of one year and those of the next.

    Attributes:
        kept: Earlier to later.
        moved: Likewise, to another unit.
        splits, merges: One and many, many and one.
        dropped, added: With the two plans compared.
        remarks: What was not compared, in Indonesian and English.
    """

    kept: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    splits: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    merges: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    dropped: dict[str, tuple[UnitPlan, UnitPlan]] = field(default_factory=dict)
    added: dict[str, tuple[UnitPlan, UnitPlan]] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)


def find_links(plans: Plans) -> Links:
    """Every unit's plans, each beside the next one at hand."""
    finder = _Finder(plans)
    pairs = list(_pairs(plans))
    for before, after in pairs:
        finder.link_same(before, after)
    for before, after in pairs:
        finder.link_rest(before, after)
    finder.link_moved()
    finder.leave_out_incomparable(pairs)
    return finder.links


def _pairs(plans: Plans) -> Iterator[tuple[UnitPlan, UnitPlan]]:
    for by_year in plans.by_unit.values():
        found = list(by_year.values())
        yield from zip(found, found[1:], strict=False)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Indicators of two plans, and how many of the earlier one's go on in the later one."""

    earlier: int = 0
    later: int = 0
    shared: int = 0
    kinds: frozenset[str | None] = frozenset()

    def plus(self, before: UnitPlan, after: UnitPlan, shared: int) -> _Sizes:
        return _Sizes(
            self.earlier + len(before.group_ids),
            self.later + len(after.group_ids),
            self.shared + shared,
            self.kinds | {before.kind, after.kind},
        )

    @property
    def enough(self) -> float:
        """The share of a plan that must be in the other one."""
        return _COMPARABLE if len(self.kinds) < 2 else _COMPARABLE_KINDS


class _Finder:
    """Links being found; `onward` and `back` hold what is settled, by group."""

    def __init__(self, plans: Plans) -> None:
        self.links = Links()
        self._plans = plans
        self._onward: dict[str, str | None] = {}
        self._back: dict[str, str | None] = {}

    def link_same(self, before: UnitPlan, after: UnitPlan) -> None:
        """What has the same words in both, and once only."""
        earlier, later = _by_text(before), _by_text(after)
        for text in earlier.keys() & later.keys():
            if len(earlier[text]) == len(later[text]) == 1:
                self._keep(earlier[text][0], later[text][0])

    def link_rest(self, before: UnitPlan, after: UnitPlan) -> None:
        """What was reworded, split, merged, dropped, added."""
        earlier, later = set(before.group_ids), set(after.group_ids)
        found = succession(
            _free(before.listing, self._onward, later), _free(after.listing, self._back, earlier)
        )
        for match in found.kept:
            self._keep(match.first.id, match.second.id)
        for whole, parts in found.splits:
            if not self._is_settled([whole], parts):
                self.links.splits.append((whole.id, tuple(e.id for e in parts)))
                self._settle([whole], parts)
        for parts, whole in found.merges:
            if not self._is_settled(parts, [whole]):
                self.links.merges.append((tuple(e.id for e in parts), whole.id))
                self._settle(parts, [whole])
        self._settle(
            [e for e in found.undecided if e.id in earlier],
            [e for e in found.undecided if e.id in later],
        )
        for entry in found.dropped:
            self.links.dropped.setdefault(entry.id, (before, after))
        for entry in found.added:
            self.links.added.setdefault(entry.id, (before, after))

    def link_moved(self) -> None:
        """What one unit lost and another one got, or has had no list before."""
        for key in [k for k in self.links.dropped if k in self._onward]:
            del self.links.dropped[key]
        for key in [k for k in self.links.added if k in self._back]:
            del self.links.added[key]
        lost, got = defaultdict(list), defaultdict(list)
        for key, years in self._unmatched(onward=True):
            lost[years].append(key)
        for key, years in self._unmatched(onward=False):
            got[years].append(key)
        for years, keys in lost.items():
            for key in keys:
                text = self._text(key)
                new = [k for k in got[years] if not is_reworded(text, self._text(k))]
                old = [k for k in keys if not is_reworded(text, self._text(k))]
                if len(new) == len(old) == 1:
                    self.links.moved[key] = new[0]
                    self._onward[key], self._back[new[0]] = new[0], key
                    self.links.dropped.pop(key, None)
                    self.links.added.pop(new[0], None)

    def leave_out_incomparable(self, pairs: list[tuple[UnitPlan, UnitPlan]]) -> None:
        """Forget what a plan lacks that has too little of the other one.

        A chapter of a plan lacks much that a whole plan has: what it has is told to be
        gone when it is gone, but what it has not was not new in the next plan.
        """
        found: dict[Years, _Sizes] = {}
        for before, after in pairs:
            years = (before.year, after.year)
            found[years] = found.get(years, _Sizes()).plus(before, after, self._shared(before))
        for years in sorted(found):
            self._forget(pairs, years, found[years], None)
        for before, after in pairs:
            years = (before.year, after.year)
            sizes = _Sizes().plus(before, after, self._shared(before))
            if min(sizes.earlier, sizes.later) >= _FEW:
                self._forget([(before, after)], years, sizes, before.unit.name or "?")

    def _forget(
        self,
        pairs: list[tuple[UnitPlan, UnitPlan]],
        years: Years,
        sizes: _Sizes,
        unit: str | None,
    ) -> None:
        enough = sizes.enough if unit is None else min(sizes.enough, _COMPARABLE_UNIT)
        dropped = added = 0
        if sizes.shared < enough * sizes.earlier:
            dropped = _leave_out(self.links.dropped, pairs, years)
        if sizes.shared < enough * sizes.later:
            added = _leave_out(self.links.added, pairs, years)
        if dropped or added:
            self.links.remarks.append(_unlike(years, sizes, dropped, added, unit))

    def _shared(self, before: UnitPlan) -> int:
        return sum(key in self._onward for key in before.group_ids)

    def _unmatched(self, onward: bool) -> Iterator[tuple[str, Years]]:
        """Groups without a counterpart, of units without a next (or last) plan as well."""
        lacking = self.links.dropped if onward else self.links.added
        for key, (before, after) in lacking.items():
            yield key, (before.year, after.year)
        years = sorted({year for plans in self._plans.by_unit.values() for year in plans})
        steps = list(zip(years, years[1:], strict=False))
        settled = self._onward if onward else self._back
        for plans in self._plans.by_unit.values():
            for early, late in steps:
                plan, other = plans.get(early), plans.get(late)
                if not onward:
                    plan, other = other, plan
                if plan is not None and other is None:
                    for key in plan.group_ids:
                        if key not in settled and key not in lacking:
                            yield key, (early, late)

    def _text(self, key: str) -> str:
        return self._plans.members(key)[0].record.row.indikator

    def _keep(self, earlier: str, later: str) -> None:
        if earlier not in self._onward and later not in self._back:
            self.links.kept[earlier] = later
            self._onward[earlier], self._back[later] = later, earlier

    def _is_settled(self, earlier: Iterable[Entry], later: Iterable[Entry]) -> bool:
        return any(e.id in self._onward for e in earlier) or any(e.id in self._back for e in later)

    def _settle(self, earlier: Iterable[Entry], later: Iterable[Entry]) -> None:
        for entry in earlier:
            self._onward.setdefault(entry.id, None)
        for entry in later:
            self._back.setdefault(entry.id, None)


def _by_text(plan: UnitPlan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for entry in plan.listing.entries:
        found[fold(entry.text)].append(entry.id)
    return found


def _free(listing: Listing, settled: Mapping[str, str | None], others: set[str]) -> Listing:
    """A list without what is settled elsewhere, renumbered."""
    entries = [e for e in listing.entries if e.id not in settled or settled[e.id] in others]
    return replace(listing, entries=tuple(replace(e, position=at) for at, e in enumerate(entries)))


def _leave_out(
    lacking: dict[str, tuple[UnitPlan, UnitPlan]],
    pairs: Sequence[tuple[UnitPlan, UnitPlan]],
    years: Years,
) -> int:
    """Forget what some plans lack; how many indicators that were."""
    keys = [
        key
        for key, (before, after) in lacking.items()
        if (before, after) in pairs and (before.year, after.year) == years
    ]
    for key in keys:
        del lacking[key]
    return len(keys)


def _unlike(
    years: Years, sizes: _Sizes, dropped: int, added: int, unit: str | None
) -> tuple[str, str]:
    """What two plans have in common, and how many indicators were not told of."""
    of_id, of_en = (f" {unit}", f" of {unit}") if unit else ("", "")
    parts = [(dropped, "dihapus", "dropped"), (added, "baru", "new")]
    told_id = ", ".join(f"{n} tidak disebut {word}" for n, word, _ in parts if n)
    told_en = ", ".join(f"{n} are not called {word}" for n, _, word in parts if n)
    return (
        f"Rencana{of_id} {years[0]} ({sizes.earlier} indikator) dan {years[1]} ({sizes.later}) "
        f"hanya sama dalam {sizes.shared} indikator: {told_id}.",
        f"The plans{of_en} of {years[0]} ({sizes.earlier} indicators) and {years[1]} "
        f"({sizes.later}) share {sizes.shared} only: {told_en}.",
    )
