"""The two readers against each other, on real documents and on the samples.

They share no code below `RawPage`, so what both say is most likely what is printed.
Where they may differ, and by how much, is stated here:

- a word more or less where a gap is as wide as the narrowest space, to a hundredth of
  the font size (pdfium measures some glyphs by their ink);
- a box by 2 points, its upper edge by 0.4 of the font size (what a font says of
  its ascent, pdfium cuts down to the font's box);
- a soft hyphen, which pdfium gives as a hyphen where a line ends with it;
- what pdfium itself leaves out: overprinted glyphs, and glyphs without any width.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from rktdata.extract.layout import find_layout
from rktdata.extract.pages import as_displayed, open_pdf
from rktdata.extract.words import make_lines
from rktdata.schemas.values import Page, Word

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
# Reading with pdfplumber takes a quarter of a second a page.
PAGES = 6
REACH_PT = 2.0
TOP_EM = 0.4
# Of the words of a page: those that a gap at the limit may split or join.
WORDS_APART = 0.02


def documents() -> list[Path]:
    folders = (CORPUS / "pdf", CORPUS / "hard" / "pdf", ROOT / "samples")
    return sorted(path for folder in folders for path in folder.glob("*.pdf"))


def real_documents() -> list[Path]:
    # The text of scans that an office scanner has recognised is unreadable at places,
    # with many glyphs in one; the two draw it in different orders.
    return sorted(p for p in (CORPUS / "raw").glob("*.pdf") if "lapisan-ocr" not in p.name)


def both(path: Path) -> list[tuple[Page, Page]]:
    pdf = path.read_bytes()
    with open_pdf(pdf, "pdfium") as first, open_pdf(pdf, "pdfplumber") as second:
        assert len(first) == len(second)
        return [
            (
                as_displayed(first.read(index), index + 1, "pdfium"),
                as_displayed(second.read(index), index + 1, "pdfplumber"),
            )
            for index in range(min(len(first), PAGES))
        ]


def characters(page: Page) -> Counter[str]:
    text = unicodedata.normalize("NFKC", "".join(page.glyphs.text.tolist()))
    # At a line's end pdfium does not tell a soft hyphen from another one.
    return Counter(char for char in text.replace("\u00ad", "-") if not char.isspace())


def words(page: Page) -> list[Word]:
    group = np.zeros(len(page.glyphs), dtype=np.int64)
    lines = make_lines(page.glyphs, group, page.number).get(0, [])
    return [word for line in lines for word in line.words]


def squeezed(text: str) -> str:
    return "".join(text.replace("\u00ad", "-").split())


def tables(page: Page) -> list[list[tuple[int, int, int, int, str]]]:
    return [
        [
            (c.row, c.col, c.rowspan, c.colspan, squeezed("".join(line.text for line in c.lines)))
            for c in grid.cells
        ]
        for grid in find_layout(page).grids
    ]


def same_place(a: Word, b: Word) -> bool:
    left, top, right, bottom = (abs(x - y) for x, y in zip(a.box, b.box, strict=True))
    return max(left, right, bottom) < REACH_PT and top < max(REACH_PT, TOP_EM * a.size)


def check_page(first: Page, second: Page) -> None:
    where = f"page {first.number}"
    assert (first.turn, first.remarks) == (second.turn, second.remarks), where
    assert np.allclose([first.width, first.height], [second.width, second.height], atol=0.01), where
    assert characters(first) == characters(second), where
    assert len(first.images) == len(second.images), where
    ours, theirs = words(first), words(second)
    apart = Counter(w.text for w in ours) - Counter(w.text for w in theirs)
    assert apart.total() <= 1 + WORDS_APART * len(ours), (where, apart)
    by_text: dict[str, list[Word]] = {}
    for word in theirs:
        by_text.setdefault(word.text, []).append(word)
    moved = [
        word.text
        for word in ours
        if not apart[word.text] and not any(same_place(word, o) for o in by_text[word.text])
    ]
    assert len(moved) <= 0.01 * len(ours), (where, moved)


@pytest.fixture(scope="module")
def corpus() -> None:
    if not CORPUS.exists():
        pytest.skip(f"no development corpus at {CORPUS}")


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.stem)
def test_both_readers_see_the_same_words_and_tables(path: Path) -> None:
    for first, second in both(path):
        check_page(first, second)
        assert tables(first) == tables(second), f"page {first.number}"


@pytest.mark.parametrize("path", real_documents() or [None], ids=lambda p: p.stem if p else "none")
def test_both_readers_see_the_same_words_in_real_documents(corpus: None, path: Path) -> None:
    for first, second in both(path):
        check_page(first, second)
