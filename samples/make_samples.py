"""Typeset the small PDFs of this folder, each with a single trouble of real documents.

usage: python -m samples.make_samples [FOLDER]

Agencies, officials and figures are invented. The bytes are the same each time. What a
reader should find in each file stands in tests/samples/.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reportlab.lib.pagesizes import A4

from tests.typeset import LEFT, UP, Look, Plan, Sheet

WIDE, HIGH = A4
SMALL = Look(size_pt=8.5)
NUMBERED = frozenset({0})


def title(sheet: Sheet, *lines: str) -> None:
    """A title in bold, centred, and some room below."""
    for line in lines:
        sheet.text(line, bold=True, size=11, centred=True)
    sheet.skip(10)


def signatures(sheet: Sheet, left: str, right: str, *names: str) -> None:
    """Two officials side by side, as under every Perjanjian Kinerja."""
    sheet.skip(14)
    sheet.columns((360, "Sungai Raya, 4 Januari 2021"))
    sheet.columns((70, left), (360, right))
    sheet.skip(40)
    sheet.columns((70, names[0]), (360, names[1]), bold=True)
    sheet.columns((70, "NIP 196804121990031007"), (360, "NIP 197102231996032002"))


def row_over_page() -> bytes:
    """A row is cut by the page's foot; the header is not printed again."""
    sheet = Sheet(height=275.0)
    title(sheet, "RENCANA KINERJA TAHUNAN 2022", "DINAS KESEHATAN KABUPATEN MUARA JERNIH")
    sheet.table(
        Plan(
            header=(("No", "Sasaran Strategis", "Indikator Kinerja", "Target", "Satuan"),),
            rows=(
                (
                    "1",
                    "Meningkatnya akses dan mutu pelayanan kesehatan ibu dan anak",
                    "Persentase ibu hamil yang mendapatkan pelayanan antenatal sesuai standar "
                    "di puskesmas dan jejaringnya",
                    "100",
                    "%",
                ),
                (
                    "2",
                    "Menurunnya prevalensi balita gizi kurang",
                    "Persentase balita gizi kurang yang ditangani dengan pemberian makanan "
                    "tambahan",
                    "92,5",
                    "%",
                ),
                (
                    "3",
                    "Meningkatnya pengendalian penyakit menular dan penyakit tidak menular di "
                    "seluruh wilayah kerja puskesmas termasuk daerah kepulauan",
                    "Jumlah desa yang melaksanakan kegiatan pos pembinaan terpadu penyakit tidak "
                    "menular secara rutin dengan kader terlatih dan melaporkan hasil "
                    "pemeriksaannya setiap bulan kepada puskesmas",
                    "146",
                    "desa",
                ),
                (
                    "4",
                    "Tersedianya obat esensial",
                    "Persentase puskesmas dengan ketersediaan obat dan vaksin esensial",
                    "96",
                    "%",
                ),
            ),
            widths=(30, 150, 200, 50, 50),
            look=replace(SMALL, centred=frozenset({0, 3, 4})),
            repeat_header=False,
            cut_rows=True,
        )
    )
    return sheet.finish()


def merged_over_page() -> bytes:
    """Objectives merged over their indicators run over the break; years under one header."""
    sheet = Sheet(width=HIGH, height=400.0, margin=60)
    title(
        sheet,
        "Tabel 3.1 Sasaran dan Target Kinerja Dinas Pendidikan dan Kebudayaan Kota Batu Layar "
        "Tahun 2021-2024",
    )
    schools = "Meningkatnya pemerataan dan mutu pendidikan dasar"
    culture = "Lestarinya cagar budaya daerah"
    sheet.table(
        Plan(
            header=(
                ("No", "Sasaran", "Indikator Kinerja", "Satuan", "Target Kinerja", *[LEFT] * 3),
                (*[UP] * 4, "2021", "2022", "2023", "2024"),
            ),
            rows=(
                (
                    "1",
                    schools,
                    "Angka partisipasi murni SD/MI",
                    "%",
                    "97,1",
                    "97,6",
                    "98,2",
                    "98,9",
                ),
                (UP, UP, "Angka partisipasi murni SMP/MTs", "%", "81,4", "83", "84,5", "86"),
                (UP, UP, "Rata-rata lama sekolah", "tahun", "8,31", "8,42", "8,55", "8,7"),
                (
                    UP,
                    UP,
                    "Persentase ruang kelas dalam kondisi baik pada jenjang sekolah dasar dan "
                    "sekolah menengah pertama",
                    "%",
                    *("72", "76", "80", "85"),
                ),
                (
                    UP,
                    UP,
                    "Persentase guru berkualifikasi S1/D-IV yang telah memiliki sertifikat "
                    "pendidik",
                    "%",
                    *("64,25", "68", "71,5", "75"),
                ),
                (UP, UP, "Jumlah sekolah berakreditasi A", "sekolah", "41", "46", "52", "60"),
                (UP, UP, "Angka putus sekolah SMP/MTs", "%", "0,42", "0,38", "0,3", "0,25"),
                ("2", culture, "Jumlah cagar budaya yang dipelihara", "situs", "7", "9", "", "12"),
                (UP, UP, "Jumlah kelompok seni yang dibina", "kelompok", "25", "30", "35", "40"),
            ),
            widths=(30, 150, 220, 60, 55, 55, 55, 55),
            look=Look(size_pt=9, border="boxes", padding_pt=5.5, leading_em=1.45),
            numbers=True,
        )
    )
    return sheet.finish()


