from __future__ import annotations

import pytest

from rktdata.normalize.blocks import find_blocks
from rktdata.normalize.columns import read_roles
from rktdata.normalize.headings import read_heading, words_of

from .tables import table

# From the wild: VALUES.md, "Header vocabulary by column role".
HEADERS = [
    ("No", "nomor"),
    ("Kode Rekening", "kode"),
    ("Satua n", "satuan"),
    ("TARGE T", "target"),
    ("TAR GET", "target"),
    ("Taryet", "target"),
    ("Indiktor Kinerja Sesuai Tugas dan Fungsi OPD", "indikator"),
    ("INDIKATOR KINERJA PROGRAM (OUTCOME) DAN KEGIATAN (OUTPUT)", "indikator"),
    ("IndikatorKinerja", "indikator"),
    ("Data Capaian pada Awal Tahun Perencanaan", "kondisi_awal"),
    ("Target Kinerja Capaian Program (Renstra SKPD) Tahun 2018", "target"),
    ("Target Kinerja > 2020", "target"),
    ("Rencana Tingkat Capaian (Target)", "target"),
    ("Realisasi Target Kiner-ja Hasil Pro- gram dan Keluaran Kegiatan", "realisasi"),
    ("Target dan Realisasi Kinerja > Realisasi Renja Tahun 2013", "realisasi"),
    ("Tingkat Capaian Realisasi Target Renstra (%)", "capaian"),
    ("Target Kinerja dan Kerangka Indikasi Pembiayaan > 2016 > Rp", "anggaran"),
    ("Kebutuhan Dana/ Pagu Indikatif (dlm juta)", "anggaran"),
    ("Anggaran > Target", "anggaran"),
    ("Kinerja > Target", "target"),
    ("Anggaran > Realisasi", "realisasi"),
    ("Kondisi Kinerja pada akhir periode RPJMD > Rp", "kondisi_akhir"),
    ("Target Triwulan > I", "periode"),
    ("Sumber Dana", "sumber_dana"),
    ("Sumber Data", "sumber_data"),
    ("Lokasi Kegiatan", "lokasi"),
    ("Kelompok Sasaran", "penanggung_jawab"),
    ("Keteragan", "keterangan"),
    ("Penanggu ng Jawab", "penanggung_jawab"),
    # negative: these name no column by themselves
    ("2016", ""),
    ("Rancangan Awal RKPD", ""),
    ("Target dan Realisasi Kinerja Program dan Kegiatan", ""),
    ("Sarana", ""),
    ("", ""),
]

LEVELS = [
    ("Sasaran Program/Kegiatan", ("sasaran",)),
    ("Sasaran > Uraian", ("sasaran",)),
    ("Program Kegiatan", ("program", "kegiatan")),
    ("Program/Kegitatan", ("program", "kegiatan")),
    ("Uraian Program dan Kegiatan", ("program", "kegiatan")),
    ("Tujuan/Sasaran Strategis", ("tujuan", "sasaran")),
    (
        "Urusan/ Bidang Urusan Pemerintahan Daerah dan Program/Kegiata n",
        ("urusan", "program", "kegiatan"),
    ),
    ("Program/Kegiatan/Sub Kegiatan", ("program", "kegiatan", "subkegiatan")),
    ("Bidang/Kegiatan", ("urusan", "kegiatan")),
]


@pytest.mark.parametrize(("header", "role"), HEADERS)
def test_a_header_names_its_role(header: str, role: str) -> None:
    assert read_heading(header).name == role


@pytest.mark.parametrize(("header", "levels"), LEVELS)
def test_a_header_names_its_levels(header: str, levels: tuple[str, ...]) -> None:
    assert read_heading(header).levels == levels


def test_years_of_a_header() -> None:
    assert read_heading("Target Kinerja > 2020").year == 2020
    assert read_heading("TARGET (RENSTRA OPD) TAHUN 2013 - 2018").year == 2018
    assert read_heading("Target > n+1").offset == 1
    assert read_heading("Tahun ke-2").nth == 2
    assert read_heading("Prakiraan Maju Rencana Tahun 2018 > Target").forward


def test_words_that_are_no_misspelling_stay() -> None:
    assert words_of("Sarana Prasarana") == ("sarana", "prasarana")


