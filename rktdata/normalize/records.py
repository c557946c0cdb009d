"""From a logical table to its records: indicators with their targets, and budget lines.

Rules (CONTRACT.md, "Indicators", "Budget lines"):

* One record for each printed indicator and target column; a target column's year is its
  header's, else the title's, else the document's.
* Realised figures (realisasi, capaian), quarters and assessments give no records.
* An indicator cell merged over several rows gives a record for each row that prints a
  target, and one without a target where none does.
* A programme's indicator whose targets stand with its activities, none of which has an
  indicator of its own, goes with those targets.
* A printed total is a budget line without a parent, and never an indicator.
* Where it is not known what a column holds, nothing is read from it.

Ids are those of one table ("i1", "a1"); `number_indicators` and `number_budget` give the
document's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from operator import itemgetter
from typing import Any

from rktdata.normalize.blocks import Block, budget_of, find_blocks, find_budget_block, plan_budget
from rktdata.normalize.columns import column_texts, read_roles
from rktdata.normalize.headings import ColumnRole, is_total, vocabulary, words_of
from rktdata.normalize.markers import numbers_bare, read_marker, split_marker
from rktdata.normalize.outline import Heading, RowPlace, outline, text_of
from rktdata.normalize.targets import read_value
from rktdata.normalize.units import Vocabulary
from rktdata.schemas.document import DocumentInfo
from rktdata.schemas.records import AnggaranRow, IndikatorRow, Record
from rktdata.schemas.value import Context, Value
from rktdata.schemas.values import OCR_DOUBT, OCR_WORDS_DOUBT, Row, Source, Table

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LEVELS = ("misi", "tujuan", "sasaran", "program", "kegiatan")
# A level found by the row's look alone, an indicator taken from the programme's row.
_GUESSED_LEVEL, _MOVED_INDICATOR = 0.85, 0.8
# Of what two readings of a picture do not agree on: a value of the row, or words of it.
_DOUBTFUL_VALUE, _DOUBTFUL_WORDS = 0.5, 0.9
# How many neighbours of a cell are shown to the value reader.
_NEIGHBOURS = 40
_MOVED_MARK, _FORWARD_MARK = "indikator-program", "prakiraan-maju"


Roles = tuple[ColumnRole, ...]


def classify_table(table: Table, roles: Roles | None = None) -> str:
    """The kind of a table: "rencana", "anggaran" or "lain" (CONTRACT.md, "Tables").

    Args:
        table: A logical table.
        roles: What its columns hold, where that has been read already.
    """
    roles = read_roles(table) if roles is None else roles
    names = {r.name for r in roles}
    levels = {level for r in roles for level in r.levels}
    if names & {"halaman", "istilah"} or ("orang" in names and "indikator" not in names):
        return "lain"
    if "indikator" in names and (levels or names & {"target", "realisasi", "formulasi", "satuan"}):
        return "rencana"
    programmes = levels & {"program", "kegiatan", "subkegiatan", "urusan"}
    if "anggaran" in names and (programmes or names & {"uraian", "kode"}) and "target" not in names:
        return "anggaran"
    if levels and names & {"target", "anggaran", "periode"}:
        return "rencana"
    if len(levels) >= 2:
        return "rencana"
    figures = names & {"realisasi", "capaian", "target", "kondisi_awal"}
    if figures and names & {"satuan", "anggaran", "target"} and _titled_as_plan(table):
        return "rencana"
    return "lain"


def _titled_as_plan(table: Table) -> bool:
    title = (table.title or "").lower()
    return any(word in title for word in vocabulary()["judul"]["rencana"])


# -- indicators ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A row's indicator with what is needed to make its records."""

    index: int
    row: Row
    place: RowPlace
    text: str
    sources: tuple[Source, ...]
    marks: tuple[str, ...] = ()
    moved: bool = False

    @property
    def run(self) -> tuple[object, ...]:
        """Rows that share it are one printed indicator, merged over them."""
        levels = tuple((k, v.text) for k, v in self.place.levels.items())
        return self.text, self.sources, levels


