"""A dataset on the reviewer's desk: its records, their pages, and what is written of them.

The dataset is read once and again whenever it changes on disk; nothing is written but
lines of koreksi.csv. A record is shown with every correction in force, those that no run
has put into the dataset yet among them. PDFs are drawn in a process of their own, since
nobody vetted them.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from rktdata.audit import rule_infos
from rktdata.corrections.apply import correct, id_of, kind_of_record, restore
from rktdata.corrections.keys import find_record, record_keys
from rktdata.output.accepted import read_accepted
from rktdata.output.correct import correction_for, find
from rktdata.output.corrections import append_correction, correction_files, read_corrections
from rktdata.output.explain import UnknownRecordError
from rktdata.output.load import load_document, read_document_rows
from rktdata.output.read_csv import read_values
from rktdata.reviewer.ranking import STATES, Item, budget_item, indicator_item, ranked, state_of
from rktdata.schemas.corrections import FIELDS, Correction, Lapse, by_document
from rktdata.schemas.dataset import ACCEPTED, BY_NAME, DESCRIPTOR, value_type
from rktdata.schemas.document import Corrected, Document
from rktdata.schemas.errors import WorkerError
from rktdata.schemas.findings import RuleInfo, Severity
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options
from rktdata.schemas.plain import plain
from rktdata.schemas.records import (
    AnggaranRow,
    DatasetRow,
    DokumenRow,
    IndikatorRow,
    Record,
    TemuanRow,
)
from rktdata.workers.pool import Slot
from rktdata.workers.process import Window

M = TypeVar("M", bound=DatasetRow)
# Pixels per point: small print is readable when the page is as wide as half a screen.
SCALE = 2.0
_DOCUMENTS_KEPT, _PAGES_KEPT = 8, 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows; "" is anything.

    Attributes:
        state: Of `STATES`.
        reason: Of `REASONS`.
        kind: "indikator" or "anggaran".
        document_id: A document's.
        words: All of them stand in a record's text or value.
    """

    state: str = ""
    reason: str = ""
    kind: str = ""
    document_id: str = ""
    words: str = ""

    def fits(self, item: Item) -> bool:
        """Whether an item is wanted, whatever its state."""
        if self.reason and self.reason not in item.reasons:
            return False
        if self.kind and self.kind != item.kind:
            return False
        if self.document_id and self.document_id != item.document_id:
            return False
        if not self.words:
            return True
        text = f"{item.title} {item.value} {item.year or ''} {item.id}".casefold()
        return all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Listing:
    """Items of the list, how many there are in all, and how many in each state."""

    items: Sequence[Item]
    total: int
    by_state: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Detail:
    """A record, with all that is shown of it.

    Attributes:
        item: It in the list.
        record: With every correction in force.
        document: Its document.
        findings: Open ones that rest on it, with their rules.
        lapses: Corrections of it that change nothing.
    """

    item: Item
    record: Record[Any]
    document: Document
    findings: tuple[tuple[TemuanRow, RuleInfo | None], ...]
    lapses: tuple[Lapse, ...]


