from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rktdata.output.corrections import append_correction, parse_corrections, read_corrections
from rktdata.schemas.corrections import COLUMNS, Correction
from rktdata.schemas.errors import DatasetError

KEY = "indikator:1:2024:9f3a21c4:300+14"
ONE = Correction("d" * 16, KEY, "target_teks", "9O", "90; é", "salah, baca", "Ani")
HEADER = ",".join(COLUMNS)


def line(**changes: str) -> str:
    cells = {
        "dokumen_id": "d" * 16,
        "kunci": KEY,
        "kolom": "target_teks",
        "nilai_baru": "90",
        **changes,
    }
    return ",".join(f'"{cells.get(name, "")}"' for name in COLUMNS)


def same(corrections: tuple[Correction, ...]) -> list[tuple[str, ...]]:
    return [tuple(getattr(c, name) for name in COLUMNS) for c in corrections]


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    assert read_corrections(tmp_path) == ()
    path = append_correction(tmp_path, ONE)
    append_correction(tmp_path, ONE)
    assert path == tmp_path / "koreksi.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfdokumen_id,kunci,")
    found = read_corrections(tmp_path)
    assert same(found) == same((ONE, ONE))
    assert [c.place for c in found] == ["koreksi.csv:2", "koreksi.csv:3"]


# As spreadsheets save it: what stands there stays, and the new line is written likewise.
SAVED = [
    (f"{HEADER}\r\n{line()}", "utf-8"),
    (f"\ufeff{HEADER}\n{line()}\n", "utf-8"),
    (f"{HEADER}\r\n{line(oleh='José')}\r\n".replace(",", ";"), "cp1252"),
    (f"sep=;\r\n{HEADER}\r\n{line()}\r\n;;;;;;\r\n".replace(",", ";"), "utf-8"),
    (f"oleh,{HEADER.removesuffix(',oleh')}\r\nAni,{line().removesuffix(',')[:-3]}\r\n", "utf-8"),
]


@pytest.mark.parametrize(("text", "encoding"), SAVED)
def test_a_file_saved_by_a_spreadsheet_is_added_to(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "koreksi.csv"
    before = text.encode(encoding)
    path.write_bytes(before)
    append_correction(tmp_path, ONE)
    assert path.read_bytes().startswith(before)
    found = read_corrections(tmp_path)
    assert len(found) == 2
    assert same(found)[-1] == same((ONE,))[0]


def test_the_folders_own_file_comes_after_the_one_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "koreksi.csv").write_text(f"{HEADER}\n{line(nilai_baru='beside')}\n")
    (folder / "koreksi.csv").write_text(f"{HEADER}\n{line(nilai_baru='inside')}\n")
    assert [c.nilai_baru for c in read_corrections(folder)] == ["beside", "inside"]


DEFECTS = [
    ("id;nilai\n1;2\n", "the first line must name the columns dokumen_id,kunci"),
    (f"{HEADER}\n{line()}\n{line(kolom='target')}\n", "line 3: kolom 'target' is none of misi,"),
    (f"{HEADER}\n{line(kunci='i7')}\n", "line 2: kunci 'i7' is no key; rkt correct writes them"),
    (f"{HEADER}\n{line(dokumen_id='i7')}\n", "line 2: dokumen_id is not the first 16 hex digits"),
    (f"{HEADER}\n{line(kolom='target_nilai', nilai_baru='90 %')}\n", "no number; write it as"),
    (f"{HEADER}\n{line(kolom='target_jenis', nilai_baru='x')}\n", "target_jenis is one of persen,"),
    (f"{HEADER}\n{line(kolom='tahun', nilai_baru='24')}\n", "no year; write it as 2024"),
    (f"{HEADER}\n{line(kolom='anggaran', nilai_baru='1,5 juta')}\n", "no amount in whole rupiah"),
    (f"{HEADER}\n{line(kolom='indikator', nilai_baru='')}\n", "indikator cannot be empty"),
    (f"{HEADER}\n{line(kolom='semua', nilai_baru='ya')}\n", "with kolom semua nilai_baru is benar"),
    (f"{HEADER}\n{line(kolom='jumlah', nilai_baru='1')}\n", "kolom 'jumlah' is none of misi"),
]  # fmt: skip


def test_a_number_that_may_be_two_is_told_how_to_write() -> None:
    text = f"{HEADER}\n{line(kolom='target_nilai', nilai_baru='1.234')}\n"
    with pytest.raises(ValueError, match="in two ways; write 1234 or 1,234$"):
        parse_corrections(text.encode())


@pytest.mark.parametrize(("text", "message"), DEFECTS)
def test_a_defect_is_told_with_its_line_and_nothing_is_added(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "koreksi.csv"
    path.write_text(text)
    for attempt in (lambda: read_corrections(tmp_path), lambda: append_correction(tmp_path, ONE)):
        with pytest.raises(DatasetError, match="koreksi.csv: ") as caught:
            attempt()
        assert message in str(caught.value)
    assert path.read_text() == text


def test_many_defects_are_counted() -> None:
    text = f"{HEADER}\n" + f"{line(kolom='x')}\n" * 8
    with pytest.raises(ValueError, match=r"line 6: .*; 3 more$"):
        parse_corrections(text.encode())


def test_utf_16_is_refused(tmp_path: Path) -> None:
    (tmp_path / "koreksi.csv").write_bytes(f"{HEADER}\n".encode("utf-16"))
    with pytest.raises(DatasetError, match="save it as CSV UTF-8"):
        read_corrections(tmp_path)


def test_a_file_without_all_columns_is_read_and_not_added_to(tmp_path: Path) -> None:
    columns = COLUMNS[:5]
    path = tmp_path / "koreksi.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([columns, ["d" * 16, KEY, "lokasi", "", "Kupang"]])
    assert [c.nilai_baru for c in read_corrections(tmp_path)] == ["Kupang"]
    with pytest.raises(DatasetError, match="add the columns alasan, oleh to its first line"):
        append_correction(tmp_path, ONE)


def test_a_sign_that_the_file_cannot_write_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "koreksi.csv"
    path.write_bytes(f"{HEADER}\r\n{line(oleh='José')}\r\n".encode("cp1252"))
    with pytest.raises(DatasetError, match="Windows-1252, which cannot write '≥'"):
        append_correction(tmp_path, Correction("d" * 16, KEY, "target_teks", "", "≥ 90"))
