from __future__ import annotations

from pathlib import Path

import pytest

from rktdata.output.accepted import parse_accepted, read_accepted
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.findings import Acceptance

ONE = [Acceptance("R09-1", "sudah, dibahas", "Inspektorat é")]
SAVED = [
    'temuan_id,alasan,oleh\r\nR09-1,"sudah, dibahas",Inspektorat é\r\n',
    "\ufefftemuan_id;alasan;oleh\r\nR09-1;sudah, dibahas;Inspektorat é\r\n",
    "sep=;\r\ntemuan_id;alasan;oleh\r\nR09-1;sudah, dibahas;Inspektorat é\r\n",
    "Temuan_ID\talasan\toleh\nR09-1\tsudah, dibahas\tInspektorat é\n",
    "oleh;temuan_id;alasan\nInspektorat é; R09-1 ;sudah, dibahas\n;;\n",
]


@pytest.mark.parametrize("text", SAVED)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_spreadsheet_may_save_it_as_it_likes(text: str, encoding: str) -> None:
    assert parse_accepted(text.removeprefix("\ufeff").encode(encoding)) == ONE
    assert parse_accepted(text.encode("utf-8")) == ONE


def test_no_file_and_an_empty_one_accept_nothing(tmp_path: Path) -> None:
    assert read_accepted(tmp_path) == ()
    (tmp_path / "temuan-diterima.csv").write_text("\n")
    assert read_accepted(tmp_path) == ()


def test_the_folders_own_file_comes_first(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "temuan-diterima.csv").write_text("temuan_id,alasan\nR1-a,beside\nR1-b,beside\n")
    (folder / "temuan-diterima.csv").write_text("temuan_id,alasan\nR1-a,inside\n")
    assert [(a.temuan_id, a.alasan) for a in read_accepted(folder)] == [
        ("R1-a", "inside"),
        ("R1-b", "beside"),
    ]


def test_a_file_that_cannot_be_understood_stops(tmp_path: Path) -> None:
    (tmp_path / "temuan-diterima.csv").write_text("id;reason\n1;2\n")
    with pytest.raises(DatasetError, match="the first line must name the columns"):
        read_accepted(tmp_path)
