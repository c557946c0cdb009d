"""Gold of the development corpus as Documents, for the stages behind the reading.

Sources are made up (one box per row); blocks of running text, which the gold does not
hold, are cut from the PDF's text by simple patterns.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rktdata.schemas.document import Document
from rktdata.schemas.records import AnggaranRow, DokumenRow, IndikatorRow, Record, TabelRow
from rktdata.schemas.values import Block, BlockKind, Cell, Line, Row, Source, Table, Word

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
_HEADING = re.compile(
    r"^((?:BAB|Bab)\s+[IVX]+\.?|[A-Z]\.|\d\.\d)\s+(?=[A-Z])|^((?:BAB|Bab) [IVX]+\.?)$"
)
_ITEM = re.compile(r"^(\d{1,2}\.\d\.?|\d{1,2}[.)]|[a-z]\.|-)\s+(?=\S)")


def gold_path(name: str) -> Path:
    path = CORPUS / "gold" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no development corpus at {CORPUS}: {path.name} is needed")
    return path


@cache
def gold_document(name: str) -> Document:
    """One gold file as a Document; skips the test where the corpus is not there."""
    path = gold_path(name)
    return document_of(json.loads(path.read_text("utf-8")), read_blocks(name))


def gold_names() -> list[str]:
    return sorted(p.stem for p in (CORPUS / "gold").glob("*.json"))


def document_of(gold: dict[str, Any], blocks: tuple[Block, ...] = ()) -> Document:
    sha = hashlib.sha256(gold["sumber"].encode()).hexdigest()
    key = sha[:16]
    about = gold["dokumen"]
    tables = tuple(_table(t) for t in gold["tabel"])
    return Document(
        DokumenRow(
            dokumen_id=key,
            berkas=gold["sumber"],
            sha256=sha,
            jenis=about["jenis"],
            instansi=about["instansi"],
            tahun=about["tahun"],
            status="lengkap",
        ),
        tables,
        tuple(_table_row(key, t, g) for t, g in zip(tables, gold["tabel"], strict=True)),
        tuple(_indicators(key, gold)),
        tuple(_budget(key, gold)),
        blocks,
    )


def _source(page: int, place: int) -> Source:
    return Source(page, (50.0, 50.0 + place, 500.0, 60.0 + place), 10)


def _table(gold: dict[str, Any]) -> Table:
    rows = tuple(
        Row(
            r["halaman"],
            tuple(
                None if text is None else Cell(text, (_source(r["halaman"], n),))
                for text in r["sel"]
            ),
            "bagian" if sum(text is not None for text in r["sel"]) == 1 else "data",
        )
        for n, r in enumerate(gold["baris"], 1)
    )
    word = "" if gold["nomor"] == "11" else "Tabel "
    caption = (_line(f"{word}{gold['nomor']}. {gold['judul']}", gold["halaman"][0]),)
    return Table(
        gold["id"],
        gold["nomor"],
        gold["judul"],
        gold["unit_kerja"],
        tuple(gold["halaman"]),
        tuple(gold["kolom"]),
        rows,
        caption=caption if gold["nomor"] else (),
    )


def _table_row(key: str, table: Table, gold: dict[str, Any]) -> TabelRow:
    has_target = any("target" in c.lower() or "indikator" in c.lower() for c in table.columns)
    return TabelRow(
        dokumen_id=key,
        tabel_id=f"{key}-{table.id}",
        nomor=table.number,
        judul=table.title,
        unit_kerja=table.unit,
        jenis="rencana" if has_target else "anggaran",
        halaman_awal=table.pages[0],
        halaman_akhir=table.pages[-1],
        baris=len(table.rows),
        kolom=len(table.columns),
    )


def _indicators(key: str, gold: dict[str, Any]) -> list[Record[IndikatorRow]]:
    rows = {
        t["id"]: [" | ".join(c or "" for c in r["sel"]) for r in t["baris"]] for t in gold["tabel"]
    }
    at: dict[str | None, int] = {}
    years: dict[str | None, set[int | None]] = {}
    records = []
    for number, item in enumerate(gold["indikator"], 1):
        table = item["tabel"]
        place = None
        if table:
            start = at.get(table, 0)
            if item["tahun"] in years.get(table, set()) or start == 0:
                start += 1
                years[table] = set()
            texts = rows[table]
            place = next(
                (n for n in range(start, len(texts) + 1) if item["indikator"] in texts[n - 1]), None
            )
            if place:
                at[table] = place
            years.setdefault(table, set()).add(item["tahun"])
        values = {k: v for k, v in item.items() if k not in ("tabel", "baris") and v is not None}
        for name in ("target_nilai", "target_bawah", "target_atas"):
            if values.get(name) is not None:
                values[name] = Decimal(str(values[name]))
        if item["target_jenis"] == "predikat":
            values.setdefault("target_predikat", item["target_teks"].split(" (")[0])
        row = IndikatorRow(
            indikator_id=f"{key}-i{number}",
            dokumen_id=key,
            tabel_id=f"{key}-{table}" if table else None,
            baris=place,
            **values,
        )
        source = (_source(row.halaman, place or number),)
        records.append(Record(row, {"indikator": source, "target_teks": source}))
    return records


def _budget(key: str, gold: dict[str, Any]) -> list[Record[AnggaranRow]]:
    records = []
    rows = [
        (t["id"], " | ".join(c or "" for c in r["sel"])) for t in gold["tabel"] for r in t["baris"]
    ]
    at = 0
    for number, item in enumerate(gold["anggaran"]):
        values = {k: v for k, v in item.items() if k not in ("induk", "tabel")}
        parent = item["induk"]
        amount = f"{item['jumlah']:,}".replace(",", ".") if item["jumlah"] else ""
        found = next(
            (
                n
                for n in range(at, len(rows))
                if item["uraian"] in rows[n][1] and amount in rows[n][1]
            ),
            None,
        )
        table = None
        if found is not None and not gold["sumber"].startswith("rkt-kpu"):
            table, at = rows[found][0], found + 1
        row = AnggaranRow(
            anggaran_id=f"{key}-a{number + 1}",
            dokumen_id=key,
            tabel_id=f"{key}-{table}" if table else None,
            induk_id=None if parent is None else f"{key}-a{parent + 1}",
            **values,
        )
        records.append(Record(row, {"jumlah": (_source(row.halaman, number),)}))
    return records


def _line(text: str, page: int, top: float = 100.0) -> Line:
    box = (50.0, top, 500.0, top + 10)
    word = Word(text, box, top + 8, 10.0, bold=False, glyphs=len(text.replace(" ", "")))
    return Line(text, box, (word,), page)


def read_blocks(name: str) -> tuple[Block, ...]:
    """Headings, list items and prose of a PDF, its tables cut off; empty without tables."""
    if name != "rkt-kpu-ntt-2024":
        return ()
    import pypdfium2

    path = CORPUS / "pdf" / f"{name}.pdf"
    document = pypdfium2.PdfDocument(path.read_bytes())
    blocks: list[tuple[BlockKind, str | None, list[Line]]] = []
    in_table = False
    for number in range(1, len(document) + 1):
        text = document[number - 1].get_textpage().get_text_range().replace("\r", "")
        for place, raw in enumerate(text.split("\n")):
            printed = raw.strip()
            if printed.startswith("Tabel ") and not re.search(r"\.{4}", printed):
                in_table = True
            heading = _HEADING.match(printed)
            if heading and (heading[1] or heading[2] or "").startswith(
                ("A", "B", "C", "D", "E", "F", "G")
            ):
                in_table = False
            if in_table or not printed or printed.isdigit():
                continue
            line = _line(printed, number, 50.0 + 12 * place)
            item = _ITEM.match(printed)
            if heading:
                blocks.append(("judul", (heading[1] or heading[2]).strip(), [line]))
            elif item:
                blocks.append(("butir", item[1], [line]))
            elif (
                blocks
                and blocks[-1][0] != "judul"
                and not blocks[-1][2][-1].text.endswith((".", ":"))
                and not printed.startswith("…")
            ):
                blocks[-1][2].append(line)
            else:
                blocks.append(("prosa", None, [line]))
    return tuple(
        Block(kind, " ".join(line.text for line in lines), tuple(lines), marker)
        for kind, marker, lines in blocks
    )
