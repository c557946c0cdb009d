"""PDF pages as values: the only door to the libraries that read PDF files.

Behind it stand two readers, pdfium (the default) and pdfplumber (to check the first,
and for pages that it cannot read). Both give what the page's content says in its own
coordinates (`RawPage`); here that becomes the `Page` that a reader of paper sees:
crop box and /Rotate applied, sideways text stood up, what cannot be seen set aside and
counted.

Rules followed: ISO 32000-1, 7.7.3.3 (page boxes, /Rotate) and 8.3.2 (user space).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

import numpy as np

from rktdata.extract.raw import RawPage
from rktdata.schemas.errors import EmptyFileError, NotPdfError
from rktdata.schemas.values import Bools, Box, Floats, Glyphs, Page, Rules

READERS = ("pdfium", "pdfplumber")
# A PDF may begin with some other program's bytes; readers look this far for "%PDF-".
HEADER_REACH = 1024
# A picture over this share of the page makes the invisible text on it an OCR layer.
SCAN_SHARE = 0.5
# Copies of one glyph drawn this close together are one glyph drawn bold (points).
OVERPRINT_PT = 0.9


class Reader(Protocol):
    """An open PDF."""

    def __len__(self) -> int: ...

    def read(self, index: int) -> RawPage:
        """The page's content, `index` from 0."""


@contextmanager
def open_pdf(pdf: bytes, reader: str = "pdfium", password: str | None = None) -> Iterator[Reader]:
    """Open a PDF for reading.

    Raises:
        EmptyFileError: No bytes, or no pages.
        NotPdfError: No PDF header.
        BrokenPdfError: The library cannot make sense of it.
        LockedPdfError: It needs a password, or another one.
    """
    if not pdf:
        raise EmptyFileError("the file has no bytes; ask for a new copy")
    if b"%PDF-" not in pdf[:HEADER_REACH]:
        raise NotPdfError("the file is no PDF (it has no %PDF header); convert it, or leave it out")
    if reader == "pdfium":
        from rktdata.extract.reader_pdfium import PdfiumReader as Chosen
    elif reader == "pdfplumber":
        from rktdata.extract.reader_pdfplumber import PdfplumberReader as Chosen  # type: ignore[assignment]
    else:
        raise ValueError(f"no reader named {reader!r}; there are {', '.join(READERS)}")
    opened = Chosen(pdf, password)
    try:
        if len(opened) == 0:
            raise EmptyFileError("the PDF has no pages; ask for a new copy")
        yield opened
    finally:
        opened.close()


def read_pages(
    pdf: bytes, reader: str = "pdfium", password: str | None = None
) -> Iterator[Page]:
    """Every page of a PDF, one after the other, so that only one is held in memory."""
    with open_pdf(pdf, reader, password) as opened:
        for index in range(len(opened)):
            yield as_displayed(opened.read(index), index + 1, reader)


def as_displayed(raw: RawPage, number: int, reader: str) -> Page:
    """Turn a page's raw content into what a reader of paper sees."""
    width, height = raw.size
    if raw.rotation % 2:
        width, height = height, width
    glyphs, images = _turned(raw, raw.rotation)
    found = int(np.count_nonzero(~_is_space(glyphs.text)))
    glyphs, set_aside = _visible(glyphs, raw, width, height, images)
    rules = _turn_rules(raw.rules, raw.size, raw.rotation)
    clips = _turn_boxes(raw.clips, raw.size, raw.rotation)
    page = Page(
        number=number,
        width=width,
        height=height,
        turn=0,
        glyphs=glyphs,
        rules=rules,
        images=images,
        clips=clips,
        set_aside=set_aside,
        found=found,
        reader=reader,
        remarks=raw.remarks,
    )
    return _stand_up(page)


def displayed_box(page: Page, box: Box) -> Box:
    """A box of a page that was stood up, back in the page as displayed."""
    if page.turn == 0:
        return box
    size = (page.width, page.height)
    back = _turn_boxes(np.array([box]), size, (4 - page.turn) % 4, flipped=False)[0]
    return (float(back[0]), float(back[1]), float(back[2]), float(back[3]))


def _is_space(text: np.ndarray) -> Bools:
    spaces: Bools = np.char.str_len(np.char.strip(text)) == 0
    return spaces


