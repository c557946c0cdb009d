from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rktdata.commands import app
from tests.reviewed import contradicting, write


def rkt(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "data", contradicting("a"))


def test_what_is_no_dataset_is_refused(tmp_path: Path) -> None:
    assert rkt("review", tmp_path) == (2, f"{tmp_path} holds no dokumen.csv; name a dataset\n")


def test_a_folder_of_pdfs_that_is_not_there_is_refused(folder: Path) -> None:
    assert rkt("review", folder, "--pdf", folder / "x") == (
        2,
        f"--pdf: {folder / 'x'} is no folder\n",
    )


def test_a_defect_of_koreksi_csv_is_told(folder: Path) -> None:
    (folder / "koreksi.csv").write_text("a,b\n")
    code, err = rkt("review", folder)
    assert code == 2
    assert "the first line must name the columns" in err


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, err = rkt("review", folder, "--port", str(port))
    assert code == 2
    assert f"port {port} cannot be had" in err
    assert "choose another with --port" in err


def test_without_the_extra_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "rktdata.reviewer.serve", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    code, err = rkt("review", folder)
    assert code == 2
    assert 'pip install "rktdata[review]"' in err
