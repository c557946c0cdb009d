"""Text outside the tables put together: headings, list items, paragraphs.

The trouble: a page gives lines only. An item runs on over its next lines and over the
page's end; nesting shows in the markers' style ("1.", "1.1.", "a.", "-") and in the
indent, either of which can fail; a heading may be bold, in capitals, larger, or only
short and numbered.

The rules: a line that begins with a marker begins an item, unless the line above runs on
into it ("sebesar Rp." / "15.000"). A line that begins left of the item's text, or after
a wide gap, begins a paragraph. A paragraph begins at an indent, or after a line that
stops short of the right margin. Over a page's end the same holds, with the gap left out.

Nesting: the open items are a stack. A marker that counts on from one of them is its
sibling; a style that is not open is nested under the last open item that stands no
further right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from rktdata.extract.markers import Marker, parse_marker
from rktdata.extract.text import join_lines
from rktdata.schemas.document import PageLayout
from rktdata.schemas.values import Block, Line

INDENT_PT = 6.0  # lines begin at one place within this; the narrowest indent seen is 8
FAR_GAP = 1.35  # times the usual distance of lines: a new paragraph
SHORT = 0.9  # share of the text's width from which a line counts as full
ENOUGH_LINES = 6  # of running text, to tell a page's own margins
HEADING_WORDS = 16
_CAPITALS = 0.7
_CENTRED = 0.03
_LEADERS = re.compile(r"(?:\.\s?){4,}|\u2026{2,}|_{4,}")
_CHAPTER = re.compile(r"^b\s*a\s*b\s+[ivxlc\d]", re.IGNORECASE)
_OPEN_END = re.compile(
    r"(?:\bRp\.?|[,\-/(&]|\b(?:dan|dengan|yang|di|ke|dari|untuk|pada|oleh|serta|atau|sebesar))$"
)
_SENTENCE_END = (".", ";", ":", "!", "?", "\u201d")
_HEADING_STYLES = frozenset(("A.", "I.", "1.1", "1.1.1", "1.1.1.1", "1."))
# Of a line its left edge, rounded, its right edge and its size; of many lines likewise.
_Placed = tuple[int, float, float]
_Edges = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the document's running text is set: left edge, right edge, leading, size."""

    left: float
    right: float
    leading: float
    size: float

    def is_full(self, line: Line) -> bool:
        return line.box[2] >= self.left + SHORT * (self.right - self.left)


@dataclass(slots=True)
class _Open:
    """A block being put together."""

    lines: list[Line]
    marker: Marker | None
    kind: str
    text_left: float  # where its text begins, right of the marker
    level: int = 0


def find_blocks(layouts: Sequence[PageLayout]) -> Iterator[Block]:
    """Headings, list items and paragraphs of a document, one after the other as read.

    Args:
        layouts: Pages in order, without running heads and feet and without the lines
            that are a table's caption; grids only part the text.

    Returns:
        Every line is in exactly one block.
    """
    running_text = _RunningText(layouts)
    last: _Open | None = None
    stack: list[tuple[Marker, float]] = []
    for page in layouts:
        if not page.lines:
            continue
        setting = _setting_of(page, running_text)
        for i, line in enumerate(page.lines):
            before = page.lines[i - 1] if i else None
            parted = before is not None and _parted(before, line, page)
            following = page.lines[i + 1] if i + 1 < len(page.lines) else None
            if following is not None and _parted(line, following, page):
                following = None
            if last is not None and _runs_on(last, before, line, parted, setting):
                last.lines.append(line)
                if len(last.lines) == 2 and last.marker and line.box[0] > last.lines[0].box[0]:
                    last.text_left = line.box[0]
                continue
            opened = _begin(line, following, last, stack, setting, page.width)
            if last is not None:
                yield _close(last)
            last = opened
    if last is not None:
        yield _close(last)


class _RunningText:
    """How the running text of a document's pages is set, for pages that have little."""

    def __init__(self, layouts: Sequence[PageLayout]) -> None:
        self._layouts = layouts
        self._placed: dict[float, list[_Placed]] = {}
        self._known: dict[float, _Edges | None] = {}

    def on_pages_as_wide(self, width: float) -> _Edges | None:
        """Of the pages that are as wide to a point; None where none has running text."""
        if not self._known:
            for page in self._layouts:
                placed = [_place_of(line) for line in page.lines if _is_wordy(line)]
                self._placed.setdefault(page.width, []).extend(placed)
        if width not in self._known:
            alike = [found for wide, found in self._placed.items() if abs(wide - width) < 1]
            lines = [placed for found in alike for placed in found]
            self._known[width] = _edges_of(lines) if lines else None
        return self._known[width]