def _turned(raw: RawPage, turn: int) -> tuple[Glyphs, tuple[Box, ...]]:
    """Glyphs and pictures in displayed space (y down), NFKC for ligatures only."""
    g = raw.glyphs
    boxes = _turn_boxes(np.column_stack([g.x0, g.top, g.x1, g.bottom]), raw.size, turn)
    origins = np.column_stack([raw.origin_x, raw.origin_y, raw.origin_x, raw.origin_y])
    placed = _turn_boxes(origins, raw.size, turn)
    glyph_turn = (g.turn + turn) % 4
    # The baseline runs along the glyph's own direction: y for upright, x for sideways.
    baseline = np.where(glyph_turn % 2 == 0, placed[:, 1], placed[:, 0])
    text = np.array([_plain(t) for t in g.text.tolist()], dtype=np.str_)
    if len(text) == 0:
        text = np.array([], dtype="<U3")
    glyphs = Glyphs(
        text=text,
        x0=boxes[:, 0],
        top=boxes[:, 1],
        x1=boxes[:, 2],
        bottom=boxes[:, 3],
        baseline=baseline,
        size=g.size,
        bold=g.bold,
        clip=g.clip,
        turn=glyph_turn,
    )
    images = _turn_boxes(raw.images, raw.size, turn)
    return glyphs, tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in images)


# pdfium writes U+0002 for a hyphen at a line's end; other control characters and the
# byte order mark stand for nothing that is printed.
_SPECIAL = {"\x02": "-", "\u00a0": " ", "\ufeff": " ", "\t": " ", "\r": " ", "\n": " ", "\u200b": " "}


def _plain(char: str) -> str:
    """One glyph's text: ligatures written out, odd spaces and control marks made plain."""
    if char.isascii() and char.isprintable():
        return char
    if char in _SPECIAL:
        return _SPECIAL[char]
    if "\ufb00" <= char <= "\ufb06":
        return unicodedata.normalize("NFKC", char)
    if unicodedata.category(char[0]) == "Zs":
        return " "
    return char if ord(char[0]) >= 32 else "\ufffd"


def _visible(
    glyphs: Glyphs, raw: RawPage, width: float, height: float, images: tuple[Box, ...]
) -> tuple[Glyphs, dict[str, int]]:
    """Keep what can be seen; count the rest by reason.

    Invisible text stays when a picture covers most of the page: then it is the
    recognised text of a scan, and the picture shows what it says.
    """
    n = len(glyphs)
    space = _is_space(glyphs.text) if n else np.zeros(0, dtype=bool)
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    outside = (x < 0) | (y < 0) | (x > width) | (y > height)
    area = max(width * height, 1.0)
    scanned = any((b[2] - b[0]) * (b[3] - b[1]) > SCAN_SHARE * area for b in images)
    hidden = np.zeros(n, dtype=bool) if scanned else raw.invisible.copy()
    if len(raw.clips):
        clips = _turn_boxes(raw.clips, raw.size, raw.rotation)
        clipped = glyphs.clip >= 0
        c = clips[np.where(clipped, glyphs.clip, 0)]
        # A glyph that its clipping box leaves no part of is drawn nowhere.
        gone = (glyphs.x1 <= c[:, 0]) | (glyphs.x0 >= c[:, 2]) | (glyphs.bottom <= c[:, 1])
        gone |= glyphs.top >= c[:, 3]
        hidden |= clipped & gone
    double = _overprints(glyphs) & ~outside & ~hidden
    keep = ~(outside | hidden | double)
    reasons = {"di-luar-halaman": outside, "tak-terlihat": hidden & ~outside, "dobel": double}
    counts = {name: int(np.count_nonzero(mask & ~space)) for name, mask in reasons.items()}
    return _take(glyphs, keep), {name: count for name, count in counts.items() if count}