class Desk:
    """See the module; safe to be used by several threads.

    Attributes:
        folder: The dataset.
        rows: Its documents by id, those that could be read, in order.
    """

    def __init__(
        self,
        folder: Path,
        read_pdf: Callable[[str], bytes | None],
        password: str | None = None,
    ) -> None:
        """Open the dataset.

        Args:
            folder: Its folder.
            read_pdf: A document's bytes by its id; None when they are not to be had.
            password: Of locked PDFs.

        Raises:
            DatasetError: There is none, or it or its koreksi.csv cannot be understood.
        """
        self.folder = folder
        self.rows: dict[str, DokumenRow] = {}
        self._read_pdf = read_pdf
        self._slot = Slot(Options(password=password), Limits())
        # A process dies with the thread that started it, and a server's threads come and go.
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="draw")
        self._lock = threading.RLock()
        self._items: dict[str, Item] = {}
        self._findings: dict[str, list[TemuanRow]] = {}
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._pages: OrderedDict[Window, bytes] = OrderedDict()
        self._corrections: dict[str, tuple[Correction, ...]] = {}
        self._stamps: tuple[object, object] = (None, None)
        self.refresh()
        self._drawer.submit(self._slot.ready)  # before there is a page to draw

    def close(self) -> None:
        """End the process that draws."""
        self._slot.stop()
        self._drawer.shutdown(wait=False, cancel_futures=True)

    def refresh(self) -> None:
        """Read again what has changed on disk."""
        with self._lock:
            data = _stamp(self.folder / DESCRIPTOR, *_beside(self.folder, ACCEPTED))
            corrections = _stamp(*correction_files(self.folder))
            if (data, corrections) == self._stamps:
                return
            if data != self._stamps[0]:
                self._load()
            self._corrections = by_document(read_corrections(self.folder))
            touched = {item.document_id for item in self._items.values() if item.state != STATES[0]}
            touched |= set(self._corrections)
            for document_id in sorted(touched & set(self.rows)):
                self._restate(document_id)
            self._stamps = (data, corrections)

    def _load(self) -> None:
        accepted = {acceptance.temuan_id for acceptance in read_accepted(self.folder)}
        rows = read_document_rows(self.folder)
        self.rows = {row.dokumen_id: row for row in rows if row.status != "gagal"}
        self._findings, self._items = {}, {}
        self._documents.clear()
        for finding in _rows(self.folder, TemuanRow):
            if finding.temuan_id not in accepted:
                for record in (finding.bukti or "").split():
                    self._findings.setdefault(record, []).append(finding)
        items = [
            indicator_item(row, self._severities(row.indikator_id))
            for row in _rows(self.folder, IndikatorRow)
        ]
        items += [
            budget_item(row, self._severities(row.anggaran_id))
            for row in _rows(self.folder, AnggaranRow)
        ]
        place = {document_id: at for at, document_id in enumerate(self.rows)}
        items.sort(key=lambda item: place.get(item.document_id, 0))
        self._items = {item.id: item for item in ranked(items)}

    def _severities(self, record_id: str) -> Iterator[Severity]:
        for finding in self._findings.get(record_id, ()):
            yield finding.tingkat  # type: ignore[misc]

    def _restate(self, document_id: str) -> None:
        """Take the state and the value of a document's items from its corrections."""
        made = self._corrected(document_id).document
        records: list[Record[Any]] = [*made.indicators, *made.budget]
        for record in records:
            item = self._items.get(id_of(record))
            if item is not None:
                self._items[item.id] = _restated(item, record)

    def listing(self, wanted: Wanted, offset: int = 0, limit: int = 100) -> Listing:
        """Some of the records that are wanted, those in most doubt first."""
        self.refresh()
        with self._lock:
            fitting = [item for item in self._items.values() if wanted.fits(item)]
        counts = Counter(item.state for item in fitting)
        kept = [item for item in fitting if not wanted.state or item.state == wanted.state]
        by_state = {state: counts[state] for state in STATES}
        return Listing(kept[offset : offset + limit], len(kept), by_state)

    def lapses(self) -> tuple[Lapse, ...]:
        """Corrections that change nothing, of the documents that are here."""
        self.refresh()
        with self._lock:
            return tuple(
                lapse
                for document_id in self._corrections
                if document_id in self.rows
                for lapse in self._corrected(document_id).lapses
            )

    def detail(self, record_id: str) -> Detail:
        """A record with all that is shown of it.

        Raises:
            UnknownRecordError: There is none of this id.
        """
        self.refresh()
        with self._lock:
            item = self._items.get(record_id)
            if item is None:
                raise UnknownRecordError(f"no record {record_id!r}")
            corrected = self._corrected(item.document_id)
            infos = _rules()
            return Detail(
                item,
                find(corrected.document, record_id),
                corrected.document,
                tuple((f, infos.get(f.aturan)) for f in self._findings.get(record_id, ())),
                self._lapses_of(corrected, record_id),
            )

    def _lapses_of(self, corrected: Corrected, record_id: str) -> tuple[Lapse, ...]:
        if not corrected.lapses:
            return ()
        read = restore(corrected.document)
        keys = record_keys([*read.indicators, *read.budget])
        return tuple(
            lapse
            for lapse in corrected.lapses
            if record_id in map(id_of, find_record(lapse.correction.kunci, keys))
        )

    def write(self, record_id: str, field: str, value: str, reason: str, who: str) -> Detail:
        """Add a line to koreksi.csv; the record as it is then.

        Raises:
            UnknownRecordError: There is none of this id.
            ValueError: There is no such field, or it cannot hold the value.
            DatasetError: koreksi.csv cannot be understood or written.
        """
        self.refresh()
        with self._lock:
            item = self._items.get(record_id)
            if item is None:
                raise UnknownRecordError(f"no record {record_id!r}")
            document = self._document(item.document_id)
            line = correction_for(document, record_id, field, value, reason, who)
            append_correction(self.folder, line)
        return self.detail(record_id)

    def page(self, document_id: str, number: int) -> bytes | None:
        """A page as WebP, `SCALE` pixels per point; None where it cannot be drawn."""
        with self._lock:
            if document_id not in self.rows:
                return None
            pages = self._document(document_id).pages
        for page in pages:
            if page.halaman == number:
                window = (document_id, number, (0.0, 0.0, page.lebar, page.tinggi))
                break
        else:
            return None
        return self._drawer.submit(self._drawn, window).result()

    def _drawn(self, window: Window) -> bytes | None:
        """A page drawn, or kept from before; on the drawing thread."""
        if window in self._pages:
            self._pages.move_to_end(window)
            return self._pages[window]
        pdf = self._read_pdf(window[0])
        if pdf is None or hashlib.sha256(pdf).hexdigest()[:16] != window[0]:
            return None
        try:
            drawn = self._slot.draw(pdf, [window], None, SCALE).get(window)
        except WorkerError:  # no process can be started: the record is shown all the same
            return None
        if drawn is not None:
            self._pages[window] = drawn
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        return drawn

    def _corrected(self, document_id: str) -> Corrected:
        return correct(self._document(document_id), self._corrections.get(document_id, ()))

    def _document(self, document_id: str) -> Document:
        kept = self._documents.pop(document_id, None)
        document = kept or load_document(self.folder, self.rows[document_id])
        self._documents[document_id] = document
        while len(self._documents) > _DOCUMENTS_KEPT:
            self._documents.popitem(last=False)
        return document


