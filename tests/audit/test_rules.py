"""Each rule on records made by hand: what it must say, and what it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rktdata.audit import rule_infos
from rktdata.audit.rules.structure import read_number
from rktdata.audit.rules.wording import is_slip
from rktdata.schemas.document import Document
from tests.plans import block, budget, findings, plan, row, rules, table

SASARAN = "Meningkatnya kualitas layanan jalan"
ROWS = (
    row("Persentase jalan dalam kondisi mantap", "85 %", sasaran=SASARAN, program="Program Jalan"),
    row("Jumlah jembatan yang dibangun", "4 unit", sasaran=SASARAN, program="Program Jalan"),
    row("Indeks kepuasan pengguna jalan", "80", sasaran="Meningkatnya kepuasan warga kota"),
    row("Persentase rambu yang terpasang baik", "70 %", sasaran="Meningkatnya kepuasan warga kota"),
)


def test_a_plan_without_faults_says_nothing() -> None:
    document = plan(
        table(*ROWS, number="1", title="Rencana Kinerja 2024"),
        table(*ROWS, number="2", title="Lampiran 2024", page=2),
        lines=[
            budget("Total anggaran", 300),
            budget("Program Jalan", 100, "1", 0),
            budget("Program Jembatan", 200, "2", 0),
        ],
    )
    assert rules(document) == set()


def test_every_rule_has_texts_in_both_languages() -> None:
    infos = rule_infos()
    assert len({i.id for i in infos}) == len(infos)
    assert all(i.title_id and i.title_en and i.basis for i in infos)


def _with(changed: dict[int, object] | None = None, **kinds: object) -> Document:
    """A table and its twin, in which some rows are replaced."""
    twin = [{**r, **(changed or {}).get(n, {})} for n, r in enumerate(ROWS)]  # type: ignore[dict-item]
    return plan(table(*ROWS, number="1"), table(*twin, number="2", page=2))


# Targets and twins

TWINS: list[tuple[str, dict[int, object]]] = [
    ("R09", {0: row(ROWS[0]["indikator"], "80 %")}),
    ("R47", {2: row(ROWS[2]["indikator"], "80 %")}),
    ("R01", {1: row(ROWS[1]["indikator"], None)}),
    ("R10", {1: row("Jumlah jembatan baru yang dibangun", "4 unit")}),
    ("R45", {0: {"sasaran": "Meningkatnya kepuasan warga kota"}}),
    ("R46", {n: {"sasaran": "Meningkatnya kwalitas layanan jalan"} for n in (0, 1)}),
]


@pytest.mark.parametrize(("rule", "changed"), TWINS)
def test_a_changed_twin_is_found(rule: str, changed: dict[int, object]) -> None:
    [finding, *_] = findings(_with(changed), rule=rule)
    assert finding.a.sources
    assert finding.a.page in (1, 2)
    assert finding.evidence


@pytest.mark.parametrize("target", ["85%", "85  %", "85 %"])
def test_spaces_in_a_target_are_no_difference(target: str) -> None:
    assert not findings(_with({0: {**row("x", target), "indikator": ROWS[0]["indikator"]}}))


def test_a_lost_grade_is_an_error_and_a_slip_a_note() -> None:
    full = row("Persentase unit dengan nilai kinerja minimal B", "60 %")
    cut = row("Persentase unit dengan nilai kinerja minimal", "60 %")
    [finding] = findings(plan(table(full, *ROWS), table(cut, *ROWS)), rule="R10")
    assert (finding.severity, finding.similarity is not None) == ("galat", True)
    slip = row("Persentase unit dengan nilai kinrja minimal B", "60 %")
    found = findings(plan(table(full, *ROWS), table(slip, *ROWS)), rule="R10")
    assert [f.severity for f in found] in ([], ["catatan"], ["peringatan"])


def test_prosentase_beside_persentase_is_told_once_and_not_as_another_wording() -> None:
    twin = [{**r, "indikator": r["indikator"].replace("Persentase", "Prosentase")} for r in ROWS]
    found = findings(plan(table(*ROWS), table(*twin)))
    assert [f.rule.id for f in found] == ["R65"]


def test_rows_missing_in_a_twin() -> None:
    [finding] = findings(plan(table(*ROWS), table(*ROWS[:3])), rule="R11")
    assert "rambu" in finding.message_id


def test_an_extract_of_a_list_lacks_nothing() -> None:
    many = [
        row(f"Jumlah {n} yang diperbaiki", "3 unit")
        for n in ("trotoar", "halte", "drainase", "gorong", "marka", "lampu")
    ]
    assert not findings(plan(table(*ROWS[:2], *many), table(*ROWS[:2])), rule="R11")


def test_order_of_rows() -> None:
    moved = [ROWS[3], *ROWS[:3]]
    assert len(findings(plan(table(*ROWS), table(*moved)), rule="R48")) == 1
    assert not findings(plan(table(*ROWS), table(*ROWS)), rule="R48")


def _units(whole: str, parts: list[str], unit: str = "dokumen") -> Document:
    name = "Jumlah dokumen yang diterbitkan" if unit != "%" else "Persentase dokumen terbit"
    others = [row(f"Jumlah {x} yang diadakan", "2 unit") for x in ("meja", "kursi", "lemari")]
    return plan(
        table(row(name, f"{whole} {unit}"), *others, unit="Bidang Umum"),
        *[
            table(row(name, f"{part} {unit}"), unit=f"Seksi {place}")
            for place, part in zip(("Timur", "Barat", "Utara"), parts, strict=False)
        ],
    )


def test_counts_of_units_add_up_and_averages_lie_between() -> None:
    assert findings(_units("25", ["12", "8"]), rule="R14")
    assert not findings(_units("20", ["12", "8"]))
    assert not findings(_units("12", ["12", "12"]))  # one thing that each of them prints
    assert findings(_units("95", ["80", "90"], "%"), rule="R15")
    assert not findings(_units("85", ["80", "90"], "%"))


def test_two_equal_counterparts_are_told() -> None:
    one = [row("Jumlah laporan", "2 laporan"), *ROWS]
    two = [row("Jumlah laporan", "3 laporan"), row("Jumlah laporan", "4 laporan"), *ROWS]
    assert len(findings(plan(table(*one), table(*two)), rule="R49")) == 1


def test_one_indicator_twice_in_one_table() -> None:
    twice = [
        row("Jumlah laporan", t, kegiatan="Evaluasi kinerja") for t in ("2 laporan", "3 laporan")
    ]
    assert findings(plan(table(*twice)), rule="R50")
    apart = [
        row("Jumlah laporan", t, kegiatan=k)
        for t, k in (("2 laporan", "Evaluasi kinerja"), ("3 laporan", "Pelatihan guru"))
    ]
    assert not findings(plan(table(*apart)))


SINGLE = [
    ("R02", row("Jumlah jembatan", "5"), row("Indeks inovasi", "5")),
    ("R05", row("Persentase temuan selesai", "850 %"), row("Persentase pertumbuhan PAD", "120 %")),
    ("R06", row("Persentase jalan mantap", "3 dokumen"), row("Persentase jalan mantap", "3 %")),
    (
        "R06",
        row("Jumlah pegawai terlatih", "23 satker"),
        row("Jumlah pegawai terlatih", "23 orang"),
    ),
    ("R06", row("Indeks inovasi", "80 %"), row("Indeks inovasi", "80")),
    ("R07", row("Opini BPK atas LKPD", "BB"), row("Opini BPK atas LKPD", "WTP")),
    ("R07", row("Nilai SAKIP", "WTP"), row("Nilai SAKIP", "BB")),
    ("R07", row("Level maturitas SPIP", "7"), row("Level maturitas SPIP", "3")),
    ("R08", row("Nilai SAKIP", "BB (68,5)"), row("Nilai SAKIP", "B (68,5)")),
    (
        "R25",
        row("Dimuat di 3 (dua) media lokal", "1 kali"),
        row("Dimuat di 3 (tiga) media", "1 kali"),
    ),
    (
        "R24",
        row("Output: Dokumen rencana", "1 dokumen", program="Program A"),
        row("Outcome: Kinerja naik", "1 dokumen", program="Program A"),
    ),
    (
        "R23",
        row("Menyusun dokumen rencana", "1 dokumen"),
        row("Jumlah dokumen rencana", "1 dokumen"),
    ),
    (
        "R23",
        row("Jumlah dokumen", "1 dokumen", sasaran="Meningkatkan mutu rencana"),
        row("Jumlah dokumen", "1 dokumen", sasaran="Meningkatnya mutu rencana"),
    ),
]


@pytest.mark.parametrize(("rule", "wrong", "right"), SINGLE)
def test_single_rows(rule: str, wrong: dict[str, object], right: dict[str, object]) -> None:
    others = (
        row("Outcome: Warga puas", "1 dokumen", program="Program B"),
        row("Output: Peta jalan", "2 peta", program="Program B", kegiatan="Pemetaan"),
        row("Output: Peta desa", "3 peta", program="Program B", kegiatan="Pemetaan lanjut"),
    )
    assert findings(plan(table(wrong, *others)), rule=rule)
    assert not findings(plan(table(right, *others)), rule=rule)


def test_ranges_and_bounds() -> None:
    falling = row("Indeks inovasi", "80-85", target_bawah=85, target_atas=80)
    falling |= {"target_nilai": None, "target_jenis": "rentang"}
    assert findings(plan(table(falling)), rule="R26")
    most = row("Persentase jalan mantap", "90 %", target_operator="<=")
    least = row("Persentase jalan mantap", "90 %", target_operator=">=")
    assert findings(plan(table(most)), rule="R26")
    assert not findings(plan(table(least)), rule="R26")
    low = row("Persentase angka kemiskinan", "9 %", target_operator="<=")
    assert not findings(plan(table(low)), rule="R26")


def test_baselines() -> None:
    same = [row(f"Persentase {x} layak", "100 %", kondisi_awal_teks="100 %") for x in "abc"]
    [finding] = findings(plan(table(*same)), rule="R29")
    assert finding.severity == "catatan"
    worse = row("Persentase jalan mantap", "70 %", kondisi_awal_teks="75 %")
    better = row("Persentase jalan mantap", "80 %", kondisi_awal_teks="75 %")
    fewer = row("Persentase penduduk miskin, kemiskinan", "8 %", kondisi_awal_teks="9 %")
    assert findings(plan(table(worse)), rule="R29")
    assert not findings(plan(table(better, fewer)), rule="R29")


def test_a_list_at_its_ceiling_is_one_note() -> None:
    full = [
        row(f"Persentase {x} layak", "100 %")
        for x in ("jalan", "got", "taman", "jembatan", "pasar", "rumah")
    ]
    [finding] = findings(plan(table(*full)), rule="R30")
    assert finding.severity == "catatan"
    assert not findings(plan(table(*full[1:], row("Persentase jalan layak", "90 %"))), rule="R30")


def test_a_form_that_gives_programmes_no_target_is_one_finding() -> None:
    rows = []
    for n in ("a", "b", "c", "d"):
        rows.append(row(f"Outcome: hasil {n}", None, program=f"Program {n}"))
        rows.append(row(f"Output: keluaran {n}", "1 dokumen", program=f"Program {n}", kegiatan=n))
    assert len(findings(plan(table(*rows)), rule="R01")) == 1
    assert not findings(plan(table(row("Definisi a"), row("Definisi b"))), rule="R01")


# Structure

COLUMNS = ("No", "Program/Kegiatan", "Sasaran", "Indikator", "Target")


def _table(*rows: tuple[str | None, ...], **made: object) -> Document:
    return plan(table(*ROWS, columns=COLUMNS, cells=rows, **made))  # type: ignore[arg-type]


def test_row_numbers() -> None:
    doubled = _table(
        ("1.", "A x", "s", "i", "1"), ("2.", "B x", "s", "i", "1"), ("2.", "C x", "s", "i", "1")
    )
    [finding] = findings(doubled, rule="R18")
    assert finding.severity == "peringatan"
    skipped = _table(
        ("1", "A x", "s", "i", "1"), ("2", "B x", "s", "i", "1"), ("6", "C x", "s", "i", "1")
    )
    assert "3-5" in findings(skipped, rule="R18")[0].message_id
    covered = _table(
        ("1", "A x", "s", "i", "1"), ("1", "A x", "s", "j", "1"), ("2", "B x", "s", "i", "1")
    )
    assert not findings(covered, rule="R18")
    again = _table(
        ("1", "A x", "s", "i", "1"),
        ("2", "B x", "s", "i", "1"),
        (None, "Program", None, None, None),
        ("1", "C x", "s", "i", "1"),
    )
    assert not findings(again, rule="R18")


def test_numbered_rows_without_a_name() -> None:
    rows = [(str(n), f"Kegiatan {n}", "s", "i", "1") for n in range(1, 6)]
    assert findings(_table(*rows, ("6", None, "s", "i", "1")), rule="R55")
    assert not findings(_table(*rows), rule="R55")


def test_table_numbers() -> None:
    one = table(*ROWS, number="1", title="Jangka menengah", caption="Tabel 1. Jangka menengah")
    two = table(*ROWS, number="1", title="Tahunan", caption="Tabel 1. Tahunan")
    assert findings(plan(one, two), rule="R56")
    assert not findings(plan(one, {**two, "number": "2"}), rule="R56")
    assert not findings(plan(one, one), rule="R56")  # a table that goes on
    assert findings(plan(one, {**two, "number": "4"}), rule="R56")[0].severity == "catatan"
    bare = [
        table(*ROWS, number=str(n), title=f"T {n}", caption=f"Tabel {n}. T") for n in range(1, 5)
    ]
    bare.append(table(*ROWS, number="5", title="T", caption="5. T"))
    assert findings(plan(*bare), rule="R56")[0].severity == "catatan"


def test_section_letters() -> None:
    letters = [block("judul", "Program", "D.", 4), block("judul", "Kegiatan", "E.", 4)]
    twice = [*letters, block("judul", "Indikator Kinerja", "E.", 5)]
    assert findings(plan(table(*ROWS), blocks=twice), rule="R57")
    assert not findings(plan(table(*ROWS), blocks=letters), rule="R57")
    nested = [
        block("judul", "Gambaran umum", "2.1", 4),
        block("judul", "Tugas", "A.", 4),
        block("judul", "Isu", "2.2", 5),
        block("judul", "Masalah", "A.", 5),
    ]
    found = findings(plan(table(*ROWS), blocks=nested), rule="R57")
    assert not [f for f in found if "dua kali" in f.message_id]


def test_objectives_and_indicators_hang_together() -> None:
    cells = [
        ("1", "K", "Sasaran satu ini", "Indikator", "1"),
        ("2", "K", "Sasaran dua ini", "I", "2"),
        ("3", "K", "Sasaran tiga ini", None, None),
    ]
    assert findings(_table(*cells), rule="R03")
    assert not findings(_table(*cells[:2]), rule="R03")
    orphan = row("Jumlah halte", "3 unit")
    assert findings(plan(table(*ROWS, orphan)), rule="R04")
    assert not findings(plan(table(*ROWS)), rule="R04")
    assert not findings(plan(table(orphan)), rule="R04")


def test_one_kegiatan_under_two_programmes() -> None:
    one = row(
        "Jumlah laporan", "2 laporan", kegiatan="Pengawasan internal", program="Program Jalan"
    )
    two = {**one, "program": "Dukungan manajemen umum"}
    same = {**one, "program": "1. JALAN"}
    assert findings(plan(table(one), table(two)), rule="R20")
    assert not findings(plan(table(one), table(same)), rule="R20")


def test_an_objective_printed_twice_apart() -> None:
    rows = [ROWS[0], ROWS[2], ROWS[1]]
    rows = [{**r, "program": None} for r in rows]
    assert findings(plan(table(*rows)), rule="R54")
    assert not findings(plan(table(*ROWS)), rule="R54")


def test_another_level_over_the_same_rows() -> None:
    one = table(*ROWS, columns=("Sasaran Strategis", "Indikator"), number="1")
    two = table(*ROWS, columns=("Sasaran Kegiatan", "Indikator"), number="2")
    assert len(findings(plan(one, two), rule="R53")) == 1
    assert not findings(plan(one, {**two, "columns": ("Sasaran", "Indikator")}), rule="R53")


def test_indicators_apart_from_the_kegiatan_that_names_them() -> None:
    money = row(
        "Persentase laporan tepat waktu",
        "90 %",
        sasaran="Tertib laporan keuangan",
        kegiatan="Pengelolaan keuangan dan barang milik daerah",
    )
    goods = row(
        "Persentase aset tercatat",
        "90 %",
        sasaran="Tertib barang milik daerah",
        kegiatan="Operasional perkantoran",
    )
    assert findings(plan(table(money, goods)), rule="R60")
    at_home = {**goods, "kegiatan": money["kegiatan"]}
    assert not findings(plan(table(money, at_home, goods)), rule="R60")


def test_stated_counts() -> None:
    lines = [budget("Program A", 3, "1"), budget("Rehab", 1, "-", 0), budget("Bangun", 2, "-", 0)]
    wrong = block("prosa", "Anggaran terdiri dari 1 program dan 3 Rincian Output sebagai berikut:")
    right = block("prosa", "Anggaran terdiri dari 1 program dan 2 Rincian Output sebagai berikut:")
    assert len(findings(plan(table(*ROWS), lines=lines, blocks=[wrong]), rule="R58")) == 1
    assert not findings(plan(table(*ROWS), lines=lines, blocks=[right]), rule="R58")
    items = [block("butir", f"Terwujudnya hal {n}", f"{n}.") for n in range(1, 4)]
    said = block("prosa", "Ditetapkan 4 (empat) tujuan, yaitu:")
    assert findings(plan(table(*ROWS), blocks=[said, *items]), rule="R58")
    said = block("prosa", "Ditetapkan 3 (tiga) tujuan, yaitu:")
    assert not findings(plan(table(*ROWS), blocks=[said, *items]), rule="R58")


# Budget

TREE = [
    budget("Program Jalan", 300, "1"),
    budget("Bagian Umum", 100, "1.1", 0),
    budget("Rehabilitasi", 60, "-", 1),
    budget("Pembangunan", 40, "-", 1),
    budget("Bagian Teknik", 200, "1.2", 0),
    budget("Jembatan", 200, "-", 4),
]


def test_sums_at_every_level() -> None:
    assert not findings(plan(lines=TREE))
    for at, line in enumerate(TREE):
        wrong = [*TREE[:at], {**line, "jumlah": line["jumlah"] + 7}, *TREE[at + 1 :]]
        found = findings(plan(lines=wrong), rule="R12")
        assert found, line["uraian"]


def test_a_heading_without_amount_passes_its_parts_on() -> None:
    empty = [*TREE[:4], {**TREE[4], "jumlah": None}, TREE[5]]
    assert not findings(plan(lines=empty), rule="R12")
    wrong = [*empty[:5], {**TREE[5], "jumlah": 150}]
    assert findings(plan(lines=wrong), rule="R12")


def test_a_heading_without_amount_where_its_peers_have_one() -> None:
    lines = [*TREE, budget("Bagian Data", None, "1.3", 0), budget("Peta", 5, "-", 6)]
    assert findings(plan(lines=lines), rule="R59")
    none = [{**x, "jumlah": None} if x["kode"] in ("1.1", "1.2") else x for x in TREE]
    assert not findings(plan(lines=none), rule="R59")


def test_total_rows() -> None:
    lines = [budget("Program A", 100, "1"), budget("Program B", 50, "2")]
    assert findings(plan(lines=[*lines, budget("Jumlah", 140)]), rule="R13")
    assert not findings(plan(lines=[*lines, budget("Jumlah", 150)]))
    two = [*lines, budget("Jumlah", 150), budget("Program C", 10, "3"), budget("Total", 160)]
    assert not findings(plan(lines=two))


def test_parts_of_a_programme_above_the_unit() -> None:
    def made(*amounts: int) -> Document:
        units = ("Bidang Umum", "Seksi Timur", "Seksi Barat")
        return plan(
            *[table(unit=u, kind="anggaran") for u in units],
            lines=[budget("1. Program A", a, table=n) for n, a in enumerate(amounts)],
            kind="PK",
        )

    assert findings(made(100, 80, 40), rule="R64")
    assert not findings(made(100, 60, 40))
    assert not findings(made(100, 30, 40))


def test_performance_and_budget_in_one_table() -> None:
    paid = [row("Jumlah x", "2 unit", kegiatan=k, anggaran=5) for k in ("Rehab", "Bangun", "Rawat")]
    assert findings(plan(table(*paid, row("Jumlah y", "2 unit", kegiatan="Peta"))), rule="R17")
    assert not findings(plan(table(*paid, row("Jumlah y", "1 unit", kegiatan="Rehab"))), rule="R17")
    bare = row("Jumlah y", None, kegiatan="Peta", anggaran=5)
    assert findings(plan(table(*paid, bare)), rule="R16")
    assert not findings(plan(table(*paid)), rule="R16")


def test_a_kegiatan_without_a_budget_line() -> None:
    names = ("Pemeliharaan jembatan", "Pembangunan trotoar", "Pengawasan internal")
    rows = [row("Jumlah x", "2 unit", kegiatan=n, program="Program A") for n in names]
    lines = [budget(n, 5, "-") for n in ("Cat jembatan", "Semen trotoar", "Pasir trotoar")]
    [finding] = findings(plan(table(*rows), lines=lines), rule="R51")
    assert "internal" in finding.message_id
    more = [*lines, budget("Pemeriksaan internal", 5, "-")]
    assert not findings(plan(table(*rows), lines=more), rule="R51")


def test_codes_and_names_of_outputs() -> None:
    wrong = [budget("A", 5, "1"), budget("B", 5, "2.1", 0)]
    right = [budget("A", 5, "1"), budget("B", 5, "1.1", 0)]
    assert findings(plan(lines=wrong), rule="R19")
    assert not findings(plan(lines=right), rule="R19")
    assert findings(plan(lines=[budget("Meningkatnya layanan", 5, "2886.EBA")]), rule="R22")
    assert not findings(plan(lines=[budget("Layanan umum", 5, "2886.EBA")]), rule="R22")


def test_amounts_without_rp() -> None:
    said = [block("butir", f"Belanja {n} sebesar Rp. 1.234.000.000", "-") for n in "abc"]
    bare = block("butir", "Seleksi sebesar 4.187.000.000", "-")
    assert findings(plan(blocks=[*said, bare], lines=TREE), rule="R62")
    assert not findings(plan(blocks=said, lines=TREE), rule="R62")


# Names and words


def test_units_written_two_ways() -> None:
    one = table(*ROWS, unit="Bagian Perencanaan Data dan Informasi")
    lines = [
        budget("Bagian Perencanaan, Data dan Informasi", 5, "1"),
        budget("Bagian Umum", 5, "2"),
    ]
    assert [f.severity for f in findings(plan(one, lines=lines), rule="R31")] == ["catatan"]
    other = [budget("Bagian Perencanaan dan Informasi", 5, "1")]
    assert [f.severity for f in findings(plan(one, lines=other), rule="R31")] == ["peringatan"]
    two = [table(*ROWS[:1], unit=f"Seksi Wilayah {n}") for n in ("I", "II")]
    assert not findings(plan(*two), rule="R31")
    case = [budget("BAGIAN PERENCANAAN DATA DAN INFORMASI", 5, "1")]
    assert not findings(plan(one, lines=case), rule="R31")


def test_programmes_and_kegiatan_written_two_ways() -> None:
    def made(program: str, kegiatan: str, *lines: str, items: tuple[str, ...] = ()) -> Document:
        return plan(
            table(row("Jumlah x", "2 unit", program=program, kegiatan=kegiatan)),
            lines=[budget(x, 5, "-") for x in lines],
            blocks=[block("butir", x, "1.") for x in items],
        )

    program, kegiatan = "Tata Kelola Jalan dan Jembatan Kota", "Sarana bidang teknologi informasi"
    lost = made(program, kegiatan, "Program Tata Kelola Jalan dan Jembatan")
    assert [f.severity for f in findings(lost, rule="R52")] == ["galat"]
    assert not findings(made(program, kegiatan, f"Program {program.upper()}"), rule="R52")
    typed = made(program, kegiatan, items=("Sarana bidang teknologi infomatika",))
    assert findings(typed, rule="R52")
    other = made(program, kegiatan, items=("Sarana bidang transportasi informasi",))
    assert not findings(other, rule="R52")


def test_objectives_in_the_text() -> None:
    item = block("butir", "Meningkatnya mutu kualitas layanan jalan kota;", "1.")
    rows = [row("Jumlah x", "2 unit", sasaran="Meningkatnya kualitas layanan jalan kota")]
    assert findings(plan(table(*rows), blocks=[item]), rule="R63")
    same = block(
        "butir", "Meningkatnya kualitas layanan jalan kota, dengan indikator jumlah x", "1."
    )
    assert not findings(plan(table(*rows), blocks=[same]), rule="R63")


SLIPS = [
    ("kabupate", "kabupaten", True),
    ("tewujudnya", "terwujudnya", True),
    ("dimengkan", "dimenangkan", True),
    ("pemerintha", "pemerintah", False),
    ("pengaduan", "pengadaan", False),
    ("perencana", "perencanaan", False),
    ("melaksanakan", "dilaksanakan", False),
    ("pengelola", "pengelolaan", False),
    ("penertiban", "penerbitan", False),
]


@pytest.mark.parametrize(("word", "main", "slip"), SLIPS[:3] + SLIPS[4:])
def test_slips(word: str, main: str, slip: bool) -> None:
    assert is_slip(word, main) is slip


def test_spelling_against_the_documents_own_words() -> None:
    rows = [row(f"Jumlah kabupaten {x}", "3 unit") for x in ("aman", "sehat", "maju", "asri")]
    typed = row("Jumlah kabupate tertib", "3 unit")
    assert findings(plan(table(*rows, typed)), rule="R32")
    assert not findings(plan(table(*rows)), rule="R32")
    twice = row("Jumlah kantor dinas kantor dinas", "3 unit")
    assert findings(plan(table(twice)), rule="R32")
    fine = row("Jumlah masing-masing dan undang-undang", "3 unit")
    assert not findings(plan(table(fine)), rule="R32")


def test_years_in_titles() -> None:
    assert findings(plan(table(*ROWS, title="Rencana 2023")), rule="R27")
    assert not findings(plan(table(*ROWS, title="Rencana 2024")), rule="R27")
    assert not findings(plan(table(*ROWS, title="Rencana 2020-2024")), rule="R27")
    stale = row("Jumlah peserta", "9 orang", kegiatan="Lomba desa tahun 2022")
    audit_of = row("Jumlah laporan", "9 laporan", kegiatan="Reviu laporan tahun 2023")
    iso = row("Jumlah sertifikat", "1 sertifikat", kegiatan="Sertifikasi ISO 27001:2013")
    assert findings(plan(table(stale)), rule="R27")
    assert not findings(plan(table(audit_of, iso)), rule="R27")


def test_the_period_of_a_renstra() -> None:
    period = block("prosa", "pada periode 2020-2024 ditetapkan")
    one = block("prosa", "sesuai Rencana Strategis (Renstra) Tahun 2024.")
    good = block("prosa", "sesuai Rencana Strategis (Renstra) Tahun 2020-2024.")
    assert findings(plan(table(*ROWS), blocks=[period, one]), rule="R61")
    assert not findings(plan(table(*ROWS), blocks=[period, good]), rule="R61")


def test_blanks_left() -> None:
    assert findings(plan(table(*ROWS), blocks=[block("prosa", ".....BUDI.....")]), rule="R66")
    contents = block("prosa", "A. Visi dan Misi ................ 6")
    assert not findings(plan(table(*ROWS), blocks=[contents]), rule="R66")


def test_cascade_that_loses_a_condition() -> None:
    def made(below: str) -> Document:
        upper = row("Persentase satuan yang mengirim bahan ajar tepat jumlah tepat mutu", "90 %")
        own = [row(f"Persentase {x} terpelihara", "90 %") for x in ("gedung", "kebun", "pagar")]
        return plan(
            table(upper, *own, unit="Sekretariat Dinas"),
            table(row(below, "90 %"), row("Jumlah rapat", "3 kali"), unit="Bagian Umum"),
        )

    assert findings(made("Persentase satuan yang mengirim bahan ajar tepat jumlah"), rule="R41")
    assert not findings(made("Persentase kendaraan bahan bakar gas yang diuji"), rule="R41")


# Between plans and years


def _plan(kind: str, *rows: dict[str, object], year: int = 2024, **made: object) -> Document:
    return plan(table(*rows), kind=kind, key=f"{kind}{year}", year=year, **made)  # type: ignore[arg-type]


def test_plans_of_one_year() -> None:
    other = [row(ROWS[0]["indikator"], "70 %", sasaran=SASARAN), *ROWS[1:]]
    assert findings(_plan("RKT", *ROWS), _plan("PK", *other), rule="R35")
    assert not findings(_plan("RKT", *ROWS), _plan("PK", *ROWS))
    assert findings(_plan("RKT", *ROWS), _plan("PK", *ROWS[:3]), rule="R11")


def test_key_indicators_and_objectives_of_plans() -> None:
    marked = [{**r, "indikator": f"{r['indikator']} (*)"} for r in ROWS]
    assert findings(_plan("RKT", *marked), _plan("PK", *ROWS[:3]), rule="R36")
    assert not findings(_plan("RKT", *marked), _plan("PK", *ROWS), rule="R36")
    extra = row(
        "Jumlah halte", "3 unit", sasaran="Tersedianya angkutan bagi penyandang disabilitas"
    )
    assert findings(_plan("RKT", *ROWS, extra), _plan("PK", *ROWS), rule="R33")


def test_amounts_of_plans() -> None:
    one = _plan("RKT", *ROWS, lines=[budget("Program Jalan", 3_784_150_000)])
    two = _plan("PK", *ROWS, lines=[budget("Program Jalan", 3_748_150_000)])
    assert findings(one, two, rule="R40")
    assert not findings(one, _plan("PK", *ROWS, lines=[budget("Program jalan", 3_784_150_000)]))


def test_over_the_years() -> None:
    lower = [row(ROWS[0]["indikator"], "75 %"), *ROWS[1:]]
    assert findings(_plan("RKT", *ROWS, year=2023), _plan("RKT", *lower), rule="R42")
    higher = [row(ROWS[0]["indikator"], "88 %"), *ROWS[1:]]
    assert not findings(_plan("RKT", *ROWS, year=2023), _plan("RKT", *higher), rule="R42")
    poor = row("Persentase penduduk miskin atau kemiskinan", "9 %")
    fewer = row("Persentase penduduk miskin atau kemiskinan", "8 %")
    assert not findings(
        _plan("RKT", *ROWS, poor, year=2023), _plan("RKT", *ROWS, fewer), rule="R42"
    )
    assert findings(_plan("RKT", *ROWS, fewer, year=2023), _plan("RKT", *ROWS, poor), rule="R42")


def test_a_lost_comma_and_a_changed_unit() -> None:
    score = row("Nilai evaluasi kinerja daerah", "2,693")
    lost = row("Nilai evaluasi kinerja daerah", "2693")
    assert findings(_plan("RKT", *ROWS, score, year=2023), _plan("RKT", *ROWS, lost), rule="R44")
    count = row("Persentase jalan dalam kondisi mantap", "85 ruas")
    found = findings(_plan("RKT", *ROWS, year=2023), _plan("RKT", count, *ROWS[1:]), rule="R44")
    assert "satuan" in found[0].message_id
    more = [row("Jumlah jembatan yang dibangun", "40 unit"), ROWS[0], *ROWS[2:]]
    less = [row("Jumlah jembatan yang dibangun", "3 unit"), ROWS[0], *ROWS[2:]]
    assert not findings(_plan("RKT", *less, year=2023), _plan("RKT", *more), rule="R44")


def test_indicators_replaced_over_the_years() -> None:
    new = row("Rasio panjang trotoar per penduduk", "3")
    found = findings(_plan("RKT", *ROWS, year=2023), _plan("RKT", *ROWS[:3], new), rule="R43")
    assert "1 indikator dihapus dan 1 ditambahkan" in found[0].message_id
    assert not findings(_plan("RKT", *ROWS, year=2023), _plan("RKT", *ROWS), rule="R43")


NUMBERS = [("3.", ("1", 3)), ("IV", ("I", 4)), ("c", ("a", 3)), ("2.4", ("2.1", 4)), ("-", None)]


@pytest.mark.parametrize(("text", "read"), NUMBERS)
def test_read_number(text: str, read: tuple[str, int] | None) -> None:
    assert read_number(text) == read


# Scans


def _scanned(*doubtful: int) -> Document:
    """A plan whose table was read from a picture, some of its targets in doubt."""
    document = plan(
        table(
            *ROWS,
            columns=("Indikator", "Target"),
            cells=[(str(r["indikator"]), str(r["target_teks"])) for r in ROWS],
        )
    )
    [read] = document.tables
    rows = tuple(
        replace(
            r,
            cells=tuple(
                c
                and c._replace(marks=("ocr", "ocr-ragu") if n in doubtful and k == 1 else ("ocr",))
                for k, c in enumerate(r.cells)
            ),
        )
        for n, r in enumerate(read.rows)
    )
    return replace(document, tables=(replace(read, rows=rows),))


@pytest.mark.parametrize(("doubtful", "values"), [((), []), ((1,), ["4 unit"])])
def test_a_number_that_two_readings_differ_on_is_found(
    doubtful: tuple[int, ...], values: list[str]
) -> None:
    found = findings(_scanned(*doubtful), rule="R67")
    assert [f.a.value for f in found] == values
    assert all("cocokkan" in f.message_id for f in found)
