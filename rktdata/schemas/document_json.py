"""The shape of `dokumen/<dokumen_id>.json`, for its JSON Schema and data dictionary.

What `output/write_json.py` writes and `output/load.py` reads. Records are the dataset's own
rows with their places added. Boxes are (x0, top, x1, bottom) in points (1/72 inch) from
the page's top left corner, as displayed.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from rktdata.schemas.records import AnggaranRow, IndikatorRow, described

Kotak = tuple[float, float, float, float]
_BOX = [72.0, 100.5, 180.25, 112.5]
_PLACE = {"halaman": 13, "kotak": _BOX}
_PLACES = {"indikator": [_PLACE]}
_LINE = {"teks": "BAB I", "halaman": 4, "kotak": _BOX}


class _Entry(BaseModel):
    """An object of the file; it has no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tempat(_Entry):
    """A place on a page."""

    halaman: Annotated[int, described("Halaman, dari 1", "Page, from 1", 13)]
    kotak: Annotated[Kotak, described("Kotak dalam titik", "Box in points", _BOX)]


class BarisTeks(_Entry):
    """A printed line outside the cells."""

    teks: Annotated[str, described("Teks seperti tercetak", "Text as printed", "BAB I")]
    halaman: Annotated[int, described("Halaman, dari 1", "Page, from 1", 4)]
    kotak: Annotated[Kotak, described("Kotak dalam titik", "Box in points", _BOX)]


class Sel(_Entry):
    """A cell in which something is printed."""

    teks: Annotated[str, described("Teks seperti tercetak", "Text as printed", "77,5 %")]
    sumber: Annotated[list[Tempat], described("Tempat setiap bagiannya", "Where each piece is printed", [_PLACE])]
    tanda: Annotated[list[str], described("Cara pembacaan; tidak ada bila biasa", "How it was read; left out where there is nothing to say", ["isi-gabungan"])] = []


class BarisTabel(_Entry):
    """A logical row of a table."""

    halaman: Annotated[int, described("Halaman awal baris", "Page on which it begins", 13)]
    jenis: Annotated[str, described("Jenis baris; bagian membentang selebar tabel", "Kind of row; bagian is a section row that spans the table", "data", enum=["data", "bagian"])]
    sel: Annotated[list[Sel | None], described("Satu sel per kolom; null bila kosong", "One cell per column; null where nothing is printed", [{"teks": "77,5 %", "sumber": [_PLACE]}, None])]


class Sambungan(_Entry):
    """Whether a table goes on over a page break."""

    dari: Annotated[int, described("Halaman sebelum", "Page before", 13)]
    ke: Annotated[int, described("Halaman sesudah", "Page after", 14)]
    disambung: Annotated[bool, described("Apakah satu tabel", "Whether it is one table", True)]
    bukti: Annotated[list[str], described("Alasannya", "Why", ["kolom-sama"])]


class Tabel(_Entry):
    """A logical table, whole over its pages."""

    tabel_id: Annotated[str, described("Pengenal tabel", "Table id", "0f3a5b7c9d1e2f40-t1")]
    nomor: Annotated[str | None, described("Nomor seperti tercetak", "Number as printed", "II-1")]
    judul: Annotated[str | None, described("Judul tanpa nomor", "Title without the number", "Rencana Kinerja Tahunan")]
    unit_kerja: Annotated[str | None, described("Unit kerja pemilik tabel", "The unit whose table it is", "Sub Bagian Keuangan")]
    jenis: Annotated[str, described("Jenis tabel", "Kind of table", "rencana", enum=["rencana", "anggaran", "lain"])]
    halaman: Annotated[list[int], described("Halaman-halamannya", "Its pages", [13, 14])]
    kolom: Annotated[list[str], described("Judul kolom, tingkat disambung ' > '", "Leaf headers, levels joined by ' > '", ["Sasaran", "Target > 2024"])]
    tanda: Annotated[list[str], described("Cara pembacaan tabel", "How the table was read", [])]
    keterangan: Annotated[list[BarisTeks], described("Baris judul di atas tabel", "Caption lines above it", [_LINE])]
    kepala: Annotated[list[Tempat], described("Tempat judul kolom", "Where the headers are printed", [_PLACE])]
    kepala_ulang: Annotated[list[Tempat], described("Tempat judul kolom yang diulang", "Where headers are printed again", [])]
    sambungan: Annotated[list[Sambungan], described("Pergantian halaman", "Page breaks", [])]
    baris: Annotated[list[BarisTabel], described("Baris, urutan baca", "Rows, reading order", [])]


