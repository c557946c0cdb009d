from __future__ import annotations

from rktdata.extract.layout import with_few_words
from rktdata.schemas.values import DOUBTFUL, Line
from tests.lines import line


def looks(made: Line) -> tuple[object, ...]:
    return made.text, made.box, made.page, made.glyphs, made.bold, made.size, made.baseline


def test_a_line_of_prose_is_one_word() -> None:
    printed = line("Urusan pemerintahan bidang kesehatan di daerah", 100)
    kept = with_few_words(printed)
    assert len(kept.words) == 1
    assert looks(kept) == looks(printed)


def test_an_item_keeps_its_marker_and_where_its_text_begins() -> None:
    printed = line("1.1. Program Pelayanan Administrasi Perkantoran", 100)
    kept = with_few_words(printed)
    assert [word.text for word in kept.words] == [
        "1.1.",
        "Program Pelayanan Administrasi Perkantoran",
    ]
    assert kept.words[1].box[0] == printed.words[1].box[0]
    assert looks(kept) == looks(printed)


def test_what_is_asked_of_each_word_is_kept() -> None:
    spaced = line("D I N A S K E S E H A T A N", 100)
    mixed = line("Tujuan: meningkatkan mutu layanan", 100)
    first, *rest = mixed.words
    mixed = mixed._replace(words=(first._replace(bold=True), *rest))
    scanned = mixed._replace(words=tuple(word._replace(ocr=DOUBTFUL) for word in mixed.words))
    for printed in (spaced, mixed, scanned, line("Pendahuluan", 100)):
        assert with_few_words(printed) is printed
