"""What a document says of itself."""

import json

import pytest

from rktdata.normalize.document import (
    AGENCY_JOINED,
    KIND_FROM_NAME,
    YEAR_FROM_NAME,
    describe_document,
    plan_years,
)
from rktdata.schemas.values import Line, Table
from tests.gold import CORPUS
from tests.lines import centred, line


def table(title: str | None, *caption: Line, page: int = 1) -> Table:
    return Table("t1", None, title, None, (page,), (), (), caption=caption)


def test_a_cover() -> None:
    lines = [
        centred("RENCANA KINERJA TAHUNAN (RKT)", 200, size=18),
        centred("TAHUN", 230, size=18),
        centred("2023", 260, size=18),
        centred("DINAS KESEHATAN", 600, size=16),
        centred("KABUPATEN SLEMAN", 630, size=16),
        line("Puji dan syukur kita panjatkan", 100, page=2),
        line("Rencana Kerja dan Perjanjian Kinerja", 120, page=2),
    ]
    info = describe_document(lines, [], "x.pdf")
    assert (info.kind, info.agency, info.year) == ("RKT", "Dinas Kesehatan Kabupaten Sleman", 2023)
    assert info.marks == ()


def test_an_agreement_inside_a_report_is_an_agreement() -> None:
    lines = [
        line("LKIP TAHUN 2016", 40),
        centred("Perjanjian Kinerja Tahun 2016", 90, bold=True),
        line("INSPEKTORAT PROVINSI BALI", 890),
    ]
    info = describe_document(lines, [table("Perjanjian Kinerja Tahun 2016")], "a.pdf")
    assert (info.kind, info.agency, info.year) == ("PK", "Inspektorat Provinsi Bali", 2016)


def test_the_region_comes_from_the_title() -> None:
    label = line("Nama OPD : Dinas Bina Marga", 120)
    title = "Rumusan Rencana Program dan Kegiatan Tahun 2016 Provinsi Bali"
    info = describe_document([label], [table(title, label)], "a.pdf")
    assert (info.kind, info.agency, info.year) == ("RENJA", "Dinas Bina Marga Provinsi Bali", 2016)
    assert info.marks == (AGENCY_JOINED,)


def test_the_file_name_speaks_last_and_says_so() -> None:
    info = describe_document([line("Daftar", 100)], [], "pk-dinas-2019.pdf")
    assert (info.kind, info.agency, info.year) == ("PK", None, 2019)
    assert info.marks == (KIND_FROM_NAME, YEAR_FROM_NAME)


def test_nothing_said() -> None:
    info = describe_document([], [], "scan.pdf")
    assert (info.kind, info.agency, info.year, info.marks) == ("LAIN", None, None, ())


YEARS = [
    ("Rencana Kinerja Tahun 2024", [2024]),
    ("Rumusan Rencana Tahun 2016 dan Prakiraan Maju Tahun 2017", [2016]),
    ("Rencana Strategis 2020-2024", []),
    ("Peraturan Menteri Nomor 53 Tahun 2014", []),
    ("Jakarta, 12 Januari 2021", []),
    ("RENJA TAHUN 2015 | II - 4", [2015]),
]


@pytest.mark.parametrize(("text", "years"), YEARS)
def test_plan_years(text: str, years: list[int]) -> None:
    assert plan_years(text) == years


def test_gold_titles_name_their_documents() -> None:
    paths = sorted((CORPUS / "gold").glob("*.json"))
    if not paths:
        pytest.skip(f"no development corpus at {CORPUS}")
    for path in paths:
        gold = json.loads(path.read_text("utf-8"))
        tables = [
            Table("t", t["nomor"], t["judul"], t["unit_kerja"], tuple(t["halaman"]), (), ())
            for t in gold["tabel"]
        ]
        info = describe_document([], tables, gold["sumber"])
        about = gold["dokumen"]
        assert (info.kind, info.year) == (about["jenis"], about["tahun"]), path.name
