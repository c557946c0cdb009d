"""Tables of the gold files as our values, and the comparison that score.py makes."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

from rktdata.normalize.records import (
    number_budget,
    number_indicators,
    read_budget,
    read_indicators,
)
from rktdata.schemas.document import DocumentInfo
from rktdata.schemas.values import Cell, Row, Table

SHARED = Path(__file__).resolve().parents[3] / "shared"


def load_score() -> ModuleType:
    """The project's score.py as a module."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools" / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gold_tables(gold: dict[str, Any]) -> list[Table]:
    """The gold's tables as the extractor would hand them over, without sources."""
    tables = []
    for t in gold["tabel"]:
        rows = tuple(
            Row(r["halaman"], tuple(None if c is None else Cell(c) for c in r["sel"]))
            for r in t["baris"]
        )
        tables.append(
            Table(
                id=t["id"],
                number=t["nomor"],
                title=t["judul"],
                unit=t["unit_kerja"],
                pages=tuple(t["halaman"]),
                columns=tuple(t["kolom"]),
                rows=rows,
            )
        )
    return tables


def read_gold(path: Path) -> tuple[Counter[Any], Counter[Any], Counter[Any], Counter[Any]]:
    """Got and wanted indicators, got and wanted budget lines, of one gold file's tables."""
    score = load_score()
    gold = json.loads(path.read_text("utf-8"))
    said = gold["dokumen"]
    info = DocumentInfo(said["jenis"], said["instansi"], said["tahun"])
    tables = gold_tables(gold)
    indicators = number_indicators("d", [read_indicators(t, info) for t in tables])
    budget = list(number_budget("d", [read_budget(t, info) for t in tables]))
    names = {r.row.anggaran_id: r.row.uraian for r in budget}
    got_i = Counter(score.record(r.row.model_dump(), score.squash) for r in indicators)
    want_i = Counter(score.record(r, score.squash) for r in gold["indikator"] if r.get("tabel"))
    lines = [r.row.model_dump() | {"induk": names.get(r.row.induk_id or "")} for r in budget]
    listed = gold.get("anggaran", [])
    from_tables = [a for a in listed if a.get("tabel", True)] if budget else []
    want = [
        a | {"induk": listed[a["induk"]]["uraian"] if a["induk"] is not None else None}
        for a in from_tables
    ]
    return got_i, want_i, score.budget_of(lines, score.squash), score.budget_of(want, score.squash)
