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
from rktdata.schemas.values import HIDDEN_LAYER, READ, Glyphs, Page

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
# A remark: the letters are those of the scanner's own layer.
USED_LAYER = "lapisan-ocr-dipakai"


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
    if not _is_language(page):
        return GARBLED
    drawn = len(page.rules.horizontal) + len(page.rules.vertical)
    if share > SCAN_SHARE and (HIDDEN_LAYER in page.remarks or drawn == 0):
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
    if reason == LAYER and read.turn == page.turn and _known(own) < AS_GOOD * _known(other):
        return replace(
            read,
            glyphs=_straightened(page.glyphs, read),
            clips=page.clips,
            set_aside=page.set_aside,
            found=page.found,
            remarks=(*read.remarks, USED_LAYER),
        )
    if len(read.glyphs) == 0:
        return page
    return read


def _straightened(glyphs: Glyphs, read: Page) -> Glyphs:
    """A scanner's own letters, which stand on the picture as it lay, on the straight one."""
    glyphs = replace(glyphs, ocr=np.full(len(glyphs), READ, dtype=np.int64))
    if read.bend is None:
        return glyphs
    a, b, c, d, e, f = read.bend
    x, y = (glyphs.x0 + glyphs.x1) / 2, glyphs.baseline
    straight = np.linalg.solve(np.array([[a, c], [b, d]]), np.vstack([x - e, y - f]))
    right, down = straight[0] - x, straight[1] - y
    return replace(
        glyphs,
        x0=glyphs.x0 + right,
        x1=glyphs.x1 + right,
        top=glyphs.top + down,
        bottom=glyphs.bottom + down,
        baseline=glyphs.baseline + down,
    )


def picture_share(page: Page) -> float:
    """The share of the page that its pictures cover, as far as they do not overlap."""
    if not page.images:
        return 0.0
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
    known = known_words()
    return sum([word in known for word in words])


def _is_language(page: Page) -> bool:
    """Whether enough of a page's words are known, or there are too few to judge."""
    # In the order of the content first, which costs next to nothing and mostly is enough.
    words = _WORD.findall("".join(page.glyphs.text.tolist()).lower())
    if len(words) < FEWEST_WORDS or _known(words) < KNOWN_SHARE * len(words):
        words = words_of(page)
    return len(words) < FEWEST_WORDS or _known(words) >= KNOWN_SHARE * len(words)


def _unreadable(glyphs: Glyphs) -> int:
    """Glyphs that stand for nothing known: no Unicode, private use, "(cid:12)"."""
    if len(glyphs) == 0:
        return 0
    text = np.ascontiguousarray(glyphs.text)
    first = text.view(np.uint32).reshape(len(text), -1)[:, 0]
    private = (first >= 0xE000) & (first <= 0xF8FF) | (first >= 0xF0000)
    unknown = private | (first == 0xFFFD) | (first == 0)
    count = int(np.count_nonzero(unknown))
    if not (first == ord("(")).any():
        return count
    whole = "".join(text.tolist())
    return count + sum(len(found) for found in re.findall(r"\(cid:\d+\)", whole))
