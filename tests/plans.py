"""Small plans made by hand: lists of indicators, budgets and headings as a Document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rktdata.audit import audit
from rktdata.reconcile import reconcile
from rktdata.schemas.document import Document
from rktdata.schemas.findings import Finding
from rktdata.schemas.records import AnggaranRow, DokumenRow, IndikatorRow, Record, TabelRow
from rktdata.schemas.values import Block, BlockKind, Cell, Line, Row, Source, Table, Word


def row(indikator: str, target: str | None = None, **fields: Any) -> dict[str, Any]:
    """An indicator row; "85 %", "3 dokumen", "80", "WTP" and None give the typed target."""
    return {"indikator": indikator, **_target(target), **fields}


def _target(text: str | None) -> dict[str, Any]:
    if text is None:
        return {"target_teks": None, "target_jenis": "kosong"}
    number, _, unit = text.replace("%", " %").partition(" ")
    unit = unit.strip()
    try:
        value = Decimal(number.replace(",", "."))
    except ArithmeticError:
        grade = text.split(" (")[0]
        return {"target_teks": text, "target_jenis": "predikat", "target_predikat": grade}
    if unit == "%":
        kind, unit_name = "persen", "persen"
    else:
        kind, unit_name = ("jumlah", unit.lower()) if unit else ("nilai", "")
    return {
        "target_teks": text,
        "target_nilai": value,
        "target_satuan": unit_name or None,
        "target_jenis": kind,
    }


def table(
    *rows: dict[str, Any],
    number: str | None = None,
    title: str | None = None,
    unit: str | None = None,
    page: int = 1,
    columns: Sequence[str] = (),
    cells: Sequence[Sequence[str | None]] = (),
    caption: str | None = None,
    kind: str = "rencana",
) -> dict[str, Any]:
    return {
        "rows": rows, "number": number, "title": title, "unit": unit, "page": page,
        "columns": columns, "cells": cells, "caption": caption, "kind": kind,
    }  # fmt: skip


def budget(
    uraian: str, jumlah: int | None = None, kode: str | None = None, under: int | None = None,
    table: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A budget line; `under` and `table` count from 0."""
    return {"uraian": uraian, "jumlah": jumlah, "kode": kode, "under": under, "table": table}


def line(text: str, page: int = 1, top: float = 100.0) -> Line:
    box = (50.0, top, 400.0, top + 10)
    return Line(text, box, (Word(text, box, top + 8, 10.0, bold=False, glyphs=len(text)),), page)


def block(kind: BlockKind, text: str, marker: str | None = None, page: int = 1) -> Block:
    return Block(kind, text, (line(text, page),), marker)


def _at(page: int, place: int) -> tuple[Source, ...]:
    return (Source(page, (10.0, 10.0 * place, 90.0, 10.0 * place + 8), 5),)


def plan(
    *tables: dict[str, Any],
    prose: Sequence[dict[str, Any]] = (),
    lines: Sequence[dict[str, Any]] = (),
    blocks: Sequence[Block] = (),
    year: int = 2024,
    kind: str = "RKT",
    agency: str = "Dinas Contoh Provinsi Misal",
    key: str = "d0",
) -> Document:
    read, rows, records = [], [], []
    for place, made in enumerate(tables, 1):
        table_id = f"{key}-t{place}"
        read.append(
            Table(
                f"t{place}", made["number"], made["title"], made["unit"], (made["page"],),
                tuple(made["columns"]),
                tuple(
                    Row(
                        made["page"],
                        tuple(
                            None if c is None else Cell(c, _at(made["page"], at)) for c in cells
                        ),
                    )
                    for at, cells in enumerate(made["cells"])
                ),
                caption=(line(made["caption"], made["page"]),) if made["caption"] else (),
            )
        )  # fmt: skip
        rows.append(
            TabelRow(
                dokumen_id=key, tabel_id=table_id, nomor=made["number"], judul=made["title"],
                unit_kerja=made["unit"], jenis=made["kind"], halaman_awal=made["page"],
                halaman_akhir=made["page"], baris=len(made["rows"]), kolom=len(made["columns"]),
            )
        )  # fmt: skip
        for at, values in enumerate(made["rows"], 1):
            records.append((table_id, at, made["page"], values))
    records += [(None, None, 1, values) for values in prose]
    indicators = []
    for number, (table_id, at, page, values) in enumerate(records, 1):
        values = {"tahun": year, "baris": at, **values}
        made_row = IndikatorRow(
            indikator_id=f"{key}-i{number}", dokumen_id=key, tabel_id=table_id,
            halaman=page, **values,
        )  # fmt: skip
        where = _at(page, number)
        indicators.append(Record(made_row, {"target_teks": where, "indikator": where}))
    budgets = [
        Record(
            AnggaranRow(
                anggaran_id=f"{key}-a{n}", dokumen_id=key, halaman=1, uraian=x["uraian"],
                tabel_id=None if x["table"] is None else f"{key}-t{x['table'] + 1}",
                jumlah=x["jumlah"], kode=x["kode"],
                induk_id=None if x["under"] is None else f"{key}-a{x['under']}",
            )
        )
        for n, x in enumerate(lines)
    ]  # fmt: skip
    return Document(
        DokumenRow(
            dokumen_id=key, berkas=f"{key}.pdf", jenis=kind, instansi=agency, tahun=year,
            status="lengkap",
        ),
        tuple(read), tuple(rows), tuple(indicators), tuple(budgets), tuple(blocks),
    )  # fmt: skip


def findings(*documents: Document, rule: str | None = None) -> list[Finding]:
    """All findings, or one rule's."""
    found = audit(documents, reconcile(documents))
    return [f for f in found if rule is None or f.rule.id == rule]


def rules(*documents: Document) -> set[str]:
    """Ids of the rules that speak."""
    return {f.rule.id for f in findings(*documents)}
