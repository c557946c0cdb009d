"""Groups of several years joined to series: one indicator through the years.

First by what became of it from plan to plan; then by the tables that print several years
in one row, and by what reconcile found alike in lists of different years. A series has
one group a year: a join that would give it two is not made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rktdata.panel.links import Links
from rktdata.panel.plans import Plans, Unit
from rktdata.reconcile.years import is_reworded
from rktdata.schemas.reconciled import Reconciled


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator, by the unit that has it last; `groups` are by year, ascending."""

    unit: Unit
    groups: dict[int, str]


def find_series(plans: Plans, links: Links, reconciled: Reconciled) -> list[Series]:
    """The series of one agency, by unit, then as the last plan that has them lists them.

    For a year of which the unit's own plan is at hand, what other years' documents say
    of it is left out, if the plan itself does not hold it.
    """
    joined = _Joined(plans)
    for earlier, later in (*links.kept.items(), *links.moved.items()):
        joined.join(earlier, later)
    for listing in reconciled.listings.values():
        for entry in listing.entries:
            ids = [reconciled.group_of[record.row.indikator_id] for record in entry.records]
            for one, other in zip(ids, ids[1:], strict=False):
                joined.join(one, other)
    for alignment in reconciled.alignments:
        if alignment.relation == "antar-tahun":
            for match in alignment.matches:
                if not is_reworded(match.first.text, match.second.text):
                    joined.join(
                        reconciled.group_of[match.first.records[-1].row.indikator_id],
                        reconciled.group_of[match.second.records[0].row.indikator_id],
                    )
    found = [_series(plans, by_year) for by_year in joined.sets()]
    return sorted((s for s in found if s.groups), key=lambda s: (s.unit.order, _place(plans, s)))


def _series(plans: Plans, by_year: Mapping[int, str]) -> Series:
    units = {plans.unit(key).order for key in by_year.values()}
    told = {year for unit in units for year in plans.by_unit.get(unit, {})}
    kept = {
        year: by_year[year]
        for year in sorted(by_year)
        if year not in told or plans.is_planned(by_year[year])
    }
    planned = [key for key in kept.values() if plans.is_planned(key)]
    last = (planned or list(kept.values()) or list(by_year.values()))[-1]
    return Series(plans.unit(last), kept)


def _place(plans: Plans, series: Series) -> int:
    """Where a series stands in the last plan of its unit that has it; else at the end."""
    own = plans.by_unit.get(series.unit.order, {})
    for year in reversed(series.groups):
        listed = own[year].group_ids if year in own else []
        if series.groups[year] in listed:
            return listed.index(series.groups[year])
    return len(plans.groups)


class _Joined:
    """Sets of groups, at most one a year in each."""

    def __init__(self, plans: Plans) -> None:
        self._set_of: dict[str, str] = {}
        self._sets: dict[str, dict[int, str]] = {}
        for key in plans.groups:
            year = plans.year(key)
            if year is not None:
                self._set_of[key] = key
                self._sets[key] = {year: key}

    def join(self, one: str, other: str) -> None:
        if one not in self._set_of or other not in self._set_of:
            return
        first, second = self._set_of[one], self._set_of[other]
        if first == second or self._sets[first].keys() & self._sets[second].keys():
            return
        moved = self._sets.pop(second)
        self._sets[first] |= moved
        for key in moved.values():
            self._set_of[key] = first

    def sets(self) -> Iterator[Mapping[int, str]]:
        """In the order of each set's first group."""
        seen = set()
        for key, name in self._set_of.items():
            if name not in seen:
                seen.add(name)
                yield self._sets[self._set_of[key]]
