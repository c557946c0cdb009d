"""A correction made by a record's id: what `rkt correct` and the review page write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rktdata.corrections.apply import correct, id_of, old_text, restore
from rktdata.corrections.keys import record_keys
from rktdata.output.corrections import append_correction, check, read_corrections
from rktdata.output.explain import UnknownRecordError
from rktdata.output.load import load_document, read_document_rows
from rktdata.schemas.corrections import DOCUMENT, Correction
from rktdata.schemas.document import Document
from rktdata.schemas.plain import plain
from rktdata.schemas.records import Record


@dataclass(frozen=True, slots=True)
class Written:
    """A correction that was added to a file.

    Attributes:
        correction: The line.
        record: The record with it, and with all other corrections, in force; None where
            the document itself was corrected.
        path: The file.
    """

    correction: Correction
    record: Record[Any] | None
    path: Path


def correct_record(
    dataset: Path, record_id: str, field: str, value: str, reason: str = "", who: str = ""
) -> Written:
    """Add a line to koreksi.csv; the next run or audit puts it into the dataset.

    Args:
        dataset: Its folder.
        record_id: An indikator_id, anggaran_id or dokumen_id.
        field: A column that can be corrected, or `WHOLE` to confirm the record.
        value: What it is to be, "" for nothing; where the field is `WHOLE`, "benar" to
            confirm and "" to take that back.
        reason: Why.
        who: Who says so.

    Raises:
        UnknownRecordError: There is no such record.
        ValueError: There is no such field, or it cannot hold the value.
        DatasetError: The dataset or its koreksi.csv cannot be read or written.
    """
    document = document_of_record(dataset, record_id)
    correction = correction_for(document, record_id, field, value, reason, who)
    path = append_correction(dataset, correction)
    corrected = correct(document, read_corrections(dataset)).document
    whole = correction.kunci == DOCUMENT
    return Written(correction, None if whole else find(corrected, record_id), path)


def correction_for(
    document: Document, record_id: str, field: str, value: str, reason: str, who: str
) -> Correction:
    """The line for a record of a document; see `correct_record`."""
    document = restore(document)
    document_id, value = document.row.dokumen_id, value.strip()
    if record_id == document_id:
        made = Correction(document_id, DOCUMENT, field, "", value, reason, who)
        check(made)
        return replace(made, teks_lama=plain(getattr(document.row, field)))
    keys = record_keys([*document.indicators, *document.budget])
    key, record = next(
        ((key, found) for key, found in keys.items() if id_of(found) == record_id), (None, None)
    )
    if key is None or record is None:
        raise _unknown(document.row.berkas, record_id)
    made = Correction(document_id, key, field, "", value, reason, who)
    check(made)
    return replace(made, teks_lama=old_text(record, field))


def document_of_record(dataset: Path, record_id: str) -> Document:
    """The document that a record's id names.

    Raises:
        UnknownRecordError: There is none.
        DatasetError: There is no dataset, or it is damaged.
    """
    document_id = record_id.partition("-")[0]
    for row in read_document_rows(dataset):
        if row.dokumen_id == document_id and row.status != "gagal":
            return load_document(dataset, row)
    raise _unknown(str(dataset), record_id)


def find(document: Document, record_id: str) -> Record[Any]:
    """A record by its id.

    Raises:
        UnknownRecordError: There is none.
    """
    records: list[Record[Any]] = [*document.indicators, *document.budget]
    for record in records:
        if id_of(record) == record_id:
            return record
    raise _unknown(document.row.berkas, record_id)


def _unknown(where: str, record_id: str) -> UnknownRecordError:
    return UnknownRecordError(
        f"{where} has no record {record_id!r}; ids stand in indikator.csv and anggaran.csv, "
        "as in 0f3a5b7c9d1e2f40-i1, and of a document in dokumen.csv"
    )
