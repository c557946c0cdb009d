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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rktdata.extract.raw import RawPage
from rktdata.schemas.errors import EmptyFileError, NotPdfError
from rktdata.schemas.values import HIDDEN_LAYER, Bools, Box, Floats, Glyphs, Ints, Page, Rules

# Boxes in four columns.
Edges = tuple[Floats, Floats, Floats, Floats]

READERS = ("pdfium", "pdfplumber")
# Pages that are read before a PDF is opened anew: 1,000 of the corpus in one file make pdfium
# hold 90 MB, 100 of them 36 MB; opening it ten times takes 3 ms each.
PAGES_AT_ONCE = 100
# A PDF may begin with some other program's bytes; readers look this far for "%PDF-".
HEADER_REACH = 1024
# A picture over this share of the page makes the invisible text on it an OCR layer.
SCAN_SHARE = 0.5
# A page of which more glyphs than this share are invisible has a hidden layer of text.
HIDDEN_SHARE = 0.5
# Copies of one glyph drawn this close together are one glyph drawn bold (points).
OVERPRINT_PT = 0.9
# A glyph has its ink between these heights above the baseline (font sizes); a clip that
# shows less of it than from here on shows nothing that can be read.
INK_EM = (0.05, 0.65)
# Glyphs nearer to each other than this (font sizes) have no space between them.
NO_GAP_EM = 0.1


class Reader(Protocol):
    """An open PDF."""

    def __len__(self) -> int: ...

    def read(self, index: int) -> RawPage:
        """The page's content, `index` from 0."""

    def close(self) -> None:
        """Give the library's memory back."""


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
    opened = _Reopened(partial(_reader(reader), pdf, password))
    try:
        if len(opened) == 0:
            raise EmptyFileError("the PDF has no pages; ask for a new copy")
        yield opened
    finally:
        opened.close()


class _Reopened:
    """A PDF that is opened anew after so many pages.

    Libraries hold on to what they have made of fonts and pictures until the PDF is closed.
    """

    def __init__(self, open_again: Callable[[], Reader]) -> None:
        self._open_again = open_again
        self._opened = open_again()
        self._read = 0

    def __len__(self) -> int:
        return len(self._opened)

    def read(self, index: int) -> RawPage:
        """See `Reader`."""
        if self._read == PAGES_AT_ONCE:
            self._read = 0
            before, self._opened = self._opened, self._open_again()
            before.close()
        self._read += 1
        return self._opened.read(index)

    def close(self) -> None:
        """See `Reader`."""
        self._opened.close()


def _reader(name: str) -> Callable[[bytes, str | None], Reader]:
    """The reader of that name; the other's library is not loaded."""
    if name == "pdfium":
        from rktdata.extract.reader_pdfium import PdfiumReader

        return PdfiumReader
    if name == "pdfplumber":
        from rktdata.extract.reader_pdfplumber import PdfplumberReader

        return PdfplumberReader
    raise ValueError(f"no reader named {name!r}; there are {', '.join(READERS)}")


def read_pages(pdf: bytes, reader: str = "pdfium", password: str | None = None) -> Iterator[Page]:
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
    hidden = np.count_nonzero(raw.invisible) > HIDDEN_SHARE * len(raw.glyphs)
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
        remarks=(*raw.remarks, HIDDEN_LAYER) if hidden else raw.remarks,
    )
    return _stand_up(page)


def displayed_box(page: Page, box: Box) -> Box:
    """A box of a page that was stood up or straightened, back in the page as displayed.

    On a page that lay askew that is the box round the slanting one.
    """
    if page.bend is not None:
        a, b, c, d, e, f = page.bend
        corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across = [a * x + c * y + e for x, y in corners]
        down = [b * x + d * y + f for x, y in corners]
        box = (min(across), min(down), max(across), max(down))
    if page.turn == 0:
        return box
    size = (page.width, page.height)
    back = _turn_boxes(np.array([box]), size, (4 - page.turn) % 4, flipped=False)[0]
    return (float(back[0]), float(back[1]), float(back[2]), float(back[3]))


def _is_space(text: NDArray[np.str_]) -> Bools:
    spaces: Bools = text == " "
    return spaces