def read_indicators(
    table: Table,
    info: DocumentInfo,
    vocabulary: Vocabulary | None = None,
    roles: Roles | None = None,
) -> Iterator[Record[IndikatorRow]]:
    """The table's indicators, one record for each target year, in row order.

    Each is made when it is asked for.

    Args:
        table: A logical table, merged cells filled.
        info: Gives the year where neither header nor title prints one.
        vocabulary: Units and grades; the built-in ones where None.
        roles: What the columns hold, where that has been read already.

    Returns:
        Records with `dokumen_id` "" and ids "i1", "i2", ... in the table;
        `number_indicators` makes them the document's.
    """
    roles = read_roles(table) if roles is None else roles
    if classify_table(table, roles) == "lain":
        return
    by_block = [
        _read_block(table, roles, block, info, vocabulary)
        for block in find_blocks(roles)
        if block.indicator is not None and _has_targets(roles, block)
    ]
    for number, (_, record) in enumerate(merge(*by_block, key=itemgetter(0)), 1):
        yield _numbered(record, {"indikator_id": f"i{number}"})


def _read_block(
    table: Table, roles: Roles, block: Block, info: DocumentInfo, vocabulary: Vocabulary | None
) -> Iterator[tuple[int, Record[IndikatorRow]]]:
    """The records of one block, each with its row's number, from 0."""
    reader = _RecordReader(table, roles, block, info, vocabulary)
    for line in _one_per_merged_cell(_lines(table, roles, block), block):
        for record in reader.records(line):
            yield line.index, record


def _has_targets(roles: tuple[ColumnRole, ...], block: Block) -> bool:
    """Target columns, or a list of indicators without figures (IKU); not realised ones."""
    names = {r.name for r in roles}
    return bool(block.targets) or not names & {"realisasi", "capaian", "periode", "penilaian"}


def _lines(table: Table, roles: tuple[ColumnRole, ...], block: Block) -> list[_Line]:
    """The rows that bear an indicator, those included that take their programme's."""
    assert block.indicator is not None
    header = roles[block.indicator].path[-1]
    texts = column_texts(table, block.indicator)
    bare = numbers_bare(texts)
    lines: list[_Line] = []
    places = outline(table, roles, block)
    for i, (row, place) in enumerate(zip(table.rows, places, strict=True)):
        cell = row.cells[block.indicator]
        text = text_of(row, block.indicator)
        if place.kind in ("jumlah", "kosong") or cell is None or not text:
            continue
        if read_marker(text).style or (is_total(text) and place.level is None):
            continue
        if _is_header(text, header):
            continue
        rest = split_marker(text, bare)[1]
        lines.append(_Line(i, row, place, rest, cell.sources, cell.marks))
    return _move_programme_indicators(table, places, block, lines)


def _is_header(text: str, header: str) -> bool:
    """Whether a cell says what its column's header says; one much longer cannot."""
    return len(text) <= 3 * len(header) and words_of(text) == words_of(header)


def _move_programme_indicators(
    table: Table, places: list[RowPlace], block: Block, lines: list[_Line]
) -> list[_Line]:
    """Programme rows without a target whose activities have targets but no indicator."""
    by_index = {line.index: line for line in lines}
    for line in lines:
        if line.place.level != "program" or _has_text(line.row, block.targets):
            continue
        under = list[int]()
        for i in range(line.index + 1, len(places)):
            if places[i].level not in ("kegiatan", "subkegiatan") and places[i].kind != "rincian":
                break
            under.append(i)
        if not under or any(i in by_index for i in under):
            continue
        bearing = [i for i in under if _has_text(table.rows[i], block.targets)]
        if bearing:
            del by_index[line.index]
        for i in bearing:
            by_index[i] = replace(line, index=i, row=table.rows[i], place=places[i], moved=True)
    return [by_index[i] for i in sorted(by_index)]


