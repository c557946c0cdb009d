"""A dataset reviewed as a whole: reconciled, audited, reported, without its PDFs.

Documents are taken agency by agency, since nothing is compared beyond one agency, and
let go before the next; what is told of them is written as it comes. A rule that fails
on one agency's documents costs only that agency's findings.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rktdata.audit import audit, finding_row, mark_accepted
from rktdata.intake.inputs import read_source
from rktdata.output.accepted import read_accepted
from rktdata.output.corrections import read_corrections
from rktdata.output.dataset import DatasetWriter, Entry, counts, document_entry, failure_entry
from rktdata.output.load import load_document, read_document_rows
from rktdata.output.pdfs import ReadPdf
from rktdata.output.pdfs import find_pdfs as find_pdfs
from rktdata.output.pdfs import read_from as read_from
from rktdata.panel import make_panel
from rktdata.reconcile import reconcile, with_group_ids
from rktdata.reconcile.hierarchy import same_agency
from rktdata.reconcile.keys import fold
from rktdata.schemas.corrections import DOCUMENT, Correction, Lapse, by_document
from rktdata.schemas.dataset import REPORT
from rktdata.schemas.document import Corrected, Document
from rktdata.schemas.errors import DocumentError
from rktdata.schemas.findings import SEVERITIES, Acceptance, Finding, RuleInfo, Severity
from rktdata.schemas.panel import Panel
from rktdata.schemas.reconciled import Reconciled
from rktdata.schemas.records import DokumenRow, KelompokRow, PanelRow, PerubahanRow, TemuanRow
from rktdata.state import noted_source
from rktdata.workers.sandbox import as_helper

if TYPE_CHECKING:
    from rktdata.output.report.crops import Pictures
    from rktdata.output.report.model import Chapter, FindingView
    from rktdata.workers.pool import Slot

# Names of agencies that are compared with each other; of more, only equal ones are one.
NAMES_COMPARED = 400
# Fewer are gone through before other processes have started.
MANY_DOCUMENTS = 8
# How often a process may die of a group of documents.
TRIES = 3
# What the report shows in full; the rest it counts, and temuan.csv holds.
DOCUMENTS_SHOWN = 200
FINDINGS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Review:
    """What a review found.

    Attributes:
        folder: The dataset.
        rows: By table name, as written.
        open, accepted: Findings by severity, those that nobody accepted and the others.
        rules: By rule, in order of id, its open findings by severity, and how many are
            accepted.
        stale: Acceptances that fit no finding any more.
        corrected: How many lines of koreksi.csv are in force.
        lapses: Those that change nothing, and why.
        failures: What could not be audited, in plain words.
        without_pictures: Ids of documents whose PDF was needed for the report and was
            not to be had.
        report: Whether laporan.html was written.
    """

    folder: Path
    rows: dict[str, int]
    open: Counter[Severity]
    accepted: Counter[Severity]
    rules: tuple[tuple[RuleInfo, Counter[Severity], int], ...]
    stale: tuple[Acceptance, ...] = ()
    corrected: int = 0
    lapses: tuple[Lapse, ...] = ()
    failures: tuple[str, ...] = ()
    without_pictures: tuple[str, ...] = ()
    report: bool = False

    def reaches(self, severity: Severity) -> bool:
        """Whether an open finding is as weighty as this, or weightier."""
        return any(self.open[s] for s in SEVERITIES[: SEVERITIES.index(severity) + 1])


@dataclass(frozen=True, slots=True)
class _Part:
    """What one group of documents gave; `failure` says why it was not audited."""

    entries: tuple[Entry, ...]
    kelompok: tuple[KelompokRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    panel: Panel = Panel()
    chapter: Chapter | None = None
    applied: tuple[Correction, ...] = ()
    lapses: tuple[Lapse, ...] = ()
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class _Settings:
    """What holds for every group: acceptances, corrections, and how to go about it.

    Attributes:
        vocabulary: A user's own, with which corrected targets are read.
        report: Whether the groups' chapters are wanted.
    """

    acceptances: tuple[Acceptance, ...] = ()
    corrections: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    vocabulary: str | None = None
    report: bool = True


@dataclass(slots=True)
class _Tally:
    """What is kept of all groups while they are gone through."""

    open: Counter[Severity] = field(default_factory=Counter)
    accepted: Counter[Severity] = field(default_factory=Counter)
    rules: dict[str, tuple[RuleInfo, Counter[Severity], int]] = field(default_factory=dict)
    matched: set[str] = field(default_factory=set)
    chapters: list[Chapter] = field(default_factory=list)
    corrected: int = 0
    lapses: list[Lapse] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, part: _Part) -> None:
        """Count a part's findings, and keep what the report needs."""
        self.corrected += len(part.applied)
        self.lapses += part.lapses
        if part.failure:
            self.failures.append(part.failure)
        if part.chapter:
            self.chapters.append(part.chapter)
            _trim(self.chapters)
        for finding in part.findings:
            info, still_open, accepted = self.rules.get(
                finding.rule.id, (finding.rule, Counter(), 0)
            )
            if finding.acceptance is None:
                self.open[finding.severity] += 1
                still_open[finding.severity] += 1
                self.rules[info.id] = (info, still_open, accepted)
            else:
                self.accepted[finding.severity] += 1
                self.rules[info.id] = (info, still_open, accepted + 1)
                self.matched.add(finding.id)


