"""What is held of a long document: little a page, and never the whole of it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from benchmarks.growth import HEADER, HIGH, WIDE, make_pdf, plan_rows, show_text, table
from rktdata import page_by_page, pipeline
from rktdata.extract import pages, pieces, stitch
from rktdata.output.dataset import document_entry
from rktdata.packed import PackedRuns
from rktdata.pipeline import read_by_table, read_document

SAMPLES = Path(__file__).parents[1] / "samples"
PRINTED = sorted(set(SAMPLES.glob("*.pdf")) - set(SAMPLES.glob("*pindaian*")))


@pytest.fixture
def pack_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pack of every document what else is only packed of a long one."""
    monkeypatch.setattr(page_by_page, "PLAIN_PAGES", 0)
    monkeypatch.setattr(pipeline, "PLAIN_CELLS", 0)
    monkeypatch.setattr(PackedRuns, "RUN", 3)
    monkeypatch.setattr(stitch, "PLAIN_ROWS", 5)
    monkeypatch.setattr(pieces, "WHOLE_PIECES", 1)
    monkeypatch.setattr(pages, "PAGES_AT_ONCE", 2)


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.stem)
def test_what_is_packed_is_written_the_same(path: Path, request: pytest.FixtureRequest) -> None:
    pdf = path.read_bytes()
    plain = document_entry(read_document(pdf, path.name))
    request.getfixturevalue("pack_soon")
    assert document_entry(read_by_table(pdf, path.name)) == plain
    assert document_entry(read_document(pdf, path.name)) == plain


def plans(count: int) -> bytes:
    """A page for each plan: its title, a table, prose below it."""
    made = []
    for number in range(count):
        drawn = [show_text(200, 810, f"RENCANA KERJA TAHUNAN BIDANG {number} TAHUN 2024")]
        drawn += table([HEADER, *plan_rows(1, 12)], 800)
        drawn += [
            show_text(40, 500 - 12 * i, f"Uraian ke {i} dari rencana kerja bidang {number}.")
            for i in range(12)
        ]
        made.append(("\n".join(drawn), WIDE, HIGH))
    return make_pdf(made)


def peak_of_reading(pdf: bytes) -> int:
    """Bytes that reading and writing a document takes at most, on top of what was there."""
    tracemalloc.start()
    try:
        entry = document_entry(read_by_table(pdf, "a.pdf"))
        assert entry.counts["tabel"] > 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("pack_soon")
def test_memory_hardly_grows_with_pages() -> None:
    short, long = plans(20), plans(100)
    peak_of_reading(short)  # what is loaded and remembered is no part of it
    before, after = peak_of_reading(short), peak_of_reading(long)
    assert after < 2 * before, f"{before} bytes for 20 pages, {after} for 100"