def _has_text(row: Row, columns: tuple[int, ...]) -> bool:
    return any(text_of(row, c) for c in columns)


def _one_per_merged_cell(lines: list[_Line], block: Block) -> list[_Line]:
    """Of the rows that one merged indicator cell covers, those with targets of their own."""
    kept: list[_Line] = []
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and _continues(lines[end - 1], lines[end]):
            continue
        run, seen = lines[start:end], set[tuple[str, ...]]()
        for line in run:
            targets = tuple(text_of(line.row, c) for c in block.targets)
            if any(targets) and targets not in seen:
                kept.append(line)
                seen.add(targets)
        if not seen:
            kept.append(run[0])
        start = end
    return kept


def _continues(before: _Line, line: _Line) -> bool:
    return line.index == before.index + 1 and line.run == before.run and not line.moved


class _RecordReader:
    """Makes the records of one block's lines."""

    def __init__(
        self,
        table: Table,
        roles: tuple[ColumnRole, ...],
        block: Block,
        info: DocumentInfo,
        vocabulary: Vocabulary | None,
    ) -> None:
        self.table, self.roles, self.block, self.info = table, roles, block, info
        self.vocabulary = vocabulary
        self.texts: dict[int, list[str]] = {}
        self.years = {c: target_year(roles[c], table, info) for c in block.targets}
        self.budgets = {
            c: budget_of(roles, block, c, self.years[c], info.year) for c in block.targets
        }

    def records(self, line: _Line) -> list[Record[IndikatorRow]]:
        """One record for each target column; one without a target where there is none."""
        if not self.block.targets:
            return [self._record(line, None)]
        return [self._record(line, column) for column in self.block.targets]

    def _record(self, line: _Line, column: int | None) -> Record[IndikatorRow]:
        block, row, roles = self.block, line.row, self.roles
        sources: dict[str, tuple[Source, ...]] = {"indikator": line.sources}
        levels = {k: v for k, v in line.place.levels.items() if k in _LEVELS}
        sources |= {k: v.sources for k, v in levels.items()}
        value = self._value(row, column, "target", line)
        budget_column = (
            self.budgets[column]
            if column is not None
            else plan_budget(roles, block, self.info.year)
        )
        budget = self._value(row, budget_column, "rupiah", line)
        year = (
            self.years[column]
            if column is not None
            else target_year(ColumnRole("target"), self.table, self.info)
        )
        texts = {
            "target_teks": column,
            "anggaran": budget_column,
            "kondisi_awal_teks": block.baseline,
            "lokasi": block.location,
            "keterangan": block.remark,
        }
        for name, c in texts.items():
            if text_of(row, c):
                sources[name] = _sources(row, c)
        if column is not None and roles[column].year is not None and self.table.header_sources:
            sources["tahun"] = self.table.header_sources
        person = text_of(row, block.person) or None
        made = IndikatorRow(
            indikator_id="i0",
            dokumen_id="",
            tabel_id=self.table.id,
            baris=line.index + 1,
            halaman=row.page,
            misi=_level_text(levels, "misi"),
            tujuan=_level_text(levels, "tujuan"),
            sasaran=_level_text(levels, "sasaran"),
            program=_level_text(levels, "program"),
            kegiatan=_level_text(levels, "kegiatan"),
            indikator=line.text,
            tahun=year,
            **target_fields(value),
            kondisi_awal_teks=text_of(row, block.baseline) or None,
            anggaran=whole_rupiah(budget),
            lokasi=text_of(row, block.location) or None,
            keterangan=text_of(row, block.remark) or None,
            unit_kerja=self.table.unit or person,
            keyakinan=self._confidence(line, column, value),
            tanda=self._marks(line, column, value),
        )
        filled = {k: v for k, v in sources.items() if v}
        return Record(made, filled, parts_of(value), value.alasan if value else ())

    def _value(self, row: Row, column: int | None, kind: str, line: _Line) -> Value | None:
        text = text_of(row, column)
        if not text or column is None:
            return None
        context = self.context(row, column, text, line.text)
        if kind != "target":
            context = replace(context, unit=None)
        return read_value(text, kind, context, self.vocabulary)

    def context(self, row: Row, column: int, text: str, indicator: str) -> Context:
        """What stands round the cell of a row in a column, in which `text` is printed."""
        if column not in self.texts:
            self.texts[column] = [t for t in column_texts(self.table, column) if t]
        # The nearest enough; the cell itself is no evidence for its own notation.
        others = [t for t in self.texts[column][: 2 * _NEIGHBOURS] if t != text]
        return Context(
            header=self.roles[column].header or None,
            unit=text_of(row, self.block.unit) or None,
            indicator=indicator,
            row=tuple(
                text_of(row, c) for c in self.block.targets if c != column and text_of(row, c)
            ),
            column=tuple(others[:_NEIGHBOURS]),
            ocr=_by_ocr(row, column),
        )

    def _confidence(self, line: _Line, column: int | None, value: Value | None) -> float:
        certainty = self.roles[self.block.indicator or 0].certainty
        if column is not None:
            certainty *= self.roles[column].certainty
        if line.place.guessed:
            certainty *= _GUESSED_LEVEL
        if line.moved:
            certainty *= _MOVED_INDICATOR
        marks = self._doubts(line, column)
        if OCR_DOUBT in marks:
            certainty *= _DOUBTFUL_VALUE
        if OCR_WORDS_DOUBT in marks:
            certainty *= _DOUBTFUL_WORDS
        return round(certainty * (value.keyakinan if value else 1.0), 3)

    def _doubts(self, line: _Line, column: int | None) -> list[str]:
        """What a picture's reading makes doubtful: the row's values, or its words."""
        said = [*line.marks, *(m for v in line.place.levels.values() for m in v.marks)]
        marks = [OCR_WORDS_DOUBT] if {OCR_DOUBT, OCR_WORDS_DOUBT} & set(said) else []
        values = [
            column,
            None if column is None else self.budgets[column],
            self.block.unit,
            self.block.baseline,
        ]
        cells = [line.row.cells[c] for c in values if c is not None]
        if any({OCR_DOUBT, OCR_WORDS_DOUBT} & set(cell.marks) for cell in cells if cell):
            marks.append(OCR_DOUBT)
        return marks

    def _marks(self, line: _Line, column: int | None, value: Value | None) -> str | None:
        marks = list(line.marks)
        marks += [m for k, v in line.place.levels.items() if k in _LEVELS for m in v.marks]
        cell = line.row.cells[column] if column is not None else None
        marks += cell.marks if cell else ()
        marks = [mark for mark in marks if mark not in (OCR_DOUBT, OCR_WORDS_DOUBT)]
        marks += self._doubts(line, column)
        marks += value.tanda if value else ()
        if line.moved:
            marks.append(_MOVED_MARK)
        if column is not None and self.roles[column].forward:
            marks.append(_FORWARD_MARK)
        return " ".join(dict.fromkeys(marks)) or None


