"""Pages' pieces to whole tables: what is joined, and what must stay apart."""

from __future__ import annotations

import pytest

from rktdata.extract.stitch import stitch
from rktdata.schemas.values import Grid, Join, Line, Table
from tests.factories import grid, layout, line
from tests.reading import texts_of

HEAD = ["No", "Sasaran", "Indikator Kinerja", "Target"]


def stitched(*pages: list[Grid | Line]) -> tuple[Table, ...]:
    return tuple(stitch([layout(*items) for items in pages]).tables)


def full(*rows: list[str], page: int = 1) -> Grid:
    """A grid that ends near the foot of its page."""
    height = sum(6 + 12 * max(text.count("\n") + 1 for text in row) for row in rows)
    return grid(*rows, page=page, top=780.0 - height)


FIRST = full(
    HEAD, ["1", "Mutu sekolah", "Angka melek huruf", "98 %"], ["2", "Akses", "APM SD", "97 %"]
)


def test_a_table_broken_over_a_page_is_one() -> None:
    second = grid(["3", "Layanan", "Indeks layanan", "82"], page=2)
    [table] = stitched([FIRST], [second])
    assert table.pages == (1, 2)
    assert [row[0] for row in texts_of(table)] == ["1", "2", "3"]
    [join] = table.joins
    assert join == Join(1, 2, True, join.evidence)
    assert "nomor-lanjut" in join.evidence


def test_a_header_printed_again_is_no_row() -> None:
    second = grid(HEAD, ["3", "Layanan", "Indeks layanan", "82"], page=2)
    [table] = stitched([FIRST], [second])
    assert len(table.rows) == 3
    assert len(table.repeated_sources) == len(HEAD)


def test_a_row_cut_by_the_break_is_one() -> None:
    first = full(HEAD, ["1", "Meningkatnya mutu", "Persentase ibu hamil\nyang mendapat", "98 %"])
    second = grid(["", "", "pelayanan sesuai standar", ""], ["2", "A", "B", "3"], page=2)
    [table] = stitched([first], [second])
    assert texts_of(table)[0][2] == "Persentase ibu hamil yang mendapat pelayanan sesuai standar"
    cell = table.rows[0].cells[2]
    assert cell is not None
    assert cell.marks == ("sambung-halaman",)
    assert [source.page for source in cell.sources] == [1, 2]


def test_a_merged_cell_runs_on_over_the_break() -> None:
    first = full(HEAD, ["1", "Mutu", "Indikator A", "1 %"], ["^", "^", "Indikator B", "2 %"])
    second = grid(["", "", "Indikator C", "3 %"], ["^", "^", "Indikator D", "4 %"], page=2)
    [table] = stitched([first], [second])
    assert [row[:2] for row in texts_of(table)] == [["1", "Mutu"]] * 4


def test_empty_targets_stay_empty() -> None:
    first = full(HEAD, ["1", "Mutu", "Angka melek huruf", "98 %"], ["2", "Akses", "APM SD", ""])
    second = grid(["3", "Layanan", "Indeks layanan", ""], page=2)
    [table] = stitched([first], [second])
    assert [row[3] for row in texts_of(table)] == ["98 %", "", ""]


def test_a_merged_cell_fills_its_rows_only() -> None:
    table = grid(
        HEAD, ["1", "Mutu", "A", "1 %"], ["^", "^", "B", ""], ["2", "Akses", "C", ""], page=1
    )
    [found] = stitched([table])
    assert texts_of(found) == [
        ["1", "Mutu", "A", "1 %"],
        ["1", "Mutu", "B", ""],
        ["2", "Akses", "C", ""],
    ]


SECOND = [HEAD, ["1", "Tertib", "Jumlah pos ronda", "58 pos"], ["2", "Aman", "Patroli", "12 kali"]]
APART = [
    "Tabel 2. Rencana Kinerja Seksi Ketenteraman",
    "KEPALA SEKSI KETENTERAMAN",
    "Jabatan : Kepala Seksi Ketenteraman",
]


@pytest.mark.parametrize("title", APART)
def test_a_title_between_forbids_the_join(title: str) -> None:
    # Same columns, same header: each officer's table has them.
    heading = line(title, x=200.0, baseline=80.0, page=2)
    tables = stitched([FIRST], [heading, grid(*SECOND, page=2)])
    assert [len(table.rows) for table in tables] == [2, 2]
    assert not tables[1].joins[0].joined


def test_a_signature_between_forbids_the_join() -> None:
    first = grid(HEAD, ["1", "Mutu", "Angka melek huruf", "98 %"])
    signature = line("Kepala Dinas,", x=350.0, baseline=400.0)
    tables = stitched([first, signature], [grid(*SECOND, page=2)])
    assert len(tables) == 2


def test_numbers_that_begin_again_below_room_to_spare_are_another_table() -> None:
    first = grid(HEAD, ["1", "Mutu", "Angka melek huruf", "98 %"], ["2", "Akses", "APM", "97 %"])
    tall = full(HEAD, ["1", "X", "Y", "1"], page=3)
    tables = stitched([first], [grid(*SECOND, page=2)], [tall])
    assert len(tables) == 3


def test_another_header_begins_another_table() -> None:
    other = grid(
        ["No", "Program", "Lokasi", "Anggaran"], ["1", "Upaya gizi", "Kota", "5.000"], page=2
    )
    assert len(stitched([FIRST], [other])) == 2


def test_a_page_without_a_table_between_parts_them() -> None:
    second = grid(["3", "Layanan", "Indeks layanan", "82"], page=3)
    prose = line("Uraian lebih lanjut disampaikan pada bab berikut ini.", page=2)
    assert len(stitched([FIRST], [prose], [second])) == 2


def test_lines_of_a_caption_are_taken_off_the_page() -> None:
    caption = line("Tabel 1. Rencana Kinerja Tahunan", x=200.0, baseline=90.0)
    prose = line("Demikian rencana ini disusun untuk dilaksanakan.", baseline=700.0)
    done = stitch([layout(caption, grid(HEAD, ["1", "Mutu", "A", "1 %"]), prose)])
    assert [table.number for table in done.tables] == ["1"]
    assert done.layouts[0].lines == (prose,)
