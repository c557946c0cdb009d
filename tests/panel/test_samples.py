"""The three sample years: the panel finds the documented changes, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from rktdata.output.dataset import DatasetWriter, document_entry
from rktdata.output.opened import Dataset, open_dataset
from rktdata.pipeline import read_document
from rktdata.review import review
from samples.make_years import SIBLINGS

FOLDER = Path(__file__).parents[2] / "samples"
YEARS = (2023, 2024, 2025)
LISTED: list[dict[str, Any]] = json.loads(
    (FOLDER / "rkt-kpu-ntt-perubahan.json").read_text("utf-8")
)["perubahan"]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("years") / "set"
    with DatasetWriter(folder) as writer:
        for year in YEARS:
            name = f"rkt-kpu-ntt-{year}.pdf"
            writer.add(document_entry(read_document((FOLDER / name).read_bytes(), name)))
    assert not review(folder, report=False).failures
    return open_dataset(folder)


def wordings(entries: Sequence[dict[str, str]]) -> str | None:
    return " | ".join(entry["indikator"] for entry in entries) or None


def targets(entries: Sequence[dict[str, str]]) -> str | None:
    return " | ".join(entry["target"] or "(kosong)" for entry in entries) or None


def documented() -> list[tuple[Any, ...]]:
    """The listed changes as rows of perubahan.csv."""
    rows = []
    for entry in LISTED:
        before, after = entry["sebelumnya"], entry["sekarang"]
        for kind in entry["jenis"]:
            values = targets(before), targets(after)
            if kind == "pindah":
                values = entry["unit_kerja"], entry["unit_baru"]
            rows.append(
                (kind, entry["tahun"] - 1, entry["tahun"], entry["unit_kerja"],
                 wordings(before), wordings(after), *values)
            )  # fmt: skip
    return rows


def test_the_panel_finds_exactly_the_documented_changes(dataset: Dataset) -> None:
    found = [
        (row.jenis, row.tahun_sebelumnya, row.tahun, row.unit_kerja,
         row.indikator_sebelumnya, row.indikator, row.nilai_a, row.nilai_b)
        for row in dataset.changes
    ]  # fmt: skip
    wanted = documented()
    assert [row for row in wanted if row not in found] == [], "missed"
    assert [row for row in found if row not in wanted] == [], "not documented"
    assert len(found) == len(wanted) == 21


def test_every_kind_of_change_is_among_them() -> None:
    from rktdata.schemas.records import CHANGES

    assert {kind for entry in LISTED for kind in entry["jenis"]} == set(CHANGES)


def test_what_only_looks_like_a_change_stays_one_series(dataset: Dataset) -> None:
    entries = [entry for entry in LISTED if not entry["jenis"]]
    assert len(entries) >= 6
    for entry in entries:
        [before], [after] = entry["sebelumnya"], entry["sekarang"]
        [row] = [
            row for row in dataset.panel
            if row.tahun == entry["tahun"]
            and row.indikator.casefold() == after["indikator"].casefold()
            and row.unit_kerja == entry["unit_kerja"]
        ]  # fmt: skip
        [earlier] = [
            one for one in dataset.panel
            if (one.deret_id, one.tahun) == (row.deret_id, entry["tahun"] - 1)
        ]  # fmt: skip
        assert (earlier.target_teks, row.target_teks) == (before["target"], after["target"])
        assert row.perubahan is None


def test_flags_of_the_panel_are_the_changes(dataset: Dataset) -> None:
    flagged = {
        (row.deret_id, row.tahun, kind)
        for row in dataset.panel
        for kind in (row.perubahan or "").split()
    }
    told = {(key, row.tahun, row.jenis) for row in dataset.changes for key in row.deret_id.split()}
    assert flagged == told


def test_rows_point_at_what_is_printed(dataset: Dataset) -> None:
    records = {row.indikator_id: row for row in dataset.indicators}
    for row in sorted(dataset.panel, key=lambda row: row.dokumen_id):
        if row.indikator_id is None:
            assert set((row.perubahan or "").split()) <= {"dihapus", "pecah", "gabung"}
            assert row.target_teks is None
        else:
            record = records[row.indikator_id]
            assert (row.target_teks, row.indikator) == (record.target_teks, record.indikator)
            assert row.kelompok_id == record.kelompok_id
            assert dataset.sources(row.indikator_id, "indikator")
    keys = [(row.deret_id, row.tahun) for row in dataset.panel]
    assert len(keys) == len(set(keys))
    own = {row.dokumen_id: row.tahun for row in dataset.document_rows}
    for row in dataset.panel:
        if row.sumber is not None:
            assert (own[row.dokumen_id] == row.tahun) == (row.sumber == "tahun-itu")


@pytest.mark.parametrize("name", SIBLINGS)
def test_the_script_makes_the_siblings(name: str) -> None:
    assert SIBLINGS[name]() == (FOLDER / f"{name}.pdf").read_bytes(), (
        "run python -m samples.make_years"
    )