def target_context(
    record: Record[IndikatorRow], table: Table | None, info: DocumentInfo
) -> Context:
    """What stands round the cell that a record's target was read from.

    Args:
        record: As read from the table.
        table: The record's; None for running text.
        info: As given to `read_indicators`.
    """
    row = record.row
    alone = Context(indicator=row.indikator)
    if table is None or row.baris is None or not 0 < row.baris <= len(table.rows):
        return alone
    cells, roles = table.rows[row.baris - 1], read_roles(table)
    found: list[tuple[bool, Context]] = []
    for block in find_blocks(roles):
        reader = _RecordReader(table, roles, block, info, None)
        for column in block.targets:
            text = text_of(cells, column)
            printed = _sources(cells, column) if text else ()
            if printed == record.sources.get("target_teks", ()):
                context = reader.context(cells, column, text, row.indikator)
                found.append((reader.years[column] == row.tahun, context))
    # Of several empty cells, the one of the record's year.
    return max(found, key=lambda item: item[0])[1] if found else alone


def _level_text(levels: dict[str, Heading], level: str) -> str | None:
    return levels[level].text if level in levels else None


def target_fields(value: Value | None) -> dict[str, Any]:
    """A target's columns of `indikator.csv`; an empty cell is "kosong" without a text."""
    if value is None:
        return {"target_jenis": "kosong"}
    return {
        "target_teks": value.text,
        "target_nilai": value.nilai,
        "target_bawah": value.bawah,
        "target_atas": value.atas,
        "target_operator": value.operator,
        "target_satuan": value.satuan,
        "target_jenis": value.jenis,
        "target_predikat": value.predikat,
    }


