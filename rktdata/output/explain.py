"""Where a record was printed and how it was read, told from the dataset alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rktdata.schemas.corrections import WHOLE
from rktdata.schemas.dataset import DOCUMENT_FOLDER

Json = dict[str, Any]


class UnknownRecordError(Exception):
    """The dataset has no record of this id."""


def explain(dataset: Path, record_id: str) -> list[str]:
    """Lines of text: the record's fields with their places, its printed row, and why.

    Args:
        dataset: The dataset folder.
        record_id: An id of indikator.csv, anggaran.csv or tabel.csv; it begins with its
            document's.

    Raises:
        UnknownRecordError: No such folder, document or record.
    """
    document = _document(dataset, record_id)
    for key, kind in (("indikator_id", "indikator"), ("anggaran_id", "anggaran")):
        for record in document[kind]:
            if record[key] == record_id:
                return _record(record, kind, document)
    for table in document["tabel"]:
        if table["tabel_id"] == record_id:
            return _table(table, document)
    raise UnknownRecordError(
        f"{document['berkas']} has no record {record_id!r}; ids stand in indikator.csv, "
        "anggaran.csv and tabel.csv"
    )


def _document(dataset: Path, record_id: str) -> Json:
    folder = dataset / DOCUMENT_FOLDER
    path = folder / f"{record_id.partition('-')[0]}.json"
    if path.parent != folder or not path.is_file():
        raise UnknownRecordError(
            f"{dataset} has no document for {record_id!r}; an id begins with its document's, "
            "as in 0f3a5b7c9d1e2f40-i1"
        )
    content: Json = json.loads(path.read_text("utf-8"))
    return content


def _record(record: Json, kind: str, document: Json) -> list[str]:
    lines = [f"{kind} in {document['berkas']}, page {record['halaman']}", ""]
    width = max(len(name) for name in record)
    for name, value in record.items():
        if value is None or name in ("sumber", "banyak", "alasan", "terbaca", "koreksi"):
            continue
        places = "; ".join(_place(place) for place in record["sumber"].get(name, ()))
        lines.append(f"  {name:<{width}}  {value}" + (f"   [{places}]" if places else ""))
    lines += [f"  {'banyak':<{width}}  {part}" for part in map(_pairs, record["banyak"])]
    lines += _printed_row(record, document)
    if record["alasan"]:
        lines += ["", "why", *(f"  {note}" for note in record["alasan"])]
    return lines + _corrections(record)


def _corrections(record: Json) -> list[str]:
    """What was read where a correction changed it, and who changed it and why."""
    read = [f"  {name}: {value}" for name, value in record.get("terbaca", {}).items()]
    lines = ["", "as read, before corrections", *read] if read else []
    for line in record.get("koreksi", ()):
        what = "confirmed" if line["kolom"] == WHOLE else f"{line['kolom']}: {line['nilai_baru']}"
        said = ", ".join(filter(None, (line["alasan"], line["oleh"])))
        lines.append(f"  koreksi.csv: {what}" + (f" ({said})" if said else ""))
    return lines


def _printed_row(record: Json, document: Json) -> list[str]:
    """The table row that the record was read from, as printed, column by column."""
    number = record.get("baris")
    for table in document["tabel"]:
        if number is not None and table["tabel_id"] == record["tabel_id"]:
            title = " ".join(filter(None, ("table", table["nomor"], table["judul"])))
            lines = ["", f"printed in row {number} of {title} ({table['tabel_id']})"]
            cells = table["baris"][number - 1]["sel"]
            for column, cell in zip(table["kolom"], cells, strict=True):
                if cell is not None:
                    places = "; ".join(_place(place) for place in cell["sumber"])
                    marks = "".join(f" ({mark})" for mark in cell.get("tanda", ()))
                    lines.append(f"  {column or '-'}: {cell['teks']}{marks}   [{places}]")
            return lines
    return []


def _table(table: Json, document: Json) -> list[str]:
    pages = ", ".join(map(str, table["halaman"]))
    title = " ".join(filter(None, (table["nomor"], table["judul"])))
    lines = [
        f"tabel in {document['berkas']}, pages {pages}",
        "",
        f"  {title or '(no title)'}",
        f"  {table['jenis']}, {len(table['baris'])} rows: {' | '.join(table['kolom'])}",
    ]
    for join in table["sambungan"]:
        verb = "continues" if join["disambung"] else "does not continue"
        why = "; ".join(join["bukti"])
        lines.append(f"  page {join['dari']} {verb} on page {join['ke']}: {why}")
    return lines


def _place(place: Json) -> str:
    return f"page {place['halaman']}: {', '.join(map(str, place['kotak']))}"


def _pairs(part: Json) -> str:
    return ", ".join(f"{name} {value}" for name, value in part.items() if value is not None)
