"""The rows of panel.csv and perubahan.csv."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rktdata.panel.changes import Told, target_change, tell
from rktdata.panel.common import common_id
from rktdata.panel.links import Links, find_links
from rktdata.panel.plans import Plans, UnitPlan
from rktdata.panel.series import Series, find_series
from rktdata.reconcile.compare import target_difference, variants
from rktdata.reconcile.direction import is_negative
from rktdata.reconcile.hierarchy import same_agency
from rktdata.reconcile.keys import fold, meant_words
from rktdata.reconcile.years import is_reworded
from rktdata.schemas.document import Document
from rktdata.schemas.panel import Change, Panel
from rktdata.schemas.reconciled import Member, Reconciled
from rktdata.schemas.records import CHANGES, IndikatorRow, PanelRow, PerubahanRow


def make_panel(documents: Sequence[Document], reconciled: Reconciled) -> Panel:
    """The indicators of each agency through the years, and what changed.

    Args:
        documents: Any years; the same that `reconciled` was made from. One whose agency
            is not known stands for itself.
        reconciled: What reconcile found in them.
    """
    panels = [_agency_panel(own, reconciled) for own in _by_agency(documents)]
    return Panel(
        panels[0].agency if len(panels) == 1 else None,
        tuple(row for panel in panels for row in panel.rows),
        tuple(_distinct(change for panel in panels for change in panel.changes)),
        tuple(remark for panel in panels for remark in panel.remarks),
    )


def _by_agency(documents: Sequence[Document]) -> list[list[Document]]:
    """Documents of agencies whose names can mean one."""
    found: list[list[Document]] = []
    for document in documents:
        name = document.row.instansi
        like = [
            own for own in found
            if name and any(d.row.instansi and same_agency(name, d.row.instansi) for d in own)
        ]  # fmt: skip
        found = [own for own in found if own not in like]
        found.append([*(d for own in like for d in own), document])
    return found


def _agency_panel(documents: Sequence[Document], reconciled: Reconciled) -> Panel:
    plans = Plans(documents, reconciled)
    links = find_links(plans)
    series = find_series(plans, links, reconciled)
    names = Counter(d.row.instansi for d in documents if d.row.instansi)
    agency = max(names, key=names.__getitem__) if names else None
    if not series:
        return Panel(agency, remarks=_nothing(plans.years))
    return _Maker(agency, plans, links, series).panel()


def _nothing(years: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """What is said of plans of several years in which no indicator was found."""
    if len(years) < 2:
        return ()
    named = ", ".join(map(str, years))
    return (
        (
            f"Rencana {named} tidak memuat indikator dengan target yang dapat dibandingkan.",
            f"The plans of {named} hold no indicators with targets to compare.",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Point:
    """A series in a year: the copy that tells it, and what the other copies say."""

    group_id: str
    member: Member
    printed: tuple[IndikatorRow, ...]
    status: str

    @property
    def row(self) -> IndikatorRow:
        return self.member.record.row


class _Maker:
    """Puts the rows together; `flags` and `origin` are by series and year."""

    def __init__(
        self, agency: str | None, plans: Plans, links: Links, series: Sequence[Series]
    ) -> None:
        self._agency, self._plans, self._links, self._series = agency, plans, links, series
        self._points = [self._points_of(s) for s in series]
        self._ids = self._series_ids()
        # By the last wording, the one that the next plans go on from.
        self._common = [
            common_id(list(points.values())[-1].row.indikator, agency) for points in self._points
        ]
        self._of_group = {key: at for at, one in enumerate(series) for key in one.groups.values()}
        self._told: list[tuple[tuple[int, ...], Change]] = []
        self._flags: dict[tuple[int, int], set[str]] = defaultdict(set)
        self._origin: dict[tuple[int, int], list[str]] = defaultdict(list)
        self._gone: dict[tuple[int, int], tuple[int, str]] = {}

    def panel(self) -> Panel:
        for at in range(len(self._series)):
            self._compare_years(at)
        self._tell_links()
        rows = [row for at in range(len(self._series)) for row in self._rows(at)]
        self._told.sort(key=lambda told: told[0])
        return Panel(
            self._agency,
            tuple(rows),
            tuple(change for _, change in self._told),
            tuple(self._links.remarks),
        )

    def _points_of(self, series: Series) -> dict[int, _Point]:
        found = {}
        for year, key in series.groups.items():
            members = self._plans.members(key)
            chosen = next(m for m, variant in variants(members) if variant == 0)
            rows = tuple(m.record.row for m in members)
            alike = all(target_difference(chosen.record.row, row) is None for row in rows)
            status = "tunggal" if len(rows) == 1 else "cocok" if alike else "berbeda"
            found[year] = _Point(key, chosen, rows, status)
        return found

    def _series_ids(self) -> list[str]:
        """By content, so that they stay the same from run to run."""
        seen: Counter[str] = Counter()
        ids = []
        for points in self._points:
            first = next(iter(points.values()))
            text, unit = first.row.indikator, self._plans.unit(first.group_id).name or ""
            content = "|".join((fold(self._agency or ""), fold(unit), " ".join(meant_words(text))))
            seen[content] += 1
            if seen[content] > 1:
                content += f"|{seen[content]}"
            ids.append(f"p-{_digest(content)}")
        return ids

    # Changes

    def _compare_years(self, at: int) -> None:
        """What changed from one year of a series to the next."""
        points = self._points[at]
        years = list(points)
        for early, late in zip(years, years[1:], strict=False):
            before, after = points[early], points[late]
            own = all(self._plans.is_own(p.group_id, p.member) for p in (before, after))
            kinds = []
            if before.group_id in self._links.moved:
                kinds.append("pindah")
            if own and is_reworded(before.row.indikator, after.row.indikator):
                kinds.append("redaksi")
            repeated = any(target_difference(row, after.row) is None for row in before.printed)
            kind = None if repeated else target_change(before.row, after.row, own)
            for found in (*kinds, *([kind] if kind else ())):
                units = None
                if found == "pindah":
                    units = tuple(self._plans.unit(p.group_id).name for p in (before, after))
                told = tell(found, early, late, [before.row], [after.row], units)
                self._add(told, early, late, [at], late, [before], [after])

    def _tell_links(self) -> None:
        """What was split, merged, dropped and added."""
        links = self._links
        for whole, parts in links.splits:
            self._regroup("pecah", [whole], list(parts))
        for parts, whole in links.merges:
            self._regroup("gabung", list(parts), [whole])
        for key, (before, after) in links.dropped.items():
            self._lack("dihapus", key, before, after)
        for key, (before, after) in links.added.items():
            self._lack("baru", key, before, after)

    def _regroup(self, kind: str, earlier: list[str], later: list[str]) -> None:
        old, new = [self._of_group[k] for k in earlier], [self._of_group[k] for k in later]
        early, late = self._years(earlier), self._years(later)
        before = [self._points[at][early] for at in old]
        after = [self._points[at][late] for at in new]
        told = tell(kind, early, late, [p.row for p in before], [p.row for p in after])
        self._add(told, early, late, [*old, *new], late, before, after)
        for at in old:
            self._gone[at, late] = (early, after[0].member.listing.document_id)
        for at in new:
            self._origin[at, late] += [self._ids[one] for one in old]

    def _lack(self, kind: str, key: str, before: UnitPlan, after: UnitPlan) -> None:
        at = self._of_group[key]
        if kind == "dihapus":
            point = self._points[at][before.year]
            if after.year in self._points[at]:
                return
            told = tell(kind, before.year, after.year, [point.row], [])
            self._gone[at, after.year] = (before.year, after.document_id)
            self._add(told, before.year, after.year, [at], after.year, [point], [], after)
        else:
            point = self._points[at][after.year]
            if before.year in self._points[at]:
                return
            told = tell(kind, before.year, after.year, [], [point.row])
            self._add(told, before.year, after.year, [at], after.year, [], [point])

    def _years(self, keys: Sequence[str]) -> int:
        year = self._plans.year(keys[0])
        if year is None:
            raise ValueError(f"group {keys[0]} of a plan has no year")
        return year

    def _add(
        self,
        told: Told,
        early: int,
        late: int,
        series: Sequence[int],
        year: int,
        before: Sequence[_Point],
        after: Sequence[_Point],
        plan: UnitPlan | None = None,
    ) -> None:
        for at in series:
            self._flags[at, year].add(told.kind)
        units = [self._plans.unit(p.group_id) for p in before or after]
        unit = min(units, key=lambda unit: unit.order)
        content = "|".join(
            (told.kind, fold(self._agency or ""), fold(unit.name or ""), str(early), str(late),
             *(fold(p.row.indikator) for p in (*before, *after)), told.a or "", told.b or "")
        )  # fmt: skip
        row = PerubahanRow(
            perubahan_id=f"u-{_digest(content)}",
            jenis=told.kind,
            instansi=self._agency,
            unit_kerja=unit.name,
            tahun_sebelumnya=early,
            tahun=late,
            indikator_sebelumnya=" | ".join(p.row.indikator for p in before) or None,
            indikator=" | ".join(p.row.indikator for p in after) or None,
            nilai_a=told.a,
            nilai_b=told.b,
            pesan=told.message_id,
            dokumen_id=after[0].member.listing.document_id if after else plan_document(plan),
            deret_id=" ".join(dict.fromkeys(self._ids[at] for at in series)),
            bukti=" ".join(p.row.indikator_id for p in (*before, *after)) or None,
        )
        order = (late, unit.order, series[0], CHANGES.index(told.kind))
        self._told.append((order, Change(row, told.message_en)))

    # Rows

    def _rows(self, at: int) -> Iterable[PanelRow]:
        series, points = self._series[at], self._points[at]
        gone = {year: found for (one, year), found in self._gone.items() if one == at}
        last: int | None = None
        for year in sorted({*points, *gone}):
            compared = last if last is not None else None
            if year in points:
                yield self._row(at, series, year, points[year], compared)
                last = year
            elif last is not None:
                yield self._gone_row(at, series, year, points[last], gone[year])

    def _row(self, at: int, series: Series, year: int, point: _Point, last: int | None) -> PanelRow:
        row, negative = point.row, is_negative(point.row.indikator)
        flags = self._flags[at, year]
        own = self._plans.is_own(point.group_id, point.member)
        return PanelRow(
            panel_id=f"{self._ids[at]}-{year}",
            deret_id=self._ids[at],
            padanan_id=self._common[at],
            instansi=self._agency,
            unit_kerja=self._plans.unit(point.group_id).name,
            indikator=row.indikator,
            tahun=year,
            target_teks=row.target_teks,
            target_nilai=row.target_nilai,
            target_bawah=row.target_bawah,
            target_atas=row.target_atas,
            target_satuan=row.target_satuan,
            target_predikat=row.target_predikat,
            arah=None if negative is None else "turun" if negative else "naik",
            sumber="tahun-itu" if own else "tahun-lain",
            status=point.status,
            tahun_sebelumnya=last,
            perubahan=_joined(flags),
            asal=" ".join(self._origin[at, year]) or None,
            dokumen_id=point.member.listing.document_id,
            halaman=row.halaman,
            indikator_id=row.indikator_id,
            kelompok_id=point.group_id,
        )

    def _gone_row(
        self, at: int, series: Series, year: int, last: _Point, gone: tuple[int, str]
    ) -> PanelRow:
        before, document_id = gone
        return PanelRow(
            panel_id=f"{self._ids[at]}-{year}",
            deret_id=self._ids[at],
            padanan_id=self._common[at],
            instansi=self._agency,
            unit_kerja=series.unit.name,
            indikator=last.row.indikator,
            tahun=year,
            tahun_sebelumnya=before,
            perubahan=_joined(self._flags[at, year]),
            dokumen_id=document_id,
        )


def plan_document(plan: UnitPlan | None) -> str:
    """The document of the plan in which an indicator is missing."""
    if plan is None:
        raise ValueError("a change without a later indicator needs the plan that lacks it")
    return plan.document_id


def _joined(flags: set[str]) -> str | None:
    return " ".join(sorted(flags, key=CHANGES.index)) or None


def _distinct(changes: Iterable[Change]) -> Iterable[Change]:
    """One text can stand twice in a list: what changed in both alike is one change."""
    found: dict[str, Change] = {}
    for change in changes:
        key = change.row.perubahan_id
        if key in found:
            known = found[key].row
            joined = {
                name: " ".join(
                    dict.fromkeys(f"{getattr(known, name)} {getattr(change.row, name)}".split())
                )
                for name in ("deret_id", "bukti")
            }
            change = replace(change, row=known.model_copy(update=joined))
        found[key] = change
    return found.values()


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]