def review(
    dataset: Path,
    read_pdf: ReadPdf | None = None,
    *,
    report: bool = True,
    password: str | None = None,
    jobs: int = 1,
    vocabulary: str | None = None,
    drawer: Slot | None = None,
) -> Review:
    """Correct, reconcile and audit a dataset; write what follows from it, and laporan.html.

    Args:
        dataset: A folder that `rkt extract` wrote; it is replaced when all is done.
        read_pdf: A document's bytes by its id, None when they are not to be had.
        report: Whether to write the report.
        password: Of locked PDFs, for the pictures in the report.
        jobs: Processes to audit with.
        vocabulary: A user's own, with which corrected targets are read.
        drawer: A worker that opens PDFs, for the pictures; one is started if left out.

    Raises:
        DatasetError: It is no dataset, or is damaged; nothing was changed.
        OutputFolderError: It cannot be written.
    """
    rows = read_document_rows(dataset)
    acceptances = read_accepted(dataset)
    corrections = read_corrections(dataset)
    settings = _Settings(acceptances, by_document(corrections), vocabulary, report)
    as_written = {row.dokumen_id: row for row in rows}
    rows = _corrected_rows(dataset, rows, corrections)
    groups = [[as_written[row.dokumen_id] for row in group] for group in group_by_agency(rows)]
    tally = _Tally()
    tally.lapses += _without_document(corrections, rows)
    with DatasetWriter(dataset) as writer:
        task = _Task(dataset, writer.scratch("").resolve(), settings)
        for part in _parts(task, groups, jobs):
            tally.add(part)
            writer.add_rows(KelompokRow, part.kelompok)
            writer.add_rows(TemuanRow, map(finding_row, part.findings))
            writer.add_rows(PanelRow, part.panel.rows)
            writer.add_rows(PerubahanRow, (change.row for change in part.panel.changes))
        for row in rows:
            spooled = writer.scratch(row.dokumen_id)
            writer.add(
                pickle.loads(spooled.read_bytes()) if spooled.exists() else failure_entry(row)
            )
        stale = tuple(a for a in acceptances if a.temuan_id not in tally.matched)
        gone: Sequence[str] = ()
        if report:
            try:
                drawn = _pictures(tally, read_pdf or (lambda _: None), password, drawer)
                html = _report(rows, tally, stale, drawn)
                gone = sorted(drawn.gone)
                writer.add_file(REPORT, html)
            except Exception as error:  # a defect of ours must not cost the findings
                tally.failures.append(f"no report was made, {type(error).__name__}: {error}")
                report = False
    return Review(
        dataset,
        counts(writer.files),
        tally.open,
        tally.accepted,
        tuple(tally.rules[key] for key in sorted(tally.rules)),
        stale,
        tally.corrected,
        tuple(tally.lapses),
        tuple(tally.failures),
        tuple(gone),
        report,
    )


def _corrected_rows(
    dataset: Path, rows: Iterable[DokumenRow], corrections: Iterable[Correction]
) -> list[DokumenRow]:
    """The rows with the lines for them in force, which decide who is compared with whom."""
    meant = by_document(c for c in corrections if c.kunci == DOCUMENT)

    def corrected(row: DokumenRow) -> DokumenRow:
        lines = meant.get(row.dokumen_id, ())
        if row.status == "gagal" or not (lines or row.tanda):
            return row
        from rktdata.corrections.apply import correct

        return correct(load_document(dataset, row), lines).document.row

    return [corrected(row) for row in rows]


def _without_document(corrections: Iterable[Correction], rows: Iterable[DokumenRow]) -> list[Lapse]:
    """The lines whose document is not in the dataset, or could not be read."""
    known = {row.dokumen_id for row in rows if row.status != "gagal"}
    return [Lapse(c, "dokumen") for c in corrections if c.dokumen_id not in known]


