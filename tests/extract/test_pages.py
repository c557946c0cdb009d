"""Pages as a reader of paper sees them, whatever the PDF does, with both readers."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from rktdata.extract.pages import READERS, displayed_box, open_pdf, read_pages
from rktdata.extract.words import make_lines
from rktdata.schemas.errors import (
    BrokenPdfError,
    DocumentError,
    EmptyFileError,
    LockedPdfError,
    NotPdfError,
)
from rktdata.schemas.values import Box, Page
from tests.extract.pdfs import A4, make_pdf, text, up

pytestmark = pytest.mark.parametrize("reader", READERS)


def one_page(pdf: bytes, reader: str) -> Page:
    [page] = read_pages(pdf, reader)
    shown = int(np.count_nonzero(page.glyphs.text != " "))
    assert page.found == shown + sum(page.set_aside.values())
    return page


def shown(page: Page) -> str:
    return "".join(page.glyphs.text.tolist())


def lines(page: Page) -> list[str]:
    group = np.zeros(len(page.glyphs), dtype=np.int64)
    found = make_lines(page.glyphs, group, page.number).get(0, [])
    return [line.text for line in sorted(found, key=lambda line: line.baseline)]


def box_of(page: Page, start: int = 0, stop: int | None = None) -> Box:
    g, part = page.glyphs, slice(start, stop)
    return (
        float(g.x0[part].min()),
        float(g.top[part].min()),
        float(g.x1[part].max()),
        float(g.bottom[part].max()),
    )


def near(box: Box, expected: tuple[float | None, ...], reach: float = 3.0) -> bool:
    return all(e is None or abs(b - e) < reach for b, e in zip(box, expected, strict=True))


# Page boxes and turns

UPRIGHT: dict[int, tuple[float, float, float, float]] = {
    # The word's start at (100, 700) of an A4 page, as displayed: x0, baseline, size.
    0: (100, 142, 595, 842),
    90: (700, 100, 842, 595),
    180: (495, 700, 595, 842),
    270: (142, 495, 842, 595),
}


@pytest.mark.parametrize("rotate", UPRIGHT)
def test_rotate_is_applied(reader: str, rotate: int) -> None:
    # The text is drawn so that it stands upright once the page is turned.
    x, y, width, height = UPRIGHT[rotate]
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[rotate]
    words = f"BT /F1 12 Tf {cos} {sin} {-sin} {cos} 100 700 Tm (Sasaran) Tj ET"
    page = one_page(make_pdf(words, Rotate=rotate), reader)
    assert (page.width, page.height, page.turn) == (width, height, 0)
    assert lines(page) == ["Sasaran"]
    assert set(page.glyphs.turn.tolist()) == {0}
    assert np.allclose(page.glyphs.baseline, y, atol=0.01)
    assert abs(float(page.glyphs.x0.min()) - x) < 1


def test_boxes_and_rotate_are_inherited(reader: str) -> None:
    page = one_page(
        make_pdf(text("Program"), box=(0, 0, 400, 800), inherit=True, Rotate=90), reader
    )
    assert {page.width, page.height} == {400.0, 800.0}
    assert page.turn == 3  # the text stood sideways


def test_text_outside_the_crop_box_is_counted(reader: str) -> None:
    content = text("dalam", 120, 300) + text("luar", 20, 300)
    page = one_page(make_pdf(content, CropBox=(100.0, 200.0, 400.0, 500.0)), reader)
    assert (page.width, page.height) == (300.0, 300.0)
    assert lines(page) == ["dalam"]
    assert page.set_aside == {"di-luar-halaman": 4}
    assert np.allclose(page.glyphs.baseline, 200, atol=0.01)
    assert near(box_of(page), (20, None, None, None), 1)


@pytest.mark.parametrize("box", [(10.0, 20.0, 605.0, 862.0), (605.0, 862.0, 10.0, 20.0)])
def test_a_media_box_that_begins_elsewhere(reader: str, box: Box) -> None:
    page = one_page(make_pdf(text("Program", 110, 720), box=box), reader)
    assert (page.width, page.height) == (595.0, 842.0)
    assert near(box_of(page), (100, None, None, None), 1)
    assert np.allclose(page.glyphs.baseline, 142, atol=0.01)


@pytest.mark.parametrize("box", [(0, 0, 0, 0), (0, 0), (5, 5, 5.2, 900)])
def test_a_media_box_without_room_is_a_usual_page(reader: str, box: tuple[float, ...]) -> None:
    page = one_page(make_pdf(text("Program", 100, 700), box=box), reader)
    assert page.width >= 590 and page.height >= 790
    assert lines(page) == ["Program"]


def test_a_crop_box_beside_the_page_is_left_alone(reader: str) -> None:
    page = one_page(make_pdf(text("Program"), CropBox=(2000.0, 0.0, 3000.0, 500.0)), reader)
    assert lines(page) == ["Program"]


def test_a_huge_page(reader: str) -> None:
    page = one_page(make_pdf(text("Program", 90000, 90000), box=(0, 0, 100000, 100000)), reader)
    assert (page.width, page.height) == (100000.0, 100000.0)
    assert lines(page) == ["Program"]


def test_sideways_text_is_stood_up_and_its_places_found_again(reader: str) -> None:
    content = up("Indikator", 200, 100) + up("Target", 220, 100) + "100 300 m 400 300 l S"
    page = one_page(make_pdf(content), reader)
    assert page.turn == 1 and (page.width, page.height) == (842.0, 595.0)
    assert lines(page) == ["Indikator", "Target"]
    assert page.set_aside == {}
    assert "diputar" in page.remarks
    assert len(page.rules.vertical) == 1 and len(page.rules.horizontal) == 0
    back = displayed_box(page, box_of(page, 0, len("Indikator")))
    # On the page as displayed the word runs up from (200, 842 - 100).
    assert near(back, (190, None, 203, 742))


def test_a_few_sideways_words_do_not_turn_the_page(reader: str) -> None:
    content = up("Tahun", 50, 400) + "".join(text("Sasaran strategis", 100, y) for y in (700, 600))
    page = one_page(make_pdf(content), reader)
    assert page.turn == 0
    assert sorted(lines(page)) == ["Sasaran strategis", "Sasaran strategis", "Tahun"]


# What glyphs say


def test_ligatures_are_one_glyph_written_out(reader: str) -> None:
    codes = dict(zip(b"ABCDE", ("\ufb01", "\ufb03", "ffi", "e", "s"), strict=True))
    page = one_page(
        make_pdf("BT /F2 12 Tf 100 700 Td (DEAEBCDE) Tj ET", fonts={"F2": codes}), reader
    )
    assert page.glyphs.text.tolist() == ["e", "s", "fi", "s", "ffi", "ffi", "e", "s"]
    assert page.set_aside == {}


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_fake_bold_is_read_once(reader: str, shift: float) -> None:
    # pdfium leaves the copy out before we see it; pdfplumber shows it to us.
    content = text("Sasaran", 100, 700) + text("Sasaran", 100 + shift, 700)
    page = one_page(make_pdf(content), reader)
    assert lines(page) == ["Sasaran"]
    assert page.set_aside == ({"dobel": 7} if reader == "pdfplumber" else {})


def test_letter_by_letter_fake_bold_is_read_once(reader: str) -> None:
    content = "".join(
        text(char, 100 + stringWidth("anggaran"[:i], "Helvetica", 12) + step, 700)
        for i, char in enumerate("anggaran")
        for step in (0, 0.4)
    )
    assert lines(one_page(make_pdf(content), reader)) == ["anggaran"]


def test_real_doubles_stay(reader: str) -> None:
    words = "Pemanggilan 11.000 mm aa ll .. 1111"
    page = one_page(make_pdf(text(words, size=6)), reader)
    assert lines(page) == [words]
    assert page.set_aside == {}


def test_two_strings_over_each_other_lose_no_letter(reader: str) -> None:
    content = text("Perdesaan", 100, 700) + text("Bangda", 112, 700.4)
    page = one_page(make_pdf(content), reader)
    assert page.set_aside == {}
    assert page.found == 15


def test_sideways_doubles_stay(reader: str) -> None:
    page = one_page(make_pdf(up("nn 1111 mmmm", 200, 100)), reader)
    assert (lines(page), page.set_aside) == (["nn 1111 mmmm"], {})


def test_odd_characters(reader: str) -> None:
    codes = dict(zip(b"ABCDEFG", "a\u00a0\u2003b\ufeff\u2028\u00ad", strict=True))
    page = one_page(
        make_pdf("BT /F2 12 Tf 100 700 Td (ABDCDEAFDGD) Tj ET", fonts={"F2": codes}),
        reader,
    )
    assert shown(page) == "a b b a b\u00adb"


def test_a_soft_hyphen_at_a_line_end_is_a_hyphen_or_itself(reader: str) -> None:
    # pdfium gives U+0002 for either hyphen at a line's end, whoever printed it.
    codes = dict(zip(b"ABCDEFGHIJK", "pengaduan-\u00ad", strict=True))
    content = "BT /F2 12 Tf 100 700 Td (ABCK) Tj 0 -14 Td (DEFGHJ) Tj 0 -14 Td (HI) Tj ET"
    page = one_page(make_pdf(content, fonts={"F2": codes}), reader)
    first, second, third = lines(page)
    assert first in ("pen-", "pen\u00ad")
    assert (second, third) == ("gadua-", "an")
    assert "\x02" not in shown(page)


def test_a_glyph_without_unicode_is_kept_and_remarked(reader: str) -> None:
    codes = {1: "a", 2: "\x00", 3: "b"}
    page = one_page(make_pdf("BT /F2 12 Tf 100 700 Td <010203> Tj ET", fonts={"F2": codes}), reader)
    assert shown(page) == "a\ufffdb"
    assert page.remarks == ("tanpa-unicode",)


def test_half_a_surrogate_pair_is_no_character(reader: str) -> None:
    codes = {1: "a", 2: "\ud835", 3: "\U0001d54f"}
    page = one_page(
        make_pdf("BT /F2 12 Tf 100 700 Td <01020301> Tj ET", fonts={"F2": codes}), reader
    )
    said = shown(page)
    assert said.startswith("a") and said.endswith("a")
    said.encode()  # no lone surrogate is left


def test_a_space_under_a_digit_parts_nothing(reader: str) -> None:
    # A spreadsheet's number format fills the cell up with spaces, into the number.
    content = text("300.000", 100, 700) + text("       ", 80.5, 700)
    page = one_page(make_pdf(content), reader)
    assert lines(page) == ["300.000"]


# What can be seen


def test_invisible_text_is_set_aside(reader: str) -> None:
    page = one_page(make_pdf(text("tampak") + text("lenyap", y=600, more="3 Tr")), reader)
    assert lines(page) == ["tampak"]
    assert page.set_aside == {"tak-terlihat": 6}


def test_invisible_text_over_a_scan_is_what_the_scan_says(reader: str) -> None:
    content = "q 595 0 0 842 0 0 cm /Im1 Do Q " + text("Indikator", more="3 Tr")
    page = one_page(make_pdf(content, picture=True), reader)
    assert lines(page) == ["Indikator"]
    assert page.set_aside == {}
    assert [tuple(round(v) for v in box) for box in page.images] == [(0, 0, 595, 842)]


def test_a_logo_does_not_show_invisible_text(reader: str) -> None:
    content = "q 60 0 0 60 50 750 cm /Im1 Do Q " + text("Indikator", more="3 Tr")
    page = one_page(make_pdf(content, picture=True), reader)
    assert page.set_aside == {"tak-terlihat": 9}


def test_clipped_text(reader: str) -> None:
    clip = "q 90 690 60 30 re W n "
    inside, below, beside = text("ada"), text("turun", y=680), text("jauh", x=300)
    page = one_page(make_pdf(clip + inside + below + beside + "Q " + text("bebas", y=500)), reader)
    assert lines(page) == ["ada", "bebas"]
    assert page.set_aside == {"tak-terlihat": 9}


def test_a_clip_of_two_paths_shows_what_both_show(reader: str) -> None:
    clip = "q 90 690 300 30 re W n 90 690 60 300 re W* n "
    page = one_page(make_pdf(clip + text("ada") + text("jauh", x=300) + "Q"), reader)
    assert lines(page) == ["ada"]


# Forms and drawn lines

TURNED_FORMS = {
    # The outer form moves by (50, 100), the inner one doubles.
    "Luar": ("1 0 0 1 0 0 cm /Dalam Do", (1, 0, 0, 1, 50, 100)),
    "Dalam": (text("Program", 20, 30, 6) + "0 0 100 50 re S 0 -5 100 0.3 re f", (2, 0, 0, 2, 0, 0)),
}


def test_forms_within_forms(reader: str) -> None:
    page = one_page(make_pdf("q 1 0 0 1 10 20 cm /Luar Do Q", forms=TURNED_FORMS), reader)
    assert lines(page) == ["Program"]
    # 842 - (20 + 100 + 2 * 30); 10 + 50 + 2 * 20
    assert np.allclose(page.glyphs.baseline, 662, atol=0.01)
    assert near(box_of(page), (100, None, None, None), 1)
    assert np.allclose(page.glyphs.size, 12)
    across = sorted(page.rules.horizontal.round(1).tolist())
    assert [row[:3] for row in across] == [
        [60.0, 260.0, 622.0],
        [60.0, 260.0, 722.0],
        [60.0, 260.0, 731.7],
    ]
    assert sorted(page.rules.vertical[:, 2].round(1).tolist()) == [60.0, 260.0]


def test_a_form_clips_the_text_in_it(reader: str) -> None:
    forms = {
        "Luar": ("q 0 0 100 100 re W n " + text("ada jauh", 80, 50, 12) + "Q", (1, 0, 0, 1, 0, 0))
    }
    page = one_page(make_pdf("q 1 0 0 1 200 300 cm /Luar Do Q", forms=forms), reader)
    assert lines(page)[0].startswith("ada")
    assert page.set_aside == {"tak-terlihat": 4}


STROKES = {
    "stroke": ("100 500 m 300 500 l S", [(100, 300, 342)], []),
    "leaning stroke": ("100 500 m 300 500.5 l S", [(100, 300, 341.75)], []),
    "slanted line": ("100 500 m 300 520 l S", [], []),
    "thin box": ("100 500 200 0.5 re f", [(100, 300, 341.75)], []),
    "tall thin box": ("100 500 0.5 200 re f", [], [(142, 342, 100.25)]),
    "frame": (
        "100 500 200 100 re S",
        [(100, 300, 342), (100, 300, 242)],
        [(242, 342, 100), (242, 342, 300)],
    ),
    "open path": ("100 500 m 300 500 l 300 600 l S", [(100, 300, 342)], [(242, 342, 300)]),
    "closed path": (
        "100 500 m 300 500 l 300 600 l 100 600 l s",
        [(100, 300, 342), (100, 300, 242)],
        [(242, 342, 100), (242, 342, 300)],
    ),
    "curve": ("100 500 m 150 500 250 500 300 500 c S", [], []),
    "unpainted": ("100 500 m 300 500 l n", [], []),
    "two subpaths": (
        "100 500 m 300 500 l 100 400 m 300 400 l S",
        [(100, 300, 342), (100, 300, 442)],
        [],
    ),
}


@pytest.mark.parametrize("name", STROKES)
def test_lines_however_drawn(reader: str, name: str) -> None:
    operators, across, down = STROKES[name]
    rules = one_page(make_pdf(operators), reader).rules
    for found, expected in ((rules.horizontal, across), (rules.vertical, down)):
        rows = sorted(tuple(row[:3]) for row in found.tolist())
        assert len(rows) == len(expected)
        assert np.allclose(rows or np.zeros(0), sorted(expected) or np.zeros(0), atol=0.01)


def test_a_shaded_box_is_no_line(reader: str) -> None:
    rules = one_page(make_pdf("0.8 g 100 500 200 20 re f"), reader).rules
    assert (len(rules.horizontal), len(rules.vertical)) == (0, 0)
    assert np.allclose(rules.fills, [[100, 322, 300, 342]], atol=0.01)


def test_a_page_without_content(reader: str) -> None:
    for pdf in (make_pdf(None), make_pdf(""), make_pdf("Q Q ET )")):
        page = one_page(pdf, reader)
        assert (len(page.glyphs), page.found, page.set_aside) == (0, 0, {})
        assert (page.width, page.height) == A4[2:]


# Bad input at the door


def outcome(pdf: bytes, reader: str, password: str | None = None) -> object:
    try:
        return [page.found for page in read_pages(pdf, reader, password)]
    except DocumentError as error:
        return type(error)


def test_no_bytes(reader: str) -> None:
    with pytest.raises(EmptyFileError, match="new copy"):
        list(read_pages(b"", reader))


@pytest.mark.parametrize("content", [b"PK\x03\x04word", b"\xff\xd8\xff\xe0", b"Rencana Kerja\n"])
def test_no_pdf(reader: str, content: bytes) -> None:
    with pytest.raises(NotPdfError, match="convert"):
        list(read_pages(content, reader))


def test_bytes_before_the_header_do_no_harm(reader: str) -> None:
    assert outcome(b"\r\n\r\n" + make_pdf(text("ada")), reader) == [3]


def test_no_pages(reader: str) -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(out)
    with pytest.raises(EmptyFileError, match="pages"):
        list(read_pages(out.getvalue(), reader))


def test_a_cut_file_is_read_or_called_broken(reader: str) -> None:
    whole = make_pdf("".join(text("Sasaran", y=y) for y in range(100, 800, 20)), pages=3)
    outcomes = [outcome(whole[: len(whole) * cut // 20], reader) for cut in range(1, 20)]
    allowed = (BrokenPdfError, EmptyFileError)
    assert all(isinstance(o, list) or o in allowed for o in outcomes), outcomes
    assert outcomes[0] in allowed


@pytest.mark.parametrize("damage", [b"\x00", b"(", b"]"])
def test_a_garbled_file_is_read_or_called_broken(reader: str, damage: bytes) -> None:
    whole = make_pdf("".join(text("Sasaran", y=y) for y in range(100, 800, 20)))
    for start in range(20, len(whole), 37):
        pdf = whole[:start] + damage * 11 + whole[start + 11 :]
        said = outcome(pdf, reader)
        assert isinstance(said, list) or said in (BrokenPdfError, EmptyFileError, LockedPdfError)


LOCKED = make_pdf(text("rahasia"), encryption=pikepdf.Encryption(user="kunci", owner="pemilik"))
OWNER_ONLY = make_pdf(text("terbuka"), encryption=pikepdf.Encryption(user="", owner="pemilik"))


def test_a_password_opens(reader: str) -> None:
    assert outcome(LOCKED, reader, "kunci") == [7]
    assert outcome(LOCKED, reader, "pemilik") == [7]


@pytest.mark.parametrize(("password", "what"), [(None, "needed"), ("", "needed"), ("x", "wrong")])
def test_a_locked_file_says_what_it_wants(reader: str, password: str | None, what: str) -> None:
    with pytest.raises(LockedPdfError, match=f"{what}.*--password"):
        list(read_pages(LOCKED, reader, password))


def test_a_locked_file_does_not_lock_the_next(reader: str) -> None:
    # pdfium's last error outlives the file that it is about.
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(out)
    files = {LOCKED: LockedPdfError, out.getvalue(): EmptyFileError, b"%PDF-1.7": BrokenPdfError}
    for first in files:
        for second, error in files.items():
            outcome(first, reader)
            assert outcome(second, reader) is error


@pytest.mark.parametrize("password", [None, "", "pemilik", "untuk berkas lain"])
def test_the_empty_password_needs_none(reader: str, password: str | None) -> None:
    assert outcome(OWNER_ONLY, reader, password) == [7]
    assert outcome(make_pdf(text("bebas")), reader, password) == [5]


def test_pages_can_be_read_in_any_order_and_again(reader: str) -> None:
    pdf = make_pdf(text("Sasaran") + "100 500 m 300 500 l S", pages=3, Rotate=90)
    with open_pdf(pdf, reader) as opened:
        raws = [opened.read(index) for index in (2, 0, 2)]
    assert {raw.rotation for raw in raws} == {1}
    for raw in raws[1:]:
        assert raw.glyphs.x0.tolist() == raws[0].glyphs.x0.tolist()
        assert raw.rules.horizontal.tolist() == raws[0].rules.horizontal.tolist()


def test_an_unknown_reader(reader: str) -> None:
    with pytest.raises(ValueError, match="pdfium, pdfplumber"):
        list(read_pages(make_pdf(text("a")), f"{reader}2"))
