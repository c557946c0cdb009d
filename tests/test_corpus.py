"""The development corpus, where it is there: nothing fails, nothing is lost, scores hold.

RKT_CORPUS=1 reads the documents of more than LONG_PAGES pages as well, which takes most
of a minute.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdfium2
import pytest

from rktdata.batch import outcome
from rktdata.output.write_json import document_object
from rktdata.pipeline import read_document
from rktdata.schemas.document import Document
from rktdata.schemas.errors import DocumentError
from rktdata.schemas.options import Options
from tests.reading import read_tables

SHARED = Path(__file__).parents[2] / "shared"
CORPUS = SHARED / "corpus"
FILES = sorted(CORPUS.glob("*/*.pdf")) + sorted(CORPUS.glob("hard/pdf/*.pdf"))
LONG_PAGES = 40
LEFT_OVER = 0.001
# F1 over all born-digital development documents together, and of each one.
# All stood at 1.0 when this was written.
FLOORS = {"baris": 0.995, "sel": 0.995}
EACH = 0.99

pytestmark = pytest.mark.skipif(not FILES, reason=f"no development corpus at {CORPUS}")


def born_digital() -> list[Path]:
    return [path for path in FILES if path.parent == CORPUS / "pdf" and "pindaian" not in path.name]


@cache
def read(path: Path) -> Document:
    return read_document(path.read_bytes(), path.name)


def skip_long(path: Path) -> None:
    with pypdfium2.PdfDocument(path) as document:
        pages = len(document)
    if pages > LONG_PAGES and not os.environ.get("RKT_CORPUS"):
        pytest.skip(f"{pages} pages; RKT_CORPUS=1 reads it")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_pdf_gives_an_outcome_and_its_ledgers_balance(path: Path) -> None:
    skip_long(path)
    try:
        ledgers = read(path).ledgers
    except DocumentError:
        # No table, or pictures only: said by name, with a row that is marked so.
        row = outcome(path, Options()).row
        assert row.status == "gagal"
        assert row.galat
        ledgers = read_tables(path.read_bytes()).ledgers
    assert [ledger.halaman for ledger in ledgers if not ledger.seimbang] == []
    met = sum(ledger.masuk for ledger in ledgers)
    left = sum(ledger.keluar.get("sisa", 0) for ledger in ledgers)
    assert left <= LEFT_OVER * met


def score_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bags(tool: ModuleType, path: Path) -> dict[str, tuple[Counter[Any], Counter[Any]]]:
    """What was read and what the gold holds, by kind."""
    gold = json.loads((CORPUS / "gold" / f"{path.stem}.json").read_text("utf-8"))
    got_rows, got_cells = tool.rows_of(document_object(read(path)), tool.squash)
    want_rows, want_cells = tool.rows_of(gold, tool.squash)
    return {"baris": (got_rows, want_rows), "sel": (got_cells, want_cells)}


@pytest.mark.parametrize("kind", FLOORS)
def test_the_scores_hold(kind: str) -> None:
    tool = score_tool()
    got: Counter[Any] = Counter()
    want: Counter[Any] = Counter()
    low = {}
    for path in born_digital():
        g, w = bags(tool, path)[kind]
        f1 = tool.prf(g, w)[2]
        if f1 < EACH:
            low[path.name] = round(f1, 3)
        got.update({(path.name, key): n for key, n in g.items()})
        want.update({(path.name, key): n for key, n in w.items()})
    assert tool.prf(got, want)[2] >= FLOORS[kind]
    assert low == {}