def parts_of(value: Value | None) -> tuple[dict[str, Any], ...]:
    """The single values of a cell that holds several, for the document's JSON."""
    if value is None:
        return ()
    return tuple(
        {
            "teks": part.text,
            "nilai": part.nilai,
            "bawah": part.bawah,
            "atas": part.atas,
            "operator": part.operator,
            "satuan": part.satuan,
            "jenis": part.jenis,
            "predikat": part.predikat,
        }
        for part in value.banyak
    )


def whole_rupiah(value: Value | None) -> int | None:
    """An amount in whole rupiah, None where it is not certain or not whole."""
    if value is None or value.nilai is None or value.nilai != value.nilai.to_integral_value():
        return None
    return int(value.nilai)


def target_year(role: ColumnRole, table: Table, info: DocumentInfo) -> int | None:
    """A target column's year: its header's, else the title's only one, else the document's."""
    if role.year is not None:
        return role.year
    titled = [int(y) for y in _YEAR.findall(table.title or "")]
    if role.nth is not None:
        return titled[0] + role.nth - 1 if len(titled) == 2 else None
    plan = titled[0] if len(set(titled)) == 1 else info.year
    if plan is None:
        return None
    if role.offset is not None:
        return plan + role.offset
    return plan + 1 if role.forward else plan


def _sources(row: Row, column: int | None) -> tuple[Source, ...]:
    cell = row.cells[column] if column is not None else None
    return cell.sources if cell else ()


def _by_ocr(row: Row, column: int) -> bool:
    cell = row.cells[column]
    return cell is not None and "ocr" in cell.marks


# -- budget ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the budget before its parents are known."""

    index: int
    row: Row
    place: RowPlace
    label: Heading
    amount: Value | None
    column: int | None
    depth: int


def read_budget(
    table: Table,
    info: DocumentInfo,
    vocabulary: Vocabulary | None = None,
    roles: Roles | None = None,
) -> list[Record[AnggaranRow]]:
    """The table's budget lines, in row order, with their parents.

    Args:
        table: A logical table, merged cells filled.
        info: Its year says which of several years' columns is the plan's.
        vocabulary: Units and words of scale; the built-in ones where None.
        roles: What the columns hold, where that has been read already.

    Returns:
        Records with `dokumen_id` "", ids "a1", "a2", ... in the table and `induk_id`
        one of them; `number_budget` makes them the document's.
    """
    roles = read_roles(table) if roles is None else roles
    if classify_table(table, roles) == "lain":
        return []
    block = find_budget_block(roles)
    column = plan_budget(roles, block, info.year)
    if column is None:
        return []
    entries = _entries(table, roles, block, column, vocabulary)
    parents = _parents(entries)
    wanted = _with_headings(entries, parents)
    ids: dict[int | None, str] = {old: f"a{new}" for new, old in enumerate(sorted(wanted), 1)}
    return [
        _budget_record(table, entries[i], ids[i], ids.get(parents.get(i))) for i in sorted(wanted)
    ]


