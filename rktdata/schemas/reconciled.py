"""What reconcile hands to the audit, the writers and the report.

A `Listing` is one list of indicators (a table's, or a document's running text);
its `Entry` is one indicator there with its targets by year. An `Alignment` lays two
listings side by side; a `Group` is one indicator in one year with all its printed
copies, which becomes a row of kelompok.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rktdata.schemas.records import IndikatorRow, KelompokRow, Record
from rktdata.schemas.values import Table

Relation: TypeAlias = Literal["sama", "atasan", "tak-tentu", "antar-dokumen", "antar-tahun"]


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit that a document names, and the unit it belongs to.

    Attributes:
        name: As first printed.
        level: 1 agency, 2 its secretariat or deputy, 3 bidang or bagian, 4 sub bagian or
            seksi; larger is lower.
        parent: Name of the unit above; None for the agency itself.
        evidence: Why that parent: "isi" (its rows stand in the parent's table), "nama"
            (its words stand in the parent's name), "anggaran" (nested so in the budget),
            "jenjang" (only by kind of unit).
    """

    name: str
    level: int
    parent: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of a listing with its records, one per target year, ascending.

    Attributes:
        id: The first record's indikator_id.
        listing: Id of its listing.
        position: From 0, in the listing.
    """

    id: str
    listing: str
    position: int
    records: tuple[Record[IndikatorRow], ...]

    @property
    def row(self) -> IndikatorRow:
        """The first year's row; text and parents are the same in all."""
        return self.records[0].row

    @property
    def text(self) -> str:
        """The indicator as printed."""
        return self.row.indikator

    def record_of(self, year: int | None) -> Record[IndikatorRow] | None:
        """The record of a year; a record without a year stands for any."""
        for record in self.records:
            if record.row.tahun == year or record.row.tahun is None or year is None:
                return record
        return None


@dataclass(frozen=True, slots=True)
class Listing:
    """The indicators of one table, or those stated in one document's running text.

    Attributes:
        id: The dataset's tabel_id, or "<dokumen_id>-naskah".
        document_id: Its document.
        table: The table as read; None for running text.
        table_id: The dataset's tabel_id; None for running text.
        label_id, label_en: How a reader finds it ("Tabel 5", "naskah di bawah ...").
        unit: The unit whose list it is, as printed; None where it is not said.
        level: The unit's level, see `UnitNode`; 1 where no unit is said.
        entries: Reading order.
    """

    id: str
    document_id: str
    table: Table | None
    table_id: str | None
    label_id: str
    label_en: str
    unit: str | None
    level: int
    entries: tuple[Entry, ...]

    @property
    def years(self) -> frozenset[int]:
        """Target years of its entries."""
        return frozenset(
            record.row.tahun
            for entry in self.entries
            for record in entry.records
            if record.row.tahun is not None
        )


@dataclass(frozen=True, slots=True)
class Match:
    """Two entries taken for the same indicator; `similarity` of their words, 0 to 1."""

    first: Entry
    second: Entry
    similarity: float


@dataclass(frozen=True, slots=True)
class Tie:
    """An entry for which two places in the other listing fit equally well: left apart."""

    entry: Entry
    candidates: tuple[Entry, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two listings side by side.

    Attributes:
        first, second: With relation "atasan" the first is the superior unit's; across
            years the first is the earlier one.
        relation: sama (one unit), atasan (first above second), tak-tentu (units
            unknown), antar-dokumen (one unit and year, two documents), antar-tahun.
        matches: By the first listing's order; no entry twice.
        ties: Left apart, see `Tie`.
        coverage_first, coverage_second: Share of each listing's entries that are matched.
        twin: Both pretend to list the same rows (of the second, where relation is
            "atasan"), so that a difference in text or place is a finding.
    """

    first: Listing
    second: Listing
    relation: Relation
    matches: tuple[Match, ...]
    ties: tuple[Tie, ...] = ()
    coverage_first: float = 0.0
    coverage_second: float = 0.0
    twin: bool = False


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of the indicators of one list in the list of the next plan.

    Attributes:
        kept: One to one, by the first list's order; reworded ones too.
        splits: An earlier indicator and those it was split into.
        merges: Earlier indicators and the one they were merged into.
        dropped, added: What has no counterpart.
        undecided: Of both lists, what has several counterparts that fit equally well.
    """

    kept: tuple[Match, ...] = ()
    splits: tuple[tuple[Entry, tuple[Entry, ...]], ...] = ()
    merges: tuple[tuple[tuple[Entry, ...], Entry], ...] = ()
    dropped: tuple[Entry, ...] = ()
    added: tuple[Entry, ...] = ()
    undecided: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One printed copy: a record, the entry and the listing it stands in."""

    listing: Listing
    entry: Entry
    record: Record[IndikatorRow]


@dataclass(frozen=True, slots=True)
class Group:
    """One indicator in one year; `row` is its row of kelompok.csv.

    Members stand in reading order, documents in the order given.
    """

    row: KelompokRow
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """All that is known of what stands where more than once.

    Attributes:
        listings: By id, in document and reading order.
        units: Document id to its units, top down.
        alignments: Pairs of listings that share at least one indicator or tie.
        groups: One per indicator and year; singles too.
        group_of: indikator_id to kelompok_id, for the column in indikator.csv.
    """

    listings: Mapping[str, Listing] = field(default_factory=dict)
    units: Mapping[str, tuple[UnitNode, ...]] = field(default_factory=dict)
    alignments: tuple[Alignment, ...] = ()
    groups: tuple[Group, ...] = ()
    group_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def kelompok(self) -> tuple[KelompokRow, ...]:
        """The rows of kelompok.csv."""
        return tuple(group.row for group in self.groups)

    def ancestors(self, document_id: str, unit: str | None) -> tuple[str, ...]:
        """Names of the units above one, nearest first."""
        nodes = {node.name: node for node in self.units.get(document_id, ())}
        found: list[str] = []
        node = nodes.get(unit) if unit else None
        while node and node.parent and node.parent not in found:
            found.append(node.parent)
            node = nodes.get(node.parent)
        return tuple(found)
