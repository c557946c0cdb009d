"""Corrections applied to a document, and taken back.

What was read stays: each changed field's reading is kept beside it (`Record.as_read`),
keys and old texts are compared with it, and to apply corrections is to start from it. So
applying twice is applying once, and a line that is removed leaves no trace. Printed
text in the tables is never touched.

Of several lines for one field the last one that fits counts. A corrected `target_teks`
is read as if it were printed in the record's cell, with the same column, unit and
neighbours round it; fields that are corrected themselves are left as corrected.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from rktdata.corrections.fields import parse_field, same_value
from rktdata.corrections.keys import find_record, record_keys
from rktdata.normalize.records import budget_sums, parts_of, target_context, target_fields
from rktdata.normalize.targets import kind_of, read_value
from rktdata.normalize.units import Vocabulary, canonical_unit, load_vocabulary
from rktdata.schemas.corrections import (
    CONFIRMED,
    CORRECTED,
    DOCUMENT,
    FIELDS,
    WHOLE,
    Cause,
    Correction,
    Lapse,
)
from rktdata.schemas.document import Corrected, Document, DocumentInfo
from rktdata.schemas.plain import plain
from rktdata.schemas.records import AnggaranRow, DokumenRow, IndikatorRow, Record

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# What a number makes of these kinds: one of its unit's.
_WITHOUT_NUMBER = ("teks", "kosong", "rentang", "banyak")
_NUMBERS = ("target_nilai", "target_bawah", "target_atas")
_OF_A_UNIT = ("persen", "jumlah", "nilai", "rupiah")


def kind_of_record(record: Record[Any]) -> str:
    """The file its row stands in: "indikator" or "anggaran"."""
    return "indikator" if isinstance(record.row, IndikatorRow) else "anggaran"


def id_of(record: Record[Any]) -> str:
    """Its indikator_id or anggaran_id."""
    return str(getattr(record.row, record.row.key))


def summary_of(record: Record[Any]) -> str:
    """What is confirmed when a whole record is: its main fields as read, in one line.

    >>> row = IndikatorRow(indikator_id="i", dokumen_id="d", halaman=1, indikator="Opini BPK",
    ...                    tahun=2024, target_teks="WTP", target_jenis="predikat")
    >>> summary_of(Record(row))
    'Opini BPK | 2024 | WTP | - | -'
    """
    row = record.row
    fields: list[Any]
    if isinstance(row, IndikatorRow):
        bounds = [
            plain(bound) for bound in (row.target_bawah, row.target_atas) if bound is not None
        ]
        number = plain(row.target_nilai) or "-".join(bounds)
        fields = [row.indikator, row.tahun, row.target_teks, number, row.target_satuan]
    else:
        fields = [row.kode, row.uraian, row.jumlah]
    return " | ".join(plain(value) or "-" for value in fields)


def old_text(record: Record[Any], name: str) -> str:
    """What a line's `teks_lama` is for a field of a record as read."""
    return summary_of(record) if name == WHOLE else plain(getattr(record.row, name))


def restored(record: Record[Any]) -> Record[Any]:
    """The record as it was read."""
    if not record.as_read and not record.corrections:
        return record
    fields = {name: value for name, value in record.as_read.items() if name != "banyak"}
    return replace(
        record,
        row=type(record.row).model_validate({**record.row.model_dump(), **fields}),
        parts=tuple(record.as_read.get("banyak", record.parts)),
        as_read={},
        corrections=(),
    )


def restore(document: Document) -> Document:
    """The document as it was read."""
    return replace(
        document,
        row=document.row.model_copy(update=document.as_read),
        as_read={},
        corrections=(),
        indicators=tuple(map(restored, document.indicators)),
        budget=tuple(map(restored, document.budget)),
    )


def correct(
    document: Document, corrections: Sequence[Correction], vocabulary: Vocabulary | None = None
) -> Corrected:
    """The document with these corrections, and no others, in force.

    Args:
        document: As read, or as corrected before.
        corrections: In the order of their weight, the last of a field's counts; those of
            other documents are passed over.
        vocabulary: With which corrected targets are read; the built-in one where None.
    """
    document = restore(document)
    own = [c for c in corrections if c.dokumen_id == document.row.dokumen_id]
    if not own:
        return Corrected(document)
    words = load_vocabulary(None) if vocabulary is None else vocabulary
    of_row = [c for c in own if c.kunci == DOCUMENT]
    of_records = [c for c in own if c.kunci != DOCUMENT]
    row_lines, row_lapses = _choose_for_row(of_row, document.row)
    chosen, lapses = _choose(of_records, record_keys([*document.indicators, *document.budget]))

    def changes(record: Record[Any]) -> dict[str, Correction]:
        return chosen.get(id_of(record), {})

    indicators = tuple(
        _corrected_indicator(record, changes(record), document, words)
        if changes(record)
        else record
        for record in document.indicators
    )
    budget = tuple(
        _corrected(record, _direct("anggaran", changes(record)), changes(record))
        if changes(record)
        else record
        for record in document.budget
    )
    amended = {id_of(r) for r in budget if "jumlah" in r.as_read}
    made = replace(document, indicators=indicators, budget=_summed(budget, amended))
    if row_lines:
        made = _with_row(made, row_lines)
    in_force = {id(c) for lines in (row_lines, *chosen.values()) for c in lines.values()}
    applied = tuple(c for c in own if id(c) in in_force)
    return Corrected(made, applied, (*row_lapses, *lapses))