def fields_of(record: Record[Any]) -> Iterator[dict[str, Any]]:
    """Each field that can be corrected: its value, what was read, and where it is printed."""
    kind = kind_of_record(record)
    for name in FIELDS[kind]:
        info = BY_NAME[kind].model_fields[name]
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        value = plain(getattr(record.row, name))
        yield {
            "name": name,
            "label": {"id": extra.get("id", name), "en": info.description or name},
            "value": value,
            "read": plain(record.as_read.get(name)) if name in record.as_read else value,
            "type": value_type(info.annotation).__name__,
            "enum": extra.get("enum"),
            "required": info.is_required(),
            "places": [
                {"page": place.page, "box": list(place.box)}
                for place in record.sources.get(name, ())
            ],
        }


def _restated(item: Item, record: Record[Any]) -> Item:
    row = record.row
    new = indicator_item(row, ()) if item.kind == "indikator" else budget_item(row, ())
    return replace(item, state=state_of(row.tanda), title=new.title, value=new.value, year=new.year)


def _rows(folder: Path, model: type[M]) -> Iterator[M]:
    names = list(model.model_fields)
    if model is TemuanRow and not (folder / model.file_name).is_file():
        return
    for row in read_values(folder, model):
        yield model.model_construct(**dict(zip(names, row, strict=True)))


def _beside(folder: Path, name: str) -> tuple[Path, Path]:
    return (folder.absolute().parent / name, folder / name)


def _stamp(*paths: Path) -> tuple[object, ...]:
    """What changes when one of the files does."""
    found: list[object] = []
    for path in paths:
        try:
            status = path.stat()
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
        except OSError:
            found.append(None)
    return tuple(found)


@cache
def _rules() -> Mapping[str, RuleInfo]:
    return {info.id: info for info in rule_infos()}
