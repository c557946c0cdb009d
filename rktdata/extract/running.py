"""Running heads, running feet and page numbers, taken off the pages.

The trouble: "Rencana Kerja Dinas X 2017" over every page stands between two halves of a
table; a page number under a list looks like a list item; spreadsheets print a table's
title again on every page, and a series of officials' forms prints one heading over
different tables, which must stay.

The rules. A line is running text when it is among the outermost lines of its page and

- it stands on other pages at the same height, digits and page numbers aside; or
- it counts the pages ("... | II - 4", then "... | II - 5"), at whatever height, since
  spreadsheets print the foot right under the table; or
- it stands in the paper's margin, aside and clear of the text (only in documents too
  short to show repetition); or
- it is nothing but a page number, on its own at the very edge of the page, clear of
  the text ("1", "- ii -", "Halaman 3"); this holds for a single page too.

A repeated line at the head that looks like a title (centred, not small, close to a table
or to further title lines) stays on its first page, where it is the title; in a series of
forms, where another title line under it differs from page to page, it stays everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from statistics import median

from rktdata.extract.captions import is_caption_start
from rktdata.extract.organisations import parse_label
from rktdata.schemas.document import PageLayout, PagesWithout
from rktdata.schemas.values import Block, Box, Line

OUTERMOST = 5  # lines from each end of a page that can be running text
ZONE = 0.16  # share of the page's height that heads and feet keep to
SAME_HEIGHT_PT = 6.0
CLEAR = 1.0  # line sizes between a bare page number and the text
NUMBER_ZONE = 0.13  # share of the page's height for a bare page number
COUNTING_ZONE = 0.2  # where bare numbers count the pages at one height over several pages
MARGIN_ZONE = 0.058  # share of the page's height: heads and feet stand 12.5 mm from the edge
MARGIN_CLEAR = 1.5  # line sizes between them and the text
FEW_PAGES = 3
OFTEN = 3  # pages on which a line repeats, in a document of more than MANY_PAGES
MANY_PAGES = 5
NEAR = 3.2  # line sizes from a title to the table or title line under it
_CENTRED = 0.03
_ASCENT, _DESCENT = 0.8, 0.2  # of a line's size
_SMALL = 0.9  # of the page's usual text size

_ROMAN = r"[ivxlc]{1,7}"
_NUMBER_TOKEN = re.compile(rf"(?<![^\W_])(?:\d+|{_ROMAN})(?![^\W_])", re.IGNORECASE)
_CHAPTER = re.compile(r"^(?:bab|lampiran|tabel)?[#.:\W]*$")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    rf"""[-\u2013\u2014|\s]*
    (?:(?:halaman|hal|page|lamp)\.?\s*[:|-]?\s*)?
    (?:{_ROMAN}\s*[-.\u2013|/]\s*)?        # chapter: "II - 4", "III | 4"
    (?:\d{{1,4}}|{_ROMAN}|\d{{1,2}}\s*[-.]\s*\d{{1,3}})
    (?:\s*(?:dari|of|/)\s*\d{{1,4}})?
    (?:\s*\|\s*(?:page|halaman))?
    [-\u2013\u2014|\s]*""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the top or the foot of a page.

    `height` is from the page's top for a head, from its foot for a foot, in points.
    """

    page: int  # index into the layouts
    at: int  # index into the page's lines
    line: Line
    foot: bool
    height: float
    outermost: bool
    text: str  # digits and Roman numbers folded to "#"
    numbers: tuple[int, ...]


_HEIGHT = attrgetter("height")


def split_running(
    layouts: Sequence[PageLayout],
) -> tuple[Sequence[PageLayout], list[Block]]:
    """Take running heads and feet and page numbers off the pages.

    Args:
        layouts: All pages of one document, in order; looked at twice, page by page.

    Returns:
        The layouts without those lines, and one block of kind "kepala-kaki" for each
        line taken, in reading order.
    """
    edges = [_edges(page, layout) for page, layout in enumerate(layouts)]
    repeated = _repeated(edges)
    counting = _counting(edge for found in edges for edge in found)
    titles = _Titles()
    running: list[set[int]] = []
    blocks: list[Block] = []
    for page, layout in enumerate(layouts):
        own = {edge.at for edge in edges[page] if (page, edge.at) in repeated}
        taken = own - titles.among([edge for edge in edges[page] if edge.at in own], layout)
        taken |= {edge.at for edge in edges[page] if (page, edge.at) in counting}
        if len(layouts) < FEW_PAGES:
            taken |= _in_margin(edges[page], layout, taken)
        taken |= _bare_numbers(edges[page], layout, taken)
        running.append(taken)
        for at in sorted(taken):
            line = layout.lines[at]
            blocks.append(Block("kepala-kaki", line.text, (line,)))
    return PagesWithout(layouts, running), blocks


def is_page_number(text: str) -> bool:
    """Whether a text is nothing but a page number.

    >>> [is_page_number(t) for t in ("12", "- ii -", "II - 4", "Hal. 3 dari 10", "3,5")]
    [True, True, True, True, False]
    """
    return any(ch.isalnum() for ch in text) and _PAGE_NUMBER.fullmatch(text.strip()) is not None


def _edges(page: int, layout: PageLayout) -> list[_Edge]:
    """The lines of a page that can be running text."""
    by_height = sorted(
        enumerate(layout.lines), key=lambda found: (found[1].baseline, found[1].box[0])
    )

    def zone(line: Line) -> float:
        return (COUNTING_ZONE if is_page_number(line.text) else ZONE) * layout.height

    tops = [box[1] for box in layout.boxes]
    bottoms = [box[3] for box in layout.boxes]
    found: list[_Edge] = []
    for rank, (at, line) in enumerate(by_height[:OUTERMOST]):
        if _top(line) < zone(line) and all(line.baseline <= top + 2 for top in tops):
            found.append(_edge(page, at, line, False, _top(line), rank == 0))
    heads = {edge.at for edge in found}
    for rank, (at, line) in enumerate(reversed(by_height[-OUTERMOST:])):
        below = all(line.baseline >= bottom - 2 for bottom in bottoms)
        if (
            at not in heads
            and below
            and (_foot(line) > layout.height - zone(line) or (rank == 0 and bottoms))
        ):
            found.append(_edge(page, at, line, True, layout.height - _foot(line), rank == 0))
    return found


def _top(line: Line) -> float:
    """The top of a line's capitals; fonts' own boxes can be five times as high."""
    return line.baseline - _ASCENT * line.size


def _foot(line: Line) -> float:
    return line.baseline + _DESCENT * line.size


def _ink(line: Line) -> Box:
    return (line.box[0], _top(line), line.box[2], _foot(line))


def _edge(page: int, at: int, line: Line, foot: bool, height: float, outermost: bool) -> _Edge:
    text = " ".join(_NUMBER_TOKEN.sub("#", line.text.lower()).split())
    numbers = tuple(int(digits) for digits in _DIGITS.findall(line.text))
    return _Edge(page, at, line, foot, height, outermost, text, numbers)


def _repeated(pages: Sequence[Sequence[_Edge]]) -> set[tuple[int, int]]:
    """Lines that stand on several pages at the same height: page and place in it."""
    groups: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in (edge for found in pages for edge in found):
        # "BAB II" and "BAB III" are chapters' headings, at one height on their pages.
        if not _CHAPTER.match("".join(edge.text.split())):
            groups[edge.foot, edge.text].append(edge)
    often = OFTEN if len(pages) > MANY_PAGES else 2
    repeated: set[tuple[int, int]] = set()
    for group in groups.values():
        by_height = sorted(group, key=_HEIGHT)
        repeated |= {(e.page, e.at) for e in group if _is_often(e, by_height, often)}
    return repeated


def _is_often(edge: _Edge, by_height: Sequence[_Edge], often: int) -> bool:
    """Whether an edge's text stands at its height on so many pages."""
    lowest = bisect_left(by_height, edge.height - SAME_HEIGHT_PT, key=_HEIGHT)
    pages: set[int] = set()
    for other in islice(by_height, lowest, None):
        if other.height > edge.height + SAME_HEIGHT_PT:
            break
        pages.add(other.page)
        if len(pages) >= often:
            return True
    return False


