from __future__ import annotations

import pytest

from rktdata.reconcile.keys import fold, is_misspelling, similarity, word_difference

SAME = [
    ("Jumlah dokumen yang disusun", "jumlah  dokumen yang di susun"),
    ("Prosentase jalan mantap", "Persentase Jalan Mantap"),
    ("Persentase kab/kota layak anak", "Persentase Kabupaten / Kota layak anak"),
    ("Indeks kepuasan masyarakat (*)", "Indeks Kepuasan Masyarakat"),
    ("Outcome: Jumlah laporan", "Jumlah laporan"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_spacing_case_and_known_spellings_do_not_count(first: str, second: str) -> None:
    assert similarity(first, second) == pytest.approx(1.0, abs=0.001)


def test_a_typing_slip_counts_little() -> None:
    assert similarity("Persentase perkara dimenangkan", "Persentase perkara dimengkan") > 0.97


def test_one_other_word_counts_much() -> None:
    first, second = "Persentase siswa perempuan lulus", "Persentase siswa disabilitas lulus"
    assert similarity(first, second) < 0.85


def test_an_opening_verb_on_one_side_hardly_counts() -> None:
    assert (
        similarity("Meningkatnya indeks kualitas air sungai", "Indeks kualitas air sungai") > 0.95
    )


CRITICAL = [
    ("OPD dengan nilai minimal", "OPD dengan nilai minimal B", True),
    ("OPD dengan nilai minimal B", "OPD dengan nilai minimal BB", True),
    ("Perkara yang selesai", "Perkara yang tidak selesai", True),
    ("Jalan sepanjang 5 km", "Jalan sepanjang 50 km", True),
    ("Jumlah dokumen perencanaan", "Jumlah dokumen perencanaan daerah", False),
    ("Jumlah dokumen perencanaan", "Jumlah dokumen prencanaan", False),
]


@pytest.mark.parametrize(("first", "second", "critical"), CRITICAL)
def test_a_bound_a_grade_or_a_number_is_never_swallowed(
    first: str, second: str, critical: bool
) -> None:
    assert word_difference(first, second).critical is critical
    assert word_difference(second, first).critical is critical


KINDS = [
    ("Sarana, Prasarana", "sarana prasarana", "sama"),
    ("Sarana dan prasarana", "Prasarana dan sarana", "urutan"),
    ("Rencana kerja tahunan", "Rencana krja tahunan", "redaksi"),
    ("Rencana pembangunan", "Rencana pembanguan", "ejaan"),
    ("Prosentase guru", "Persentase guru", "ejaan"),
    ("Jumlah guru", "Jumlah guru honorer", "tambahan"),
    ("Jumlah guru tetap", "Jumlah guru honorer", "redaksi"),
]


@pytest.mark.parametrize(("first", "second", "kind"), KINDS)
def test_kinds_of_difference(first: str, second: str, kind: str) -> None:
    assert word_difference(first, second).kind == kind


def test_short_words_and_codes_are_no_slips_of_each_other() -> None:
    assert not is_misspelling("kaki", "laki")
    assert not is_misspelling("2024", "2025")
    assert is_misspelling("kepemilun", "kepemiluan")


def test_fold_of_nothing_is_nothing() -> None:
    assert fold(" - ") == ""
    assert similarity("", "Jumlah") == 0.0