def names(header: str, *rows: str) -> list[str]:
    return [role.name for role in read_roles(table(header, *rows))]


def test_a_header_over_number_and_text_belongs_to_the_text() -> None:
    found = names(
        "Sasaran Strategis | | Indikator Kinerja | | Target",
        "1 | Meningkatnya akses layanan | 1.1 | Persentase akses | 80%",
        "2 | Meningkatnya mutu layanan | 2.1 | Persentase mutu | 90%",
    )
    assert found == ["nomor", "jenjang", "nomor", "indikator", "target"]


def test_unheaded_columns_by_their_cells() -> None:
    found = names(
        " | Program | | ",
        "1. | Pelayanan Administrasi | 1.000.000.000 | APBD",
        "2. | Sarana dan Prasarana | 2.000.000.000 | DAK",
    )
    assert found == ["nomor", "jenjang", "anggaran", "sumber_dana"]


def test_an_unheaded_column_without_evidence_stays_unknown() -> None:
    found = names("Sasaran | Indikator | Target | ", "Mutu naik | Indeks | 80 | entah apa ini")
    assert found == ["jenjang", "indikator", "target", ""]


def test_amounts_under_a_target_header_are_the_budget() -> None:
    found = names(
        "Kegiatan | Indikator | Target > 2023 | Target > 2023",
        "Imunisasi | Cakupan | 95% | 1.500.000.000",
        "Surveilans | Laporan | 12 laporan | 200.000.000",
    )
    assert found == ["jenjang", "indikator", "target", "anggaran"]


def test_bare_years_are_targets_unless_the_title_speaks_of_the_past() -> None:
    made = table("Indikator | 2021 | 2022", "Angka stunting | 20 | 18")
    assert [r.name for r in read_roles(made)] == ["indikator", "target", "target"]
    past = table(
        "Indikator | 2021 | 2022", "Angka stunting | 20 | 18", title="Perkembangan Capaian Kinerja"
    )
    assert [r.name for r in read_roles(past)] == ["indikator", "realisasi", "realisasi"]


def test_halves_and_cascades_are_blocks() -> None:
    halves = read_roles(
        table(
            "No | Rancangan Awal > Program/Kegiatan | Rancangan Awal > Indikator | "
            "Rancangan Awal > Target | Hasil Analisis > Program/Kegiatan | "
            "Hasil Analisis > Indikator | Hasil Analisis > Target | Catatan"
        )
    )
    assert [(b.indicator, b.levels) for b in find_blocks(halves)] == [(2, (1,)), (5, (4,))]
    cascade = read_roles(
        table("Tujuan | Indikator Tujuan | Target | Sasaran | Indikator Sasaran | Target")
    )
    assert [(b.indicator, b.levels, b.targets) for b in find_blocks(cascade)] == [
        (1, (0,), (2,)),
        (4, (0, 3), (5,)),
    ]


def test_action_plans_are_activities_where_nothing_else_is() -> None:
    alone = read_roles(table("Sasaran | Indikator | Target | Rencana Aksi"))
    assert alone[3].levels == ("kegiatan",)
    beside = read_roles(table("Program/Kegiatan | Indikator | Target | Rencana Aksi"))
    assert beside[3].levels == ()


def test_standards_and_projections_are_no_second_targets() -> None:
    found = names(
        "Indikator | SPM/Standar Nasional | IKK | Target Renstra > Tahun 2016 | "
        "Proyeksi > Tahun 2016 | Proyeksi > Tahun 2017",
        "Cakupan layanan dasar | 100 | | 80 | 80 | 85",
    )
    assert found == ["indikator", "standar", "standar", "target", "proyeksi", "target"]


def test_statistics_under_a_header_that_says_so_are_no_budget() -> None:
    found = names("No | Jenis Ternak | Populasi Ternak (ekor) > 2013", "1 | Sapi | 15.000.000")
    assert found == ["nomor", "", ""]


def test_volumes_of_money_are_the_budget() -> None:
    header = "Kegiatan | Indikator Kinerja | Besaran/Volume"
    assert names(f"{header} (Rp.)", "Bimtek | Jumlah guru | 250.000.000")[2] == "anggaran"
    assert names(header, "Bimtek | Jumlah guru | 250")[2] == "target"