def _choose_for_row(
    lines: Iterable[Correction], row: DokumenRow
) -> tuple[dict[str, Correction], list[Lapse]]:
    """By field of the document's row the line that counts; and the lines that mean nothing."""
    chosen: dict[str, Correction] = {}
    lapsed: dict[str, Lapse] = {}
    for line in lines:
        name, value = line.kolom, getattr(row, line.kolom)
        if same_value(DOCUMENT, name, line.teks_lama, value):
            chosen[name] = line
        else:
            read = same_value(DOCUMENT, name, line.nilai_baru, value)
            lapsed[name] = Lapse(line, "terbaca" if read else "berubah", plain(value))
    kept = [lapsed[n] for n in lapsed if n not in chosen and not lapsed[n].correction.takes_back]
    return chosen, kept


def _with_row(document: Document, lines: dict[str, Correction]) -> Document:
    """The document with its own row corrected, and what took its year from there."""
    row = document.row
    given = _direct(DOCUMENT, lines)
    changed = {name: value for name, value in given.items() if value != getattr(row, name)}
    if not changed:
        return document
    indicators = document.indicators
    if "tahun" in changed:
        indicators = _dated(document, changed["tahun"])
    changed["tanda"] = CORRECTED
    return replace(
        document,
        row=row.model_copy(update=changed),
        indicators=indicators,
        as_read={name: getattr(row, name) for name in changed},
        corrections=tuple(c for c in lines.values() if c.kolom in changed),
    )


def _dated(document: Document, year: int | None) -> tuple[Record[IndikatorRow], ...]:
    """The indicators, those in a new year that had the document's for want of a nearer one.

    That is so where no column and no title prints a year; where one row has several such
    targets, its columns are years apart, and none is changed.
    """
    old = document.row.tahun
    titles = {row.tabel_id: row.judul or "" for row in document.table_rows}

    def is_dated_so(record: Record[IndikatorRow]) -> bool:
        row = record.row
        if row.tahun != old or "tahun" in record.sources or "tahun" in record.as_read:
            return False
        if row.tabel_id is None:  # a sentence may have said it
            return old is None
        return _YEAR.search(titles.get(row.tabel_id, "")) is None

    dated = [record for record in document.indicators if is_dated_so(record)]
    rows = Counter((r.row.tabel_id, r.row.baris) for r in dated)
    meant = {
        id(r) for r in dated if r.row.tabel_id is None or rows[r.row.tabel_id, r.row.baris] == 1
    }
    return tuple(
        replace(
            record,
            row=record.row.model_copy(update={"tahun": year}),
            as_read={**record.as_read, "tahun": old},
        )
        if id(record) in meant
        else record
        for record in document.indicators
    )


def _choose(
    own: Iterable[Correction], records: dict[str, Record[Any]]
) -> tuple[dict[str, dict[str, Correction]], list[Lapse]]:
    """By record id and field the line that counts; and the lines that mean nothing."""
    chosen: dict[str, dict[str, Correction]] = {}
    lapsed: dict[tuple[str, str], Lapse] = {}
    for correction in own:
        meant = find_record(correction.kunci, records)
        if len(meant) != 1:
            cause: Cause = "mendua" if meant else "hilang"
            lapsed[correction.kunci, correction.kolom] = Lapse(correction, cause)
            continue
        [record] = meant
        place = (id_of(record), correction.kolom)
        cause_now = _misfit(correction, record)
        if cause_now is None:
            chosen.setdefault(place[0], {})[place[1]] = correction
        else:
            lapsed[place] = Lapse(correction, cause_now, old_text(record, correction.kolom))
    kept = [
        lapse
        for place, lapse in lapsed.items()
        if place[1] not in chosen.get(place[0], {}) and not lapse.correction.takes_back
    ]
    return chosen, kept


def _misfit(correction: Correction, record: Record[Any]) -> Cause | None:
    """Why a line does not fit a record; None where it does."""
    name = correction.kolom
    if name == WHOLE:
        same = same_summary(correction.teks_lama, summary_of(record))
        return None if same else "berubah"
    kind, value = kind_of_record(record), getattr(record.row, name)
    if same_value(kind, name, correction.teks_lama, value):
        return None
    return "terbaca" if same_value(kind, name, correction.nilai_baru, value) else "berubah"


def same_summary(first: str, second: str) -> bool:
    """Whether two summaries say the same; spaces do not count."""
    return "".join(first.split()) == "".join(second.split())