class _Titles:
    """Repeated lines that are titles: where they first stand, or in a series of forms.

    Asked for page after page.
    """

    def __init__(self) -> None:
        self._last_seen: dict[tuple[str, ...], int] = {}
        self._lines_before: tuple[Line, ...] = ()

    def among(self, repeated: Sequence[_Edge], layout: PageLayout) -> set[int]:
        """Which of a page's repeated lines stay, by their places."""
        before, self._lines_before = self._lines_before, layout.lines
        edges = [edge for edge in repeated if not edge.foot]
        if not edges:
            return set()
        page = edges[0].page
        heads = [edge for edge in edges if _is_title_like(edge, layout)]
        under = _line_under(heads, layout, {edge.at for edge in repeated})
        title = tuple(edge.line.text for edge in heads)
        on_page_before = {line.text for line in before}.issuperset(title)
        again = on_page_before or self._last_seen.get(title) == page - 1
        self._last_seen[title] = page
        if under is None and (again or not _stands_on_grid(heads, layout)):
            return set()
        return {edge.at for edge in heads}


def _is_title_like(edge: _Edge, layout: PageLayout) -> bool:
    line = edge.line
    sizes = [other.size for other in layout.lines]
    small = line.size < _SMALL * median(sizes) if sizes else False
    middle = (line.box[0] + line.box[2]) / 2
    grids = [(box[0] + box[2]) / 2 for box in layout.boxes[:1]]
    centred = any(abs(middle - at) < _CENTRED * layout.width for at in [layout.width / 2, *grids])
    label = parse_label(line.text)
    return not small and (centred or is_caption_start(line) or label is not None)