def neighbours() -> bytes:
    """Four officials' agreements, one after the other, with the same header."""
    sheet = Sheet(height=600.0)
    posts = [
        ("SEKRETARIS KECAMATAN", "Terwujudnya tertib administrasi kecamatan", "Nilai SAKIP", "B"),
        (
            "KEPALA SEKSI PEMERINTAHAN",
            "Meningkatnya kualitas pelayanan administrasi kependudukan",
            "Persentase KTP elektronik yang selesai tepat waktu",
            "95 %",
        ),
        (
            "KEPALA SEKSI PEMBERDAYAAN MASYARAKAT",
            "Meningkatnya partisipasi masyarakat dalam pembangunan",
            "Jumlah usulan musrenbang yang terakomodir",
            "24 usulan",
        ),
        (
            "KEPALA SEKSI KETENTERAMAN DAN KETERTIBAN",
            "Terjaganya ketenteraman dan ketertiban umum",
            "Jumlah pos ronda aktif",
            "58 pos",
        ),
    ]
    for number, (post, aim, measure, target) in enumerate(posts):
        if number:
            sheet.new_page()
        title(sheet, "PERJANJIAN KINERJA TAHUN 2023", "KECAMATAN TANJUNG HARAPAN", post)
        sheet.table(
            Plan(
                header=(("No", "Sasaran Kegiatan", "Indikator Kinerja", "Target"),),
                rows=(
                    ("1", aim, measure, target),
                    (
                        "2",
                        "Terlaksananya pelaporan seksi",
                        "Jumlah laporan kegiatan bulanan",
                        "12 laporan",
                    ),
                ),
                widths=(30, 170, 190, 80),
                look=Look(border="rects"),
            )
        )
    return sheet.finish()


def rows_in_one_box() -> bytes:
    """One ruled row holds several indicators, each beside its own number and target."""
    sheet = Sheet(height=480.0)
    title(sheet, "INDIKATOR KINERJA UTAMA TAHUN 2020", "BADAN PERENCANAAN PEMBANGUNAN DAERAH")
    sheet.table(
        Plan(
            header=(("No", "Indikator Kinerja", "Target"),),
            rows=(
                (
                    "1.\n2.\n3.",
                    "Persentase usulan prioritas yang terakomodir\n"
                    "Jumlah dokumen perencanaan yang disusun\nIndeks perencanaan pembangunan",
                    "85 %\n6 dokumen\n78,4",
                ),
                (
                    "4.",
                    "Persentase program RPJMD yang dijabarkan ke dalam rencana kerja pemerintah "
                    "daerah dan ditetapkan sesuai jadwal",
                    "100 %",
                ),
                (
                    "5.\n6.",
                    "Jumlah kajian pembangunan\nJumlah rekomendasi yang dimanfaatkan",
                    "4 kajian\n9 rekomendasi",
                ),
            ),
            widths=(36, 300, 100),
            look=Look(size_pt=10, border="double"),
        )
    )
    return sheet.finish()