def _entries(
    table: Table,
    roles: tuple[ColumnRole, ...],
    block: Block,
    column: int,
    vocabulary: Vocabulary | None,
) -> list[_Entry]:
    """Every row that names a programme, an activity or a total, with its amount."""
    entries: list[_Entry] = []
    texts = column_texts(table, column)
    for i, (row, place) in enumerate(zip(table.rows, outline(table, roles, block), strict=True)):
        if place.label is None or place.kind in ("kosong", "rincian"):
            continue
        text = text_of(row, column)
        amount = None
        if text:
            others = tuple(t for t in texts[: 2 * _NEIGHBOURS] if t and t != text)[:_NEIGHBOURS]
            context = Context(header=roles[column].header or None, column=others)
            amount = read_value(text, "rupiah", context, vocabulary)
        if place.kind != "jumlah":
            entries.extend(_upper_entries(i, row, place, entries))
        depth = -1 if place.kind == "jumlah" else _depth(place)
        if place.kind != "jumlah" and place.level not in _BUDGETED:
            continue
        entry = _Entry(i, row, place, place.label, amount, column if text else None, depth)
        if not _repeats(entries, entry):
            entries.append(entry)
    return entries


_BUDGETED = ("urusan", "program", "kegiatan", "subkegiatan", "uraian")


def _depth(place: RowPlace) -> int:
    return _BUDGETED.index(place.level) if place.level in _BUDGETED else len(_BUDGETED)


def _upper_entries(i: int, row: Row, place: RowPlace, before: list[_Entry]) -> list[_Entry]:
    """The programme of a row that prints programme and activity side by side."""
    made = list[_Entry]()
    for level in ("program", "kegiatan"):
        head = place.levels.get(level)
        if head is None or place.level is None or level == place.level:
            continue
        if _depth(place) <= _BUDGETED.index(level):
            continue
        open_now = next(
            (e for e in reversed(before) if e.place.level == level and e.depth >= 0), None
        )
        if open_now is None or open_now.label.text != head.text:
            levels = {k: v for k, v in place.levels.items() if k != place.level}
            upper = RowPlace(levels, "bagian", level, head)
            made.append(_Entry(i, row, upper, head, None, None, _BUDGETED.index(level)))
    return made


def _repeats(entries: list[_Entry], entry: _Entry) -> bool:
    """A merged cell over several rows is one line, unless each row prints its own amount."""
    before = entries[-1] if entries else None
    if before is None or before.place.kind == "jumlah" or entry.place.kind == "jumlah":
        return False
    same = before.label == entry.label and before.depth == entry.depth
    if not same:
        return False
    if entry.amount is None:
        return True
    return (
        before.amount is not None
        and before.amount.text == entry.amount.text
        and _sources(before.row, before.column) == _sources(entry.row, entry.column)
    )


def _parents(entries: list[_Entry]) -> dict[int, int]:
    """Entry to the entry it stands under, by level and within a level by number."""
    parents, open_lines = dict[int, int](), list[int]()
    for i, entry in enumerate(entries):
        if entry.depth < 0:
            open_lines = []
            continue
        while open_lines and not _is_under(entry, entries[open_lines[-1]]):
            open_lines.pop()
        if open_lines:
            parents[i] = open_lines[-1]
        open_lines.append(i)
    return parents


def _is_under(entry: _Entry, upper: _Entry) -> bool:
    if entry.depth != upper.depth:
        return entry.depth > upper.depth
    below, above = entry.place.marker, upper.place.marker
    if below.style == above.style == "n" or (below.style, above.style) == ("n", "1"):
        return re.split(r"\W+", below.text)[: above.depth] == re.split(r"\W+", above.text) and (
            below.depth > above.depth
        )
    if below.style == above.style == "k":
        return below.depth > above.depth
    if entry.place.level != "uraian":
        return False
    order = ["k", "I", "A", "1", "n", "a", "-"]
    known = below.style in order and above.style in order
    return known and order.index(below.style) > order.index(above.style)


def _with_headings(entries: list[_Entry], parents: dict[int, int]) -> set[int]:
    """Lines that print an amount, and the headings that they stand under."""
    wanted = set[int]()
    for i, entry in enumerate(entries):
        if entry.amount is None:
            continue
        at: int | None = i
        while at is not None and at not in wanted:
            wanted.add(at)
            at = parents.get(at)
    return wanted


