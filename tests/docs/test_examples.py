"""The scripts of docs/examples/, run as a reader of the docs would run them."""

from __future__ import annotations

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


def test_audit_of_a_folder(audited: tuple[Path, str]) -> None:
    _, out = audited
    assert "galat" in out
    assert "rkt-kpu-ntt-2024.pdf hlm. " in out
