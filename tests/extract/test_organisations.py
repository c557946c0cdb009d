"""Names of units in titles and on form lines."""

import pytest

from rktdata.extract.organisations import as_name, find_unit, label_unit, parse_label, plain_text
from rktdata.schemas.values import Line, Word

UNITS = [
    ("Rencana Kinerja Sub Bagian Keuangan", "Sub Bagian Keuangan"),
    ("KEPALA BIDANG PENDIDIKAN DASAR", "Bidang Pendidikan Dasar"),
    ("RENCANA KINERJA TAHUNAN RSUD KOTA BOGOR TAHUN 2023", "RSUD Kota Bogor"),
    ("Rencana Kinerja KPU Provinsi Aceh 2020-2024", "KPU Provinsi Aceh"),
    ("Evaluasi Renja Dinas Sosial dan Pencapaian Renstra Dinas Sosial", "Dinas Sosial"),
    ("Direktorat Jenderal Kesehatan Masyarakat Tahun Anggaran 2022",
     "Direktorat Jenderal Kesehatan Masyarakat"),
    ("Dinas Kesehatan telah menyusun rencana", "Dinas Kesehatan"),
]  # fmt: skip
NO_UNITS = ["Rekapitulasi Perjalanan Dinas Luar Daerah", "Jumlah Badan Usaha Milik Desa", "2016"]
LABELS = [
    ("Nama OPD : Dinas Bina Marga", "Dinas Bina Marga"),
    ("SKPD: DINAS KESEHATAN KABUPATEN GARUT", "Dinas Kesehatan Kabupaten Garut"),
    ("Unit Kerja : Sekretariat Daerah Lembar : 1 dari 3", "Sekretariat Daerah"),
    ("BIDANG : LISTRIK DAN ENERGI", "Bidang Listrik dan Energi"),
    ("Jabatan : Kepala Seksi Kurikulum", "Seksi Kurikulum"),
    ("Jabatan : Analis Kebijakan", "Analis Kebijakan"),
]


@pytest.mark.parametrize(("text", "name"), UNITS)
def test_find_unit(text: str, name: str) -> None:
    unit = find_unit(text)
    assert unit is not None and unit.name == name


@pytest.mark.parametrize("text", NO_UNITS)
def test_no_unit(text: str) -> None:
    assert find_unit(text) is None


@pytest.mark.parametrize(("text", "name"), LABELS)
def test_form_lines(text: str, name: str) -> None:
    label = parse_label(text)
    assert label is not None
    unit = label_unit(label)
    assert unit is not None and unit.name == name


def test_a_sentence_with_a_colon_is_no_form_line() -> None:
    assert parse_label("Pengukuran Kinerja dari Sasaran Strategis : Padi") is None


def test_mixed_case_stays_as_printed() -> None:
    assert as_name("Bagian Perencanaan Data Dan Informasi") == (
        "Bagian Perencanaan Data Dan Informasi"
    )


def test_letter_spaced_words_are_closed_up() -> None:  # a report's running foot
    words, x = [], 0.0
    for word in ("KOTA", "BOGOR"):
        for letter in word:
            words.append(Word(letter, (x, 0, x + 6, 10), 8, 10, False, 1))
            x += 9
        x += 6
    line = Line(" ".join(w.text for w in words), (0, 0, x, 10), tuple(words), 1)
    assert plain_text(line) == "KOTA BOGOR"
