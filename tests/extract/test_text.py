"""Lines joined to running text."""

import pytest

from rktdata.extract.text import is_reduplication, join_lines

SEEN = [
    (["peraturan perundang-", "undangan yang"], "peraturan perundang-undangan yang"),
    (["perundang\ufffe", "undangan"], "perundang-undangan"),
    (["pen-", "gaduan masyarakat"], "pengaduan masyarakat"),
    (["RAD-", "PPK"], "RAD-PPK"),
    (["Pemilu/", "Pemilihan"], "Pemilu/ Pemilihan"),
    (["Tahun 2020-", "2024"], "Tahun 2020-2024"),
]
MADE_UP = [
    (["nilai-", "nilai"], "nilai-nilai"),
    (["sayur-", "mayur"], "sayur-mayur"),
    (["ke-", "giatan"], "kegiatan"),
    (["ke-", "2"], "ke-2"),
    (["e-", "government"], "e-government"),
    (["non-", "fisik"], "non-fisik"),
    (["se\u00ad", "suai"], "sesuai"),
    (["  dua   spasi ", "", " lagi"], "dua spasi lagi"),
    ([], ""),
]
UNCHANGED = [(["Jumlah -", "orang"], "Jumlah - orang"), (["-", "butir"], "- butir")]


@pytest.mark.parametrize(("lines", "text"), SEEN + MADE_UP + UNCHANGED)
def test_join_lines(lines: list[str], text: str) -> None:
    assert join_lines(lines) == text


def test_syllables_that_look_alike_are_no_reduplication() -> None:
    assert not is_reduplication("se", "sekolah")
    assert not is_reduplication("meng", "ganti")
