"""Two readings made one: cases from scans, made up, and such as must not change."""

import pytest

from rktdata.extract.ocr.engines import Reading
from rktdata.extract.ocr.vote import agreement, merge


def reading(text: str, trust: float = 0.99) -> Reading:
    plain = text.replace(" ", "")
    spaced, gap = [], False
    for char in text:
        if char == " ":
            gap = True
        else:
            spaced.append(gap)
            gap = False
    return Reading(
        plain, tuple(spaced), (trust,) * len(plain), tuple(map(float, range(len(plain))))
    )


def merged(signs: str, words: str, gap: float = 0.0, trust: float = 0.99) -> str:
    """The merged text; characters in doubt stand in brackets."""
    characters = merge(reading(signs, trust), reading(words), [gap] * len(signs))
    return "".join(
        (" " if c.spaced else "") + (c.text if c.sure else f"[{c.text}]") for c in characters
    )


FIGURES = [
    ("65,60%", "65,60Yo", "65,60%"),  # Tesseract's Indonesian has no per cent sign
    ("98%", "98", "98%"),
    ("2.376.201.891.494", "2.376.201.891.494", "2.376.201.891.494"),
    ("78%", "18Yo", "[7]8%"),
    ("1.250", "1.25O", "1.25[0]"),
    ("1.250", "1.2501", "1.25[0]"),
    ("11.336", "1.336", "1[1].336"),
    ("7.", "1.", "[7]."),
]


@pytest.mark.parametrize(("signs", "words", "expected"), FIGURES)
def test_figures_are_the_sign_readers_and_doubted_where_the_other_differs(
    signs: str, words: str, expected: str
) -> None:
    assert merged(signs, words) == expected


WORDS = [
    ("Meningkatnva", "Meningkatnya", "Meningkatnya"),
    ("Meningkatnya", "Meningkatnva", "Meningkatnya"),
    ("(dokumen)", "dokumen", "(dokumen)"),
    ("AWAI", "AWAI", "AWAl"),
    ("IKU", "IKU", "IKU"),
    ("vaksinasi", "vaksinasl", "vaksinasi"),  # no word of planning documents, but a word
    ("hari", "dari", "[h][a][r][i]"),  # both are words
    ("Kineria", "Kineria", "[K][i][n][e][r][i][a]"),  # a wall hides the foot of the j
    ("Bakesbangpol", "Bakesbangpol", "Bakesbangpol"),  # unknown, and like no known word
]


@pytest.mark.parametrize(("signs", "words", "expected"), WORDS)
def test_of_two_words_the_known_one_is_taken(signs: str, words: str, expected: str) -> None:
    assert merged(signs, words) == expected


def test_two_of_three_decide_on_a_space() -> None:
    assert merged("Jumlahdata", "Jumlah data", gap=0.3) == "Jumlah data"
    assert merged("Jumlahdata", "Jumlah data", gap=0.05) == "Jumlahdata"


def test_a_figure_hardly_believed_is_in_doubt_though_both_read_it() -> None:
    assert merged("75", "75", trust=0.3) == "[7][5]"


def test_what_only_the_word_reader_reads_is_in_doubt() -> None:
    assert merged("", "12") == "[1][2]"


def test_specks_at_the_ends_do_not_count_as_disagreement() -> None:
    assert agreement(reading("Target"), reading("'Target.")) == 1.0


def test_a_figure_hardly_believed_is_the_others_who_is_sure_and_stays_in_doubt() -> None:
    weak, sure = reading("5", trust=0.15), reading("6")
    [character] = merge(weak, sure, [0.0])
    assert (character.text, character.sure) == ("6", False)