def group_by_agency(rows: Iterable[DokumenRow]) -> list[list[DokumenRow]]:
    """Documents that can be compared, those that could not be read left out.

    A document whose agency is not known is compared with none.
    """
    groups: list[list[DokumenRow]] = []
    by_name: dict[str, int] = {}
    names: list[tuple[str, int]] = []
    merged: dict[int, int] = {}
    for row in rows:
        if row.status == "gagal":
            continue
        name = fold(row.instansi or "")
        if not name:
            groups.append([row])
            continue
        if name not in by_name:
            groups.append([])
            by_name[name] = len(groups) - 1
            names.append((row.instansi or "", len(groups) - 1))
        groups[by_name[name]].append(row)
    if len(names) <= NAMES_COMPARED:
        for at, (name, group) in enumerate(names):
            for other, earlier in names[:at]:
                if same_agency(name, other):
                    first, second = sorted((_root(merged, earlier), _root(merged, group)))
                    if first != second:
                        merged[second] = first
    place = {row.dokumen_id: at for at, row in enumerate(rows)} if merged else {}
    for second in sorted(merged, reverse=True):
        groups[_root(merged, second)] += groups[second]
        groups[second] = []
    return [sorted(g, key=lambda row: place.get(row.dokumen_id, 0)) for g in groups if g]


def _root(merged: Mapping[int, int], group: int) -> int:
    while group in merged:
        group = merged[group]
    return group


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be done with every group.

    Attributes:
        dataset: The dataset folder.
        spool: Where a document's entry is put, to be collected in the order of documents.
        settings: What a reviewer has accepted and corrected, and how to go about it.
    """

    dataset: Path
    spool: Path
    settings: _Settings

    def of(self, group: Sequence[DokumenRow]) -> _Task:
        """The same with no more corrections than the group's own."""
        known = self.settings.corrections
        own = {row.dokumen_id: known[row.dokumen_id] for row in group if row.dokumen_id in known}
        return replace(self, settings=replace(self.settings, corrections=own))

    def keep(self, entries: Iterable[Entry]) -> None:
        """Put entries aside, so that they need not be handed from process to process."""
        for entry in entries:
            (self.spool / entry.row.dokumen_id).write_bytes(pickle.dumps(entry))


def _parts(task: _Task, groups: Sequence[Sequence[DokumenRow]], jobs: int) -> Iterator[_Part]:
    """The groups gone through, in their order, in processes where it is worth it.

    A group whose process dies, alone, several times over is left unaudited.
    """
    if sum(map(len, groups)) < MANY_DOCUMENTS:
        for group in groups:
            yield _kept(task.of(group), group)
        return
    from concurrent.futures.process import BrokenProcessPool

    left, deaths = deque(groups), 0
    while left:
        try:
            for part in _in_processes(task, [left[0]] if deaths else list(left), jobs):
                left.popleft()
                deaths = 0
                yield part
        except BrokenProcessPool:
            deaths += 1
            if deaths == TRIES:
                deaths = 0
                yield _unaudited(task, left.popleft())


def _in_processes(
    task: _Task, groups: Sequence[Sequence[DokumenRow]], jobs: int
) -> Iterator[_Part]:
    """The groups gone through, in their order.

    Raises:
        BrokenProcessPool: A process died.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    waiting = deque(groups)
    under_way: deque[Future[_Part]] = deque()
    with ProcessPoolExecutor(
        min(jobs, len(groups)),
        get_context("spawn"),
        initializer=as_helper,
        initargs=(os.getpid(),),
    ) as pool:
        try:
            while waiting or under_way:
                while waiting and len(under_way) < 2 * jobs:
                    group = waiting.popleft()
                    under_way.append(pool.submit(_kept, task.of(group), group))
                yield under_way.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _kept(task: _Task, group: Sequence[DokumenRow]) -> _Part:
    """A group gone through, its entries put aside."""
    part = review_group(task.dataset, group, task.settings)
    task.keep(part.entries)
    return replace(part, entries=())


def _unaudited(task: _Task, group: Sequence[DokumenRow]) -> _Part:
    """A group left as it is, one document at a time in memory."""
    settings = task.of(group).settings
    for row in group:
        [corrected] = _corrected([load_document(task.dataset, row)], settings)
        task.keep(_entries([corrected.document], Reconciled()))
    names = ", ".join(row.berkas for row in group[:3])
    why = f"the process dies {TRIES} times, perhaps for want of memory"
    return _Part((), failure=f"{names}: not audited, {why}")


def review_group(dataset: Path, group: Sequence[DokumenRow], settings: _Settings) -> _Part:
    """One agency's documents, corrected, with kelompok_id, findings and chapter."""
    documents = [load_document(dataset, row) for row in group]
    applied: tuple[Correction, ...] = ()
    lapses: tuple[Lapse, ...] = ()
    try:
        corrected = _corrected(documents, settings)
        documents = [one.document for one in corrected]
        applied = tuple(line for one in corrected for line in one.applied)
        lapses = tuple(lapse for one in corrected for lapse in one.lapses)
        reconciled = reconcile_group(documents)
        findings, _ = mark_accepted(audit(documents, reconciled), settings.acceptances)
        panel = make_panel(documents, reconciled)
        chapter = None
        if settings.report:
            from rktdata.output.report.model import make_chapter

            chapter = make_chapter(documents, reconciled, findings, panel)
    except Exception as error:  # a defect of ours must not cost the other agencies
        names = ", ".join(document.row.berkas for document in documents[:3])
        failure = f"{names}: not audited, {type(error).__name__}: {error}"
        entries = _entries(documents, Reconciled())
        return _Part(entries, applied=applied, lapses=lapses, failure=failure)
    return _Part(
        _entries(documents, reconciled),
        reconciled.kelompok,
        tuple(findings),
        panel,
        chapter,
        applied,
        lapses,
    )


