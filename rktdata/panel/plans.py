"""What each unit of an agency planned for each year.

A year's own plan is what is printed for a year in a document of that year. What another
year's document says of it (a medium-term table, a forward estimate) is no plan of that
year: that it leaves an indicator out means nothing. Where a year has plans of several
kinds (RKT, PK, Renja), a unit's years are told by one kind as far as possible, since a PK
holds less than an RKT by its nature.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rktdata.reconcile.hierarchy import AGENCY, same_unit
from rktdata.schemas.document import Document
from rktdata.schemas.reconciled import Entry, Group, Listing, Member, Reconciled

# Which kind tells a year, where no kind has more years than another.
_KINDS = ("RKT", "PK", "RENJA", "IKU", "LKIP", "LAIN")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the agency through the years, by the name it has first."""

    order: int
    name: str | None
    level: int


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What a unit planned for a year, as a list that can be laid beside another.

    Attributes:
        kind: Of its documents.
        document_id: The first of them.
        listing: Its entries are the groups, their ids the groups'.
    """

    unit: Unit
    year: int
    kind: str | None
    document_id: str
    listing: Listing

    @property
    def group_ids(self) -> list[str]:
        """In reading order."""
        return [entry.id for entry in self.listing.entries]


class Plans:
    """The plans of one agency.

    Attributes:
        groups: By id, reading order.
        units: By level, then as they appear.
        by_unit: Unit (by its order) to year to plan, years ascending.
    """

    def __init__(self, documents: Sequence[Document], reconciled: Reconciled) -> None:
        self._rows = {document.row.dokumen_id: document.row for document in documents}
        self._own_year = {d.row.dokumen_id: _own_year(d) for d in documents}
        self.groups = {
            g.row.kelompok_id: g
            for g in reconciled.groups
            if g.members[0].listing.document_id in self._rows
        }
        listings = [x for x in reconciled.listings.values() if x.document_id in self._rows]
        self.units = _units(listings)
        self._unit_of = {x.id: next(u for u in self.units if _is_unit(u, x)) for x in listings}
        self._years = {key: self._year_of(group) for key, group in self.groups.items()}
        self.by_unit = self._plans()

    @property
    def years(self) -> list[int]:
        """The years of the documents, ascending."""
        return sorted({year for year in self._own_year.values() if year is not None})

    def year(self, group_id: str) -> int | None:
        """The year that a group's targets are for."""
        return self._years[group_id]

    def is_own(self, group_id: str, member: Member) -> bool:
        """Whether a copy stands in a document of the year itself."""
        own = self._own_year[member.listing.document_id]
        return own is not None and own == self._years[group_id]

    def is_planned(self, group_id: str) -> bool:
        """Whether a group is in a year's own plan."""
        return any(self.is_own(group_id, m) for m in self.groups[group_id].members)

    def unit(self, group_id: str) -> Unit:
        """The highest unit that has a group, of its own plan where it has one."""
        members = self.groups[group_id].members
        own = [m for m in members if self.is_own(group_id, m)]
        return min((self._unit_of[m.listing.id] for m in own or members), key=lambda u: u.order)

    def members(self, group_id: str) -> list[Member]:
        """The copies that tell a group's target.

        Of the year's own plan, of the kind that tells the unit's year; else of the
        latest document that says something of the year.
        """
        members = list(self.groups[group_id].members)
        own = [m for m in members if self.is_own(group_id, m)]
        year = self._years[group_id]
        if own:
            plan = self.by_unit.get(self.unit(group_id).order, {}).get(year or 0)
            told = [m for m in own if plan and self._kind(m) == plan.kind]
            return told or own
        latest = max(self._own_year[m.listing.document_id] or 0 for m in members)
        return [m for m in members if (self._own_year[m.listing.document_id] or 0) == latest]

    def _kind(self, member: Member) -> str | None:
        return self._rows[member.listing.document_id].jenis

    def _year_of(self, group: Group) -> int | None:
        years = [m.record.row.tahun for m in group.members if m.record.row.tahun is not None]
        return years[0] if years else self._own_year[group.members[0].listing.document_id]

    def _plans(self) -> dict[int, dict[int, UnitPlan]]:
        """Members of own plans by unit, year and kind; one kind a year becomes the plan."""
        found: dict[int, dict[int, dict[str | None, dict[str, Member]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(dict))
        )
        for key, group in self.groups.items():
            year = self._years[key]
            for member in group.members:
                if year is not None and self.is_own(key, member):
                    unit = self._unit_of[member.listing.id]
                    found[unit.order][year][self._kind(member)].setdefault(key, member)
        plans: dict[int, dict[int, UnitPlan]] = {}
        for unit in self.units:
            years = found.get(unit.order, {})
            kinds = [kind for by_kind in years.values() for kind in by_kind]
            ranked = sorted(set(kinds), key=lambda kind: (-kinds.count(kind), _rank(kind)))
            plans[unit.order] = {
                year: _plan(unit, year, kind, years[year][kind])
                for year in sorted(years)
                for kind in [next(k for k in ranked if k in years[year])]
            }
        return plans


def _rank(kind: str | None) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _own_year(document: Document) -> int | None:
    """The document's year; without one, that of its records if they all have one year."""
    if document.row.tahun is not None:
        return document.row.tahun
    years = {record.row.tahun for record in document.indicators} - {None}
    return years.pop() if len(years) == 1 else None


def _is_unit(unit: Unit, listing: Listing) -> bool:
    if unit.level == AGENCY and listing.level == AGENCY:
        return True
    return same_unit(unit.name, listing.unit)


def _units(listings: Sequence[Listing]) -> tuple[Unit, ...]:
    """The units that have lists; all names of the agency itself are one."""
    found: list[tuple[int, str | None]] = []
    for listing in listings:
        known = next(
            (at for at, (level, name) in enumerate(found)
             if _is_unit(Unit(at, name, level), listing)), None,
        )  # fmt: skip
        if known is None:
            found.append((listing.level, listing.unit))
        elif found[known][1] is None:
            found[known] = (listing.level, listing.unit)
    ordered = sorted(found, key=lambda unit: unit[0])
    return tuple(Unit(order, name, level) for order, (level, name) in enumerate(ordered))


def _plan(unit: Unit, year: int, kind: str | None, members: dict[str, Member]) -> UnitPlan:
    label = f"{unit.order}-{year}"
    entries = tuple(
        Entry(key, label, position, (member.record,))
        for position, (key, member) in enumerate(members.items())
    )
    first = next(iter(members.values())).listing.document_id
    listing = Listing(
        label, first, None, None, str(year), str(year), unit.name, unit.level, entries
    )
    return UnitPlan(unit, year, kind, first, listing)