def unruled_budget() -> bytes:
    """Under the agreement's table stands a budget without rules, then the signatures."""
    sheet = Sheet()
    title(sheet, "PERJANJIAN KINERJA TAHUN 2021", "RUMAH SAKIT UMUM DAERAH SEHAT SENTOSA")
    sheet.text(
        "Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan dan akuntabel "
        "serta berorientasi pada hasil, kami yang bertanda tangan di bawah ini berjanji akan "
        "mewujudkan target kinerja sesuai lampiran perjanjian ini."
    )
    sheet.skip(12)
    sheet.table(
        Plan(
            header=(("No", "Sasaran Strategis", "Indikator Kinerja", "Target"),),
            rows=(
                (
                    "1",
                    "Meningkatnya mutu pelayanan rumah sakit",
                    "Indeks kepuasan masyarakat",
                    "82,5",
                ),
                (UP, UP, "Rata-rata waktu tunggu rawat jalan", "60 menit"),
                (
                    "2",
                    "Meningkatnya kemandirian keuangan",
                    "Rasio pendapatan terhadap biaya",
                    "75 %",
                ),
            ),
            widths=(30, 170, 190, 80),
            look=Look(border="gaps"),
        )
    )
    sheet.skip(20)
    sheet.columns((66, "Program"), (400, "Anggaran"), bold=True)
    sheet.skip(4)
    sheet.columns((66, "1. Program Peningkatan Pelayanan BLUD"), (400, "Rp 48.250.000.000"))
    sheet.columns((66, "2. Program Pengadaan Sarana dan"), (400, "Rp 12.600.500.000"))
    sheet.columns((78, "Prasarana Rumah Sakit"))
    sheet.columns((66, "3. Program Pemeliharaan Gedung"), (400, "Rp 1.975.000.000"))
    signatures(
        sheet, "Bupati Muara Jernih,", "Direktur,", "H. SYAHRIL RAMADAN", "dr. RATNA WULANDARI"
    )
    return sheet.finish()


def half_ruled() -> bytes:
    """Rules run across only; a second table leaves out the walls of its "No" column."""
    sheet = Sheet()
    title(sheet, "RENCANA KINERJA TAHUNAN 2019", "DINAS PERHUBUNGAN KOTA BATU LAYAR")
    sheet.table(
        Plan(
            header=(("No", "Sasaran Strategis", "Indikator Kinerja", "Target"),),
            rows=(
                (
                    "1",
                    "Meningkatnya keselamatan lalu lintas",
                    "Jumlah titik rawan kecelakaan yang ditangani",
                    "14 titik",
                ),
                (
                    "2",
                    "Meningkatnya layanan angkutan umum",
                    "Persentase angkutan umum laik jalan yang diperiksa secara berkala",
                    "88 %",
                ),
                ("3", "Tertibnya perparkiran", "Jumlah juru parkir terdaftar", "120 orang"),
            ),
            widths=(36, 160, 200, 80),
            look=Look(border="across"),
        )
    )
    sheet.skip(26)
    title(sheet, "Tabel 2. Rencana Pemeliharaan Rambu Tahun 2019")
    sheet.table(
        Plan(
            header=(("No", "Kegiatan", "Indikator Kinerja", "Target"),),
            rows=(
                ("1", "Pengecatan marka jalan", "Panjang marka yang dicat", "3.500 meter"),
                ("2", "Pemasangan rambu", "Jumlah rambu terpasang", "75 unit"),
                ("3", "Perbaikan lampu isyarat", "Jumlah lampu isyarat berfungsi", "22 unit"),
            ),
            widths=(36, 160, 200, 80),
            look=Look(),
            unwalled=NUMBERED,
        )
    )
    return sheet.finish()


def turned_pages() -> bytes:
    """A page with /Rotate 90, then one whose text runs sideways up the page."""
    header = (
        ("Kode", "Program/Kegiatan", "Indikator", "Target", LEFT),
        (UP, UP, UP, "2023", "2024"),
    )
    first = Plan(
        header=header,
        rows=(
            ("1.01", "Pengelolaan statistik sektoral", "Jumlah data terverifikasi", "40", "55"),
            ("1.02", "Layanan data terpadu", "Persentase permintaan data terlayani", "90", "95"),
        ),
        widths=(50, 200, 240, 60, 60),
    )
    second = replace(
        first,
        rows=(
            ("2.01", "Pembinaan arsip", "Jumlah unit kerja tertib arsip", "18", "21"),
            (
                "2.02",
                "Penyelamatan arsip statis",
                "Jumlah arsip statis dialihmediakan",
                "600",
                "750",
            ),
        ),
    )
    sheet = Sheet(width=HIGH, height=WIDE, rotate=True)
    title(sheet, "Tabel 1. Rencana Kerja Pusat Data Kementerian Kelautan Nusantara")
    sheet.table(first)
    sheet.rotate, sheet.sideways = False, True
    sheet.new_page()
    title(sheet, "Tabel 2. Rencana Kerja Bagian Arsip Kementerian Kelautan Nusantara")
    sheet.table(second)
    return sheet.finish()


