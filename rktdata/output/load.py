"""A written dataset read back into `Document` values, without the PDFs.

`dokumen.csv` says which documents there are and in which order; each one's JSON holds
the rest. What comes back is all that reconcile, audit and the writers look at: writing it
again gives the same bytes. Not kept in the JSON, and so not in what is read: the glyph
counts of places (0 here), the single words of a line (one here, as long as the line)
and captions that a table repeats.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rktdata.schemas.corrections import Correction
from rktdata.schemas.dataset import DOCUMENT_FOLDER
from rktdata.schemas.document import Document
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.records import (
    AnggaranRow,
    DokumenRow,
    IndikatorRow,
    R,
    Record,
    TabelRow,
)
from rktdata.schemas.values import (
    Block,
    Box,
    Cell,
    Join,
    Line,
    PageInfo,
    PageLedger,
    Row,
    Source,
    Table,
    Word,
)

Json = dict[str, Any]
_REREAD = "read the PDFs again with rkt extract"


def read_document_rows(dataset: Path) -> list[DokumenRow]:
    """The rows of dokumen.csv, in their order.

    Raises:
        DatasetError: There is no dataset in the folder, or its file is damaged.
    """
    path = dataset / DokumenRow.file_name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                DokumenRow.model_validate(
                    {name: text or None for name, text in row.items() if name}
                )
                for row in csv.DictReader(file)
            ]
    except FileNotFoundError as error:
        raise DatasetError(f"{dataset} holds no {DokumenRow.file_name}; name a dataset") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be opened: {error.strerror}") from error
    except (ValueError, csv.Error) as error:
        raise DatasetError(f"{path} is damaged ({_first(error)}); {_REREAD}") from error


def load_document(dataset: Path, row: DokumenRow) -> Document:
    """One document of a dataset, from its JSON.

    Args:
        dataset: The folder.
        row: The document's row of dokumen.csv, its status not "gagal".

    Raises:
        DatasetError: Its JSON is missing, damaged, or was written by another version.
    """
    path = dataset / DOCUMENT_FOLDER / f"{row.dokumen_id}.json"
    try:
        return document_of(json.loads(path.read_text("utf-8"), parse_float=Decimal), row)
    except OSError as error:
        raise DatasetError(f"{path} cannot be opened ({error.strerror}); {_REREAD}") from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise DatasetError(f"{path} cannot be understood ({_first(error)}); {_REREAD}") from error


def document_of(content: Json, row: DokumenRow) -> Document:
    """The document that `document_object` made this of; numbers are int or Decimal."""
    key = row.dokumen_id
    return Document(
        row=row,
        tables=tuple(_table(entry, key) for entry in content["tabel"]),
        table_rows=tuple(_table_row(entry, key) for entry in content["tabel"]),
        indicators=tuple(_record(IndikatorRow, entry) for entry in content["indikator"]),
        budget=tuple(_record(AnggaranRow, entry) for entry in content["anggaran"]),
        blocks=tuple(map(_block, content["naskah"])),
        pages=tuple(map(_page, content["halaman"])),
        ledgers=tuple(map(_ledger, content["neraca"])),
        messages=tuple(content["pesan"]),
        as_read=dict(content.get("terbaca", {})),
        corrections=_corrections(key, content),
    )


def _table(entry: Json, document_id: str) -> Table:
    return Table(
        id=entry["tabel_id"].removeprefix(f"{document_id}-"),
        number=entry["nomor"],
        title=entry["judul"],
        unit=entry["unit_kerja"],
        pages=tuple(entry["halaman"]),
        columns=tuple(entry["kolom"]),
        rows=tuple(
            Row(row["halaman"], tuple(map(_cell, row["sel"])), row["jenis"])
            for row in entry["baris"]
        ),
        header_sources=_sources(entry["kepala"]),
        repeated_sources=_sources(entry["kepala_ulang"]),
        caption=tuple(map(_line, entry["keterangan"])),
        joins=tuple(
            Join(join["dari"], join["ke"], join["disambung"], tuple(join["bukti"]))
            for join in entry["sambungan"]
        ),
        marks=tuple(entry["tanda"]),
    )


def _table_row(entry: Json, document_id: str) -> TabelRow:
    return TabelRow(
        dokumen_id=document_id,
        tabel_id=entry["tabel_id"],
        nomor=entry["nomor"],
        judul=entry["judul"],
        unit_kerja=entry["unit_kerja"],
        jenis=entry["jenis"],
        halaman_awal=entry["halaman"][0],
        halaman_akhir=entry["halaman"][-1],
        baris=len(entry["baris"]),
        kolom=len(entry["kolom"]),
    )


def _cell(entry: Json | None) -> Cell | None:
    if entry is None:
        return None
    return Cell(entry["teks"], _sources(entry["sumber"]), tuple(entry.get("tanda", ())))


def _record(model: type[R], entry: Json) -> Record[R]:
    row = {name: entry[name] for name in model.model_fields}
    return Record(
        row=model.model_validate(row),
        sources={name: _sources(places) for name, places in entry["sumber"].items()},
        parts=tuple(entry["banyak"]),
        notes=tuple(entry["alasan"]),
        as_read=_as_read(model, row, entry.get("terbaca", {})),
        corrections=_corrections(entry["dokumen_id"], entry),
    )


def _corrections(document_id: str, entry: Json) -> tuple[Correction, ...]:
    return tuple(Correction(document_id, "", **said) for said in entry.get("koreksi", ()))


def _as_read(model: type[R], row: Json, read: Json) -> Json:
    """What corrections replaced, of the types that it has in a row."""
    names = [name for name in read if name != "banyak"]
    typed = model.model_validate({**row, **{name: read[name] for name in names}})
    return {name: getattr(typed, name) if name in names else read[name] for name in read}


def _block(entry: Json) -> Block:
    return Block(
        kind=entry["jenis"],
        text=entry["teks"],
        lines=tuple(map(_line, entry["sumber"])),
        marker=entry["penanda"],
        level=entry["tingkat"],
    )


def _page(entry: Json) -> PageInfo:
    return PageInfo(
        halaman=entry["halaman"],
        lebar=float(entry["lebar"]),
        tinggi=float(entry["tinggi"]),
        putaran=entry["putaran"],
        pembaca=entry["pembaca"],
        catatan=tuple(entry["catatan"]),
    )


def _ledger(entry: Json) -> PageLedger:
    return PageLedger(
        halaman=entry["halaman"],
        masuk=entry["masuk"],
        keluar=dict(entry["keluar"]),
        sisa=tuple((rest["teks"], _box(rest["kotak"])) for rest in entry["sisa"]),
    )


def _line(entry: Json) -> Line:
    text, box = entry["teks"], _box(entry["kotak"])
    glyphs = sum(not sign.isspace() for sign in text)
    word = Word(text, box, baseline=box[3], size=box[3] - box[1], bold=False, glyphs=glyphs)
    return Line(text, box, (word,), entry["halaman"])


def _sources(places: Iterable[Json]) -> tuple[Source, ...]:
    return tuple(Source(place["halaman"], _box(place["kotak"]), 0) for place in places)


def _box(edges: Iterable[Any]) -> Box:
    box = tuple(map(float, edges))
    if len(box) != 4:
        raise ValueError(f"a box of {len(box)} numbers")
    return box


def _first(error: Exception) -> str:
    """What an error says, in one line."""
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    return f"{type(error).__name__}: {error}".splitlines()[0]