def reconcile_group(documents: Sequence[Document]) -> Reconciled:
    """What reconcile finds in the documents of one group; see `group_by_agency`."""
    reconciled = reconcile(documents)
    if documents[0].row.instansi:
        return reconciled
    return _salted(reconciled, documents[0].row.dokumen_id)


def _corrected(documents: Sequence[Document], settings: _Settings) -> list[Corrected]:
    if not settings.corrections and not any(document.amended for document in documents):
        return [Corrected(document) for document in documents]
    from rktdata.corrections.apply import correct
    from rktdata.normalize.units import load_vocabulary

    words = load_vocabulary(settings.vocabulary) if settings.corrections else None
    return [
        correct(document, settings.corrections.get(document.row.dokumen_id, ()), words)
        for document in documents
    ]


def _entries(documents: Sequence[Document], reconciled: Reconciled) -> tuple[Entry, ...]:
    return tuple(document_entry(with_group_ids(document, reconciled)) for document in documents)


def _salted(reconciled: Reconciled, salt: str) -> Reconciled:
    """The same with ids of its own: a kelompok_id is made of agency, unit, words and year.

    Where no agency is known, two agencies' documents would otherwise share ids.
    """

    def new(kelompok_id: str) -> str:
        return "k-" + hashlib.sha256(f"{kelompok_id}|{salt}".encode()).hexdigest()[:12]

    return replace(
        reconciled,
        groups=tuple(
            replace(g, row=g.row.model_copy(update={"kelompok_id": new(g.row.kelompok_id)}))
            for g in reconciled.groups
        ),
        group_of={record: new(group) for record, group in reconciled.group_of.items()},
    )


def _trim(chapters: list[Chapter]) -> None:
    """Let go what the report will not show, once there is twice as much as it shows."""
    documents = sum(len(chapter.documents) for chapter in chapters[:-1])
    if documents >= DOCUMENTS_SHOWN:
        chapters[-1] = replace(chapters[-1], documents=(), series=(), years=None)
    if sum(len(chapter.findings) for chapter in chapters) > 2 * FINDINGS_SHOWN:
        chapters[:] = _shortened(chapters)


def _shortened(chapters: Sequence[Chapter]) -> list[Chapter]:
    kept = {id(view) for view in _weightiest(chapters)}
    return [
        replace(chapter, findings=tuple(v for v in chapter.findings if id(v) in kept))
        for chapter in chapters
    ]


def _weightiest(chapters: Sequence[Chapter]) -> list[FindingView]:
    views = [view for chapter in chapters for view in chapter.findings]
    views.sort(key=lambda v: (SEVERITIES.index(v.finding.severity), bool(v.finding.acceptance)))
    return views[:FINDINGS_SHOWN]


def _pictures(
    tally: _Tally, read_pdf: ReadPdf, password: str | None, drawer: Slot | None
) -> Pictures:
    """What the report shows of pages; PDFs are opened by workers only."""
    from rktdata.output.report.crops import render_crops
    from rktdata.schemas.limits import Limits
    from rktdata.schemas.options import Options
    from rktdata.workers.pool import Slot

    views = _weightiest(tally.chapters)
    crops = [crop for view in views for side in view.sides for crop in side.crops]
    slot = drawer or Slot(Options(password=password), Limits())
    try:
        return render_crops(crops, read_pdf, password, draw=slot.draw)
    finally:
        slot.stop()


def _report(
    rows: Sequence[DokumenRow], tally: _Tally, stale: Sequence[Acceptance], pictures: Pictures
) -> bytes:
    from rktdata.output.report.render import render_report

    return render_report(
        rows,
        _shortened(tally.chapters),
        pictures,
        tally.open,
        tally.accepted,
        stale,
        tally.corrected,
        tally.lapses,
    )


def pdf_reader(dataset: Path, folder: Path | None) -> ReadPdf:
    """A reader of a dataset's PDFs: from a folder, or from where the last run found them."""
    if folder is not None:
        return read_from(find_pdfs(folder, read_document_rows(dataset)))

    def read(document_id: str) -> bytes | None:
        source = noted_source(dataset, document_id)
        try:
            return None if source is None else read_source(source)
        except DocumentError:
            return None

    return read