def _line_under(
    heads: Sequence[_Edge], layout: PageLayout, repeated: Collection[int]
) -> Line | None:
    """The page's own title line close under a block of repeated ones, over a table."""
    if not heads:
        return None
    last = max((edge.line for edge in heads), key=lambda line: line.baseline)
    following = [
        found for found in enumerate(layout.lines) if found[1].baseline > last.baseline + 1
    ]
    if not following or not layout.boxes:
        return None
    at, line = min(following, key=lambda found: found[1].baseline)
    narrow = line.box[2] - line.box[0] < 0.7 * layout.width
    centred = abs((line.box[0] + line.box[2]) / 2 - (last.box[0] + last.box[2]) / 2) < (
        _CENTRED * layout.width
    )
    own = at not in repeated and line.baseline <= layout.boxes[0][1] + 2
    close = _top(line) - _foot(last) < NEAR * last.size
    return line if own and narrow and centred and close else None


def _stands_on_grid(heads: Sequence[_Edge], layout: PageLayout) -> bool:
    if not heads or not layout.boxes:
        return False
    bottom = max(_foot(edge.line) for edge in heads)
    size = max(edge.line.size for edge in heads)
    return layout.boxes[0][1] - bottom < NEAR * size


def _counting(edges: Iterable[_Edge]) -> set[tuple[int, int]]:
    """Outermost lines that count the pages: with words at whatever height, bare at one."""
    groups: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        worded = edge.outermost and any(ch.isalpha() for ch in edge.text)
        if edge.numbers and (worded or is_page_number(edge.line.text)):
            groups[edge.foot, edge.text].append(edge)
    counting: set[tuple[int, int]] = set()
    for (_, text), group in groups.items():
        bare = not any(ch.isalpha() for ch in text)
        for a, b in zip(group, group[1:], strict=False):
            steps = [y - x for x, y in zip(a.numbers, b.numbers, strict=False)]
            others = [step for step in steps if step != b.page - a.page]
            level = abs(a.height - b.height) <= SAME_HEIGHT_PT
            counts = len(steps) > len(others) and not any(others) and b.page > a.page
            if counts and (level or not bare):
                counting |= {(a.page, a.at), (b.page, b.at)}
    return counting


def _in_margin(edges: Sequence[_Edge], layout: PageLayout, running: Collection[int]) -> set[int]:
    """Lines in the paper's margin, not centred, clear of everything nearer the middle."""
    found: set[int] = set()
    for edge in edges:
        box = _ink(edge.line)
        if edge.height > MARGIN_ZONE * layout.height or parse_label(edge.line.text) is not None:
            continue
        if abs((box[0] + box[2]) / 2 - layout.width / 2) < _CENTRED * layout.width:
            continue
        others = [_ink(line) for at, line in enumerate(layout.lines) if at not in running]
        inner = [*(other for other in others if not _overlap(other, box)), *layout.boxes]
        clear = MARGIN_CLEAR * edge.line.size
        if inner and all(
            b[3] <= box[1] - clear if edge.foot else b[1] >= box[3] + clear for b in inner
        ):
            found.add(edge.at)
    return found


def _overlap(a: Box, b: Box) -> bool:
    """Whether two lines stand beside each other, at about one height."""
    return a[1] < b[3] and b[1] < a[3]


def _bare_numbers(edges: Sequence[_Edge], layout: PageLayout, running: Collection[int]) -> set[int]:
    """Page numbers on their own at the edge of the page, clear of the text."""
    found: set[int] = set()
    for edge in edges:
        if edge.height > NUMBER_ZONE * layout.height or not is_page_number(edge.line.text):
            continue
        lines = enumerate(layout.lines)
        others = [_ink(line) for at, line in lines if at != edge.at and at not in running]
        others += layout.boxes
        clear = CLEAR * edge.line.size
        top, bottom = _top(edge.line), _foot(edge.line)
        if all(box[3] <= top - clear if edge.foot else box[1] >= bottom + clear for box in others):
            found.add(edge.at)
    return found