def _overprints(glyphs: Glyphs) -> Bools:
    """Glyphs drawn a second time over themselves to look bold.

    Same character, same size, a shift far smaller than the glyph is wide: real doubles
    ("nn", "11") stand a glyph's width apart.
    """
    n = len(glyphs)
    double = np.zeros(n, dtype=bool)
    if n < 2:
        return double
    width = glyphs.x1 - glyphs.x0
    order = np.lexsort((np.arange(n), np.round(glyphs.x0), np.round(glyphs.baseline), glyphs.text))
    for step in (1, 2):
        a, b = order[:-step], order[step:]
        near = np.abs(glyphs.x0[a] - glyphs.x0[b]) < np.minimum(OVERPRINT_PT, width[a] / 3)
        near &= np.abs(glyphs.baseline[a] - glyphs.baseline[b]) < OVERPRINT_PT
        near &= (glyphs.text[a] == glyphs.text[b]) & (np.abs(glyphs.size[a] - glyphs.size[b]) < 0.5)
        double[np.maximum(a, b)[near]] = True
    return double


def _take(glyphs: Glyphs, keep: Bools) -> Glyphs:
    return Glyphs(*(getattr(glyphs, name)[keep] for name in Glyphs.__dataclass_fields__))


def _turn_boxes(boxes: Floats, size: tuple[float, float], turn: int, flipped: bool = True) -> Floats:
    """Boxes (x0, y0, x1, y1) turned clockwise by quarter turns.

    Args:
        boxes: n x 4. With `flipped`, y runs up from the bottom left corner (PDF user
            space less the crop box); else down from the top left.
        size: Width and height before turning.
        turn: Quarter turns clockwise.
        flipped: Whether y runs up.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    width, height = size
    xa, ya, xb, yb = boxes.T
    if flipped:
        ya, yb = height - ya, height - yb
    if turn == 1:
        xa, ya, xb, yb = height - ya, xa, height - yb, xb
    elif turn == 2:
        xa, ya, xb, yb = width - xa, height - ya, width - xb, height - yb
    elif turn == 3:
        xa, ya, xb, yb = ya, width - xa, yb, width - xb
    return np.column_stack(
        [np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)]
    )


def _turn_rules(rules: Rules, size: tuple[float, float], turn: int, flipped: bool = True) -> Rules:
    h, v = rules.horizontal, rules.vertical
    hb = _turn_boxes(np.column_stack([h[:, 0], h[:, 2], h[:, 1], h[:, 2]]), size, turn, flipped)
    vb = _turn_boxes(np.column_stack([v[:, 2], v[:, 0], v[:, 2], v[:, 1]]), size, turn, flipped)
    across = np.column_stack([hb, h[:, 3]])
    down = np.column_stack([vb, v[:, 3]])
    if turn % 2:
        across, down = down, across
    return Rules(
        horizontal=across[:, [0, 2, 1, 4]],
        vertical=down[:, [1, 3, 0, 4]],
        fills=_turn_boxes(rules.fills, size, turn, flipped),
    )


def _stand_up(page: Page) -> Page:
    """Turn a page whose text runs sideways, so that most of it stands upright."""
    g = page.glyphs
    if len(g) == 0:
        return page
    counts = np.bincount(g.turn, minlength=4)
    most = int(np.argmax(counts))
    if most == 0 or counts[most] < 0.6 * len(g):
        return page
    turn = (4 - most) % 4
    size = (page.width, page.height)
    boxes = _turn_boxes(np.column_stack([g.x0, g.top, g.x1, g.bottom]), size, turn, flipped=False)
    b = g.baseline
    upright = g.turn % 2 == 0
    at = np.column_stack([np.where(upright, 0, b), np.where(upright, b, 0)] * 2)
    placed = _turn_boxes(at, size, turn, flipped=False)
    glyph_turn = (g.turn + turn) % 4
    glyphs = replace(
        g,
        x0=boxes[:, 0],
        top=boxes[:, 1],
        x1=boxes[:, 2],
        bottom=boxes[:, 3],
        baseline=np.where(glyph_turn % 2 == 0, placed[:, 1], placed[:, 0]),
        turn=glyph_turn,
    )
    images = _turn_boxes(np.array(page.images), size, turn, flipped=False)
    return replace(
        page,
        width=page.height if turn % 2 else page.width,
        height=page.width if turn % 2 else page.height,
        turn=turn,
        glyphs=glyphs,
        rules=_turn_rules(page.rules, size, turn, flipped=False),
        clips=_turn_boxes(page.clips, size, turn, flipped=False),
        images=tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in images),
        remarks=(*page.remarks, "diputar"),
    )
