from __future__ import annotations

from rktdata.reconcile import reconcile, with_group_ids
from rktdata.reconcile.hierarchy import same_agency, same_unit, unit_level
from tests.plans import plan, row, table

ROWS = (
    row("Persentase jalan dalam kondisi mantap", "85 %", sasaran="Meningkatnya kualitas jalan"),
    row("Jumlah jembatan yang dibangun", "4 unit", sasaran="Meningkatnya kualitas jalan"),
    row("Indeks kepuasan pengguna jalan", "80", sasaran="Meningkatnya layanan"),
)


def test_copies_of_an_indicator_are_one_group() -> None:
    document = plan(table(*ROWS, number="1"), table(*ROWS[:2], number="2", page=2))
    reconciled = reconcile([document])
    found = {g.row.indikator: (g.row.status, g.row.anggota) for g in reconciled.groups}
    assert found["Persentase jalan dalam kondisi mantap"] == ("cocok", 2)
    assert found["Indeks kepuasan pengguna jalan"] == ("tunggal", 1)
    assert set(reconciled.group_of) == {f"d0-i{n}" for n in range(1, 6)}
    row_of = with_group_ids(document, reconciled).indicators[0].row
    assert row_of.kelompok_id == reconciled.groups[0].row.kelompok_id


def test_a_differing_copy_leaves_the_value_open() -> None:
    other = row("Persentase jalan dalam kondisi mantap", "80 %")
    [group] = [
        g
        for g in reconcile([plan(table(*ROWS), table(other, *ROWS[1:]))]).groups
        if g.row.indikator.startswith("Persentase")
    ]
    assert (group.row.status, group.row.target_nilai) == ("berbeda", None)


def test_every_year_is_a_group_of_its_own() -> None:
    years = [
        row("Indeks inovasi daerah", str(v), tahun=y, baris=1) for y, v in ((2023, 50), (2024, 60))
    ]
    medium = table(*years, number="1", title="Jangka menengah")
    annual = table(row("Indeks inovasi daerah", "60"), number="2")
    groups = reconcile([plan(medium, annual)]).groups
    assert [(g.row.tahun, g.row.anggota) for g in groups] == [(2023, 1), (2024, 2)]


def test_a_bagian_and_its_sub_bagian_are_found_without_being_told() -> None:
    planning = [
        row("Jumlah dokumen rencana kerja", "2 dokumen"),
        row("Persentase usulan terverifikasi", "90 %"),
    ]
    data = [row("Persentase data termutakhirkan", "95 %"), row("Jumlah publikasi data", "3 buku")]
    document = plan(
        table(*planning, *data, unit="Bagian Perencanaan dan Data", number="1"),
        table(row("Jumlah laporan keuangan", "2 laporan"), unit="Bagian Keuangan", number="2"),
        table(*planning, unit="Sub Bagian Perencanaan", number="3"),
        table(*data, unit="Sub Bagian Data", number="4"),
    )
    reconciled = reconcile([document])
    parents = {n.name: n.parent for n in reconciled.units["d0"]}
    assert parents["Sub Bagian Perencanaan"] == "Bagian Perencanaan dan Data"
    assert parents["Sub Bagian Data"] == "Bagian Perencanaan dan Data"
    assert parents["Bagian Keuangan"] == "Dinas Contoh Provinsi Misal"
    twins = [(a.first.label_id, a.second.label_id) for a in reconciled.alignments if a.twin]
    assert twins == [("Tabel 1", "Tabel 3"), ("Tabel 1", "Tabel 4")]


def test_siblings_with_the_same_indicator_are_no_copies() -> None:
    one = table(row("Jumlah laporan kinerja", "2 laporan"), unit="Bidang Jalan")
    two = table(row("Jumlah laporan kinerja", "5 laporan"), unit="Bidang Jembatan")
    assert [g.row.status for g in reconcile([plan(one, two)]).groups] == ["tunggal", "tunggal"]


def test_one_word_replaced_is_another_indicator() -> None:
    one = [row("Persentase siswa laki-laki yang lulus ujian", "90 %"), *ROWS]
    two = [row("Persentase siswa perempuan yang lulus ujian", "70 %"), *ROWS]
    groups = reconcile([plan(table(*one), table(*two))]).groups
    assert all(g.row.status != "berbeda" for g in groups)


def test_two_equal_candidates_are_left_and_reported() -> None:
    one = table(row("Jumlah laporan", "2 laporan"), *ROWS)
    two = table(row("Jumlah laporan", "3 laporan"), row("Jumlah laporan", "4 laporan"), *ROWS)
    [alignment] = reconcile([plan(one, two)]).alignments
    assert [len(tie.candidates) for tie in alignment.ties] == [2]
    assert all(m.first.text != "Jumlah laporan" for m in alignment.matches)


def test_equal_rows_with_the_same_targets_are_no_tie() -> None:
    rows = [row("Jumlah laporan", "2 laporan"), row("Jumlah laporan", "4 laporan"), *ROWS]
    [alignment] = reconcile([plan(table(*rows), table(*rows))]).alignments
    assert not alignment.ties
    assert len(alignment.matches) == 5


def test_the_kegiatan_decides_between_equal_texts() -> None:
    rows = [
        row("Jumlah peserta", "30 orang", kegiatan="Pelatihan guru"),
        row("Jumlah peserta", "80 orang", kegiatan="Pelatihan bidan desa"),
    ]
    [alignment] = reconcile([plan(table(*rows), table(*reversed(rows)))]).alignments
    assert [(m.first.position, m.second.position) for m in alignment.matches] == [(0, 1), (1, 0)]


def test_other_agencies_are_never_compared() -> None:
    one = plan(table(*ROWS), key="a")
    two = plan(table(*ROWS), key="b", agency="Badan Lain Kabupaten Anu")
    assert not reconcile([one, two]).alignments


def test_ids_do_not_hang_on_the_order_of_documents() -> None:
    one, two = plan(table(*ROWS), key="a"), plan(table(*ROWS), key="b", kind="PK")
    ids = [{g.row.kelompok_id for g in reconcile(x).groups} for x in ([one, two], [two, one])]
    assert ids[0] == ids[1]


def test_units() -> None:
    assert unit_level("Subbag Umum") == 4
    assert unit_level("KPU Provinsi Misal") == 1
    assert same_unit("Sub Bagian Umum", "Subbag. Umum")
    assert not same_unit("Seksi Jalan", "Seksi Jembatan")
    assert same_agency("KPU Provinsi Misal", "Komisi Pemilihan Umum Provinsi Misal")
    assert not same_agency("Dinas Kesehatan", "Dinas Pendidikan")
