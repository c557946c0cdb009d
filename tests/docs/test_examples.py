"""The scripts of docs/examples/, run as a reader of the docs would run them."""

from __future__ import annotations

import csv
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
SAMPLES = ROOT / "samples"


def run(name: str, *arguments: str | Path) -> str:
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=ROOT, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The samples as a dataset, and what the audit of the folder printed."""
    folder = tmp_path_factory.mktemp("example") / "hasil"
    return folder, run("audit_folder.py", SAMPLES, folder)


def test_one_plan_to_a_chart(tmp_path: Path) -> None:
    out = run("chart.py", SAMPLES / "rkt-kpu-ntt-2024.pdf", tmp_path / "grafik.svg")
    svg = ET.parse(tmp_path / "grafik.svg").getroot()
    bars = svg.findall("{http://www.w3.org/2000/svg}rect")
    assert len(bars) >= 5
    assert out.startswith(f"{len(bars)} targets")


def test_the_years_of_one_agency(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    for year in (2023, 2024, 2025):
        name = f"rkt-kpu-ntt-{year}.pdf"
        (plans / name).symlink_to(SAMPLES / name)
    table = tmp_path / "tahun.csv"
    out = run("years.py", plans, tmp_path / "hasil", "Nusa Tenggara Timur", table)
    first, *changes = out.splitlines()
    header, *rows = list(csv.reader(table.open(encoding="utf-8", newline="")))
    assert header == ["unit_kerja", "indikator", "2023", "2024", "2025"]
    assert first == f"{len(rows)} indicators, 2023, 2024, 2025: {table}"
    texts = {row[1]: row[2:] for row in rows}
    assert texts["Persentase Provinsi yang mengelola arsip inaktif sesuai aturan kearsipan"] == [
        "90%", "88%", "88%"
    ]  # fmt: skip
    assert texts["Indeks Pelayanan Publik KPU Provinsi"] == ["", "", "3,8"]
    assert len(changes) == 21


def test_audit_of_a_folder(audited: tuple[Path, str]) -> None:
    _, out = audited
    assert "galat" in out
    assert "rkt-kpu-ntt-2024.pdf hlm. " in out
