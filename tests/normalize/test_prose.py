"""Budgets and targets in lists and sentences."""

import json
from decimal import Decimal

import pytest

from rktdata.extract.blocks import find_blocks
from rktdata.extract.layout import find_layout
from rktdata.extract.pages import as_displayed, open_pdf
from rktdata.extract.running import split_running
from rktdata.extract.stitch import stitch
from rktdata.normalize.prose import find_amounts, read_prose_budget, read_prose_indicators
from rktdata.schemas.document import DocumentInfo
from rktdata.schemas.values import Block
from tests.gold import CORPUS, gold_path
from tests.lines import line

INFO = DocumentInfo("RKT", None, 2024)
KPU = "rkt-kpu-ntt-2024"


def prose(text: str) -> Block:
    return Block("prosa", text, (line(text),))


def item(marker: str, level: int, text: str) -> Block:
    return Block("butir", text, (line(f"{marker} {text}"),), marker, level)


def budget(*blocks: Block) -> list[tuple[str | None, str, int | None, str | None]]:
    """Code, text, amount and the parent's text of each line."""
    records = read_prose_budget(blocks, INFO)
    names = {r.row.anggaran_id: r.row.uraian for r in records}
    return [
        (r.row.kode, r.row.uraian, r.row.jumlah, names.get(r.row.induk_id or "")) for r in records
    ]


def targets(*blocks: Block) -> list[tuple[str | None, str, str | None]]:
    rows = [record.row for record in read_prose_indicators(blocks, INFO)]
    return [(row.sasaran, row.indikator, row.target_teks) for row in rows]


AMOUNTS = [
    ("sebesar Rp. 59.069.229.000,- dengan", [59069229000]),
    ("Rp.46.753.396.000 yang", [46753396000]),
    ("Rp 420.000.000,00", [420000000]),
    ("Rp12,5 miliar", [12500000000]),
    ("Rp. 1,2 juta rupiah", [1200000]),
    ("sebesar 4.187.000.000", [4187000000]),
    ("sebanyak 46.709.569 jiwa", []),
    ("Undang-Undang Nomor 7 Tahun 2017", []),
    ("tanggal 12.10.2016", []),
]


@pytest.mark.parametrize(("text", "amounts"), AMOUNTS)
def test_amounts(text: str, amounts: list[int]) -> None:
    assert [amount.rupiah for amount in find_amounts(text)] == amounts


def test_a_nested_budget_with_its_total() -> None:
    assert budget(
        prose("Dinas memiliki 2 program dengan Total anggaran pada DPA sebesar Rp. 500.000.000,- "
              "dengan rincian sebagai berikut:"),
        item("1.", 0, "Program Gizi dengan total anggaran Rp.400.000.000 yang terbagi :"),
        item("a.", 1, "Sub Bagian Umum"),
        item("-", 2, "Penyusunan Anggaran sebesar Rp 150.000.000"),
        item("-", 2, "Pengadaan obat, senilai Rp 250.000.000,00"),
        item("2.", 0, "Program Dukungan sebesar Rp.100.000.000"),
    ) == [
        (None, "Total anggaran pada DPA", 500000000, None),
        ("1", "Program Gizi", 400000000, "Total anggaran pada DPA"),
        ("a", "Sub Bagian Umum", None, "Program Gizi"),
        ("-", "Penyusunan Anggaran", 150000000, "Sub Bagian Umum"),
        ("-", "Pengadaan obat", 250000000, "Sub Bagian Umum"),
        ("2", "Program Dukungan", 100000000, "Total anggaran pada DPA"),
    ]  # fmt: skip


def test_what_was_spent_is_no_budget() -> None:
    assert budget(
        item("a.", 0, "Jumlah Anggaran Belanja sebesar Rp. 300.000.000 terdiri dari :"),
        item("-", 1, "Belanja Langsung sebesar Rp. 300.000.000 dengan realisasi Rp. 290.000.000"),
        item("b.", 0, "Realisasi Anggaran Belanja sebesar Rp. 290.000.000 terdiri dari :"),
        item("-", 1, "Belanja Langsung sebesar Rp. 290.000.000"),
    ) == [
        ("a", "Jumlah Anggaran Belanja", 300000000, None),
        ("-", "Belanja Langsung", 300000000, "Jumlah Anggaran Belanja"),
    ]


