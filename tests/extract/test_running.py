"""Running heads, running feet and page numbers."""

from rktdata.extract.running import is_page_number, split_running
from tests.lines import centred, layout, line


def texts(pages: list) -> list[list[str]]:  # type: ignore[type-arg]
    return [[ln.text for ln in page.lines] for page in pages]


def test_heads_and_numbers_are_taken_off_every_page() -> None:
    pages = [
        layout(
            [
                line("Rencana Kerja Dinas Kesehatan 2017", 40, 350, size=9, page=n),
                line(f"Isi halaman yang ke {n} berbeda", 200, page=n),
                line(f"II - {n}", 800, 300, page=n),
            ],
            n,
        )
        for n in (1, 2, 3)
    ]
    kept, blocks = split_running(pages)
    assert texts(kept) == [[f"Isi halaman yang ke {n} berbeda"] for n in (1, 2, 3)]
    assert [block.kind for block in blocks] == ["kepala-kaki"] * 6


def test_a_lone_number_at_the_foot_of_a_single_page() -> None:
    kept, blocks = split_running([layout([line("Isi", 300), line("1", 800, 300)])])
    assert texts(kept) == [["Isi"]]
    assert [block.text for block in blocks] == ["1"]


def test_a_number_under_its_table_is_no_page_number() -> None:
    page = layout([line("Jumlah", 780), line("17", 792, 300)], grids=[(100, 770)])
    kept, _ = split_running([page])
    assert texts(kept) == [["Jumlah", "17"]]


def test_a_foot_that_counts_is_found_at_any_height() -> None:  # spreadsheets print it so
    pages = [
        layout(
            [line(f"RENJA 2017 | II - {18 + n}", bottom + 14, 400, page=n)], n, grids=[(60, bottom)]
        )
        for n, bottom in ((1, 500), (2, 520), (3, 300))
    ]
    kept, blocks = split_running(pages)
    assert texts(kept) == [[], [], []]
    assert len(blocks) == 3


def test_a_series_of_forms_keeps_its_titles() -> None:
    pages = [
        layout(
            [
                centred("PERJANJIAN KINERJA TAHUN 2016", 58, page=n),
                centred("DINAS PENDIDIKAN KOTA BOGOR", 72, page=n),
                centred(f"KEPALA SEKSI {name}", 96, page=n),
            ],
            n,
            grids=[(120, 400)],
        )
        for n, name in ((1, "KURIKULUM"), (2, "SARANA PRASARANA"))
    ]
    kept, blocks = split_running(pages)
    assert blocks == []
    assert [len(page.lines) for page in kept] == [3, 3]


def test_a_title_printed_again_over_the_next_page_stays_on_the_first() -> None:
    pages = [
        layout([centred("RENCANA KINERJA TAHUNAN 2024", 80, page=n)], n, grids=[(100, 700)])
        for n in (1, 2, 3)
    ]
    kept, blocks = split_running(pages)
    assert [len(page.lines) for page in kept] == [1, 0, 0]
    assert len(blocks) == 2


def test_the_same_title_after_other_pages_is_a_title_again() -> None:
    title = "Review terhadap Rancangan Awal RKPD"
    pages = [
        layout([centred(title, 80, page=n)] if n in (1, 3) else [], n, grids=[(100, 700)])
        for n in (1, 2, 3)
    ]
    kept, blocks = split_running(pages)
    assert blocks == []
    assert [len(page.lines) for page in kept] == [1, 0, 1]


def test_chapter_headings_stay() -> None:
    pages = [layout([centred(f"BAB {n}", 75, page=i)], i) for i, n in ((1, "I"), (2, "II"))]
    kept, blocks = split_running(pages)
    assert blocks == []
    assert texts(kept) == [["BAB I"], ["BAB II"]]


def test_page_numbers() -> None:
    assert all(map(is_page_number, ("1", "- 12 -", "iv", "Halaman 3", "Hal. 3 dari 10", "II-4")))
    assert not any(map(is_page_number, ("3,5", "BAB II", "1. Program", "", "-", "12 orang")))


def test_a_form_line_repeated_over_the_next_pages_is_no_new_caption() -> None:
    office = "Nama PD : Dinas Lingkungan Hidup"  # a development PDF, pages 90 to 104
    first = [centred("Rekapitulasi Renja", 125), line(office, 197)]
    pages = [layout(first, 1, grids=[(207, 500)])] + [
        layout([line(office, 90, page=n)], n, grids=[(100, 500)]) for n in (2, 3, 4)
    ]
    kept, blocks = split_running(pages)
    assert [len(page.lines) for page in kept] == [2, 0, 0, 0]
    assert len(blocks) == 3
