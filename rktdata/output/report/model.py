"""What the report shows, put together from documents, reconciliation and findings.

One `Chapter` per group of documents that were reconciled together; it holds plain small
values only, so that the documents can be let go before the next group is read. Nothing
here knows HTML or pictures: a crop is the window of a page and the boxes to be marked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rktdata.output.report.years import Series, YearsView, find_series, view_years
from rktdata.reconcile.compare import target_text, variants
from rktdata.schemas.document import Document
from rktdata.schemas.findings import SEVERITIES, Finding, Place
from rktdata.schemas.panel import Panel
from rktdata.schemas.reconciled import Group, Reconciled
from rktdata.schemas.records import AnggaranRow, DokumenRow, IndikatorRow, Record
from rktdata.schemas.values import Box, Source

# A window shows the passage and some lines round it, in points.
MARGIN_PT = 26.0
MIN_HEIGHT_PT = 84.0
MAX_HEIGHT_PT = 300.0
# Wider windows cannot be read side by side on a screen.
MAX_WIDTH_PT = 520.0
# Windows are laid on a grid, so that neighbouring findings can share a picture.
STEP_PT = 12.0
# The indicator's own text is shown with its target if it stands no farther away.
NEAR_PT = 140.0
A4 = (595.0, 842.0)
PAGES_SHOWN = 2
OTHERS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Crop:
    """A window of a page.

    Attributes:
        document_id, page: Where.
        window: Its box; equal windows are one picture.
        marks: The passage.
        hints: What it belongs to, marked more faintly.
    """

    document_id: str
    page: int
    window: Box
    marks: tuple[Box, ...]
    hints: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One place of a finding with what is seen there."""

    place: Place
    document: str
    crops: tuple[Crop, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as shown; `others` are its further places, `more` counts those left out."""

    finding: Finding
    sides: tuple[Side, ...]
    others: tuple[tuple[Place, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Copy:
    """One printed target in the matrix; `variant` 0 is the value printed most."""

    text: str
    page: int
    variant: int
    where: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An indicator and its copies by column; the last column holds other documents'."""

    indicator: str
    year: int | None
    status: str
    cells: tuple[tuple[Copy, ...], ...]
    finding: str | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A document's indicators that are printed more than once, by table.

    Attributes:
        columns: Label in Indonesian and English, and the unit.
        rows: Those that differ first, then reading order.
        singles: Those printed once: text, year, target, label of the table.
    """

    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[MatrixRow, ...]
    singles: tuple[tuple[str, int | None, str, str], ...]

    @property
    def counts(self) -> Counter[str]:
        """Rows by status."""
        return Counter(row.status for row in self.rows)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A budget line; `difference` is computed less stated, None where either is missing."""

    row: AnggaranRow
    depth: int
    difference: int | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document in the report."""

    row: DokumenRow
    tables: int
    indicators: int
    matrix: Matrix
    budget: tuple[BudgetLine, ...]
    units: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Documents that were reconciled together."""

    documents: tuple[DocumentView, ...]
    findings: tuple[FindingView, ...]
    series: tuple[Series, ...]
    years: YearsView | None
    groups: Mapping[str, int]


def make_chapter(
    documents: Sequence[Document],
    reconciled: Reconciled,
    findings: Sequence[Finding],
    panel: Panel,
) -> Chapter:
    """What the report shows of some documents; findings as `audit` orders them."""
    sheets = {document.row.dokumen_id: _Sheets(document) for document in documents}
    links = _links(findings)
    return Chapter(
        tuple(_document(document, reconciled, sheets, links) for document in documents),
        tuple(_finding(finding, sheets) for finding in findings),
        tuple(find_series(panel)),
        view_years(panel),
        dict(Counter(group.row.status for group in reconciled.groups)),
    )


class _Sheets:
    """A document's pages: sizes, how far their text reaches, its records by id."""

    def __init__(self, document: Document) -> None:
        self.name = document.row.berkas
        self.sizes = {page.halaman: (page.lebar, page.tinggi) for page in document.pages}
        self.records: dict[str, Record[IndikatorRow]] = {
            record.row.indikator_id: record for record in document.indicators
        }
        self._document = document

    @cached_property
    def reach(self) -> dict[int, tuple[float, float]]:
        """By page, the left and right edge of its text."""
        edges: dict[int, tuple[float, float]] = {}
        for page, box in self._boxes():
            x0, x1 = edges.get(page, (box[0], box[2]))
            edges[page] = (min(x0, box[0]), max(x1, box[2]))
        return edges

    def _boxes(self) -> Iterator[tuple[int, Box]]:
        for table in self._document.tables:
            yield from table.box_by_page.items()
        for block in self._document.blocks:
            yield from ((line.page, line.box) for line in block.lines)

    def crops(self, place: Place) -> Iterator[Crop]:
        """The windows of a place, one a page."""
        pages = sorted({s.page for s in place.sources}, key=lambda p: (p != place.page, p))
        hints = [
            source
            for record_id in place.records
            if record_id in self.records
            for source in self.records[record_id].sources.get("indikator", ())
            if source not in place.sources
        ]
        for page in pages[:PAGES_SHOWN]:
            marks = _on(page, place.sources)
            near = [box for box in _on(page, hints) if _gap(box, marks) <= NEAR_PT]
            yield Crop(
                place.document_id, page, self._window(page, marks, near), tuple(marks), tuple(near)
            )

    def _window(self, page: int, marks: Sequence[Box], hints: Sequence[Box]) -> Box:
        width, height = self.sizes.get(page, A4)
        boxes = [*marks, *hints]
        top = max(0.0, min(box[1] for box in boxes) - MARGIN_PT)
        bottom = max(box[3] for box in boxes) + MARGIN_PT
        if bottom - top > MAX_HEIGHT_PT:
            top = max(0.0, min(box[1] for box in marks) - MARGIN_PT)
            bottom = min(bottom, top + MAX_HEIGHT_PT)
        spare = MIN_HEIGHT_PT - (bottom - top)
        if spare > 0:
            top, bottom = max(0.0, top - spare / 2), bottom + spare / 2
        left, right = self.reach.get(page, (0.0, width))
        left, right = left - 8, right + 8
        if right - left > MAX_WIDTH_PT:
            x0, x1 = min(box[0] for box in boxes) - 16, max(box[2] for box in boxes) + 16
            middle = (x0 + x1) / 2
            half = max(MAX_WIDTH_PT, x1 - x0) / 2
            start = min(max(middle - half, left), max(left, right - 2 * half))
            left, right = start, min(right, start + 2 * half)
        return (
            max(0.0, left // STEP_PT * STEP_PT),
            top // STEP_PT * STEP_PT,
            min(width, -(-right // STEP_PT) * STEP_PT),
            min(height, -(-bottom // STEP_PT) * STEP_PT),
        )


def _on(page: int, sources: Iterable[Source]) -> list[Box]:
    return [source.box for source in sources if source.page == page]


def _gap(box: Box, marks: Sequence[Box]) -> float:
    """How far a box stands above or below some others."""
    top, bottom = min(mark[1] for mark in marks), max(mark[3] for mark in marks)
    return max(0.0, top - box[3], box[1] - bottom)


def _finding(finding: Finding, sheets: Mapping[str, _Sheets]) -> FindingView:
    main = (finding.a, *((finding.b,) if finding.b else ()))
    others = finding.others[:OTHERS_SHOWN]
    return FindingView(
        finding,
        tuple(_side(place, sheets) for place in main),
        tuple((place, _name(place, sheets)) for place in others),
        len(finding.others) - len(others),
    )


def _side(place: Place, sheets: Mapping[str, _Sheets]) -> Side:
    sheet = sheets.get(place.document_id)
    return Side(place, _name(place, sheets), tuple(sheet.crops(place)) if sheet else ())


def _name(place: Place, sheets: Mapping[str, _Sheets]) -> str:
    return sheets[place.document_id].name if place.document_id in sheets else ""


def _links(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """By record, the findings that rest on it, the weightiest first."""
    links: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda f: SEVERITIES.index(f.severity)):
        for record_id in finding.evidence:
            links[record_id].append(finding)
    return dict(links)


def _told_by(group: Group, links: Mapping[str, Sequence[Finding]]) -> str | None:
    """The finding that tells of a group's differing targets: two copies, a target as value."""
    texts = {target_text(member.record.row) for member in group.members}
    ids = {member.record.row.indikator_id for member in group.members}
    for record_id in sorted(ids & links.keys()):
        for finding in links[record_id]:
            if finding.a.value in texts and len(ids.intersection(finding.evidence)) > 1:
                return finding.id
    return None


def _document(
    document: Document,
    reconciled: Reconciled,
    sheets: Mapping[str, _Sheets],
    links: Mapping[str, Sequence[Finding]],
) -> DocumentView:
    return DocumentView(
        document.row,
        len(document.tables),
        len(document.indicators),
        _matrix(document.row.dokumen_id, reconciled, sheets, links),
        tuple(budget_lines(document)),
        tuple(
            (node.level, node.name) for node in reconciled.units.get(document.row.dokumen_id, ())
        ),
    )


def _matrix(
    document_id: str,
    reconciled: Reconciled,
    sheets: Mapping[str, _Sheets],
    links: Mapping[str, Sequence[Finding]],
) -> Matrix:
    own = [
        g for g in reconciled.groups if any(m.listing.document_id == document_id for m in g.members)
    ]
    listings = {
        m.listing.id: m.listing
        for group in own
        if len(group.members) > 1
        for m in group.members
        if m.listing.document_id == document_id
    }
    shown = [listing for key, listing in reconciled.listings.items() if key in listings]
    place = {listing.id: at for at, listing in enumerate(shown)}
    rows, singles = [], []
    outside = False
    for group in own:
        if len(group.members) == 1:
            member = group.members[0]
            row = member.record.row
            singles.append((row.indikator, row.tahun, target_text(row), member.listing.label_id))
            continue
        cells: list[list[Copy]] = [[] for _ in range(len(shown) + 1)]
        for member, variant in variants(group.members):
            other = member.listing.document_id != document_id
            outside = outside or other
            name = sheets[member.listing.document_id].name if other else ""
            row = member.record.row
            copy = Copy(target_text(row), row.halaman, variant, name)
            cells[-1 if other else place[member.listing.id]].append(copy)
        rows.append(
            MatrixRow(
                group.row.indikator,
                group.row.tahun,
                group.row.status,
                tuple(map(tuple, cells)),
                _told_by(group, links) if group.row.status == "berbeda" else None,
            )
        )
    rows.sort(key=lambda row: row.status != "berbeda")  # what differs is looked for
    columns = [(x.label_id, x.label_en, x.unit or "") for x in shown]
    if outside:
        columns.append(("Dokumen lain", "Other documents", ""))
    else:
        rows = [MatrixRow(r.indicator, r.year, r.status, r.cells[:-1], r.finding) for r in rows]
    return Matrix(tuple(columns), tuple(rows), tuple(singles))


def budget_lines(document: Document) -> Iterator[BudgetLine]:
    """The budget with each line's depth; a line whose parent is unknown stands outermost."""
    depths: dict[str, int] = {}
    for record in document.budget:
        row = record.row
        depth = depths.get(row.induk_id or "", -1) + 1
        depths[row.anggaran_id] = depth
        difference = None
        if row.jumlah is not None and row.jumlah_dihitung is not None:
            difference = row.jumlah_dihitung - row.jumlah
        yield BudgetLine(row, depth, difference)