def _turned(raw: RawPage, turn: int) -> tuple[Glyphs, tuple[Box, ...]]:
    """Glyphs and pictures in displayed space (y down), the text made plain."""
    g = raw.glyphs
    glyphs = _turn_glyphs(replace(g, text=_plain_texts(g.text)), raw.size, turn, flipped=True)
    return glyphs, _as_boxes(_turn_boxes(raw.images, raw.size, turn))


def _as_boxes(boxes: Floats) -> tuple[Box, ...]:
    return tuple((a, b, c, d) for a, b, c, d in boxes.tolist())


def _turn_glyphs(g: Glyphs, size: tuple[float, float], turn: int, flipped: bool) -> Glyphs:
    """Glyphs turned clockwise by quarter turns; see `_turn_boxes`."""
    x0, top, x1, bottom = _turn_edges((g.x0, g.top, g.x1, g.bottom), size, turn, flipped)
    # The baseline runs along the glyph's own direction: y for upright, x for sideways.
    sideways = g.turn % 2 == 1
    across, down = np.where(sideways, g.baseline, 0.0), np.where(sideways, 0.0, g.baseline)
    stands_x, stands_y, _, _ = _turn_edges((across, down, across, down), size, turn, flipped)
    glyph_turn = (g.turn + turn) % 4
    return replace(
        g,
        x0=x0,
        top=top,
        x1=x1,
        bottom=bottom,
        baseline=np.where(glyph_turn % 2 == 0, stands_y, stands_x),
        turn=glyph_turn,
    )


# pdfium writes U+0002 for a hyphen at a line's end; other control characters and the
# byte order mark stand for nothing that is printed.
_SPECIAL = {"\x02": "-", "\ufeff": " ", "\u200b": " "}
_ODD = "\ufffd"
_FIRST_PRINTED, _LAST_ASCII = 0x20, 0x7E