NO_BUDGETS = [
    [item("1.", 0, "Undang-Undang Nomor 25 Tahun 2004"), item("2.", 0, "Perda Nomor 6 Tahun 2009")],
    [item("1.", 0, "Denda sebesar Rp. 50.000.000"), item("2.", 0, "Denda sebesar Rp. 60.000.000")],
    [item("1.", 0, "Anggaran rapat sebesar Rp. 50.000.000")],
    [prose("Anggaran Dinas sebesar Rp. 50.000.000 dan terealisasi sebesar Rp. 40.000.000.")],
]


@pytest.mark.parametrize("blocks", NO_BUDGETS)
def test_no_budget(blocks: list[Block]) -> None:
    assert budget(*blocks) == []


def test_an_item_with_two_amounts_gets_neither() -> None:
    found = budget(
        prose("Anggaran belanja terdiri dari:"),
        item("1.", 0, "Rapat semula Rp. 10.000.000 menjadi Rp. 20.000.000 untuk :"),
        item("a.", 1, "Konsumsi Rp. 5.000.000"),
        item("b.", 1, "Sewa Rp. 15.000.000"),
    )
    assert [amount for _, _, amount, _ in found] == [None, 5000000, 15000000]


def test_several_indicators_in_a_sentence() -> None:
    sasaran = "Terwujudnya lembaga yang berkualitas"
    assert targets(
        item("2.", 0, f"{sasaran} dengan indikator sasaran Indeks Pelayanan nilai 80, "
             "Nilai Akuntabilitas Kinerja nilai B dan Nilai Keterbukaan sebesar 77,5%;"),
    ) == [
        (sasaran, "Indeks Pelayanan", "80"),
        (sasaran, "Nilai Akuntabilitas Kinerja", "B"),
        (sasaran, "Nilai Keterbukaan", "77,5%"),
    ]  # fmt: skip


def test_indicators_listed_under_their_sasaran() -> None:
    assert targets(
        item("a.", 0, "Meningkatnya derajat kesehatan, dengan indikator kinerja :"),
        item("-", 1, "Persentase imunisasi dasar lengkap sebesar 95%"),
        item("-", 1, "Jumlah puskesmas"),
        item("b.", 0, "Persentase lain sebesar 5%"),
    ) == [("Meningkatnya derajat kesehatan", "Persentase imunisasi dasar lengkap", "95%")]


def test_a_sentence_that_sets_a_target() -> None:
    [record] = read_prose_indicators(
        [prose("Pada tahun 2023, Indeks Kepuasan Masyarakat ditargetkan sebesar 85,5.")], INFO
    )
    assert record.row.indikator == "Indeks Kepuasan Masyarakat"
    assert (record.row.target_nilai, record.row.tahun) == (Decimal("85.5"), 2023)


NO_TARGETS = [
    "Realisasi Persentase kelulusan dari target sebesar 80% adalah 75%.",
    "Indeks Kepuasan ditargetkan sebesar 80 dan telah tercapai 85.",
    "Peraturan Nomor 53 Tahun 2014 dengan jumlah penduduk sebesar 5.000.000 jiwa.",
    "Meningkatnya layanan dengan indikator kinerja yang ditetapkan sebesar kemampuan.",
    "Produksi padi dengan target produksi sebesar 11.610.016 ton.",
]


@pytest.mark.parametrize("text", NO_TARGETS)
def test_no_targets(text: str) -> None:
    assert targets(prose(text)) == []


def kpu_blocks() -> list[Block]:
    pdf = CORPUS / "pdf" / f"{KPU}.pdf"
    if not pdf.exists():
        pytest.skip(f"no development corpus at {CORPUS}")
    with open_pdf(pdf.read_bytes(), "pdfium", None) as reader:
        pages = [as_displayed(reader.read(i), i + 1, "pdfium") for i in range(len(reader))]
    body, _ = split_running([find_layout(page) for page in pages])
    stitched = stitch(body)
    assert list(stitched.tables)
    return list(find_blocks(stitched.layouts))


def test_kpu_sample() -> None:
    """All budget lines and all stated targets of the gold, and no others."""
    gold = json.loads(gold_path(KPU).read_text("utf-8"))
    blocks = kpu_blocks()
    lines = gold["anggaran"]
    assert budget(*blocks) == [
        (
            a["kode"],
            a["uraian"],
            a["jumlah"],
            None if a["induk"] is None else lines[a["induk"]]["uraian"],
        )
        for a in lines
    ]
    assert targets(*blocks) == [
        (i["sasaran"], i["indikator"], i["target_teks"])
        for i in gold["indikator"]
        if i["tabel"] is None
    ]