def _budget_record(
    table: Table, entry: _Entry, own_id: str, parent_id: str | None
) -> Record[AnggaranRow]:
    sources = {"uraian": entry.label.sources, "jumlah": _sources(entry.row, entry.column)}
    made = AnggaranRow(
        anggaran_id=own_id,
        dokumen_id="",
        tabel_id=table.id,
        halaman=entry.row.page,
        induk_id=parent_id,
        kode=entry.place.marker.text or None,
        uraian=entry.label.text,
        jumlah=whole_rupiah(entry.amount),
        unit_kerja=table.unit,
    )
    notes = entry.amount.alasan if entry.amount else ()
    return Record(made, {k: v for k, v in sources.items() if v}, (), notes)


# -- ids of the document ---------------------------------------------------------------


def number_indicators(
    document_id: str, groups: Iterable[Iterable[Record[IndikatorRow]]], before: int = 0
) -> Iterator[Record[IndikatorRow]]:
    """Give records the document's ids ("<id>-i1", ...) in the order of the groups.

    Args:
        document_id: Of the document.
        groups: One table's (or one passage's) records each, in reading order; their
            `tabel_id` is the table's ("t1") or None.
        before: How many records of the document come before them.
    """
    flat = (record for group in groups for record in group)
    for number, record in enumerate(flat, before + 1):
        given = {
            "indikator_id": f"{document_id}-i{number}",
            "dokumen_id": document_id,
            "tabel_id": _prefixed(document_id, record.row.tabel_id),
        }
        yield _numbered(record, given)


def number_budget(
    document_id: str, groups: Iterable[Iterable[Record[AnggaranRow]]], before: int = 0
) -> Iterator[Record[AnggaranRow]]:
    """Give budget lines the document's ids, and each parent the sum of its children.

    Args:
        document_id: Of the document.
        groups: One table's (or one list's) lines each, in reading order; `induk_id` is
            an `anggaran_id` of the same group.
        before: How many lines of the document come before them.

    Raises:
        ValueError: Two lines of a group have one id, or a parent is not in the group.
    """
    for group in map(list, groups):
        ids = {r.row.anggaran_id: f"{document_id}-a{n}" for n, r in enumerate(group, before + 1)}
        if len(ids) != len(group):
            raise ValueError("two budget lines of one group have the same id")
        before += len(group)
        sums = budget_sums(group)
        for record in group:
            row = record.row
            if row.induk_id is not None and row.induk_id not in ids:
                raise ValueError(f"budget line {row.anggaran_id}: no parent {row.induk_id}")
            given: dict[str, Any] = {
                "anggaran_id": ids[row.anggaran_id],
                "dokumen_id": document_id,
                "tabel_id": _prefixed(document_id, row.tabel_id),
                "induk_id": ids[row.induk_id] if row.induk_id is not None else None,
                "jumlah_dihitung": sums.get(row.anggaran_id),
            }
            yield _numbered(record, given)


def budget_sums(group: Sequence[Record[AnggaranRow]]) -> dict[str, int]:
    """Line to the sum of its children; a child without an amount counts by its own sum."""
    children: dict[str, list[AnggaranRow]] = {}
    for record in group:
        if record.row.induk_id is not None:
            children.setdefault(record.row.induk_id, []).append(record.row)
    return {line: s for line in children if (s := _sum_under(line, children)) is not None}


def _sum_under(line: str, children: Mapping[str, Sequence[AnggaranRow]]) -> int | None:
    amounts = [
        _sum_under(row.anggaran_id, children) if row.jumlah is None else row.jumlah
        for row in children.get(line, ())
    ]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _prefixed(document_id: str, table_id: str | None) -> str | None:
    return None if table_id is None else f"{document_id}-{table_id}"


def _numbered(record: Record[Any], given: dict[str, Any]) -> Record[Any]:
    return replace(record, row=record.row.model_copy(update=given))
