"""Views that the database exports share, in SQL that SQLite and DuckDB both read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rktdata.output.export.source import SourceTable


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, what it shows, the tables it needs, its query.

    `numbers` are the columns it reckons with; see `views_of`.
    """

    name: str
    description: str
    tables: frozenset[str]
    query: str
    numbers: frozenset[str] = frozenset()


VIEWS = (
    View(
        "target",
        "Setiap indikator dengan dokumen dan tabelnya / each indicator with document and table",
        frozenset({"dokumen", "tabel", "indikator"}),
        """SELECT i.indikator_id, d.instansi, d.jenis AS jenis_dokumen, d.berkas, i.halaman,
            t.nomor AS nomor_tabel, t.judul AS judul_tabel, i.sasaran, i.program, i.kegiatan,
            i.indikator, i.tahun, i.target_teks, i.target_nilai, i.target_satuan,
            i.anggaran, i.keyakinan
        FROM indikator i JOIN dokumen d ON d.dokumen_id = i.dokumen_id
        LEFT JOIN tabel t ON t.tabel_id = i.tabel_id""",
    ),
    View(
        "anggaran_selisih",
        "Baris anggaran yang tidak sama dengan jumlah anaknya / lines that differ from their sum",
        frozenset({"dokumen", "anggaran"}),
        """SELECT a.anggaran_id, d.instansi, d.berkas, a.halaman, a.kode, a.uraian, a.jumlah,
            a.jumlah_dihitung, a.jumlah - a.jumlah_dihitung AS selisih
        FROM anggaran a JOIN dokumen d ON d.dokumen_id = a.dokumen_id
        WHERE a.jumlah <> a.jumlah_dihitung""",
        frozenset({"jumlah", "jumlah_dihitung"}),
    ),
    View(
        "ringkasan",
        "Jumlah catatan per dokumen / records per document",
        frozenset({"dokumen", "tabel", "indikator", "anggaran"}),
        """SELECT d.dokumen_id, d.instansi, d.jenis, d.tahun, d.berkas, d.status,
            (SELECT count(*) FROM tabel t WHERE t.dokumen_id = d.dokumen_id) AS tabel,
            (SELECT count(*) FROM indikator i WHERE i.dokumen_id = d.dokumen_id) AS indikator,
            (SELECT count(*) FROM anggaran a WHERE a.dokumen_id = d.dokumen_id) AS anggaran
        FROM dokumen d""",
    ),
    View(
        "temuan_dokumen",
        "Temuan dengan instansi dan berkasnya / findings with agency and file",
        frozenset({"dokumen", "temuan"}),
        """SELECT f.temuan_id, f.tingkat, f.aturan, d.instansi, d.tahun, d.berkas, f.halaman,
            f.pesan, f.nilai_a, f.nilai_b
        FROM temuan f JOIN dokumen d ON d.dokumen_id = f.dokumen_id""",
    ),
    View(
        "kelompok_berbeda",
        "Cetakan indikator yang targetnya berbeda / printed copies whose targets differ",
        frozenset({"dokumen", "indikator", "kelompok"}),
        """SELECT k.kelompok_id, k.indikator, k.tahun, d.instansi, d.berkas, i.halaman,
            i.target_teks, i.indikator_id
        FROM kelompok k JOIN indikator i ON i.kelompok_id = k.kelompok_id
        JOIN dokumen d ON d.dokumen_id = i.dokumen_id
        WHERE k.status = 'berbeda'""",
    ),
)


def views_of(tables: Sequence[SourceTable]) -> Iterator[View]:
    """The views that these tables allow.

    One that reckons with a column is left out where that column had to be text.
    """
    there = {table.name: table for table in tables}
    for view in VIEWS:
        if view.tables <= set(there):
            columns = (column for name in view.tables for column in there[name].columns)
            if not any(c.name in view.numbers and c.kind == "text" for c in columns):
                yield view
