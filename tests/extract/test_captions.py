"""Captions: number, title and unit from the lines above a table."""

import pytest

from rktdata.extract.captions import is_caption_start, is_continuation_note, read_caption
from tests.lines import WIDTH, centred, line, paragraph

NUMBERED = [
    ("Tabel 1. Rencana Kinerja Bagian Umum", "1", "Rencana Kinerja Bagian Umum"),
    ("Tabel 3.1 Target Kinerja Tahun 2024", "3.1", "Target Kinerja Tahun 2024"),
    ("Tabel.3.2. Program dan Anggaran", "3.2", "Program dan Anggaran"),
    ("TABEL. 3.2", "3.2", None),
    ("Tabel II-1", "II-1", None),
    ("TABEL III.4 RENCANA AKSI", "III.4", "RENCANA AKSI"),
    ("Tabel T-II.3.", "T-II.3", None),
    ("Tabel T-IV.C.3 Pagu Indikatif", "T-IV.C.3", "Pagu Indikatif"),
    ("Tabel II-5 (CG6-2)", "II-5", None),
    ("Formulir J-1: Rekapitulasi Evaluasi", "J-1", "Rekapitulasi Evaluasi"),
    ("Tabel 2. 3 Perkembangan Ekspor", "2.3", "Perkembangan Ekspor"),
    ("Tabel 3.1.1a. Sasaran", "3.1.1a", "Sasaran"),
    ("Tabel 03", "03", None),
    ("11. Rencana Kinerja Sub Bagian Hukum", "11", "Rencana Kinerja Sub Bagian Hukum"),
    ("Lampiran 3. Rencana Kinerja Tahunan", None, "Rencana Kinerja Tahunan"),
    ("Tabel. Potensi Bencana", None, "Potensi Bencana"),
]
NOT_STARTS = [
    "Tabel 2.6, bahwa capaian kinerja",
    "Tabel 2.1 menunjukkan bahwa realisasi",
    "tabel berikut ini :",
    "2. Rencana Kinerja disusun setiap tahun.",
    "1. Persentase penduduk miskin",
    "Lanjutan Tabel 2.1",
    "Jumlah penduduk",
]


@pytest.mark.parametrize(("text", "number", "title"), NUMBERED)
def test_numbered(text: str, number: str | None, title: str | None) -> None:
    caption = read_caption([centred(text, 100)], WIDTH)
    assert (caption.number, caption.title) == (number, title)
    assert is_caption_start(line(text))


@pytest.mark.parametrize("text", NOT_STARTS)
def test_no_start(text: str) -> None:
    assert not is_caption_start(line(text))


def test_title_over_two_lines_names_its_unit() -> None:
    lines = [
        centred("Tabel 5. Rencana Kinerja Bagian Teknis Pelayanan, Partisipasi", 100),
        centred("Masyarakat, Hukum dan Sumber Daya Manusia", 115),
    ]
    caption = read_caption(lines, WIDTH)
    assert caption.unit == (
        "Bagian Teknis Pelayanan, Partisipasi Masyarakat, Hukum dan Sumber Daya Manusia"
    )
    assert len(caption.lines) == 2


def test_title_without_a_number_and_the_officer_whose_form_it_is() -> None:
    lines = [
        centred("PERJANJIAN KINERJA TAHUN 2016", 58, bold=True),
        centred("DINAS PENDIDIKAN KABUPATEN BANDUNG", 71, bold=True),
        centred("KEPALA BIDANG SEKOLAH DASAR", 96, bold=True),
    ]
    caption = read_caption(lines, WIDTH)
    assert caption.number is None
    assert caption.title == (
        "PERJANJIAN KINERJA TAHUN 2016 DINAS PENDIDIKAN KABUPATEN BANDUNG"
        " KEPALA BIDANG SEKOLAH DASAR"
    )
    assert caption.unit == "Bidang Sekolah Dasar"


def test_form_lines_belong_to_the_caption_but_not_to_the_title() -> None:
    lines = [
        line("2.5. Penelaahan Usulan Program", 40),
        centred("Tabel IV", 68, bold=True),
        centred("Usulan Program dan Kegiatan Tahun 2017", 83, bold=True),
        line("Nama OPD : Dinas Kesehatan Lembar : 1 dari 3", 128),
    ]
    caption = read_caption(lines, WIDTH)
    assert (caption.number, caption.title) == ("IV", "Usulan Program dan Kegiatan Tahun 2017")
    assert caption.unit == "Dinas Kesehatan"
    assert caption.lines == tuple(lines[1:])


def test_a_paragraph_that_introduces_the_table_is_no_caption() -> None:
    lines = paragraph(
        [
            "Program, kegiatan dan besaran anggaran yang dialokasikan untuk dinas",
            "ini menurut rencana strategis yang ditetapkan oleh kepala daerah dan",
            "pada tahun 2015 adalah sebagai berikut :",
        ],
        100,
    )
    assert read_caption(lines, WIDTH).lines == ()


def test_the_title_under_a_paragraph_is_found_alone() -> None:
    lines = [
        *paragraph(
            [
                "Rumusan pernyataan strategi dan kebijakan dinas dalam lima tahun mendatang",
                "disusun menurut tugas dan fungsi yang ditetapkan oleh kepala daerah dan",
                "disajikan pada tabel dibawah ini.",
            ],
            100,
        ),
        centred("Tujuan, Sasaran, Strategi, dan Kebijakan", 170, bold=True),
    ]
    caption = read_caption(lines, WIDTH)
    assert caption.title == "Tujuan, Sasaran, Strategi, dan Kebijakan"
    assert len(caption.lines) == 1


def test_a_list_item_above_a_table_is_no_caption() -> None:
    lines = [line("2. Pengawalan Irigasi", 100), line("3. Pengembangan Kelembagaan", 115)]
    assert read_caption(lines, WIDTH).lines == ()


def test_later_sheets_say_that_the_table_goes_on() -> None:
    assert is_continuation_note(line("Lembar : 2 dari 3"))
    assert is_continuation_note(line("(Lanjutan) Tabel 3.1"))
    assert not is_continuation_note(line("Nama OPD : Dinas X Lembar : 1 dari 3"))


def test_nothing_above_is_an_empty_caption() -> None:
    assert read_caption([], WIDTH).title is None