def _plain_texts(text: NDArray[np.str_]) -> NDArray[np.str_]:
    """Every glyph's text made plain; nearly all are printed ASCII and stay."""
    if len(text) == 0:
        return np.array([], dtype="<U1")
    codes = np.ascontiguousarray(text).view(np.uint32).reshape(len(text), -1)
    odd = (codes[:, 0] < _FIRST_PRINTED) | (codes[:, 0] > _LAST_ASCII)
    odd |= (codes[:, 1:] > _LAST_ASCII).any(axis=1)
    if not odd.any():
        return text
    plain = {char: _plain(char) for char in set(text[odd].tolist())}
    wide = max(text.dtype.itemsize // 4, *map(len, plain.values()))
    result = text.astype(f"<U{wide}")
    result[odd] = [plain[char] for char in text[odd].tolist()]
    return result


def _plain(text: str) -> str:
    """One glyph's text: ligatures written out, odd spaces and control marks made plain."""
    plain = "".join(_SPECIAL.get(char) or _plain_character(char) for char in text)
    return (plain.strip(" ") or " ") if plain else _ODD


def _plain_character(char: str) -> str:
    if "\ufb00" <= char <= "\ufb06":
        return unicodedata.normalize("NFKC", char)
    if char.isspace():
        return " "
    return char if ord(char) >= _FIRST_PRINTED and not "\ud800" <= char <= "\udfff" else _ODD


def _visible(
    glyphs: Glyphs, raw: RawPage, width: float, height: float, images: tuple[Box, ...]
) -> tuple[Glyphs, dict[str, int]]:
    """Keep what can be seen; count the rest by reason.

    Invisible text stays when a picture covers most of the page: then it is the
    recognised text of a scan, and the picture shows what it says.
    """
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    outside = (x < 0) | (y < 0) | (x > width) | (y > height)
    area = max(width * height, 1.0)
    scanned = any(
        (min(b[2], width) - max(b[0], 0)) * (min(b[3], height) - max(b[1], 0)) > SCAN_SHARE * area
        for b in images
        if b[0] < width and b[1] < height
    )
    hidden = np.zeros(len(glyphs), dtype=bool) if scanned else raw.invisible.copy()
    if len(raw.clips):
        hidden |= _clipped_away(glyphs, _turn_boxes(raw.clips, raw.size, raw.rotation))
    line = _lines(glyphs)
    double = _overprints(glyphs, line) & ~outside & ~hidden
    aside = outside | hidden | double
    ink = ~_is_space(glyphs.text)
    idle = _idle_spaces(glyphs, line, ink & ~aside)
    if not (aside | idle).any():
        return glyphs, {}
    reasons = {"di-luar-halaman": outside, "tak-terlihat": hidden & ~outside, "dobel": double}
    counts = {name: int(np.count_nonzero(mask & ink)) for name, mask in reasons.items()}
    return _take(glyphs, ~(aside | idle)), {name: count for name, count in counts.items() if count}


def _clipped_away(glyphs: Glyphs, clips: Floats) -> Bools:
    """Glyphs of which their clipping box leaves nothing to be read.

    A glyph's box is as high as its font, its ink is not: the line below the last one
    that a spreadsheet's cell shows reaches into the clip with its box only.
    """
    clipped = glyphs.clip >= 0
    x0, top, x1, bottom = clips[np.where(clipped, glyphs.clip, 0)].T
    near, far = INK_EM[0] * glyphs.size, INK_EM[1] * glyphs.size
    base, turn = glyphs.baseline, glyphs.turn
    if not turn.any():
        beside = (glyphs.x1 <= x0) | (glyphs.x0 >= x1)
        gone: Bools = clipped & (beside | (base - near <= top) | (base - far >= bottom))
        return gone
    # The ink stands above the baseline, or to its right, below or left where turned.
    left = np.choose(turn, [glyphs.x0, base + near, glyphs.x0, base - far])
    right = np.choose(turn, [glyphs.x1, base + far, glyphs.x1, base - near])
    high = np.choose(turn, [base - far, glyphs.top, base + near, glyphs.top])
    low = np.choose(turn, [base - near, glyphs.bottom, base + far, glyphs.bottom])
    gone = clipped & ((right <= x0) | (left >= x1) | (low <= top) | (high >= bottom))
    return gone


def _lines(glyphs: Glyphs) -> Ints:
    """A number for each glyph's baseline; nearly the same baseline has the same number."""
    down = np.argsort(glyphs.baseline, kind="stable")
    line = np.zeros(len(glyphs), dtype=np.int64)
    height = glyphs.baseline[down]
    line[down[1:]] = np.cumsum(height[1:] - height[:-1] >= OVERPRINT_PT)
    return line


def _along(glyphs: Glyphs) -> tuple[Floats, Floats]:
    """Where each glyph begins and ends on its line."""
    sideways = glyphs.turn % 2 == 1
    return (
        np.where(sideways, glyphs.top, glyphs.x0),
        np.where(sideways, glyphs.bottom, glyphs.x1),
    )


def _keys(line: Ints, middle: Ints, along: Floats) -> Ints:
    """Numbers that sort by line, then by something else, then along the line."""
    steps = np.clip(along * 16, 0, 2**20 - 1).astype(np.int64)
    return (line << 41) | (middle << 20) | steps


def _idle_spaces(glyphs: Glyphs, line: Ints, ink: Bools) -> Bools:
    """Spaces that part nothing: before, after or under the ink of their line.

    Spreadsheets fill a cell up with spaces that run into the number after them, and a
    word processor's empty lines are spaces between two real ones.
    """
    idle = _is_space(glyphs.text)
    space = np.nonzero(idle)[0]
    begin, end = _along(glyphs)
    keys = _keys(line, glyphs.turn, begin)
    printed = np.nonzero(ink)[0]
    printed = printed[np.argsort(keys[printed], kind="stable")]
    if len(space) == 0 or len(printed) == 0:
        return idle
    place = np.searchsorted(keys[printed], keys[space], side="right")
    before = printed[np.maximum(place - 1, 0)]
    after = printed[np.minimum(place, len(printed) - 1)]
    between = (place > 0) & (place < len(printed))
    for near in (before, after):
        between &= (line[near] == line[space]) & (glyphs.turn[near] == glyphs.turn[space])
    covered = end[before] >= end[space] - 0.2 * (end[space] - begin[space])
    covered &= begin[after] - end[before] < NO_GAP_EM * glyphs.size[space]
    idle[space] = ~between | covered
    return idle


def _overprints(glyphs: Glyphs, line: Ints) -> Bools:
    """Glyphs drawn a second time over themselves to look bold.

    Same character, same size, a shift far smaller than the glyph is wide: real doubles
    ("nn", "11") stand a glyph's width apart. Two strings that run over each other share
    a letter in one place now and then, so the glyph before or after has to be doubled
    as well, unless the copy is drawn right after.
    """
    n = len(glyphs)
    double = np.zeros(n, dtype=bool)
    if n < 2:
        return double
    along, end = _along(glyphs)
    reach = np.minimum(OVERPRINT_PT, (end - along) / 3)
    codes = glyphs.text.astype("<U1").view(np.uint32).astype(np.int64)
    # Copies stand side by side in the order by line, character and place.
    order = np.argsort(_keys(line, codes, along), kind="stable")
    pairs = []
    for step in (1, 2, 3):
        a, b = order[:-step], order[step:]
        near = np.nonzero(np.abs(along[a] - along[b]) < np.minimum(reach[a], reach[b]))[0]
        if len(near) == 0:
            break
        a, b = a[near], b[near]
        same = np.abs(glyphs.baseline[a] - glyphs.baseline[b]) < OVERPRINT_PT
        same &= (glyphs.text[a] == glyphs.text[b]) & (glyphs.turn[a] == glyphs.turn[b])
        same &= np.abs(glyphs.size[a] - glyphs.size[b]) < 0.5
        pairs.append((np.minimum(a, b) * n + np.maximum(a, b))[same])
    if not any(map(len, pairs)):
        return double
    pair = np.concatenate(pairs)
    first, copy = pair // n, pair % n
    after = np.isin((first + 1) * n + copy + 1, pair)
    before = np.isin((first - 1) * n + copy - 1, pair)
    double[copy[after | before | (copy == first + 1)]] = True
    return double


def _take(glyphs: Glyphs, keep: Bools) -> Glyphs:
    return Glyphs(*(getattr(glyphs, name)[keep] for name in Glyphs.__dataclass_fields__))


def _turn_boxes(
    boxes: Floats, size: tuple[float, float], turn: int, flipped: bool = True
) -> Floats:
    """Boxes (x0, y0, x1, y1) turned clockwise by quarter turns.

    Args:
        boxes: n x 4. With `flipped`, y runs up from the bottom left corner (PDF user
            space less the crop box); else down from the top left.
        size: Width and height before turning.
        turn: Quarter turns clockwise.
        flipped: Whether y runs up.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    if not len(boxes):
        return boxes
    xa, ya, xb, yb = boxes.T
    return np.column_stack(_turn_edges((xa, ya, xb, yb), size, turn, flipped))


def _turn_edges(edges: Edges, size: tuple[float, float], turn: int, flipped: bool) -> Edges:
    """The same for boxes in four columns: x0, y0, x1, y1."""
    width, height = size
    xa, ya, xb, yb = edges
    if flipped:
        ya, yb = height - ya, height - yb
    if turn == 1:
        xa, ya, xb, yb = height - ya, xa, height - yb, xb
    elif turn == 2:
        xa, ya, xb, yb = width - xa, height - ya, width - xb, height - yb
    elif turn == 3:
        xa, ya, xb, yb = ya, width - xa, yb, width - xb
    return np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)


def _turn_rules(rules: Rules, size: tuple[float, float], turn: int, flipped: bool = True) -> Rules:
    x0, x1, y, thick = rules.horizontal.T
    across = *_turn_edges((x0, y, x1, y), size, turn, flipped), thick
    y0, y1, x, thick = rules.vertical.T
    down = *_turn_edges((x, y0, x, y1), size, turn, flipped), thick
    if turn % 2:
        across, down = down, across
    left, top, right, _, thick = across
    horizontal = np.column_stack([left, right, top, thick])
    left, top, _, bottom, thick = down
    vertical = np.column_stack([top, bottom, left, thick])
    return Rules(horizontal, vertical, _turn_boxes(rules.fills, size, turn, flipped))


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
    images = _turn_boxes(np.array(page.images), size, turn, flipped=False)
    return replace(
        page,
        width=page.height if turn % 2 else page.width,
        height=page.width if turn % 2 else page.height,
        turn=turn,
        glyphs=_turn_glyphs(g, size, turn, flipped=False),
        rules=_turn_rules(page.rules, size, turn, flipped=False),
        clips=_turn_boxes(page.clips, size, turn, flipped=False),
        images=_as_boxes(images),
        remarks=(*page.remarks, "diputar"),
    )
