"""The rows of the dataset, described once: CSV columns, types and descriptions.

`datapackage.json` is generated from these models. Field order is column order.
Sources of a record's fields travel beside the row, in `Record`, and are written to the
document's JSON.

Annotations are evaluated where they stand: as texts, which they would be elsewhere in this
program, each had to be compiled by pydantic whenever the module is loaded.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from rktdata.schemas.corrections import Correction
from rktdata.schemas.values import Source

SCHEMA_VERSION = "1.1.0"


def described(indonesian: str, english: str, example: Any = None, **extra: Any) -> Any:
    """A field's description in both languages and an example value."""
    return Field(description=english, json_schema_extra={"id": indonesian, "contoh": example, **extra})


class DatasetRow(BaseModel):
    """A row of one CSV file of the dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file_name: ClassVar[str]
    key: ClassVar[str]
    foreign_keys: ClassVar[dict[str, tuple[str, str]]] = {}
    title: ClassVar[tuple[str, str]]


class DokumenRow(DatasetRow):
    """One document."""

    file_name: ClassVar[str] = "dokumen.csv"
    key: ClassVar[str] = "dokumen_id"
    title: ClassVar[tuple[str, str]] = ("Dokumen yang dibaca", "Documents read")

    dokumen_id: Annotated[str, described("16 digit heksadesimal pertama SHA-256 berkas", "First 16 hex digits of the file's SHA-256", "0f3a5b7c9d1e2f40")]
    berkas: Annotated[str, described("Nama berkas", "File name", "rkt-2024.pdf")]
    sha256: Annotated[str | None, described("SHA-256 isi berkas; kosong bila berkas tidak terbaca", "SHA-256 of the file; null when the file could not be opened", "0f3a5b7c9d1e2f40" + "0" * 48)] = None
    jenis: Annotated[str | None, described("Jenis dokumen", "Kind of document", "RKT", enum=["RKT", "PK", "RENJA", "IKU", "LKIP", "LAIN"])] = None
    instansi: Annotated[str | None, described("Instansi penyusun, seperti tercetak", "The agency, as printed", "Dinas Kesehatan Provinsi Jawa Barat")] = None
    tahun: Annotated[int | None, described("Tahun rencana", "The plan's year", 2024)] = None
    halaman: Annotated[int | None, described("Jumlah halaman", "Page count", 32)] = None
    pindaian: Annotated[int, described("Halaman yang dibaca dengan OCR", "Pages read by OCR", 0)] = 0
    status: Annotated[str, described("Hasil pembacaan", "Outcome", "lengkap", enum=["lengkap", "sebagian", "gagal"])]
    galat: Annotated[str | None, described("Galat atau catatan bila tidak lengkap", "The error, or what is incomplete", "halaman 7 tidak terbaca")] = None
    tanda: Annotated[str | None, described("Yang dilakukan padanya, dipisah spasi", "What was done to it, marks separated by spaces", "koreksi")] = None


class TabelRow(DatasetRow):
    """One logical table."""

    file_name: ClassVar[str] = "tabel.csv"
    key: ClassVar[str] = "tabel_id"
    foreign_keys: ClassVar[dict[str, tuple[str, str]]] = {"dokumen_id": ("dokumen", "dokumen_id")}
    title: ClassVar[tuple[str, str]] = ("Tabel logis", "Logical tables")

    dokumen_id: Annotated[str, described("Dokumen asal", "The document", "0f3a5b7c9d1e2f40")]
    tabel_id: Annotated[str, described("Pengenal tabel", "Table id", "0f3a5b7c9d1e2f40-t1")]
    nomor: Annotated[str | None, described("Nomor tabel seperti tercetak", "Number as printed", "II-1")] = None
    judul: Annotated[str | None, described("Judul tabel tanpa nomor", "Title without the number", "Rencana Kinerja Tahunan")] = None
    unit_kerja: Annotated[str | None, described("Unit kerja pemilik tabel", "The unit whose table it is", "Sub Bagian Keuangan")] = None
    jenis: Annotated[str, described("Jenis tabel", "Kind of table", "rencana", enum=["rencana", "anggaran", "lain"])]
    halaman_awal: Annotated[int, described("Halaman pertama", "First page", 8)]
    halaman_akhir: Annotated[int, described("Halaman terakhir", "Last page", 9)]
    baris: Annotated[int, described("Jumlah baris", "Rows", 12)]
    kolom: Annotated[int, described("Jumlah kolom", "Columns", 5)]


class IndikatorRow(DatasetRow):
    """One printed indicator in one target year."""

    file_name: ClassVar[str] = "indikator.csv"
    key: ClassVar[str] = "indikator_id"
    foreign_keys: ClassVar[dict[str, tuple[str, str]]] = {
        "dokumen_id": ("dokumen", "dokumen_id"),
        "tabel_id": ("tabel", "tabel_id"),
        "kelompok_id": ("kelompok", "kelompok_id"),
    }
    title: ClassVar[tuple[str, str]] = ("Indikator dan target per tahun", "Indicators and targets by year")

    indikator_id: Annotated[str, described("Pengenal catatan", "Record id", "0f3a5b7c9d1e2f40-i1")]
    dokumen_id: Annotated[str, described("Dokumen asal", "The document", "0f3a5b7c9d1e2f40")]
    tabel_id: Annotated[str | None, described("Tabel asal; kosong untuk naskah", "The table; null for prose", "0f3a5b7c9d1e2f40-t1")] = None
    baris: Annotated[int | None, described("Nomor baris dalam tabel, dari 1", "Row in the table, from 1", 3)] = None
    halaman: Annotated[int, described("Halaman", "Page", 13)]
    misi: Annotated[str | None, described("Misi", "Mission it hangs under", "Mewujudkan tata kelola yang baik")] = None
    tujuan: Annotated[str | None, described("Tujuan", "Goal it hangs under", "Meningkatkan kualitas pelayanan")] = None
    sasaran: Annotated[str | None, described("Sasaran", "Objective it hangs under", "Meningkatnya akuntabilitas kinerja")] = None
    program: Annotated[str | None, described("Program", "Programme it hangs under", "Program Dukungan Manajemen")] = None
    kegiatan: Annotated[str | None, described("Kegiatan", "Activity it hangs under", "Pengelolaan keuangan")] = None
    indikator: Annotated[str, described("Indikator seperti tercetak, tanpa nomor", "The indicator as printed, without its number", "Persentase laporan tepat waktu")]
    tahun: Annotated[int | None, described("Tahun target", "Target year", 2024)] = None
    target_teks: Annotated[str | None, described("Target seperti tercetak", "The target as printed", "77,5 %")] = None
    target_nilai: Annotated[Decimal | None, described("Nilai target", "The target's number", Decimal("77.5"))] = None
    target_bawah: Annotated[Decimal | None, described("Batas bawah rentang", "Lower bound of a range", Decimal("80"))] = None
    target_atas: Annotated[Decimal | None, described("Batas atas rentang", "Upper bound of a range", Decimal("85"))] = None
    target_operator: Annotated[str | None, described("Operator", "Operator", "=", enum=["=", ">=", "<=", ">", "<"])] = None
    target_satuan: Annotated[str | None, described("Satuan baku", "Canonical unit", "persen")] = None
    target_jenis: Annotated[str, described("Jenis target", "Kind of target", "persen", enum=["persen", "jumlah", "nilai", "rupiah", "predikat", "rentang", "banyak", "teks", "kosong"])]
    target_predikat: Annotated[str | None, described("Predikat, opini atau level", "Grade, opinion or level", "WTP")] = None
    kondisi_awal_teks: Annotated[str | None, described("Kondisi awal seperti tercetak", "Baseline as printed", "75")] = None
    anggaran: Annotated[int | None, described("Anggaran baris, rupiah", "The row's budget, rupiah", 400000000)] = None
    lokasi: Annotated[str | None, described("Lokasi", "Location", "Bandung")] = None
    keterangan: Annotated[str | None, described("Keterangan", "Remarks", "Sumber data: BPS")] = None
    unit_kerja: Annotated[str | None, described("Unit kerja", "Unit", "Sub Bagian Keuangan")] = None
    kelompok_id: Annotated[str | None, described("Indikator terpadu", "The reconciled indicator it belongs to", "k-3f2a9c01d4e5")] = None
    keyakinan: Annotated[float, described("Keyakinan pembacaan, 0-1", "Confidence of the reading, 0-1", 0.98, ge=0, le=1)] = 1.0
    tanda: Annotated[str | None, described("Cara pembacaan, dipisah spasi", "How it was read, marks separated by spaces", "sambung-halaman")] = None


class AnggaranRow(DatasetRow):
    """One budget line."""

    file_name: ClassVar[str] = "anggaran.csv"
    key: ClassVar[str] = "anggaran_id"
    foreign_keys: ClassVar[dict[str, tuple[str, str]]] = {
        "dokumen_id": ("dokumen", "dokumen_id"),
        "tabel_id": ("tabel", "tabel_id"),
        "induk_id": ("", "anggaran_id"),
    }
    title: ClassVar[tuple[str, str]] = ("Baris anggaran", "Budget lines")

    anggaran_id: Annotated[str, described("Pengenal baris", "Line id", "0f3a5b7c9d1e2f40-a1")]
    dokumen_id: Annotated[str, described("Dokumen asal", "The document", "0f3a5b7c9d1e2f40")]
    tabel_id: Annotated[str | None, described("Tabel asal; kosong untuk daftar", "The table; null for lists", "0f3a5b7c9d1e2f40-t2")] = None
    halaman: Annotated[int, described("Halaman", "Page", 29)]
    induk_id: Annotated[str | None, described("Baris induk", "Parent line", "0f3a5b7c9d1e2f40-a0")] = None
    kode: Annotated[str | None, described("Kode atau nomor seperti tercetak", "Code or number as printed", "1.1")] = None
    uraian: Annotated[str, described("Uraian tanpa jumlah", "Text without the amount", "Sub Bagian Keuangan")]
    jumlah: Annotated[int | None, described("Jumlah, rupiah", "Amount, rupiah", 5872552000)] = None
    jumlah_dihitung: Annotated[int | None, described("Jumlah anak-anaknya, rupiah", "Sum of its children, rupiah", 5872552000)] = None
    unit_kerja: Annotated[str | None, described("Unit kerja", "Unit", "Sekretariat")] = None
    tanda: Annotated[str | None, described("Yang dilakukan padanya, dipisah spasi", "What was done to it, marks separated by spaces", "koreksi")] = None


R = TypeVar("R", bound=DatasetRow)


@dataclass(frozen=True, slots=True)
class Printed:
    """A field of a record, with the places where it is printed; () where nowhere."""

    field: str
    value: Any
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Record(Generic[R]):
    """A row with the place on the page of each of its fields.

    Attributes:
        row: What the CSV holds.
        sources: Field name to the places it was taken from.
        parts: For several values in one cell (target_jenis "banyak"), each value.
        notes: Why it was read so, for `rkt explain`.
        as_read: Fields that a correction changed, as they were read; "banyak" for `parts`.
        corrections: Those that were applied to it.
    """

    row: R
    sources: dict[str, tuple[Source, ...]] = field(default_factory=dict)
    parts: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    as_read: dict[str, Any] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()

    def __getitem__(self, name: str) -> Printed:
        """A field by its name, with its places: `record["target_teks"].sources`.

        Raises:
            KeyError: There is no such field.
        """
        if name not in type(self.row).model_fields:
            raise KeyError(f"no field named {name!r}; there are {', '.join(type(self.row).model_fields)}")
        return Printed(name, getattr(self.row, name), self.sources.get(name, ()))


class KelompokRow(DatasetRow):
    """One indicator, its printed copies put together."""

    file_name: ClassVar[str] = "kelompok.csv"
    key: ClassVar[str] = "kelompok_id"
    title: ClassVar[tuple[str, str]] = ("Indikator terpadu", "Reconciled indicators")

    kelompok_id: Annotated[str, described("Pengenal kelompok", "Group id", "k-3f2a9c01d4e5")]
    indikator: Annotated[str, described("Redaksi terpilih", "The chosen wording", "Indeks Reformasi Birokrasi")]
    tahun: Annotated[int | None, described("Tahun", "Year", 2024)] = None
    target_nilai: Annotated[Decimal | None, described("Nilai terpilih; kosong bila berbeda", "The agreed value; null where copies differ", Decimal("80"))] = None
    target_satuan: Annotated[str | None, described("Satuan terpilih", "The agreed unit", "persen")] = None
    status: Annotated[str, described("Kesesuaian", "Agreement", "berbeda", enum=["cocok", "berbeda", "tunggal"])]
    anggota: Annotated[int, described("Jumlah catatan dalam kelompok", "Records in the group", 3)]


class TemuanRow(DatasetRow):
    """One audit finding."""

    file_name: ClassVar[str] = "temuan.csv"
    key: ClassVar[str] = "temuan_id"
    foreign_keys: ClassVar[dict[str, tuple[str, str]]] = {"dokumen_id": ("dokumen", "dokumen_id")}
    title: ClassVar[tuple[str, str]] = ("Temuan audit", "Audit findings")

    temuan_id: Annotated[str, described("Pengenal temuan, tetap antarjalan", "Finding id, stable over runs", "R09-3f2a9c01d4")]
    dokumen_id: Annotated[str, described("Dokumen", "The document", "0f3a5b7c9d1e2f40")]
    aturan: Annotated[str, described("Kode aturan", "Rule code", "R09")]
    tingkat: Annotated[str, described("Tingkat", "Severity", "galat", enum=["galat", "peringatan", "catatan"])]
    pesan: Annotated[str, described("Penjelasan", "What is wrong, in Indonesian", "Target 2024 berbeda: 100% dan 80%")]
    halaman: Annotated[int | None, described("Halaman", "Page", 12)] = None
    nilai_a: Annotated[str | None, described("Nilai pertama", "First value", "100%")] = None
    nilai_b: Annotated[str | None, described("Nilai kedua", "Second value", "80%")] = None
    bukti: Annotated[str | None, described("Pengenal catatan yang menjadi dasar, dipisah spasi", "Ids of the records it rests on, separated by spaces", "0f3a5b7c9d1e2f40-i1 0f3a5b7c9d1e2f40-i7")] = None


# What can become of an indicator from one plan to the next.
CHANGES = ("baru", "dihapus", "pecah", "gabung", "pindah", "redaksi", "satuan", "mundur", "ubah", "kosong")


class PanelRow(DatasetRow):
    """One indicator in one year."""

    file_name: ClassVar[str] = "panel.csv"
    key: ClassVar[str] = "panel_id"
    foreign_keys: ClassVar[dict[str, tuple[str, str]]] = {
        "dokumen_id": ("dokumen", "dokumen_id"),
        "indikator_id": ("indikator", "indikator_id"),
        "kelompok_id": ("kelompok", "kelompok_id"),
    }
    title: ClassVar[tuple[str, str]] = ("Panel: indikator menurut tahun", "Panel: indicators by year")

    panel_id: Annotated[str, described("Pengenal baris", "Row id", "p-3f2a9c01d4e5-2024")]
    deret_id: Annotated[str, described("Deret: indikator yang sama dari tahun ke tahun", "The series: one indicator through the years", "p-3f2a9c01d4e5")]
    padanan_id: Annotated[str, described("Indikator yang sama di instansi mana pun: menurut kata-katanya, tanpa ejaan, imbuhan, urutan, dan nama instansi", "The same indicator in any agency: by its words, whatever their spelling, affixes and order, and without the agency's name", "s-90b1d4c7e2aa")]
    instansi: Annotated[str | None, described("Instansi", "The agency", "Dinas Kesehatan Provinsi Jawa Barat")] = None
    unit_kerja: Annotated[str | None, described("Unit kerja tertinggi yang memuatnya", "The highest unit that has it", "Sub Bagian Keuangan")] = None
    indikator: Annotated[str, described("Indikator seperti tercetak pada tahun itu; bila tidak ada lagi, redaksi terakhir", "The indicator as printed that year; the last wording where it is gone", "Persentase laporan tepat waktu")]
    tahun: Annotated[int, described("Tahun target", "Target year", 2024)]
    target_teks: Annotated[str | None, described("Target seperti tercetak", "The target as printed", "77,5 %")] = None
    target_nilai: Annotated[Decimal | None, described("Nilai target", "The target's number", Decimal("77.5"))] = None
    target_bawah: Annotated[Decimal | None, described("Batas bawah rentang", "Lower bound of a range", Decimal("80"))] = None
    target_atas: Annotated[Decimal | None, described("Batas atas rentang", "Upper bound of a range", Decimal("85"))] = None
    target_satuan: Annotated[str | None, described("Satuan baku", "Canonical unit", "persen")] = None
    target_predikat: Annotated[str | None, described("Predikat, opini atau level", "Grade, opinion or level", "WTP")] = None
    arah: Annotated[str | None, described("Arah yang lebih baik menurut kata-katanya; kosong bila tidak pasti", "Which way is better, by its words; null where they leave it open", "naik", enum=["naik", "turun"])] = None
    sumber: Annotated[str | None, described("Asal target: rencana tahun itu, atau rencana tahun lain (jangka menengah, prakiraan maju); kosong bila indikator tidak ada lagi", "Where the target is from: the year's own plan, or another year's (medium-term, forward estimate); null where the indicator is gone", "tahun-itu", enum=["tahun-itu", "tahun-lain"])] = None
    status: Annotated[str | None, described("Kesesuaian salinan tercetak, seperti di kelompok.csv", "Agreement of the printed copies, as in kelompok.csv", "cocok", enum=["cocok", "berbeda", "tunggal"])] = None
    tahun_sebelumnya: Annotated[int | None, described("Tahun pembanding", "The year it is compared with", 2023)] = None
    perubahan: Annotated[str | None, described("Perubahan sejak tahun pembanding, dipisah spasi; kata-katanya seperti jenis di perubahan.csv", "Changes since then, separated by spaces; the words are those of jenis in perubahan.csv", "redaksi mundur")] = None
    asal: Annotated[str | None, described("Deret asal bila hasil pecahan atau gabungan, dipisah spasi", "Series it was split from or merged of, separated by spaces", "p-51d0fb9337d0")] = None
    dokumen_id: Annotated[str, described("Dokumen asal; bila indikator tidak ada lagi, dokumen yang tidak memuatnya", "The document; where the indicator is gone, the one that lacks it", "0f3a5b7c9d1e2f40")]
    halaman: Annotated[int | None, described("Halaman", "Page", 13)] = None
    indikator_id: Annotated[str | None, described("Catatan yang menjadi asal", "The record it is taken from", "0f3a5b7c9d1e2f40-i1")] = None
    kelompok_id: Annotated[str | None, described("Indikator terpadu tahun itu", "The year's reconciled indicator", "k-3f2a9c01d4e5")] = None


class PerubahanRow(DatasetRow):
    """One change between two plans."""

    file_name: ClassVar[str] = "perubahan.csv"
    key: ClassVar[str] = "perubahan_id"
    foreign_keys: ClassVar[dict[str, tuple[str, str]]] = {"dokumen_id": ("dokumen", "dokumen_id")}
    title: ClassVar[tuple[str, str]] = ("Perubahan antartahun", "Changes between years")

    perubahan_id: Annotated[str, described("Pengenal perubahan, tetap antarjalan", "Change id, stable over runs", "u-3f2a9c01d4e5")]
    jenis: Annotated[str, described("Jenis: indikator baru, dihapus, pecah (dipecah), gabung (digabung), pindah (ke unit lain), redaksi (kata-katanya), satuan (satuannya), mundur (target kurang menuntut), ubah (target lain, arah tidak pasti), kosong (target tidak diisi lagi)", "Kind: indicator new, dropped, split, merged, moved to another unit, reworded; target in another unit, asking for less, changed with no known direction, no longer filled in", "mundur", enum=list(CHANGES))]
    instansi: Annotated[str | None, described("Instansi", "The agency", "Dinas Kesehatan Provinsi Jawa Barat")] = None
    unit_kerja: Annotated[str | None, described("Unit kerja", "The unit", "Sub Bagian Keuangan")] = None
    tahun_sebelumnya: Annotated[int, described("Tahun sebelumnya", "The earlier year", 2023)]
    tahun: Annotated[int, described("Tahun", "The later year", 2024)]
    indikator_sebelumnya: Annotated[str | None, described("Indikator seperti tercetak sebelumnya; beberapa dipisah \" | \"", "The indicator as printed before; several are separated by \" | \"", "Persentase arsip yang dikelola")] = None
    indikator: Annotated[str | None, described("Indikator seperti tercetak sekarang; beberapa dipisah \" | \"", "The indicator as printed now; several are separated by \" | \"", "Persentase arsip inaktif yang dikelola")] = None
    nilai_a: Annotated[str | None, described("Nilai sebelumnya: target, atau unit bila pindah", "Value before: the target, or the unit where it moved", "90%")] = None
    nilai_b: Annotated[str | None, described("Nilai sekarang", "Value now", "88%")] = None
    pesan: Annotated[str, described("Penjelasan", "What changed, in Indonesian", "Target mundur: 90% (2023) menjadi 88% (2024)")]
    dokumen_id: Annotated[str, described("Dokumen tahun yang kemudian", "The later year's document", "0f3a5b7c9d1e2f40")]
    deret_id: Annotated[str, described("Deret di panel.csv, dipisah spasi", "Series in panel.csv, separated by spaces", "p-3f2a9c01d4e5")]
    bukti: Annotated[str | None, described("Pengenal catatan yang menjadi dasar, dipisah spasi", "Ids of the records it rests on, separated by spaces", "0f3a5b7c9d1e2f40-i1 8a1b5b7c9d1e2f40-i7")] = None
