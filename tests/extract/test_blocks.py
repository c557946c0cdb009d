"""Headings, list items and paragraphs."""

from collections.abc import Iterable

import pytest

from rktdata.extract.blocks import find_blocks
from rktdata.extract.markers import parse_marker
from rktdata.schemas.values import Block
from tests.lines import RIGHT, centred, layout, line, paragraph

MARKERS = [
    ("1. Program", "1."),
    ("10. Program", "1."),
    ("1.1. Bagian", "1.1"),
    ("1.3 Bagian", "1.1"),
    ("a. Sub Bagian", "a."),
    ("a) x", "a)"),
    ("(2) y", "(1)"),
    ("II. Tujuan", "I."),
    ("- z", "-"),
    ("\u2022 z", "\u2022"),
]
NO_MARKERS = ["15.537.077.000 dengan rincian", "2024", "PT. Angkasa", "Rp. 5.000", "- 5", "a"]


@pytest.mark.parametrize(("text", "style"), MARKERS)
def test_markers(text: str, style: str) -> None:
    marker = parse_marker(text)
    assert marker is not None and marker.style == style


@pytest.mark.parametrize("text", NO_MARKERS)
def test_no_markers(text: str) -> None:
    assert parse_marker(text) is None


def told(blocks: Iterable[Block]) -> list[tuple[str, int, str | None, str]]:
    return [(block.kind, block.level, block.marker, block.text) for block in blocks]


def test_nested_lists() -> None:
    lines = [
        line("1. Program Satu yang terbagi :", 100),
        line("1.1. Bagian Pertama", 120, 95),
        line("a. Sub Bagian", 140, 123),
        line("- Kegiatan", 160, 145),
        line("- Kegiatan lain", 180, 145),
        line("b. Sub Bagian lain", 200, 123),
        line("1.2 Bagian Kedua", 220, 95),
        line("2. Program Dua", 240),
    ]
    assert [(b.marker, b.level) for b in find_blocks([layout(lines)])] == [
        ("1.", 0), ("1.1.", 1), ("a.", 2), ("-", 3), ("-", 3), ("b.", 2), ("1.2", 1), ("2.", 0)
    ]  # fmt: skip


def test_an_item_runs_on_over_lines_and_pages() -> None:
    first = layout(
        [line("- Penyiapan dan pengelolaan logistik untuk semua unit sebesar", 760, 145, to=RIGHT)],
        1,
    )
    second = layout([line("Rp.28.332.000", 80, 157, page=2), line("- Lain", 100, 145, page=2)], 2)
    assert told(find_blocks([first, second])) == [
        (
            "butir",
            0,
            "-",
            "Penyiapan dan pengelolaan logistik untuk semua unit sebesar Rp.28.332.000",
        ),
        ("butir", 0, "-", "Lain"),
    ]


def test_a_number_at_the_head_of_a_line_is_text_after_an_open_end() -> None:
    lines = [
        line("1.1. Bagian Perencanaan sebesar Rp.", 100, to=RIGHT),
        line("15.537.077.000 dengan rincian", 120, 99),
    ]
    assert told(find_blocks([layout(lines)])) == [
        ("butir", 0, "1.1.", "Bagian Perencanaan sebesar Rp. 15.537.077.000 dengan rincian")
    ]


def test_paragraphs_part_at_an_indent_and_headings_stand_alone() -> None:
    lines = [
        centred("BAB II", 80, bold=True),
        centred("RENCANA KINERJA", 100, bold=True),
        line("A. Visi dan Misi", 140, bold=True),
        *paragraph(["Visi dinas kesehatan menggambarkan keadaan yang ingin", "dicapai."], 160),
        *paragraph(["Misi dinas kesehatan menggambarkan upaya yang perlu", "ditempuh."], 200),
    ]
    assert told(find_blocks([layout(lines)])) == [
        ("judul", 0, None, "BAB II RENCANA KINERJA"),
        ("judul", 0, "A.", "Visi dan Misi"),
        ("prosa", 0, None, "Visi dinas kesehatan menggambarkan keadaan yang ingin dicapai."),
        ("prosa", 0, None, "Misi dinas kesehatan menggambarkan upaya yang perlu ditempuh."),
    ]


def test_contents_lines_are_prose() -> None:
    lines = [
        line("1.1 Latar Belakang ............... 1", 100),
        line("1.2 Tujuan ............... 2", 120),
    ]
    assert [block.kind for block in find_blocks([layout(lines)])] == ["prosa", "prosa"]


def test_i_is_the_ninth_letter_after_h_and_the_first_roman_alone() -> None:
    letters = [line(f"{c}. butir", 100 + 20 * i) for i, c in enumerate("ghij")]
    romans = [line(f"{c}. butir", 100 + 20 * i) for i, c in enumerate(("i", "ii", "iii"))]
    assert [b.level for b in find_blocks([layout(letters)])] == [0, 0, 0, 0]
    assert [b.level for b in find_blocks([layout(romans)])] == [0, 0, 0]


def test_a_table_parts_the_text() -> None:
    lines = [line("Sumber data yang dipakai di sini", 100), line("Uraian lain di bawah", 400)]
    assert len(list(find_blocks([layout(lines, grids=[(150, 350)])]))) == 2


def test_every_line_is_in_one_block() -> None:
    lines = [line(t, 100 + 17 * i) for i, t in enumerate(("a. x", "Y", "1)", "-", "BAB I", "z."))]
    assert [ln for b in find_blocks([layout(lines)]) for ln in b.lines] == lines