def _setting_of(page: PageLayout, running_text: _RunningText) -> _Setting:
    """How a page's text is set; a page with little text takes after the others its size."""
    lines = [_place_of(line) for line in page.lines if _is_wordy(line)]
    edges = _edges_of(lines) if len(lines) >= ENOUGH_LINES else None
    edges = edges or running_text.on_pages_as_wide(page.width)
    left, right, size = edges or _edges_of([_place_of(line) for line in page.lines])
    steps = [
        b.baseline - a.baseline
        for a, b in zip(page.lines, page.lines[1:], strict=False)
        if 0 < b.baseline - a.baseline < 3 * max(a.size, b.size)
    ]
    return _Setting(left, right, median(steps) if steps else 1.2 * size, size)


def _place_of(line: Line) -> _Placed:
    return round(line.box[0]), line.box[2], line.size


def _edges_of(lines: Sequence[_Placed]) -> _Edges:
    """Left and right edge of the text, and its size."""
    lefts = Counter(left for left, _, _ in lines)
    often = max(lefts.values())
    left = float(min(x for x, n in lefts.items() if n >= max(2, often / 3) or n == often))
    right = sorted(right for _, right, _ in lines)[int(0.9 * (len(lines) - 1))]
    return left, right, median(size for _, _, size in lines)


def _is_wordy(line: Line) -> bool:
    return len(line.text.split()) > 5


def _parted(upper: Line, lower: Line, page: PageLayout) -> bool:
    """Whether a table stands between two lines."""
    return any(upper.baseline - upper.size < box[1] <= lower.baseline for box in page.boxes)


def _runs_on(last: _Open, before: Line | None, line: Line, parted: bool, setting: _Setting) -> bool:
    """Whether a line goes on with the open block; `before` is None on a new page."""
    end = last.lines[-1]
    if last.kind == "leaders" or _LEADERS.search(line.text):
        return last.kind == "leaders" and not _LEADERS.search(end.text) and before is not None
    marker = parse_marker(line.text)
    open_end = _OPEN_END.search(end.text) is not None
    if marker is not None and not (open_end and _could_be_text(marker)):
        return False
    if parted and not (open_end or line.text[0].islower()):
        return False
    if before is not None and not parted:
        same_height = abs(line.baseline - before.baseline) < 0.3 * line.size
        if same_height:
            return True
        gap = line.baseline - before.baseline
        if gap > max(FAR_GAP * setting.leading, 1.1 * line.size) or gap < 0:
            return False
    if last.kind == "judul":
        return before is not None and _heading_runs_on(end, line)
    if end.bold != line.bold and last.marker is None and not _mixed(end) and not _mixed(line):
        return False
    ended = end.text.endswith(_SENTENCE_END)
    if before is None:
        if line.text[0].islower() or open_end:
            return True
        if ended or _CHAPTER.match(line.text) or _is_capitals(line.text):
            return False
    if last.marker is not None:
        if ended and not setting.is_full(end):
            return False
        first = last.lines[0].box[0]
        if len(last.lines) == 1:
            if line.text[0].isupper() and not setting.is_full(end) and not open_end:
                return abs(line.box[0] - last.text_left) < INDENT_PT / 2
            return first - INDENT_PT < line.box[0] < last.text_left + 3 * INDENT_PT
        return abs(line.box[0] - last.text_left) < INDENT_PT
    if line.box[0] > end.box[0] + INDENT_PT and len(last.lines) > 1:
        # Centred text goes on; anything else is a new paragraph's indent.
        return _same_axis(end, line)
    return setting.is_full(end) or _same_axis(end, line) or line.text[0].islower()


def _heading_runs_on(end: Line, line: Line) -> bool:
    """Whether a heading's next line, no further than a line below, looks the same."""
    if line.bold != end.bold or abs(line.size - end.size) >= 1:
        return False
    if not any(ch.isalpha() for ch in line.text):
        return _same_axis(end, line)
    if not end.bold and not (_is_capitals(line.text) and _is_capitals(end.text)):
        return False
    if end.bold and _is_capitals(end.text) != _is_capitals(line.text):
        return False
    return not end.text.endswith(_SENTENCE_END) and _CHAPTER.match(line.text) is None


def _could_be_text(marker: Marker) -> bool:
    """Whether what looks like a marker can be the running text's own ("15. ...")."""
    return marker.value is not None and not marker.rest


def _mixed(line: Line) -> bool:
    """A line with bold and other words stands inside running text."""
    return len({word.bold for word in line.words}) > 1


def _same_axis(a: Line, b: Line) -> bool:
    return abs((a.box[0] + a.box[2]) - (b.box[0] + b.box[2])) / 2 < INDENT_PT


def _begin(
    line: Line,
    following: Line | None,
    last: _Open | None,
    stack: list[tuple[Marker, float]],
    setting: _Setting,
    page_width: float,
) -> _Open:
    """Open a block with its first line; the stack of open items is brought up to it."""
    if _LEADERS.search(line.text):
        return _Open([line], None, "leaders", line.box[0])
    marker = parse_marker(line.text)
    if _is_heading(line, following, marker, stack, setting, page_width):
        stack.clear()
        return _Open([line], marker, "judul", line.box[0])
    if marker is None:
        if stack and line.box[0] <= stack[0][1] + INDENT_PT and (last is None or not last.marker):
            pass  # a paragraph between items leaves their list open: "2." may follow
        return _Open([line], None, "prosa", line.box[0])
    marker = _disambiguate(marker, stack)
    level = _push(stack, marker, line.box[0])
    return _Open([line], marker, "butir", _text_left(line), level)