def odd_glyphs() -> bytes:
    """Crop box, text outside it and unseen, fake bold, ligatures, soft hyphens."""
    sheet = Sheet()
    canvas = sheet.canvas
    canvas.setCropBox((30, 30, WIDE - 30, HIGH - 30))
    canvas.setFont("Helvetica", 8)
    canvas.drawString(2, HIGH - 14, "cetak-coba 3 / offset / jangan dibaca")
    canvas.saveState()
    unseen = canvas.beginText(60, 500)
    unseen.setTextRenderMode(3)
    unseen.textLine("teks yang tidak tampak")
    canvas.drawText(unseen)
    canvas.restoreState()
    sheet.text("INDIKATOR KINERJA UTAMA TAHUN 2024", size=12, centred=True, twice=0.35)
    sheet.text("DINAS KOMUNIKASI DAN INFORMATIKA", size=12, centred=True, twice=0.35)
    sheet.skip(12)
    sheet.table(
        Plan(
            header=(("No", "Indikator Kinerja", "Target"),),
            rows=(
                (
                    "1",
                    "Persentase sertifikat elektronik yang terveri\N{LATIN SMALL LIGATURE FI}kasi",
                    "90 %",
                ),
                ("2", "E\N{LATIN SMALL LIGATURE FI}siensi bandwidth internet", "85 %"),
                ("3", "Persentase aplikasi yang terin\u00ad\ntegrasi dengan SPBE", "70 %"),
                ("4", "Jumlah lokasi akses internet publik", "1.111 lokasi"),
            ),
            widths=(36, 260, 100),
            look=Look(font="Vera", size_pt=9),
        )
    )
    return sheet.finish()


def budget_in_prose() -> bytes:
    """The budget is a nested list, and targets are stated in sentences."""
    sheet = Sheet()
    title(sheet, "RENCANA KINERJA TAHUNAN 2025", "BADAN KEPEGAWAIAN DAERAH KABUPATEN LEMBAH HIJAU")
    sheet.text("A. Target Kinerja", bold=True)
    sheet.text(
        "Pada tahun 2025 persentase aparatur yang mengikuti pengembangan kompetensi ditargetkan "
        "sebesar 65%, sedangkan indeks profesionalitas aparatur ditargetkan mencapai 74,5."
    )
    sheet.skip(10)
    sheet.text("B. Anggaran Tahun 2025", bold=True)
    sheet.text("Untuk mencapai target tersebut disediakan anggaran dengan rincian sebagai berikut:")
    items = [
        (0, "1. Program Kepegawaian Daerah sebesar Rp 3.450.000.000,-"),
        (1, "a. Pengadaan dan mutasi pegawai sebesar Rp 1.250.000.000,-"),
        (1, "b. Pengembangan kompetensi aparatur sebesar Rp 2.200.000.000,-"),
        (0, "2. Program Penunjang Urusan Pemerintahan sebesar Rp 975.500.000,-"),
        (1, "a. Administrasi keuangan sebesar Rp 600.500.000,-"),
        (1, "b. Pemeliharaan barang milik daerah sebesar Rp 375.000.000,-"),
    ]
    for level, text in items:
        sheet.text(text, x=70 + 20 * level, hang=14)
    return sheet.finish()


def english_numbers() -> bytes:
    """A spreadsheet's notation: commas group thousands, a point marks decimals."""
    sheet = Sheet(width=HIGH, height=WIDE)
    title(sheet, "RENCANA KERJA TAHUN 2018", "DINAS PEKERJAAN UMUM DAN PENATAAN RUANG")
    sheet.table(
        Plan(
            header=(("No", "Kegiatan", "Indikator Kinerja", "Target", "Satuan", "Anggaran (Rp)"),),
            rows=(
                (
                    *("1", "Peningkatan jalan kabupaten", "Panjang jalan yang ditingkatkan"),
                    *("27.50", "km", "41,250,000,000"),
                ),
                (
                    *("2", "Rehabilitasi jembatan", "Jumlah jembatan yang direhabilitasi"),
                    *("6", "unit", "8,725,500,000"),
                ),
                (
                    *("3", "Pembangunan irigasi", "Luas sawah yang terairi"),
                    *("1,240.75", "hektar", "15,000,000,000"),
                ),
                ("Jumlah", *[LEFT] * 4, "64,975,500,000"),
            ),
            widths=(36, 190, 220, 70, 60, 110),
            look=Look(border="open"),
        )
    )
    return sheet.finish()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "rkt-dinkes-baris-terputus": row_over_page,
    "rkt-disdik-sel-gabungan": merged_over_page,
    "pk-kecamatan-empat-pejabat": neighbours,
    "iku-bappeda-baris-dalam-kotak": rows_in_one_box,
    "pk-rsud-anggaran-tanpa-garis": unruled_budget,
    "rkt-dishub-setengah-bergaris": half_ruled,
    "renja-pusdatin-halaman-terputar": turned_pages,
    "iku-diskominfo-huruf-ganjil": odd_glyphs,
    "rkt-bkd-anggaran-dalam-naskah": budget_in_prose,
    "renja-pupr-angka-inggris": english_numbers,
}


def main(folder: Path) -> None:
    """Write every sample into a folder."""
    for name, make in SAMPLES.items():
        (folder / f"{name}.pdf").write_bytes(make())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