class Koreksi(_Entry):
    """A line of koreksi.csv that was applied to a record."""

    kolom: Annotated[str, described("Kolom yang dikoreksi, atau semua", "Field that was corrected, or semua", "target_teks")]
    teks_lama: Annotated[str, described("Yang terbaca", "What was read", "9O %")]
    nilai_baru: Annotated[str, described("Nilai penggantinya", "What it is to be", "90 %")]
    alasan: Annotated[str, described("Alasannya", "Why", "Angka nol terbaca sebagai huruf O")]
    oleh: Annotated[str, described("Siapa yang mengoreksi", "Who says so", "Ani")]


class _Sourced(BaseModel):
    """What a record has besides its row."""

    sumber: Annotated[dict[str, list[Tempat]], described("Kolom dan tempat nilainya tercetak", "Field to where its value is printed", _PLACES)]
    banyak: Annotated[list[dict[str, Any]], described("Nilai-nilai bila selnya memuat beberapa", "Each value, where one cell holds several", [])]
    alasan: Annotated[list[str], described("Alasan pembacaan", "Why it was read so", [])]
    terbaca: Annotated[dict[str, Any], described("Kolom yang berubah karena koreksi, seperti terbaca; tidak ada bila tidak dikoreksi", "Fields that a correction changed, as they were read; left out where there are none", {"target_teks": "9O %"})] = {}
    koreksi: Annotated[list[Koreksi], described("Koreksi yang berlaku; tidak ada bila tidak dikoreksi", "Corrections applied; left out where there are none", [])] = []


class Indikator(_Sourced, IndikatorRow):
    """A row of indikator.csv with its places."""


class Anggaran(_Sourced, AnggaranRow):
    """A row of anggaran.csv with its places."""


class Halaman(_Entry):
    """A page of the PDF."""

    halaman: Annotated[int, described("Nomor, dari 1", "Number, from 1", 1)]
    lebar: Annotated[float, described("Lebar, titik", "Width, points", 595.32)]
    tinggi: Annotated[float, described("Tinggi, titik", "Height, points", 841.92)]
    putaran: Annotated[int, described("Seperempat putaran searah jarum jam agar teks tegak", "Quarter turns clockwise by which the text was set upright", 0)]
    pembaca: Annotated[str, described("Pembaca halaman", "What read it", "pdfium")]
    catatan: Annotated[list[str], described("Catatan pembaca", "What the reader noticed", [])]


class Naskah(_Entry):
    """Text outside the tables."""

    jenis: Annotated[str, described("Jenis teks", "Kind of text", "prosa", enum=["judul", "prosa", "butir", "kepala-kaki", "keterangan-tabel"])]
    penanda: Annotated[str | None, described("Nomor atau tanda butir", "The item's own number", "1.1.")]
    tingkat: Annotated[int, described("Tingkat butir, dari 0", "Nesting of items, from 0", 0)]
    teks: Annotated[str, described("Teks", "Text", "BAB I PENDAHULUAN")]
    sumber: Annotated[list[BarisTeks], described("Baris-barisnya", "Its lines", [_LINE])]


class Sisa(_Entry):
    """Text that found no place in the reading."""

    teks: Annotated[str, described("Teks", "Text", "*")]
    kotak: Annotated[Kotak, described("Kotak dalam titik", "Box in points", _BOX)]


