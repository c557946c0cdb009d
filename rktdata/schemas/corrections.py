"""What a person says of a record that was read: `koreksi.csv`, line by line.

A line names a document, a record in it, one of the record's fields, what was read there
and what it is to be. A line whose field is `semua` says that the whole record was looked
at and is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

# The columns of the file, in order.
COLUMNS = ("dokumen_id", "kunci", "kolom", "teks_lama", "nilai_baru", "alasan", "oleh")
# The field of a line that confirms a whole record, and what such a line gives it; "" takes
# the confirmation back.
WHOLE, RIGHT = "semua", "benar"
# Marks in `tanda`.
CORRECTED, CONFIRMED = "koreksi", "dikonfirmasi"

# The key of a document's own row.
DOCUMENT = "dokumen"
# The fields that can be corrected, by kind of record, in the order of their columns. Ids,
# places and what is computed from the rest are not among them.
FIELDS: Mapping[str, tuple[str, ...]] = {
    DOCUMENT: ("jenis", "instansi", "tahun"),
    "indikator": (
        "misi",
        "tujuan",
        "sasaran",
        "program",
        "kegiatan",
        "indikator",
        "tahun",
        "target_teks",
        "target_nilai",
        "target_bawah",
        "target_atas",
        "target_operator",
        "target_satuan",
        "target_jenis",
        "target_predikat",
        "kondisi_awal_teks",
        "anggaran",
        "lokasi",
        "keterangan",
        "unit_kerja",
    ),
    "anggaran": ("kode", "uraian", "jumlah", "unit_kerja"),
}

# Why a line changes nothing: no record fits its key, or several do; the field is read
# otherwise now; it is read now as the line wants it; the document is not in the dataset.
Cause: TypeAlias = Literal["hilang", "mendua", "berubah", "terbaca", "dokumen"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of `koreksi.csv`.

    Attributes:
        dokumen_id: The document's.
        kunci: Which record; see `rktdata/corrections/keys.py`.
        kolom: The field, or `WHOLE`.
        teks_lama: What was read there, as the CSV file writes it; "" is null.
        nilai_baru: What it is to be, likewise; `RIGHT` or "" where the field is `WHOLE`.
        alasan, oleh: Why, and who says so.
        place: Where it stands ("koreksi.csv:3"), for messages.
    """

    dokumen_id: str
    kunci: str
    kolom: str
    teks_lama: str
    nilai_baru: str
    alasan: str = ""
    oleh: str = ""
    place: str = ""

    @property
    def confirms(self) -> bool:
        """Whether it says that a whole record is right."""
        return self.kolom == WHOLE and self.nilai_baru == RIGHT

    @property
    def takes_back(self) -> bool:
        """Whether it asks for no more than what was read: it undoes a line before it."""
        return self.nilai_baru == ("" if self.kolom == WHOLE else self.teks_lama)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A line that changes nothing, why, and what is read there now where that matters."""

    correction: Correction
    cause: Cause
    now: str = ""

    @property
    def message_id(self) -> str:
        """What it means and what to do, in Indonesian."""
        return {
            "hilang": "tidak ada lagi catatan yang cocok dengan kuncinya; periksa dokumennya "
            "dan koreksi lagi, atau hapus baris ini",
            "mendua": "lebih dari satu catatan cocok dengan kuncinya; koreksi lagi catatan itu",
            "berubah": f"kini terbaca {_quoted(self.now)}, bukan "
            f"{_quoted(self.correction.teks_lama)}; koreksi lagi, atau hapus baris ini",
            "terbaca": "kini terbaca seperti yang diminta; baris ini boleh dihapus",
            "dokumen": "dokumennya tidak ada dalam himpunan data ini",
        }[self.cause]

    @property
    def message_en(self) -> str:
        """The same in English."""
        return {
            "hilang": "no record fits its key any more; look at the document and correct it "
            "again, or remove the line",
            "mendua": "several records fit its key; correct that record again",
            "berubah": f"what is read is now {_quoted(self.now)}, not "
            f"{_quoted(self.correction.teks_lama)}; correct it again, or remove the line",
            "terbaca": "it is read so by now; the line can go",
            "dokumen": "its document is not in this dataset",
        }[self.cause]


def by_document(corrections: Iterable[Correction]) -> dict[str, tuple[Correction, ...]]:
    """Corrections by dokumen_id, in their order."""
    found: dict[str, list[Correction]] = {}
    for correction in corrections:
        found.setdefault(correction.dokumen_id, []).append(correction)
    return {document_id: tuple(own) for document_id, own in found.items()}


def _quoted(text: str) -> str:
    return f'"{text}"' if text else "-"