def _text_left(line: Line) -> float:
    """Where an item's text begins: its second word, unless the marker sticks to it."""
    if len(line.words) > 1 and parse_marker(line.words[0].text + " x") is not None:
        return line.words[1].box[0]
    return line.box[0]


def _disambiguate(marker: Marker, stack: list[tuple[Marker, float]]) -> Marker:
    """A lone "i" is Roman unless it follows an open "h"."""
    if marker.either is None:
        return marker
    if any(marker.follows(other) for other, _ in stack):
        return marker
    roman = marker.as_roman()
    if roman.value == 1 or any(roman.follows(other) for other, _ in stack):
        return roman
    return marker


def _push(stack: list[tuple[Marker, float]], marker: Marker, left: float) -> int:
    """Put an item on the stack of open items; its level, from 0."""
    place = _place(stack, marker, left)
    del stack[place:]
    stack.append((marker, left))
    return place


def _place(stack: list[tuple[Marker, float]], marker: Marker, left: float) -> int:
    for i in range(len(stack) - 1, -1, -1):  # the next item of an open list
        if marker.follows(stack[i][0]) and (
            marker.value is not None or abs(stack[i][1] - left) < INDENT_PT
        ):
            return i
    for i, (other, at) in enumerate(stack):  # its first again, or a number left out
        if other.style == marker.style and abs(at - left) < INDENT_PT:
            return i
    if "." in marker.style.rstrip(".") and marker.value is not None:  # "1.1" under "1."
        levels = marker.style.count(".")
        for i in range(len(stack) - 1, -1, -1):
            if stack[i][0].style.rstrip(".").count(".") == levels - 1 and (
                stack[i][0].style[0] == "1"
            ):
                return i + 1
    for i in range(len(stack) - 1, -1, -1):
        if stack[i][1] <= left + INDENT_PT and stack[i][0].style != marker.style:
            if abs(stack[i][1] - left) < INDENT_PT and marker.value not in (None, 1):
                continue
            return i + 1
    return 0


def _is_heading(
    line: Line,
    following: Line | None,
    marker: Marker | None,
    stack: list[tuple[Marker, float]],
    setting: _Setting,
    page_width: float,
) -> bool:
    text = line.text.strip()
    if len(text.split()) > HEADING_WORDS or not any(ch.isalpha() for ch in text):
        return False
    if _CHAPTER.match(text):
        return True
    if text.endswith((";", ",")) or (text.endswith((".", ":")) and not line.bold):
        return False
    centred = abs((line.box[0] + line.box[2]) / 2 - page_width / 2) < _CENTRED * page_width
    short = not setting.is_full(line) or centred
    stands_out = (
        (line.bold and not _mixed(line)) or _is_capitals(text) or line.size > setting.size + 1
    )
    if marker is None:
        return stands_out and short and text[0].isupper()
    if marker.style not in _HEADING_STYLES or any(marker.follows(other) for other, _ in stack):
        return False
    at_margin = line.box[0] <= setting.left + INDENT_PT
    if stands_out and (at_margin or centred):
        return True
    if not at_margin or not short or not marker.rest[:1].isupper():
        return False
    if marker.style == "1." or _nests(marker, stack):
        return False
    # "B. Tujuan": short, with running text under it that is set apart by its indent.
    narrow = line.box[2] < setting.left + 0.75 * (setting.right - setting.left)
    return narrow and (
        following is None
        or (parse_marker(following.text) is None and abs(following.box[0] - _text_left(line)) > 1)
    )


def _nests(marker: Marker, stack: list[tuple[Marker, float]]) -> bool:
    """Whether "1.1" stands inside an open list "1."."""
    first = marker.text.split(".")[0]
    return "." in marker.style.rstrip(".") and any(
        other.style == "1." and str(other.value) == first for other, _ in stack
    )


def _is_capitals(text: str) -> bool:
    letters = [ch for ch in text if ch.isalpha()]
    return len(letters) > 3 and sum(ch.isupper() for ch in letters) >= _CAPITALS * len(letters)


def _close(block: _Open) -> Block:
    texts = [line.text for line in block.lines]
    if block.marker is not None:
        texts[0] = block.marker.rest
    kinds = {"judul": "judul", "butir": "butir"}
    return Block(
        kind=kinds.get(block.kind, "prosa"),  # type: ignore[arg-type]
        text=join_lines(texts),
        lines=tuple(block.lines),
        marker=block.marker.text if block.marker else None,
        level=block.level,
    )