def _direct(kind: str, changes: dict[str, Correction]) -> dict[str, Any]:
    """The fields that are given, typed, in the order of their columns."""
    return {
        name: parse_field(kind, name, changes[name].nilai_baru)
        for name in FIELDS[kind]
        if name in changes
    }


def _corrected_indicator(
    record: Record[IndikatorRow],
    changes: dict[str, Correction],
    document: Document,
    words: Vocabulary,
) -> Record[IndikatorRow]:
    given = _direct("indikator", changes)
    fields: dict[str, Any] = {}
    parts = record.parts
    if given.get("target_teks", record.row.target_teks) == record.row.target_teks:
        # What is given as it was read takes a former line back, and changes nothing else.
        given = {n: value for n, value in given.items() if value != getattr(record.row, n)}
    else:
        text = given["target_teks"]
        tables = {
            row.tabel_id: table
            for row, table in zip(document.table_rows, document.tables, strict=True)
        }
        about = document.row
        info = DocumentInfo(about.jenis or "LAIN", about.instansi, about.tahun)
        table = tables.get(record.row.tabel_id or "")
        context = replace(target_context(record, table, info), ocr=False)
        value = None if text is None else read_value(text, "target", context, words)
        fields = dict.fromkeys(n for n in FIELDS["indikator"] if n.startswith("target_"))
        fields |= target_fields(value)
        fields["keyakinan"] = 1.0 if value is None else value.keyakinan
        parts = parts_of(value)
        marks = [*(record.row.tanda or "").split(), *(value.tanda if value else ())]
        fields["tanda"] = " ".join(dict.fromkeys(marks)) or None
    fields |= given
    if fields.get("target_satuan"):
        unit = fields["target_satuan"]
        fields["target_satuan"] = canonical_unit(unit, words) or unit.lower()
    fitting = _fitting(record.row.model_copy(update=fields), given, words)
    fields |= {name: value for name, value in fitting.items() if name not in changes}
    if any(given.get(name) is not None for name in _NUMBERS):
        fields["keyakinan"], parts = 1.0, ()
    return _corrected(record, fields, changes, parts)


def _fitting(row: IndikatorRow, given: dict[str, Any], words: Vocabulary) -> dict[str, Any]:
    """What else a number or a unit changes that was given, so that the row stays of a piece."""
    made: dict[str, Any] = {}
    if given.get("target_nilai") is not None:
        made |= {"target_operator": row.target_operator or "="}
        if row.target_jenis in _WITHOUT_NUMBER:
            made |= {"target_jenis": kind_of(row.target_satuan, words)}
            made |= {"target_bawah": None, "target_atas": None}
    elif given.get("target_bawah") is not None or given.get("target_atas") is not None:
        made |= {"target_jenis": "rentang", "target_nilai": None, "target_operator": None}
    elif "target_satuan" in given and row.target_jenis in _OF_A_UNIT:
        made |= {"target_jenis": kind_of(row.target_satuan, words)}
    return made


def _corrected(
    record: Record[Any],
    fields: dict[str, Any],
    changes: dict[str, Correction],
    parts: tuple[dict[str, Any], ...] | None = None,
) -> Record[Any]:
    """The record with these fields, what they were, and the marks that say so."""
    row = record.row
    changed = {name: value for name, value in fields.items() if value != getattr(row, name)}
    marks = str(changed.get("tanda") or row.tanda or "").split()
    if set(changed) - {"tanda", "keyakinan"}:
        marks.append(CORRECTED)
    if WHOLE in changes and changes[WHOLE].confirms:
        marks.append(CONFIRMED)
        if isinstance(row, IndikatorRow) and row.keyakinan != 1:
            changed["keyakinan"] = 1.0
    if marks != (row.tanda or "").split():
        changed["tanda"] = " ".join(dict.fromkeys(marks))
    as_read = {name: getattr(row, name) for name in type(row).model_fields if name in changed}
    if parts is not None and parts != record.parts:
        as_read["banyak"] = list(record.parts)
    return replace(
        record,
        row=row.model_copy(update=changed),
        parts=record.parts if parts is None else parts,
        as_read=as_read,
        corrections=tuple(c for c in changes.values() if c.confirms or c.kolom in changed),
    )


def _summed(
    budget: Sequence[Record[AnggaranRow]], amended: set[str]
) -> tuple[Record[AnggaranRow], ...]:
    """The lines with the sums of those above an amended one computed again."""
    parents = {record.row.anggaran_id: record.row.induk_id for record in budget}
    above: set[str] = set()
    for line in amended:
        at = parents.get(line)
        while at is not None and at not in above:
            above.add(at)
            at = parents.get(at)
    if not above:
        return tuple(budget)
    sums = budget_sums(budget)
    return tuple(
        replace(
            record,
            row=record.row.model_copy(update={"jumlah_dihitung": sums.get(record.row.anggaran_id)}),
            as_read={"jumlah_dihitung": record.row.jumlah_dihitung, **record.as_read},
        )
        if record.row.anggaran_id in above
        and record.row.jumlah_dihitung != sums.get(record.row.anggaran_id)
        else record
        for record in budget
    )