class Neraca(_Entry):
    """Where every glyph of a page went."""

    halaman: Annotated[int, described("Halaman, dari 1", "Page, from 1", 1)]
    seimbang: Annotated[bool, described("Apakah masuk sama dengan keluar", "Whether what came in equals what went out", True)]
    masuk: Annotated[int, described("Huruf yang ditemui", "Glyphs met", 812)]
    keluar: Annotated[dict[str, int], described("Huruf menurut tempatnya", "Glyphs by where they went", {"prosa": 800, "kepala_kaki": 12})]
    sisa: Annotated[list[Sisa], described("Yang tersisa", "What is left over", [])]


class Dokumen(_Entry):
    """One document, whole."""

    skema: Annotated[str, described("Versi skema", "Version of the schema", "1.1.0")]
    dokumen_id: Annotated[str, described("16 digit heksadesimal pertama SHA-256 berkas", "First 16 hex digits of the file's SHA-256", "0f3a5b7c9d1e2f40")]
    berkas: Annotated[str, described("Nama berkas", "File name", "rkt-2024.pdf")]
    sha256: Annotated[str | None, described("SHA-256 isi berkas", "SHA-256 of the file", "0f3a5b7c9d1e2f40" + "0" * 48)]
    jenis: Annotated[str | None, described("Jenis dokumen", "Kind of document", "RKT", enum=["RKT", "PK", "RENJA", "IKU", "LKIP", "LAIN"])]
    instansi: Annotated[str | None, described("Instansi penyusun, seperti tercetak", "The agency, as printed", "Dinas Kesehatan Provinsi Jawa Barat")]
    tahun: Annotated[int | None, described("Tahun rencana", "The plan's year", 2024)]
    pindaian: Annotated[int, described("Halaman yang dibaca dengan OCR", "Pages read by OCR", 0)]
    status: Annotated[str, described("Hasil pembacaan", "Outcome", "lengkap", enum=["lengkap", "sebagian", "gagal"])]
    galat: Annotated[str | None, described("Galat atau catatan bila tidak lengkap", "The error, or what is incomplete", "halaman 7 tidak terbaca")]
    tanda: Annotated[str | None, described("Yang dilakukan pada barisnya, dipisah spasi", "What was done to its row, marks separated by spaces", "koreksi")] = None
    terbaca: Annotated[dict[str, Any], described("Kolom yang berubah karena koreksi, seperti terbaca; tidak ada bila tidak dikoreksi", "Fields that a correction changed, as they were read; left out where there are none", {"tahun": 2042})] = {}
    koreksi: Annotated[list[Koreksi], described("Koreksi yang berlaku; tidak ada bila tidak dikoreksi", "Corrections applied; left out where there are none", [])] = []
    pesan: Annotated[list[str], described("Yang tidak lengkap, dengan kata-kata", "What is incomplete, in plain words", [])]
    halaman: Annotated[list[Halaman], described("Halaman", "Pages", [])]
    tabel: Annotated[list[Tabel], described("Tabel logis, urutan baca", "Logical tables, reading order", [])]
    indikator: Annotated[list[Indikator], described("Indikator dengan tempatnya", "Indicators with their places", [])]
    anggaran: Annotated[list[Anggaran], described("Baris anggaran dengan tempatnya", "Budget lines with their places", [])]
    naskah: Annotated[list[Naskah], described("Teks di luar tabel", "Text outside the tables", [])]
    neraca: Annotated[list[Neraca], described("Neraca huruf per halaman", "Ledger of glyphs, page by page", [])]


# In the order in which the data dictionary tells of them.
OBJECTS: tuple[type[BaseModel], ...] = (
    Dokumen, Halaman, Tabel, BarisTabel, Sel, Tempat, BarisTeks, Sambungan, Indikator, Anggaran, Koreksi, Naskah, Neraca, Sisa,
)  # fmt: skip
