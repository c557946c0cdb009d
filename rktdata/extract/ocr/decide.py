"""Which pages must be read from their picture, and which of two readings is better.

The trouble: a scan may have no text at all, the bad text of an office scanner's own OCR,
or none but a page number stamped on it; a printed page may have fonts that do not say
which letters they draw.

Rules: decided page by page, on what the page holds, and told with its reason. Indonesian
text is known by its words: in every planning document most words are ordinary ones.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from rktdata.extract.ocr.vote import known_words
from rktdata.extract.words import make_lines
from rktdata.schemas.values import READ, Glyphs, Page

# Why a page is read from its picture.
PICTURE = "gambar"
GARBLED = "huruf-tak-terbaca"
LAYER = "lapisan-ocr"
ASKED = "diminta"
# Pictures over this share of the page may be a scan; beneath it they are ornaments.
SCAN_SHARE = 0.5
# So few glyphs on a page-wide picture are a stamp or a page number, not its text.
FEW_GLYPHS = 40
# A picture smaller than this share of an otherwise empty page is a logo.
LEAST_PICTURE = 0.03
# Drawn shapes beyond this many, without any glyph, are text drawn as curves.
MANY_SHAPES = 200
# From this share of unreadable glyphs on a page is garbled.
BAD_GLYPHS = 0.08
# Of words, at least so many must be there to judge, and this share known.
FEWEST_WORDS = 12
KNOWN_SHARE = 0.25
# Our own reading is taken if it has at least this share of the other's known words.
AS_GOOD = 0.95
_WORD = re.compile(r"[^\W\d_]{3,}")
HIDDEN = "lapisan-tersembunyi"


def needs_ocr(page: Page) -> str | None:
    """Why a page must be read from its picture: one of the reasons above, else None."""
    text = page.glyphs.text
    ink = int(np.count_nonzero(text != " "))
    share = picture_share(page)
    if ink == 0:
        shapes = len(page.rules.horizontal) + len(page.rules.vertical) + len(page.rules.fills)
        return PICTURE if share > LEAST_PICTURE or shapes > MANY_SHAPES else None
    if ink < FEW_GLYPHS and share > SCAN_SHARE:
        return PICTURE
    if _unreadable(page.glyphs) > BAD_GLYPHS * ink:
        return GARBLED
    words = words_of(page)
    if len(words) >= FEWEST_WORDS and _known(words) < KNOWN_SHARE * len(words):
        return GARBLED
    drawn = len(page.rules.horizontal) + len(page.rules.vertical)
    if share > SCAN_SHARE and (HIDDEN in page.remarks or drawn == 0):
        return LAYER
    return None


def better(page: Page, read: Page, reason: str) -> Page:
    """The better of two readings of one page; the walls are those of the picture.

    Args:
        page: As its PDF says.
        read: As recognised.
        reason: Why it was.
    """
    read = replace(read, remarks=(*read.remarks, f"dibaca-karena:{reason}"))
    own, other = words_of(read), words_of(page)
    if reason == ASKED or len(page.glyphs) == 0:
        return read
    if reason == LAYER and read.turn == 0 and _known(own) < AS_GOOD * _known(other):
        known = replace(page.glyphs, ocr=np.full(len(page.glyphs), READ, dtype=np.int64))
        return replace(
            read,
            glyphs=known,
            clips=page.clips,
            set_aside=page.set_aside,
            found=page.found,
            bend=None,
            remarks=(*read.remarks, "lapisan-ocr-dipakai"),
        )
    if len(read.glyphs) == 0:
        return page
    return read


def picture_share(page: Page) -> float:
    """The share of the page that its pictures cover, as far as they do not overlap."""
    grid = np.zeros((40, 40), dtype=bool)
    for x0, top, x1, bottom in page.images:
        columns = slice(*(_step(v, page.width) for v in (x0, x1)))
        rows = slice(*(_step(v, page.height) for v in (top, bottom)))
        grid[rows, columns] = True
    return float(grid.mean())


def _step(value: float, extent: float) -> int:
    return min(max(round(40 * value / max(extent, 1.0)), 0), 40)


def words_of(page: Page) -> list[str]:
    """The page's words of three letters and more, small."""
    group = np.zeros(len(page.glyphs), dtype=np.int64)
    lines = make_lines(page.glyphs, group, page.number).get(0, [])
    return [word.lower() for line in lines for word in _WORD.findall(line.text)]


def _known(words: list[str]) -> int:
    return sum(word in known_words() for word in words)


def _unreadable(glyphs: Glyphs) -> int:
    """Glyphs that stand for nothing known: no Unicode, private use, "(cid:12)"."""
    count = 0
    for char in glyphs.text.tolist():
        code = ord(char[0]) if char else 0xFFFD
        count += code == 0xFFFD or 0xE000 <= code <= 0xF8FF or code >= 0xF0000
    whole = "".join(glyphs.text.tolist())
    return count + sum(len(found) for found in re.findall(r"\(cid:\d+\)", whole))
